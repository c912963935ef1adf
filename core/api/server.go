// Package api owns the REST server: the routes of the older ticket-pool server and those of
// /api/v1, their description as OpenAPI, the one shape of errors, and how the server listens, is
// kept from being overrun, and stops. It decides nothing: who asks is found out by Guard, what
// they may do and what happens is Desk's.
package api

import (
	"context"

	"deskwatch/core"
)

// Guard finds out who asks. Errors are *core.Error: core.CodeSignIn when nobody is known by what
// was given, core.CodeBusy when too many tries failed.
type Guard interface {
	// Basic takes a name and its password, or a token of either kind as the name and anything as
	// the password, as the older server did. address is the asker's, without the port.
	Basic(ctx context.Context, name string, password core.Secret, address string) (core.Actor, error)
	// Bearer takes a token of either kind.
	Bearer(ctx context.Context, token core.Secret, address string) (core.Actor, error)
	// Issue signs a short-lived token for who asks.
	Issue(ctx context.Context, a core.Actor) (core.IssuedToken, error)
	// SignOut ends the signed token in use.
	SignOut(ctx context.Context, a core.Actor) error
}
