package async

import "time"

// Hold is a Dispatcher that can be made to wait, as while the desk is locked. Stop and Resume
// belong to the UI goroutine.
type Hold struct {
	next    Dispatcher
	stopped bool
	calls   []func()
}

// NewHold returns a Hold before d that lets everything pass.
func NewHold(d Dispatcher) *Hold { return &Hold{next: d} }

// Do runs f on the UI goroutine; while it is stopped, after Resume. What waits is bounded by who
// calls: a Listen and a Coalescer have one call under way at a time, a load one answer.
func (h *Hold) Do(f func()) {
	h.next.Do(func() {
		if h.stopped {
			h.calls = append(h.calls, f)
			return
		}
		f()
	})
}

// Go starts f off the UI goroutine, stopped or not.
func (h *Hold) Go(f func()) { Go(h.next, f) }

// Stop lets nothing pass until Resume.
func (h *Hold) Stop() { h.stopped = true }

// Resume runs what waited, in order.
func (h *Hold) Resume() {
	h.stopped = false
	calls := h.calls
	h.calls = nil
	for _, f := range calls {
		h.Do(f)
	}
}

// Every calls f on the UI goroutine once per period, until stop.
func Every(period time.Duration, ui Dispatcher, f func()) (stop func()) {
	done := make(chan struct{})
	go func() {
		t := time.NewTicker(period)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				ui.Do(f)
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}
