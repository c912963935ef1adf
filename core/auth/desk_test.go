package auth_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
	"deskwatch/core/coretest"
)

const (
	right = "three unlikely otters"
	home  = "192.0.2.7"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// watched is an auth.Users in memory that counts how often it is asked, and fails or waits when told.
type watched struct {
	*coretest.MemoryUsers
	asked     atomic.Int64
	used      atomic.Int64
	revision  func() error
	tokenUsed func(ctx context.Context) error
}

func (w *watched) Revision(ctx context.Context) (int64, error) {
	w.asked.Add(1)
	if w.revision != nil {
		if err := w.revision(); err != nil {
			return 0, err
		}
	}
	return w.MemoryUsers.Revision(ctx)
}

func (w *watched) TokenUsed(ctx context.Context, id int64, at time.Time) error {
	w.used.Add(1)
	if w.tokenUsed != nil {
		if err := w.tokenUsed(ctx); err != nil {
			return err
		}
	}
	return w.MemoryUsers.TokenUsed(ctx, id, at)
}

// desk is a service over users in memory, whose hashes are cheap, with a clock that the test moves.
type desk struct {
	*auth.Service
	t       testing.TB
	users   *watched
	key     core.Secret
	seconds int

	mu            sync.Mutex
	wall, elapsed time.Duration
}

func newDesk(t testing.TB) *desk { return newDeskOver(t, new(coretest.MemoryUsers), auth.NewKey(), 0) }

// newDeskOver is another process over the same users, started so long after noon.
func newDeskOver(t testing.TB, users *coretest.MemoryUsers, key core.Secret, wall time.Duration) *desk {
	d := &desk{t: t, users: &watched{MemoryUsers: users}, key: key, seconds: 600, wall: wall}
	d.Service = auth.New(auth.Options{
		Users: d.users,
		Key:   d.askKey,
		Now: func() time.Time {
			d.mu.Lock()
			defer d.mu.Unlock()
			return noon.Add(d.wall)
		},
		TokenSeconds: func() int { return d.seconds },
	})
	d.SetElapsed(func() time.Duration {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.elapsed
	})
	d.SetCost(64, 1)
	d.RefuseAfter(0)
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *desk) askKey(context.Context) (core.Secret, error) { return d.key, nil }

// pass lets time go by.
func (d *desk) pass(by time.Duration) { d.move(by, by) }

// move moves the clock on the wall and the one nobody sets.
func (d *desk) move(wall, elapsed time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wall += wall
	d.elapsed += elapsed
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) refused(err error, code core.Code) {
	d.t.Helper()
	if got := core.ErrorCode(err); got != code {
		d.t.Fatalf("want code %q, got %q: %v", code, got, err)
	}
}

// add adds an active user who has the password right.
func (d *desk) add(name string, role core.Role) core.User {
	d.t.Helper()
	u, err := d.users.SaveUser(d.t.Context(), core.User{Person: core.Person{Name: name, Role: role}, Active: true, Created: noon})
	d.check(err)
	d.password(u, right)
	return u
}

func (d *desk) password(u core.User, password string) {
	d.t.Helper()
	hash, err := d.Hash(d.t.Context(), core.NewSecret(password))
	d.check(err)
	d.check(d.users.SetPassword(d.t.Context(), u.ID, hash))
	d.Changed()
}

// token adds a long-lived token of the user.
func (d *desk) token(u core.User, expires time.Time, scopes ...core.Scope) (core.Secret, core.Token) {
	d.t.Helper()
	text, start, hash, err := d.NewTokenText()
	d.check(err)
	t, err := d.users.AddToken(d.t.Context(), auth.KeptToken{
		Token: core.Token{UserID: u.ID, Name: "collector", Start: start, Scopes: scopes, Created: noon, Expires: expires}, Hash: hash,
	})
	d.check(err)
	d.Changed()
	return text, t
}

func (d *desk) signIn(name, password, address string) error {
	_, err := d.SignIn(d.t.Context(), name, core.NewSecret(password), address)
	return err
}

func (d *desk) bearer(token core.Secret) error {
	_, err := d.Bearer(d.t.Context(), token, home)
	return err
}

// issue signs a token for who signs in with the password.
func (d *desk) issue(name string) (core.Actor, core.Secret) {
	d.t.Helper()
	a, err := d.Basic(d.t.Context(), name, core.NewSecret(right), home)
	d.check(err)
	issued, err := d.Issue(d.t.Context(), a)
	d.check(err)
	return a, issued.Token
}
