package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// mostFound is how many order customers are listed to link with.
const mostFound = 50

// FindOrderCustomers lists order customers whose identity, name or e-mail contains text: those
// with a client first, at most 50.
func (a *App) FindOrderCustomers(ctx context.Context, text string) ([]core.Client, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	page, err := a.book.Clients(ctx, core.ClientQuery{Text: strings.TrimSpace(text), Limit: mostFound})
	if err != nil {
		return nil, err
	}
	list := append([]core.Client{}, page.Clients...)
	wanted := strings.ToLower(strings.TrimSpace(text))
	without := false
	for page, err := range a.customerPages(ctx, core.CustomerQuery{HasClient: &without}) {
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			if len(list) >= mostFound {
				return list, nil
			}
			if containsFold(wanted, c.Customer, c.Name, c.Email) {
				list = append(list, core.Client{Customer: c.Customer, Name: c.Name, Email: c.Email, Orders: c.Orders})
			}
		}
	}
	return list, nil
}

// containsFold reports whether one of texts contains wanted, which is in lower case.
func containsFold(wanted string, texts ...string) bool {
	return wanted == "" || slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), wanted) })
}

// CustomerCards pages through the customers of the tickets, the toughest first; of two that are
// as tough the one with more open tickets.
func (a *App) CustomerCards(ctx context.Context, q core.CardQuery) (core.CardPage, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.CardPage{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.CardPage{}, err
	}
	defer end()
	after, err := parseCardCursor(q.After)
	if err != nil {
		return core.CardPage{}, err
	}
	if err := a.readMarks(ctx); err != nil {
		return core.CardPage{}, err
	}
	list := a.rankCustomers(q)
	page := core.CardPage{Total: int64(len(list)), Items: []core.CustomerSummary{}}
	if q.After != "" {
		at, found := slices.BinarySearchFunc(list, after, func(r rankedCustomer, after cardRank) int { return compareRanks(r.cardRank, after) })
		if found {
			at++
		}
		list = list[at:]
	}
	limit := q.Limit
	if limit == 0 {
		limit = 100
	}
	if limit = min(max(limit, 1), 1000); len(list) > limit {
		page.Next = list[limit-1].String()
		list = list[:limit]
	}
	for _, r := range list {
		page.Items = append(page.Items, a.summary(r.row))
	}
	return page, ctx.Err()
}

// cardRank is the place of a customer in the list.
type cardRank struct {
	tough, open int
	no          uint32
}

func compareRanks(x, y cardRank) int {
	return cmp.Or(cmp.Compare(y.tough, x.tough), cmp.Compare(y.open, x.open), cmp.Compare(x.no, y.no))
}

// String is the cursor behind a place.
func (r cardRank) String() string { return fmt.Sprintf("%d.%d.%d", r.tough, r.open, r.no) }

func parseCardCursor(text string) (r cardRank, err error) {
	if text == "" {
		return r, nil
	}
	if _, err := fmt.Sscanf(text, "%d.%d.%d", &r.tough, &r.open, &r.no); err != nil || r.String() != text {
		return r, core.NewError(core.CodeInvalid, "app.customers", "The page asked for does not exist. Begin again from the first one.", err)
	}
	return r, nil
}

// rankCustomers sorts the customers that match.
func (a *App) rankCustomers(q core.CardQuery) []rankedCustomer {
	wanted := strings.ToLower(strings.TrimSpace(q.Text))
	var list []rankedCustomer
	c := &a.customers
	c.mu.Lock()
	defer c.mu.Unlock()
	a.index.CustomerRows(func(r tickets.CustomerRow) bool {
		if containsFold(wanted, r.Key.String(), r.Name, r.Email) && (!q.Proposed || waiting(c.links[r.Key]) > 0) {
			list = append(list, rankedCustomer{cardRank{toughFirst(r), r.Open, r.No}, r})
		}
		return true
	})
	slices.SortFunc(list, func(x, y rankedCustomer) int { return compareRanks(x.cardRank, y.cardRank) })
	return list
}

type rankedCustomer struct {
	cardRank
	row tickets.CustomerRow
}

// toughFirst is the score, with all that are tough, by their score or a flag, before the others.
func toughFirst(r tickets.CustomerRow) int {
	if r.IsTough {
		return r.Tough + 101
	}
	return r.Tough
}

// waiting counts the links that wait for a person.
func waiting(links []core.CustomerLink) (n int) {
	for _, l := range links {
		if l.State == core.LinkProposed {
			n++
		}
	}
	return n
}

func (a *App) summary(r tickets.CustomerRow) core.CustomerSummary {
	s := core.CustomerSummary{
		Key: r.Key, Name: r.Name, Email: r.Email, Tickets: r.Tickets, Open: r.Open,
		Tough: r.Tough, IsTough: r.IsTough, BadOrders: r.BadOrders, OrderIDs: []string{},
	}
	a.customers.mu.Lock()
	defer a.customers.mu.Unlock()
	links := a.customers.links[r.Key]
	s.Proposed = waiting(links)
	for _, l := range links {
		if l.Counts() {
			s.OrderIDs = append(s.OrderIDs, l.Order)
		}
	}
	return s
}

// FindCustomer returns the customer a person means: by "source:id", or by an id, an e-mail or a
// name that only one customer of the tickets has. Two that are joined count as one.
func (a *App) FindCustomer(ctx context.Context, text string) (core.CustomerKey, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.CustomerKey{}, err
	}
	if err := a.readMarks(ctx); err != nil {
		return core.CustomerKey{}, err
	}
	if source, id, ok := strings.Cut(text, ":"); ok {
		key := core.CustomerKey{Source: source, ID: id}
		if source == core.OrdersSource {
			return key, a.knownOrderCustomer(ctx, id)
		}
		if _, ok := a.index.CustomerByKey(key); ok {
			return key, nil
		}
	}
	found := a.customersNamed(text)
	switch {
	case len(found) == 0:
		return core.CustomerKey{}, noCustomer(text)
	case len(found) > 1 && !a.oneCustomer(found):
		names := make([]string, 0, 5)
		for _, key := range found[:min(len(found), 5)] {
			names = append(names, key.String())
		}
		return core.CustomerKey{}, core.NewError(core.CodeAmbiguous, "app.customer", fmt.Sprintf("%d customers are meant by %q. Say which one: %s.", len(found), text, strings.Join(names, ", ")), nil)
	}
	return found[0], nil
}

// customersNamed lists the customers with this id, or else with this e-mail, or else with this
// name; without case.
func (a *App) customersNamed(text string) []core.CustomerKey {
	var byID, byEmail, byName []core.CustomerKey
	text = strings.TrimSpace(text)
	a.index.Customers(func(t core.TicketCustomer) bool {
		switch {
		case strings.EqualFold(t.Key.ID, text):
			byID = append(byID, t.Key)
		case strings.EqualFold(t.Email, text):
			byEmail = append(byEmail, t.Key)
		case strings.EqualFold(t.Name, text):
			byName = append(byName, t.Key)
		}
		return true
	})
	switch {
	case len(byID) > 0:
		return byID
	case len(byEmail) > 0:
		return byEmail
	}
	return byName
}

func (a *App) oneCustomer(keys []core.CustomerKey) bool {
	same := a.sameCustomer(keys[0])
	return !slices.ContainsFunc(keys, func(k core.CustomerKey) bool { return !slices.Contains(same, k) })
}
