package settings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"

	"github.com/google/go-cmp/cmp"
)

func team() []core.Person {
	return []core.Person{
		{ID: 1, Name: "Ana", Email: "ana@example.com", Role: core.RoleLead, Mail: true, Products: []string{"Spark", "Kafka"}, OwnerNames: []string{"Ana Ruiz"},
			Quiet: []core.QuietFrame{{Day: time.Monday, From: 20 * 60, To: 7 * 60}, {Day: time.Sunday, From: 0, To: 24 * 60}}},
		{ID: 2, Name: "Bo", Role: core.RoleEngineer},
	}
}

func TestAPersonSurvivesTheirForm(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings(), team: team()}
	tab, h := page(t, d, groupPeople)
	f := newPersonForm(tab.p, d.team[0])
	who, problem := f.person()
	if d := cmp.Diff(team()[0], who); problem != "" || d != "" {
		t.Error(problem, d)
	}
	f.quiet.entries[time.Monday].SetText("at night")
	if _, problem := f.person(); !strings.Contains(problem, "Monday") {
		t.Errorf("hours that cannot be read: %q", problem)
	}
	if len(h.Failures) > 0 {
		t.Error(h.Failures)
	}
}

func TestAPersonIsAddedAndOfferedAsWhoSitsHere(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings(), team: team()}
	tab, h := page(t, d, groupPeople)
	problem := "not told"
	tab.p.savePerson(core.Person{Name: "Cy"}, func(p string) { problem = p })
	if problem != "" || len(d.team) != 3 || !slices.Equal(tab.people.names, []string{"", "Ana", "Bo", "Cy"}) || len(h.Toasts) != 1 {
		t.Fatalf("problem %q, offered %v, toasts %v", problem, tab.people.names, h.Toasts)
	}
	if tab.p.form().Dirty {
		t.Error("a person that is saved leaves the settings to save")
	}
	tab.people.me.SetSelectedIndex(3)
	if tab.p.draft.Notify.Me != "Cy" {
		t.Errorf("sits here: %q", tab.p.draft.Notify.Me)
	}
	d.teamErr = core.NewError(core.CodeConflict, "", "There is a Cy already.", nil)
	tab.p.savePerson(core.Person{Name: "Cy"}, func(p string) { problem = p })
	if problem != "There is a Cy already." || len(h.Failures) != 0 {
		t.Errorf("told %q, failures %v", problem, h.Failures)
	}
}

func TestAPersonIsRemovedOnlyAfterAYes(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings(), team: team()}
	d.set.Notify.Me = "Bo"
	tab, h := page(t, d, groupPeople)
	tab.p.deletePerson(d.team[1])
	if len(d.team) != 2 || len(h.Questions) != 1 || !h.Questions[0].Danger {
		t.Fatalf("%d people after %v", len(d.team), h.Questions)
	}
	h.Answer = true
	tab.p.deletePerson(d.team[1])
	if len(d.team) != 1 || tab.people.names[tab.people.me.SelectedIndex()] != "Bo" || tab.p.form().Dirty {
		t.Errorf("%d people, sits here %q", len(d.team), tab.people.me.Selected)
	}
}
