package auth_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestANarrowTokenCannotWidenItself(t *testing.T) {
	d := newDesk(t)
	u := d.add("Collector", core.RoleAdmin)
	text, kept := d.token(u, noon.Add(5*time.Minute), core.ScopeUpload)
	a, err := d.Bearer(t.Context(), text, home)
	d.check(err)
	issued, err := d.Issue(t.Context(), a)
	d.check(err)
	if issued.Seconds != 300 {
		t.Errorf("outlives the token it came of: %d seconds", issued.Seconds)
	}
	signed, err := d.Bearer(t.Context(), issued.Token, home)
	d.check(err)
	again, err := d.Issue(t.Context(), signed)
	d.check(err)
	twice, err := d.Bearer(t.Context(), again.Token, home)
	d.check(err)
	for _, a := range []core.Actor{a, signed, twice} {
		if !slices.Equal(a.Scopes, []core.Scope{core.ScopeUpload}) || !a.May(core.PostTickets) || a.May(core.EditUsers) || a.May(core.ReadTickets) {
			t.Fatalf("may more: %+v", a)
		}
	}
	wide := signed
	wide.Scopes = nil
	if _, err := d.Issue(t.Context(), wide); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("lost its scopes and was signed all the same: %v", err)
	}
	d.refused(d.SignOut(t.Context(), a), core.CodeInvalid)

	d.check(d.users.RevokeToken(t.Context(), kept.ID, noon))
	d.Changed()
	for _, text := range []core.Secret{text, issued.Token, again.Token} {
		d.refused(d.bearer(text), core.CodeSignIn)
	}
	if _, err := d.Issue(t.Context(), signed); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("was renewed once revoked: %v", err)
	}
}

func TestALongLivedTokenIsGoodUntilItExpires(t *testing.T) {
	d := newDesk(t)
	u := d.add("Collector", core.RoleCollector)
	month, _ := d.token(u, noon.AddDate(0, 1, 0), core.ScopeUpload)
	ever, _ := d.token(u, time.Time{}, core.ScopeUpload, core.ScopeRead)
	none, _ := d.token(u, time.Time{})
	d.check(d.bearer(month))
	d.check(d.bearer(ever))
	d.refused(d.bearer(none), core.CodeSignIn) // no scopes would be all of the role
	d.password(u, "four unlikely otters")
	a, err := d.Basic(t.Context(), month.Reveal(), core.NewSecret(""), home)
	d.check(err)
	if a.Name != "Collector" || !slices.Equal(a.Scopes, []core.Scope{core.ScopeUpload}) {
		t.Fatalf("got %+v", a)
	}
	d.pass(31 * 24 * time.Hour)
	d.refused(d.bearer(month), core.CodeSignIn)
	d.check(d.bearer(ever))
	for _, text := range []string{"dwt_", ever.Reveal() + "A", strings.ToLower(ever.Reveal()), ever.Reveal()[4:], "dwt_" + strings.Repeat("A", 43)} {
		d.refused(d.bearer(core.NewSecret(text)), core.CodeSignIn)
	}
	u.Active = false
	_, err = d.users.SaveUser(t.Context(), u)
	d.check(err)
	d.Changed()
	d.refused(d.bearer(ever), core.CodeSignIn)
}

func TestATokensTextIsKeptNowhere(t *testing.T) {
	d := newDesk(t)
	text, start, hash, err := d.NewTokenText()
	d.check(err)
	other, _, _, err := d.NewTokenText()
	d.check(err)
	if text.Reveal() == other.Reveal() || !strings.HasPrefix(text.Reveal(), start) || len(start) != 10 || len(text.Reveal()) != 47 || len(hash) != 32 {
		t.Fatalf("got %q, %q, %x", text.Reveal(), start, hash)
	}
}

func TestTheUseOfATokenIsNotedOnceAMinuteAndInNobodysWay(t *testing.T) {
	d := newDesk(t)
	writing := make(chan struct{})
	d.users.tokenUsed = func(ctx context.Context) error {
		select {
		case <-writing:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	text, _ := d.token(d.add("Collector", core.RoleCollector), time.Time{}, core.ScopeUpload)
	for range 100 {
		d.check(d.bearer(text)) // although nothing can be written
	}
	for d.users.used.Load() == 0 {
		runtime.Gosched()
	}
	close(writing)
	d.pass(time.Minute)
	d.check(d.bearer(text))
	d.check(d.bearer(text))
	d.check(d.Close(t.Context()))
	d.check(d.bearer(text))
	list, err := d.users.Tokens(t.Context())
	d.check(err)
	if got := d.users.used.Load(); got != 2 || !list[0].LastUsed.Equal(noon.Add(time.Minute)) {
		t.Fatalf("noted %d times, last at %v", got, list[0].LastUsed)
	}
}

func TestClosingWaitsNoLongerThanItMay(t *testing.T) {
	d := newDesk(t)
	d.users.tokenUsed = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	text, _ := d.token(d.add("Collector", core.RoleCollector), time.Time{}, core.ScopeUpload)
	d.check(d.bearer(text))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Close(canceled); !errors.Is(err, context.Canceled) {
		t.Fatalf("closed with %v", err)
	}
}
