package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// readFlags takes over the stored flags and reports whether they are others than before.
func (a *App) readFlags(ctx context.Context) (changed bool, err error) {
	flags, err := a.marks.Flags(ctx)
	if err != nil {
		return false, err
	}
	byKey := make(map[core.CustomerKey]core.ToughFlag, len(flags))
	for _, f := range flags {
		byKey[f.Customer] = f
	}
	a.customers.mu.Lock()
	defer a.customers.mu.Unlock()
	changed = !maps.Equal(byKey, a.customers.flags)
	a.customers.flags = byKey
	return changed, nil
}

// readLinks takes over the stored links.
func (a *App) readLinks(ctx context.Context) error {
	links, err := a.marks.Links(ctx)
	if err != nil {
		return err
	}
	byCustomer, callers := map[core.CustomerKey][]core.CustomerLink{}, map[string][]core.CustomerKey{}
	for _, l := range links {
		byCustomer[l.Customer] = append(byCustomer[l.Customer], l)
		if l.Counts() {
			callers[l.Order] = append(callers[l.Order], l.Customer)
		}
	}
	a.customers.mu.Lock()
	defer a.customers.mu.Unlock()
	a.customers.links, a.customers.callers = byCustomer, callers
	return nil
}

// showCustomers hands the index what counts now, and tells everybody when that is something else.
func (a *App) showCustomers() {
	a.customers.showing.Lock()
	defer a.customers.showing.Unlock()
	now := a.now()
	facts, flags := map[uint32]tickets.OrderFacts{}, map[uint32]core.ToughFlag{}
	c := &a.customers
	c.mu.Lock()
	c.shown = core.MonthOf(now)
	for key, links := range c.links {
		if f := c.factsOf(links, c.shown); f.BadOrders > 0 || len(f.Breaches) > 0 {
			if t, ok := a.index.CustomerByKey(key); ok {
				facts[t.No] = f
			}
		}
	}
	for key := range c.flags {
		for _, other := range c.same(key) {
			f, holds := c.flagOf(other, now)
			if t, ok := a.index.CustomerByKey(other); ok && holds {
				flags[t.No] = f
			}
		}
	}
	c.mu.Unlock()
	a.index.SetOrders(facts)
	a.index.SetFlags(flags)
	a.bus.Publish(core.CustomersChanged{})
}

// factsOf sums up what the orders say of the order customers that links lead to. Bad orders of
// another month than this are none: the order book may have been away when the month turned.
// c.mu is held.
func (c *customers) factsOf(links []core.CustomerLink, month core.Month) (f tickets.OrderFacts) {
	for _, l := range links {
		if l.Counts() {
			if c.orders.month == month {
				f.BadOrders += c.orders.bad[l.Order]
			}
			f.Breaches = append(f.Breaches, c.orders.months[l.Order]...)
		}
	}
	slices.Sort(f.Breaches)
	f.Breaches = slices.Compact(f.Breaches)
	return f
}

// mostSame bounds how many records one customer may have.
const mostSame = 50

// same lists the keys of the records that are one customer with key, itself first: those of
// the tickets whose links lead to the same order customers, and of these. c.mu is held.
func (c *customers) same(key core.CustomerKey) []core.CustomerKey {
	list := []core.CustomerKey{key}
	add := func(k core.CustomerKey) {
		if len(list) < mostSame && !slices.Contains(list, k) {
			list = append(list, k)
		}
	}
	for i := 0; i < len(list); i++ {
		if list[i].Source == core.OrdersSource {
			for _, k := range c.callers[list[i].ID] {
				add(k)
			}
		}
		for _, l := range c.links[list[i]] {
			if l.Counts() {
				add(core.CustomerKey{Source: core.OrdersSource, ID: l.Order})
			}
		}
	}
	return list
}

// flagOf is the flag that holds for a customer, whichever of its records it was set on; the
// newest one where there are several. c.mu is held.
func (c *customers) flagOf(key core.CustomerKey, now time.Time) (flag core.ToughFlag, holds bool) {
	if len(c.flags) == 0 {
		return flag, false
	}
	for _, k := range c.same(key) {
		if f, ok := c.flags[k]; ok && f.Holds(now) && (!holds || f.At.After(flag.At)) {
			flag, holds = f, true
		}
	}
	return flag, holds
}
