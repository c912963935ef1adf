package store

import (
	"context"
	"strings"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// poolDoubts holds states of tickets that differ from what was kept before the snapshot, but are
// no newer by the source's time. They may be news, for not every source tells times to the
// second, or any. Or they repeat: when a snapshot, or a log, has several states of a ticket in
// the same minute, the last of them was kept, and those before it must not be told again when it
// is taken again. What follows in the snapshot decides.
type poolDoubts struct {
	states map[int64][]core.Ticket // by tickets.no, as they came
	order  []int64                 // of the tickets, as they came
	count  int
	bytes  int // of their texts
}

// What is held back at a time. When it is more, it is decided with what has come until then.
const (
	maxDoubts     = 10_000
	maxDoubtBytes = 16 << 20
)

func (d *poolDoubts) has(no int64) bool { return d.states[no] != nil }

// isDoubtful reports whether a state is to be held back; waits says that others of the same
// ticket are. A ticket this snapshot has changed already, with the revision rev, is not doubtful.
func isDoubtful(old *ticketRow, c *tickets.Comparison, waits bool, rev int64) bool {
	return toSeconds(c.UpdatedAt) == old.updated && (waits || c.Changed && old.rev != rev)
}

// doubt holds a state of a ticket back.
func (k *poolTake) doubt(ctx context.Context, no int64, next *core.Ticket) error {
	d := &k.doubts
	if d.states == nil {
		d.states = map[int64][]core.Ticket{}
	}
	t := clonedTicket(next)
	if !d.has(no) {
		d.order = append(d.order, no)
	}
	d.states[no] = append(d.states[no], t)
	d.count++
	if d.bytes += len(t.Subject) + len(t.Description); d.count < maxDoubts && d.bytes < maxDoubtBytes {
		return nil
	}
	return k.settleAll(ctx)
}

// settle decides about the states of a ticket that were held back. Up to the last one that says
// what is kept they are repeats; those after it are news.
func (k *poolTake) settle(ctx context.Context, no int64) error {
	list := k.doubts.states[no]
	delete(k.doubts.states, no)
	first := 0
	if len(list) > 1 {
		_, kept, err := k.find(&list[0])
		if err != nil {
			return err
		}
		kept.Gone = false
		for i := range list {
			if !tickets.Compare(kept, list[i], k.start.At).Changed {
				first = i
			}
		}
	}
	k.taken.Stale += int64(first)
	for i := range list[first:] {
		old, c, err := k.compare(&list[first+i])
		if err != nil {
			return err
		}
		if err := k.keep(ctx, &old, &c); err != nil {
			return err
		}
	}
	return nil
}

// settleAll decides about all that was held back.
func (k *poolTake) settleAll(ctx context.Context) error {
	for i, no := range k.doubts.order {
		if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if k.doubts.has(no) {
			if err := k.settle(ctx, no); err != nil {
				return err
			}
		}
	}
	k.doubts = poolDoubts{}
	return nil
}

// clonedTicket is t with texts of its own, as cloned.
func clonedTicket(t *core.Ticket) core.Ticket {
	c := *t
	for _, s := range []*string{&c.ID, &c.Number, &c.Subject, &c.Description, &c.RawStatus, &c.RawPriority, &c.Product,
		&c.CustomerID, &c.Customer, &c.Email, &c.Owner, &c.Channel} {
		*s = strings.Clone(*s)
	}
	return c
}
