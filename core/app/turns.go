package app

import (
	"context"
	"sync"

	"deskwatch/core"
)

// turns lets one alert check run at a time, and lets who changes the order book stop it.
type turns struct {
	mu   sync.Mutex
	busy chan struct{} // made at first use; holds a token while a check runs
	stop context.CancelFunc
	held int // how many hold, or wait to
}

func (t *turns) slot() chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy == nil {
		t.busy = make(chan struct{}, 1)
	}
	return t.busy
}

// begin waits for its turn. The context of the check ends when hold is called.
func (t *turns) begin(ctx context.Context) (check context.Context, end func(), err error) {
	busy := t.slot()
	select {
	case busy <- struct{}{}:
	case <-ctx.Done():
		return ctx, nil, core.NewError(core.ErrorCode(ctx.Err()), "app.check", "The check was stopped before it began. Nothing was checked.", ctx.Err())
	}
	check, cancel := context.WithCancel(ctx)
	t.mu.Lock()
	if t.stop = cancel; t.held > 0 {
		cancel()
	}
	t.mu.Unlock()
	return check, func() { cancel(); <-busy }, nil
}

// hold stops the check that runs and keeps others from beginning until resume is called.
func (t *turns) hold() (resume func()) {
	busy := t.slot()
	t.mu.Lock()
	t.held++
	if t.stop != nil {
		t.stop()
	}
	t.mu.Unlock()
	busy <- struct{}{}
	return func() {
		t.mu.Lock()
		t.held--
		t.mu.Unlock()
		<-busy
	}
}
