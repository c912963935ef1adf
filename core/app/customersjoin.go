package app

import (
	"context"
	"hash/maphash"
	"iter"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/orders"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

// hashCustomers is a number that changes when the tickets' customers do.
func (a *App) hashCustomers() uint64 {
	c := &a.customers
	if c.seed == (maphash.Seed{}) {
		c.seed = maphash.MakeSeed()
	}
	var h maphash.Hash
	h.SetSeed(c.seed)
	a.index.Customers(func(t core.TicketCustomer) bool {
		for _, s := range [...]string{t.Key.Source, t.Key.ID, t.Name, t.Email} {
			h.WriteString(s)
			h.WriteByte(0)
		}
		return true
	})
	return h.Sum64()
}

// joinCustomers finds who is who and keeps it.
func (a *App) joinCustomers(ctx context.Context, now time.Time) error {
	decided, err := a.marks.Links(ctx)
	if err != nil {
		return err
	}
	list, err := a.orderCustomers(ctx)
	if err != nil {
		return err
	}
	there, err := a.teamCustomers(ctx)
	if err != nil {
		return err
	}
	for i := range decided {
		decided[i].Customer = there.plain(decided[i].Customer)
	}
	met := uint32(0)
	found := tickets.Join(func(yield func(core.TicketCustomer) bool) {
		a.index.Customers(func(c core.TicketCustomer) bool {
			met = max(met, c.No)
			c.Key = there.plain(c.Key)
			return yield(c)
		})
	}, slices.Values(list), decided, now)
	for i := range found.Links {
		found.Links[i].Customer = there.full(found.Links[i].Customer)
	}
	if err := a.marks.ReplaceFound(ctx, found.Links); err != nil {
		return err
	}
	a.customers.mu.Lock()
	a.customers.met, a.customers.took = max(a.customers.met, met), a.now().Sub(now)
	a.customers.mu.Unlock()
	a.log.Info("customers joined", "order_customers", len(list), "links", len(found.Links), "proposals_left_out", found.Left)
	return nil
}

// teamCustomers are the customers of other desks' tickets. Their ids begin with the source they
// have there, which says nothing of who they are: they are joined by what comes behind it.
type teamCustomers map[string]bool // by the names of the sources

func (a *App) teamCustomers(ctx context.Context) (teamCustomers, error) {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return nil, err
	}
	desks := teamCustomers{}
	for _, s := range list {
		if s.Kind == core.SourceDesk {
			desks[s.Name] = true
		}
	}
	return desks, nil
}

// plain moves the source a customer has there from its id to its source, where no other source's
// name can be the same: they have no colon. full moves it back.
func (t teamCustomers) plain(k core.CustomerKey) core.CustomerKey {
	if there, ok := source.CustomerThere(k); ok && t[k.Source] {
		return core.CustomerKey{Source: k.Source + ":" + there.Source, ID: there.ID}
	}
	return k
}

func (t teamCustomers) full(k core.CustomerKey) core.CustomerKey {
	if desk, there, ok := strings.Cut(k.Source, ":"); ok && t[desk] {
		return core.CustomerKey{Source: desk, ID: there + ":" + k.ID}
	}
	return k
}

// meetWithin bounds how long news waits for its customers to be known.
const meetWithin = 400 * time.Millisecond

// meetCustomers has the customers of these tickets joined with those of the orders when they are
// new, so that the first word on them already says what their orders do. Where that takes too
// long, or the order book is away, the news goes without.
func (a *App) meetCustomers(ctx context.Context, nos []uint32) {
	newest := uint32(0)
	for _, no := range nos {
		newest = max(newest, a.index.CustomerOf(no))
	}
	c := &a.customers
	c.mu.Lock()
	wait := newest > c.met && c.took < meetWithin
	c.mu.Unlock()
	if !wait {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, meetWithin)
	defer cancel()
	if err := a.refreshCustomers(ctx); err != nil {
		a.log.Debug("news is told before its customers are known", "err", err)
	}
}

// orderCustomers reads the customers of the orders, with the name and e-mail of their clients
// where they have one.
func (a *App) orderCustomers(ctx context.Context) ([]tickets.OrderCustomer, error) {
	identities, err := orders.NewIdentities(a.settings.Current().Orders.CustomerPatterns)
	if err != nil {
		return nil, err
	}
	var list []tickets.OrderCustomer
	at := map[string]int{}
	for page, err := range a.customerPages(ctx, core.CustomerQuery{}) {
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			at[c.Customer] = len(list)
			list = append(list, tickets.OrderCustomer{ID: c.Customer, Recognised: c.Recognised, Name: c.Name, Email: c.Email})
		}
	}
	q := core.ClientQuery{Limit: 1000}
	for {
		page, err := a.book.Clients(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Clients {
			i, ok := at[c.Customer]
			if !ok { // a client whose orders are yet to come
				i = len(list)
				list = append(list, tickets.OrderCustomer{ID: c.Customer, Recognised: identities.Recognises(c.Customer)})
			}
			if c.Name != "" {
				list[i].Name = c.Name
			}
			if c.Email != "" {
				list[i].Email = c.Email
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	for i := range list {
		if list[i].Name == "" {
			list[i].Name, _ = identities.Match(list[i].ID)
		}
	}
	return list, nil
}

// customerPages goes through the customers of the orders, page by page.
func (a *App) customerPages(ctx context.Context, q core.CustomerQuery) iter.Seq2[[]core.Customer, error] {
	return func(yield func([]core.Customer, error) bool) {
		q := q
		q.Limit = 10_000
		for {
			page, err := a.book.Customers(ctx, q)
			if !yield(page.Customers, err) || err != nil || page.Next == "" {
				return
			}
			q.After = page.Next
		}
	}
}
