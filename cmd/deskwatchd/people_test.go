package main

import (
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestPeopleAreAddedReplacedListedAndRemoved(t *testing.T) {
	dir := t.TempDir()
	var ana core.Person
	callJSON(t, dir, &ana, "people", "add", "Ana", "--email", "ana@desk.test", "--role", "lead", "--products", "Spark,Kafka", "--owners", "aruiz", "--mail",
		"--quiet", "fri-sat 18:00-08:00", "--quiet", "sun")
	want := []core.QuietFrame{{Day: time.Friday, From: 1080, To: 480}, {Day: time.Saturday, From: 1080, To: 480}, {Day: time.Sunday, From: 0, To: 1440}}
	if ana.ID == 0 || ana.Role != core.RoleLead || !ana.Mail || len(ana.Products) != 2 || ana.OwnerNames[0] != "aruiz" || len(ana.Quiet) != 3 {
		t.Fatalf("added %+v", ana)
	}
	for i := range want {
		if ana.Quiet[i] != want[i] {
			t.Errorf("quiet %+v, want %+v", ana.Quiet[i], want[i])
		}
	}
	var again core.Person
	callJSON(t, dir, &again, "people", "add", "ANA", "--email", "ana@desk.test")
	if again.ID != ana.ID || again.Mail || again.Role != core.RoleEngineer {
		t.Errorf("replaced by %+v", again)
	}
	var list []core.Person
	callJSON(t, dir, &list, "people", "list")
	if len(list) != 1 || list[0].Name != "ANA" {
		t.Errorf("listed %+v", list)
	}
	if status, _, errs := call(t, dir, "people", "remove", "Bob"); status != 1 || !strings.Contains(errs, "Nobody in the team") {
		t.Errorf("removing nobody: %d, %s", status, errs)
	}
	if status, out, errs := call(t, dir, "people", "remove", "ana"); status != 0 || !strings.Contains(out, "ANA is removed") {
		t.Errorf("removing: %d, %s%s", status, out, errs)
	}
	var notices []core.Notice
	callJSON(t, dir, &notices, "notices", "list")
	if notices == nil || len(notices) != 0 {
		t.Errorf("notices %+v, want an empty list", notices)
	}
	if status, _, errs := call(t, dir, "people", "add", "Bob", "--mail"); status != 1 || !strings.Contains(errs, "e-mail address") {
		t.Errorf("mail without an address: %d, %s", status, errs)
	}
}

func TestQuietHoursAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri 18:00-08:00": "mon 18:00-08:00; tue 18:00-08:00; wed 18:00-08:00; thu 18:00-08:00; fri 18:00-08:00",
		"sat,sun":             "sat 00:00-24:00; sun 00:00-24:00",
		"Fri-Mon 9:30-10:00":  "fri 09:30-10:00; sat 09:30-10:00; sun 09:30-10:00; mon 09:30-10:00",
		"wed 00:00-24:00":     "wed 00:00-24:00",
	} {
		frames, err := parseQuiet(text)
		if got := quietText(frames); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	if frames, err := parseQuiet("daily 22:00-06:00"); err != nil || len(frames) != 7 {
		t.Errorf("daily: %v, %v", frames, err)
	}
	for _, text := range []string{"", "mon 18:00", "mon 18:00-18:00", "someday", "mon 25:00-26:00", "mon 24:00-08:00", "mon 8:5-9:00", "mon 18:00-08:00 x", "mon-", "mon 18-08"} {
		if frames, err := parseQuiet(text); err == nil {
			t.Errorf("%q is read as %v", text, frames)
		}
	}
}
