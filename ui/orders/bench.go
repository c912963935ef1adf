package orders

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
	// tick calls f on the UI goroutine ten times a second until stop.
	tick func(f func()) (stop func())
}

// do runs one piece of work off the UI goroutine, then done on it. A failure is told to the
// user unless it is only a cancel; done hears of it as well, to put buttons back.
func do[T any](b *bench, work func(context.Context) (T, error), done func(T, error)) {
	async.Run(b.ctx, b.ui, work, kit.Told(b.host, done))
}

// long is do for work that takes long: it stands in the status line with Cancel.
func long[T any](b *bench, title string, work func(context.Context, *core.Progress) (T, error), done func(T, error)) (p *core.Progress, cancel func()) {
	return kit.Work(b.ctx, b.ui, b.host, title, work, kit.Told(b.host, done))
}

// say shows a short good word.
func (b *bench) say(text string) { b.host.Toast(kit.ToneGood, text) }

// everyTenth is the tick of a running app.
func everyTenth(ctx context.Context, d async.Dispatcher) func(f func()) (stop func()) {
	return func(f func()) func() {
		ctx, cancel := context.WithCancel(ctx)
		go func() {
			t := time.NewTicker(async.Beat)
			defer t.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-t.C:
					d.Do(func() {
						if ctx.Err() == nil {
							f()
						}
					})
				}
			}
		}()
		return cancel
	}
}
