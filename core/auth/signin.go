package auth

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"deskwatch/core"
)

// mostTyped is how many bytes of a password are looked at: in NFC it may be shorter.
const mostTyped = 16 * mostCharacters

func wrong(op string) error {
	return core.NewError(core.CodeSignIn, op, "The name or the password is wrong. Nothing was done. Try again, or ask an admin of this desk for a new password.", nil)
}

// verify finds the active user with this name and password. Whether there is one by the name
// shows neither in what it answers nor in how long that takes.
func (s *Service) verify(ctx context.Context, op, name string, secret core.Secret, address string) (*Credential, error) {
	k, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	name = nameKey(name)
	if name == "" || secret.IsZero() {
		return nil, wrong(op)
	}
	c, password := k.names[name], secret.Reveal()
	if len(password) > mostTyped { // nobody's, and costs no less to be told so
		c, password = nil, password[:mostTyped]
	}
	password = normal(password)
	from := at(name, address)
	trusted, err := s.slowed(op, from)
	if err != nil {
		return nil, s.hasher.refuse(ctx, err)
	}
	if s.remembered(c, password, from) {
		return c, nil
	}
	if err := s.hasher.enter(ctx, op, trusted); err != nil {
		return nil, s.hasher.refuse(ctx, err)
	}
	began := s.clock.elapsed()
	defer func() { s.hasher.leave(s.clock.elapsed() - began) }()
	// Again, for others may have failed, or the same one succeeded, while this one waited.
	if _, err := s.slowed(op, from); err != nil {
		return nil, err
	}
	if s.remembered(c, password, from) {
		return c, nil
	}
	return s.compare(ctx, op, c, password, from)
}

// slowed fails while too many tries failed.
func (s *Service) slowed(op string, from place) (trusted bool, err error) {
	wait, trusted := s.attempts.wait(from, s.clock.now())
	if wait <= 0 {
		return trusted, nil
	}
	wait = (wait + time.Second - 1).Truncate(time.Second)
	return trusted, busy(op, fmt.Sprintf("Signing in failed too often. Nothing was done. Try again in %s.", spoken(wait)), wait)
}

func spoken(d time.Duration) string {
	switch s := int(d / time.Second); {
	case s == 1:
		return "a second"
	case s <= 90:
		return fmt.Sprintf("%d seconds", s)
	default:
		return fmt.Sprintf("%d minutes", (s+59)/60)
	}
}

// remembered reports whether the password was right a moment ago, which makes it a success as any.
func (s *Service) remembered(c *Credential, password string, from place) bool {
	now := s.clock.now()
	if c == nil || !c.User.Active || c.Hash == "" || !s.verified.has(c, password, now) {
		return false
	}
	s.attempts.succeeded(from, now)
	return true
}

// compare hashes the password, in its turn; c is nil for a name nobody has.
func (s *Service) compare(ctx context.Context, op string, c *Credential, password string, from place) (*Credential, error) {
	stored := ""
	if c != nil {
		stored = c.Hash
	}
	right, old, err := s.hasher.check(stored, password)
	if err != nil {
		s.o.Log.Warn("a stored password cannot be read; set it anew", slog.Int64("user", c.User.ID), slog.Any("error", err))
	}
	if !right || !c.User.Active {
		s.attempts.failed(from, s.clock.now())
		s.o.Log.Warn("a sign-in failed", slog.Bool("name known", c != nil), slog.String("address", from.address))
		return nil, wrong(op)
	}
	// What was compared may have been replaced while it was hashed.
	k, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	now, ok := k.signer(c.User.ID)
	if !ok || now.Generation != c.Generation {
		return nil, wrong(op)
	}
	s.attempts.succeeded(from, s.clock.now())
	if old {
		s.rehash(ctx, c, password)
	}
	s.verified.add(c, password, s.clock.now())
	wall := s.o.Now()
	s.notes.add(func(n *notes) { n.signed[c.User.ID] = wall })
	return now, nil
}

// rehash stores the password at today's cost. It need not succeed: the old hash stays good.
func (s *Service) rehash(ctx context.Context, c *Credential, password string) {
	if err := s.o.Users.Rehash(ctx, c.User.ID, c.Hash, s.hasher.cost.make(password).String()); err != nil {
		s.o.Log.Warn("could not store a password at today's cost", slog.Int64("user", c.User.ID), slog.Any("error", err))
		return
	}
	s.Changed()
}

// Hash hashes a password that CheckPassword has nothing against, for Users.SetPassword. It waits
// for its turn among the passwords being checked, and fails with ctx only.
func (s *Service) Hash(ctx context.Context, password core.Secret) (string, error) {
	if password.IsZero() {
		return "", core.NewError(core.CodeInvalid, "auth.hash", "There is no password. Nothing was changed. Type one.", nil)
	}
	if err := s.hasher.wait(ctx); err != nil {
		return "", err
	}
	defer s.hasher.leave(0)
	return s.hasher.cost.make(normal(password.Reveal())).String(), nil
}
