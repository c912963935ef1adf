package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	gosqlite "github.com/glebarez/go-sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"deskwatch/core"
)

// resultCode is SQLite's primary result code of err, 0 when it is none of SQLite's.
func resultCode(err error) int {
	var e interface{ Code() int }
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// Both the driver's errors and our own of the bulk connection tell their code that way.
var _ interface{ Code() int } = (*gosqlite.Error)(nil)

func isBusy(err error) bool {
	c := resultCode(err)
	return c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_LOCKED
}

func isFull(err error) bool {
	return resultCode(err) == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC)
}

func isCanceled(err error) bool {
	return errors.Is(err, context.Canceled) || resultCode(err) == sqlite3.SQLITE_INTERRUPT
}

// fault turns err into the *core.Error that leaves this package; one that already is a
// *core.Error, and nil, stay as they are. kept is a sentence about what became of the
// work ("Nothing of this import was kept."); "" says that nothing was changed.
func fault(op, kept string, err error) error {
	var already *core.Error
	if err == nil || errors.As(err, &already) {
		return err
	}
	if kept == "" {
		kept = "Nothing was changed."
	}
	code, message := core.CodeInternal, "The database could not do what was asked. "+kept+" The log has the details."
	switch c := resultCode(err); {
	case strings.HasSuffix(err.Error(), "sql: database is closed"): // database/sql does not export it
		code, message = core.CodeUnavailable, "Deskwatch is closing. "+kept
	case errors.Is(err, context.DeadlineExceeded):
		code, message = core.CodeUnavailable, "It took too long and was stopped. "+kept+" Try again later."
	case isCanceled(err):
		code, message = core.CodeCanceled, "Stopped as you asked. "+kept
	case isFull(err):
		code, message = core.CodeUnavailable, "The disk is full. "+kept+" Free some space and try again."
	case isBusy(err):
		code, message = core.CodeConflict, "An import or another Deskwatch is writing to the same data right now. "+kept+" Try again when it is done."
	case c == sqlite3.SQLITE_READONLY || c == sqlite3.SQLITE_PERM || c == sqlite3.SQLITE_CANTOPEN || errors.Is(err, fs.ErrPermission):
		code, message = core.CodeDenied, "The data folder cannot be written to. "+kept+" Check its permissions."
	case c == sqlite3.SQLITE_CORRUPT || c == sqlite3.SQLITE_NOTADB:
		code, message = core.CodeInvalid, "The database file is damaged. "+kept+" Restore it from a backup."
	case c == sqlite3.SQLITE_IOERR:
		code, message = core.CodeUnavailable, "The disk reports an error. "+kept+" Check the disk, then try again."
	}
	return core.NewError(code, op, message, err)
}

// openFault is fault for opening a file: it names the file.
func openFault(ctx context.Context, path string, kind Kind, err error) error {
	const op = "store.open"
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	switch resultCode(err) {
	case sqlite3.SQLITE_NOTADB:
		return core.NewError(core.CodeInvalid, op, fmt.Sprintf("%s is not a Deskwatch file. It was left as it is; move it away or choose another data folder.", path), err)
	case sqlite3.SQLITE_CORRUPT:
		return core.NewError(core.CodeInvalid, op, fmt.Sprintf("%s is damaged and was left as it is. Restore it from a backup, or move it away to begin with empty %s.", path, emptyWords(kind)), err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return core.NewError(core.CodeDenied, op, fmt.Sprintf("%s cannot be opened for writing. Check the permissions of %s, or choose another data folder.", path, filepath.Dir(path)), err)
	}
	return fault(op, "Nothing was changed in "+path+".", err)
}

func emptyWords(kind Kind) string {
	switch kind {
	case KindBook:
		return "orders"
	case KindPool:
		return "tickets"
	}
	return "settings and an empty outbox"
}
