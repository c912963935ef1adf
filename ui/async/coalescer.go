package async

import (
	"sync"
	"time"
)

// Beat is the shortest time between two refreshes that events cause.
const Beat = 100 * time.Millisecond

// Coalescer turns any number of Pokes into at most one call per Beat on the UI goroutine. The
// last Poke is always followed by a call, so the view ends up showing the newest state.
type Coalescer struct {
	dispatch Dispatcher
	f        func()

	mu      sync.Mutex
	pending *time.Timer
	last    time.Time
	asked   bool // a call is on its way to the UI goroutine
	closed  bool
}

// NewCoalescer returns a Coalescer that calls f through d.
func NewCoalescer(d Dispatcher, f func()) *Coalescer { return &Coalescer{dispatch: d, f: f} }

// Poke asks for a call: at once when the last one is a Beat ago, else at the end of the Beat.
func (c *Coalescer) Poke() {
	c.mu.Lock()
	if c.closed || c.asked || c.pending != nil {
		c.mu.Unlock()
		return
	}
	if wait := Beat - time.Since(c.last); !c.last.IsZero() && wait > 0 {
		c.pending = time.AfterFunc(wait, c.fire)
		c.mu.Unlock()
		return
	}
	c.last, c.asked = time.Now(), true
	c.mu.Unlock()
	c.dispatch.Do(c.call)
}

func (c *Coalescer) fire() {
	c.mu.Lock()
	c.pending = nil
	c.last, c.asked = time.Now(), true
	c.mu.Unlock()
	c.dispatch.Do(c.call)
}

func (c *Coalescer) call() {
	c.mu.Lock()
	closed := c.closed
	c.asked = false
	c.mu.Unlock()
	if !closed {
		c.f()
	}
}

// Close stops the Coalescer; no call begins afterwards.
func (c *Coalescer) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.pending != nil {
		c.pending.Stop()
		c.pending = nil
	}
}
