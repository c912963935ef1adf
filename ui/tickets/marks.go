package tickets

import (
	"context"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// undoMost is how many tickets a mark can be taken back from with one press; for more, what
// stood before is not remembered.
const undoMost = 5000

// marks is the presenter of what people do about tickets on the desk.
type marks struct {
	*bench
	after func() // something was marked
}

// Mark acknowledges or snoozes tickets; a zero until means until taken back.
func (p *marks) Mark(kind core.AttentionKind, nos []uint32, comment string, until time.Time) {
	comment = strings.TrimSpace(comment)
	if len(nos) == 0 {
		return
	}
	p.change(nos, func(ctx context.Context) error { return p.desk.MarkTickets(ctx, kind, nos, comment, until) },
		markedText(kind, len(nos)), func(ctx context.Context, before []core.TicketView) error { return p.restore(ctx, kind, before) })
}

// Unmark takes acknowledgements or snoozes back.
func (p *marks) Unmark(kind core.AttentionKind, nos []uint32) {
	if len(nos) == 0 {
		return
	}
	p.change(nos, func(ctx context.Context) error { return p.desk.UnmarkTickets(ctx, kind, nos) },
		unmarkedText(kind, len(nos)), func(ctx context.Context, before []core.TicketView) error { return p.restore(ctx, kind, before) })
}

// Assign gives tickets an owner on the desk; "" takes that back.
func (p *marks) Assign(nos []uint32, owner string) {
	owner = strings.TrimSpace(owner)
	if len(nos) == 0 {
		return
	}
	p.change(nos, func(ctx context.Context) error { return p.desk.AssignTickets(ctx, nos, owner) },
		assignedText(owner, len(nos)), func(ctx context.Context, before []core.TicketView) error {
			groups := map[string][]uint32{}
			for _, v := range before {
				groups[v.Assigned] = append(groups[v.Assigned], v.No)
			}
			for was, nos := range groups {
				if err := p.desk.AssignTickets(ctx, nos, was); err != nil {
					return err
				}
			}
			return nil
		})
}

// change does something to tickets and offers to undo it, when what stood before is known.
func (p *marks) change(nos []uint32, work func(context.Context) error, said string, undo func(context.Context, []core.TicketView) error) {
	do(p.bench, func(ctx context.Context) (before []core.TicketView, err error) {
		if len(nos) <= undoMost {
			if before, err = p.views(ctx, nos); err != nil {
				return nil, err
			}
		}
		return before, work(ctx)
	}, func(before []core.TicketView, err error) {
		if err != nil {
			return
		}
		if len(before) == 0 {
			p.host.Toast(kit.ToneGood, said)
		} else {
			p.host.ToastAction(kit.ToneGood, said, undoWord(), func() {
				act(p.bench, func(ctx context.Context) error { return undo(ctx, before) }, p.after)
			})
		}
		p.after()
	})
}

// views reads tickets in pieces, without their texts.
func (p *marks) views(ctx context.Context, nos []uint32) (out []core.TicketView, err error) {
	for from := 0; from < len(nos); from += 500 {
		list, err := p.desk.TicketViews(ctx, nos[from:min(from+500, len(nos))])
		if err != nil {
			return nil, err
		}
		for i := range list {
			list[i].Description = ""
		}
		out = append(out, list...)
	}
	return out, nil
}

// restore puts marks of a kind back as they were.
func (p *marks) restore(ctx context.Context, kind core.AttentionKind, before []core.TicketView) error {
	type mark struct {
		comment string
		until   int64 // 0: until taken back
	}
	var none []uint32
	groups := map[mark][]uint32{}
	for _, v := range before {
		if a := attentionOf(v, kind); a == nil {
			none = append(none, v.No)
		} else {
			m := mark{comment: a.Comment}
			if !a.Until.IsZero() {
				m.until = a.Until.Unix()
			}
			groups[m] = append(groups[m], v.No)
		}
	}
	if len(none) > 0 {
		if err := p.desk.UnmarkTickets(ctx, kind, none); err != nil {
			return err
		}
	}
	for m, nos := range groups {
		until := time.Time{}
		if m.until != 0 {
			until = time.Unix(m.until, 0).UTC()
		}
		if err := p.desk.MarkTickets(ctx, kind, nos, m.comment, until); err != nil {
			return err
		}
	}
	return nil
}

// attentionOf is a ticket's acknowledgement or snooze; nil for none.
func attentionOf(v core.TicketView, kind core.AttentionKind) *core.Attention {
	if kind == core.Snooze {
		return v.Snoozed
	}
	return v.Acknowledged
}

// SetFlag puts a person's own word on a customer; it can be undone.
func (p *marks) SetFlag(f core.ToughFlag, before *core.ToughFlag) {
	f.Note = strings.TrimSpace(f.Note)
	act(p.bench, func(ctx context.Context) error { return p.desk.SaveFlag(ctx, f) }, func() {
		p.said(flaggedText(f.Tough), p.putFlag(f.Customer, before))
	})
}

// DropFlag takes it back.
func (p *marks) DropFlag(before core.ToughFlag) {
	act(p.bench, func(ctx context.Context) error { return p.desk.DeleteFlag(ctx, before.Customer) }, func() {
		p.said(kit.T("The score alone counts again."), p.putFlag(before.Customer, &before))
	})
}

func (p *marks) putFlag(customer core.CustomerKey, f *core.ToughFlag) func(context.Context) error {
	return func(ctx context.Context) error {
		if f == nil {
			return p.desk.DeleteFlag(ctx, customer)
		}
		return p.desk.SaveFlag(ctx, *f)
	}
}

// Link joins a customer with one of the orders, Unlink parts them or refuses a proposal.
func (p *marks) Link(customer core.CustomerKey, order string) {
	act(p.bench, func(ctx context.Context) error { return p.desk.LinkCustomer(ctx, customer, order) }, func() {
		p.said(kit.T("Joined with the order customer %s.", order), func(ctx context.Context) error {
			return p.desk.UnlinkCustomer(ctx, customer, order)
		})
	})
}

// Unlink parts them, or refuses a proposal. Only what counted before can be undone.
func (p *marks) Unlink(customer core.CustomerKey, link core.CustomerLink) {
	act(p.bench, func(ctx context.Context) error { return p.desk.UnlinkCustomer(ctx, customer, link.Order) }, func() {
		if !link.Counts() {
			p.host.Toast(kit.ToneGood, kit.T("Kept apart from the order customer %s.", link.Order))
			p.after()
			return
		}
		p.said(kit.T("No longer joined with the order customer %s.", link.Order), func(ctx context.Context) error {
			return p.desk.LinkCustomer(ctx, customer, link.Order)
		})
	})
}

// said tells what was done, and offers to undo it.
func (p *marks) said(text string, undo func(context.Context) error) {
	p.host.ToastAction(kit.ToneGood, text, undoWord(), func() { act(p.bench, undo, p.after) })
	p.after()
}
