package orders

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func loadedRules(t *testing.T, f *fakeDesk) (*rules, *bench) {
	t.Helper()
	r := core.DefaultRule()
	r.ID = 1
	other := r
	other.ID, other.Name = 2, "Other"
	f.rules = []core.Rule{r, other}
	b, _ := newBench(t, f)
	p := newRules(b)
	p.test.pause = 0
	p.Load()
	return p, b
}

func TestTheSentenceSaysWhatTheDefaultRuleDoes(t *testing.T) {
	want := "Mails support-lead@deskwatch.example when a customer has 3 or more cancelled or returned orders in one calendar month; " +
		"again when the count grows by 1; at most 5 alerts a run; checked monthly on day 1 at 08:00 and after every import."
	if got := ruleSentence(core.DefaultRule()); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestARuleIsValidatedAsItIsTyped(t *testing.T) {
	f := &fakeDesk{problems: func(r core.Rule) []core.SettingProblem {
		if r.Threshold < 1 {
			return []core.SettingProblem{{Name: "threshold", Message: "At least 1."}}
		}
		return nil
	}}
	p, _ := loadedRules(t, f)
	for text, want := range map[string]string{"0": "At least 1.", "three": "Write a whole number.", "4": ""} {
		p.Type(ruleThreshold, text)
		if got := p.State().Problems[ruleThreshold]; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if p.CanSave() != (want == "") {
			t.Errorf("%q: CanSave is %v", text, p.CanSave())
		}
	}
}

func TestARuleTypedBackIsNoChange(t *testing.T) {
	p, _ := loadedRules(t, &fakeDesk{})
	p.Type(ruleCap, "7")
	if !p.State().Dirty {
		t.Fatal("a changed cap is no change")
	}
	p.Type(ruleCap, "5")
	if p.State().Dirty {
		t.Error("typing the old value back still counts as a change")
	}
}

func TestSaveStoresWhatWasTyped(t *testing.T) {
	var saved core.Rule
	f := &fakeDesk{}
	f.saveRule = func(r core.Rule) (core.Rule, error) {
		saved = r
		f.rules[0] = r
		return r, nil
	}
	p, _ := loadedRules(t, f)
	p.Type(ruleFixed, "a@b.example; c@d.example")
	p.Type(ruleDay, "31")
	p.Change(func(r *core.Rule) { r.ToCustomer = true })
	p.Save()
	if strings.Join(saved.ToFixed, " ") != "a@b.example c@d.example" || saved.Schedule.Day != 31 || !saved.ToCustomer || saved.ID != 1 {
		t.Errorf("saved %+v", saved)
	}
	if s := p.State(); s.Dirty || s.Saving {
		t.Errorf("after saving: dirty %v, saving %v", s.Dirty, s.Saving)
	}
}

func TestAReloadKeepsWhatIsBeingTyped(t *testing.T) {
	p, _ := loadedRules(t, &fakeDesk{})
	p.Type(ruleStep, "9")
	p.Load()
	if p.State().Texts[ruleStep] != "9" || !p.State().Dirty {
		t.Errorf("step %q, dirty %v", p.State().Texts[ruleStep], p.State().Dirty)
	}
}

func TestLeavingAChangedRuleAsksFirst(t *testing.T) {
	f := &fakeDesk{}
	p, _ := loadedRules(t, f)
	b, host := newBench(t, f)
	p.bench = b
	p.Type(ruleStep, "9")
	p.Select(2)
	if len(host.Questions) != 1 || p.State().Draft.ID != 1 {
		t.Fatalf("questions %v, draft %d", host.Questions, p.State().Draft.ID)
	}
	host.Answer = true
	p.Select(2)
	if p.State().Draft.ID != 2 {
		t.Errorf("draft %d after agreeing", p.State().Draft.ID)
	}
}

func TestANewRuleRevertsToTheListedOne(t *testing.T) {
	p, _ := loadedRules(t, &fakeDesk{})
	p.New()
	if p.State().Draft.ID != 0 || !p.CanSave() {
		t.Fatalf("new rule: %+v", p.State().Draft)
	}
	p.Revert()
	if p.State().Draft == nil || p.State().Draft.ID != 1 {
		t.Errorf("after revert: %+v", p.State().Draft)
	}
}

func TestARuleCountsOverAMonthOrDaysInARow(t *testing.T) {
	var saved core.Rule
	f := &fakeDesk{problems: func(r core.Rule) []core.SettingProblem {
		if r.Days < 0 || r.Days == 1 || r.Days > 366 {
			return []core.SettingProblem{{Name: "days", Message: "2 to 366."}}
		}
		return nil
	}}
	f.saveRule = func(r core.Rule) (core.Rule, error) {
		saved = r
		f.rules[0] = r
		return r, nil
	}
	p, _ := loadedRules(t, f)
	if p.CountInDays(true); p.State().Draft.Days != usualDays || !p.CanSave() {
		t.Errorf("%d days; can be saved: %v", p.State().Draft.Days, p.CanSave())
	}
	if p.CountInDays(false); p.State().Draft.Days != 0 || p.State().Dirty {
		t.Errorf("back to months: %d days, dirty %v", p.State().Draft.Days, p.State().Dirty)
	}
	p.CountInDays(true)
	for text, want := range map[string]string{
		"": "Write a whole number.", "0": "Write how many days in a row, or choose calendar months.", "1": "2 to 366.", "-5": "2 to 366.", "400": "2 to 366.", "45": "",
	} {
		p.Type(ruleDays, text)
		if got := p.State().Problems[ruleDays]; got != want || p.CanSave() != (want == "") {
			t.Errorf("%q: %q, want %q; can be saved: %v", text, got, want, p.CanSave())
		}
	}
	p.Type(ruleDays, "45")
	if got := p.State().Sentence; !strings.Contains(got, "3 or more cancelled or returned orders within any 45 days; again") {
		t.Errorf("sentence %q", got)
	}
	p.Save()
	if s := p.State(); saved.Days != 45 || s.Dirty || !s.InDays || s.Texts[ruleDays] != "45" {
		t.Errorf("saved %d days; the form has %v %q, dirty %v", saved.Days, s.InDays, s.Texts[ruleDays], s.Dirty)
	}
	p.Select(2)
	if s := p.State(); s.InDays || s.Draft.Days != 0 {
		t.Errorf("the next rule has the days of the one before: %+v", s)
	}
}
