package core

import "testing"

func TestWhatEachRoleMay(t *testing.T) {
	all := []Permission{PostTickets, ReadPosted, ReadTickets, MarkTickets, ReadOrders, SetOwnWindow, ImportFiles, EditAlerts, WorkMail,
		ReadLogs, ReadSettings, EditSettings, EditSources, ReadUsers, EditUsers, EditServer, ReadOwnSelf, StopOwnTokens}
	may := map[Role]string{ // one letter a permission, in the order above
		RoleAdmin:     "yyyyyyyyyyyyyyyyyy",
		RoleLead:      "yyyyyyyyyyyyyynnyy",
		RoleEngineer:  "nyyyyynnnnnnnnnnyy",
		RoleCollector: "yynnnnnnnnnnnnnnyy",
		Role("other"): "nnnnnnnnnnnnnnnnnn",
	}
	for role, want := range may {
		for i, p := range all {
			if got := role.May(p); got != (want[i] == 'y') {
				t.Errorf("%q may %s: %v", role, p, got)
			}
		}
	}
}

func TestATokenNeverWidensItsRole(t *testing.T) {
	for _, c := range []struct {
		role  Role
		scope Scope
		p     Permission
		want  bool
	}{
		{RoleCollector, ScopeAll, ReadTickets, false},
		{RoleCollector, ScopeUpload, PostTickets, true},
		{RoleEngineer, ScopeUpload, PostTickets, false},
		{RoleEngineer, ScopeRead, MarkTickets, false},
		{RoleEngineer, ScopeWork, MarkTickets, true},
		{RoleAdmin, ScopeWork, EditUsers, false},
		{RoleAdmin, ScopeUpload, ReadPosted, true},
		{RoleAdmin, Scope("other"), ReadOwnSelf, false},
	} {
		if got := (Actor{Role: c.role, Scopes: []Scope{c.scope}}).May(c.p); got != c.want {
			t.Errorf("%s with %s may %s: %v, want %v", c.role, c.scope, c.p, got, c.want)
		}
	}
}
