// Package users is the Users tab: who may use this desk, who is told of tickets, and the tokens
// of programs.
package users

import (
	"context"
	"time"

	"deskwatch/core"
)

// Desk is what this tab needs of the core. Methods with a ctx block and are never called on the
// UI goroutine.
type Desk interface {
	// Users lists the users by name, the disabled ones too.
	Users(ctx context.Context) ([]core.User, error)
	// SaveUser adds a user when the ID is 0, and replaces the one with it otherwise. A nil password
	// leaves the stored one as it is; a zero one takes it away.
	SaveUser(ctx context.Context, u core.User, password *core.Secret) (core.User, error)
	// DeleteUser forgets a user and their tokens; what they were told stays.
	DeleteUser(ctx context.Context, id int64) error
	// CheckUser says what is wrong with a user and a password as typed, by field ("name", "email",
	// "products", "owners", "quiet", "password", …); it only computes. An empty password is not
	// checked.
	CheckUser(u core.User, password core.Secret) []core.SettingProblem

	// Tokens lists the long-lived tokens of all users, newest first, the revoked ones too.
	Tokens(ctx context.Context) ([]core.Token, error)
	// CreateToken makes one; its text is in no other answer ever again.
	CreateToken(ctx context.Context, t core.NewToken) (core.Token, core.Secret, error)
	RevokeToken(ctx context.Context, id int64) error

	// Seat says who sits here, and what they may do.
	Seat() core.Seat
	Settings() core.Settings
	Subscribe(buffer int) (events <-chan core.Event, cancel func())
	Now() time.Time
}
