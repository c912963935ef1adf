package overview

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// lookAgain is how often everything is told anew when nothing happens: clocks run.
const lookAgain = 30 * time.Second

// today is what the first page shows.
type today struct {
	core.Overview
	risk  core.RiskList
	model core.ModelState
}

// view is what the presenter drives.
type view interface {
	show(o today)
	// showError says why nothing can be shown.
	showError(err error)
	// showBusy says whether the sample data is being loaded.
	showBusy(busy bool)
}

// presenter loads the overview when something changed, and as time goes by.
type presenter struct {
	desk   Desk
	host   kit.Host
	ui     async.Dispatcher
	view   view
	loader *async.Loader[today]
	fresh  *async.Coalescer
	every  func(d time.Duration, f func()) (stop func())
	stops  []func()
	ctx    context.Context
	cancel context.CancelFunc

	loading, again bool
	shown          bool
	busy           bool
}

func newPresenter(desk Desk, host kit.Host, ui async.Dispatcher) *presenter {
	p := &presenter{desk: desk, host: host, ui: ui, loader: async.NewLoader[today](ui)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.fresh = async.NewCoalescer(ui, p.load)
	p.every = p.tick
	return p
}

// tick calls f on the UI goroutine every d until stop.
func (p *presenter) tick(d time.Duration, f func()) (stop func()) {
	ctx, cancel := context.WithCancel(p.ctx)
	go func() {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				p.ui.Do(f)
			}
		}
	}()
	return cancel
}

func (p *presenter) start(v view) {
	p.view = v
	p.stops = append(p.stops, async.Listen(p.ui, p.desk.Subscribe, p.happened), p.every(lookAgain, p.load))
	p.load()
}

func (p *presenter) close() {
	for _, stop := range p.stops {
		stop()
	}
	p.fresh.Close()
	p.loader.Close()
	p.cancel()
}

func (p *presenter) happened(e core.Event) {
	switch e.(type) {
	case core.TicketsChanged, core.CustomersChanged, core.SourcesChanged, core.OutboxChanged, core.AlertsChecked, core.SettingsChanged, core.OrdersChanged, core.PredictionsChanged:
		p.fresh.Poke()
	}
}

// load loads, one at a time: an answer that is not the newest any more is still shown, and the
// next one follows it. A storm of changes would otherwise cancel every answer.
func (p *presenter) load() {
	if p.loading {
		p.again = true
		return
	}
	p.loading = true
	p.loader.Load(p.read, func(o today, err error) {
		p.loading = false
		switch {
		case err == nil:
			p.shown = true
			p.view.show(o)
		case !p.shown:
			p.view.showError(err)
		}
		if p.again {
			p.again = false
			p.fresh.Poke()
		}
	})
}

func (p *presenter) read(ctx context.Context) (t today, err error) {
	if t.Overview, err = p.desk.Overview(ctx); err != nil {
		return t, err
	}
	if t.risk, err = p.desk.RiskList(ctx); err != nil {
		return t, err
	}
	t.model, err = p.desk.ModelState(ctx)
	return t, err
}

// loadSample takes the sample orders with their tickets, or the tickets alone where there are orders.
func (p *presenter) loadSample() {
	if p.busy {
		return
	}
	p.setBusy(true)
	kit.Work(p.ctx, p.ui, p.host, kit.T("Loading the sample data"), func(ctx context.Context, progress *core.Progress) (core.ImportResult, error) {
		r, err := p.desk.LoadSample(ctx, progress)
		if core.ErrorCode(err) != core.CodeConflict {
			return r, err
		}
		// Orders that are there already stay as they are: the sample goes into an empty book only.
		tickets, err := p.desk.LoadSampleTickets(ctx, progress)
		return core.ImportResult{SampleTickets: int64(tickets.New + tickets.Changed)}, err
	}, kit.Told(p.host, func(r core.ImportResult, err error) {
		p.setBusy(false)
		if err != nil {
			return
		}
		p.host.Toast(kit.ToneGood, kit.T("The sample data is loaded: %s.", sampleText(r)))
		p.load()
	}))
}

// sampleText counts what the sample brought.
func sampleText(r core.ImportResult) string {
	tickets := kit.N("%s ticket", "%s tickets", r.SampleTickets)
	if r.OrdersNew == 0 {
		return tickets
	}
	return kit.N("%s order", "%s orders", r.OrdersNew) + ", " + tickets
}

func (p *presenter) setBusy(busy bool) {
	p.busy = busy
	p.view.showBusy(busy)
}

// runSource asks a source again.
func (p *presenter) runSource(name string) {
	kit.Work(p.ctx, p.ui, p.host, kit.T("Asking %s", name),
		func(ctx context.Context, _ *core.Progress) (struct{}, error) {
			return struct{}{}, p.desk.RunSource(ctx, name)
		},
		kit.Told(p.host, func(struct{}, error) { p.load() }))
}
