package tickets

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// shownTab is the tab in a window of that width; settle lets everything happen.
func shownTab(t *testing.T, desk *fakeDesk, width float32) (tab *Tab, host *kittest.Host, settle func()) {
	t.Helper()
	test.NewTempApp(t)
	host = &kittest.Host{}
	tab = New(desk, host)
	q, clock := &queue{}, &clockwork{}
	tab.b.ui, tab.b.wait = q, clock.wait
	tab.list, tab.detail, tab.predicting = newList(tab.b), newDetail(tab.b), newPredicting(tab.b)
	host.Win = test.NewTempWindow(t, tab.Content())
	host.Win.Resize(fyne.NewSize(width, 600))
	t.Cleanup(tab.Close)
	settle = func() {
		for range 3 {
			q.drain()
			clock.pass()
			q.drain()
		}
	}
	settle()
	return tab, host, settle
}

func TestATicketOpenedByItsNumberStaysWhenTheListComesLater(t *testing.T) {
	tab, host, settle := shownTab(t, &fakeDesk{}, 1100)
	tab.list.Start() // as in a tab that a notification opens for the first time
	tab.Open(kit.PlaceTicket + "77")
	settle()
	if d := tab.detail.State().Detail; d == nil || d.No != 77 || !tab.view.ticket.root.Visible() {
		t.Fatalf("shown %+v", d)
	}
	if last := host.Titles[len(host.Titles)-1]; !strings.HasPrefix(last, kit.TabTickets+"/") || len(last) == len(kit.TabTickets)+1 {
		t.Errorf("the window's title is %q", last)
	}
}

func TestATicketOpenedBeforeItsRowIsThereIsSelectedWhenTheRowComes(t *testing.T) {
	tab, _, settle := shownTab(t, &fakeDesk{}, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	tab.view.filling = true              // nobody has unselected it
	tab.view.grid.SetNumbers(nil, false) // as before the list has come
	tab.view.edition, tab.view.filling = 0, false
	tab.view.ticket.refresh()
	if len(tab.view.ticket.notes.Objects) != 1 {
		t.Fatal("there is a row for it already")
	}
	tab.view.refresh()
	settle()
	if tab.view.grid.Current() != 2 || len(tab.view.ticket.notes.Objects) != 0 {
		t.Errorf("selected %d, with %d notes", tab.view.grid.Current(), len(tab.view.ticket.notes.Objects))
	}
}

func TestATicketIsOpenedByItsNumberEvenWhenTheFilterHidesIt(t *testing.T) {
	tab, _, settle := shownTab(t, &fakeDesk{}, 1100)
	tab.Open(kit.PlaceTicket + "2")
	settle()
	if tab.view.grid.Current() != 2 || tab.detail.State().Detail.No != 2 || !tab.view.ticket.root.Visible() {
		t.Fatalf("selected %d, shown %+v", tab.view.grid.Current(), tab.detail.State().Detail)
	}
	tab.Open(kit.PlaceTicket + "77")
	settle()
	if tab.view.grid.Count() != 0 || tab.detail.State().Detail.No != 77 || len(tab.view.ticket.notes.Objects) != 1 {
		t.Fatalf("%d selected, shown %+v with %d notes", tab.view.grid.Count(), tab.detail.State().Detail, len(tab.view.ticket.notes.Objects))
	}
	tab.Open("somewhere")
	tab.Open(kit.PlaceTicket + "x")
	if tab.detail.State().No != 77 {
		t.Fatal("a place that is none opened something")
	}
	tab.Open(kit.PlaceFilter + "tough:yes")
	settle()
	if tab.view.filter.Text != "tough:yes" || tab.list.Query().Text != "tough:yes" {
		t.Fatalf("the filter is %q, asked %q", tab.view.filter.Text, tab.list.Query().Text)
	}
}

func TestAReloadKeepsTheSelectedTicketAndItsPane(t *testing.T) {
	desk := &fakeDesk{}
	tab, _, settle := shownTab(t, desk, 1100)
	tab.view.grid.Select(2)
	settle()
	desk.order = func(core.TicketQuery) (core.TicketOrder, error) { return core.TicketOrder{Nos: []uint32{9, 8, 2}}, nil }
	tab.reload()
	settle()
	if tab.view.grid.Current() != 2 || tab.detail.State().No != 2 || len(tab.view.grid.Numbers()) != 3 || tab.view.grid.Numbers()[0] != 9 {
		t.Fatalf("selected %d, shown %d of %v", tab.view.grid.Current(), tab.detail.State().No, tab.view.grid.Numbers())
	}
}

func TestWhereItIsNarrowThePaneTakesThePlaceOfTheGrid(t *testing.T) {
	tab, host, settle := shownTab(t, &fakeDesk{}, 700)
	tab.Focus()
	settle()
	if tab.view.side.Covered() {
		t.Fatal("a selected ticket hides the grid")
	}
	tab.view.grid.OnOpen(1)
	settle()
	if !tab.view.side.Covered() || host.Win.Canvas().Focused() != fyne.Focusable(tab.view.ticket.root) {
		t.Fatalf("Enter does not show the ticket, or %v has the keyboard", host.Win.Canvas().Focused())
	}
	tab.view.ticket.root.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	settle()
	if tab.view.side.Covered() || tab.view.grid.Current() != 1 {
		t.Fatal("Escape does not lead back to the grid")
	}
}

// titled reports whether a column with this title is in sight.
func titled(o fyne.CanvasObject, title string) bool {
	return slices.ContainsFunc(test.LaidOutObjects(o), func(c fyne.CanvasObject) bool {
		clip, ok := c.(*container.Clip)
		if !ok || !clip.Visible() {
			return false
		}
		t, ok := clip.Content.(*canvas.Text)
		return ok && t.Text == title
	})
}

func TestBesideAnOpenTicketTheGridOfASmallScreenStillShowsTheSatisfaction(t *testing.T) {
	tab, _, settle := shownTab(t, &fakeDesk{}, 1079) // what the rail leaves of 1280
	tab.view.setOpen(true)
	settle()
	if !titled(tab.view.grid, "Satisfaction") || titled(tab.view.grid, "Product") {
		t.Errorf("satisfaction %v, product %v", titled(tab.view.grid, "Satisfaction"), titled(tab.view.grid, "Product"))
	}
}

func TestOnlyWebAddressesAreOpened(t *testing.T) {
	for address, want := range map[string]bool{"https://a.example/1": true, "http://a": true, "file:///etc/passwd": false, "javascript:1": false, "": false} {
		if isWeb(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}

func TestTheListTakesTheKeyboardWhenItComesUnlessTheFilterIsInUse(t *testing.T) {
	for _, typed := range []bool{false, true} {
		desk := &fakeDesk{notReady: true}
		tab, host, settle := shownTab(t, desk, 1100)
		tab.Focus()
		if typed {
			tab.view.filter.TypedRune('x')
		}
		desk.notReady = false
		tab.reload()
		settle()
		if len(tab.list.State().Nos) == 0 {
			t.Fatal("the list did not come")
		}
		if inFilter := host.Win.Canvas().Focused() == fyne.Focusable(tab.view.filter); inFilter != typed {
			t.Errorf("typed %v: the filter has the keyboard: %v", typed, inFilter)
		}
	}
}
