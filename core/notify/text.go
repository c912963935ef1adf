package notify

import (
	"fmt"
	"strings"
	"time"

	"deskwatch/core"
)

const (
	maxSubject  = 80 // characters of a subject within a notice
	maxCustomer = 40
	// named is how many tickets a desktop notification names, and listed how many a mail does.
	named  = 3
	listed = 50
)

// Text writes a notice: which ticket, whose, and the one fact that decides, such as "TS0042
// Spark job lost (Acme): 3 cancelled or returned orders this month, reply due 14:20". The fact
// is this month's bad orders; else what the notice is about; else the due time, what weighs most
// in the customer's score, in the risk, or how long the customer waits. A reply that is due is
// said beside any other fact. Of a ticket at risk, and of a new one that may be, the fact is its
// satisfaction with what takes most away from it: "satisfaction 31 of 100: urgent (-18)".
func (w Words) Text(n News, now time.Time, zone *time.Location) string {
	t := n.Ticket
	head := tidy(t.Number, maxCustomer, false)
	if subject := tidy(strings.TrimSpace(t.Subject), maxSubject, false); subject != "" {
		head += " " + subject
	}
	who := t.Customer
	if who == "" {
		who = t.Email
	}
	if who = tidy(strings.TrimSpace(who), maxCustomer, false); who != "" {
		head += " (" + who + ")"
	}
	due := w.dueText(t, now, zone)
	fact := w.fact(n)
	if fact == "" && due == "" {
		fact = w.quietFact(n, now, zone)
	}
	switch {
	case fact == "" && due == "":
		return head
	case fact == "":
		return head + ": " + due
	case due == "":
		return head + ": " + fact
	}
	return head + ": " + fact + ", " + due
}

// fact is what comes before the due time; "" for nothing.
func (w Words) fact(n News) string {
	t := n.Ticket
	switch {
	case n.Kind == core.NoticeAtRisk:
		return w.satisfactionFact(n)
	case t.BadOrders > 0 && n.Kind == core.NoticeNew && n.Low:
		return w.orders.of(t.BadOrders) + ", " + w.satisfactionOf(t)
	case t.BadOrders > 0:
		return w.orders.of(t.BadOrders)
	case n.Kind == core.NoticeTough:
		return w.toughFact(n)
	case n.Kind == core.NoticeEscalation:
		return w.escalated
	case n.Kind == core.NoticeNew && n.Low:
		return w.satisfactionFact(n)
	}
	return ""
}

// satisfactionFact is how satisfied the customer will be, and what takes most away from that.
func (w Words) satisfactionFact(n News) string {
	text := w.satisfactionOf(n.Ticket)
	if why := w.riskFact(n); why != "" {
		text += ": " + tidy(why, maxSubject, false)
		if n.Risk.Points != 0 {
			text += fmt.Sprintf(" (%+d)", n.Risk.Points)
		}
	}
	return text
}

func (w Words) satisfactionOf(t core.TicketView) string {
	return fmt.Sprintf(w.satisfaction, 100-min(max(t.Risk, 0), 100))
}

// quietFact is what a notice says that has nothing more pressing to say.
func (w Words) quietFact(n News, now time.Time, zone *time.Location) string {
	if n.Ticket.IsTough {
		return w.toughFact(n)
	}
	if text := w.riskFact(n); text != "" {
		return text
	}
	if n.Ticket.CreatedAt.IsZero() {
		return ""
	}
	return w.when(w.waiting, n.Ticket.CreatedAt, now, zone)
}

func (w Words) toughFact(n News) string {
	if n.Ticket.ToughFlag {
		return w.flagged
	}
	return w.reason(n.Tough)
}

// riskFact leaves out what is said anyway, or says nothing.
func (w Words) riskFact(n News) string {
	switch n.Risk.Reason {
	case "", "always":
		return ""
	case "orders":
		if n.Kind != core.NoticeAtRisk {
			return "" // they are said before anything else
		}
	case "unowned":
		if n.Kind == core.NoticeNew {
			return "" // new tickets mostly are
		}
	case "reply_overdue", "reply_due":
		if !n.Ticket.Due.IsZero() && n.Ticket.FirstReplyAt.IsZero() {
			return ""
		}
	}
	return w.reason(n.Risk)
}

func (w Words) dueText(t core.TicketView, now time.Time, zone *time.Location) string {
	switch t.Clock {
	case core.ClockRunning, core.ClockAmber:
		return w.when(w.due, t.Due, now, zone)
	case core.ClockRed:
		return w.when(w.overdue, t.Due, now, zone)
	}
	return ""
}

// Title says how much there is to hear, such as "7 new tickets, 2 from tough customers". A
// summary also says since when.
func (w Words) Title(t Telling, now time.Time, zone *time.Location) string {
	kinds := t.kinds()
	var parts []string
	for _, kind := range []core.NoticeKind{core.NoticeEscalation, core.NoticeAtRisk, core.NoticeReplyDue, core.NoticeNew, core.NoticeTough, core.NoticeSnooze} {
		c := kinds[kind]
		switch {
		case c.tickets == 0:
			continue
		case c.tickets == 1 && c.tough == 1:
			parts = append(parts, w.toughOne)
		case c.tough == 1:
			parts = append(parts, w.titles[kind].of(c.tickets)+", "+counted{w.ofOne, w.ofMany}.of(1))
		case c.tough > 1:
			parts = append(parts, w.titles[kind].of(c.tickets)+", "+counted{w.ofOne, w.ofMany}.of(c.tough))
		default:
			parts = append(parts, w.titles[kind].of(c.tickets))
		}
	}
	title := strings.Join(parts, "; ")
	if t.How == HowSummary {
		title = w.when(w.since, t.Since(), now, zone) + ": " + title
	}
	return title
}

// kindCount is how many tickets are told of under one kind, and how many of them are new ones
// of tough customers.
type kindCount struct{ tickets, tough int }

// kinds counts every ticket once, under its most pressing kind; a new ticket of a tough customer
// counts as new.
func (t Telling) kinds() map[core.NoticeKind]kindCount {
	isNew := map[core.TicketKey]bool{}
	isTough := map[core.TicketKey]bool{}
	for _, n := range t.Notices {
		switch n.Kind {
		case core.NoticeNew:
			isNew[n.Key] = true
		case core.NoticeTough:
			isTough[n.Key] = true
		}
	}
	counts := map[core.NoticeKind]kindCount{}
	for _, n := range t.Tickets() {
		kind := n.Kind
		if kind == core.NoticeTough && isNew[n.Key] {
			kind = core.NoticeNew
		}
		c := counts[kind]
		c.tickets++
		if kind == core.NoticeNew && isTough[n.Key] {
			c.tough++
		}
		counts[kind] = c
	}
	return counts
}

// lines are the texts of the most pressing tickets, and how many more there are.
func (t Telling) lines(most int) (lines []string, more int) {
	tickets := t.Tickets()
	shown := min(len(tickets), most)
	for _, n := range tickets[:shown] {
		lines = append(lines, n.Text)
	}
	return lines, len(tickets) - shown
}

// Desktop is the text of a desktop notification.
func (w Words) Desktop(t Telling) string {
	lines, more := t.lines(named)
	if more > 0 {
		lines = append(lines, w.more.of(more))
	}
	return strings.Join(lines, "\n")
}

// Mail is the lines of a mail, and how many tickets it does not list.
func (t Telling) Mail() (lines []string, more int) { return t.lines(listed) }
