package store

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
	"deskwatch/core/auth"
	"deskwatch/core/coretest"
)

func TestTheDeskKeepsTheContractOfUsers(t *testing.T) {
	coretest.UsersContract(t, func(t *testing.T) auth.Users { return NewUsers(newDesk(t)) })
}

// twoProcesses are two stores over one folder, as two processes have them.
func twoProcesses(t *testing.T) (a, b *Users) {
	t.Helper()
	path := filepath.Join(t.TempDir(), DeskFile)
	return NewUsers(openAt(t, path, KindDesk)), NewUsers(openAt(t, path, KindDesk))
}

func userCalled(name string, role core.Role) core.User {
	return core.User{Person: core.Person{Name: name, Role: role, Products: []string{}, OwnerNames: []string{}, Quiet: []core.QuietFrame{}}, Active: true, Created: noon}
}

func TestOfTwoFirstAdminsAtOnceOneIsRefused(t *testing.T) {
	a, b := twoProcesses(t)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, s := range []*Users{a, b} {
		wg.Go(func() {
			_, errs[i] = s.AddFirstAdmin(t.Context(), userCalled(fmt.Sprintf("admin %d", i), core.RoleAdmin), "$hash")
		})
	}
	wg.Wait()
	refused := errs[0]
	if refused == nil {
		refused = errs[1]
	}
	wantCode(t, refused, core.CodeConflict)
	list, err := a.Credentials(t.Context())
	must(t, err)
	if len(list) != 1 || !list[0].User.HasPassword || list[0].User.Role != core.RoleAdmin {
		t.Errorf("kept %+v, want one admin", list)
	}
}

func TestOfTwoAdminsDemotedAtOnceOneStays(t *testing.T) {
	a, b := twoProcesses(t)
	ctx := t.Context()
	one, err := a.AddFirstAdmin(ctx, userCalled("one", core.RoleAdmin), "$hash")
	must(t, err)
	two, err := a.SaveUser(ctx, userCalled("two", core.RoleAdmin))
	must(t, err)
	must(t, a.SetPassword(ctx, two.ID, "$hash"))
	var wg sync.WaitGroup
	errs := make([]error, 2)
	wg.Go(func() {
		one.Role = core.RoleLead
		_, errs[0] = a.SaveUser(ctx, one)
	})
	wg.Go(func() { errs[1] = b.DeleteUser(ctx, two.ID) })
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("demoting one: %v; removing the other: %v; want one refused", errs[0], errs[1])
	}
	for _, err := range errs {
		if err != nil {
			wantCode(t, err, core.CodeConflict)
			if !strings.Contains(core.ErrorMessage(err), "last active admin") {
				t.Errorf("refused because %q", core.ErrorMessage(err))
			}
		}
	}
}

func TestTheFirstAdminMayBeSomebodyWhoIsToldAlready(t *testing.T) {
	s := NewUsers(newDesk(t))
	lead := userCalled("Ana", core.RoleLead)
	lead.Products = []string{"Spark"}
	lead, err := s.SaveUser(t.Context(), lead)
	must(t, err)
	again := userCalled("ANA", core.RoleAdmin)
	again.Created = noon.Add(time.Hour)
	admin, err := s.AddFirstAdmin(t.Context(), again, "$hash")
	must(t, err)
	if admin.ID != lead.ID || admin.Role != core.RoleAdmin || !admin.HasPassword || !admin.Created.Equal(noon) || admin.Name != "ANA" {
		t.Errorf("kept as %+v", admin)
	}
}

func TestAChangeIsSeenByTheOtherProcess(t *testing.T) {
	a, b := twoProcesses(t)
	before, err := b.Revision(t.Context())
	must(t, err)
	_, err = a.SaveUser(t.Context(), userCalled("Ana", core.RoleLead))
	must(t, err)
	if after, err := b.Revision(t.Context()); err != nil || after <= before {
		t.Errorf("revision %d after %d, %v", after, before, err)
	}
}

func TestOnlyActiveUsersWhoAreNoProgramsAreTold(t *testing.T) {
	s := NewUsers(newDesk(t))
	gone, robot := userCalled("Gone", core.RoleEngineer), userCalled("Robot", core.RoleCollector)
	gone.Active = false
	for _, u := range []core.User{gone, robot, userCalled("bob", core.RoleEngineer), userCalled("Ana", core.RoleAdmin)} {
		_, err := s.SaveUser(t.Context(), u)
		must(t, err)
	}
	people, err := s.People(t.Context())
	must(t, err)
	if len(people) != 2 || people[0].Name != "Ana" || people[1].Name != "bob" {
		t.Errorf("told are %+v", people)
	}
}

func TestThePeopleOfAnOlderFolderBecomeUsers(t *testing.T) {
	path := filepath.Join(t.TempDir(), DeskFile)
	olderDesk(t, path, 4, `
		INSERT INTO people (id, name, name_key, value) VALUES
			(3, 'Ana Ruiz', 'ana ruiz', '{"id":3,"name":"Ana Ruiz","email":"ana@desk.example","role":"lead","products":["Spark"],"owners":["aruiz"],"mail":true,"quiet":[{"day":5,"from":1080,"to":480}]}'),
			(7, 'Bob', 'bob', '{"name":"Bob","email":"","role":"engineer","products":null,"owners":null,"mail":false,"quiet":null}')`)
	db := openAt(t, path, KindDesk)
	list, err := NewUsers(db).Credentials(t.Context())
	must(t, err)
	want := []auth.Credential{
		{Generation: 1, User: core.User{Active: true, Person: core.Person{
			ID: 3, Name: "Ana Ruiz", Email: "ana@desk.example", Role: core.RoleLead, Products: []string{"Spark"}, OwnerNames: []string{"aruiz"}, Mail: true,
			Quiet: []core.QuietFrame{{Day: time.Friday, From: 1080, To: 480}},
		}}},
		{Generation: 1, User: core.User{Active: true, Person: core.Person{ID: 7, Name: "Bob", Role: core.RoleEngineer}}},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("users:\n%s", diff)
	}
	var left int
	must(t, db.wsql.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'people'").Scan(&left))
	if left != 0 {
		t.Error("the table of people is still there")
	}
	added, err := NewUsers(db).SaveUser(t.Context(), userCalled("Cy", core.RoleEngineer))
	if err != nil || added.ID != 8 {
		t.Errorf("the next user is %d, %v; want 8", added.ID, err)
	}
	must(t, db.IntegrityCheck(t.Context()))
}

func TestOnlySoManyEndedTokensAreKept(t *testing.T) {
	a, _ := twoProcesses(t)
	u, err := a.SaveUser(t.Context(), userCalled("madrid", core.RoleCollector))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	add := func(n int, expires time.Time) core.Token {
		t.Helper()
		kept, err := a.AddToken(t.Context(), auth.KeptToken{Hash: []byte(strconv.Itoa(n)), Token: core.Token{
			UserID: u.ID, Name: "agent", Scopes: []core.Scope{core.ScopeUpload}, Created: at, Expires: expires}})
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	living := add(0, time.Time{})
	for n := range endedTokens + 3 {
		add(n+1, at.Add(-time.Hour))
	}
	list, err := a.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != endedTokens+1 {
		t.Errorf("%d tokens are kept, want the %d newest that ended and the one in use", len(list), endedTokens)
	}
	if last := list[len(list)-1]; last.ID != living.ID {
		t.Errorf("the oldest is token %d; the one in use, %d, is gone", last.ID, living.ID)
	}
}
