package tickets

import (
	"time"

	"deskwatch/core"
)

// View adds to a ticket what the desk knows about it.
func (x *Index) View(t core.Ticket) core.TicketView {
	v := core.TicketView{Ticket: t, Clock: core.ClockNone, Satisfaction: 100}
	now := x.opt.Now()
	x.mu.RLock()
	defer x.mu.RUnlock()
	c, i, ok := x.cols.at(t.No)
	if !ok {
		return v
	}
	v.Assigned = x.cols.name(x.cols.assigned[t.No])
	v.Clock, v.Due = c.clockState(i, seconds(now.Unix())), instant(c.deadlines.at(i).due)
	if v.Due.IsZero() { // it was answered: what was due is told anew
		v.Due = x.opt.Clock().Reply(core.ClockQuestion{
			Product: t.Product, Priority: t.Priority, Status: t.Status, Gone: t.Gone, Created: t.CreatedAt, FirstReply: t.FirstReplyAt, Closed: t.ClosedAt, Now: now,
		}).Due
	}
	v.Risk, v.Satisfaction = int(c.risk[i]), 100-int(c.risk[i]) // of one that is done the risk is none
	v.Acknowledged, v.Snoozed = held(x.attention[t.No], core.Acknowledge, now), held(x.attention[t.No], core.Snooze, now)
	if customer, ok := x.cols.people.get(c.customer.at(i)); ok {
		v.CustomerKey = customer.Key
		v.Tough, v.BadOrders = int(x.cols.people.tough[customer.No]), int(x.cols.people.orders[customer.No])
		v.IsTough, v.ToughFlag = x.isTough(customer.No, now, x.opt.Tough())
	}
	return v
}

// held is the attention of a kind that counts now; nil for none.
func held(list []core.Attention, kind core.AttentionKind, now time.Time) *core.Attention {
	for _, a := range list {
		if a.Kind == kind && a.Holds(now) {
			return &a
		}
	}
	return nil
}

// isTough says whether a customer counts as tough, and whether a person's word made it so or
// not so. The caller holds mu.
func (x *Index) isTough(customer uint32, now time.Time, from int) (tough, flagged bool) {
	if f, ok := x.flags[customer]; ok && f.Holds(now) {
		return f.Tough, true
	}
	return x.cols.people.has(customer) && int(x.cols.people.tough[customer]) >= from, false
}

// Risk is how likely a ticket ends badly by the stated rules, and why.
func (x *Index) Risk(no uint32) (int, []core.NamedReason) {
	now := x.opt.Now()
	x.mu.RLock()
	c, i, ok := x.cols.at(no)
	if !ok || c.done(i) {
		x.mu.RUnlock()
		return 0, nil
	}
	in := x.riskInput(c, i, now)
	x.mu.RUnlock()
	return Risk(in, now)
}
