package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// maxFlagNote is how many letters the note of a flag may have.
const maxFlagNote = 500

// SaveFlag keeps a person's own word on a customer, for all of its records. It wins over the
// score until it ends or is taken back.
func (a *App) SaveFlag(ctx context.Context, f core.ToughFlag) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	if err := a.readMarks(ctx); err != nil {
		return err
	}
	if err := a.knownCustomer(ctx, f.Customer); err != nil {
		return err
	}
	now := a.now()
	f.Note = strings.TrimSpace(f.Note)
	switch {
	case utf8.RuneCountInString(f.Note) > maxFlagNote:
		return core.NewError(core.CodeInvalid, "app.save flag", fmt.Sprintf("The note is longer than %d characters. Nothing was saved; write a shorter one.", maxFlagNote), nil)
	case !f.Until.IsZero() && !f.Until.After(now):
		return core.NewError(core.CodeInvalid, "app.save flag", "The flag would end in the past. Nothing was saved; choose a later day, or none.", nil)
	}
	f.At, f.By = now, a.author(ctx)
	// A customer of another desk is flagged there first, and here when that desk has taken it.
	if err := a.flagThere(ctx, f.Customer, &f); err != nil {
		return err
	}
	// One customer has one flag: those on its other records go.
	if err := a.dropFlags(ctx, f.Customer, f.Customer); err != nil {
		return err
	}
	if err := a.marks.SaveFlag(ctx, f); err != nil {
		return err
	}
	a.log.Info("customer flagged", "customer", f.Customer.String(), "tough", f.Tough)
	return a.flagsChanged(ctx)
}

// DeleteFlag takes the flag of a customer back, whichever of its records it was set on. Without
// one it does nothing.
func (a *App) DeleteFlag(ctx context.Context, customer core.CustomerKey) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	if err := a.readMarks(ctx); err != nil {
		return err
	}
	if err := a.dropFlags(ctx, customer, core.CustomerKey{}); err != nil {
		return err
	}
	return a.flagsChanged(ctx)
}

// dropFlags takes back the flags of all records of a customer but one.
func (a *App) dropFlags(ctx context.Context, customer, but core.CustomerKey) error {
	if _, err := a.readFlags(ctx); err != nil { // another process may have changed them
		return err
	}
	for _, key := range a.sameCustomer(customer) {
		if _, ok := a.storedFlag(key); !ok || key == but {
			continue
		}
		if err := a.flagThere(ctx, key, nil); err != nil {
			return err
		}
		if err := a.marks.DeleteFlag(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) flagsChanged(ctx context.Context) error {
	if _, err := a.readFlags(ctx); err != nil {
		return err
	}
	a.showCustomers()
	a.bus.Publish(core.MarksChanged{})
	return nil
}

// readMarks makes sure that tickets, links and flags were read at least once, as in a command
// that does one thing.
func (a *App) readMarks(ctx context.Context) error {
	if err := a.needTickets(ctx); err != nil {
		return err
	}
	a.customers.mu.Lock()
	known := a.customers.links != nil
	a.customers.mu.Unlock()
	if known {
		return nil
	}
	if err := a.readLinks(ctx); err != nil {
		return err
	}
	_, err := a.readFlags(ctx)
	return err
}

// sameCustomer lists the keys of the records that are one customer with key.
func (a *App) sameCustomer(key core.CustomerKey) []core.CustomerKey {
	a.customers.mu.Lock()
	defer a.customers.mu.Unlock()
	return a.customers.same(key)
}

func (a *App) storedFlag(key core.CustomerKey) (core.ToughFlag, bool) {
	a.customers.mu.Lock()
	defer a.customers.mu.Unlock()
	f, ok := a.customers.flags[key]
	return f, ok
}

// LinkCustomer says that a customer of the tickets and one of the orders are the same: it
// confirms a proposal, takes an unlink back, or joins two that nothing speaks for.
func (a *App) LinkCustomer(ctx context.Context, customer core.CustomerKey, order string) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	if err := a.readMarks(ctx); err != nil {
		return err
	}
	if _, ok := a.index.CustomerByKey(customer); !ok {
		return noCustomer(customer.String())
	}
	l, found, err := a.storedLink(ctx, customer, order)
	if err != nil {
		return err
	}
	if !found {
		if err := a.knownOrderCustomer(ctx, order); err != nil {
			return err
		}
		l = core.CustomerLink{Customer: customer, Order: order, Basis: core.JoinByHand, Confidence: 100, Why: "joined by hand"}
	}
	l.State = core.LinkMade
	return a.saveLink(ctx, l)
}

// UnlinkCustomer says that a customer of the tickets and one of the orders are not the same, and
// keeps them from being joined or proposed again. LinkCustomer takes it back.
func (a *App) UnlinkCustomer(ctx context.Context, customer core.CustomerKey, order string) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	if err := a.readMarks(ctx); err != nil {
		return err
	}
	l, found, err := a.storedLink(ctx, customer, order)
	if err != nil {
		return err
	}
	if !found {
		return core.NewError(core.CodeNotFound, "app.unlink customer", fmt.Sprintf("%s and the order customer %q are not joined, and nobody proposes it. Nothing was changed.", customer, order), nil)
	}
	l.State = core.LinkRefused
	return a.saveLink(ctx, l)
}

func (a *App) storedLink(ctx context.Context, customer core.CustomerKey, order string) (l core.CustomerLink, found bool, err error) {
	if err := a.readLinks(ctx); err != nil { // another process may have changed them
		return l, false, err
	}
	a.customers.mu.Lock()
	defer a.customers.mu.Unlock()
	links := a.customers.links[customer]
	if i := slices.IndexFunc(links, func(l core.CustomerLink) bool { return l.Order == order }); i >= 0 {
		return links[i], true, nil
	}
	return l, false, nil
}

func (a *App) saveLink(ctx context.Context, l core.CustomerLink) error {
	l.At = a.now()
	if err := a.marks.SaveLinks(ctx, []core.CustomerLink{l}); err != nil {
		return err
	}
	a.log.Info("customer link", "customer", l.Customer.String(), "order_customer", l.Order, "state", string(l.State))
	if err := a.readLinks(ctx); err != nil {
		return err
	}
	a.showCustomers()
	return nil
}

// knownCustomer fails when neither tickets nor orders know a customer.
func (a *App) knownCustomer(ctx context.Context, key core.CustomerKey) error {
	if key.Source == core.OrdersSource {
		return a.knownOrderCustomer(ctx, key.ID)
	}
	if _, ok := a.index.CustomerByKey(key); !ok {
		return noCustomer(key.String())
	}
	return nil
}

// knownOrderCustomer fails when the order book has neither an order nor a client of a customer.
func (a *App) knownOrderCustomer(ctx context.Context, id string) error {
	page, err := a.book.Orders(ctx, core.OrderQuery{Customer: id, Limit: 1})
	if err != nil || page.Total > 0 {
		return err
	}
	clients, err := a.book.Clients(ctx, core.ClientQuery{Text: id, Limit: 1000})
	if err != nil || slices.ContainsFunc(clients.Clients, func(c core.Client) bool { return c.Customer == id }) {
		return err
	}
	return core.NewError(core.CodeNotFound, "app.order customer", fmt.Sprintf("The order book has no customer %q. Nothing was changed.", id), nil)
}

func noCustomer(text string) error {
	return core.NewError(core.CodeNotFound, "app.customer", fmt.Sprintf("No ticket is of a customer %q.", text), nil)
}
