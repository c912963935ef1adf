package async

import (
	"reflect"
	"slices"
	"sync"

	"deskwatch/core"
)

// Listen calls f on the UI goroutine for every event of a subscription, until stop. While the
// window cannot keep up, or is held (Hold), at most backlog events wait: then the oldest of those
// go that a later one of their kind follows. f therefore reloads rather than counts.
func Listen(d Dispatcher, subscribe func(buffer int) (<-chan core.Event, func()), f func(core.Event)) (stop func()) {
	events, cancel := subscribe(backlog)
	done := make(chan struct{})
	wait := &waiting{}
	pass := func() {
		for _, e := range wait.take() {
			f(e)
		}
	}
	go func() {
		for {
			select {
			case e, ok := <-events:
				if !ok {
					return
				}
				if wait.add(e) {
					d.Do(pass)
				}
			case <-done:
				return
			}
		}
	}()
	var once sync.Once
	return func() {
		once.Do(func() {
			cancel()
			close(done)
		})
	}
}

// backlog is how many events wait for the window. There are fewer kinds of events than that.
const backlog = 64

// waiting are events on their way to the UI goroutine.
type waiting struct {
	mu     sync.Mutex
	events []core.Event
}

// add reports whether nothing is on its way yet.
func (w *waiting) add(e core.Event) (first bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
	if len(w.events) > backlog {
		w.drop()
	}
	return len(w.events) == 1
}

// drop leaves out the oldest event that a later one of its kind follows.
func (w *waiting) drop() {
	for i, e := range w.events {
		kind := reflect.TypeOf(e)
		later := slices.IndexFunc(w.events[i+1:], func(o core.Event) bool { return reflect.TypeOf(o) == kind })
		if later < 0 {
			continue
		}
		if _, ok := e.(core.TicketsChanged); ok {
			w.events[i+1+later] = core.TicketsChanged{} // more has changed than either of them says
		}
		w.events = slices.Delete(w.events, i, i+1)
		return
	}
}

func (w *waiting) take() []core.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	events := w.events
	w.events = nil
	return events
}
