package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

const (
	cardOrdersWait = 5 * time.Second // for what a card shows of orders; it comes without them after that
	cardTimeline   = 200
	cardBreaches   = 24 // months looked back, and breaches shown
	cardTickets    = 200
	cardHistories  = 40 // of so many tickets the events are read
	cardLatest     = 10
)

// CustomerCard gathers what tickets and orders say of one customer, all of its records together.
// An order book that does not answer makes OrdersError, and not an error.
func (a *App) CustomerCard(ctx context.Context, key core.CustomerKey) (core.CustomerCard, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.CustomerCard{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.CustomerCard{}, err
	}
	defer end()
	if err := a.readMarks(ctx); err != nil {
		return core.CustomerCard{}, err
	}
	card := core.CustomerCard{Key: key, OrderIDs: []string{}, Links: []core.CustomerLink{}, Breaches: []core.Breach{}, Timeline: []core.TimelineEntry{}, LatestTicket: []core.TicketSummary{}}
	nos := a.cardRecords(&card)
	if len(nos) == 0 && key.Source != core.OrdersSource {
		return core.CustomerCard{}, noCustomer(key.String())
	}
	account := a.index.Account(nos...)
	fillCard(&card, account)
	if err := a.cardTickets(ctx, &card, nos); err != nil {
		return core.CustomerCard{}, err
	}
	if err := a.cardOrders(ctx, &card); err != nil {
		if ctx.Err() != nil {
			return core.CustomerCard{}, ctx.Err()
		}
		a.log.Debug("a card without orders", "customer", key.String(), "err", err)
		card.OrdersError = core.ErrorMessage(err)
	}
	_, bar := a.riskBar()
	card.Health = health(&card, a.index.OpenRisks(nos...), bar)
	slices.SortStableFunc(card.Timeline, func(x, y core.TimelineEntry) int { return y.At.Compare(x.At) })
	card.Timeline = card.Timeline[:min(len(card.Timeline), cardTimeline)]
	return card, nil
}

// cardRecords puts the customer's names, records and links on the card, and returns the numbers
// of its records among the tickets.
func (a *App) cardRecords(card *core.CustomerCard) (nos []uint32) {
	now := a.now()
	c := &a.customers
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range c.same(card.Key) {
		if key.Source == core.OrdersSource {
			card.OrderIDs = append(card.OrderIDs, key.ID)
			continue
		}
		card.Links = append(card.Links, c.links[key]...)
		t, ok := a.index.CustomerByKey(key)
		if !ok {
			continue
		}
		nos = append(nos, t.No)
		if card.Name == "" {
			card.Name = t.Name
		}
		if card.Email == "" {
			card.Email = t.Email
		}
	}
	if f, holds := c.flagOf(card.Key, now); holds {
		card.Flag = &f
	}
	return nos
}

func fillCard(card *core.CustomerCard, s tickets.Account) {
	card.Tickets, card.Open, card.Ratings, card.FirstSeen = s.Tickets, s.Open, s.Ratings, s.First
	card.Escalations, card.Reopenings = s.History.EscalationsN, s.History.ReopeningsN
	card.Tough, card.IsTough, card.Reasons = s.Tough, s.IsTough, s.Reasons
	if card.Flag != nil {
		card.IsTough = card.Flag.Tough
	}
	if card.Reasons == nil {
		card.Reasons = []core.NamedReason{}
	}
	card.BadOrders = s.Orders.BadOrders
}

// nameByClient fills in a name and an e-mail the tickets do not know from the orders' client.
func (a *App) nameByClient(ctx context.Context, card *core.CustomerCard, id string) error {
	if card.Name != "" && card.Email != "" {
		return nil
	}
	page, err := a.book.Clients(ctx, core.ClientQuery{Text: id, Limit: 1000})
	if err != nil {
		return err
	}
	for _, c := range page.Clients {
		if c.Customer == id {
			card.Name, card.Email = cmp.Or(card.Name, c.Name), cmp.Or(card.Email, c.Email)
		}
	}
	return nil
}

// cardOrders puts the customer's orders and breaches on the card.
func (a *App) cardOrders(ctx context.Context, card *core.CustomerCard) error {
	if len(card.OrderIDs) == 0 {
		return nil
	}
	if err := a.bookAway(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cardOrdersWait)
	defer cancel()
	month := core.MonthOf(a.now())
	bad := core.NewStatusSet(core.StatusCancelled, core.StatusReturned)
	var list []core.Order
	for _, id := range card.OrderIDs {
		page, err := a.book.Orders(ctx, core.OrderQuery{Customer: id, Limit: cardTimeline})
		if err != nil {
			return err
		}
		card.Orders += page.Total
		list = append(list, page.Orders...)
		if err := a.nameByClient(ctx, card, id); err != nil {
			return err
		}
	}
	rule, err := a.breachRule(ctx)
	if err != nil {
		return err
	}
	monthly := core.BreachQuery{Statuses: bad, Threshold: 1, From: month, To: month, Customers: card.OrderIDs}
	ofMonth, err := a.book.Breaches(ctx, monthly)
	if err != nil {
		return err
	}
	card.BadOrders = 0
	for _, b := range ofMonth {
		card.BadOrders += b.Count
	}
	breaches, err := a.Breaches(ctx, core.BreachQuery{
		Statuses: rule.Statuses, Threshold: rule.Threshold, Days: rule.Days,
		From: month - (cardBreaches - 1), To: month, Customers: card.OrderIDs, OrderIDs: 100,
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(breaches, func(x, y core.Breach) int { return int(y.Period - x.Period) })
	card.Breaches = append(card.Breaches, breaches[:min(len(breaches), cardBreaches)]...)
	a.orderTimeline(card, list, bad)
	return nil
}
