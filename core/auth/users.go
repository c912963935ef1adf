// Package auth owns who is who: how passwords are hashed and which are accepted, signing in with
// failures that are slowed, short-lived signed tokens and long-lived ones that are kept as a
// hash. It declares Users, the place users and tokens are kept in. What a role may do says
// core.Role.May.
package auth

import (
	"context"
	"time"

	"deskwatch/core"
)

// Credential is what signing a user in needs of them.
type Credential struct {
	User core.User
	Hash string // of the password, in the PHC string format; "" they have none
	// Generation grows when everything signed before has to end: a new password, a new role, or
	// being disabled. A signed token names the one it was made in.
	Generation int64
}

// KeptToken is a long-lived token as it is kept.
type KeptToken struct {
	core.Token
	Hash []byte // SHA-256 of its text
}

// Users keeps users, their passwords' hashes and their tokens. Errors are *core.Error. Names are
// compared without case and outer blanks. Methods may be called from several goroutines and
// processes.
//
// A change that would leave no active admin with a password, where there was one, fails with
// core.CodeConflict and changes nothing.
type Users interface {
	// Revision grows with every change of a user or token and with EndSession, by any process, but
	// not with LastSignIn and LastUsed. It is quick: it may be asked several times a second.
	Revision(ctx context.Context) (int64, error)
	// Credentials lists every user with what signing in needs, by name.
	Credentials(ctx context.Context) ([]Credential, error)

	// SaveUser adds a user without a password when the ID is 0, else replaces all of it but the
	// password, Created and LastSignIn, and returns it as kept. core.CodeConflict when another one
	// has the name. A changed role and Active set to false raise the generation.
	SaveUser(ctx context.Context, u core.User) (core.User, error)
	// DeleteUser forgets a user and their tokens.
	DeleteUser(ctx context.Context, id int64) error
	// SetPassword replaces the hash, "" takes the password away, and raises the generation.
	SetPassword(ctx context.Context, id int64, hash string) error
	// Rehash replaces the hash when it still is the old one, and raises nothing: the password is
	// the same.
	Rehash(ctx context.Context, id int64, old, hash string) error
	// SignedIn notes when a user last signed in.
	SignedIn(ctx context.Context, id int64, at time.Time) error
	// AddFirstAdmin adds an admin with a password while no user has one; else core.CodeConflict.
	AddFirstAdmin(ctx context.Context, u core.User, hash string) (core.User, error)

	// Tokens lists the tokens of all users, revoked and expired ones too, newest first.
	Tokens(ctx context.Context) ([]KeptToken, error)
	AddToken(ctx context.Context, t KeptToken) (core.Token, error)
	RevokeToken(ctx context.Context, id int64, at time.Time) error
	TokenUsed(ctx context.Context, id int64, at time.Time) error

	// EndSession remembers until it expires that a signed token was signed out; EndedSessions
	// lists those that expire after now, and forgets the others.
	EndSession(ctx context.Context, session string, expires time.Time) error
	EndedSessions(ctx context.Context, now time.Time) (map[string]time.Time, error)
}
