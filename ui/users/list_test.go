package users

import (
	"context"
	"strings"
	"testing"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit/kittest"
)

// presented is the presenter without widgets.
func presented(d *fakeDesk) (*list, *kittest.Host, *[]shown) {
	h, once := &kittest.Host{Answer: true}, &[]shown{}
	b := &bench{desk: d, host: h, ui: async.Inline{}, ctx: context.Background(),
		showOnce: func(title, sentence, text string) { *once = append(*once, shown{title, sentence, text}) }}
	p := newList(b)
	p.Load()
	return p, h, once
}

func names(p *list) string {
	var list []string
	for _, u := range p.State().Users {
		list = append(list, u.Name)
	}
	return strings.Join(list, " ")
}

func TestUsersAreFoundByNameAddressProductAndRole(t *testing.T) {
	p, _, _ := presented(newDesk())
	for text, want := range map[string]string{"": "ana bo cleo madrid", "RUIZ": "ana", "example.com": "ana", "kafka": "ana", "o": "ana bo cleo", "nobody": ""} {
		if p.Find(text); names(p) != want {
			t.Errorf("%q finds %q, want %q", text, names(p), want)
		}
	}
	p.Find("")
	if p.Filter(core.RoleCollector); names(p) != "madrid" {
		t.Errorf("collectors: %q", names(p))
	}
}

func TestAUserIsRemovedOnlyAfterAYesThatSaysWhatEnds(t *testing.T) {
	d := newDesk()
	p, h, _ := presented(d)
	p.Choose(2)
	h.Answer = false
	p.Remove()
	if len(d.users) != 4 || len(h.Questions) != 1 || !h.Questions[0].Danger || !strings.Contains(h.Questions[0].Text, "tokens end") {
		t.Fatalf("%d users after %+v", len(d.users), h.Questions)
	}
	h.Answer = true
	p.Remove()
	if _, chosen := p.Chosen(); len(d.users) != 3 || chosen || names(p) != "ana cleo madrid" {
		t.Errorf("%d users, listed %q", len(d.users), names(p))
	}
}

func TestTheLastAdminsProtectionIsToldAndNothingChanges(t *testing.T) {
	d := newDesk()
	d.saveErr = core.NewError(core.CodeConflict, "", "Ana is the last admin. Nothing was changed.", nil)
	p, h, _ := presented(d)
	d.users[1].Role, d.users[1].HasPassword = core.RoleAdmin, true // as far as this list knows
	p.Load()
	p.Choose(1)
	p.SetActive(false)
	if u, _ := p.Chosen(); len(h.Failures) != 1 || !u.Active || p.State().Busy {
		t.Errorf("failures %v, active %v, busy %v", h.Failures, u.Active, p.State().Busy)
	}
}

func TestTheLastAdminIsNotAskedAbout(t *testing.T) {
	d := newDesk()
	p, h, _ := presented(d)
	p.Choose(1)
	for _, do := range []func(){func() { p.SetActive(false) }, p.Bar, p.Remove} {
		h.Toasts = nil
		do()
		if len(h.Questions) != 0 || len(h.Toasts) != 1 || !strings.Contains(strings.Join(h.Toasts, ""), "last admin") {
			t.Errorf("asked %v, told %v", h.Questions, h.Toasts)
		}
	}
	if len(d.users) != 4 || !d.users[0].Active || len(d.passwords) != 0 {
		t.Error("the last admin was changed")
	}
}

func TestDisablingAsksAndEnablingDoesNot(t *testing.T) {
	d := newDesk()
	p, h, _ := presented(d)
	p.Choose(2)
	p.SetActive(false)
	if len(h.Questions) != 1 || d.users[1].Active {
		t.Fatalf("questions %v, active %v", h.Questions, d.users[1].Active)
	}
	p.SetActive(true)
	if u, _ := p.Chosen(); len(h.Questions) != 1 || !d.users[1].Active || !u.Active {
		t.Errorf("questions %v, active %v", h.Questions, d.users[1].Active)
	}
	if d.passwords[0] != nil || d.passwords[1] != nil {
		t.Error("disabling touched the password")
	}
}

func TestAResetPasswordIsShownOnceAndNeverTheSame(t *testing.T) {
	d := newDesk()
	p, _, once := presented(d)
	p.Choose(2)
	p.Reset()
	p.Reset()
	if len(*once) != 2 || (*once)[0].text == (*once)[1].text || !strings.Contains((*once)[0].sentence, "bo") {
		t.Fatalf("shown %+v", *once)
	}
	for i, s := range *once {
		if d.passwords[i].Reveal() != s.text || len(s.text) != 24 || strings.Count(s.text, "-") != 4 {
			t.Errorf("shown %q, saved %q", s.text, d.passwords[i].Reveal())
		}
	}
}

func TestTakingAPasswordAwaySavesAnEmptyOne(t *testing.T) {
	d := newDesk()
	d.users[1].Role, d.users[1].HasPassword = core.RoleAdmin, true // so that ana is not the last one
	p, _, _ := presented(d)
	p.Choose(1)
	p.Bar()
	if len(d.passwords) != 1 || d.passwords[0] == nil || !d.passwords[0].IsZero() || d.users[0].HasPassword {
		t.Errorf("saved %v, has one %v", d.passwords, d.users[0].HasPassword)
	}
	p.Bar()
	if len(d.passwords) != 1 {
		t.Error("a password that is not there was taken away")
	}
}

func TestWhoLosesTheirOwnSignInIsToldBefore(t *testing.T) {
	d := newDesk()
	d.seat = core.Seat{Required: true, Actor: core.Actor{UserID: 1, Name: "ana", Role: core.RoleAdmin}}
	p, h, _ := presented(d)
	p.Choose(1)
	p.Reset()
	p.Choose(2)
	p.Reset()
	if !strings.Contains(h.Questions[0].Text, "This is you") || strings.Contains(h.Questions[1].Text, "This is you") {
		t.Errorf("asked %+v", h.Questions)
	}
}

func TestWhoMayNotEditChangesNothing(t *testing.T) {
	d := newDesk()
	p, h, _ := presented(d)
	h.Role = core.RoleLead
	p.Load()
	p.Choose(2)
	p.Remove()
	p.Reset()
	p.SetActive(false)
	p.Add()
	p.form.Type(fieldName, "other")
	p.form.Save()
	if len(d.users) != 4 || d.users[1].Name != "bo" || !d.users[1].Active || len(d.passwords) != 0 {
		t.Errorf("changed: %+v", d.users)
	}
}

func TestAListThatCannotBeReadKeepsWhatItShowed(t *testing.T) {
	d := newDesk()
	p, _, _ := presented(d)
	d.readErr = core.NewError(core.CodeUnavailable, "", "Later.", nil)
	p.Load()
	if s := p.State(); s.Err == nil || names(p) != "ana bo cleo madrid" {
		t.Errorf("%v, %q", s.Err, names(p))
	}
}
