package tickets

import (
	"context"
	"reflect"
	"runtime/debug"
	"sync"
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
	if rev == x.rev && x.ready.Load() && !x.stale {
		return false, nil
	}
	if err := x.readShared(ctx); err != nil {
		return false, err
	}
	if changed, err = x.readFacts(ctx); err != nil {
		return changed, err
	}
	// A process may have committed after the revision was asked for: what of it was read is read
	// again next time, and does no harm.
	x.rev = rev
	x.refreshOrders()
	if first := !x.ready.Swap(true); first && x.cols.tickets >= fewTickets {
		debug.FreeOSMemory() // reading them all left as much behind as a small desk holds in all: 10 MB of a million
	}
	return true, nil
}

// readFacts reads the tickets that changed, or all of them when they are stale. One batch is taken
// while the pool reads the next.
func (x *Index) readFacts(ctx context.Context) (changed bool, err error) {
	after := x.rev
	if x.stale {
		after = 0
	}
	x.clock = x.opt.Clock()
	touched := touched{all: after == 0}
	read, free := make(chan []Fact), make(chan []Fact, 2)
	free <- nil
	free <- nil
	var taking sync.WaitGroup
	taking.Go(func() {
		for batch := range read {
			x.take(batch, &touched)
			free <- batch
		}
	})
	err = x.pool.Facts(ctx, after, func(batch []Fact) error {
		changed = true
		read <- append((<-free)[:0], batch...)
		return ctx.Err()
	})
	close(read)
	taking.Wait()
	x.stale = x.stale && err != nil
	x.rescore(&touched)
	return changed, err
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
	told := make([]toldClock, 0, min(block, len(batch)))
	for len(batch) > 0 {
		n := min(block, len(batch))
		told = told[:0]
		for i := range batch[:n] {
			f := &batch[i]
			x.histories.keep(f)
			told = append(told, toldBy(x.clock.Reply(core.ClockQuestion{
				Product: x.cols.name(f.Product), Priority: f.Priority, Status: f.Status, Gone: f.Gone,
				Created: instant(seconds(f.Created)), FirstReply: instant(seconds(f.FirstReply)), Closed: instant(seconds(f.Closed)),
				History: f.History, Now: now,
			}), len(f.History) > 0))
		}
		x.mu.Lock()
		for i := range batch[:n] {
			x.keep(&batch[i], told[i], touched)
		}
		x.mu.Unlock()
		batch = batch[n:]
	}
}

// keep keeps one fact, and what it touches. The caller has locked mu.
func (x *Index) keep(f *Fact, told toldClock, touched *touched) {
	if f.No == 0 || f.No >= mostNumber {
		return
	}
	c, i, known := x.cols.at(f.No)
	var before placed
	if known {
		before = c.placed(i)
		touched.customer(c.customer.at(i))
		if f.TextRev == 0 || f.TextRev > x.rev {
			x.texts.forget()
		}
	}
	c, i = x.cols.put(f)
	c.setClock(i, told)
	if !known || c.placed(i) != before {
		x.changes.add(f.No)
	}
	touched.ticket(f.No, f.Customer, x.cols.people.has(f.Customer))
}

// placed is what the orders that are kept are told from.
type placed struct {
	created, updated, closed uint32
	number, subject          uint64
}

func (c *chunk) placed(i int) placed {
	return placed{c.created[i], c.updated[i], c.closed[i], c.number.at(i), c.subject[i]}
}

// instant is a time of a column.
func instant(s uint32) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(int64(s), 0).UTC()
}

// scoreEvery is how often the scores of all customers are told anew: what happened fades by half in
// 90 days, so in an hour by a third of a thousandth.
const scoreEvery = time.Hour

// Recompute has clocks, scores and risks told anew: the settings changed, or time went by. Another
// clock needs what only the pool knows, such as when a ticket was answered, so all tickets are read
// again; where that fails, the next Sync does it.
func (x *Index) Recompute() {
	x.writing.Lock()
	defer x.writing.Unlock()
	if !x.ready.Load() {
		return
	}
	if !sameClock(x.opt.Clock(), x.clock) {
		x.stale = true
		_, _ = x.readFacts(context.Background()) // they stay stale after a failure, and Sync tells of it
		return
	}
	for n := range x.cols.chunks {
		x.wind(n)
	}
	now := x.opt.Now()
	x.rescore(&touched{all: now.Before(x.scored) || now.Sub(x.scored) >= scoreEvery, aged: true})
}

// sameClock reports whether two clocks surely are one.
func sameClock(a, b Clock) bool {
	return a != nil && b != nil && reflect.TypeOf(a).Comparable() && reflect.TypeOf(b).Comparable() && a == b
}

// wind tells the clocks of a chunk anew that stand: their deadlines move as time goes by.
func (x *Index) wind(n int) {
	c := x.cols.chunks[n]
	if c == nil {
		return
	}
	now := x.opt.Now()
	type winding struct {
		i    int
		told toldClock
	}
	var list []winding
	c.deadlines.have.each(func(i int) {
		if c.clock(i) != clockStopped {
			return
		}
		k := x.cols.classes[c.class.at(i)]
		history := x.histories.of(uint32(n<<chunkBits | i))
		list = append(list, winding{i, toldBy(x.clock.Reply(core.ClockQuestion{
			Product: x.cols.name(k.product), Priority: k.priority, Status: k.status, Gone: c.bits[i]&bitGone != 0,
			Created: instant(c.created[i]), Closed: instant(c.closed[i]), History: history, Now: now,
		}), len(history) > 0)})
	})
	if len(list) == 0 {
		return
	}
	x.mu.Lock()
	for _, w := range list {
		c.setClock(w.i, w.told)
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
