package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
	"deskwatch/core/store"
)

func TestWhoHasToSignIn(t *testing.T) {
	cred := func(id int64, role core.Role, hash string) auth.Credential {
		return auth.Credential{User: core.User{Person: core.Person{ID: id, Name: string(role), Role: role}, Active: true}, Hash: hash}
	}
	admin, lead, robot, told := cred(1, core.RoleAdmin, "$"), cred(2, core.RoleLead, "$"), cred(3, core.RoleCollector, "$"), cred(4, core.RoleEngineer, "")
	off := lead
	off.User.Active = false
	for _, c := range []struct {
		name            string
		mode            core.SignInMode
		later, foreign  bool
		known           []auth.Credential
		first, required bool
	}{
		{"a new desk asks for its first admin", core.SignInAuto, false, false, nil, true, false},
		{"not when that was put off", core.SignInAuto, true, false, nil, false, false},
		{"who is told only does not count", core.SignInAlways, false, true, []auth.Credential{told}, true, false},
		{"one person at their own desk signs in never", core.SignInAuto, false, false, []auth.Credential{admin, told}, false, false},
		{"unless it is wished", core.SignInAlways, false, false, []auth.Credential{admin}, false, true},
		{"or the folder is somebody else's", core.SignInAuto, false, true, []auth.Credential{admin}, false, true},
		{"two people do", core.SignInAuto, false, false, []auth.Credential{admin, lead}, false, true},
		{"a program is nobody to tell apart", core.SignInAuto, false, false, []auth.Credential{admin, robot}, false, false},
		{"nor is who is disabled", core.SignInAuto, false, false, []auth.Credential{admin, off}, false, false},
	} {
		s := seatOf(core.SignInSettings{Mode: c.mode, Later: c.later, LockMinutes: 7}, c.foreign, false, c.known, nil, 0)
		if s.FirstStart != c.first || s.Required != c.required || s.Locked != c.required {
			t.Errorf("%s: %+v", c.name, s)
		}
		if want := 7 * time.Minute; s.Required != (s.LockAfter == want) {
			t.Errorf("%s: locks itself after %v", c.name, s.LockAfter)
		}
		if s.Required == s.Actor.May(core.ReadTickets) {
			t.Errorf("%s: %+v may read tickets", c.name, s.Actor)
		}
	}
}

// shared is a desk two people sign in to; they are Ada, an admin, and Eva, an engineer.
func shared(t *testing.T) (d *desk, ada, eva core.User) {
	t.Helper()
	d = newDesk(t)
	ada = d.user(t, someone("Ada", core.RoleAdmin), good)
	eva = d.user(t, someone("Eva", core.RoleEngineer), better)
	return d, ada, eva
}

func (d *desk) signs(t *testing.T, name, password string) core.Seat {
	t.Helper()
	if err := d.SignIn(t.Context(), name, core.NewSecret(password)); err != nil {
		t.Fatal(err)
	}
	return d.Seat()
}

func TestALockedDeskShowsNothingUntilSomebodySignsIn(t *testing.T) {
	d, _, eva := shared(t)
	if s := d.Seat(); !s.Required || !s.Locked || s.Actor.Role != "" {
		t.Fatalf("two people: %+v", s)
	}
	_, err := d.Rules(t.Context())
	wantError(t, err, core.CodeSignIn, "locked")
	wantError(t, d.SignIn(t.Context(), "Eva", core.NewSecret(good)), core.CodeSignIn, "wrong")
	events, cancel := d.Subscribe(16)
	defer cancel()
	s := d.signs(t, " eva ", better)
	if s.Locked || s.Actor.UserID != eva.ID || s.Actor.Role != core.RoleEngineer || s.Title != "Eva" || s.LastUser != "Eva" {
		t.Errorf("signed in as %+v", s)
	}
	if !happens[core.SeatChanged](events) {
		t.Error("nobody heard of it")
	}
	if _, err := d.Rules(t.Context()); err != nil {
		t.Error(err)
	}
	_, err = d.Users(t.Context())
	wantError(t, err, core.CodeForbidden, "engineer")
	if err := d.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); !s.Locked || s.Title != "Eva" || s.LastUser != "Eva" {
		t.Errorf("locked: %+v", s)
	}
	if _, err := d.Rules(t.Context()); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("the locked desk answers: %v", err)
	}
	d.signs(t, "Ada", good)
	if err := d.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); !s.Locked || s.Title != "" || s.LastUser != "Ada" || s.Actor.UserID != 0 {
		t.Errorf("signed out: %+v", s)
	}
	if s := d.open(t).Seat(); !s.Locked || s.LastUser != "Ada" {
		t.Errorf("started again: %+v", s)
	}
}

func TestACommandNeverSignsIn(t *testing.T) {
	d, _, _ := shared(t)
	a, err := New(t.Context(), Config{DataDir: d.dir, KeyDir: d.keys, Program: "deskwatchd", Now: d.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	if s := a.Seat(); s.Required || s.FirstStart || !s.Actor.May(core.EditUsers) {
		t.Errorf("the seat of a command: %+v", s)
	}
	if _, err := a.Users(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAProgramCannotSitDown(t *testing.T) {
	d, _, _ := shared(t)
	d.user(t, someone("robot", core.RoleCollector), good)
	wantError(t, d.SignIn(t.Context(), "robot", core.NewSecret(good)), core.CodeForbidden, "a program")
	if s := d.Seat(); !s.Locked {
		t.Errorf("it sits there: %+v", s)
	}
}

func TestTheSeatFollowsWhatBecomesOfItsUser(t *testing.T) {
	d, _, eva := shared(t)
	d.FollowTickets()
	other := d.open(t)
	seen := func() {
		t.Helper()
		revision, err := d.users.Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); d.seat.revision.Load() < revision && time.Since(began) < 5*time.Second; {
			time.Sleep(5 * time.Millisecond)
		}
	}
	for _, c := range []struct {
		name   string
		change func()
		locked bool
		role   core.Role
	}{
		{"another e-mail", func() { eva.Email = "eva@desk.example"; saveUser(t, other, eva, "") }, false, core.RoleEngineer},
		{"a lead now", func() { eva.Role = core.RoleLead; saveUser(t, other, eva, "") }, false, core.RoleLead},
		{"another password", func() { saveUser(t, other, eva, better) }, true, ""},
		{"disabled", func() { eva.Active = false; saveUser(t, other, eva, "") }, true, ""},
		{"removed", func() {
			eva.Active = true
			saveUser(t, other, eva, "")
			seen()
			d.signs(t, "Eva", better)
			if err := other.DeleteUser(core.WithActor(t.Context(), core.FolderOwner()), eva.ID); err != nil {
				t.Fatal(err)
			}
		}, true, ""},
	} {
		if eva.Active {
			d.signs(t, "Eva", better)
		}
		c.change()
		seen()
		if s := d.Seat(); s.Locked != c.locked || s.Actor.Role != c.role {
			t.Errorf("%s: the seat is %+v", c.name, s)
		}
	}
}

func TestALockedDeskDoesNotOpenByItself(t *testing.T) {
	d, ada, eva := shared(t)
	ctx := as(t, ada)
	if err := d.DeleteUser(ctx, eva.ID); err != nil { // one person is left, and nobody to tell apart
		t.Fatal(err)
	}
	if s := d.Seat(); !s.Locked {
		t.Fatalf("it stands open: %+v", s)
	}
	d.signs(t, "Ada", good)
	if s := d.Seat(); s.Required || s.Locked || s.Actor.UserID != ada.ID {
		t.Errorf("for the one who is left: %+v", s)
	}
}

func TestWhoChangesTheirOwnPasswordHereStaysSignedIn(t *testing.T) {
	d, ada, _ := shared(t)
	d.signs(t, "Ada", good)
	if err := d.ChangePassword(t.Context(), core.NewSecret(good), core.NewSecret("nine patient walruses")); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); s.Locked || s.Actor.UserID != ada.ID {
		t.Errorf("after their own word: %+v", s)
	}
	if _, err := d.SaveUser(t.Context(), ada, new(core.NewSecret(better))); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); s.Locked {
		t.Errorf("after their own word in the list of users: %+v", s)
	}
	// The same user at another place, such as over REST, ends this seat's session.
	if _, err := d.SaveUser(core.WithActor(t.Context(), core.Actor{UserID: 99, Name: "Cy", Role: core.RoleAdmin}), ada, new(core.NewSecret(good))); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); !s.Locked {
		t.Errorf("after another admin's: %+v", s)
	}
}

func TestTheFirstStartAsksForAnAdminAndSignsThemIn(t *testing.T) {
	d := newDesk(t)
	d.user(t, core.User{Person: core.Person{Name: "Ana", Role: core.RoleLead, Email: "ana@desk.example", Products: []string{"Spark"}, Mail: true}, Active: true}, "")
	if s := d.Seat(); !s.FirstStart || s.Locked {
		t.Fatalf("at first: %+v", s)
	}
	wantError(t, d.CreateFirstAdmin(t.Context(), core.User{Person: core.Person{Name: "Ana"}}, core.Secret{}), core.CodeInvalid, "password")
	wantError(t, d.CreateFirstAdmin(t.Context(), core.User{Person: core.Person{Name: "A:na"}}, core.NewSecret(good)), core.CodeInvalid, "colon")
	if err := d.CreateFirstAdmin(t.Context(), core.User{Person: core.Person{Name: "ana"}}, core.NewSecret(good)); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); s.FirstStart || s.Required || s.Locked || s.Title != "ana" || s.Actor.Role != core.RoleAdmin {
		t.Errorf("afterwards: %+v", s)
	}
	list, err := d.Users(t.Context())
	if err != nil || len(list) != 1 || list[0].Role != core.RoleAdmin || list[0].Email != "ana@desk.example" || !list[0].Mail || len(list[0].Products) != 1 || list[0].LastSignIn.IsZero() {
		t.Errorf("kept %+v, %v", list, err)
	}
	wantError(t, d.CreateFirstAdmin(t.Context(), core.User{Person: core.Person{Name: "Bob"}}, core.NewSecret(good)), core.CodeConflict, "already")
	// A second person makes signing in necessary; who sits here already stays.
	d.user(t, someone("Eva", core.RoleEngineer), better)
	if s := d.Seat(); !s.Required || s.Locked || s.Title != "ana" {
		t.Errorf("with a second user: %+v", s)
	}
}

func TestTheFirstStartsQuestionCanBePutOff(t *testing.T) {
	d := newDesk(t)
	if err := d.PutOffFirstAdmin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); s.FirstStart || s.Locked || !d.Settings().SignIn.Later {
		t.Errorf("put off: %+v", s)
	}
	if s := d.open(t).Seat(); s.FirstStart {
		t.Errorf("asked again: %+v", s)
	}
}

func TestSigningInIsWishedAndTakesEffectAtOnce(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	if err := d.Lock(t.Context()); err != nil || d.Seat().Locked {
		t.Fatalf("a desk nobody signs in to was locked: %+v, %v", d.Seat(), err)
	}
	if _, err := d.SetSettings(t.Context(), []string{"sign_in.mode=always"}); err != nil {
		t.Fatal(err)
	}
	if s := d.Seat(); !s.Locked {
		t.Errorf("the seat is %+v", s)
	}
}

func TestWhoSignsInIsThePersonAtThisDesk(t *testing.T) {
	d, _, eva := shared(t)
	eva.OwnerNames = []string{"eva.s"}
	d.user(t, eva, "")
	d.set(t, func(s *core.Settings) { s.Notify.Me = "Ada" })
	if err := d.readMe(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, "Ada"},
		{func() error { return d.SignIn(t.Context(), "Eva", core.NewSecret(better)) }, "Eva eva.s"},
		{func() error { return d.Lock(t.Context()) }, "Eva eva.s"}, // away from the desk, not from the work
		{func() error { return d.SignOut(t.Context()) }, "Ada"},
	} {
		if err := c.do(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(*d.ownNames.Load(), " "); got != c.want {
			t.Errorf("owner:me is %q, want %q", got, c.want)
		}
		if s, err := d.newsroom(t.Context()); err != nil || s.Me != strings.Fields(c.want)[0] {
			t.Errorf("the desk tells %q, want %q (%v)", s.Me, c.want, err)
		}
	}
}

func TestNewsWaitsUntilSomebodySitsAtTheDesk(t *testing.T) {
	d := newsDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	d.user(t, someone("Eva", core.RoleEngineer), better)
	d.takes(t, d.answered("1", "a"))
	d.wantNews(t)
	d.signs(t, "Eva", better)
	d.wantNews(t, "New ticket | 1 Help with 1 (Shop a): waiting since 09:00")
	if err := d.Lock(t.Context()); err != nil { // away, and told of what comes
		t.Fatal(err)
	}
	d.clock.advance(time.Minute)
	d.takes(t, d.answered("2", "a"))
	d.wantNews(t, "New ticket | 2 Help with 2 (Shop a): waiting since 09:01")
}

func TestAFolderOfAnotherUserIsNoticed(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(d.dir, store.DeskFile)
	if ofAnotherUser(path) {
		t.Error("one's own file is taken for another's")
	}
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	if err := os.Chown(path, 12345, -1); err != nil {
		t.Fatal(err)
	}
	if !ofAnotherUser(path) {
		t.Error("another's file is taken for one's own")
	}
	d.user(t, someone("Ada", core.RoleAdmin), good)
	if s := d.open(t).Seat(); !s.Locked {
		t.Errorf("the desk opens to somebody else: %+v", s)
	}
}

func TestEachChangeOfTheSettingsAsksForItsOwnPermission(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*core.Settings)
		needs  []core.Permission
	}{
		{"nothing", func(*core.Settings) {}, []core.Permission{core.SetOwnWindow}},
		{"theme", func(s *core.Settings) { s.General.Theme = "dark" }, []core.Permission{core.SetOwnWindow}},
		{"notifications", func(s *core.Settings) { s.General.Notifications = false }, []core.Permission{core.SetOwnWindow}},
		{"log level", func(s *core.Settings) { s.General.LogLevel = "debug" }, []core.Permission{core.EditSettings}},
		{"mail", func(s *core.Settings) { s.Mail.Port = 25 }, []core.Permission{core.EditSettings}},
		{"spellings", func(s *core.Settings) { s.Orders.Statuses = map[string]core.Status{"lost": core.StatusCancelled} }, []core.Permission{core.EditSettings}},
		{"alerts", func(s *core.Settings) { s.Alerts.SendSeconds = 60 }, []core.Permission{core.EditSettings}},
		{"clock", func(s *core.Settings) { s.Clock.AlwaysOpen = true }, []core.Permission{core.EditSettings}},
		{"who sits here", func(s *core.Settings) { s.Notify.Me = "Ana" }, []core.Permission{core.EditSettings}},
		{"server", func(s *core.Settings) { s.Server.Hosts = []string{"desk"} }, []core.Permission{core.EditServer}},
		{"signing in", func(s *core.Settings) { s.SignIn.LockMinutes = 0 }, []core.Permission{core.EditServer}},
		{"order book", func(s *core.Settings) { s.OrderBook.Database = "other" }, []core.Permission{core.EditServer}},
		{"all", func(s *core.Settings) { s.General.Theme, s.Mail.Port, s.Server.Enabled = "dark", 25, true },
			[]core.Permission{core.SetOwnWindow, core.EditServer, core.EditSettings}},
	} {
		before, after := core.DefaultSettings(), core.DefaultSettings()
		c.change(&after)
		if got := neededFor(before, after); !slices.Equal(got, c.needs) {
			t.Errorf("%s: %q, want %q", c.name, got, c.needs)
		}
	}
}

func TestWhoMayNotChangeASettingOrSecretChangesNone(t *testing.T) {
	d := newDesk(t)
	engineer := core.WithActor(t.Context(), core.Actor{Name: "Eva", Role: core.RoleEngineer})
	lead := core.WithActor(t.Context(), core.Actor{Name: "Leo", Role: core.RoleLead})
	s := d.Settings()
	s.General.Theme = "dark"
	if err := d.SaveSettings(engineer, s); err != nil {
		t.Errorf("an engineer may not choose a theme: %v", err)
	}
	_, err := d.SetSettings(engineer, []string{"mail.port=25"})
	wantError(t, err, core.CodeForbidden, "engineer")
	if _, err := d.SetSettings(lead, []string{"mail.port=25"}); err != nil {
		t.Error(err)
	}
	s = d.Settings()
	s.Server.Enabled = true
	wantError(t, d.SaveSettings(lead, s), core.CodeForbidden, "lead")
	if d.Settings().Server.Enabled {
		t.Error("it was changed all the same")
	}
	for _, name := range []string{core.SecretOrderBook, core.SecretServerTLS, core.SecretTokenKey} {
		wantError(t, d.SetSecret(lead, name, core.NewSecret("x")), core.CodeForbidden, "lead")
	}
	if err := d.SetSecret(lead, core.SecretSMTP, core.NewSecret("x")); err != nil {
		t.Error(err)
	}
	wantError(t, d.SetSecret(engineer, core.SecretSMTP, core.NewSecret("x")), core.CodeForbidden, "engineer")
}
