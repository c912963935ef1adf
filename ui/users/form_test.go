package users

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestAUserSurvivesTheirForm(t *testing.T) {
	d := newDesk()
	p, _, _ := presented(d)
	p.Choose(1)
	if p.form.State().Dirty || p.form.CanSave() {
		t.Fatal("a user nobody changed can be saved")
	}
	p.form.Type(fieldTitle, "Ana R.")
	p.form.Save()
	want := team()[0]
	want.DisplayName = "Ana R."
	if !sameUser(d.users[0], want) || d.passwords[0] != nil || !d.users[0].LastSignIn.Equal(want.LastSignIn) {
		t.Errorf("saved %+v with password %v", d.users[0], d.passwords[0])
	}
	if u, _ := p.Chosen(); u.DisplayName != "Ana R." || p.form.State().Dirty {
		t.Errorf("the form shows %q", u.DisplayName)
	}
}

func TestProblemsAppearWhereSomebodyTypedAndAllOnceSaveWasTried(t *testing.T) {
	d := newDesk()
	p, _, _ := presented(d)
	p.Add()
	f := p.form
	if len(f.State().Problems) != 0 {
		t.Fatalf("an untouched form complains: %v", f.State().Problems)
	}
	f.Type(fieldPassword, "short")
	if s := f.State(); !strings.Contains(s.Problems[fieldPassword], "short") || len(s.Problems) != 1 {
		t.Fatalf("problems %v", s.Problems)
	}
	f.Type(fieldPassword, "long enough for it")
	f.Save()
	if s := f.State(); s.Problems[fieldName] == "" || s.Problems[fieldAgain] == "" || len(d.passwords) != 0 {
		t.Fatalf("problems %v, saved %d", s.Problems, len(d.passwords))
	}
	f.Type(fieldName, "  dee ")
	f.Type(fieldAgain, "long enough for it")
	f.Save()
	if u, ok := p.Chosen(); !ok || u.Name != "dee" || !u.HasPassword || d.passwords[0].Reveal() != "long enough for it" {
		t.Errorf("saved %+v", u)
	}
	if f.State().Texts[fieldPassword] != "" {
		t.Error("the password stays in the form")
	}
}

func TestAGeneratedPasswordIsShownOnceItIsSaved(t *testing.T) {
	d := newDesk()
	p, h, once := presented(d)
	p.Choose(2)
	p.form.Generate()
	word := p.form.State().Texts[fieldPassword]
	if s := p.form.State(); !s.Reveal || word == "" || s.Texts[fieldAgain] != word || len(*once) != 0 {
		t.Fatalf("generated %q, shown %v", word, *once)
	}
	p.form.Save()
	if len(*once) != 1 || (*once)[0].text != word || d.passwords[0].Reveal() != word || len(h.Toasts) != 0 {
		t.Errorf("shown %+v, toasts %v", *once, h.Toasts)
	}
}

func TestTheFirstUserIsOfferedAsAdmin(t *testing.T) {
	p, _, _ := presented(&fakeDesk{set: core.DefaultSettings()})
	p.Add()
	if r := p.form.State().Draft.Role; r != core.RoleAdmin {
		t.Errorf("the first one is offered as %s", r)
	}
	p, _, _ = presented(newDesk())
	p.Add()
	if r := p.form.State().Draft.Role; r != core.RoleEngineer {
		t.Errorf("the next one is offered as %s", r)
	}
}

func TestChangesAreDroppedOnlyAfterAYes(t *testing.T) {
	d := newDesk()
	p, h, _ := presented(d)
	p.Choose(1)
	p.form.Type(fieldEmail, "new@example.com")
	h.Answer = false
	p.Choose(2)
	if u, _ := p.Chosen(); u.ID != 1 || p.form.State().Texts[fieldEmail] != "new@example.com" {
		t.Fatalf("shows %d with %q", u.ID, p.form.State().Texts[fieldEmail])
	}
	p.Load() // as an event would
	if p.form.State().Texts[fieldEmail] != "new@example.com" {
		t.Fatal("a reload drops what was typed")
	}
	h.Answer = true
	p.Choose(2)
	if u, _ := p.Chosen(); u.ID != 2 || len(h.Questions) != 2 {
		t.Errorf("shows %d after %d questions", u.ID, len(h.Questions))
	}
}

func TestAFailedSaveIsToldInTheFormAndKeepsWhatWasTyped(t *testing.T) {
	d := newDesk()
	d.saveErr = core.NewError(core.CodeConflict, "", "There is a bo already.", nil)
	p, h, _ := presented(d)
	p.Choose(1)
	p.form.Type(fieldName, "bo")
	p.form.Save()
	if s := p.form.State(); s.Failed != "There is a bo already." || s.Texts[fieldName] != "bo" || !p.form.CanSave() || len(h.Failures) != 0 {
		t.Fatalf("%+v, failures %v", s, h.Failures)
	}
	if p.form.Type(fieldName, "bobo"); p.form.State().Failed != "" {
		t.Error("an old failure stays while somebody types")
	}
}

func TestAUserSavedWithoutTheirPasswordIsNotAddedTwice(t *testing.T) {
	d := newDesk()
	p, _, _ := presented(d)
	p.Add()
	p.form.Type(fieldName, "dee")
	half := &halfDesk{fakeDesk: d}
	p.bench.desk = half
	p.form.Save()
	if s := p.form.State(); s.User.ID != 5 || s.Failed == "" {
		t.Fatalf("shows %+v", s)
	}
	p.form.Save()
	if len(d.users) != 5 {
		t.Errorf("%d users", len(d.users))
	}
}

func TestQuietHoursThatCannotBeReadAreNotSaved(t *testing.T) {
	p, _, _ := presented(newDesk())
	p.Choose(1)
	p.form.SetQuiet(nil, "The hours of Monday cannot be read.")
	if s := p.form.State(); s.Problems[fieldQuiet] == "" || p.form.CanSave() || len(s.Draft.Quiet) != 2 {
		t.Errorf("%+v", s)
	}
	p.form.Revert()
	if s := p.form.State(); s.Dirty || len(s.Problems) != 0 {
		t.Errorf("after Revert: %+v", s)
	}
}

func TestWhoeverMakesTheSecondPasswordIsToldThatTheDeskWillAsk(t *testing.T) {
	d := newDesk()
	p, _, _ := presented(d)
	p.Choose(2)
	if p.form.Asks() {
		t.Error("told without a password")
	}
	if p.form.Generate(); !p.form.Asks() {
		t.Error("not told")
	}
	d.set.SignIn.Mode = core.SignInAlways
	if p.form.Asks() {
		t.Error("told although the desk asks already")
	}
}
