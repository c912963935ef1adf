package auth

import (
	"sync/atomic"
	"time"
)

// clock tells the time that lifetimes are measured by. It follows the wall when that is put
// ahead, as after a sleep of the machine, and goes on evenly when the wall is put back, so that
// neither makes anything last longer than it was meant to.
type clock struct {
	wall    func() time.Time
	elapsed func() time.Duration // since start, on a clock that nobody sets
	start   time.Time
	ahead   atomic.Int64 // nanoseconds the wall was put ahead of elapsed, at most so far
}

func newClock(now func() time.Time) *clock {
	start := now()
	return &clock{wall: now, start: start.Round(0), elapsed: func() time.Duration { return now().Sub(start) }}
}

func (c *clock) now() time.Time {
	elapsed := c.elapsed()
	// Round strips the monotonic reading: only the wall counts here.
	put := int64(c.wall().Round(0).Sub(c.start) - elapsed)
	for {
		ahead := c.ahead.Load()
		if put <= ahead {
			return c.start.Add(elapsed + time.Duration(ahead))
		}
		if c.ahead.CompareAndSwap(ahead, put) {
			return c.start.Add(elapsed + time.Duration(put))
		}
	}
}
