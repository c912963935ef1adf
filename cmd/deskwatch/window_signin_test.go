package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// TestALockedWindowTellsNothingUntilSomebodySignsIn makes the first admin at the first start of
// the built program, adds an engineer on the command line, signs in with a wrong and the right
// password, lets the engineer in, locks, is told of a ticket without its name, and opens it once the
// engineer is back.
func TestALockedWindowTellsNothingUntilSomebodySignsIn(t *testing.T) {
	bin := builtPrograms(t)
	d := newDesktop(t)
	data, folder := filepath.Join(d.home, "data"), filepath.Join(d.home, "cases")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	headless := func(args ...string) []byte { t.Helper(); return d.headless(bin, data, args...) }
	user := func(name string) core.User {
		t.Helper()
		var list []core.User
		if err := json.Unmarshal(headless("user", "list"), &list); err != nil {
			t.Fatal(err)
		}
		for _, u := range list {
			if u.Name == name {
				return u
			}
		}
		return core.User{}
	}
	window := func() (keys func(...string), write func(string)) {
		id := d.window("Deskwatch")
		d.xdotool("windowfocus", "--sync", id)
		time.Sleep(time.Second) // until the page has the keyboard, which nothing outside can see
		return func(list ...string) { d.xdotool(append([]string{"key", "--delay", "80"}, list...)...) },
			func(text string) { d.xdotool("type", "--delay", "40", text) }
	}

	first, _ := d.open(filepath.Join(bin, "deskwatch"), data)
	keys, write := window()
	write("ana")
	keys("Tab", "Tab")
	write(password)
	keys("Tab")
	write(password)
	d.shot("first-start")
	keys("Return")
	d.until("the first admin", func() bool { u := user("ana"); return u.Role == core.RoleAdmin && u.HasPassword })
	keys("ctrl+q")
	if err := first.Wait(); err != nil {
		t.Fatalf("the first start ended with %v", err)
	}

	d.addUser(bin, data, "ben", "engineer")
	headless("sources", "add", "cases", "--kind", "folder", "--folder", folder)
	if err := os.WriteFile(filepath.Join(folder, "first.json"), cases("TS0001"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := user("ana").LastSignIn
	d.open(filepath.Join(bin, "deskwatch"), data)
	keys, write = window()
	write("not " + password)
	keys("Return")
	time.Sleep(2 * time.Second) // until it was found to be wrong
	if !user("ana").LastSignIn.Equal(before) {
		t.Fatal("a wrong password signed in")
	}
	d.shot("wrong")
	write(password)
	keys("Return")
	d.until("ana signed in", func() bool { return user("ana").LastSignIn.After(before) })
	d.until("the baseline in the pool", func() bool {
		var page core.TicketPage
		return json.Unmarshal(headless("tickets", "list", "--limit", "1"), &page) == nil && page.Total == 1
	})
	time.Sleep(time.Second) // until the tabs stand
	keys("ctrl+l")
	time.Sleep(time.Second) // until it is locked
	keys("shift+Tab", "ctrl+a")
	write("ben")
	keys("Tab")
	write(password)
	keys("Return")
	d.until("ben signed in", func() bool { return !user("ben").LastSignIn.IsZero() })
	time.Sleep(time.Second)
	d.shot("engineer")
	keys("ctrl+l")
	time.Sleep(time.Second)
	if err := os.WriteFile(filepath.Join(folder, "second.json"), cases("TS0002"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told note
	select {
	case told = <-d.note:
	case <-time.After(wait):
		d.shot("no-notice")
		t.Fatal("no notification came")
	}
	if text := told.title + told.text; !strings.Contains(text, "1 news") || strings.Contains(text, "TS0002") || strings.Contains(text, "Acme") {
		t.Errorf("a locked desk tells %q", text)
	}
	d.click(told)
	keys("ctrl+2", "ctrl+o") // do nothing
	d.shot("locked")
	if d.visible("TS0002") {
		t.Error("the click opened the ticket of a locked desk")
	}
	write(password)
	keys("Return")
	d.until("the ticket open in the window", func() bool { return d.visible("TS0002") })
	d.shot("opened")
}
