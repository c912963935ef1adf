package logs

import (
	"context"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
)

// shownLines is how many of the newest lines the tab shows. All of them are in the log files.
const shownLines = 5000

// view is what the presenter drives.
type view interface {
	// showLines shows the lines; filtered says that a level or text leaves some out.
	showLines(lines []core.LogLine, filtered bool)
	// showWaiting says how many lines came while the tail is paused.
	showWaiting(n int)
	// showExport tells how an export ended.
	showExport(lines int, path string, err error)
}

// presenter follows the live log.
type presenter struct {
	desk   Desk
	ui     async.Dispatcher
	view   view
	loader *async.Loader[[]core.LogLine]
	fresh  *async.Coalescer
	stop   func()
	ctx    context.Context
	cancel context.CancelFunc

	level, text string
	paused      bool
	last        uint64 // the newest line shown
	waiting     int
}

func newPresenter(desk Desk, ui async.Dispatcher) *presenter {
	p := &presenter{desk: desk, ui: ui, loader: async.NewLoader[[]core.LogLine](ui)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.fresh = async.NewCoalescer(ui, p.arrived)
	return p
}

// start shows what there is and follows from then on.
func (p *presenter) start(v view) {
	p.view = v
	p.stop = p.desk.LogNotify(p.fresh.Poke)
	p.load()
}

func (p *presenter) close() {
	if p.stop != nil {
		p.stop()
	}
	p.fresh.Close()
	p.loader.Close()
	p.cancel()
}

func (p *presenter) query() core.LogQuery {
	return core.LogQuery{MinLevel: p.level, Text: p.text, Limit: shownLines}
}

func (p *presenter) load() {
	q := p.query()
	p.loader.Load(func(context.Context) ([]core.LogLine, error) { return p.desk.LogLines(q), nil },
		func(lines []core.LogLine, _ error) {
			if n := len(lines); n > 0 {
				p.last = max(p.last, lines[n-1].Seq)
			}
			p.view.showLines(lines, q.MinLevel != "" || q.Text != "")
		})
}

// arrived is called when lines were added: they are shown, or counted while paused.
func (p *presenter) arrived() {
	if !p.paused {
		p.load()
		return
	}
	q := p.query()
	q.After = p.last
	p.loader.Load(func(context.Context) ([]core.LogLine, error) { return p.desk.LogLines(q), nil },
		func(lines []core.LogLine, _ error) {
			p.waiting = len(lines)
			p.view.showWaiting(p.waiting)
		})
}

func (p *presenter) setPaused(paused bool) {
	p.paused = paused
	if !paused {
		p.waiting = 0
		p.view.showWaiting(0)
		p.load()
	}
}

// setFilter filters at once, also while paused: a question about the lines there are.
func (p *presenter) setFilter(level, text string) {
	text = strings.TrimSpace(text)
	if level == p.level && text == p.text {
		return
	}
	p.level, p.text = level, text
	p.load()
}

// export writes the lines that match, of the files as well, to path.
func (p *presenter) export(path string, done func()) {
	q := core.LogQuery{MinLevel: p.level, Text: p.text}
	async.Run(p.ctx, p.ui, func(ctx context.Context) (int, error) { return p.desk.ExportLog(ctx, path, q) },
		func(n int, err error) {
			done()
			p.view.showExport(n, path, err)
		})
}
