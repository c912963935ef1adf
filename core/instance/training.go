package instance

import (
	"fmt"
	"path/filepath"

	"deskwatch/core"

	"github.com/gofrs/flock"
)

// TryTraining keeps other processes from training a model on the data folder dir until release is
// called, or this process ends. ok is false when one of them trains.
func TryTraining(dir string) (release func() error, ok bool, err error) {
	lock := flock.New(filepath.Join(dir, "training.lock"))
	ok, err = lock.TryLock()
	if err != nil {
		return nil, false, core.NewError(core.CodeDenied, "instance.training", fmt.Sprintf(
			"Whether another process trains a model cannot be told. Check that you may write to %s. What predicted before goes on.", dir), err)
	}
	if !ok {
		return nil, false, nil
	}
	return func() error {
		if err := lock.Unlock(); err != nil {
			return core.NewError(core.CodeInternal, "instance.training", "The lock of the training could not be given back. It ends with this process.", err)
		}
		return nil
	}, true, nil
}
