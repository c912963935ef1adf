package store

import (
	"context"
	"errors"
	"fmt"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

const (
	maxTold = 1000 // events handed back by a commit
	takeOp  = "store.take"
)

// poolTake is one snapshot being taken, in one write transaction.
type poolTake struct {
	w     *poolWrite // nil when the taking has ended
	err   error      // of an earlier call; the transaction may be gone with it
	start tickets.TakeStart

	source   int64 // names.no
	had      int64 // tickets of the source before
	late     bool  // a newer snapshot of the source was taken before this one
	baseline bool
	silent   bool
	seen     rowSet       // the tickets put, for a full snapshot
	doubts   poolDoubts   // what may be a repeat
	ids      repeatFilter // of a source's first load
	taken    tickets.Taken
}

// Begin opens a snapshot.
func (p *Pool) Begin(ctx context.Context, start tickets.TakeStart) (tickets.Taking, error) {
	if start.Source == "" {
		return nil, core.NewError(core.CodeInvalid, takeOp, "Tickets need the name of the source they come from. Nothing was kept.", nil)
	}
	w, err := p.write(ctx, takeOp, 0)
	if err != nil {
		return nil, err
	}
	k := &poolTake{w: w, start: start}
	if err := k.prepare(); err != nil {
		return nil, fault(takeOp, noneTaken, errors.Join(err, k.Rollback()))
	}
	return k, nil
}

func (k *poolTake) prepare() (err error) {
	if k.source, err = k.w.names.number(k.start.Source); err != nil {
		return err
	}
	s, err := k.w.c.prepare("SELECT tickets, at FROM sources WHERE name = ?")
	if err != nil {
		return err
	}
	err = s.each(func() error {
		k.had, k.late = s.int(0), s.int(1) > toMillis(k.start.At)
		return nil
	}, k.source)
	if k.had == 0 {
		k.ids = newRepeatFilter(firstLoad)
	}
	k.baseline = k.had == 0 && !k.start.Loud && !k.start.Replay
	k.silent = k.baseline || k.start.Replay || k.start.Silent
	k.taken.Baseline = k.baseline
	return err
}

// during runs one step of the taking. After a failure the taking only takes Rollback, because
// SQLite may have rolled back by itself.
func (k *poolTake) during(ctx context.Context, do func() error) error {
	if k.err == nil && k.w == nil {
		k.err = core.NewError(core.CodeInternal, takeOp, "This snapshot has ended already.", nil)
	}
	if k.err == nil {
		k.err = fault(takeOp, noneTaken, k.w.c.interruptible(ctx, do))
	}
	return k.err
}

// Put takes tickets.
func (k *poolTake) Put(ctx context.Context, batch []core.Ticket) error {
	return k.during(ctx, func() error {
		for i := range batch {
			if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := k.put(ctx, batch[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *poolTake) put(ctx context.Context, next core.Ticket) error {
	if next.ID == "" {
		return core.NewError(core.CodeInvalid, takeOp, fmt.Sprintf("A ticket of %s has no id (number %q). %s", k.start.Source, next.Number, noneTaken), nil)
	}
	next.No, next.Source = 0, k.start.Source
	cutTexts(&next)
	k.taken.Tickets++
	old, c, err := k.compare(&next)
	if err != nil {
		return err
	}
	if old.no != 0 && !c.Stale {
		if waits := k.doubts.has(old.no); isDoubtful(&old, &c, waits, k.w.rev) {
			k.see(old.no)
			return k.doubt(ctx, old.no, &next)
		} else if waits { // a newer state: those before it are settled first
			if err := k.settle(ctx, old.no); err != nil {
				return err
			}
			if old, c, err = k.compare(&next); err != nil {
				return err
			}
		}
	}
	return k.keep(ctx, &old, &c)
}

// compare finds what is kept of a ticket and compares.
func (k *poolTake) compare(next *core.Ticket) (old ticketRow, c tickets.Comparison, err error) {
	var kept tickets.Kept
	if k.mayBeKept(next.ID) {
		if old, kept, err = k.find(next); err != nil {
			return old, c, err
		}
	}
	return old, tickets.Compare(kept, *next, k.start.At), nil
}

// keep does what the comparison says.
func (k *poolTake) keep(ctx context.Context, old *ticketRow, c *tickets.Comparison) (err error) {
	switch {
	case c.Stale:
		k.taken.Stale++
	case old.no == 0:
		k.taken.New++
		return k.add(ctx, c)
	case !c.Changed:
		k.taken.Unchanged++
		_, err = k.w.people.number(k.source, &c.Ticket) // its name may be new
	default:
		k.taken.Changed++
		err = k.change(ctx, old, c)
	}
	k.see(old.no)
	return err
}

// firstLoad is twice the bytes of the filter: enough for a million ids.
const firstLoad = 8 << 20

// mayBeKept reports whether a ticket has to be looked up. In a source's first load only one
// that came before in the same snapshot has, and a filter in memory knows nearly all others.
func (k *poolTake) mayBeKept(id string) bool {
	if k.ids.table == nil {
		return true
	}
	suspects := len(k.ids.suspects)
	k.ids.add(id, 0)
	return len(k.ids.suspects) != suspects
}

// see remembers that a full snapshot has the ticket.
func (k *poolTake) see(no int64) {
	if k.start.Full {
		k.seen.add(no)
	}
}

// find returns what is kept of a ticket, with no 0 for nothing. What the snapshot repeats is
// not read from the file.
func (k *poolTake) find(next *core.Ticket) (old ticketRow, kept tickets.Kept, err error) {
	s := k.w.st.find
	if err := s.bind(k.source, next.ID); err != nil {
		return old, kept, err
	}
	found, err := s.step()
	if !found || err != nil {
		return old, kept, err
	}
	old.read(s)
	s.reset()
	if kept, err = k.w.kept(&old, k.start.Source, next.ID); err != nil {
		return old, kept, err
	}
	if digestOf(next) == old.digest {
		kept.Number, kept.Subject, kept.Description = next.Number, next.Subject, next.Description
	} else if err = k.w.texts(&kept.Ticket); err != nil {
		return old, kept, err
	}
	if old.customer == 0 {
		return old, kept, nil
	}
	same, err := k.w.people.lookup(k.source, next.CustomerID)
	if err == nil && same != nil && same.no == old.customer {
		kept.CustomerID = next.CustomerID
	} else if err == nil {
		kept.CustomerID, err = k.w.people.keyOf(old.customer)
	}
	return old, kept, err
}

// add keeps a new ticket.
func (k *poolTake) add(ctx context.Context, c *tickets.Comparison) error {
	t := &c.Ticket
	t.No = uint32(k.w.nextNo)
	k.w.nextNo++
	nameCustomer(t)
	r, err := k.w.row(&c.Kept, k.source)
	if err != nil {
		return err
	}
	if r.began = r.updated; r.began == 0 {
		r.began = toSeconds(c.Changes[0].At)
	}
	if err := r.write(k.w.st.insert, k.w.rev, t.ID); err != nil {
		return err
	}
	if err := k.w.putTexts(ctx, t); err != nil {
		return err
	}
	k.see(r.no)
	return k.tell(c)
}

// change keeps a new state of a ticket.
func (k *poolTake) change(ctx context.Context, old *ticketRow, c *tickets.Comparison) error {
	nameCustomer(&c.Ticket)
	r, err := k.w.row(&c.Kept, k.source)
	if err != nil {
		return err
	}
	r.began, r.history = old.began, old.history
	if r.digest == old.digest {
		r.textRev = old.textRev
	}
	if c.Restated {
		at := toSeconds(c.UpdatedAt)
		if at == 0 {
			at = toSeconds(k.start.At)
		}
		if r.history, err = lengthen(old, &r, at); err != nil {
			return err
		}
	}
	if err := r.write(k.w.st.update, k.w.rev, c.ID); err != nil {
		return err
	}
	if r.digest != old.digest {
		if err := k.w.replaceTexts(ctx, &c.Ticket); err != nil {
			return err
		}
	}
	return k.tell(c)
}

// nameCustomer keeps a customer nobody gave a key by the e-mail or the name.
func nameCustomer(t *core.Ticket) {
	if t.CustomerID == "" {
		t.CustomerID = t.Email
	}
	if t.CustomerID == "" {
		t.CustomerID = t.Customer
	}
}

// tell writes the events of a change.
func (k *poolTake) tell(c *tickets.Comparison) error {
	for _, ch := range c.Changes {
		seen := k.start.At
		if k.start.Replay {
			seen = ch.At
		}
		e, err := k.w.event(&c.Ticket, ch, seen, k.silent)
		if err != nil {
			return err
		}
		k.taken.SnapshotCounts.Events++
		if !k.silent && len(k.taken.Events) < maxTold {
			k.taken.Events = append(k.taken.Events, cloned(e))
		}
	}
	return nil
}

// Commit makes the snapshot visible.
func (k *poolTake) Commit(ctx context.Context) (tickets.Taken, error) {
	err := k.during(ctx, func() error {
		if err := k.settleAll(ctx); err != nil {
			return err
		}
		if k.start.Full && !k.late {
			if err := k.sweep(ctx); err != nil {
				return err
			}
		}
		s, err := k.w.c.prepare(`INSERT INTO sources (name, tickets, at) VALUES (?1, ?2, ?3)
			ON CONFLICT DO UPDATE SET tickets = ?2, at = max(at, ?3)`)
		if err != nil {
			return err
		}
		if err := s.run(k.source, k.had+k.taken.New, toMillis(k.start.At)); err != nil {
			return err
		}
		return k.w.commit(ctx)
	})
	if err != nil {
		return tickets.Taken{}, err
	}
	if k.w.words.written > largeTake {
		truncateLog(k.w.c)
	}
	return k.taken, k.Rollback()
}

// Rollback leaves the pool as it was; after Commit it does nothing.
func (k *poolTake) Rollback() error {
	if k.w == nil {
		return nil
	}
	w := k.w
	k.w = nil
	return fault(takeOp, "", w.end())
}
