package app

import (
	"context"
	"errors"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// Orders pages through one customer's orders.
func (a *App) Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return core.OrderPage{}, err
	}
	return a.book.Orders(ctx, q)
}

// Customers pages through the customer values the orders carry.
func (a *App) Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return core.CustomerPage{}, err
	}
	return a.book.Customers(ctx, q)
}

// Clients pages through the clients.
func (a *App) Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return core.ClientPage{}, err
	}
	return a.book.Clients(ctx, q)
}

// UpdateClient changes one client by hand.
func (a *App) UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (core.Client, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.Client{}, err
	}
	c, err := a.book.UpdateClient(ctx, customer, patch)
	if err == nil {
		a.bus.Publish(core.OrdersChanged{})
	}
	return c, err
}

// SeedClients creates a client for every recognised customer that has none.
func (a *App) SeedClients(ctx context.Context, p *core.Progress) (core.SeedResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.SeedResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.SeedResult{}, err
	}
	defer end()
	identities, err := orders.NewIdentities(a.settings.Current().Orders.CustomerPatterns)
	if err != nil {
		return core.SeedResult{}, err
	}
	r, err := orders.Seed(ctx, a.book, identities, p, a.now())
	if err == nil {
		a.log.Info("clients seeded", "created", r.Created, "existing", r.Existing, "skipped", r.SkippedN)
		a.bus.Publish(core.OrdersChanged{})
	}
	return r, err
}

// LoadSample fills an empty order book with the sample data: the orders, and the sample tickets of
// their customers unless the pool holds tickets of somebody's own. Where only the tickets are
// missing it brings them.
func (a *App) LoadSample(ctx context.Context, p *core.Progress) (core.ImportResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.ImportResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.ImportResult{}, err
	}
	defer end()
	started := a.now()
	r, err := orders.LoadSample(ctx, a.book, started, p)
	if core.ErrorCode(err) == core.CodeConflict {
		return a.completeSample(ctx, p, err)
	}
	if err != nil {
		return r, err
	}
	a.log.Info("sample data loaded", "id", r.ImportID, "orders", r.OrdersNew)
	a.importChanged(r.ImportID)
	if r.SampleTickets, err = a.addSampleTickets(ctx, p); err != nil {
		return r, err
	}
	r.Seconds = a.now().Sub(started).Seconds()
	return r, nil
}

// completeSample brings the tickets to sample orders that are alone; else the conflict stays.
func (a *App) completeSample(ctx context.Context, p *core.Progress, conflict error) (r core.ImportResult, err error) {
	there, err := a.hasSample(ctx)
	if err != nil || !there {
		return r, errors.Join(conflict, err)
	}
	if r.SampleTickets, err = a.addSampleTickets(ctx, p); err == nil && r.SampleTickets == 0 {
		err = conflict
	}
	return r, err
}

// RemoveSample takes exactly the sample data away, with what alerting knows of it. The sample
// tickets go out of sight.
func (a *App) RemoveSample(ctx context.Context) (core.UndoResult, error) {
	if err := a.allow(ctx, core.ImportFiles); err != nil {
		return core.UndoResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.UndoResult{}, err
	}
	defer end()
	var p core.Progress
	r, customers, err := orders.RemoveSample(ctx, a.book, a.now(), &p)
	if core.ErrorCode(err) == core.CodeNotFound { // the tickets may be there without the orders
		counts, ticketsErr := a.RemoveSampleTickets(ctx)
		if ticketsErr == nil && counts.Gone > 0 {
			return core.UndoResult{SampleTickets: counts.Gone}, nil
		}
		return r, joinErrors(err, ticketsErr)
	}
	if err != nil {
		return r, err
	}
	// The orders are gone. A cancel that comes now must not leave their alerts behind, because
	// there would be no sample data any more to remove.
	ctx = context.WithoutCancel(ctx)
	if err := a.ledger.ForgetCustomers(ctx, customers); err != nil {
		return r, err
	}
	if err := a.forgetBaselines(ctx); err != nil {
		return r, err
	}
	counts, err := a.RemoveSampleTickets(ctx)
	if err != nil {
		return r, err
	}
	r.SampleTickets = counts.Gone
	a.log.Info("sample data removed", "id", r.ImportID, "orders", r.Removed)
	a.bus.Publish(core.OrdersChanged{ImportID: r.ImportID})
	a.bus.Publish(core.OutboxChanged{})
	a.bus.Publish(core.AlertsChanged{})
	return r, nil
}

// forgetBaselines lets every rule begin anew when the book is empty again: the first run over
// the user's own orders is a baseline, whatever the sample data was used for before.
func (a *App) forgetBaselines(ctx context.Context) error {
	if empty, err := a.book.Empty(ctx); err != nil || !empty {
		return err
	}
	return a.beginAnew(ctx)
}

// hasSample reports whether the sample data is in the book. It only goes into an empty
// book, so it is among the imports as long as those are few; the newest 1,000 are looked at.
func (a *App) hasSample(ctx context.Context) (bool, error) {
	list, err := a.book.Imports(ctx, 1000)
	for _, i := range list {
		if i.Kind == core.ImportSample && i.State == core.ImportDone {
			return true, nil
		}
	}
	return false, err
}
