package store

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// sweep marks the tickets of the source that a full snapshot does not have as gone. Which it
// has is told by one bit each, so that a ticket that is still there costs no writing.
func (k *poolTake) sweep(ctx context.Context) error {
	present, err := k.w.c.prepare("SELECT no FROM tickets WHERE source = ? AND state & 1 = 0")
	if err != nil {
		return err
	}
	var gone []uint32
	err = present.each(func() error {
		if no := present.int(0); !k.seen.has(no) {
			gone = append(gone, uint32(no))
		}
		return nil
	}, k.source)
	if err != nil {
		return err
	}
	mark, err := k.w.c.prepare("UPDATE tickets SET state = state | 1, rev = ? WHERE no = ?")
	if err != nil {
		return err
	}
	name, err := k.w.c.prepare("SELECT x.number, t.id FROM tickets t JOIN texts x ON x.no = t.no WHERE t.no = ?")
	if err != nil {
		return err
	}
	for i, no := range gone {
		if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := mark.run(k.w.rev, int64(no)); err != nil {
			return err
		}
		c := tickets.Comparison{Kept: tickets.Kept{Ticket: core.Ticket{No: no, Source: k.start.Source}}}
		if err := name.each(func() error { c.Number, c.ID = name.str(0), name.str(1); return nil }, int64(no)); err != nil {
			return err
		}
		c.Changes = []tickets.Change{{Kind: core.TicketGone, At: k.start.At}}
		if err := k.tell(&c); err != nil {
			return err
		}
	}
	k.taken.Gone = int64(len(gone))
	return nil
}

// has reports whether id is in the set.
func (r *rowSet) has(id int64) bool {
	return id/64 < int64(len(r.bits)) && r.bits[id/64]&(1<<(id%64)) != 0
}
