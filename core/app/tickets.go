package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

const (
	// shownEvents is how many of a ticket's events its pane shows.
	shownEvents = 1000
	// shownNeighbours is how many other tickets of the customer it names.
	shownNeighbours = 20
)

// PoolReady reports whether the tickets are in memory.
func (a *App) PoolReady() bool { return a.index.Ready() }

// Tickets returns one page of the tickets a query finds. Nobody is still typing it: a part that
// cannot be used yet is a fault of it.
func (a *App) Tickets(ctx context.Context, q core.TicketQuery) (core.TicketPage, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.TicketPage{}, err
	}
	page := core.TicketPage{Items: []core.TicketView{}}
	if query, problem := tickets.ParseQuery(q.Text, a.now(), a.clockZone()); problem == nil && len(query.Notes) > 0 {
		return page, core.NewError(core.CodeInvalid, "app.tickets", query.Notes[0].String(), nil)
	}
	if err := a.needTickets(ctx); err != nil {
		return page, err
	}
	nos, total, next, err := a.index.Page(ctx, q)
	if err != nil {
		return page, err
	}
	views, err := a.TicketViews(ctx, nos)
	if err != nil {
		return page, err
	}
	if q.Texts {
		texts, err := a.pool.Descriptions(ctx, nos)
		if err != nil {
			return page, err
		}
		for i := range views {
			views[i].Description = texts[views[i].No]
		}
	}
	page.Total, page.Next = total, next
	page.Items = append(page.Items, views...)
	return page, nil
}

// TicketOrder filters and sorts.
func (a *App) TicketOrder(ctx context.Context, q core.TicketQuery) (core.TicketOrder, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.TicketOrder{}, err
	}
	if err := a.needTickets(ctx); err != nil {
		return core.TicketOrder{}, err
	}
	return a.index.Order(ctx, q)
}

// TicketViews returns the tickets with these numbers, at most 1,000, in the order given.
func (a *App) TicketViews(ctx context.Context, nos []uint32) ([]core.TicketView, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return nil, err
	}
	list, err := a.pool.Tickets(ctx, nos)
	if err != nil {
		return nil, err
	}
	views := make([]core.TicketView, len(list))
	for i, t := range list {
		views[i] = a.index.View(t)
	}
	return views, nil
}

// FindTicket returns the one ticket a person means by a number, an id, or source:id.
func (a *App) FindTicket(ctx context.Context, text string) (uint32, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return 0, err
	}
	nos, err := a.pool.Find(ctx, strings.TrimSpace(text))
	switch {
	case err != nil:
		return 0, err
	case len(nos) == 0:
		return 0, core.NewError(core.CodeNotFound, "app.ticket", fmt.Sprintf("No ticket has the number or id %q. Look for it with tickets list --query.", text), nil)
	case len(nos) == 1:
		return nos[0], nil
	}
	list, err := a.pool.Tickets(ctx, nos)
	if err != nil {
		return 0, err
	}
	keys := make([]string, len(list))
	for i, t := range list {
		keys[i] = t.Key().String()
	}
	return 0, core.NewError(core.CodeAmbiguous, "app.ticket", fmt.Sprintf("%d tickets are called %q. Say which by its source: %s.", len(list), text, strings.Join(keys, ", ")), nil)
}

// TicketDetail returns everything the desk knows about one ticket.
func (a *App) TicketDetail(ctx context.Context, no uint32) (core.TicketDetail, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.TicketDetail{}, err
	}
	var d core.TicketDetail
	if err := a.needTickets(ctx); err != nil {
		return d, err
	}
	t, history, err := a.pool.Ticket(ctx, no)
	if err != nil {
		return d, err
	}
	d.TicketView, d.History = a.index.View(t), history
	d.Attention, d.ToughReasons = []core.Attention{}, []core.NamedReason{}
	// The newest thousand, told from the oldest on.
	if d.Events, err = a.pool.Events(ctx, core.TicketEventQuery{No: no, Newest: true, Limit: shownEvents}); err != nil {
		return d, err
	}
	slices.Reverse(d.Events)
	answer := a.clockNow().Reply(core.ClockQuestion{
		Product: t.Product, Priority: t.Priority, Status: t.Status, Gone: t.Gone, Created: t.CreatedAt,
		FirstReply: t.FirstReplyAt, Closed: t.ClosedAt, History: history, Now: a.now(), Explain: true,
	})
	// The index keeps no history of an answered ticket; what is told here agrees with its account.
	d.Clock, d.Due, d.ClockSteps = answer.State, answer.Due, append([]core.ClockStep{}, answer.Steps...)
	if d.Prediction, err = a.predictionOf(ctx, t); err != nil {
		return d, err
	}
	for _, m := range []*core.Attention{d.Acknowledged, d.Snoozed} {
		if m != nil {
			d.Attention = append(d.Attention, *m)
		}
	}
	if d.SourceURL, err = a.sourceURL(ctx, t); err != nil {
		return d, err
	}
	return d, a.addCustomer(ctx, &d)
}

// addCustomer adds the card of the ticket's customer and its other tickets.
func (a *App) addCustomer(ctx context.Context, d *core.TicketDetail) error {
	customer := a.index.CustomerOf(d.No)
	if customer == 0 {
		return nil
	}
	who, ok := a.index.Customer(customer)
	if !ok {
		return nil
	}
	card, err := a.CustomerCard(ctx, who.Key)
	if err != nil {
		return err
	}
	d.Card, d.ToughReasons = &card, card.Reasons
	list, err := a.pool.Tickets(ctx, a.index.TicketsOf(shownNeighbours+1, customer))
	if err != nil {
		return err
	}
	for _, t := range list {
		if t.No != d.No && len(d.Neighbours) < shownNeighbours {
			d.Neighbours = append(d.Neighbours, core.TicketSummary{No: t.No, Number: t.Number, Subject: t.Subject, Status: t.Status, CreatedAt: t.CreatedAt, Rating: t.Rating})
		}
	}
	return nil
}

// sourceURL says where a ticket is in its source; "" when the source has no such template.
func (a *App) sourceURL(ctx context.Context, t core.Ticket) (string, error) {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range list {
		if s.Name == t.Source && s.URL != "" {
			return strings.NewReplacer("{id}", url.PathEscape(t.ID), "{number}", url.PathEscape(t.Number)).Replace(s.URL), nil
		}
	}
	return "", nil
}

// TicketEvents selects events.
func (a *App) TicketEvents(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return nil, err
	}
	return a.pool.Events(ctx, q)
}

// LastTicketEvent is the highest number of an event, 0 without any.
func (a *App) LastTicketEvent(ctx context.Context) (int64, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return 0, err
	}
	return a.pool.LastEvent(ctx)
}

// CheckQuery says what is wrong with a filter; nil when nothing is.
func (a *App) CheckQuery(text string) *core.QueryProblem {
	_, problem := tickets.ParseQuery(text, a.now(), a.clockZone())
	return problem
}

// CompleteQuery lists ways to go on typing a filter.
func (a *App) CompleteQuery(text string, cursor int) []core.Completion {
	return a.index.Complete(text, cursor)
}

// maxOwners bounds the owners offered.
const maxOwners = 200

// Owners lists the owners tickets have, the busiest first.
func (a *App) Owners(ctx context.Context) ([]string, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return nil, err
	}
	if err := a.needTickets(ctx); err != nil {
		return nil, err
	}
	return a.index.Owners(maxOwners), nil
}

// Filters lists the saved filters, by name.
func (a *App) Filters(ctx context.Context) ([]core.SavedFilter, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return nil, err
	}
	return a.marks.Filters(ctx)
}

// maxFilterName bounds the name of a saved filter.
const maxFilterName = 60

// SaveFilter keeps a filter under its name, in place of one with the same.
func (a *App) SaveFilter(ctx context.Context, f core.SavedFilter) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	f.Name = strings.TrimSpace(f.Name)
	if f.Name == "" || len([]rune(f.Name)) > maxFilterName {
		return core.NewError(core.CodeInvalid, "app.filter", fmt.Sprintf("A filter needs a name of 1 to %d characters. It was not saved.", maxFilterName), nil)
	}
	if p := a.CheckQuery(f.Text); p != nil {
		return core.NewError(core.CodeInvalid, "app.filter", "The filter was not saved. "+p.Message, nil)
	}
	return a.marks.SaveFilter(ctx, f)
}

// DeleteFilter forgets a saved filter.
func (a *App) DeleteFilter(ctx context.Context, name string) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	return a.marks.DeleteFilter(ctx, name)
}

// maxComment bounds a comment, in characters.
const maxComment = 1000

// MarkTickets acknowledges or snoozes tickets until a time, the zero time for until taken back.
func (a *App) MarkTickets(ctx context.Context, kind core.AttentionKind, nos []uint32, comment string, until time.Time) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	now := a.now()
	switch {
	case len([]rune(comment)) > maxComment:
		return core.NewError(core.CodeInvalid, "app.mark", fmt.Sprintf("The comment is longer than %d characters. Nothing was changed; shorten it.", maxComment), nil)
	case !until.IsZero() && !until.After(now):
		return core.NewError(core.CodeInvalid, "app.mark", "That time has passed. Nothing was changed; choose a later one.", nil)
	case kind == core.Snooze && until.IsZero():
		return core.NewError(core.CodeInvalid, "app.mark", "A snooze needs an end. Nothing was changed; choose one, or acknowledge instead.", nil)
	}
	keys, err := a.ticketKeys(ctx, nos)
	if err != nil {
		return err
	}
	m := core.Attention{Kind: kind, Comment: strings.TrimSpace(comment), At: now, Until: until, By: a.author(ctx)}
	told := core.MarkRequest{Kind: kind, Comment: m.Comment, Until: until}
	return a.onDesks(ctx, keys, func(ctx context.Context, d *teamDesk, keys []core.TicketKey) (int, error) {
		told.Tickets = keys
		return d.Mark(ctx, told)
	}, func(ctx context.Context, keys []core.TicketKey) error {
		list := make([]core.Attention, len(keys))
		for i, k := range keys {
			list[i] = m
			list[i].Key = k
		}
		if err := a.marks.SaveAttention(ctx, list); err != nil {
			return err
		}
		return a.marked(ctx)
	})
}

// UnmarkTickets takes acknowledgements or snoozes back.
func (a *App) UnmarkTickets(ctx context.Context, kind core.AttentionKind, nos []uint32) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	keys, err := a.ticketKeys(ctx, nos)
	if err != nil {
		return err
	}
	told := core.MarkRequest{Kind: kind, Remove: true}
	return a.onDesks(ctx, keys, func(ctx context.Context, d *teamDesk, keys []core.TicketKey) (int, error) {
		told.Tickets = keys
		return d.Mark(ctx, told)
	}, func(ctx context.Context, keys []core.TicketKey) error {
		if err := a.marks.DeleteAttention(ctx, kind, keys); err != nil {
			return err
		}
		return a.marked(ctx)
	})
}

func (a *App) marked(ctx context.Context) error {
	if err := a.applyMarks(ctx); err != nil {
		return err
	}
	a.bus.Publish(core.TicketsChanged{})
	a.bus.Publish(core.MarksChanged{})
	return nil
}

// author is who says something of a ticket or a customer; "" the owner of the data folder.
func (a *App) author(ctx context.Context) string {
	if actor := a.actor(ctx); actor.UserID != 0 {
		return actor.Name
	}
	return ""
}

// AssignTickets gives tickets an owner on the desk; "" takes it back. The source never hears of it,
// unless it is another Deskwatch.
func (a *App) AssignTickets(ctx context.Context, nos []uint32, owner string) error {
	if err := a.allow(ctx, core.MarkTickets); err != nil {
		return err
	}
	owner = strings.TrimSpace(owner)
	desks, err := a.teamSources(ctx)
	if err != nil {
		return err
	}
	if len(desks) > 0 {
		return a.assignOnDesks(ctx, nos, owner)
	}
	return a.assignHere(ctx, nos, owner)
}

func (a *App) assignHere(ctx context.Context, nos []uint32, owner string) error {
	events, err := a.pool.Assign(ctx, nos, owner, a.now())
	if err != nil {
		return err
	}
	return a.ticketsTaken(ctx, events)
}

// ticketKeys reads the keys of tickets, however many.
func (a *App) ticketKeys(ctx context.Context, nos []uint32) ([]core.TicketKey, error) {
	var keys []core.TicketKey
	for len(nos) > 0 {
		n := min(len(nos), readAtOnce)
		list, err := a.pool.Tickets(ctx, nos[:n])
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			keys = append(keys, t.Key())
		}
		nos = nos[n:]
	}
	return keys, nil
}

// readAtOnce is how many tickets are read by number at once.
const readAtOnce = 500
