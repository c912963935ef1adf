package auth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
)

func TestRequestsAreAnsweredFromMemory(t *testing.T) {
	d := newDesk(t)
	u := d.add("Anna", core.RoleLead)
	_, signed := d.issue("Anna")
	text, _ := d.token(u, time.Time{}, core.ScopeRead)
	d.check(d.bearer(text))
	before := d.users.asked.Load()
	for range 1000 {
		d.check(d.bearer(signed))
		d.check(d.bearer(text))
	}
	if got := d.users.asked.Load() - before; got != 0 {
		t.Fatalf("the users were asked %d times", got)
	}
	for range 10 {
		d.pass(100 * time.Millisecond)
		d.check(d.bearer(signed))
	}
	if got := d.users.asked.Load() - before; got != 2 {
		t.Fatalf("in a second the users were asked %d times", got)
	}
}

func TestNobodyIsKnownWhileTheUsersCannotBeRead(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	down := core.NewError(core.CodeUnavailable, "store", "The disk does not answer.", nil)
	d.users.revision = func() error { return down }
	d.pass(400 * time.Millisecond)
	d.check(d.bearer(token))
	d.pass(time.Second)
	d.refused(d.bearer(token), core.CodeUnavailable)
	d.refused(d.signIn("Anna", right, home), core.CodeUnavailable)
	d.users.revision = nil
	d.check(d.bearer(token))
}

func TestOthersGoOnWhileOneLooksForChanges(t *testing.T) {
	d := newDesk(t)
	d.add("Anna", core.RoleLead)
	_, token := d.issue("Anna")
	looking, answer := make(chan struct{}), make(chan struct{})
	d.users.revision = func() error { close(looking); <-answer; return nil }
	d.pass(600 * time.Millisecond)
	slow := make(chan error)
	go func() { slow <- d.bearer(token) }()
	<-looking
	d.check(d.bearer(token))
	d.pass(time.Second) // now it is too old for anybody
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := d.Bearer(ctx, token, home); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("answered from what is old: %v", err)
	}
	d.users.revision = nil
	close(answer)
	d.check(<-slow)
}

func TestTheKeyIsAskedForOnce(t *testing.T) {
	d := newDesk(t)
	asked := 0
	fails := core.NewError(core.CodeUnavailable, "vault", "The vault does not answer.", nil)
	s := auth.New(auth.Options{Users: d.users, Now: func() time.Time { return noon }, Key: func(context.Context) (core.Secret, error) {
		if asked++; asked == 1 {
			return core.Secret{}, fails
		}
		return auth.NewKey(), nil
	}})
	d.add("Anna", core.RoleLead)
	a, err := s.Basic(t.Context(), "Anna", core.NewSecret(right), home)
	d.check(err)
	if _, err := s.Issue(t.Context(), a); !errors.Is(err, fails) {
		t.Fatalf("got %v", err)
	}
	for range 3 {
		_, err := s.Issue(t.Context(), a)
		d.check(err)
	}
	if asked != 2 {
		t.Fatalf("asked %d times", asked)
	}
	short := auth.New(auth.Options{Users: d.users, Now: func() time.Time { return noon }, Key: func(context.Context) (core.Secret, error) {
		return core.NewSecret("c2hvcnQ="), nil
	}})
	if _, err := short.Issue(t.Context(), a); core.ErrorCode(err) != core.CodeInternal {
		t.Fatalf("signed with a short key: %v", err)
	}
}

func TestAUserIsKnownWhileActive(t *testing.T) {
	d := newDesk(t)
	u := d.add("Anna", core.RoleLead)
	a, err := d.User(t.Context(), u.ID)
	d.check(err)
	if a.ID != u.ID || a.Role != core.RoleLead {
		t.Fatalf("got %+v", a)
	}
	if _, err := d.User(t.Context(), u.ID+1); core.ErrorCode(err) != core.CodeSignIn {
		t.Fatalf("got %v", err)
	}
	if _, err := d.Issue(t.Context(), core.FolderOwner()); core.ErrorCode(err) != core.CodeSignIn {
		t.Fatalf("a token for nobody: %v", err)
	}
}
