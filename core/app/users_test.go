package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/vault"
)

// good and better are passwords nothing is wrong with.
const (
	good   = "three unlikely otters"
	better = "seven violet kettles"
)

// user saves a user, with a password unless it is "".
func (d *desk) user(t *testing.T, u core.User, password string) core.User {
	t.Helper()
	return saveUser(t, d.App, u, password)
}

func saveUser(t *testing.T, a *App, u core.User, password string) core.User {
	t.Helper()
	var given *core.Secret
	if password != "" {
		given = new(core.NewSecret(password))
	}
	saved, err := a.SaveUser(core.WithActor(t.Context(), core.FolderOwner()), u, given)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func someone(name string, role core.Role) core.User {
	return core.User{Person: core.Person{Name: name, Role: role}, Active: true}
}

// as is the context of somebody's work.
func as(t *testing.T, u core.User) context.Context {
	t.Helper()
	return core.WithActor(t.Context(), core.Actor{UserID: u.ID, Name: u.Name, Role: u.Role})
}

func TestAUserIsCheckedBeforeTheyAreKept(t *testing.T) {
	d := newDesk(t)
	long := strings.Repeat("x", 101)
	for _, c := range []struct {
		field, want string
		user        core.User
		password    string
	}{
		{"name", "Give the user a name.", core.User{Person: core.Person{Name: "  "}}, ""},
		{"name", "The name is too long.", core.User{Person: core.Person{Name: long}}, ""},
		{"name", "The name has a line break", core.User{Person: core.Person{Name: "a\nb"}}, ""},
		{"name", "The name has a line break", core.User{Person: core.Person{Name: "a\u2028b"}}, ""},
		{"name", "The name has a line break", core.User{Person: core.Person{Name: "a\xffb"}}, ""},
		{"name", "The name has a colon", core.User{Person: core.Person{Name: "a:b"}}, ""},
		{"display_name", "The display name is too long.", core.User{Person: core.Person{Name: "a"}, DisplayName: long}, ""},
		{"display_name", "The display name has a line break", core.User{Person: core.Person{Name: "a"}, DisplayName: "a\rb"}, ""},
		{"role", `"boss" is not a role.`, core.User{Person: core.Person{Name: "a", Role: "boss"}}, ""},
		{"email", "Give an e-mail address", core.User{Person: core.Person{Name: "a", Mail: true}}, ""},
		{"email", "is not an e-mail address", core.User{Person: core.Person{Name: "a", Email: "nobody"}}, ""},
		{"quiet", "One of the quiet hours", core.User{Person: core.Person{Name: "a", Quiet: []core.QuietFrame{{Day: 1, From: 60, To: 60}}}}, ""},
		{"quiet", "There are 51 quiet hours", core.User{Person: core.Person{Name: "a", Quiet: make([]core.QuietFrame, 51)}}, ""},
		{"products", "One of the products is longer", core.User{Person: core.Person{Name: "a", Products: []string{long + long}}}, ""},
		{"owners", "There are 101 owner names", core.User{Person: core.Person{Name: "a", OwnerNames: many(101)}}, ""},
		{"password", "12 characters", core.User{Person: core.Person{Name: "a", Role: core.RoleAdmin}}, "short"},
	} {
		problems := d.CheckUser(c.user, core.NewSecret(c.password))
		if len(problems) != 1 || problems[0].Name != c.field || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%s, %s: %+v", c.field, c.want, problems)
		}
		_, err := d.SaveUser(t.Context(), c.user, new(core.NewSecret(c.password)))
		if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), c.want) {
			t.Errorf("%s: saved, %v", c.want, err)
		}
	}
	if list, err := d.Users(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func many(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("name ", i)
	}
	return list
}

func TestAUserIsKeptTidyAndTheirNameFollows(t *testing.T) {
	d := newDesk(t)
	events, cancel := d.Subscribe(16)
	defer cancel()
	u := d.user(t, core.User{Person: core.Person{Name: " Ane\u0301 ", Products: []string{"Spark ", "", "spark"}}, Active: true}, "")
	if u.Name != "An\u00e9" || len(u.Products) != 1 || u.Products[0] != "Spark" || u.Role != core.RoleEngineer || u.OwnerNames == nil || u.Quiet == nil ||
		u.Created.IsZero() || u.HasPassword {
		t.Errorf("kept as %+v", u)
	}
	if !happens[core.UsersChanged](events) {
		t.Error("nobody heard of the new user")
	}
	if _, err := d.SaveUser(t.Context(), someone("ANÉ", core.RoleLead), nil); core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("two of one name: %v", err)
	}
	d.set(t, func(s *core.Settings) { s.Notify.Me = "ané" })
	u.Name = "Anna"
	d.user(t, u, "")
	if me := d.Settings().Notify.Me; me != "Anna" {
		t.Errorf("the desk is still %q's", me)
	}
	if err := d.DeleteUser(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.DeleteUser(t.Context(), u.ID); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("removed twice: %v", err)
	}
}

// happens reports whether an event of the type is waiting.
func happens[E core.Event](events <-chan core.Event) bool {
	for {
		select {
		case e := <-events:
			if _, ok := e.(E); ok {
				return true
			}
		case <-time.After(2 * time.Second):
			return false
		}
	}
}

func TestTheFirstPasswordIsAnAdmins(t *testing.T) {
	d := newDesk(t)
	off := someone("Ada", core.RoleAdmin)
	off.Active = false
	for _, u := range []core.User{someone("Leo", core.RoleLead), someone("robot", core.RoleCollector), off} {
		_, err := d.SaveUser(t.Context(), u, new(core.NewSecret(good)))
		wantError(t, err, core.CodeInvalid, "first user with a password must be an active admin")
	}
	ada := d.user(t, someone("Ada", core.RoleAdmin), good)
	leo := d.user(t, someone("Leo", core.RoleLead), better)
	if !ada.HasPassword || !leo.HasPassword {
		t.Errorf("kept as %+v and %+v", ada, leo)
	}
	ctx := as(t, ada)
	ada.Role = core.RoleLead
	_, err := d.SaveUser(ctx, ada, nil)
	wantError(t, err, core.CodeConflict, "last active admin")
	ada.Role = core.RoleAdmin
	_, err = d.SaveUser(ctx, ada, new(core.Secret))
	wantError(t, err, core.CodeConflict, "Ada was saved, but the password stayed as it was.")
	wantError(t, d.DeleteUser(ctx, ada.ID), core.CodeConflict, "last active admin")
	leo, err = d.SaveUser(ctx, leo, new(core.Secret))
	if err != nil || leo.HasPassword {
		t.Errorf("the password taken away: %+v, %v", leo, err)
	}
}

func TestADeskHasAThousandUsersAtMost(t *testing.T) {
	d := newDesk(t)
	err := d.desk.Writer().Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
		INSERT INTO users (name, name_key, display_name, email, role, active, password_hash, generation, created, last_sign_in, value)
		SELECT 'user ' || i, 'user ' || i, '', '', 'engineer', 1, '', 1, 0, 0, '{}' FROM n`).Error
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.SaveUser(t.Context(), someone("one more", core.RoleEngineer), nil)
	wantError(t, err, core.CodeInvalid, "There are 1000 users already")
	list, err := d.Users(t.Context())
	if err != nil || len(list) != 1000 {
		t.Fatal(len(list), err)
	}
	list[0].DisplayName = "Somebody"
	d.user(t, list[0], "") // who is there can still be changed
}

func TestEachProcessKnowsWhatAnotherChanged(t *testing.T) {
	d := newDesk(t)
	window := d.open(t)
	window.FollowTickets()
	events, cancel := window.Subscribe(16)
	defer cancel()
	ada := d.user(t, someone("Ada", core.RoleAdmin), good)
	if !happens[core.UsersChanged](events) {
		t.Fatal("the other process heard of nothing")
	}
	if _, err := window.auth.User(t.Context(), ada.ID); err != nil {
		t.Errorf("the other process does not know the new user: %v", err)
	}
}

func TestWhoMayNotChangeUsersChangesNone(t *testing.T) {
	d := newDesk(t)
	ada := d.user(t, someone("Ada", core.RoleAdmin), good)
	for _, role := range []core.Role{core.RoleLead, core.RoleEngineer, core.RoleCollector} {
		ctx := core.WithActor(t.Context(), core.Actor{UserID: 99, Name: "x", Role: role})
		_, save := d.SaveUser(ctx, someone("New", core.RoleAdmin), nil)
		_, _, create := d.CreateToken(ctx, core.NewToken{User: "Ada", Name: "x", Scopes: []core.Scope{core.ScopeAll}})
		for what, err := range map[string]error{"save": save, "delete": d.DeleteUser(ctx, ada.ID), "create": create, "revoke": d.RevokeToken(ctx, 1)} {
			if core.ErrorCode(err) != core.CodeForbidden {
				t.Errorf("%s, %s: %v", role, what, err)
			}
		}
		_, err := d.Users(ctx)
		if may := role.May(core.ReadUsers); may != (err == nil) {
			t.Errorf("%s reads the users: %v", role, err)
		}
	}
	if list, err := d.Users(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func TestEverybodyChangesTheirOwnPasswordKnowingTheOld(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	eva := d.user(t, someone("Eva", core.RoleEngineer), good)
	ctx := as(t, eva)
	wantError(t, d.ChangePassword(ctx, core.NewSecret(better), core.NewSecret(better)), core.CodeSignIn, "wrong")
	wantError(t, d.ChangePassword(ctx, core.NewSecret(good), core.NewSecret("short")), core.CodeInvalid, "12 characters")
	if err := d.ChangePassword(ctx, core.NewSecret(good), core.NewSecret(better)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.auth.SignIn(t.Context(), "eva", core.NewSecret(better), ""); err != nil {
		t.Errorf("the new password does not serve: %v", err)
	}
	wantError(t, d.ChangePassword(core.WithActor(t.Context(), core.FolderOwner()), core.NewSecret(good), core.NewSecret(better)), core.CodeInvalid, "sign in first")
}

func TestATokenIsMadeShownOnceAndRevoked(t *testing.T) {
	d := newDesk(t)
	d.user(t, someone("Ada", core.RoleAdmin), good)
	robot := d.user(t, someone("robot", core.RoleCollector), "")
	n := core.NewToken{User: "Robot", Name: " collector in Madrid ", Scopes: []core.Scope{core.ScopeUpload, core.ScopeUpload}, Expires: d.clock.Now().Add(time.Hour)}
	token, text, err := d.CreateToken(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if token.UserID != robot.ID || token.UserName != "robot" || token.Name != "collector in Madrid" || len(token.Scopes) != 1 || !strings.HasPrefix(text.Reveal(), token.Start) {
		t.Errorf("made %+v", token)
	}
	actor, err := d.auth.Bearer(t.Context(), text, "")
	if err != nil || actor.UserID != robot.ID || !slices.Equal(actor.Scopes, []core.Scope{core.ScopeUpload}) {
		t.Errorf("the token is %+v's, %v", actor, err)
	}
	if err := d.RevokeToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.auth.Bearer(t.Context(), text, ""); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("the revoked token serves: %v", err)
	}
	list, err := d.Tokens(t.Context())
	if err != nil || len(list) != 1 || list[0].Revoked.IsZero() {
		t.Errorf("listed %+v, %v", list, err)
	}
	if said := fmt.Sprintf("%+v %+v", list, d.LogLines(core.LogQuery{})); strings.Contains(said, text.Reveal()) {
		t.Error("the text of the token is said somewhere")
	}
	for want, wrong := range map[string]core.NewToken{
		"Nobody on this desk":         {User: "who", Name: "x", Scopes: n.Scopes},
		"Say what the token is for,":  {User: "robot", Scopes: n.Scopes},
		"control character":           {User: "robot", Name: "a\nb", Scopes: n.Scopes},
		"Say what the token may be":   {User: "robot", Name: "x"},
		`"fly" is nothing`:            {User: "robot", Name: "x", Scopes: []core.Scope{"fly"}},
		"would have expired already.": {User: "robot", Name: "x", Scopes: n.Scopes, Expires: d.clock.Now().Add(-time.Hour)},
	} {
		if _, _, err := d.CreateToken(t.Context(), wrong); err == nil || !strings.Contains(core.ErrorMessage(err), want) {
			t.Errorf("%+v: %v, want %q", wrong, err, want)
		}
	}
	robot.Active = false
	d.user(t, robot, "")
	_, _, err = d.CreateToken(t.Context(), n)
	wantError(t, err, core.CodeInvalid, "robot is disabled")
}

func TestANameForgesNoLineOfTheLog(t *testing.T) {
	d := newDesk(t)
	ctx := core.WithActor(t.Context(), core.Actor{Name: "x\n2026-01-01T00:00:00.000Z INFO app forged", Role: core.RoleAdmin})
	if _, err := d.SaveUser(ctx, someone("Ada", core.RoleAdmin), new(core.NewSecret(good))); err != nil {
		t.Fatal(err)
	}
	_ = d.SignIn(t.Context(), "y\n2026-01-01T00:00:00.000Z INFO app forged", core.NewSecret(good)) // it fails, and is logged
	said := 0
	for _, l := range d.LogLines(core.LogQuery{}) {
		if strings.HasPrefix(l.Text, "forged") || strings.Contains(l.Text, "\n") {
			t.Errorf("a forged line: %+v", l)
		}
		if strings.Contains(l.Text, "a user was added") && strings.Contains(l.Text, `x\n2026`) {
			said++
		}
		if strings.Contains(l.Text, good) {
			t.Errorf("the password is in %+v", l)
		}
	}
	if said != 1 {
		t.Error("it is not logged who added the user")
	}
}

func TestTheKeyOfTokensIsMadeOnceAndKept(t *testing.T) {
	d := newDesk(t)
	var keys [4]core.Secret
	var wg sync.WaitGroup
	for i, a := range []*App{d.App, d.open(t)} {
		wg.Go(func() {
			var err, second error
			keys[2*i], err = a.tokenKey(t.Context())
			keys[2*i+1], second = a.tokenKey(t.Context())
			if err := errors.Join(err, second); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	last, err := d.tokenKey(t.Context())
	if err != nil || last.IsZero() || keys[1] != last && keys[3] != last {
		t.Errorf("the key did not stay: %v", err)
	}
	if said := fmt.Sprintf("%+v", d.LogLines(core.LogQuery{})); strings.Contains(said, last.Reveal()) {
		t.Error("the key is in the log")
	}
}

func TestWithoutAVaultAKeyOfThisProcessServesAndTheLogSaysSo(t *testing.T) {
	d := newDesk(t)
	d.vault = vault.Open(vault.Options{DataDir: filepath.Join(d.dir, "not there"), KeyDir: d.keys, ID: d.install, FileOnly: true})
	key, err := d.tokenKey(t.Context())
	if err != nil || key.IsZero() {
		t.Fatal(err)
	}
	said := fmt.Sprintf("%+v", d.LogLines(core.LogQuery{}))
	if !strings.Contains(said, "one of this process serves until it ends") || strings.Contains(said, key.Reveal()) {
		t.Errorf("the log says %s", said)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.tokenKey(ctx); err == nil {
		t.Error("a key is made for somebody who went away")
	}
}
