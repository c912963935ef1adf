package mongostore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"deskwatch/core"
)

// fault turns err into the *core.Error that leaves this package; one that already is a
// *core.Error, and nil, stay as they are. kept is a sentence about what became of the work
// ("Nothing of this import was kept."); "" says that nothing was changed. No error of the
// chain shows the password.
func (b *Book) fault(op, kept string, err error) error {
	var already *core.Error
	if err == nil || errors.As(err, &already) {
		return err
	}
	if kept == "" {
		kept = "Nothing was changed."
	}
	e := b.explain(err)
	message := e.what + " " + kept
	if e.do != "" {
		message += " " + e.do
	}
	return core.NewError(e.code, op, message, b.link.clean(err))
}

// explained is what happened and what to do, as whole sentences around what was kept.
type explained struct {
	code     core.Code
	what, do string
}

// What to do in more than one case.
const (
	doAddress = "Check the connection string in Settings, Order book."
	doLater   = "Try again later."
)

// explain finds the words for err. The order matters: a server's own answer says more than
// that a connection broke, and a broken connection more than that time passed.
func (b *Book) explain(err error) explained {
	where := b.link.where()
	var selection topology.ServerSelectionError
	var sign *auth.Error
	var connection topology.ConnectionError
	switch {
	case errors.Is(err, mongo.ErrClientDisconnected), b.link != nil && b.link.closed.Load():
		return explained{core.CodeUnavailable, "Deskwatch is closing.", ""}
	case errors.Is(err, context.Canceled):
		return explained{core.CodeCanceled, "Stopped as you asked.", ""}
	}
	if e, known := b.answered(err); known {
		return e
	}
	switch {
	case strings.Contains(err.Error(), "reports wire version"): // the driver has no type for it
		return explained{core.CodeInvalid, where + " is too old.", "Deskwatch needs MongoDB 6.0 or newer."}
	case errors.As(err, &selection):
		return b.unreachable(selection)
	case errors.As(err, &sign) && !lost(err) && !mongo.IsTimeout(err):
		return b.wrongPassword()
	case errors.Is(err, driver.ErrDocumentTooLarge):
		return tooLarge()
	case errors.As(err, &connection) && isConnecting(err):
		return b.met(connection.ConnectionID, err)
	case mongo.IsTimeout(err):
		return explained{core.CodeUnavailable, where + " did not answer in time, so the question was given up.", "Try again later, or raise the time limit in Settings, Order book."}
	case lost(err):
		return explained{core.CodeUnavailable, "The connection to " + where + " was lost half-way.", "Try again when the server is back."}
	}
	return explained{core.CodeInternal, "The order database could not do what was asked.", "The log has the details."}
}

func (b *Book) wrongPassword() explained {
	source := "admin"
	if b.link != nil && b.link.authSource != "" {
		source = b.link.authSource
	}
	return explained{core.CodeDenied, "The server does not accept this user or password.",
		fmt.Sprintf("Check both in Settings, Order book, and that the user is one of the database %q (authSource in the connection string).", source)}
}

func tooLarge() explained {
	return explained{core.CodeInvalid, "One order, with all its lines, is larger than the 16 MB MongoDB takes.", "Split it, or leave out the column of line ids."}
}

// lost reports whether the connection broke under a question.
func lost(err error) bool {
	if mongo.IsNetworkError(err) {
		return true
	}
	for _, is := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, is) {
			return true
		}
	}
	// The driver closes a server's other connections when one broke, and calls that retryable.
	var pool driver.RetryablePoolError
	return errors.As(err, &pool) && pool.Retryable()
}
