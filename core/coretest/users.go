package coretest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// UsersContract is what every auth.Users has to do. open returns one without users that lives as
// long as its test.
func UsersContract(t *testing.T, open func(t *testing.T) auth.Users) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, u *users)
	}{
		{"NobodyAtFirst", nobodyAtFirst},
		{"AUserIsKeptWhole", aUserIsKeptWhole},
		{"UsersAreListedByName", usersAreListedByName},
		{"NamesAreComparedWithoutCaseAndBlanks", namesAreCompared},
		{"SavingLeavesPasswordAndTimes", savingLeavesPassword},
		{"WhatIsNotThereIsNotFound", whatIsNotThere},
		{"ANewRoleAndDisablingRaiseTheGeneration", roleRaisesGeneration},
		{"APasswordRaisesTheGeneration", passwordRaisesGeneration},
		{"RehashingRaisesNothing", rehashingRaisesNothing},
		{"AnIDIsNeverUsedTwice", idNeverUsedTwice},
		{"TheLastAdminStays", lastAdminStays},
		{"WithoutAnAdminAnythingGoes", withoutAdmin},
		{"TheFirstAdminIsAddedOnce", firstAdminOnce},
		{"TokensAreKeptWhole", tokensAreKeptWhole},
		{"ARevokedTokenStaysListed", revokedTokenStays},
		{"TokensGoWithTheirUser", tokensGoWithUser},
		{"EndedSessionsAreForgottenInTime", endedSessionsForgotten},
		{"TheRevisionGrowsWithEveryChange", revisionGrows},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, &users{t: t, Users: open(t)}) })
	}
}

// users is an auth.Users whose calls fail the test.
type users struct {
	t *testing.T
	auth.Users
}

func (u *users) check(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

func (u *users) refused(err error, code core.Code) {
	u.t.Helper()
	if got := core.ErrorCode(err); got != code {
		u.t.Fatalf("want code %q, got %q: %v", code, got, err)
	}
}

func (u *users) save(x core.User) core.User {
	u.t.Helper()
	kept, err := u.SaveUser(u.t.Context(), x)
	u.check(err)
	return kept
}

// add adds an active user, with a password unless hash is "".
func (u *users) add(name string, role core.Role, hash string) core.User {
	u.t.Helper()
	kept := u.save(core.User{Person: core.Person{Name: name, Role: role}, Active: true, Created: noon})
	if hash != "" {
		u.check(u.SetPassword(u.t.Context(), kept.ID, hash))
		kept.HasPassword = true
	}
	return kept
}

func (u *users) all() []auth.Credential {
	u.t.Helper()
	list, err := u.Credentials(u.t.Context())
	u.check(err)
	return list
}

func (u *users) credential(id int64) auth.Credential {
	u.t.Helper()
	list := u.all()
	i := slices.IndexFunc(list, func(c auth.Credential) bool { return c.User.ID == id })
	if i < 0 {
		u.t.Fatalf("there is no user %d", id)
	}
	return list[i]
}

func (u *users) revision() int64 {
	u.t.Helper()
	n, err := u.Revision(u.t.Context())
	u.check(err)
	return n
}

func (u *users) tokens() []auth.KeptToken {
	u.t.Helper()
	list, err := u.Tokens(u.t.Context())
	u.check(err)
	return list
}

func (u *users) token(user core.User, name string) core.Token {
	u.t.Helper()
	t, err := u.AddToken(u.t.Context(), auth.KeptToken{
		Token: core.Token{UserID: user.ID, UserName: user.Name, Name: name, Start: "dwt_abcdef", Scopes: []core.Scope{core.ScopeRead}, Created: noon},
		Hash:  []byte(name),
	})
	u.check(err)
	return t
}

// same compares what is kept; an empty list and none are the same.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func nobodyAtFirst(t *testing.T, u *users) {
	same(t, "users", u.all(), nil)
	same(t, "tokens", u.tokens(), nil)
	ended, err := u.EndedSessions(t.Context(), noon)
	u.check(err)
	same(t, "ended sessions", ended, nil)
}

func aUserIsKeptWhole(t *testing.T, u *users) {
	want := core.User{
		Person: core.Person{
			Name: "Núria", Email: "nuria@example.com", Role: core.RoleLead, Products: []string{"Printer", "Scanner"},
			OwnerNames: []string{"N. Puig"}, Mail: true, Quiet: []core.QuietFrame{{Day: time.Friday, From: 1200, To: 420}},
		},
		DisplayName: "Núria Puig", Active: true, Created: noon,
	}
	got := u.save(want)
	if got.ID == 0 {
		t.Fatal("a kept user has no id")
	}
	want.ID = got.ID
	same(t, "as returned", got, want)
	same(t, "as listed", u.credential(got.ID).User, want)

	want.Name, want.DisplayName, want.Email, want.Products, want.Quiet, want.Mail = "Nuria", "", "n@example.com", nil, nil, false
	same(t, "as replaced", u.save(want), want)
	same(t, "as listed then", u.credential(got.ID).User, want)
}

func usersAreListedByName(t *testing.T, u *users) {
	for _, name := range []string{"mia", "Anna", "zoe", "Ben"} {
		u.add(name, core.RoleEngineer, "")
	}
	var names []string
	for _, c := range u.all() {
		names = append(names, c.User.Name)
	}
	same(t, "names", names, []string{"Anna", "Ben", "mia", "zoe"})
}

func namesAreCompared(t *testing.T, u *users) {
	anna, ben := u.add("Anna", core.RoleEngineer, ""), u.add("Ben", core.RoleEngineer, "")
	_, err := u.SaveUser(t.Context(), core.User{Person: core.Person{Name: " anna ", Role: core.RoleEngineer}})
	u.refused(err, core.CodeConflict)
	ben.Name = "ANNA"
	_, err = u.SaveUser(t.Context(), ben)
	u.refused(err, core.CodeConflict)
	anna.Name = "ANNA"
	u.save(anna)
	if got := len(u.all()); got != 2 {
		t.Fatalf("there are %d users, want 2", got)
	}
}

func savingLeavesPassword(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleEngineer, "hash")
	u.check(u.SignedIn(t.Context(), anna.ID, noon.Add(time.Hour)))
	before := u.credential(anna.ID)
	if !before.User.HasPassword || before.Hash != "hash" || !before.User.LastSignIn.Equal(noon.Add(time.Hour)) {
		t.Fatalf("kept %+v", before)
	}
	anna.DisplayName, anna.HasPassword, anna.Created, anna.LastSignIn = "Anna S.", false, noon.Add(time.Minute), time.Time{}
	before.User.DisplayName = "Anna S."
	same(t, "as returned", u.save(anna), before.User)
	same(t, "as listed", u.credential(anna.ID), before)
}

func whatIsNotThere(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleEngineer, "")
	before := u.all()
	_, err := u.SaveUser(t.Context(), core.User{Person: core.Person{ID: anna.ID + 7, Name: "Ben", Role: core.RoleEngineer}})
	u.refused(err, core.CodeNotFound)
	u.refused(u.DeleteUser(t.Context(), anna.ID+7), core.CodeNotFound)
	u.refused(u.SetPassword(t.Context(), anna.ID+7, "hash"), core.CodeNotFound)
	_, err = u.AddToken(t.Context(), auth.KeptToken{Token: core.Token{UserID: anna.ID + 7, Name: "x", Scopes: []core.Scope{core.ScopeRead}}, Hash: []byte("x")})
	u.refused(err, core.CodeNotFound)
	u.refused(u.RevokeToken(t.Context(), 7, noon), core.CodeNotFound)
	same(t, "users", u.all(), before)
	same(t, "tokens", u.tokens(), nil)
}

func roleRaisesGeneration(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleEngineer, "hash")
	last := u.credential(anna.ID).Generation
	raised := func(what string, want bool) {
		t.Helper()
		anna = u.save(anna)
		now := u.credential(anna.ID).Generation
		if (now > last) != want || now < last {
			t.Fatalf("%s: the generation went from %d to %d", what, last, now)
		}
		last = now
	}
	anna.DisplayName, anna.Email = "Anna S.", "a@example.com"
	raised("another display name", false)
	anna.Role = core.RoleLead
	raised("another role", true)
	anna.Active = false
	raised("disabled", true)
	raised("disabled still", false)
}

func passwordRaisesGeneration(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleEngineer, "one")
	last := u.credential(anna.ID)
	for _, hash := range []string{"two", ""} {
		u.check(u.SetPassword(t.Context(), anna.ID, hash))
		now := u.credential(anna.ID)
		if now.Hash != hash || now.User.HasPassword != (hash != "") || now.Generation <= last.Generation {
			t.Fatalf("after the password %q: %+v, before %+v", hash, now, last)
		}
		last = now
	}
}

func rehashingRaisesNothing(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleEngineer, "one")
	want := u.credential(anna.ID)
	u.check(u.Rehash(t.Context(), anna.ID, "another", "two"))
	same(t, "when the hash was another", u.credential(anna.ID), want)
	u.check(u.Rehash(t.Context(), anna.ID, "one", "two"))
	want.Hash = "two"
	same(t, "when the hash was that", u.credential(anna.ID), want)
}

// A signed token names its user by id, so nobody may ever come by the id of somebody deleted.
func idNeverUsedTwice(t *testing.T, u *users) {
	u.add("Anna", core.RoleEngineer, "")
	ben := u.add("Ben", core.RoleEngineer, "")
	u.check(u.DeleteUser(t.Context(), ben.ID))
	if got := u.add("Ben", core.RoleEngineer, ""); got.ID == ben.ID {
		t.Fatalf("the id %d of somebody deleted was given again", ben.ID)
	}
	same(t, "users", len(u.all()), 2)
}

func lastAdminStays(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleAdmin, "hash")
	u.add("Ben", core.RoleLead, "hash")
	u.add("Mia", core.RoleAdmin, "") // without a password she cannot sign in
	off := u.add("Zoe", core.RoleAdmin, "hash")
	off.Active = false
	u.save(off)

	before := u.all()
	try := func() []error {
		lead, disabled := anna, anna
		lead.Role, disabled.Active = core.RoleLead, false
		_, demoted := u.SaveUser(t.Context(), lead)
		_, off := u.SaveUser(t.Context(), disabled)
		return []error{demoted, off, u.SetPassword(t.Context(), anna.ID, ""), u.DeleteUser(t.Context(), anna.ID)}
	}
	for _, err := range try() {
		u.refused(err, core.CodeConflict)
	}
	same(t, "users", u.all(), before)

	off.Active = true
	u.save(off)
	for _, err := range try() {
		u.check(err)
	}
}

func withoutAdmin(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleAdmin, "")
	anna.Role = core.RoleEngineer
	u.save(anna)
	u.check(u.DeleteUser(t.Context(), anna.ID))
	same(t, "users", u.all(), nil)
}

func firstAdminOnce(t *testing.T, u *users) {
	u.add("Ben", core.RoleEngineer, "") // told of tickets, and cannot sign in
	anna := core.User{Person: core.Person{Name: "Anna", Email: "a@example.com", Role: core.RoleAdmin}, DisplayName: "Anna S.", Active: true, Created: noon}
	kept, err := u.AddFirstAdmin(t.Context(), anna, "hash")
	u.check(err)
	anna.ID, anna.HasPassword = kept.ID, true
	same(t, "as returned", kept, anna)
	got := u.credential(kept.ID)
	same(t, "as listed", got, auth.Credential{User: anna, Hash: "hash", Generation: got.Generation})

	before := u.all()
	_, err = u.AddFirstAdmin(t.Context(), core.User{Person: core.Person{Name: "Zoe", Role: core.RoleAdmin}, Active: true}, "hash")
	u.refused(err, core.CodeConflict)
	same(t, "users", u.all(), before)
}

func tokensAreKeptWhole(t *testing.T, u *users) {
	anna := u.add("Anna", core.RoleCollector, "")
	want := auth.KeptToken{
		Token: core.Token{
			UserID: anna.ID, UserName: "Anna", Name: "collector in Madrid", Start: "dwt_abcdef",
			Scopes: []core.Scope{core.ScopeUpload, core.ScopeRead}, Created: noon, Expires: noon.AddDate(0, 1, 0),
		},
		Hash: []byte{0, 1, 2, 255},
	}
	kept, err := u.AddToken(t.Context(), want)
	u.check(err)
	if kept.ID == 0 {
		t.Fatal("a kept token has no id")
	}
	want.ID = kept.ID
	same(t, "as returned", kept, want.Token)
	same(t, "as listed", u.tokens(), []auth.KeptToken{want})

	forever := u.token(anna, "another")
	if list := u.tokens(); len(list) != 2 || list[0].ID != forever.ID || !list[0].Expires.IsZero() {
		t.Fatalf("want the newest first, got %+v", list)
	}
	u.check(u.TokenUsed(t.Context(), kept.ID, noon.Add(time.Minute)))
	want.LastUsed = noon.Add(time.Minute)
	same(t, "once used", u.tokens()[1], want)

	anna.Name = "Ana"
	u.save(anna)
	same(t, "the user's name", u.tokens()[0].UserName, "Ana")
}

func revokedTokenStays(t *testing.T, u *users) {
	one := u.token(u.add("Anna", core.RoleCollector, ""), "one")
	u.check(u.RevokeToken(t.Context(), one.ID, noon.Add(time.Hour)))
	u.check(u.RevokeToken(t.Context(), one.ID, noon.Add(2*time.Hour)))
	if list := u.tokens(); len(list) != 1 || !list[0].Revoked.Equal(noon.Add(time.Hour)) {
		t.Fatalf("want it listed with the time it was first revoked, got %+v", list)
	}
}

func tokensGoWithUser(t *testing.T, u *users) {
	anna, ben := u.add("Anna", core.RoleCollector, ""), u.add("Ben", core.RoleCollector, "")
	u.token(anna, "one")
	two := u.token(ben, "two")
	u.check(u.DeleteUser(t.Context(), anna.ID))
	if list := u.tokens(); len(list) != 1 || list[0].ID != two.ID {
		t.Fatalf("want Ben's token only, got %+v", list)
	}
}

func endedSessionsForgotten(t *testing.T, u *users) {
	u.check(u.EndSession(t.Context(), "soon", noon.Add(time.Minute)))
	u.check(u.EndSession(t.Context(), "later", noon.Add(time.Hour)))
	u.check(u.EndSession(t.Context(), "later", noon.Add(time.Hour)))
	at := func(now time.Time, want map[string]time.Time) {
		t.Helper()
		ended, err := u.EndedSessions(t.Context(), now)
		u.check(err)
		same(t, "ended sessions", ended, want)
	}
	at(noon, map[string]time.Time{"soon": noon.Add(time.Minute), "later": noon.Add(time.Hour)})
	at(noon.Add(time.Minute), map[string]time.Time{"later": noon.Add(time.Hour)})
	at(noon, map[string]time.Time{"later": noon.Add(time.Hour)})
}

func revisionGrows(t *testing.T, u *users) {
	last := u.revision()
	grown := func(what string, want bool) {
		t.Helper()
		if now := u.revision(); (now > last) != want || now < last {
			t.Fatalf("%s: the revision went from %d to %d", what, last, now)
		} else {
			last = now
		}
	}
	anna, err := u.AddFirstAdmin(t.Context(), core.User{Person: core.Person{Name: "Anna", Role: core.RoleAdmin}, Active: true}, "one")
	u.check(err)
	grown("a first admin", true)
	ben := u.save(core.User{Person: core.Person{Name: "Ben", Role: core.RoleCollector}, Active: true})
	grown("a new user", true)
	ben.DisplayName = "Ben K."
	u.save(ben)
	grown("a changed user", true)
	u.check(u.SetPassword(t.Context(), ben.ID, "two"))
	grown("a password", true)
	u.check(u.Rehash(t.Context(), ben.ID, "two", "three"))
	grown("another hash of it", true)
	token := u.token(ben, "one")
	grown("a token", true)
	u.check(u.SignedIn(t.Context(), anna.ID, noon))
	u.check(u.TokenUsed(t.Context(), token.ID, noon))
	grown("notes of use", false)
	u.check(u.RevokeToken(t.Context(), token.ID, noon))
	grown("a revoked token", true)
	u.check(u.EndSession(t.Context(), "s", noon.Add(time.Hour)))
	grown("a session signed out", true)
	u.check(u.DeleteUser(t.Context(), ben.ID))
	grown("a deleted user", true)
	u.all()
	u.tokens()
	grown("reading", false)
}
