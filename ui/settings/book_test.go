package settings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/kit/kittest"
)

// mongo is a form whose saved order book is MongoDB.
func mongo(t *testing.T) (*fakeDesk, *fakeView, *kittest.Host, *presenter) {
	t.Helper()
	d, v, h, p := started(t)
	d.set.OrderBook.Kind = core.BookMongoDB
	p.hear(core.SettingsChanged{Settings: d.set})
	return d, v, h, p
}

func TestAPasswordInTheConnectionStringMovesToItsOwnField(t *testing.T) {
	for uri, want := range map[string][2]string{
		"mongodb://ann:hunter2@db:27017/?tls=true":    {"mongodb://ann@db:27017/?tls=true", "hunter2"},
		"mongodb+srv://ann:p%40ss%2Fw@c.company.com/": {"mongodb+srv://ann@c.company.com/", "p@ss/w"},
		"mongodb://ann:p@ss/w@db/":                    {"mongodb://ann@db/", "p@ss/w"},
		"mongodb://ann:p?ss@db/":                      {"mongodb://ann@db/", "p?ss"},
		"mongodb://ann:100%@db":                       {"mongodb://ann@db", "100%"},
		"mongodb://db1:27017,db2:27017/?appName=a@b":  {"mongodb://db1:27017,db2:27017/?appName=a@b", ""},
		"mongodb://ann@db:27017":                      {"mongodb://ann@db:27017", ""},
		"mongodb+srv://ann:<db_password>@c.mongo.net": {"mongodb+srv://ann@c.mongo.net", ""},
		"mongodb://ann:@db":                           {"mongodb://ann@db", ""},
		"ann:hunter2@db":                              {"ann@db", "hunter2"},
		"localhost:27017":                             {"localhost:27017", ""},
	} {
		t.Run(uri, func(t *testing.T) {
			_, v, _, p := mongo(t)
			p.setBookURI("  " + uri + "\n")
			got := ""
			if s := p.passwords[core.SecretOrderBook].draft; s != nil {
				got = s.Reveal()
			}
			if p.draft.OrderBook.URI != want[0] || got != want[1] {
				t.Errorf("address %q with password %q, want %q", p.draft.OrderBook.URI, got, want)
			}
			if moved := strings.Contains(uri, "ann:"); moved != (v.book.Note != "") {
				t.Errorf("the form says %q", v.book.Note)
			}
		})
	}
}

func TestAPastedPasswordIsNowhereInTheForm(t *testing.T) {
	d, v, h, p := mongo(t)
	d.bookErr = core.NewError(core.CodeDenied, "mongostore.test", "The user or the password is wrong.", nil)
	p.setBookURI("mongodb://ann:hunter2@db/")
	p.testBook(func() {})
	if s := fmt.Sprintf("%+v %+v %+v", v, h, p.draft); strings.Contains(s, "hunter2") {
		t.Errorf("the password can be read: %s", s)
	}
	for _, pw := range p.passwords {
		if s := fmt.Sprintf("%+v %#v", *pw, *pw); strings.Contains(s, "hunter2") {
			t.Errorf("the password can be printed: %s", s)
		}
	}
	if d.bookPw == nil || d.bookPw.Reveal() != "hunter2" {
		t.Fatal("the test did not use the password that was pasted")
	}
	p.save()
	if len(d.saves) != 1 || strings.Contains(d.saves[0].OrderBook.URI, "hunter2") || len(d.secrets) != 1 || d.secrets[0].Reveal() != "hunter2" || d.secretNames[0] != core.SecretOrderBook {
		t.Fatalf("saved %+v and %d secrets under %v", d.saves, len(d.secrets), d.secretNames)
	}
	if v.form.Dirty || !v.secrets[core.SecretOrderBook].Set || v.secrets[core.SecretSMTP].Set || v.book.Note != "" {
		t.Errorf("after Save: %+v %+v, note %q", v.form, v.secrets, v.book.Note)
	}
}

// window shows the order book's settings of a desk on MongoDB.
func window(t *testing.T) (*fakeDesk, fyne.Window, *Tab) {
	t.Helper()
	test.NewTempApp(t)
	d := &fakeDesk{set: core.DefaultSettings()}
	d.set.OrderBook.Kind = core.BookMongoDB
	w := test.NewTempWindow(t, widget.NewLabel(""))
	tab := New(d, &kittest.Host{Win: w})
	t.Cleanup(tab.Close)
	w.SetContent(tab.Content())
	tab.Open(groupOrders)
	return d, w, tab
}

func TestAPastedPasswordIsInNoWidget(t *testing.T) {
	d, w, tab := window(t)
	w.Resize(fyne.NewSize(900, 1600))
	pasted := 0
	for _, o := range test.LaidOutObjects(w.Content()) {
		if e, ok := o.(*widget.Entry); ok && e.Text == d.set.OrderBook.URI {
			e.SetText("mongodb://ann:hunter2@db/")
			pasted++
		}
	}
	if pasted != 1 {
		t.Fatalf("%d fields hold the connection string", pasted)
	}
	said := false
	for _, o := range test.LaidOutObjects(w.Content()) {
		text := textOf(o)
		if strings.Contains(text, "hunter2") {
			t.Errorf("%T shows %q", o, text)
		}
		said = said || strings.Contains(text, "moved to its own field")
	}
	if !said {
		t.Error("the form does not say that it moved the password")
	}
	if s := tab.p.passwords[core.SecretOrderBook].draft; s == nil || s.Reveal() != "hunter2" {
		t.Error("the password is lost")
	}
}

func textOf(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *widget.Entry:
		return o.Text + o.PlaceHolder
	case *widget.Label:
		return o.Text
	case *kit.Prose:
		return o.Text()
	case *kit.Line:
		return o.Text
	}
	return ""
}

func TestTestConnectionTestsWhatStandsInTheForm(t *testing.T) {
	d, v, h, p := mongo(t)
	d.bookReport = core.BookReport{Server: "replica set rs0 at db1", Version: "7.0.5", Latency: 3200 * time.Microsecond, Orders: 1_000_000, Clients: 40_000,
		Findings: []core.Finding{{Check: "rights", OK: true}, {Check: "indexes"}}, Missing: []string{"Orders: shipping_date"}}
	p.edit("order_book.database", func(s *core.Settings) string { s.OrderBook.Database = "Draft"; return "" })
	done := 0
	p.testBook(func() { done++ })
	if len(d.bookTested) != 1 || d.bookTested[0].Database != "Draft" || d.bookPw != nil || len(d.saves) != 0 || done != 1 {
		t.Fatalf("tested %+v, done %d times", d.bookTested, done)
	}
	b := v.book
	if b.Facts != "replica set rs0 at db1\nVersion 7.0.5\nAnswers in 3.2 ms\nOrder documents: 1,000,000. Client documents: 40,000." || len(b.Findings) != 2 || b.Test.Tone != kit.ToneWarn {
		t.Errorf("shown %+v", b)
	}
	if b.CanIndex || !b.Unsaved {
		t.Error("indexes could be made in a database that is not in use")
	}
	if h.Running != 0 || len(h.Works) != 1 {
		t.Errorf("works %v, %d running", h.Works, h.Running)
	}
	p.edit("order_book.database", func(s *core.Settings) string { s.OrderBook.Database = "Other"; return "" })
	if v.book.Facts != "" || v.book.Test.Text != "" {
		t.Errorf("the answer of another database is still shown: %+v", v.book)
	}
}

func TestAFailedTestKeepsWhatWasTyped(t *testing.T) {
	d, v, _, p := mongo(t)
	d.bookErr = core.NewError(core.CodeUnavailable, "mongostore.test", "No server answers at db.", nil)
	p.setBookURI("mongodb://ann:pw@db/")
	p.testBook(func() {})
	if v.book.Test != (outcome{"No server answers at db.", kit.ToneBad}) || !v.form.Dirty || p.draft.OrderBook.URI != "mongodb://ann@db/" || p.passwords[core.SecretOrderBook].draft == nil {
		t.Errorf("%+v, dirty %v, address %q", v.book.Test, v.form.Dirty, p.draft.OrderBook.URI)
	}
}

func TestWhatCannotBeUsedIsNotTested(t *testing.T) {
	d, v, _, p := mongo(t)
	p.edit("order_book.database", func(s *core.Settings) string { s.OrderBook.Database = ""; return "" })
	p.testBook(func() {})
	if len(d.bookTested) != 0 || v.book.Test.Tone != kit.ToneBad {
		t.Errorf("tested %v, said %+v", d.bookTested, v.book.Test)
	}
}

func TestGoingBackToTheFileLeavesNothingToSave(t *testing.T) {
	d, v, _, p := started(t)
	p.setBookKind(core.BookMongoDB)
	p.edit("order_book.timeout_seconds", func(*core.Settings) string { return "Write a whole number." })
	p.edit("order_book.database", func(s *core.Settings) string { s.OrderBook.Database = ""; return "" })
	if !v.form.Dirty || len(v.form.Problems) != 2 {
		t.Fatalf("form %+v", v.form)
	}
	p.setBookKind(core.BookSQLite)
	if v.form.Dirty || len(v.form.Problems) != 0 || v.set.OrderBook != d.set.OrderBook {
		t.Errorf("form %+v, settings %+v", v.form, v.set.OrderBook)
	}
}

func TestWhatWasTypedForMongoDBStaysWhileTheFileIsChosen(t *testing.T) {
	_, v, _, p := started(t)
	p.setBookKind(core.BookMongoDB)
	p.setBookURI("mongodb://db.company.com")
	p.setBookKind(core.BookSQLite)
	p.setBookKind(core.BookMongoDB)
	if p.draft.OrderBook.URI != "mongodb://db.company.com" || !v.form.Dirty {
		t.Errorf("address %q", p.draft.OrderBook.URI)
	}
}

func TestTheOrderBookSavedElsewhereIsTakenOverUnlessItIsBeingEdited(t *testing.T) {
	d, v, _, p := mongo(t)
	other := cloned(d.set)
	other.OrderBook.Database = "Elsewhere"
	p.hear(core.SettingsChanged{Settings: other})
	if v.set.OrderBook.Database != "Elsewhere" || v.form.Dirty {
		t.Errorf("database %q, dirty %v", v.set.OrderBook.Database, v.form.Dirty)
	}
	p.edit("order_book.orders", func(s *core.Settings) string { s.OrderBook.Orders = "Typed"; return "" })
	p.hear(core.SettingsChanged{Settings: d.set})
	if v.set.OrderBook.Orders != "Typed" || !v.form.Dirty {
		t.Errorf("collection %q, dirty %v", v.set.OrderBook.Orders, v.form.Dirty)
	}
}

func TestIndexesAreMadeOnlyAfterSayingWhich(t *testing.T) {
	d, v, h, p := mongo(t)
	d.bookReport.Missing = []string{"Orders: shipping_date", "Clients: name"}
	p.testBook(func() {})
	if !v.book.CanIndex {
		t.Fatalf("no indexes can be made: %+v", v.book)
	}
	p.createIndexes()
	if d.indexed != 0 || len(h.Questions) != 1 {
		t.Fatalf("made %d times after %d questions", d.indexed, len(h.Questions))
	}
	for _, want := range append(d.bookReport.Missing, "RocketfyProject", "may take minutes") {
		if !strings.Contains(h.Questions[0].Text, want) {
			t.Errorf("the question does not say %q: %s", want, h.Questions[0].Text)
		}
	}
	h.Answer, d.bookReport.Missing = true, nil
	p.createIndexes()
	if d.indexed != 1 || len(d.bookTested) != 2 || v.book.CanIndex || h.Running != 0 {
		t.Errorf("made %d times, tested %d times, %+v", d.indexed, len(d.bookTested), v.book)
	}
}

// workHost keeps the last operation's cancel and counter.
type workHost struct {
	*kittest.Host
	cancel  func()
	counter *core.Progress
}

func (h *workHost) Work(title string, cancel func(), p *core.Progress) func() {
	h.cancel, h.counter = cancel, p
	return h.Host.Work(title, cancel, p)
}

func TestACopyShowsItsProgressAndCanBeCancelled(t *testing.T) {
	d, v, h, p := mongo(t)
	w := &workHost{Host: h}
	p.host = w
	d.copyOrders = func(ctx context.Context, c *core.Progress) (core.CopyResult, error) {
		c.SetTotal(100)
		c.Add(40)
		if h.Running != 1 || w.counter != c || v.book.CanCopy {
			t.Errorf("%d works, counter %p of %p, a second copy allowed: %v", h.Running, w.counter, c, v.book.CanCopy)
		}
		w.cancel()
		return core.CopyResult{}, ctx.Err()
	}
	p.copyOrders()
	if len(h.Questions) != 1 || len(h.Works) != 0 {
		t.Fatal("copied without a yes")
	}
	h.Answer = true
	p.copyOrders()
	if h.Running != 0 || v.book.CanRemove || !v.book.CanCopy || !strings.Contains(v.book.Copy.Text, "stopped") || len(h.Failures) != 0 {
		t.Errorf("after Cancel: %+v, %d works, failures %v", v.book, h.Running, h.Failures)
	}
}

func TestTheOldFileCanBeRemovedOnlyWhenBothBooksHoldTheSame(t *testing.T) {
	d, v, h, p := mongo(t)
	h.Answer = true
	held := core.BookCounts{Orders: 120_201, Customers: 8_201}
	result := core.CopyResult{Embedded: held, MongoDB: core.BookCounts{Orders: 120_200}, Findings: []core.Finding{{Check: "orders", Message: "One is missing."}}}
	d.copyOrders = func(context.Context, *core.Progress) (core.CopyResult, error) { return result, nil }
	p.copyOrders()
	p.removeOldBook()
	if v.book.CanRemove || d.oldRemoved != 0 || v.book.Copy.Tone != kit.ToneWarn || !strings.Contains(v.book.Copy.Text, "120,201 orders and MongoDB 120,200") || len(v.book.Compared) != 1 {
		t.Fatalf("the books differ: %+v", v.book)
	}
	result.Findings, result.MongoDB, result.Equal, d.status.OldBook = nil, held, true, true
	p.copyOrders()
	if v.book.Copy != (outcome{"120,201 orders and 8,201 customers are in both books.", kit.ToneGood}) || !v.book.CanRemove {
		t.Fatalf("the books are equal: %+v", v.book)
	}
	p.setBookKind(core.BookSQLite)
	p.removeOldBook()
	if v.book.CanRemove || d.oldRemoved != 0 {
		t.Fatal("the file could be removed while it is to be used")
	}
	p.setBookKind(core.BookMongoDB)
	h.Answer = false
	p.removeOldBook()
	h.Answer = true
	if d.oldRemoved != 0 {
		t.Fatal("removed without a yes")
	}
	p.removeOldBook()
	if d.oldRemoved != 1 || v.book.CanRemove || !h.Questions[len(h.Questions)-1].Danger {
		t.Errorf("removed %d times, again %v", d.oldRemoved, v.book.CanRemove)
	}
	if want := "The old file is removed, with 120,201 orders in 1.2 MB. They are in MongoDB."; v.book.Copy.Text != want || !slices.Contains(h.Toasts, want) {
		t.Errorf("said %q, toasts %q", v.book.Copy.Text, h.Toasts)
	}
}

func TestTheOldFileIsOfferedForRemovalAfterARestartToo(t *testing.T) {
	d, v, _, p := mongo(t)
	if v.book.CanRemove {
		t.Fatal("offered before anything was copied")
	}
	d.status.OldBook = true
	p.loadStatus()
	if !v.book.CanRemove {
		t.Error("not offered")
	}
}

func TestSampleDataIsNotOfferedForADatabaseNobodyHasLookedInto(t *testing.T) {
	st := core.DeskStatus{BookKind: core.BookMongoDB}
	if st.Counted() {
		t.Error("a database that was not counted passes for empty")
	}
	st.BookCounted = noon
	if !st.Counted() || !(core.DeskStatus{BookKind: core.BookSQLite}).Counted() {
		t.Error("what was counted does not count")
	}
	st.BookDown = noon
	if st.Counted() {
		t.Error("a database that does not answer passes for empty")
	}
}

func TestTheAnswerOfATestIsBroughtIntoSight(t *testing.T) {
	d, w, tab := window(t)
	d.bookReport = core.BookReport{Server: "standalone at db"}
	w.Resize(fyne.NewSize(850, 500))
	for _, o := range test.LaidOutObjects(w.Content()) {
		if b, ok := o.(*kit.Busy); ok && b.Text == "Test connection" {
			test.Tap(&b.Button)
		}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(tab.tools.facts)
	if tab.tools.facts.Text() == "" || at.Y < 0 || at.Y > 450 {
		t.Errorf("%q stands at %v", tab.tools.facts.Text(), at)
	}
	tab.Open(groupGeneral)
	if tab.scroll.Offset.Y != 0 {
		t.Errorf("another group begins at %v", tab.scroll.Offset)
	}
}

func TestADatabaseIsFirstUsedWithItsPassword(t *testing.T) {
	d, _, _, p := started(t)
	p.setBookKind(core.BookMongoDB)
	p.setPassword(core.SecretOrderBook, "hunter2")
	p.setPassword(core.SecretSMTP, "mail")
	p.save()
	if got := strings.Join(d.order, " "); got != "order-book settings smtp" {
		t.Errorf("stored %s", got)
	}
	d.order = nil
	p.setPassword(core.SecretOrderBook, "changed")
	p.save()
	if got := strings.Join(d.order, " "); got != "settings order-book" {
		t.Errorf("stored %s: the database in use would be tried with a password of other settings", got)
	}
}
