package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/settings"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func quietStatus() core.DeskStatus {
	return core.DeskStatus{Watching: true, BookKind: core.BookSQLite, Book: core.BookCounts{Orders: 120201}}
}

// fakeDesk answers what the shell and the first look at the tabs ask.
type fakeDesk struct {
	Desk
	mu       sync.Mutex
	set      core.Settings
	subs     []chan core.Event
	raised   chan core.Raise
	notified []string
	previews []string // the files whose import was previewed
	click    func()
	notifyBy error
	stops    int
	block    chan struct{} // Stop waits for it when not nil
	check    core.CheckResult
	pauses   []time.Time
	status   core.DeskStatus
	now      time.Time // zero: noon
	seatNow  core.Seat
	locks    int
	lockBy   error
}

func (d *fakeDesk) Settings() core.Settings { return d.set }
func (d *fakeDesk) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now.IsZero() {
		return noon
	}
	return d.now
}
func (d *fakeDesk) Status(context.Context) (core.DeskStatus, error) { return d.status, nil }
func (d *fakeDesk) Raised() <-chan core.Raise                       { return d.raised }
func (d *fakeDesk) DataDir() string                                 { return "/data" }
func (d *fakeDesk) Version() string                                 { return "1" }
func (d *fakeDesk) BreachViews(context.Context) ([]core.BreachView, error) {
	return nil, nil
}
func (d *fakeDesk) Rules(context.Context) ([]core.Rule, error)           { return nil, nil }
func (d *fakeDesk) Mutes(context.Context) ([]core.Mute, error)           { return nil, nil }
func (d *fakeDesk) CheckSettings(core.Settings) []core.SettingProblem    { return nil }
func (d *fakeDesk) LogLines(core.LogQuery) []core.LogLine                { return nil }
func (d *fakeDesk) LogNotify(func()) func()                              { return func() {} }
func (d *fakeDesk) Imports(context.Context) ([]core.ImportRecord, error) { return nil, nil }
func (d *fakeDesk) SecretState(context.Context, string) (bool, string, error) {
	return false, "", nil
}
func (d *fakeDesk) RunCheck(context.Context, core.CheckRequest) (core.CheckResult, error) {
	return d.check, nil
}
func (d *fakeDesk) SetPaused(_ context.Context, _ bool, until time.Time) error {
	d.pauses = append(d.pauses, until)
	return nil
}
func (d *fakeDesk) SaveSettings(_ context.Context, s core.Settings) error { d.set = s; return nil }

func (d *fakeDesk) ClockExample(core.ClockSettings) (string, error) { return "", nil }
func (d *fakeDesk) Users(context.Context) ([]core.User, error)      { return nil, nil }

func (d *fakeDesk) Overview(context.Context) (core.Overview, error) { return core.Overview{}, nil }
func (d *fakeDesk) RiskList(context.Context) (core.RiskList, error) { return core.RiskList{}, nil }
func (d *fakeDesk) ModelState(context.Context) (core.ModelState, error) {
	return core.ModelState{}, nil
}
func (d *fakeDesk) PredictionReport(context.Context) (core.PredictionReport, error) {
	return core.PredictionReport{}, nil
}
func (d *fakeDesk) Looked(context.Context) error { return nil }
func (d *fakeDesk) HoldsTickets(_ context.Context, path string) (bool, error) {
	return strings.HasSuffix(path, ".json"), nil
}
func (d *fakeDesk) Sources(context.Context) ([]core.SourceReport, error) { return nil, nil }
func (d *fakeDesk) ServerState() core.ServerState                        { return core.ServerState{} }
func (d *fakeDesk) Uploads(context.Context, int) ([]core.Upload, error)  { return nil, nil }
func (d *fakeDesk) TicketDetail(context.Context, uint32) (core.TicketDetail, error) {
	return core.TicketDetail{}, nil
}
func (d *fakeDesk) PoolReady() bool                                     { return true }
func (d *fakeDesk) Filters(context.Context) ([]core.SavedFilter, error) { return nil, nil }
func (d *fakeDesk) CheckQuery(string) *core.QueryProblem                { return nil }
func (d *fakeDesk) CompleteQuery(string, int) []core.Completion         { return nil }
func (d *fakeDesk) TicketOrder(context.Context, core.TicketQuery) (core.TicketOrder, error) {
	return core.TicketOrder{}, nil
}
func (d *fakeDesk) TicketViews(context.Context, []uint32) ([]core.TicketView, error) { return nil, nil }
func (d *fakeDesk) Owners(context.Context) ([]string, error)                         { return nil, nil }

func (d *fakeDesk) Subscribe(n int) (<-chan core.Event, func()) {
	c := make(chan core.Event, n)
	d.subs = append(d.subs, c)
	return c, func() {}
}

func (d *fakeDesk) publish(e core.Event) {
	for _, s := range d.subs {
		s <- e
	}
}

func (d *fakeDesk) Notify(_ context.Context, title, text string, open func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notified, d.click = append(d.notified, title+"\n"+text), open
	return d.notifyBy
}

func (d *fakeDesk) Stop(context.Context) error {
	d.mu.Lock()
	d.stops++
	d.mu.Unlock()
	if d.block != nil {
		<-d.block
	}
	return nil
}

// loop is the UI goroutine of a test: it runs what was handed to it when the test says so.
type loop struct{ calls chan func() }

func newLoop() *loop { return &loop{make(chan func(), 1000)} }

func (l *loop) Do(f func()) { l.calls <- f }

// until runs calls until cond holds.
func (l *loop) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for !cond() {
		select {
		case f := <-l.calls:
			f()
		case <-deadline:
			t.Fatalf("never happened: %s", what)
		}
	}
}

// idle runs what is waiting now.
func (l *loop) idle() {
	for {
		select {
		case f := <-l.calls:
			f()
		case <-time.After(20 * time.Millisecond):
			return
		}
	}
}

// quitApp is a test app whose driver counts Quit.
type quitApp struct {
	fyne.App
	quits int
	sent  []*fyne.Notification
}

type quitDriver struct {
	fyne.Driver
	app *quitApp
}

func (d quitDriver) Quit() { d.app.quits++ }

func (a *quitApp) Driver() fyne.Driver                   { return quitDriver{a.App.Driver(), a} }
func (a *quitApp) SendNotification(n *fyne.Notification) { a.sent = append(a.sent, n) }

func shell(t *testing.T) (*fakeDesk, *quitApp, *loop, *Shell) {
	t.Helper()
	d := &fakeDesk{set: core.DefaultSettings(), status: quietStatus(), raised: make(chan core.Raise, 1)}
	a, l := &quitApp{App: test.NewTempApp(t)}, newLoop()
	s := New(a, d, Options{Dispatcher: l})
	t.Cleanup(func() {
		s.Quit()
		<-s.ended
	})
	return d, a, l, s
}

func TestTheStatusLineSaysInWordsWhatItsColoursSay(t *testing.T) {
	st := quietStatus()
	st.LastCheck, st.NextCheck = noon.Add(-time.Hour), noon.Add(20*time.Hour)
	st.MailMode, st.Outbox = core.MailSandbox, core.DeliveryCounts{core.DeliveryQueued: 5, core.DeliveryFailed: 1}
	w := wordsFor(st, noon)
	if w.watcher != "Watching" || w.checks != "last check today 11:00 · next tomorrow 08:00" || w.book != "SQLite · 120,201 orders" || w.mail != "Sandbox · 5 queued, 1 failed" || w.mailTone != kit.ToneBad {
		t.Errorf("%+v", w)
	}
	st.Paused, st.PausedUntil, st.MailMode, st.MailHost, st.Outbox = true, noon.Add(time.Hour), core.MailSMTP, "smtp.test", nil
	if w = wordsFor(st, noon); w.watcher != "Alerts are paused until today 13:00" || strings.Contains(w.checks, "next") || w.mail != "smtp.test · nothing waiting" {
		t.Errorf("%+v", w)
	}
	if w = wordsFor(core.DeskStatus{WatcherNote: "Another Deskwatch watches."}, noon); w.watcher != "Another Deskwatch watches." || w.watcherTone == kit.ToneGood || w.checks != "no check yet" {
		t.Errorf("%+v", w)
	}
}

func TestTheStatusLineSaysWhereTheOrdersAre(t *testing.T) {
	st := quietStatus()
	st.BookKind, st.BookPlace = core.BookMongoDB, "RocketfyProject at db1:27017"
	if w := wordsFor(st, noon); w.book != "MongoDB · counting…" || strings.Contains(bookDetail(st, noon), "orders") {
		t.Errorf("%q, %q before the first count", w.book, bookDetail(st, noon))
	}
	st.BookCounted, st.Book.Unreadable = noon.Add(-time.Minute), 3
	if w := wordsFor(st, noon); w.book != "MongoDB · 120,201 orders" || w.bookTone != kit.ToneMuted {
		t.Errorf("%q", w.book)
	}
	want := "RocketfyProject at db1:27017\n120,201 orders, 0 customers, 0 clients\n3 documents are no orders and are left out.\nCounted today 11:59."
	if got := bookDetail(st, noon); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	st.BookDown, st.BookTrouble = noon.Add(3*time.Minute), "The password is wrong."
	if w := wordsFor(st, noon); w.book != "MongoDB unreachable since today 12:03, retrying; alerts wait" || w.bookTone != kit.ToneWarn {
		t.Errorf("%q", w.book)
	}
	if got := bookDetail(st, noon); !strings.Contains(got, "The password is wrong.") {
		t.Errorf("the reason is not told: %q", got)
	}
}

func TestAPressOnTheOrderBookTellsWhyItDoesNotAnswer(t *testing.T) {
	d, _, l, s := shell(t)
	d.status.BookKind, d.status.BookDown, d.status.BookTrouble = core.BookMongoDB, noon, "No server answers at db1."
	d.publish(core.StatusChanged{})
	l.until(t, "the warning", func() bool { return s.status.book.line.Tone == kit.ToneWarn })
	s.status.book.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	told := false
	for _, o := range test.LaidOutObjects(s.window.Canvas().Overlays().Top()) {
		if p, ok := o.(*kit.Prose); ok {
			told = told || strings.Contains(p.Text(), "No server answers at db1.")
		}
	}
	if !told {
		t.Error("the reason is not shown")
	}
}

func TestTabsAreBuiltWhenTheyAreFirstOpened(t *testing.T) {
	_, _, _, s := shell(t)
	if len(s.tabs.built) != 1 {
		t.Fatalf("%d tabs are built at the start, want the first one only", len(s.tabs.built))
	}
	s.tabs.open(kit.TabSettings)
	first := s.tabs.built[kit.TabSettings]
	s.tabs.open(kit.TabOrders)
	s.tabs.open(kit.TabSettings)
	if s.tabs.built[kit.TabSettings] != first || s.tabs.body.Objects[0] != s.tabs.content[kit.TabSettings] {
		t.Error("a tab was built twice or is not shown")
	}
}

func TestNewBreachesBecomeOneNotificationWhoseClickOpensThem(t *testing.T) {
	d, a, l, s := shell(t)
	s.tabs.open(kit.TabLogs)
	june := core.NewMonth(2023, 6)
	d.publish(core.AlertsChecked{Result: core.CheckResult{NewBreaches: []core.Breach{{Customer: "shop_1", Name: "shop", Period: june, Count: 4}, {Customer: "b_2", Period: june, Count: 3}}}})
	l.until(t, "a notification", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.notified) == 1 })
	if d.notified[0] != "2 new breaches\nshop: 4 orders in 2023-06\nb_2: 3 orders in 2023-06" || len(a.sent) != 0 {
		t.Errorf("notified %q, and %d more through Fyne", d.notified, len(a.sent))
	}
	if !s.news {
		t.Error("the tray has no badge for breaches nobody has seen")
	}
	d.click()
	l.until(t, "the click", func() bool { return s.tabs.current == kit.TabOrders })
	if s.news {
		t.Error("the badge stays although the breaches are shown")
	}
}

func TestTheBadgeComesBackOnlyForWhatNobodyHasInFront(t *testing.T) {
	d, _, l, s := shell(t)
	s.tabs.open(kit.TabOrders)
	found := core.AlertsChecked{Result: core.CheckResult{NewBreaches: []core.Breach{{Customer: "b_2"}}}}
	d.publish(found)
	l.idle()
	if s.news {
		t.Error("a badge for what is on the screen")
	}
	s.hidden = true
	d.publish(found)
	l.until(t, "the badge", func() bool { return s.news })
	s.Raise()
	if s.news {
		t.Error("the badge stays although the window is shown")
	}
}

func TestFyneShowsTheNotificationWhereTheCoreCannot(t *testing.T) {
	d, a, l, _ := shell(t)
	d.notifyBy = errors.New("no service")
	d.publish(core.AlertsChecked{Result: core.CheckResult{NewBreaches: []core.Breach{{Customer: "b_2"}}}})
	l.until(t, "Fyne's notification", func() bool { return len(a.sent) == 1 })
}

func TestAJobThatKeepsFailingIsSaidOnce(t *testing.T) {
	d, _, l, _ := shell(t)
	for range 3 {
		d.publish(core.JobFailed{Job: "send", Message: "The server does not answer."})
	}
	l.idle()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.notified) != 1 {
		t.Errorf("%d notifications", len(d.notified))
	}
}

func TestAnOutageOfTheOrderDatabaseIsCalledThat(t *testing.T) {
	d, _, l, _ := shell(t)
	d.publish(core.JobFailed{Job: "rule 1", Message: "MongoDB does not answer.", BookDown: true})
	l.until(t, "a notification", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.notified) == 1 })
	if d.notified[0] != "The order database cannot be reached; alerts wait\nMongoDB does not answer." {
		t.Errorf("notified %q", d.notified)
	}
}

func TestARefusedLoginIsNoOutage(t *testing.T) {
	d, _, l, _ := shell(t)
	d.publish(core.JobFailed{Job: "rule 1", Message: "The password is wrong.", BookDown: true, Denied: true})
	l.until(t, "a notification", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.notified) == 1 })
	if d.notified[0] != "The order database refuses access; alerts wait\nThe password is wrong." {
		t.Errorf("notified %q", d.notified)
	}
	st := core.DeskStatus{BookKind: core.BookMongoDB, BookDown: noon, BookDenied: true}
	if words, tone := bookWords(st, noon); words != "MongoDB refuses access since today 12:00; alerts wait" || tone != kit.ToneWarn {
		t.Errorf("the status line says %q", words)
	}
}

func TestANotificationSaysTheDaysOfAWindow(t *testing.T) {
	april, _ := core.NewDay(2023, 4, 12)
	list := []core.Breach{{Customer: "b_2", Period: core.NewMonth(2023, 5), From: april, To: april + 26, Count: 3}, {Customer: "c_3", Period: core.NewMonth(2023, 6), Count: 4}}
	for language, want := range map[string]string{
		"en": "b_2: 3 orders, 12 Apr–8 May 2023\nc_3: 4 orders in 2023-06",
		"es": "b_2: 3 pedidos, 12 abr–8 may 2023\nc_3: 4 pedidos en 2023-06",
	} {
		t.Run(language, func(t *testing.T) {
			if language == "es" {
				inSpanish(t)
			}
			if got := breachLines(list, noon); got != want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestQuitStopsTheCoreBeforeTheAppAndShowsNothingAfterwards(t *testing.T) {
	d, a, l, s := shell(t)
	d.block = make(chan struct{})
	late := 0
	s.ui.Do(func() { late++ })
	s.Quit()
	s.Quit()
	s.ui.Do(func() { late++ })
	if a.quits != 0 {
		t.Fatal("the app quit before the core had stopped")
	}
	close(d.block)
	l.until(t, "the app quits", func() bool { return a.quits == 1 })
	if d.stops != 1 || late != 0 {
		t.Errorf("the core was stopped %d times, %d late calls reached the window", d.stops, late)
	}
	if err := s.finish(); err != nil {
		t.Error(err)
	}
}

func TestAnEndThatSkipsQuitStillStopsTheCore(t *testing.T) {
	d, a, _, s := shell(t)
	if err := s.finish(); err != nil || d.stops != 1 || a.quits != 0 {
		t.Errorf("%v, stopped %d times, quit %d times", err, d.stops, a.quits)
	}
}

func TestTheSizeOfTheWindowIsRemembered(t *testing.T) {
	_, a, _, s := shell(t)
	if got := s.savedSize(); got != fyne.NewSize(1200, 800) {
		t.Errorf("first size %v", got)
	}
	s.window.Resize(fyne.NewSize(1100, 720))
	s.keepSize()
	if got := s.savedSize(); got != s.window.Canvas().Size() {
		t.Errorf("remembered %v", got)
	}
	a.Preferences().SetFloat(prefWidth, 3)
	if got := s.savedSize(); got.Width != 1200 {
		t.Errorf("a size nobody can work in was taken: %v", got)
	}
}

func TestTheWindowFitsIntoASmallScreen(t *testing.T) {
	t.Run("in English", fitsSmallScreen)
	t.Run("in Spanish", func(t *testing.T) {
		inSpanish(t)
		fitsSmallScreen(t)
	})
}

// fitsSmallScreen wants every tab, every group of the settings included, within 1024×700 less
// the menu bar.
func fitsSmallScreen(t *testing.T) {
	d, _, _, s := shell(t)
	d.set.Mail.Mode, d.set.OrderBook.Kind = core.MailSMTP, core.BookMongoDB
	st := quietStatus()
	st.BookKind, st.BookDown, st.BookTrouble = core.BookMongoDB, noon.AddDate(0, -1, 0), "No server answers."
	st.Outbox = core.DeliveryCounts{core.DeliveryQueued: 1200, core.DeliveryHeld: 5, core.DeliveryFailed: 17}
	s.showStatus(st)
	defer s.Work("Copying orders to MongoDB", func() {}, nil)()
	for _, p := range s.places() {
		s.tabs.open(p.id)
		if m := s.window.Content().MinSize(); m.Width > 1024 || m.Height > 660 {
			t.Errorf("%s needs %v", p.id, m)
		}
	}
	for _, g := range s.tabs.built[kit.TabSettings].(*settings.Tab).Groups() {
		s.tabs.built[kit.TabSettings].(*settings.Tab).Open(g)
		if m := s.window.Content().MinSize(); m.Width > 1024 {
			t.Errorf("%s needs %v", g, m)
		}
	}
}

func TestWorkIsShownUntilItIsDone(t *testing.T) {
	_, _, _, s := shell(t)
	var p core.Progress
	p.SetTotal(100)
	cancelled := false
	done := s.Work("Importing", func() { cancelled = true }, &p)
	second := s.Work("Seeding", nil, nil)
	if s.status.shown == nil || s.status.shown.title != "Seeding" {
		t.Error("the newest work is not shown")
	}
	second()
	if s.status.shown.title != "Importing" {
		t.Error("the older work is not shown again")
	}
	s.works.cancelAll()
	done()
	done()
	if !cancelled || s.status.shown != nil || len(s.works.list) != 0 {
		t.Error("work is still shown after it was done")
	}
}

func TestGoOpensThePlaceItIsTold(t *testing.T) {
	_, _, _, s := shell(t)
	s.Go(kit.TabOrders, kit.PlaceRules)
	s.Go(kit.TabSettings, kit.PlaceMailSettings)
	for tab, word := range map[string]string{kit.TabOrders: "New rule", kit.TabSettings: "Send test mail"} {
		found := false
		for _, o := range test.LaidOutObjects(s.tabs.content[tab]) {
			found = found || buttonText(o) == word
		}
		if !found {
			t.Errorf("%q is not in sight", word)
		}
	}
}

func buttonText(o fyne.CanvasObject) string {
	switch b := o.(type) {
	case *widget.Button:
		return b.Text
	case *kit.Busy:
		return b.Text
	}
	return ""
}

func TestShortcutsWaitForTheAnswerToADialog(t *testing.T) {
	_, _, _, s := shell(t)
	s.Confirm(kit.Question{Title: "Sure?", Text: "It goes.", Yes: "Do it"}, func() {})
	s.menu.view.Items[1].Action()
	if s.tabs.current != kit.TabOverview {
		t.Errorf("%s was opened behind a dialog", s.tabs.current)
	}
	s.window.Canvas().Overlays().Remove(s.window.Canvas().Overlays().Top())
	s.menu.view.Items[1].Action()
	if s.tabs.current != kit.TabTickets {
		t.Errorf("%s is open, not the tickets", s.tabs.current)
	}
}

func TestADroppedFileOpensItsImport(t *testing.T) {
	d, _, l, s := shell(t)
	s.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/orders/june.csv"), storage.NewFileURI("/orders/july.csv")})
	previews := func() []string {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.previews
	}
	l.until(t, "the preview of the first file", func() bool { return len(previews()) > 0 })
	if got := previews(); s.tabs.current != kit.TabOrders || got[0] != "/orders/june.csv" {
		t.Fatalf("on tab %s, previewed %v", s.tabs.current, got)
	}
}

func (d *fakeDesk) PreviewImport(_ context.Context, req core.ImportRequest) (core.ImportPreview, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.previews = append(d.previews, req.Path)
	return core.ImportPreview{Path: req.Path, Missing: []core.Field{core.FieldCustomer}}, nil
}
