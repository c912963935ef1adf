// Package instance keeps several Deskwatch processes on one data folder out of each other's
// way: one holds the watch lock that runs schedules and sends mail, one at a time trains a model,
// and a second desktop start raises the window of the first.
package instance

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"deskwatch/core"

	"github.com/gofrs/flock"
)

// Lock is the watch lock of a data folder. The system releases it when the process ends, however
// it ends.
type Lock struct {
	file   *flock.Flock
	holder string // path of the note that says who holds it
}

// TryLock takes the watch lock of the data folder dir. When another process has it, ok is false
// and holder says in words who: "deskwatchd (process 4711)".
func TryLock(dir string) (lock *Lock, ok bool, holder string, err error) {
	l := &Lock{file: flock.New(filepath.Join(dir, "watch.lock")), holder: filepath.Join(dir, "watch.holder")}
	ok, err = l.file.TryLock()
	if err != nil {
		return nil, false, "", core.NewError(core.CodeDenied, "instance.lock", fmt.Sprintf(
			"The watch lock in %s cannot be taken. Check that you may write there; schedules do not run and no mail is sent.", dir), err)
	}
	if !ok {
		return nil, false, readHolder(l.holder), nil
	}
	// A file of its own: on Windows a locked file cannot be read by others.
	note := fmt.Sprintf("%s (process %d)", filepath.Base(os.Args[0]), os.Getpid())
	if err := os.WriteFile(l.holder, []byte(note), 0o600); err != nil {
		l.file.Unlock()
		return nil, false, "", core.NewError(core.CodeDenied, "instance.lock", fmt.Sprintf(
			"The data folder %s cannot be written to. Check its rights and the free space; schedules do not run and no mail is sent.", dir), err)
	}
	return l, true, "", nil
}

// Unlock gives the lock back. It may be called several times.
func (l *Lock) Unlock() error {
	if !l.file.Locked() {
		return nil
	}
	removed := os.Remove(l.holder)
	if err := l.file.Unlock(); err != nil {
		return core.NewError(core.CodeInternal, "instance.unlock", "The watch lock could not be given back. It ends with this process.", err)
	}
	if removed != nil && !os.IsNotExist(removed) {
		return core.NewError(core.CodeDenied, "instance.unlock", "The note of who holds the watch lock could not be removed. The lock itself is free.", removed)
	}
	return nil
}

// readHolder reads the note, which for a moment after the lock was taken is missing.
func readHolder(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return "another process"
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 200))
	note := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, string(text)))
	if err != nil || note == "" {
		return "another process"
	}
	return note
}
