package overview

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit/kittest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local)

// fakeDesk answers with what a test sets.
type fakeDesk struct {
	report   func() (core.PredictionReport, error) // nil: an empty one
	overview func() (core.Overview, error)
	orders   func() error
	tickets  func() error
	ran      []string
	risk     core.RiskList
	model    core.ModelState
	events   chan core.Event
	asked    int
}

func (f *fakeDesk) Overview(context.Context) (core.Overview, error) {
	f.asked++
	return f.overview()
}
func (f *fakeDesk) RiskList(context.Context) (core.RiskList, error)     { return f.risk, nil }
func (f *fakeDesk) ModelState(context.Context) (core.ModelState, error) { return f.model, nil }
func (f *fakeDesk) PredictionReport(context.Context) (core.PredictionReport, error) {
	if f.report == nil {
		return core.PredictionReport{State: f.model}, nil
	}
	return f.report()
}
func (f *fakeDesk) Looked(context.Context) error { return nil }
func (f *fakeDesk) LoadSampleTickets(context.Context, *core.Progress) (core.TicketImportResult, error) {
	return core.TicketImportResult{SnapshotCounts: core.SnapshotCounts{New: 320}}, f.tickets()
}
func (f *fakeDesk) LoadSample(context.Context, *core.Progress) (core.ImportResult, error) {
	return core.ImportResult{ImportCounts: core.ImportCounts{OrdersNew: 2482}, SampleTickets: 320}, f.orders()
}
func (f *fakeDesk) RunSource(_ context.Context, name string) error {
	f.ran = append(f.ran, name)
	return nil
}
func (f *fakeDesk) Settings() core.Settings { return core.DefaultSettings() }
func (f *fakeDesk) Subscribe(int) (<-chan core.Event, func()) {
	return f.events, func() {}
}
func (f *fakeDesk) Now() time.Time { return noon }

func ticket(no uint32, number string) core.TicketView {
	return core.TicketView{Ticket: core.Ticket{No: no, Number: number, Subject: "Help with " + number, Customer: "Acme"}, Clock: core.ClockRed, Due: noon.Add(-2 * time.Hour), Risk: 80, Satisfaction: 20}
}

func busyDesk() core.Overview {
	o := core.Overview{
		At: noon, Tickets: 1200, Open: 40, Red: 3, Amber: 2, Unowned: 0, Tough: 1,
		Due:       []core.TicketView{ticket(7, "TS7")},
		Breaches:  make([]core.BreachView, 2),
		Left:      noon.Add(-5 * time.Hour),
		SinceLeft: []core.TicketEvent{{No: 9, Number: "TS9", Kind: core.TicketCreated, SeenAt: noon}}, LeftCounts: map[string]int{"created": 1},
		LeftSubjects: map[uint32]string{9: "No light"},
		Sources:      []core.SourceReport{{Source: core.Source{Name: "crm", Enabled: true}, State: core.SourceState{LastError: "The password is wrong."}}},
		MailTrouble:  2, OrdersError: "The database is away.",
	}
	for i := range 12 {
		o.MonthCounts = append(o.MonthCounts, core.MonthCount{Month: core.NewMonth(2025, 6) + core.Month(i), Count: i})
	}
	for i := range 30 {
		o.Days = append(o.Days, core.TicketDay{Day: core.DayOf(noon) - 29 + core.Day(i), Created: i, Closed: 1})
	}
	return o
}

func open(t *testing.T, desk *fakeDesk) (*Tab, *kittest.Host, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	host := &kittest.Host{}
	tab := New(desk, host)
	host.Win = test.NewTempWindow(t, tab.Content())
	host.Win.Resize(fyne.NewSize(1000, 700))
	t.Cleanup(tab.Close)
	return tab, host, host.Win
}

func steady(o core.Overview) *fakeDesk {
	return &fakeDesk{overview: func() (core.Overview, error) { return o, nil }, orders: func() error { return nil }, tickets: func() error { return nil }, events: make(chan core.Event, 8),
		risk:  core.RiskList{Basis: core.BasisRules, Bar: 70, Items: []core.AtRisk{{TicketView: ticket(8, "TS8"), Reasons: []core.NamedReason{{Reason: "orders", Count: 3, Points: -12}}}}},
		model: core.ModelState{Basis: core.BasisRules, Why: core.WhyFewRated, Needed: 200}}
}

func TestWhatNeedsMeIsSaid(t *testing.T) {
	_, _, w := open(t, steady(busyDesk()))
	all := kittest.Said(w.Content())
	for _, want := range []string{"1,200 tickets", "late 2 h", "TS7", "Help with TS8", "At risk today: top 1", "20 of 100", "−12: 3 bad orders this month", "by stated rules: fewer than 200 rated tickets", "Since you left today 07:00", "TS9", "No light",
		"1 new ticket", "crm: The password is wrong.", "Orders: The database is away.", "2 mails were not delivered.", "435 created, 30 closed in 30 days", "66 breaches in 12 months"} {
		if !strings.Contains(all, want) {
			t.Errorf("the tab does not say %q:\n%s", want, all)
		}
	}
}

func TestADeskWithoutAnOpenTicketIsNotToldOfRisks(t *testing.T) {
	o := busyDesk()
	o.Open = 0
	desk := steady(o)
	desk.risk.Items = nil
	_, _, w := open(t, desk)
	if all := kittest.Said(w.Content()); !strings.Contains(all, "No ticket is open.") || strings.Contains(all, "No open ticket is at risk") {
		t.Errorf("of no open ticket it says\n%s", all)
	}
}

func TestFiguresAndRowsLeadToTheirTickets(t *testing.T) {
	tab, host, _ := open(t, steady(busyDesk()))
	for _, p := range []*press{tab.figures.red.press, tab.figures.amber.press, tab.figures.unowned.press, tab.figures.tough.press, tab.figures.open.press, tab.figures.month.press,
		tab.due.rows.Objects[0].(*press), tab.risk.rows.Objects[1].(*press), tab.news.rows.Objects[1].(*press)} {
		test.Tap(p)
	}
	want := "tickets/filter:is:open clock:red|tickets/filter:is:open clock:amber|tickets/filter:is:open is:unowned|tickets/filter:is:open tough:yes|tickets/filter:is:open|orders|" +
		"tickets/ticket:7|tickets/ticket:8|tickets/ticket:9"
	if got := strings.Join(host.Tabs, "|"); got != want {
		t.Errorf("they lead to\n%s, want\n%s", got, want)
	}
	host.Tabs = nil
	tab.due.rows.Objects[0].(*press).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(host.Tabs) != 1 {
		t.Error("Enter does not press a row")
	}
}

func TestAnEmptyDeskOffersSampleDataAndShowsItOnceItIsThere(t *testing.T) {
	o := core.Overview{MonthCounts: make([]core.MonthCount, 12)}
	desk := steady(o)
	desk.overview = func() (core.Overview, error) { return o, nil }
	// Orders of one's own stay: the sample tickets come all the same.
	desk.orders = func() error { return core.NewError(core.CodeConflict, "test", "There are orders already.", nil) }
	desk.tickets = func() error { o = busyDesk(); return nil }
	tab, host, w := open(t, desk)
	if !strings.Contains(kittest.Said(w.Content()), "No tickets yet.") {
		t.Fatalf("an empty desk says\n%s", kittest.Said(w.Content()))
	}
	test.Tap(tab.empty.sample)
	if len(host.Failures) != 0 || len(host.Toasts) != 1 || host.Running != 0 || tab.empty.sample.Disabled() {
		t.Errorf("failures %v, toasts %v, %d works", host.Failures, host.Toasts, host.Running)
	}
	if !strings.Contains(kittest.Said(w.Content()), "1,200 tickets") {
		t.Errorf("after loading it says\n%s", kittest.Said(w.Content()))
	}
}

func TestTheSampleSaysHowManyOrdersAndTicketsItBrought(t *testing.T) {
	desk := steady(core.Overview{})
	desk.tickets = func() error { t.Error("the tickets came with their orders and were loaded again"); return nil }
	tab, host, _ := open(t, desk)
	test.Tap(tab.empty.sample)
	if len(host.Toasts) != 1 || !strings.Contains(host.Toasts[0], "2,482 orders, 320 tickets.") {
		t.Errorf("it says %v", host.Toasts)
	}
}

func TestSampleOrdersThatFailAreTold(t *testing.T) {
	desk := steady(core.Overview{})
	desk.orders = func() error { return core.NewError(core.CodeUnavailable, "test", "The disk is full.", nil) }
	tab, host, _ := open(t, desk)
	test.Tap(tab.empty.sample)
	if len(host.Failures) != 1 || len(host.Toasts) != 0 || tab.empty.sample.Disabled() {
		t.Errorf("failures %v, toasts %v", host.Failures, host.Toasts)
	}
}

func TestAnErrorIsShownOnlyWhileNothingElseIs(t *testing.T) {
	fail := core.NewError(core.CodeUnavailable, "test", "The file cannot be read.", nil)
	err := error(fail)
	desk := steady(core.Overview{})
	desk.overview = func() (core.Overview, error) { return busyDesk(), err }
	tab, _, w := open(t, desk)
	if !strings.Contains(kittest.Said(w.Content()), fail.Message) {
		t.Fatalf("it says\n%s", kittest.Said(w.Content()))
	}
	err = nil
	tab.p.load()
	err = fail
	tab.p.load()
	if all := kittest.Said(w.Content()); !strings.Contains(all, "TS7") || strings.Contains(all, fail.Message) {
		t.Errorf("a later error took away what was shown:\n%s", all)
	}
}

func TestASourceThatFailsCanBeAskedAgain(t *testing.T) {
	desk := steady(busyDesk())
	tab, host, _ := open(t, desk)
	tab.p.runSource("crm")
	if len(desk.ran) != 1 || desk.asked != 2 || host.Running != 0 {
		t.Errorf("ran %v, asked %d times, %d works", desk.ran, desk.asked, host.Running)
	}
}

func TestChangesOfATicketThatCameTogetherAreOneLine(t *testing.T) {
	at := noon
	events := []core.TicketEvent{ // newest first
		{No: 1, Number: "A", Kind: core.TicketClosedEvent, SeenAt: at}, {No: 1, Number: "A", Kind: core.TicketStatusEvent, To: "Closed", SeenAt: at},
		{No: 2, Number: "B", Kind: core.TicketRated, To: "1", SeenAt: at}, {No: 2, Number: "B", Kind: core.TicketStatusEvent, To: "Open", SeenAt: at},
		{No: 2, Number: "B", Kind: core.TicketCreated, SeenAt: at.Add(-time.Hour)},
	}
	got := ""
	for _, c := range changes(events, 9) {
		got += c.number + " " + c.text + "; "
	}
	if want := "A closed; B now Open · rated 1 of 5; B new; "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if list := changes(events, 1); len(list) != 1 {
		t.Errorf("%d lines, want 1", len(list))
	}
}
