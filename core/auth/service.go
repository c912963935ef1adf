package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"

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
	Log          *slog.Logger // nil logs nothing
}

// Service knows who is who. It answers from memory; what other processes changed is noticed
// within a second. Its methods may be called from several goroutines. Call Close at the end.
type Service struct {
	o     Options
	clock *clock

	view    atomic.Pointer[view]
	changes atomic.Int64
	looking chan struct{} // held by the one who reads users anew

	signKey atomic.Pointer[[]byte]
	asking  chan struct{} // held by the one who asks for the key
	parser  *jwt.Parser
	seen    *lru.Cache[[sha256.Size]byte, *claims] // signed tokens that were read

	hasher   *hasher
	attempts *attempts
	verified *verified
	notes    *notes
}

// New returns a Service over the users of o. It reads nothing yet.
func New(o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		o: o, clock: newClock(o.Now), looking: make(chan struct{}, 1), asking: make(chan struct{}, 1),
		hasher: newHasher(), attempts: newAttempts(), verified: newVerified(), notes: newNotes(o.Users, o.Log),
	}
	s.parser = s.newParser()
	s.seen = newCache[[sha256.Size]byte, *claims](mostSeen)
	return s
}

// Close writes what is still to be noted of tokens and sign-ins, for no longer than ctx lasts.
func (s *Service) Close(ctx context.Context) error { return s.notes.close(ctx) }

// Basic finds out who a name and its password belong to, or the token of either kind that was
// given as the name; then the password does not matter, as with the older server. address is the
// asker's, without the port. It fails with core.CodeSignIn when nobody is known by what was
// given, and with core.CodeBusy when too many tries failed or too many are under way.
func (s *Service) Basic(ctx context.Context, name string, password core.Secret, address string) (core.Actor, error) {
	if isToken(name) {
		return s.token(ctx, "auth.basic", name)
	}
	c, err := s.verify(ctx, "auth.basic", name, password, address)
	if err != nil {
		return core.Actor{}, err
	}
	return session{started: s.clock.now().Unix(), generation: c.Generation}.actor(c.User, nil), nil
}

// Bearer finds out who a token of either kind belongs to; core.CodeSignIn when to nobody. There
// is nothing to slow: no token can be guessed.
func (s *Service) Bearer(ctx context.Context, token core.Secret, _ string) (core.Actor, error) {
	return s.token(ctx, "auth.bearer", token.Reveal())
}

// SignIn signs a user in with name and password: at the window, where address is "". Errors are
// those of Basic.
func (s *Service) SignIn(ctx context.Context, name string, password core.Secret, address string) (core.User, error) {
	c, err := s.verify(ctx, "auth.sign in", name, password, address)
	if err != nil {
		return core.User{}, err
	}
	return c.User, nil
}

// User is the active user with this id; core.CodeSignIn when there is none (any more).
func (s *Service) User(ctx context.Context, id int64) (core.User, error) {
	k, err := s.current(ctx)
	if err != nil {
		return core.User{}, err
	}
	c, ok := k.signer(id)
	if !ok {
		return core.User{}, core.NewError(core.CodeSignIn, "auth.user", "This user cannot sign in here any more. Nothing was done. Ask an admin of this desk.", nil)
	}
	return c.User, nil
}
