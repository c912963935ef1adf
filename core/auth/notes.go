package auth

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	noteEvery = time.Minute // of one token
	noteWrite = 5 * time.Second
)

// notes writes when tokens were used and users signed in, behind whoever did: one goroutine
// lives while there is something to write.
type notes struct {
	users  Users
	log    *slog.Logger
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	used    map[int64]time.Time
	signed  map[int64]time.Time
	writing chan struct{} // closed when the goroutine ends; nil there is none
	closed  bool
}

func newNotes(users Users, log *slog.Logger) *notes {
	n := &notes{users: users, log: log, used: map[int64]time.Time{}, signed: map[int64]time.Time{}}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	return n
}

// noteUse has the token's use noted, once a minute.
func (s *Service) noteUse(t *knownToken, now time.Time) {
	last := t.noted.Load()
	since := now.Sub(time.Unix(last, 0))
	if since >= 0 && since < noteEvery || !t.noted.CompareAndSwap(last, now.Unix()) {
		return
	}
	s.notes.add(func(n *notes) { n.used[t.ID] = now })
}

func (n *notes) add(note func(n *notes)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	note(n)
	if n.writing == nil {
		n.writing = make(chan struct{})
		go n.write(n.writing)
	}
}

// write writes until nothing is left.
func (n *notes) write(done chan struct{}) {
	defer close(done)
	for {
		n.mu.Lock()
		used, signed := n.used, n.signed
		if len(used)+len(signed) == 0 {
			n.writing = nil
			n.mu.Unlock()
			return
		}
		n.used, n.signed = map[int64]time.Time{}, map[int64]time.Time{}
		n.mu.Unlock()
		n.each(used, "when a token was last used", n.users.TokenUsed)
		n.each(signed, "when a user last signed in", n.users.SignedIn)
	}
}

func (n *notes) each(of map[int64]time.Time, what string, write func(context.Context, int64, time.Time) error) {
	for id, at := range of {
		ctx, cancel := context.WithTimeout(n.ctx, noteWrite)
		if err := write(ctx, id, at); err != nil {
			n.log.Warn("could not note "+what, slog.Int64("id", id), slog.Any("error", err))
		}
		cancel()
	}
}

// close writes what is left, for no longer than ctx lasts.
func (n *notes) close(ctx context.Context) error {
	n.mu.Lock()
	n.closed = true
	writing := n.writing
	n.mu.Unlock()
	defer n.cancel()
	if writing == nil {
		return nil
	}
	select {
	case <-writing:
		return nil
	case <-ctx.Done():
		n.cancel()
		<-writing
		return context.Cause(ctx)
	}
}
