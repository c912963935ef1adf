// Package event is the in-process bus that tells everybody what happened. Publishing never
// waits for a subscriber: one that is slow loses its oldest events, which is harmless, since an
// event says that something changed and the subscriber reads the present state anyway.
package event

import (
	"sync"

	"deskwatch/core"
)

// maxBuffer bounds what one subscriber may leave unread.
const maxBuffer = 4096

// Bus carries events from publishers to subscribers. All methods may be called from several
// goroutines.
type Bus struct {
	mu     sync.Mutex
	subs   map[*subscription]struct{}
	closed bool
}

type subscription struct{ ch chan core.Event }

// New returns a bus without subscribers.
func New() *Bus { return &Bus{subs: map[*subscription]struct{}{}} }

// Subscribe returns a channel of the events published from now on. It holds at most buffer
// events (clamped to 1..4096); a newer event pushes out the oldest. The channel is closed by
// cancel, which may be called several times, and by Close.
func (b *Bus) Subscribe(buffer int) (events <-chan core.Event, cancel func()) {
	s := &subscription{make(chan core.Event, min(max(buffer, 1), maxBuffer))}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		close(s.ch)
		return s.ch, func() {}
	}
	b.subs[s] = struct{}{}
	return s.ch, func() { b.drop(s) }
}

func (b *Bus) drop(s *subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.subs[s]; ok {
		delete(b.subs, s)
		close(s.ch)
	}
}

// Publish hands e to every subscriber and returns at once. After Close it does nothing.
func (b *Bus) Publish(e core.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.subs {
		select {
		case s.ch <- e:
			continue
		default:
		}
		// Only Publish sends, and under the lock: once the oldest is out there is room.
		select {
		case <-s.ch:
		default:
		}
		s.ch <- e
	}
}

// Close ends every subscription. Events already in a channel can still be read.
func (b *Bus) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for s := range b.subs {
		delete(b.subs, s)
		close(s.ch)
	}
}
