package users

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func TestTheTabFitsTheSmallestWindow(t *testing.T) {
	d := newDesk()
	d.tokens = []core.Token{{ID: 7, Name: "collector in Madrid", UserID: 1, UserName: "ana", Scopes: []core.Scope{core.ScopeUpload}}}
	tab, _, _ := newTestTab(t, d, 860)
	check := func(what string) {
		if m := tab.Content().MinSize(); m.Width > 860 || m.Height > 640 {
			t.Errorf("%s needs %v", what, m)
		}
	}
	check("the list")
	tab.users.grid.SelectKey("1")
	tab.users.open()
	if !tab.users.side.Covered() {
		t.Fatal("the pane does not take the place of the list")
	}
	check("the pane")
	tab.Open(pageTokens)
	check("the tokens")
}

func TestNobodyYetExplainsAndOffersTheFirstAdmin(t *testing.T) {
	tab, h, _ := newTestTab(t, &fakeDesk{set: core.DefaultSettings()}, 1100)
	first := button(h.Win.Content(), "Add the first admin")
	if first == nil || !visible(h.Win.Content(), "Nobody yet.") {
		t.Fatal("an empty list explains nothing")
	}
	test.Tap(first)
	if !tab.users.side.Visible() || tab.users.form.role.Selected != kit.RoleName(core.RoleAdmin) || h.Win.Canvas().Focused() != fyne.Focusable(tab.users.form.lines[fieldName]) {
		t.Errorf("the form offers %q, %v has the keyboard", tab.users.form.role.Selected, h.Win.Canvas().Focused())
	}
	h.Win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if button(h.Win.Content(), "Add the first admin") == nil {
		t.Error("Escape does not lead back")
	}
}

func TestTypingIntoTheFormReachesTheDraftAndEnterSaves(t *testing.T) {
	d := newDesk()
	tab, _, _ := newTestTab(t, d, 1100)
	tab.users.grid.SelectKey("1")
	v := tab.users.form
	v.lines[fieldProducts].SetText("Spark, , Flink")
	v.role.SetSelectedIndex(1)
	v.quiet.Lines[time.Friday].SetText("18-24")
	v.mail.SetChecked(false)
	v.lines[fieldEmail].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	got := d.users[0]
	if strings.Join(got.Products, "+") != "Spark+Flink" || got.Role != core.RoleLead || len(got.Quiet) != 3 || got.Mail {
		t.Errorf("saved %+v", got)
	}
}

func TestAProblemStandsBesideItsField(t *testing.T) {
	tab, h, _ := newTestTab(t, newDesk(), 1100)
	tab.users.grid.SelectKey("2")
	v := tab.users.form
	v.mail.SetChecked(true)
	v.lines[fieldEmail].SetText("x")
	v.lines[fieldEmail].SetText("")
	if !visible(v.fields[fieldEmail], "Give an e-mail address") || !v.save.Disabled() {
		t.Error("no word of the missing address")
	}
	v.lines[fieldPassword].SetText("short")
	if !visible(h.Win.Content(), "too short") || !v.fields[fieldAgain].Visible() {
		t.Error("no word of the short password")
	}
}

func TestACollectorIsNotAskedWhatItIsToldOf(t *testing.T) {
	tab, _, _ := newTestTab(t, newDesk(), 1100)
	tab.users.grid.SelectKey("4")
	if tab.users.form.told.Visible() {
		t.Error("a program is asked for its quiet hours")
	}
	tab.users.grid.SelectKey("2")
	if !tab.users.form.told.Visible() {
		t.Error("an engineer is not")
	}
}

func TestEscapeShutsThePaneFromEveryInput(t *testing.T) {
	tab, h, _ := newTestTab(t, newDesk(), 860)
	v := tab.users
	escape := &fyne.KeyEvent{Name: fyne.KeyEscape}
	for name, input := range map[string]fyne.Focusable{"a line": v.form.lines[fieldName], "the role": v.form.role, "a check": v.form.active, "an hour": v.form.quiet.Lines[time.Monday],
		"a button": v.form.save, "generate": v.form.generate} {
		v.grid.SelectKey("1")
		v.open()
		if !v.side.Covered() {
			t.Fatal("the pane did not open")
		}
		if input.TypedKey(escape); v.side.Covered() {
			t.Errorf("Escape in %s leaves the pane open", name)
		}
	}
	if len(h.Questions) != 0 {
		t.Errorf("asked %v", h.Questions)
	}
}

func TestWhoMayOnlyLookIsOfferedNoButtonAndToldWhy(t *testing.T) {
	d := newDesk()
	d.seat = core.Seat{Required: true, Actor: core.Actor{UserID: 3, Name: "cleo", Role: core.RoleLead}}
	test.NewTempApp(t)
	tab, h, _ := newTestTab(t, d, 1100)
	h.Role = core.RoleLead
	tab.users = newView(tab.list)
	h.Win.SetContent(tab.users.root)
	tab.users.grid.SelectKey("1")
	for _, word := range []string{"Add user", "Change", "Remove…", "Save"} {
		if button(h.Win.Content(), word) != nil {
			t.Errorf("a lead is offered %q", word)
		}
	}
	if !visible(h.Win.Content(), "your role is Lead") {
		t.Error("nothing says why")
	}
	if !visible(h.Win.Content(), "ana@example.com") || !visible(h.Win.Content(), "Monday 20:00-07:00") {
		t.Error("the pane does not show the user")
	}
}

func TestAChangeElsewhereReachesTheList(t *testing.T) {
	d := newDesk()
	tab, _, _ := newTestTab(t, d, 1100)
	d.users = append(d.users, user(5, "dee", core.RoleEngineer, false))
	tab.hear(core.UsersChanged{})
	if n := len(tab.users.grid.Rows()); n != 5 {
		t.Errorf("%d users are shown", n)
	}
	reads := d.reads
	if tab.hear(core.OrdersChanged{}); d.reads != reads {
		t.Error("an order has the users read anew")
	}
}

func TestTheKeyboardIsOnCopyWhenSomethingIsShownOnce(t *testing.T) {
	_, h, _ := newTestTab(t, newDesk(), 1100)
	tellOnce(h, "The token x", "Copy it now.", "dw_secret")
	focused, ok := h.Win.Canvas().Focused().(*press)
	if !ok || focused.Text != "Copy" {
		t.Fatalf("%v has the keyboard", h.Win.Canvas().Focused())
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "dw_secret" {
		t.Errorf("copied %q", got)
	}
	if h.Win.Canvas().Overlays().Top() == nil {
		t.Error("copying takes away what cannot be shown again")
	}
}

func TestTheKeyboardReachesAListThatComesLate(t *testing.T) {
	d := &fakeDesk{set: core.DefaultSettings()}
	tab, h, _ := newTestTab(t, d, 1100)
	tab.list.state.Read = false
	tab.Focus()
	if tab.list.Load(); h.Win.Canvas().Focused() != fyne.Focusable(tab.users.first) {
		t.Errorf("%v has the keyboard of an empty list", h.Win.Canvas().Focused())
	}
	tab.list.state.Read, d.users = false, team()
	tab.Focus()
	tab.list.Load()
	if h.Win.Canvas().Focused() == fyne.Focusable(tab.users.first) || h.Win.Canvas().Focused() == nil {
		t.Error("the list does not get the keyboard")
	}
}

func TestAButtonKeepsTheKeyboardUnlessItGaveItAway(t *testing.T) {
	tab, h, _ := newTestTab(t, newDesk(), 1100)
	tab.users.grid.SelectKey("2")
	tab.users.open()
	c, v := h.Win.Canvas(), tab.users.form
	c.Focus(v.generate)
	if v.generate.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}); c.Focused() != fyne.Focusable(v.lines[fieldPassword]) {
		t.Errorf("after Generate %v has the keyboard", c.Focused())
	}
	c.Focus(tab.users.reset)
	h.Answer = false
	if tab.users.reset.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}); c.Focused() != fyne.Focusable(tab.users.reset) {
		t.Errorf("after a question %v has the keyboard", c.Focused())
	}
}

func TestWhatStandsAboveAListNeverLiesOverIt(t *testing.T) {
	d := newDesk()
	d.set.Server.Enabled = true
	tab, _, _ := newTestTab(t, d, 1100)
	tab.Open(pageTokens)
	d.set.Server.Enabled = false
	tab.tokens.Load()
	if y, least := tab.keys.pane.Position().Y, tab.keys.top.MinSize().Height; y < least {
		t.Errorf("the tokens begin at %v, under %v of words", y, least)
	}
	for i := range d.users {
		d.users[i].HasPassword = false
	}
	tab.list.Load()
	tab.Open(pageUsers)
	if y, least := tab.users.pane.Position().Y, tab.users.top.MinSize().Height; y < least {
		t.Errorf("the users begin at %v, under %v of words", y, least)
	}
}
