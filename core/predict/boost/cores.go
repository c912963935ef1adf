package boost

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Cores are what fits side by side share: each works on one, and on those besides that nobody uses at
// the moment. What is fitted does not depend on how many there are.
type Cores struct{ free chan struct{} }

// NewCores are all that the program may use, none of them in use.
func NewCores() *Cores {
	c := &Cores{make(chan struct{}, runtime.GOMAXPROCS(0))}
	for range cap(c.free) {
		c.free <- struct{}{}
	}
	return c
}

// Take waits for a core to work on, such as a fit's. It fails when ctx ends.
func (c *Cores) Take(ctx context.Context) error {
	select {
	case <-c.free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Leave gives back what Take took.
func (c *Cores) Leave() { c.free <- struct{}{} }

// parallel calls do with 0..n-1, on the core of the caller and on those nobody uses, and returns when
// all calls have. Each call may write only what is its own.
func (c *Cores) parallel(n int, do func(i int)) {
	var next atomic.Int64
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			do(i)
		}
	}
	var others sync.WaitGroup
	for range n - 1 {
		select {
		case <-c.free:
			others.Go(func() {
				defer c.Leave()
				work()
			})
			continue
		default:
		}
		break
	}
	work()
	others.Wait()
}
