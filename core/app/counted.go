package app

import (
	"context"
	"sync"
	"time"

	"deskwatch/core"
)

// countEvery is how often a book on a server is counted when nothing tells that it changed: other
// programs may write to it.
const countEvery = 5 * time.Minute

// counted is what the status line knows of a book on a server. Counting takes a while there, so
// it is done in the background and the status line shows the last answer.
type counted struct {
	mu      sync.Mutex
	counts  core.BookCounts
	sample  bool
	at      time.Time // zero: not yet
	started bool
	ask     chan struct{} // a token asks for counting again; made by start
}

// start reports whether the background work is to be begun now.
func (c *counted) start() (begin bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started {
		return false
	}
	c.started, c.ask = true, make(chan struct{}, 1)
	c.ask <- struct{}{}
	return true
}

// again asks for counting again, if anybody ever looked.
func (c *counted) again() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started {
		select {
		case c.ask <- struct{}{}:
		default: // asked for already
		}
	}
}

// forget drops what was counted in another book.
func (c *counted) forget() {
	c.mu.Lock()
	c.counts, c.sample, c.at = core.BookCounts{}, false, time.Time{}
	c.mu.Unlock()
	c.again()
}

func (c *counted) last() (counts core.BookCounts, sample bool, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts, c.sample, c.at
}

// keepCounting counts the book on a server whenever it changed, until ctx ends.
func (a *App) keepCounting(ctx context.Context) {
	events, cancel := a.bus.Subscribe(16)
	defer cancel()
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, open := <-events:
			if !open {
				return
			}
			if _, changed := e.(core.OrdersChanged); !changed {
				continue
			}
		case <-tick.C:
		case <-a.counted.ask:
		}
		if err := a.count(ctx); err != nil && ctx.Err() == nil {
			a.log.Debug("the order book was not counted", "err", err)
		}
	}
}

func (a *App) count(ctx context.Context) error {
	o := a.book.now()
	if o.remote == nil {
		return nil
	}
	if err := a.bookAway(); err != nil {
		return err
	}
	counts, err := a.book.Counts(ctx)
	if err != nil {
		return err
	}
	sample, err := a.hasSample(ctx)
	if err != nil {
		return err
	}
	if a.book.now() != o {
		return nil // another book came into use, and asked for being counted
	}
	a.counted.mu.Lock()
	a.counted.counts, a.counted.sample, a.counted.at = counts, sample, a.now()
	a.counted.mu.Unlock()
	a.bus.Publish(core.StatusChanged{})
	return nil
}
