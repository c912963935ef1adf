package tickets

import (
	"context"
	"reflect"
	"time"

	"deskwatch/core"
)

// Sync reads what changed in the pool since the last call, whichever process changed it, and
// reports whether anything did. The first call reads everything. After an error what was read
// counts, and the next call reads it again.
func (x *Index) Sync(ctx context.Context) (changed bool, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	rev, err := x.pool.Revision(ctx)
	if err != nil {
		return false, err
	}
	if rev == x.rev && x.ready.Load() {
		return false, nil
	}
	if err := x.readShared(ctx); err != nil {
		return false, err
	}
	x.clock = x.opt.Clock()
	touched := x.newTouched()
	err = x.pool.Facts(ctx, x.rev, func(batch []Fact) error {
		changed = true
		x.take(batch, touched)
		return ctx.Err()
	})
	x.rescore(touched)
	if err != nil {
		return changed, err
	}
	// A process may have committed after the revision was asked for: what of it was read is read
	// again next time, and does no harm.
	x.rev = rev
	x.refreshOrders()
	x.ready.Store(true)
	return true, nil
}

// readShared reads the names and customers that facts refer to.
func (x *Index) readShared(ctx context.Context) error {
	names, err := x.pool.Names(ctx, x.rev)
	if err != nil {
		return err
	}
	people, err := x.pool.Customers(ctx, x.rev)
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.cols.setNames(names)
	x.mu.Unlock()
	const block = 2000
	for len(people) > 0 {
		n := min(block, len(people))
		x.mu.Lock()
		for i := range people[:n] {
			x.cols.people.set(&people[i])
		}
		x.mu.Unlock()
		people = people[n:]
	}
	return nil
}

// take keeps a batch of facts. The clocks are asked before anybody has to wait.
func (x *Index) take(batch []Fact, touched *touched) {
	const block = 1000
	now := x.opt.Now()
	answers := make([]core.ClockAnswer, 0, min(block, len(batch)))
	for len(batch) > 0 {
		n := min(block, len(batch))
		answers = answers[:0]
		for i := range batch[:n] {
			f := &batch[i]
			x.histories.keep(f)
			answers = append(answers, x.clock.Reply(core.ClockQuestion{
				Product: x.cols.name(f.Product), Priority: f.Priority, Status: f.Status, Gone: f.Gone,
				Created: instant(seconds(f.Created)), FirstReply: instant(seconds(f.FirstReply)), Closed: instant(seconds(f.Closed)),
				History: f.History, Now: now,
			}))
		}
		x.mu.Lock()
		for i := range batch[:n] {
			f := &batch[i]
			if f.No == 0 || f.No >= mostNumber {
				continue
			}
			if c, k, ok := x.cols.at(f.No); ok {
				touched.customer(c.customer[k])
				if f.TextRev == 0 || f.TextRev > x.rev {
					x.texts.forget()
				}
			}
			c, k, _ := x.cols.put(f)
			c.setClock(k, answers[i])
			x.changes.add(f.No)
			touched.ticket(f.No, f.Customer)
		}
		x.mu.Unlock()
		batch = batch[n:]
	}
}

// instant is a time of a column.
func instant(s uint32) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(int64(s), 0).UTC()
}

// Recompute has clocks, scores and risks told anew: the settings changed, or time went by. The
// clock of a ticket that ended without an answer stays as it was told when the ticket was read.
func (x *Index) Recompute() {
	x.writing.Lock()
	defer x.writing.Unlock()
	clock := x.opt.Clock()
	all := !sameClock(clock, x.clock)
	x.clock = clock
	for n := range x.cols.chunks {
		x.wind(n, all)
	}
	touched := x.newTouched()
	touched.all = true
	x.rescore(touched)
}

// sameClock reports whether two clocks surely are one.
func sameClock(a, b Clock) bool {
	return a != nil && b != nil && reflect.TypeOf(a).Comparable() && reflect.TypeOf(b).Comparable() && a == b
}

// wind tells the clocks of a chunk anew: all that can be, or only those that stand, whose
// deadline moves as time goes by.
func (x *Index) wind(n int, all bool) {
	c := x.cols.chunks[n]
	if c == nil {
		return
	}
	now := x.opt.Now()
	type told struct {
		i      int
		answer core.ClockAnswer
	}
	var list []told
	for i := range chunkSize {
		if c.class[i] == 0 || !all && c.clock(i) != clockStopped || c.firstReply[i] == 0 && x.cols.done(c, i) {
			continue
		}
		k := x.cols.classes[c.class[i]]
		list = append(list, told{i, x.clock.Reply(core.ClockQuestion{
			Product: x.cols.name(k.product), Priority: k.priority, Status: k.status, Gone: c.bits[i]&bitGone != 0,
			Created: instant(c.created[i]), FirstReply: instant(c.firstReply[i]), Closed: instant(c.closed[i]),
			History: x.histories.of(uint32(n<<chunkBits | i)), Now: now,
		})})
	}
	if len(list) == 0 {
		return
	}
	x.mu.Lock()
	for _, t := range list {
		c.setClock(t.i, t.answer)
	}
	x.mu.Unlock()
}

// histories keeps the status histories that clocks of waiting tickets are told from, each step
// in one number.
type histories struct {
	steps map[uint32][]uint64
}

func newHistories() histories { return histories{map[uint32][]uint64{}} }

func (h *histories) keep(f *Fact) {
	if len(f.History) == 0 || f.Gone || f.Status.Done() {
		delete(h.steps, f.No)
		return
	}
	steps := make([]uint64, len(f.History))
	for i, s := range f.History {
		steps[i] = uint64(seconds(s.At.Unix()))<<8 | uint64(s.Status)
	}
	h.steps[f.No] = steps
}

func (h *histories) of(no uint32) []core.StatusStep {
	var list []core.StatusStep
	for _, s := range h.steps[no] {
		list = append(list, core.StatusStep{At: instant(uint32(s >> 8)), Status: core.TicketStatus(s & 0xff)})
	}
	return list
}
