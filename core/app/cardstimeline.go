package app

import (
	"context"
	"fmt"
	"time"

	"deskwatch/core"
)

// The kinds of a core.TimelineEntry.
const (
	lineTicket    = "ticket"
	lineEscalated = "escalated"
	lineReopened  = "reopened"
	lineRated     = "rated"
	lineClosed    = "closed"
	lineOrder     = "order"
	lineBreach    = "breach"
)

// worstGood is the highest rating that is a bad one.
const worstGood = 2

// cardTickets puts the customer's tickets and what happened to them on the card.
func (a *App) cardTickets(ctx context.Context, card *core.CustomerCard, nos []uint32) error {
	if len(nos) == 0 {
		return nil
	}
	list, err := a.pool.Tickets(ctx, a.index.TicketsOf(cardTickets, nos...))
	if err != nil {
		return err
	}
	for i, t := range list {
		if i < cardLatest {
			card.LatestTicket = append(card.LatestTicket, core.TicketSummary{No: t.No, Number: t.Number, Subject: t.Subject, Status: t.Status, CreatedAt: t.CreatedAt, Rating: t.Rating})
		}
		var events []core.TicketEvent
		if i < cardHistories {
			if events, err = a.pool.Events(ctx, core.TicketEventQuery{No: t.No, Newest: true, Limit: 100}); err != nil {
				return err
			}
		}
		ticketTimeline(card, t, events)
	}
	return nil
}

// ticketTimeline adds one ticket. What the source tells without a time comes from the events,
// and where nobody saw it happen from the ticket's last change.
func ticketTimeline(card *core.CustomerCard, t core.Ticket, events []core.TicketEvent) {
	add := func(at time.Time, kind, text string, bad bool) {
		if !at.IsZero() {
			card.Timeline = append(card.Timeline, core.TimelineEntry{At: at, Kind: kind, Text: text, Ticket: t.No, Bad: bad})
		}
	}
	add(t.CreatedAt, lineTicket, t.Number+" "+t.Subject, false)
	add(t.ClosedAt, lineClosed, t.Number, false)
	escalated, rated := false, false
	for _, e := range events {
		switch e.Kind {
		case core.TicketEscalated:
			if !escalated && t.Escalated { // the newest one; it may have been taken back and come again
				add(e.At, lineEscalated, t.Number, true)
				escalated = true
			}
		case core.TicketReopened:
			add(e.At, lineReopened, t.Number, true)
		case core.TicketRated:
			if !rated && t.Rating > 0 {
				add(e.At, lineRated, ratingText(t), t.Rating <= worstGood)
				rated = true
			}
		}
	}
	last := t.UpdatedAt
	if last.IsZero() {
		last = t.ClosedAt
	}
	if t.Escalated && !escalated {
		add(last, lineEscalated, t.Number, true)
	}
	if t.Rating > 0 && !rated {
		add(last, lineRated, ratingText(t), t.Rating <= worstGood)
	}
}

func ratingText(t core.Ticket) string { return fmt.Sprintf("%s: %d of 5", t.Number, t.Rating) }

// orderTimeline adds the orders and the breaches. They have a day and no time: it is the desk's.
func (a *App) orderTimeline(card *core.CustomerCard, list []core.Order, bad core.StatusSet) {
	zone := a.now().Location()
	at := func(d core.Day) time.Time {
		y, m, day := d.Time().Date()
		return time.Date(y, m, day, 0, 0, 0, 0, zone).UTC()
	}
	for _, o := range list {
		card.Timeline = append(card.Timeline, core.TimelineEntry{
			At: at(o.Day), Kind: lineOrder, Text: o.OrderID + " " + o.Status.String(), Order: o.OrderID, Bad: o.Statuses&bad != 0,
		})
	}
	for _, b := range card.Breaches {
		_, last := b.Days()
		last = min(last, core.DayOf(a.now()))
		card.Timeline = append(card.Timeline, core.TimelineEntry{
			At: at(last), Kind: lineBreach, Text: fmt.Sprintf("%s: %d orders", b.Period, b.Count), Bad: true,
		})
	}
}
