package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// Seat of the fake is whatever the test says.
func (d *fakeDesk) Seat() core.Seat {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seatNow
}

// seatIs seats somebody, and tells it as the core does.
func (d *fakeDesk) seatIs(s core.Seat) {
	d.mu.Lock()
	d.seatNow = s
	d.mu.Unlock()
	d.publish(core.SeatChanged{Seat: s})
}

func (d *fakeDesk) Lock(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.locks++
	if d.lockBy == nil {
		d.seatNow.Locked = true
	}
	return d.lockBy
}

func (d *fakeDesk) PutOffFirstAdmin(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seatNow.FirstStart = false
	return nil
}

func (d *fakeDesk) CheckUser(core.User, core.Secret) []core.SettingProblem { return nil }

// seated is a user at the window.
func seated(id int64, name string, role core.Role) core.Seat {
	return core.Seat{Required: true, Actor: core.Actor{UserID: id, Name: name, Role: role}, Title: name, LockAfter: 15 * time.Minute, LastUser: name}
}

func locked(s core.Seat) core.Seat {
	s.Locked = true
	return s
}

// texts is everything to read in the window, over it and in its title.
func texts(s *Shell) string {
	c := s.window.Canvas()
	words := []string{s.window.Title()}
	for _, o := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		for _, o := range test.LaidOutObjects(o) {
			switch o := o.(type) {
			case *kit.Line:
				words = append(words, o.Text)
			case *kit.Prose:
				words = append(words, o.Text())
			case *widget.Label:
				words = append(words, o.Text)
			case *kit.Answer:
				words = append(words, o.Text)
			}
		}
	}
	for _, m := range s.window.MainMenu().Items {
		for _, i := range m.Items {
			words = append(words, i.Label)
		}
	}
	return strings.Join(words, "\n")
}

func says(s *Shell, text string) bool { return strings.Contains(texts(s), text) }

func railOf(s *Shell) string {
	var ids []string
	for _, p := range s.places() {
		ids = append(ids, p.id)
	}
	return strings.Join(ids, " ")
}

func TestTheFirstStartAsksForTheAdminInPlaceOfTheTabs(t *testing.T) {
	d, _, l, s := shell(t)
	d.seatIs(core.Seat{FirstStart: true, Actor: core.FolderOwner()})
	l.until(t, "the question", func() bool { return says(s, "Who is the administrator of this desk?") })
	if says(s, "Overview") || says(s, "Run alert check") {
		t.Errorf("the desk shows behind the question:\n%s", texts(s))
	}
	s.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/orders/june.csv")})
	l.idle()
	if len(d.previews) != 0 {
		t.Fatal("the file was opened before the question was answered")
	}
	s.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // Not now
	l.until(t, "the waiting file", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.previews) == 1 })
	if says(s, "Who is the administrator") || s.tabs.current != kit.TabOrders || d.previews[0] != "/orders/june.csv" {
		t.Errorf("on tab %q, previewed %v", s.tabs.current, d.previews)
	}
}

func TestALockedWindowShowsAndDoesNothingOfTheDesk(t *testing.T) {
	d, _, l, s := shell(t)
	ana := seated(1, "Ana", core.RoleAdmin)
	d.seatIs(ana)
	l.until(t, "Ana at the desk", func() bool { return s.turn.actor.UserID == 1 })
	s.tabs.open(kit.TabTickets)
	s.Title(kit.TabTickets, "TS0815 for Acme")
	s.Confirm(kit.Question{Title: "Undo the import of Acme?", Yes: "Undo"}, func() {})
	s.Toast(kit.ToneGood, "Acme is mailed")
	menu := s.menu
	d.seatIs(locked(ana))
	l.until(t, "the sign-in", func() bool { return says(s, "Sign in to Deskwatch") })
	for _, word := range []string{"Acme", "TS0815", "Tickets", "SQLite", "Run alert check", "Undo"} {
		if says(s, word) {
			t.Errorf("the locked window says %q:\n%s", word, texts(s))
		}
	}
	if !says(s, "Ana") {
		t.Error("who signed in last is not offered")
	}

	current := s.tabs.current
	for _, m := range menu.main.Items { // what a driver may still hold
		for _, i := range m.Items {
			if i.Action != nil && !i.IsQuit {
				i.Action()
			}
		}
	}
	s.runCheck()
	s.pause(true, 0)
	s.Go(kit.TabSettings)
	s.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/orders/june.csv")})
	late := false
	s.Dispatcher().Do(func() { late = true })
	l.idle()
	if len(d.previews) != 0 || len(d.pauses) != 0 || s.tabs.current != current || late || len(s.works.list) != 0 || kit.Asking(s.window) || s.wished != nil {
		t.Errorf("something worked behind the lock: previews %v, pauses %v, tab %s, late call %v", d.previews, d.pauses, s.tabs.current, late)
	}

	d.seatIs(ana)
	l.until(t, "the desk as it was", func() bool { return late && kit.Asking(s.window) })
	if !says(s, "Undo the import of Acme?") || !strings.HasPrefix(s.window.Title(), "TS0815") || s.tabs.current != kit.TabTickets {
		t.Errorf("title %q, tab %s:\n%s", s.window.Title(), s.tabs.current, texts(s))
	}
}

func TestSomebodyElseFindsNothingOfWhoWasThere(t *testing.T) {
	d, _, l, s := shell(t)
	ana := seated(1, "Ana", core.RoleAdmin)
	d.seatIs(ana)
	l.until(t, "Ana at the desk", func() bool { return s.turn.actor.UserID == 1 })
	s.tabs.open(kit.TabTickets)
	hers, dispatcher := s.tabs.built[kit.TabTickets], s.Dispatcher()
	s.Title(kit.TabTickets, "TS0815 for Acme")
	s.Confirm(kit.Question{Title: "Undo the import of Acme?", Yes: "Undo"}, func() {})
	s.Toast(kit.ToneGood, "Acme is mailed")
	s.Work("Exporting Acme", func() {}, nil)
	d.seatIs(locked(ana))
	l.until(t, "the sign-in", func() bool { return says(s, "Sign in to Deskwatch") })
	late := false
	dispatcher.Do(func() { late = true })
	d.seatIs(seated(2, "Ben", core.RoleEngineer))
	l.until(t, "Ben at the desk", func() bool { return s.turn.actor.UserID == 2 })
	l.idle()
	if says(s, "Acme") || s.tabs.built[kit.TabTickets] == hers || late {
		t.Errorf("Ben finds what Ana left (a late call ran: %v):\n%s", late, texts(s))
	}
	if got := railOf(s); got != "overview tickets orders settings" {
		t.Errorf("an engineer's rail is %q", got)
	}
	if says(s, "Import orders…") || says(s, "Run alert check") || !says(s, "Lock now") {
		t.Errorf("an engineer's menu:\n%s", texts(s))
	}
	s.Go(kit.TabLogs)
	if s.tabs.current == kit.TabLogs {
		t.Error("an engineer reads the log")
	}
	if !says(s, "Ben\nEngineer") {
		t.Errorf("the rail does not say who is there:\n%s", texts(s))
	}
}

func TestSignOutLeavesNothingForTheNext(t *testing.T) {
	d, _, l, s := shell(t)
	d.seatIs(seated(1, "Ana", core.RoleAdmin))
	l.until(t, "Ana at the desk", func() bool { return s.turn.actor.UserID == 1 })
	first := s.turn
	d.seatIs(core.Seat{Required: true, Locked: true, LastUser: "Ana"})
	l.until(t, "the sign-in", func() bool { return says(s, "Sign in to Deskwatch") })
	if s.turn == first || first.ctx.Err() == nil {
		t.Error("what was under way goes on after the sign-out")
	}
	d.seatIs(seated(1, "Ana", core.RoleAdmin))
	l.until(t, "the tabs", func() bool { return says(s, "Overview") })
	if s.tabs.current != kit.TabOverview {
		t.Errorf("the tab %q is open", s.tabs.current)
	}
}

func TestWhereNobodyHasToSignInNobodyIsShown(t *testing.T) {
	_, _, _, s := shell(t)
	if says(s, "Lock now") || s.turn.foot.Visible() {
		t.Errorf("a foot without anybody:\n%s", texts(s))
	}
	if got := railOf(s); got != "overview tickets orders users logs settings" {
		t.Errorf("the owner's rail is %q", got)
	}
}

func TestALockedDesksNotificationNamesNobodyAndItsClickWaitsForTheSignIn(t *testing.T) {
	d, _, l, s := shell(t)
	ben := seated(2, "Ben", core.RoleEngineer)
	d.seatIs(locked(ben))
	l.until(t, "the sign-in", func() bool { return says(s, "Sign in to Deskwatch") })
	d.publish(core.TicketNotice{Title: "2 new tickets", Text: "TS1 for Acme", Open: []uint32{7, 8}})
	d.publish(core.AlertsChecked{Result: core.CheckResult{NewBreaches: []core.Breach{{Customer: "acme_1"}}}})
	told := func() []string { d.mu.Lock(); defer d.mu.Unlock(); return d.notified }
	l.until(t, "two notifications", func() bool { return len(told()) == 2 })
	want := map[string]bool{"Deskwatch\n2 news for you; sign in to read them.": true, "Deskwatch\n3 news for you; sign in to read them.": true}
	for _, n := range told() {
		if !want[n] {
			t.Errorf("the notification says %q", n)
		}
	}
	d.click() // whichever came last
	l.idle()
	if s.tabs.built[kit.TabOrders] != nil || s.tabs.built[kit.TabTickets] != nil {
		t.Fatal("the click opened a tab of the locked desk")
	}
	d.seatIs(ben)
	l.until(t, "what the click was about", func() bool { return s.tabs.current == kit.TabOrders || s.tabs.current == kit.TabTickets })
	if s.unread != 0 {
		t.Error("what was read still counts")
	}
}

func TestWhoMayNotIsToldSo(t *testing.T) {
	d, _, l, s := shell(t)
	d.seatIs(locked(seated(1, "Ana", core.RoleAdmin)))
	l.until(t, "the sign-in", func() bool { return says(s, "Sign in to Deskwatch") })
	s.wishFile("/orders/june.csv") // a second start
	d.seatIs(seated(2, "Ben", core.RoleEngineer))
	l.until(t, "a word", func() bool { return says(s, "You may not open this.") })
	if len(d.previews) != 0 {
		t.Error("an engineer imports")
	}
}

func TestANewRoleBuildsTheRailAnew(t *testing.T) {
	d, _, l, s := shell(t)
	d.seatIs(seated(2, "Ben", core.RoleEngineer))
	l.until(t, "an engineer", func() bool { return railOf(s) == "overview tickets orders settings" })
	d.seatIs(seated(2, "Ben", core.RoleLead))
	l.until(t, "a lead", func() bool { return railOf(s) == "overview tickets orders users logs settings" })
}

func TestAnEngineerIsOfferedNothingThatIsRefused(t *testing.T) {
	d, _, l, s := shell(t)
	offered := func() map[string]bool {
		words := map[string]bool{}
		for _, id := range []string{kit.TabOverview, kit.TabTickets, kit.TabOrders} {
			s.tabs.open(id)
			l.idle()
			for _, o := range test.LaidOutObjects(s.window.Content()) {
				words[buttonText(o)] = true
			}
		}
		return words
	}
	refused := []string{"Run check now", "Load sample data", "Import tickets…", "Connect a source…"}
	owner := offered()
	d.seatIs(seated(2, "Ben", core.RoleEngineer))
	l.until(t, "an engineer", func() bool { return s.turn.actor.UserID == 2 })
	engineer := offered()
	for _, word := range refused {
		if !owner[word] || engineer[word] {
			t.Errorf("%q: offered to the owner %v, to an engineer %v", word, owner[word], engineer[word])
		}
	}
	if !engineer["Acknowledge…"] {
		t.Error("an engineer cannot acknowledge")
	}
}
