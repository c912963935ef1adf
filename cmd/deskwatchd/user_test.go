package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

const otters = "three unlikely otters"

// fails runs a command that has to fail, with these words.
func fails(t *testing.T, want int, words, stdin, dir string, args ...string) {
	t.Helper()
	status, out, errs := callWith(t, stdin, dir, args...)
	if status != want || !strings.Contains(errs, words) {
		t.Errorf("deskwatchd %s: %d, %s%s; want %d, %q", strings.Join(args, " "), status, out, errs, want, words)
	}
}

func TestUsersAreAddedChangedListedAndRemoved(t *testing.T) {
	dir := t.TempDir()
	var ana core.User
	callJSON(t, dir, &ana, "user", "add", "Ana", "--display-name", "Ana Ruiz", "--email", "ana@desk.test", "--role", "lead", "--products", "Spark,Kafka",
		"--owners", "aruiz", "--mail", "--quiet", "fri-sat 18:00-08:00", "--quiet", "sun")
	want := []core.QuietFrame{{Day: time.Friday, From: 1080, To: 480}, {Day: time.Saturday, From: 1080, To: 480}, {Day: time.Sunday, From: 0, To: 1440}}
	if ana.ID == 0 || ana.Role != core.RoleLead || !ana.Mail || len(ana.Products) != 2 || ana.OwnerNames[0] != "aruiz" || len(ana.Quiet) != 3 || !ana.Active || ana.DisplayName != "Ana Ruiz" {
		t.Fatalf("added %+v", ana)
	}
	for i := range want {
		if ana.Quiet[i] != want[i] {
			t.Errorf("quiet %+v, want %+v", ana.Quiet[i], want[i])
		}
	}
	fails(t, 1, "is there already", "", dir, "user", "add", "ANA")
	var set core.User
	callJSON(t, dir, &set, "user", "set", "ana", "--products", "Flink", "--mail=false", "--name", "Anna", "--quiet", "")
	if set.ID != ana.ID || set.Name != "Anna" || set.Mail || len(set.Products) != 1 || set.Role != core.RoleLead || len(set.Quiet) != 0 || set.OwnerNames[0] != "aruiz" {
		t.Errorf("changed to %+v", set)
	}
	var again core.User
	callJSON(t, dir, &again, "user", "add", "ANNA", "--email", "ana@desk.test", "--replace")
	if again.ID != ana.ID || again.Role != core.RoleEngineer || len(again.Products) != 0 || again.DisplayName != "" {
		t.Errorf("replaced by %+v", again)
	}
	for _, active := range []bool{false, true} {
		use := map[bool]string{false: "disable", true: "enable"}[active]
		var u core.User
		if callJSON(t, dir, &u, "user", use, "anna"); u.Active != active {
			t.Errorf("%s: %+v", use, u)
		}
	}
	var list []core.User
	callJSON(t, dir, &list, "user", "list")
	if len(list) != 1 || list[0].Name != "ANNA" {
		t.Errorf("listed %+v", list)
	}
	if status, out, errs := call(t, dir, "user", "list"); status != 0 || !strings.Contains(out, "ANNA") || !strings.Contains(out, "engineer") {
		t.Errorf("listed for people: %d, %s%s", status, out, errs)
	}
	fails(t, 1, "Nobody on this desk", "", dir, "user", "remove", "Bob")
	fails(t, 1, `"boss" is not a role`, "", dir, "user", "role", "anna", "boss")
	fails(t, 1, "e-mail address", "", dir, "user", "add", "Bob", "--mail")
	fails(t, 1, "colon", "", dir, "user", "add", "B:ob")
	fails(t, 2, "what of the user", "", dir, "user", "set", "anna")
	fails(t, 2, "--quiet", "", dir, "user", "set", "anna", "--quiet", "someday")
	if status, out, errs := call(t, dir, "user", "remove", "anna"); status != 0 || !strings.Contains(out, "ANNA is removed") {
		t.Errorf("removing: %d, %s%s", status, out, errs)
	}
	var notices []core.Notice
	callJSON(t, dir, &notices, "notices", "list")
	if notices == nil || len(notices) != 0 {
		t.Errorf("notices %+v, want an empty list", notices)
	}
}

func TestPasswordsComeFromStandardInputAndTheFirstIsAnAdmins(t *testing.T) {
	dir := t.TempDir()
	fails(t, 1, "must be an active admin", otters+"\n", dir, "user", "add", "Eva", "--role", "engineer", "--password-stdin")
	fails(t, 1, "no password on standard input", "\n"+otters, dir, "user", "add", "Ada", "--role", "admin", "--password-stdin")
	fails(t, 1, "12 characters", "short", dir, "user", "add", "Ada", "--role", "admin", "--password-stdin")
	status, out, errs := callWith(t, otters+"\r\nmore\n", dir, "user", "add", "Ada", "--role", "admin", "--password-stdin")
	if status != 0 || strings.Contains(out+errs, otters) {
		t.Fatalf("%d, %s%s", status, out, errs)
	}
	fails(t, 1, "last active admin", "", dir, "user", "role", "ada", "lead")
	fails(t, 1, "last active admin", "", dir, "user", "disable", "ada")
	fails(t, 1, "last active admin", "", dir, "user", "remove", "ada")
	fails(t, 2, "--password-stdin", "", dir, "user", "passwd", "Ada")
	fails(t, 1, "no password", "", dir, "user", "passwd", "Ada", "--password-stdin")
	if status, out, errs := callWith(t, "seven violet kettles", dir, "user", "passwd", "Ada", "--password-stdin"); status != 0 || !strings.Contains(out, "Ada has a new password") {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	var list []core.User
	callJSON(t, dir, &list, "user", "list")
	if len(list) != 1 || !list[0].HasPassword || list[0].Role != core.RoleAdmin {
		t.Errorf("listed %+v", list)
	}
}

func TestATokenIsPrintedOnce(t *testing.T) {
	dir := t.TempDir()
	callJSON(t, dir, new(core.User), "user", "add", "robot", "--role", "collector")
	status, out, errs := call(t, dir, "--json", "token", "create", "Robot", "--name", "collector in Madrid", "--scope", "upload,read", "--expires", "90d")
	var made createdToken
	if err := json.Unmarshal([]byte(out), &made); status != 0 || err != nil {
		t.Fatalf("%d, %v, %s%s", status, err, out, errs)
	}
	in := time.Until(made.Expires)
	if made.Text == "" || !strings.HasPrefix(made.Text, made.Start) || made.UserName != "robot" || len(made.Scopes) != 2 || in < 89*24*time.Hour || in > 90*24*time.Hour {
		t.Errorf("made %+v", made.Token)
	}
	status, text, errs := call(t, dir, "token", "create", "robot", "--name", "another", "--scope", "upload")
	if status != 0 || len(strings.Fields(text)) != 1 || !strings.Contains(errs, "Token 2 of robot") {
		t.Errorf("for people: %d, %q, %s", status, text, errs)
	}
	if status, out, errs := call(t, dir, "token", "revoke", "1"); status != 0 || !strings.Contains(out, "Token 1 is revoked") {
		t.Errorf("%d, %s%s", status, out, errs)
	}
	_, listed, _ := call(t, dir, "token", "list")
	_, asJSON, _ := call(t, dir, "--json", "token", "list")
	for _, said := range []string{listed, asJSON} {
		if strings.Contains(said, made.Text) || strings.Contains(said, strings.TrimSpace(text)) || !strings.Contains(said, "collector in Madrid") {
			t.Errorf("listed %s", said)
		}
	}
	var list []core.Token
	callJSON(t, dir, &list, "token", "list")
	if len(list) != 2 || list[0].ID != 2 || !list[0].Revoked.IsZero() || !list[0].Expires.IsZero() || list[1].Revoked.IsZero() {
		t.Errorf("listed %+v", list)
	}
	fails(t, 1, "Nobody on this desk", "", dir, "token", "create", "Bob", "--name", "x", "--scope", "all")
	fails(t, 1, "Say what the token may be used for", "", dir, "token", "create", "robot", "--name", "x")
	fails(t, 1, "There is no such token", "", dir, "token", "revoke", "9")
	fails(t, 2, "not the id of a token", "", dir, "token", "revoke", "x")
	for _, expires := range []string{"90", "0d", "-1d", "d", "1e3d", "soon", "4000d", "-1h"} {
		fails(t, 2, "--expires", "", dir, "token", "create", "robot", "--name", "x", "--scope", "all", "--expires="+expires)
	}
}
