package orders

import (
	"context"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit/kittest"
)

// fakeDesk is a Desk of func fields; what a test does not set answers with nothing.
type fakeDesk struct {
	Desk // a method no test needs panics, which names it

	now         time.Time
	settings    core.Settings
	saved       []core.Settings
	views       func() ([]core.BreachView, error)
	orders      func(core.OrderQuery) (core.OrderPage, error)
	check       func(core.CheckRequest) (core.CheckResult, error)
	decisions   []core.Decision
	mutes       []core.Mute
	rules       []core.Rule
	problems    func(core.Rule) []core.SettingProblem
	saveRule    func(core.Rule) (core.Rule, error)
	backTest    func(context.Context, core.Rule) (core.BackTest, error)
	preview     func(core.ImportRequest) (core.ImportPreview, error)
	forecast    func(core.ImportRequest) (core.ImportForecast, error)
	importFile  func(core.ImportRequest) (core.ImportResult, error)
	imports     []core.ImportRecord
	undone      []int64
	deliveries  func(core.DeliveryQuery) ([]core.Delivery, error)
	requeued    []int64
	discarded   []int64
	clients     func(core.ClientQuery) (core.ClientPage, error)
	patched     []core.ClientPatch
	seed        core.SeedResult
	status      core.DeskStatus
	events      chan core.Event
	subscribed  int
	unsubscribe int
}

func (f *fakeDesk) Now() time.Time          { return f.now }
func (f *fakeDesk) Settings() core.Settings { return f.settings }
func (f *fakeDesk) SaveSettings(_ context.Context, s core.Settings) error {
	f.saved, f.settings = append(f.saved, s), s
	return nil
}
func (f *fakeDesk) Status(context.Context) (core.DeskStatus, error) { return f.status, nil }
func (f *fakeDesk) BreachViews(context.Context) ([]core.BreachView, error) {
	if f.views == nil {
		return nil, nil
	}
	return f.views()
}
func (f *fakeDesk) Orders(_ context.Context, q core.OrderQuery) (core.OrderPage, error) {
	if f.orders == nil {
		return core.OrderPage{}, nil
	}
	return f.orders(q)
}
func (f *fakeDesk) RunCheck(_ context.Context, r core.CheckRequest) (core.CheckResult, error) {
	return f.check(r)
}
func (f *fakeDesk) Decisions(context.Context, core.DecisionQuery) ([]core.Decision, error) {
	return f.decisions, nil
}
func (f *fakeDesk) Mutes(context.Context) ([]core.Mute, error) { return f.mutes, nil }
func (f *fakeDesk) SaveMute(_ context.Context, m core.Mute) error {
	f.mutes = append(f.mutes, m)
	return nil
}
func (f *fakeDesk) DeleteMute(context.Context, string) error { f.mutes = nil; return nil }
func (f *fakeDesk) Rules(context.Context) ([]core.Rule, error) {
	return f.rules, nil
}
func (f *fakeDesk) CheckRule(r core.Rule) []core.SettingProblem {
	if f.problems == nil {
		return nil
	}
	return f.problems(r)
}
func (f *fakeDesk) SaveRule(_ context.Context, r core.Rule) (core.Rule, error) { return f.saveRule(r) }
func (f *fakeDesk) BackTest(ctx context.Context, r core.Rule) (core.BackTest, error) {
	if f.backTest == nil {
		return core.BackTest{}, nil
	}
	return f.backTest(ctx, r)
}
func (f *fakeDesk) DeleteRule(_ context.Context, id int64) error {
	f.rules = nil
	return nil
}
func (f *fakeDesk) PreviewImport(_ context.Context, r core.ImportRequest) (core.ImportPreview, error) {
	return f.preview(r)
}
func (f *fakeDesk) ForecastImport(_ context.Context, r core.ImportRequest, _ *core.Progress) (core.ImportForecast, error) {
	if f.forecast == nil {
		return core.ImportForecast{}, nil
	}
	return f.forecast(r)
}
func (f *fakeDesk) Import(_ context.Context, r core.ImportRequest, _ *core.Progress) (core.ImportResult, error) {
	return f.importFile(r)
}
func (f *fakeDesk) Imports(context.Context) ([]core.ImportRecord, error) { return f.imports, nil }
func (f *fakeDesk) UndoImport(_ context.Context, id int64, _ *core.Progress) (core.UndoResult, error) {
	f.undone = append(f.undone, id)
	return core.UndoResult{ImportID: id, Removed: 7, Restored: 2}, nil
}
func (f *fakeDesk) Deliveries(_ context.Context, q core.DeliveryQuery) ([]core.Delivery, error) {
	if f.deliveries == nil {
		return nil, nil
	}
	return f.deliveries(q)
}
func (f *fakeDesk) Delivery(_ context.Context, id int64) (core.DeliveryDetail, error) {
	list, err := f.Deliveries(context.Background(), core.DeliveryQuery{})
	for _, d := range list {
		if d.ID == id {
			return core.DeliveryDetail{Delivery: d, Message: core.Message{Text: "3 orders", HTML: "<p>3 orders</p>"}}, err
		}
	}
	return core.DeliveryDetail{}, core.NewError(core.CodeNotFound, "", "It is gone.", nil)
}
func (f *fakeDesk) OutboxCounts(context.Context) (core.DeliveryCounts, error) {
	c := core.DeliveryCounts{}
	list, err := f.Deliveries(context.Background(), core.DeliveryQuery{})
	for _, d := range list {
		c[d.State]++
	}
	return c, err
}
func (f *fakeDesk) Requeue(_ context.Context, ids []int64) (int64, error) {
	f.requeued = append(f.requeued, ids...)
	return 1, nil
}
func (f *fakeDesk) Discard(_ context.Context, ids []int64) (int64, error) {
	f.discarded = append(f.discarded, ids...)
	return 1, nil
}
func (f *fakeDesk) SendNow(context.Context) (core.SendResult, error) {
	return core.SendResult{Sent: 1}, nil
}
func (f *fakeDesk) Clients(_ context.Context, q core.ClientQuery) (core.ClientPage, error) {
	if f.clients == nil {
		return core.ClientPage{}, nil
	}
	return f.clients(q)
}
func (f *fakeDesk) UpdateClient(_ context.Context, customer string, p core.ClientPatch) (core.Client, error) {
	f.patched = append(f.patched, p)
	return core.Client{Customer: customer}, nil
}
func (f *fakeDesk) SeedClients(context.Context, *core.Progress) (core.SeedResult, error) {
	return f.seed, nil
}
func (f *fakeDesk) Customers(_ context.Context, q core.CustomerQuery) (core.CustomerPage, error) {
	if q.Recognised == nil || *q.Recognised {
		return core.CustomerPage{}, nil
	}
	return core.CustomerPage{Customers: []core.Customer{{Customer: "walk in", Orders: 9}}, Total: 1}, nil
}
func (f *fakeDesk) LoadSample(context.Context, *core.Progress) (core.ImportResult, error) {
	return core.ImportResult{ImportCounts: core.ImportCounts{OrdersNew: 5}}, nil
}
func (f *fakeDesk) RemoveSample(context.Context) (core.UndoResult, error) {
	return core.UndoResult{Removed: 5}, nil
}
func (f *fakeDesk) Subscribe(int) (<-chan core.Event, func()) {
	f.subscribed++
	f.events = make(chan core.Event)
	return f.events, func() { f.unsubscribe++ }
}

// noon is the fake desk's now.
func noon() time.Time { return time.Date(2026, 6, 15, 12, 0, 0, 0, time.Local) }

// newBench returns a bench whose work runs inline.
func newBench(t *testing.T, f *fakeDesk) (*bench, *kittest.Host) {
	t.Helper()
	if f.now.IsZero() {
		f.now = noon()
	}
	host := &kittest.Host{}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return &bench{desk: f, host: host, ui: host.Dispatcher(), ctx: ctx, tick: func(func()) func() { return func() {} }}, host
}
