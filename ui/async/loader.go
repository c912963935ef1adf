package async

import (
	"context"
	"sync"
)

// Loader loads what a view shows. Only the latest Load is shown: an older one is cancelled and
// its answer dropped, however late it comes. Its methods may be called on any goroutine.
type Loader[T any] struct {
	dispatch Dispatcher

	mu     sync.Mutex
	seq    uint64
	cancel context.CancelFunc
	closed bool
}

// NewLoader returns a Loader that shows its answers through d.
func NewLoader[T any](d Dispatcher) *Loader[T] { return &Loader[T]{dispatch: d} }

// Load runs work off the UI goroutine and then show on it, unless a later Load or Close came
// between. It does nothing after Close.
func (l *Loader[T]) Load(work func(context.Context) (T, error), show func(T, error)) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	if l.cancel != nil {
		l.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.seq++
	seq := l.seq
	l.cancel = cancel
	l.mu.Unlock()

	Go(l.dispatch, func() {
		defer cancel()
		v, err := work(ctx)
		if !l.current(seq) {
			return
		}
		l.dispatch.Do(func() {
			if l.current(seq) {
				show(v, err)
			}
		})
	})
}

// Cancel gives up what is loading; nothing is shown for it.
func (l *Loader[T]) Cancel() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

// Close cancels what is loading and refuses every later Load.
func (l *Loader[T]) Close() {
	l.Cancel()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
}

func (l *Loader[T]) current(seq uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq == seq && !l.closed
}
