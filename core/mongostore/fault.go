package mongostore

import (
	"errors"

	"deskwatch/core"
)

// fault turns err into the *core.Error that leaves this package; one that already is a
// *core.Error, and nil, stay as they are. kept is a sentence about what became of the work
// ("Nothing of this import was kept."); "" says that nothing was changed.
func (b *Book) fault(op, kept string, err error) error {
	var already *core.Error
	if err == nil || errors.As(err, &already) {
		return err
	}
	if kept == "" {
		kept = "Nothing was changed."
	}
	return core.NewError(core.CodeInternal, op, "The order database could not do what was asked. "+kept, err)
}
