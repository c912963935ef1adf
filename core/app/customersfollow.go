package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"deskwatch/core"
)

// followCustomers keeps what is known of the customers up to date until ctx ends: when tickets,
// orders or rules change, when a flag ends and when the month turns. A storm of changes makes
// one refresh after another, with rests in between.
func (a *App) followCustomers(ctx context.Context) {
	events, cancel := a.bus.Subscribe(64)
	defer cancel()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	refreshed, looked := a.now(), a.now()
	due := time.NewTimer(0)
	defer due.Stop()
	waiting := true
	soon := func(in time.Duration) {
		if !waiting {
			waiting = true
			due.Reset(in)
		}
	}
	var rested time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case e, open := <-events:
			if !open {
				return
			}
			if !a.concernsCustomers(e) {
				continue
			}
			soon(max(0, time.Until(rested)))
		case <-tick.C:
			now := a.now()
			if now.Sub(refreshed) >= joinAnew || core.MonthOf(now) != core.MonthOf(refreshed) {
				soon(0)
			}
			a.endFlags(looked, now)
			looked = now
		case <-due.C:
			waiting = false
			refreshed = a.now()
			started := time.Now()
			if err := a.refreshCustomers(ctx); err != nil && ctx.Err() == nil {
				a.customersNotTold(ctx, err)
			}
			rested = time.Now().Add(max(shortestRest, 3*time.Since(started)))
		}
	}
}

// customersNotTold logs why a refresh failed. That the order book is away is told by the jobs, once
// per outage.
func (a *App) customersNotTold(ctx context.Context, err error) {
	level := slog.LevelWarn
	if code := core.ErrorCode(err); code == core.CodeUnavailable || code == core.CodeDenied {
		level = slog.LevelDebug
	}
	a.log.Log(ctx, level, "what the orders say of the customers is not told anew", "err", err)
}

// concernsCustomers reports whether an event changes what is known of the customers.
func (a *App) concernsCustomers(e core.Event) bool {
	switch e.(type) {
	case core.OrdersChanged:
		a.customers.mu.Lock()
		a.customers.changes++
		a.customers.mu.Unlock()
		return true
	case core.TicketsChanged, core.AlertsChanged, core.SettingsChanged:
		return true
	case core.StatusChanged: // an order book that did not answer may do so again
		a.customers.mu.Lock()
		defer a.customers.mu.Unlock()
		return a.customers.orders.trouble != nil && a.bookAway() == nil
	}
	return false
}

// endFlags tells of flags that ended between two moments.
func (a *App) endFlags(from, to time.Time) {
	a.customers.mu.Lock()
	flags := slices.Collect(maps.Values(a.customers.flags))
	a.customers.mu.Unlock()
	if slices.ContainsFunc(flags, func(f core.ToughFlag) bool { return f.Holds(from) && !f.Holds(to) }) {
		a.showCustomers()
	}
}
