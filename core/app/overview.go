package app

import (
	"context"
	"slices"

	"deskwatch/core"
)

const (
	overviewTickets = 5
	overviewDays    = 30
	overviewEvents  = 100
)

// Overview gathers what the first tab shows. What the orders say is from the last time they
// were asked: an order book that is away makes OrdersError and never an error.
func (a *App) Overview(ctx context.Context) (core.Overview, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.Overview{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.Overview{}, err
	}
	defer end()
	o := core.Overview{At: a.now()}
	for _, fill := range []func(context.Context, *core.Overview) error{a.overviewTickets, a.overviewNews, a.overviewSources, a.overviewMail} {
		if err := fill(ctx, &o); err != nil {
			return core.Overview{}, err
		}
	}
	a.overviewOrders(&o)
	return o, nil
}

func (a *App) overviewTickets(ctx context.Context, o *core.Overview) error {
	s := a.index.Standing(overviewTickets, overviewTickets, overviewDays)
	o.Tickets, o.Open, o.Red, o.Amber, o.Unowned, o.Tough, o.Days = s.Tickets, s.Open, s.Red, s.Amber, s.Unowned, s.Tough, s.Days
	list, err := a.pool.Tickets(ctx, slices.Concat(s.Due, s.AtRisk))
	if err != nil {
		return err
	}
	views := make(map[uint32]core.TicketView, len(list))
	for _, t := range list {
		views[t.No] = a.index.View(t)
	}
	o.Due, o.AtRisk = []core.TicketView{}, []core.AtRisk{}
	for _, no := range s.Due {
		if v, ok := views[no]; ok {
			o.Due = append(o.Due, v)
		}
	}
	var risky []core.TicketView
	for _, no := range s.AtRisk {
		if v, ok := views[no]; ok {
			risky = append(risky, v)
		}
	}
	reasons, err := a.reasonsOf(ctx, risky)
	if err != nil {
		return err
	}
	for _, v := range risky {
		o.AtRisk = append(o.AtRisk, core.AtRisk{TicketView: v, Reasons: reasons[v.No]})
	}
	return nil
}

// overviewNews fills in what happened since the desk was last left.
func (a *App) overviewNews(ctx context.Context, o *core.Overview) error {
	o.SinceLeft, o.LeftCounts, o.LeftSubjects = []core.TicketEvent{}, map[string]int{}, map[uint32]string{}
	left, err := a.left(ctx)
	if err != nil || left.IsZero() {
		return err
	}
	o.Left = left
	seq, err := a.pool.EventAt(ctx, left)
	if err != nil {
		return err
	}
	counts, err := a.pool.CountEvents(ctx, seq)
	if err != nil {
		return err
	}
	for kind, n := range counts {
		o.LeftCounts[string(kind)] = n
	}
	events, err := a.pool.Events(ctx, core.TicketEventQuery{After: seq, Newest: true, Audible: true, Limit: overviewEvents})
	if err != nil {
		return err
	}
	o.SinceLeft = append(o.SinceLeft, events...)
	var nos []uint32
	for _, e := range events {
		if !slices.Contains(nos, e.No) {
			nos = append(nos, e.No)
		}
	}
	list, err := a.pool.Tickets(ctx, nos)
	for _, t := range list {
		o.LeftSubjects[t.No] = t.Subject
	}
	return err
}

func (a *App) overviewSources(ctx context.Context, o *core.Overview) error {
	sources, err := a.registry.Sources(ctx)
	if err != nil {
		return err
	}
	states, err := a.registry.States(ctx)
	if err != nil {
		return err
	}
	o.Sources = []core.SourceReport{}
	for _, s := range sources {
		r := core.SourceReport{Source: s, State: states[s.Name]}
		o.Sources = append(o.Sources, r)
		if s.Enabled && r.State.LastError != "" {
			o.SourcesError++
		}
	}
	return nil
}

func (a *App) overviewMail(ctx context.Context, o *core.Overview) error {
	counts, err := a.queue.Counts(ctx)
	o.MailTrouble = counts[core.DeliveryFailed] + counts[core.DeliveryHeld] + counts[core.DeliveryDead]
	return err
}

func (a *App) overviewOrders(o *core.Overview) {
	a.customers.mu.Lock()
	f := a.customers.orders
	a.customers.mu.Unlock()
	o.Breaches, o.MonthCounts = []core.BreachView{}, []core.MonthCount{}
	if f.trouble != nil {
		o.OrdersError = core.ErrorMessage(f.trouble)
	}
	if f.bad == nil {
		return
	}
	month := core.MonthOf(o.At) // of an order book that is away, the answer may be of the month before
	for _, b := range f.breaches {
		if b.Period == month {
			o.Breaches = append(o.Breaches, core.BreachView{Breach: b, RuleID: f.rule.ID, RuleName: f.rule.Name})
		}
	}
	o.MonthCounts = core.CountBreaches(f.breaches, month).Months
}
