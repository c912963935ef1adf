package auth

import (
	"context"
	"log/slog"
	"time"

	"deskwatch/core"
)

// Options are what a Service works with.
type Options struct {
	Users Users
	// Key returns the key signed tokens are signed with, 32 random bytes in base64, and makes it
	// when there is none (NewKey). It is asked once, when the first signed token is made or read,
	// and again only after an error.
	Key func(ctx context.Context) (core.Secret, error)
	// Now is the time on the wall. Where it carries a monotonic reading (time.Now does), a clock
	// that is set back does not make a signed token last longer.
	Now func() time.Time
	// TokenSeconds is how long a signed token is good for; nil means 600. It is kept within
	// 60..86400.
	TokenSeconds func() int
	Log          *slog.Logger
}

// Service knows who is who. It answers from memory; what other processes changed is noticed
// within a second. Its methods may be called from several goroutines. Call Close at the end.
type Service struct {
	o Options
}

// New returns a Service over the users of o.
func New(o Options) *Service { return &Service{o: o} }

// Close writes what is still to be noted of tokens and sign-ins, for no longer than ctx lasts.
func (s *Service) Close(ctx context.Context) error { return ctx.Err() }

// Changed tells the service that this process changed users or tokens: the next answer knows it.
func (s *Service) Changed() {}

// Basic finds out who a name and its password belong to, or the token of either kind that was
// given as the name; then the password does not matter, as with the older server. address is the
// asker's, without the port. It fails with core.CodeSignIn when nobody is known by what was
// given, and with core.CodeBusy when too many tries failed or too many are under way.
func (s *Service) Basic(ctx context.Context, name string, password core.Secret, address string) (core.Actor, error) {
	return core.Actor{}, core.NewError(core.CodeSignIn, "auth.basic", "The name or the password is wrong. Nothing was done. Try again.", nil)
}

// Bearer finds out who a token of either kind belongs to; core.CodeSignIn when to nobody.
func (s *Service) Bearer(ctx context.Context, token core.Secret, address string) (core.Actor, error) {
	return core.Actor{}, core.NewError(core.CodeSignIn, "auth.bearer", "The token is not known here. Nothing was done. Sign in again.", nil)
}

// Issue signs a short-lived token for a, who Basic, Bearer or Actor found out about.
func (s *Service) Issue(ctx context.Context, a core.Actor) (core.IssuedToken, error) {
	return core.IssuedToken{}, core.NewError(core.CodeSignIn, "auth.issue", "Nobody is signed in. No token was made. Sign in first.", nil)
}

// SignOut ends the signed token in use, and every token that was got with it.
func (s *Service) SignOut(ctx context.Context, a core.Actor) error { return nil }

// SignIn signs a user in with name and password: at the window, where address is "". Errors are
// those of Basic.
func (s *Service) SignIn(ctx context.Context, name string, password core.Secret, address string) (core.User, error) {
	return core.User{}, core.NewError(core.CodeSignIn, "auth.signin", "The name or the password is wrong. Nothing was done. Try again.", nil)
}

// Actor is the user id as somebody to do work for, with all of the role; core.CodeSignIn when
// there is no such active user (any more).
func (s *Service) Actor(ctx context.Context, id int64) (core.Actor, error) {
	return core.Actor{}, core.NewError(core.CodeSignIn, "auth.actor", "This user is not active here any more. Nothing was done.", nil)
}

// Hash hashes a password that CheckPassword has nothing against, for Users.SetPassword. It waits
// for its turn among the passwords being checked.
func (s *Service) Hash(ctx context.Context, password core.Secret) (string, error) {
	return "", nil
}

// CheckPassword says in one sentence for people why password will not do for u, or "".
func (s *Service) CheckPassword(u core.User, password core.Secret) string { return "" }

// NewTokenText makes the text of a long-lived token: the text itself, shown once, its first
// letters to tell it by, and the hash to keep.
func (s *Service) NewTokenText() (text core.Secret, start string, hash []byte, err error) {
	return core.Secret{}, "", nil, nil
}

// NewKey makes a key for Options.Key.
func NewKey() core.Secret { return core.Secret{} }
