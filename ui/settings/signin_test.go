package settings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestSigningInAlwaysNeedsAnAdminWhoCan(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	d.users = []core.User{{Person: core.Person{Role: core.RoleAdmin}, Active: true}, {Person: core.Person{Role: core.RoleLead}, Active: true, HasPassword: true},
		{Person: core.Person{Role: core.RoleAdmin}, HasPassword: true}, {Person: core.Person{Role: core.RoleCollector}, Active: true, HasPassword: true}}
	v, sv, _, s := startedServer(t, d)
	if !strings.Contains(sv.seat.Text, "only one user") {
		t.Errorf("seat %q", sv.seat.Text)
	}
	always := func(set *core.Settings) string { set.SignIn.Mode = core.SignInAlways; return "" }
	s.edit("sign_in.mode", always)
	if s.save(); v.form.Problems["sign_in.mode"] == "" || len(d.saves) != 0 {
		t.Fatalf("problems %v, %d saves", v.form.Problems, len(d.saves))
	}
	d.users[0].HasPassword = true
	s.load()
	if s.save(); len(d.saves) != 1 || d.saves[0].SignIn.Mode != core.SignInAlways {
		t.Errorf("problems %v, saves %v", v.form.Problems, d.saves)
	}
}

func TestTheSeatIsSaidPlainly(t *testing.T) {
	in := core.Seat{Required: true, Title: "Ana", LockAfter: 15 * time.Minute}
	for _, c := range []struct {
		seat core.Seat
		n    signers
		says string
	}{
		{in, signers{}, "Signed in now: Ana. It locks itself when nobody used it for 15 min."},
		{core.Seat{Required: true}, signers{}, "It never locks by itself."},
		{core.Seat{}, signers{Known: true}, "no user has a password yet"},
		{core.Seat{}, signers{Known: true, Count: 1}, "only one user"},
		{core.Seat{}, signers{}, "Nobody is asked to sign in. "},
	} {
		if got := seatStanding(c.seat, c.n).Text; !strings.Contains(got, c.says) {
			t.Errorf("%+v: %q", c.seat, got)
		}
	}
}

func TestWhatOthersPutOffIsKeptWhenSigningInIsChangedHere(t *testing.T) {
	d, v, _, p := started(t)
	p.edit("server.hosts", func(s *core.Settings) string { s.Server.Hosts = hostNames("desk, desk.lan"); return "" })
	p.edit("sign_in.lock_minutes", func(s *core.Settings) string { s.SignIn.LockMinutes = 5; return "" })
	other := cloned(d.set)
	other.SignIn.Later = true
	p.hear(core.SettingsChanged{Settings: other})
	if !v.set.SignIn.Later || v.set.SignIn.LockMinutes != 5 || !slices.Equal(v.set.Server.Hosts, []string{"desk", "desk.lan"}) || !v.form.Dirty {
		t.Errorf("%+v, %+v", v.set.SignIn, v.set.Server)
	}
	if p.save(); v.form.Dirty || len(d.saves) != 1 {
		t.Errorf("%d saves, dirty %v", len(d.saves), v.form.Dirty)
	}
}

func TestItIsSaidThatSavingLocksTheWindow(t *testing.T) {
	const locks = "When you save, this window asks for your name and password at once."
	tab := asRole(t, "", groupSignIn)
	if got := texts(tab.signIn.ask); slices.Contains(got, locks) {
		t.Errorf("said before anything is chosen: %q", got)
	}
	tab.p.signers = signers{Known: true, Count: 1, Admins: 1}
	tab.signIn.mode.SetSelected(tab.signIn.mode.Options[1])
	if got := texts(tab.signIn.ask); !slices.Contains(got, locks) {
		t.Errorf("not said: %q", got)
	}
}
