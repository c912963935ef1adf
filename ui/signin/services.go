// Package signin is what the window shows instead of its tabs: the first start's question for an
// admin, and the sign-in of a desk that is locked.
package signin

import (
	"context"
	"time"

	"deskwatch/core"
)

// Desk is what signing in needs of the core. Methods with a ctx block and are never called on the
// UI goroutine.
type Desk interface {
	Seat() core.Seat
	// CreateFirstAdmin makes the first user who can sign in, and signs them in here.
	CreateFirstAdmin(ctx context.Context, u core.User, password core.Secret) error
	// PutOffFirstAdmin stops the first start's question; the Users tab asks when it is needed.
	PutOffFirstAdmin(ctx context.Context) error
	SignIn(ctx context.Context, name string, password core.Secret) error
	// SignOut ends the sign-in of this workstation; Lock keeps it for the same user to come back.
	SignOut(ctx context.Context) error
	Lock(ctx context.Context) error
	// ChangePassword gives whoever is signed in here another password, when the old one is right.
	ChangePassword(ctx context.Context, old, new core.Secret) error
	// CheckUser says what is wrong with a user and a password as typed, by field.
	CheckUser(u core.User, password core.Secret) []core.SettingProblem
	Now() time.Time
}
