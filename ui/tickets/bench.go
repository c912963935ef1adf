package tickets

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// bench is what every presenter of this tab works with. Its fields are set once by the tab.
type bench struct {
	desk Desk
	host kit.Host
	ui   async.Dispatcher // drops calls once the tab is closed
	ctx  context.Context  // ends with the tab
	// wait calls f on the UI goroutine after d, unless stop was called before.
	wait func(d time.Duration, f func()) (stop func())
}

// do runs one piece of work off the UI goroutine, then done on it. A failure is told to the
// user unless it is only a cancel; done hears of it as well, to put buttons back.
func do[T any](b *bench, work func(context.Context) (T, error), done func(T, error)) {
	async.Run(b.ctx, b.ui, work, kit.Told(b.host, done))
}

// act is do for work that answers nothing; done runs when it went well.
func act(b *bench, work func(context.Context) error, done func()) {
	do(b, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) {
		if err == nil {
			done()
		}
	})
}

// long is do for work that takes long: it stands in the status line with Cancel.
func long[T any](b *bench, title string, work func(context.Context, *core.Progress) (T, error), done func(T, error)) {
	kit.Work(b.ctx, b.ui, b.host, title, work, kit.Told(b.host, done))
}

// waiting is the wait of a running app: nothing is called once ctx has ended.
func waiting(ctx context.Context, d async.Dispatcher) func(time.Duration, func()) func() {
	return func(after time.Duration, f func()) func() {
		ctx, cancel := context.WithCancel(ctx)
		t := time.AfterFunc(after, func() {
			d.Do(func() {
				if ctx.Err() == nil {
					cancel()
					f()
				}
			})
		})
		return func() { t.Stop(); cancel() }
	}
}

// pace keeps what events ask for from taking more than a fifth of the time: after every run it
// rests four times as long as that took. What is asked for meanwhile is done at the end of the
// rest.
type pace struct {
	*bench
	run            func()
	busy, resting  bool
	again          bool
	began          time.Time
	stopRest       func()
	shortest, most time.Duration
}

func newPace(b *bench, run func()) *pace {
	return &pace{bench: b, run: run, stopRest: func() {}, shortest: 250 * time.Millisecond, most: 2 * time.Second}
}

// Ask runs now, or as soon as there was rest enough.
func (p *pace) Ask() {
	if p.busy || p.resting {
		p.again = true
		return
	}
	p.run()
}

// Begin and End bound a run, whoever asked for it.
func (p *pace) Begin() { p.busy, p.began = true, time.Now() }

// End begins the rest.
func (p *pace) End() {
	p.busy, p.resting = false, true
	p.stopRest()
	p.stopRest = p.wait(min(max(4*time.Since(p.began), p.shortest), p.most), func() {
		p.resting = false
		if p.again {
			p.again = false
			p.Ask()
		}
	})
}
