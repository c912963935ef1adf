package auth

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"deskwatch/core"
)

// waitingPerSlot is how many passwords may wait for each that is hashed: less than a second's
// worth, so that nobody waits for long and is refused in the end.
const waitingPerSlot = 16

const (
	longestRest = time.Second
	// refuseAfter is how long who is refused waits for that answer, while mostRefusing do at
	// most: whoever asks again at once, from however many connections, costs next to nothing.
	refuseAfter  = 500 * time.Millisecond
	mostRefusing = 256
)

// hasher hashes passwords, few at a time: each takes a core for some 50 ms and 19 MiB of memory,
// and what else the desk does has to go on beside it.
type hasher struct {
	cost              cost
	slots             chan struct{}
	strangers, trusty atomic.Int32 // who wait
	refuseAfter       time.Duration
	refusing          chan struct{}
}

func newHasher() *hasher {
	return &hasher{
		cost: today, slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		refuseAfter: refuseAfter, refusing: make(chan struct{}, mostRefusing),
	}
}

// enter waits for a turn; leave has to be called after it. Those in line are counted apart for
// strangers and for those who are known to sign in from where they are, so that a flood of the
// former does not keep the latter out.
func (h *hasher) enter(ctx context.Context, op string, trusted bool) error {
	line := &h.strangers
	if trusted {
		line = &h.trusty
	}
	defer line.Add(-1)
	if int(line.Add(1)) > waitingPerSlot*cap(h.slots) {
		return busy(op, "Too many are signing in at this moment. Nothing was done. Try again in a few seconds.", 2*time.Second)
	}
	return h.wait(ctx)
}

// wait waits for a turn however many are in line.
func (h *hasher) wait(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// leave gives the turn to the next, after a rest of as long as it took when strangers wait: a
// flood of them gets half a core, and the memory of a hash is not asked for without a pause.
func (h *hasher) leave(took time.Duration) {
	if took <= 0 || h.strangers.Load() == 0 {
		<-h.slots
		return
	}
	time.AfterFunc(min(took, longestRest), func() { <-h.slots })
}

// check compares a password with a stored hash; old is true when that should be hashed anew. No
// hash or an unreadable one costs as much as one of today, and nothing matches it.
func (h *hasher) check(stored, password string) (ok, old bool, err error) {
	if stored == "" {
		h.cost.make(password)
		return false, false, nil
	}
	k, err := parse(stored)
	if err != nil {
		h.cost.make(password)
		return false, false, err
	}
	return k.matches(password), k.cost != h.cost || len(k.sum) != sumBytes || len(k.salt) != saltBytes, nil
}

// refuse returns err when it is not worth asking again at once.
func (h *hasher) refuse(ctx context.Context, err error) error {
	select {
	case h.refusing <- struct{}{}:
	default:
		return err
	}
	defer func() { <-h.refusing }()
	select {
	case <-time.After(h.refuseAfter):
	case <-ctx.Done():
	}
	return err
}

func busy(op, message string, wait time.Duration) error {
	e := core.NewError(core.CodeBusy, op, message, nil)
	e.RetryAfter = wait
	return e
}
