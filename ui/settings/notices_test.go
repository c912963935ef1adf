package settings

import (
	"slices"
	"testing"

	"deskwatch/core"
)

func TestOnlyWhoCanBeToldIsOfferedAsWhoSitsHere(t *testing.T) {
	user := func(name string, role core.Role, active bool) core.User {
		return core.User{Person: core.Person{Name: name, Role: role}, Active: active}
	}
	d := &fakeDesk{set: core.DefaultSettings(), users: []core.User{user("Ana", core.RoleLead, true), user("Bo", core.RoleEngineer, true),
		user("Gone", core.RoleEngineer, false), user("script", core.RoleCollector, true)}}
	tab, _ := page(t, d, groupNotices)
	if !slices.Equal(tab.notices.names, []string{"", "Ana", "Bo"}) {
		t.Fatalf("offered %q", tab.notices.names)
	}
	tab.notices.me.SetSelectedIndex(2)
	if tab.p.draft.Notify.Me != "Bo" || !tab.p.form().Dirty {
		t.Errorf("sits here: %q", tab.p.draft.Notify.Me)
	}
}

func TestWhoeverIsSignedInNeedNotBeChosen(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	d.server.seat = core.Seat{Required: true, Title: "Ana"}
	tab, _ := page(t, d, groupNotices)
	if !tab.notices.me.Disabled() {
		t.Error("somebody else than who is signed in can be chosen")
	}
	d.server.seat = core.Seat{}
	if tab.Open(groupNotices); tab.notices.me.Disabled() {
		t.Error("nobody signs in, and who sits here cannot be chosen")
	}
}

func TestWhoSitsHereStaysWhenTheyAreNoUserAnyMore(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings(), users: []core.User{{Person: core.Person{Name: "Ana"}, Active: true}}}
	d.set.Notify.Me = "Bo"
	tab, _ := page(t, d, groupNotices)
	if got := tab.notices.names[tab.notices.me.SelectedIndex()]; got != "Bo" || tab.p.form().Dirty {
		t.Errorf("sits here: %q of %q", got, tab.notices.names)
	}
}
