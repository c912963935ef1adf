package boost

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// met reports whether n calls of parallel ran at once: each waits so long for all to have begun.
func met(c *Cores, n int, wait time.Duration) bool {
	var begun atomic.Int64
	var alone atomic.Bool
	all := make(chan struct{})
	c.parallel(n, func(int) {
		if int(begun.Add(1)) == n {
			close(all)
		}
		select {
		case <-all:
		case <-time.After(wait):
			alone.Store(true)
		}
	})
	return !alone.Load()
}

func TestAFitWorksOnItsCoreAndOnThoseNobodyUses(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	c := NewCores()
	for used := 1; used <= 3; used++ {
		if err := c.Take(t.Context()); err != nil {
			t.Fatal(err)
		}
		most := 4 - used // its own, and those left
		if !met(c, most, time.Minute) {
			t.Errorf("with %d of 3 cores in use a fit works on less than %d", used, most)
		}
		if met(c, most+1, 10*time.Millisecond) {
			t.Errorf("with %d of 3 cores in use a fit works on more than %d", used, most)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Take(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a fourth core of three: %v", err)
	}
	c.Leave()
	c.Leave()
	if !met(c, 3, time.Minute) {
		t.Error("cores that were given back are not used")
	}
}
