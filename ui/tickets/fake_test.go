package tickets

import (
	"context"
	"strconv"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit/kittest"
)

// fakeDesk is a Desk of func fields; what a test does not set answers with nothing.
type fakeDesk struct {
	Desk // a method no test needs panics, which names it

	notReady bool
	order    func(core.TicketQuery) (core.TicketOrder, error)
	views    func([]uint32) ([]core.TicketView, error)
	detail   func(uint32) (core.TicketDetail, error)
	check    func(string) *core.QueryProblem
	saved    []core.SavedFilter
	model    core.ModelState
	risk     core.RiskList
	imported core.TicketImportResult
	preview  func(core.TicketImportRequest) (core.TicketPreview, error)

	queries []core.TicketQuery
	read    [][]uint32
	done    []string // what was marked, in words
	taken   []core.TicketImportRequest
	events  chan core.Event
}

func (f *fakeDesk) PoolReady() bool { return !f.notReady }
func (f *fakeDesk) TicketOrder(_ context.Context, q core.TicketQuery) (core.TicketOrder, error) {
	f.queries = append(f.queries, q)
	if f.order == nil {
		return core.TicketOrder{Nos: numbers(3)}, nil
	}
	return f.order(q)
}
func (f *fakeDesk) TicketViews(_ context.Context, nos []uint32) ([]core.TicketView, error) {
	f.read = append(f.read, append([]uint32(nil), nos...))
	if f.views != nil {
		return f.views(nos)
	}
	return viewsOf(nos), nil
}
func (f *fakeDesk) TicketDetail(_ context.Context, no uint32) (core.TicketDetail, error) {
	if f.detail != nil {
		return f.detail(no)
	}
	return core.TicketDetail{TicketView: viewsOf([]uint32{no})[0]}, nil
}
func (f *fakeDesk) RiskList(context.Context) (core.RiskList, error)     { return f.risk, nil }
func (f *fakeDesk) ModelState(context.Context) (core.ModelState, error) { return f.model, nil }
func (f *fakeDesk) Owners(context.Context) ([]string, error)            { return []string{"Ana", "Ben"}, nil }
func (f *fakeDesk) CheckQuery(text string) *core.QueryProblem {
	if f.check == nil {
		return nil
	}
	return f.check(text)
}
func (f *fakeDesk) CompleteQuery(string, int) []core.Completion { return nil }
func (f *fakeDesk) Filters(context.Context) ([]core.SavedFilter, error) {
	return append([]core.SavedFilter(nil), f.saved...), nil
}
func (f *fakeDesk) SaveFilter(_ context.Context, s core.SavedFilter) error {
	f.saved = append(f.saved, s)
	return nil
}
func (f *fakeDesk) DeleteFilter(_ context.Context, name string) error {
	f.saved = nil
	return nil
}
func (f *fakeDesk) MarkTickets(_ context.Context, kind core.AttentionKind, nos []uint32, comment string, until time.Time) error {
	f.say(string(kind), nos, comment, until.Format("15:04"))
	return nil
}
func (f *fakeDesk) UnmarkTickets(_ context.Context, kind core.AttentionKind, nos []uint32) error {
	f.say("un"+string(kind), nos)
	return nil
}
func (f *fakeDesk) AssignTickets(_ context.Context, nos []uint32, owner string) error {
	f.say("assign", nos, owner)
	return nil
}
func (f *fakeDesk) SaveFlag(_ context.Context, flag core.ToughFlag) error {
	f.say("flag "+strconv.FormatBool(flag.Tough), nil, flag.Note)
	return nil
}
func (f *fakeDesk) DeleteFlag(context.Context, core.CustomerKey) error {
	f.say("unflag", nil)
	return nil
}
func (f *fakeDesk) PreviewTickets(_ context.Context, r core.TicketImportRequest) (core.TicketPreview, error) {
	if f.preview == nil {
		return core.TicketPreview{}, nil
	}
	return f.preview(r)
}
func (f *fakeDesk) ImportTickets(_ context.Context, r core.TicketImportRequest, _ *core.Progress) (core.TicketImportResult, error) {
	f.taken = append(f.taken, r)
	return f.imported, nil
}
func (f *fakeDesk) Settings() core.Settings { return core.DefaultSettings() }
func (f *fakeDesk) Now() time.Time          { return noon() }
func (f *fakeDesk) Subscribe(int) (<-chan core.Event, func()) {
	f.events = make(chan core.Event)
	return f.events, func() {}
}

func (f *fakeDesk) say(what string, nos []uint32, more ...string) {
	for _, no := range nos {
		what += " " + strconv.Itoa(int(no))
	}
	for _, m := range more {
		what += " " + m
	}
	f.done = append(f.done, what)
}

func noon() time.Time { return time.Date(2026, 6, 15, 12, 0, 0, 0, time.Local) }

func numbers(n int) []uint32 {
	nos := make([]uint32, n)
	for i := range nos {
		nos[i] = uint32(i + 1)
	}
	return nos
}

func viewsOf(nos []uint32) []core.TicketView {
	out := make([]core.TicketView, len(nos))
	for i, no := range nos {
		out[i].No, out[i].Number = no, "T"+strconv.Itoa(int(no))
		out[i].Description = "a long story"
	}
	return out
}

// clockwork holds what waits, to be let go by a test.
type clockwork struct{ waiting []*func() }

func (c *clockwork) wait(_ time.Duration, f func()) func() {
	w := &f
	c.waiting = append(c.waiting, w)
	return func() { *w = func() {} }
}

// pass lets everything that waits run, and not what comes to wait meanwhile.
func (c *clockwork) pass() {
	list := c.waiting
	c.waiting = nil
	for _, f := range list {
		(*f)()
	}
}

// queue is a Dispatcher that answers when it is drained: the work runs at once.
type queue struct{ calls []func() }

func (q *queue) Do(f func()) { q.calls = append(q.calls, f) }
func (q *queue) Go(f func()) { f() }
func (q *queue) drain() {
	for len(q.calls) > 0 {
		f := q.calls[0]
		q.calls = q.calls[1:]
		f()
	}
}

// newBench returns a bench whose work runs through ui, or inline when that is nil.
func newBench(t *testing.T, f *fakeDesk, ui async.Dispatcher) (*bench, *kittest.Host, *clockwork) {
	t.Helper()
	host, clock := &kittest.Host{}, &clockwork{}
	if ui == nil {
		ui = host.Dispatcher()
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return &bench{desk: f, host: host, ui: ui, ctx: ctx, wait: clock.wait}, host, clock
}
