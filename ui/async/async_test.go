package async

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskwatch/core"
)

// queue is a Dispatcher that runs nothing until told to.
type queue struct{ calls []func() }

func (q *queue) Do(f func()) { q.calls = append(q.calls, f) }
func (q *queue) Go(f func()) { f() }
func (q *queue) drain() {
	for _, f := range q.calls {
		f()
	}
	q.calls = nil
}

func TestLoaderShowsOnlyTheLatestAnswer(t *testing.T) {
	q := &queue{}
	l := NewLoader[string](q)
	var shown []string
	show := func(s string, _ error) { shown = append(shown, s) }
	l.Load(func(context.Context) (string, error) { return "old", nil }, show)
	l.Load(func(context.Context) (string, error) { return "new", nil }, show)
	q.drain()
	if len(shown) != 1 || shown[0] != "new" {
		t.Fatalf("shown %v, want only the new answer", shown)
	}
}

func TestLoaderCancelsTheOlderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLoader[int](goInline{})
		var first error
		done := make(chan struct{})
		l.Load(func(ctx context.Context) (int, error) {
			<-ctx.Done()
			first = ctx.Err()
			close(done)
			return 1, first
		}, func(int, error) { t.Error("a cancelled load was shown") })
		var got int
		l.Load(func(context.Context) (int, error) { return 2, nil }, func(v int, _ error) { got = v })
		<-done
		synctest.Wait()
		if !errors.Is(first, context.Canceled) || got != 2 {
			t.Fatalf("first ended with %v and %d was shown", first, got)
		}
	})
}

// goInline starts goroutines but dispatches inline.
type goInline struct{}

func (goInline) Do(f func()) { f() }

func TestLoaderShowsNothingAfterClose(t *testing.T) {
	q := &queue{}
	l := NewLoader[int](q)
	shown := 0
	l.Load(func(context.Context) (int, error) { return 1, nil }, func(int, error) { shown++ })
	l.Close()
	q.drain()
	l.Load(func(context.Context) (int, error) { shown++; return 1, nil }, func(int, error) { shown++ })
	q.drain()
	if shown != 0 {
		t.Fatalf("%d calls after Close", shown)
	}
}

// oneAtATime stands for the UI goroutine where calls come from timers.
type oneAtATime struct{ mu sync.Mutex }

func (o *oneAtATime) Do(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f()
}

func TestCoalescerKeepsToTenCallsASecondAndEndsWithTheLastPoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, state, seen := 0, 0, 0
		ui := &oneAtATime{}
		c := NewCoalescer(ui, func() { calls++; seen = state })
		for i := range 1000 {
			ui.Do(func() { state = i })
			c.Poke()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(Beat)
		synctest.Wait()
		if calls > 11 || calls < 9 {
			t.Errorf("%d calls in one second, want about ten", calls)
		}
		if seen != 999 {
			t.Errorf("the last call saw %d, want 999", seen)
		}
		c.Poke()
		before := calls
		c.Poke()
		c.Close()
		time.Sleep(time.Second)
		synctest.Wait()
		if calls != before {
			t.Error("a call after Close")
		}
	})
}

func TestLatchDropsLateAndWaitingCalls(t *testing.T) {
	q := &queue{}
	var l Latch
	d := l.Guard(q)
	ran := 0
	d.Do(func() { ran++ })
	if !l.Close() || l.Close() {
		t.Error("Close must report true exactly once")
	}
	d.Do(func() { ran++ })
	q.drain()
	if ran != 0 {
		t.Fatalf("%d calls ran behind a closed latch", ran)
	}
}

func TestListenPassesEventsOnUntilStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan core.Event, 4)
		cancelled := 0
		got := 0
		stop := Listen(Inline{}, func(int) (<-chan core.Event, func()) { return ch, func() { cancelled++ } },
			func(core.Event) { got++ })
		ch <- core.OrdersChanged{}
		synctest.Wait()
		stop()
		stop()
		synctest.Wait()
		if got != 1 || cancelled != 1 {
			t.Fatalf("got %d events, cancelled %d times", got, cancelled)
		}
	})
}
