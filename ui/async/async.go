// Package async joins the window's one goroutine with the work that runs off it: a Dispatcher
// to come back by, a Loader whose latest answer wins, a Coalescer that keeps a storm of events
// to ten refreshes a second, and a Latch that drops what arrives after the window has closed.
package async

import (
	"context"
	"errors"
	"sync/atomic"

	"fyne.io/fyne/v2"
)

// Dispatcher hands a function to the UI goroutine. Do never waits for the function to run.
type Dispatcher interface{ Do(f func()) }

// Starter is a Dispatcher that also decides how work off the UI goroutine starts. Without it,
// Go starts a goroutine.
type Starter interface{ Go(f func()) }

// Window is the Dispatcher of a running app.
type Window struct{}

// Do queues f for the UI goroutine.
func (Window) Do(f func()) { fyne.Do(f) }

// Inline runs everything at once on the calling goroutine, so that a presenter's test is a
// straight line: when Load returns, the view was shown.
type Inline struct{}

// Do runs f.
func (Inline) Do(f func()) { f() }

// Go runs f.
func (Inline) Go(f func()) { f() }

// Go starts f off the UI goroutine.
func Go(d Dispatcher, f func()) {
	if s, ok := d.(Starter); ok {
		s.Go(f)
		return
	}
	go f()
}

// Run does one piece of work off the UI goroutine and shows its answer on it. Use it for
// things done (save, delete, send); use a Loader for things looked at. The caller bounds the
// work by ctx.
func Run[T any](ctx context.Context, d Dispatcher, work func(context.Context) (T, error), show func(T, error)) {
	Go(d, func() {
		v, err := work(ctx)
		d.Do(func() { show(v, err) })
	})
}

// Latch closes once. Behind a closed latch no UI call runs any more.
type Latch struct{ closed atomic.Bool }

// Close closes the latch and reports whether this call did it.
func (l *Latch) Close() bool { return l.closed.CompareAndSwap(false, true) }

// Closed reports whether the latch is closed.
func (l *Latch) Closed() bool { return l.closed.Load() }

// Guard returns a Dispatcher that drops calls once the latch is closed: those that come later
// and those still waiting in the queue.
func (l *Latch) Guard(d Dispatcher) Dispatcher { return guarded{l, d} }

type guarded struct {
	latch *Latch
	next  Dispatcher
}

func (g guarded) Do(f func()) {
	if g.latch.Closed() {
		return
	}
	g.next.Do(func() {
		if !g.latch.Closed() {
			f()
		}
	})
}

func (g guarded) Go(f func()) { Go(g.next, f) }

// Canceled reports whether err only says that somebody cancelled the work.
func Canceled(err error) bool { return errors.Is(err, context.Canceled) }
