package orders

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

var errAway = core.NewError(core.CodeUnavailable, "mongostore.clients", "MongoDB does not answer. Nothing was changed; try again later.", nil)

// saidIn reports whether some text in sight holds words.
func saidIn(v page, words string) bool {
	for _, o := range test.LaidOutObjects(v.content()) {
		switch o := o.(type) {
		case *kit.Prose:
			if strings.Contains(o.Text(), words) {
				return true
			}
		case *kit.Line:
			if strings.Contains(o.Text, words) {
				return true
			}
		}
	}
	return false
}

func TestClientsOfABookThatIsAwayAreAnErrorWithARetryNotAnEmptyList(t *testing.T) {
	f := &fakeDesk{}
	err := error(errAway)
	f.clients = func(core.ClientQuery) (core.ClientPage, error) {
		return core.ClientPage{Clients: []core.Client{{Customer: "ana_1", Origin: core.OriginOther}}, Total: 1}, err
	}
	tab, _ := newTab(t, f)
	tab.open(pageClients)
	v := tab.pages[pageClients].(*clientsView)
	retry := visibleButton(v.root, "Try again")
	if retry == nil || !saidIn(v, errAway.Message) || saidIn(v, "No clients yet") {
		t.Fatal("the error and its retry are not in sight")
	}
	err = nil
	test.Tap(retry)
	if saidIn(v, errAway.Message) || len(v.p.State().Rows) != 1 {
		t.Fatal("the retry did not bring the clients")
	}
	v.grid.SelectKey("ana_1")
	if !saidIn(v, "another program's") {
		t.Error("the client's origin is not said")
	}
	err = errAway
	v.p.Load()
	if !saidIn(v, errAway.Message) || len(v.p.State().Rows) != 1 {
		t.Error("the clients read before are gone, or pass for new")
	}
}

func TestAnUncountedDatabaseDoesNotPassForEmpty(t *testing.T) {
	f := &fakeDesk{status: core.DeskStatus{BookKind: core.BookMongoDB}}
	f.clients = func(core.ClientQuery) (core.ClientPage, error) { return core.ClientPage{}, nil }
	tab, _ := newTab(t, f)
	tab.open(pageClients)
	v := tab.pages[pageClients].(*clientsView)
	if visibleButton(v.root, "Seed clients") == nil || saidIn(v, "Import an orders file first") {
		t.Error("the user is told to import into a database that nobody has counted yet")
	}
}

func TestBreachesOfAnUncountedDatabaseAreNotNone(t *testing.T) {
	f := &fakeDesk{status: core.DeskStatus{BookKind: core.BookMongoDB}}
	tab, _ := newTab(t, f)
	v := tab.pages[pageBreaches].(*breachesView)
	const nothing = "No orders yet"
	if saidIn(v, nothing) || !saidIn(v, "being counted") {
		t.Error("a database that nobody has counted passes for empty")
	}
	f.status.BookDown = noon()
	v.p.Load()
	if saidIn(v, nothing) || !saidIn(v, "cannot be reached") {
		t.Error("a database that does not answer passes for empty")
	}
	f.status = core.DeskStatus{BookKind: core.BookMongoDB, BookCounted: noon()}
	v.p.Load()
	if !saidIn(v, nothing) {
		t.Error("it was counted, and nobody says that it is empty")
	}
}

func TestWhatCouldNotBeReadIsReadAgainWhenTheDatabaseIsBack(t *testing.T) {
	asked, err := 0, error(errAway)
	f := &fakeDesk{}
	f.clients = func(core.ClientQuery) (core.ClientPage, error) {
		asked++
		return core.ClientPage{Clients: []core.Client{{Customer: "ana_1"}}, Total: 1}, err
	}
	tab, _ := newTab(t, f)
	tab.open(pageClients)
	v := tab.pages[pageClients].(*clientsView)
	if saidIn(v, "0 clients") {
		t.Error("the list passes for empty")
	}
	err = nil
	tab.hear(core.StatusChanged{})
	if len(v.p.State().Rows) != 1 || v.p.State().Err != nil {
		t.Fatal("the clients are still away")
	}
	before := asked
	tab.hear(core.StatusChanged{})
	if asked != before {
		t.Error("what is in sight is read anew with every change of the status")
	}
}
