package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// Assign gives tickets an owner on the desk. An owner the source names already needs no
// confirmation: nothing stays assigned then.
func (p *Pool) Assign(ctx context.Context, nos []uint32, owner string, at time.Time) (list []core.TicketEvent, err error) {
	const op = "store.assign"
	w, err := p.write(ctx, op, busyWait)
	if err != nil {
		return nil, err
	}
	defer func() {
		if end := w.end(); err == nil {
			err = fault(op, "", end)
		}
	}()
	owner = cut(strings.TrimSpace(owner), maxShort)
	err = w.c.interruptible(ctx, func() error {
		find, err := w.c.prepare("SELECT " + keptColumns + ", t.id, x.number, s.text FROM tickets t JOIN texts x ON x.no = t.no JOIN names s ON s.no = t.source WHERE t.no = ?")
		if err != nil {
			return err
		}
		set, err := w.c.prepare("UPDATE tickets SET assigned = ?, rev = ? WHERE no = ?")
		if err != nil {
			return err
		}
		for _, no := range nos {
			e, changed, err := w.assign(find, set, no, owner, at)
			if err != nil {
				return err
			}
			if changed {
				list = append(list, e)
			}
		}
		return w.commit(ctx)
	})
	if err != nil {
		return nil, fault(op, "", err)
	}
	return list, nil
}

// assign gives one ticket an owner; changed when it had another, as people on the desk see it.
func (w *poolWrite) assign(find, set *bulkStmt, no uint32, owner string, at time.Time) (e core.TicketEvent, changed bool, err error) {
	var r ticketRow
	var id, number, source string
	err = find.each(func() error {
		r.read(find)
		id, number, source = find.str(keptColumnCount), find.str(keptColumnCount+1), find.str(keptColumnCount+2)
		return nil
	}, int64(no))
	if err != nil || r.no == 0 {
		return e, false, err
	}
	old, err := w.kept(&r, source, id)
	if err != nil {
		return e, false, err
	}
	old.Number = number
	next := old
	if next.Assigned = owner; owner == old.Owner {
		next.Assigned = ""
	}
	if next.Assigned == old.Assigned {
		return e, false, nil
	}
	assigned, err := w.names.number(next.Assigned)
	if err != nil {
		return e, false, err
	}
	if err := errors.Join(set.bindRef(1, assigned), set.bindInt(2, w.rev), set.bindInt(3, int64(no))); err != nil {
		return e, false, err
	}
	if _, err := set.step(); err != nil {
		return e, false, err
	}
	e, err = w.event(&next.Ticket, tickets.Change{Kind: core.TicketOwner, From: old.HasOwner(), To: next.HasOwner(), At: at}, at, false)
	return e, true, err
}
