package core

import (
	"context"
	"errors"
	"time"
)

// Code says to a program what kind of failure an Error is.
type Code string

// The codes an Error carries. Each edge (command line, window, REST) maps them once.
const (
	CodeInvalid     Code = "invalid"     // what was given cannot be used as it is
	CodeNotFound    Code = "not_found"   // what was asked for does not exist
	CodeConflict    Code = "conflict"    // it clashes with what is there or with what is running
	CodeUnavailable Code = "unavailable" // something needed does not answer now; trying later may help
	CodeDenied      Code = "denied"      // the machine or a server refuses access
	CodeNewer       Code = "newer"       // the data was written by a newer program
	CodeAmbiguous   Code = "ambiguous"   // a person has to choose between readings
	CodeCanceled    Code = "canceled"    // the user stopped it
	CodeInternal    Code = "internal"    // a fault of the program itself
	CodeSignIn      Code = "sign_in"     // nobody is known by what was given, or nothing was given
	CodeForbidden   Code = "forbidden"   // who asks is known, and may not do this
	CodeBusy        Code = "busy"        // too much at once: later, see Error.RetryAfter
	CodeTooLarge    Code = "too_large"   // what was given is larger than may be
)

// Error is the one error type that crosses a package's edge. Code is for
// machines, Message is a whole sentence for people (what happened, what was kept,
// what to do), Err is the cause and goes to the log only.
type Error struct {
	Code    Code
	Op      string // the operation in the code's words, such as "store.open"
	Message string
	Err     error
	// RetryAfter is how long to wait before trying again, with CodeBusy; 0 for no idea.
	RetryAfter time.Duration
}

// NewError builds an Error. cause may be nil.
func NewError(code Code, op, message string, cause error) *Error {
	return &Error{Code: code, Op: op, Message: message, Err: cause}
}

// Error returns the operation, the sentence and the cause, as the log wants them.
func (e *Error) Error() string {
	s := e.Message
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Err != nil {
		s += " (" + e.Err.Error() + ")"
	}
	return s
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// ErrorCode returns the code of the outermost Error in err's chain,
// CodeCanceled for a cancelled context, CodeUnavailable for a passed deadline,
// CodeInternal for any other error and "" for nil.
func ErrorCode(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.Canceled):
		return CodeCanceled
	case errors.Is(err, context.DeadlineExceeded):
		return CodeUnavailable
	}
	return CodeInternal
}

// ErrorMessage returns the sentence to show a person for err, never a cause's own text.
func ErrorMessage(err error) string {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e) && e.Message != "":
		return e.Message
	case errors.Is(err, context.Canceled):
		return "Stopped as you asked. Nothing was changed."
	case errors.Is(err, context.DeadlineExceeded):
		return "It took too long and was stopped. Try again later."
	}
	return "Something went wrong inside Deskwatch. The log has the details; nothing was changed."
}

// ErrorMessageOr returns the sentence of an Error in err's chain, or err's own text: for
// errors made where the text is already meant for the person, such as a command line's.
func ErrorMessageOr(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}
