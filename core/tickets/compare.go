package tickets

import (
	"strconv"
	"time"

	"deskwatch/core"
)

// Kept is a ticket as the pool keeps it.
type Kept struct {
	core.Ticket
	Assigned string // the owner given on the desk, not yet confirmed by the source
}

// Change is one thing that changed between two states of a ticket. From and To are in the
// source's spelling, "" where there was nothing.
type Change struct {
	Kind     core.TicketEventKind
	From, To string
	At       time.Time // when it happened, as far as the source tells
}

// Comparison is what a snapshot of one ticket makes of what is kept.
type Comparison struct {
	Kept              // as it is to be kept from now on
	Changes  []Change // in the order they are told
	Stale    bool     // the snapshot is older than what is kept: nothing changes
	Changed  bool     // something differs from what was kept, its customer's name and e-mail aside
	Restated bool     // its status was told differently than before: a step of its history
}

// believedAhead is how far ahead of the desk's clock a source's may be: by a wrong zone, at most.
const believedAhead = 24 * time.Hour

// Compare says what next, a snapshot of a ticket taken at taken, changes about old. An old
// without ID is a ticket seen for the first time.
//
// A snapshot whose UpdatedAt is before the kept one's, both known, is stale. With the same or
// an unknown time it applies as far as it differs, and so it does when the kept one's was more
// than a day ahead of taken: a mistyped year would keep every later state away for ever.
//
// What a snapshot leaves empty is kept as it was, because a short list of tickets says less
// than there is: number, texts, product, customer, channel, priority, times, rating, and a
// status without a spelling. These follow the snapshot even so:
//   - Owner may become empty: a ticket can be given back.
//   - Escalated is what the source says now; that it was is in the events.
//   - ClosedAt is believed only while the ticket is done, because a log that is written
//     afterwards gives it in every row. It is forgotten when the ticket is opened again.
//
// FirstReplyAt, once known, stays: there is one first reply. No reply is made up from a status.
//
// Gone is what the snapshot says: another desk tells so of a ticket that its source lost. From
// every other source a ticket that comes is there.
func Compare(old Kept, next core.Ticket, taken time.Time) Comparison {
	next, old.Ticket = tidy(next), tidy(old.Ticket)
	if old.ID == "" {
		return firstSight(next, taken)
	}
	if !next.UpdatedAt.IsZero() && next.UpdatedAt.Before(old.UpdatedAt) && !old.UpdatedAt.After(taken.Add(believedAhead)) {
		return Comparison{Kept: old, Stale: true}
	}
	c := Comparison{Kept: Kept{merge(old.Ticket, next), old.Assigned}}
	// Another owner named by the source is its answer to the one given here.
	if next.Owner != "" && next.Owner != old.Owner {
		c.Assigned = ""
	}
	c.Restated = c.Status != old.Status || c.RawStatus != old.RawStatus
	reopened := old.Status.Done() && !c.Status.Done()
	if reopened && next.Reopened == 0 { // the source does not count
		c.Reopened = min(old.Reopened+1, keptReopened)
	}
	c.Changed = c.Kept != withCustomer(old, c.Ticket)
	if c.Changed {
		c.tell(old, reopened, taken)
	}
	return c
}

// firstSight is a ticket nobody has seen before. That it is escalated, answered or closed
// already is no change anybody could have watched.
func firstSight(next core.Ticket, taken time.Time) Comparison {
	if next.Number == "" {
		next.Number = next.ID
	}
	if !mayBeClosed(next.Status) {
		next.ClosedAt = time.Time{}
	}
	created := Change{Kind: core.TicketCreated, To: spelling(next), At: firstKnown(next.CreatedAt, next.UpdatedAt, taken)}
	return Comparison{Kept: Kept{Ticket: next}, Changes: []Change{created}, Changed: true, Restated: true}
}

// merge lays next over old.
func merge(old, next core.Ticket) core.Ticket {
	t := next
	t.No, t.Source, t.ID = old.No, old.Source, old.ID
	if t.Number == "" || t.Number == t.ID { // the id stands in for a number nobody gave
		t.Number = old.Number
	}
	if t.RawStatus == "" && (t.Status == core.TicketNew || t.Status == core.TicketOther || t.Status == old.Status) {
		t.Status, t.RawStatus = old.Status, old.RawStatus
	}
	if t.RawPriority == "" && (t.Priority == core.PriorityNone || t.Priority == old.Priority) {
		t.Priority, t.RawPriority = old.Priority, old.RawPriority
	}
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&t.Subject, old.Subject}, {&t.Description, old.Description}, {&t.Product, old.Product}, {&t.Channel, old.Channel},
		{&t.CustomerID, old.CustomerID}, {&t.Customer, old.Customer}, {&t.Email, old.Email},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	t.CreatedAt = firstKnown(t.CreatedAt, old.CreatedAt)
	t.UpdatedAt = firstKnown(t.UpdatedAt, old.UpdatedAt)
	t.FirstReplyAt = firstKnown(old.FirstReplyAt, t.FirstReplyAt)
	t.ClosedAt = firstKnown(t.ClosedAt, old.ClosedAt)
	if !mayBeClosed(t.Status) {
		t.ClosedAt = time.Time{}
	}
	t.Reopened = max(t.Reopened, old.Reopened)
	if t.Rating == 0 {
		t.Rating = old.Rating
	}
	return t
}

// tell lists what changed since old.
func (c *Comparison) tell(old Kept, reopened bool, taken time.Time) {
	at := firstKnown(c.UpdatedAt, taken)
	add := func(is bool, kind core.TicketEventKind, from, to string, at time.Time) {
		if is {
			c.Changes = append(c.Changes, Change{kind, from, to, at})
		}
	}
	add(old.Gone && !c.Gone, core.TicketReturned, "", "", taken)
	add(c.Restated, core.TicketStatusEvent, spelling(old.Ticket), spelling(c.Ticket), at)
	// A source that counts may have seen a reopening between two snapshots.
	add(reopened || c.Reopened > old.Reopened, core.TicketReopened, spelling(old.Ticket), spelling(c.Ticket), at)
	add(closed(c.Ticket) && !closed(old.Ticket), core.TicketClosedEvent, spelling(old.Ticket), spelling(c.Ticket), firstKnown(c.ClosedAt, at))
	add(c.Priority != old.Priority || c.RawPriority != old.RawPriority, core.TicketPriority, prioritySpelling(old.Ticket), prioritySpelling(c.Ticket), at)
	add(c.HasOwner() != old.HasOwner(), core.TicketOwner, old.HasOwner(), c.HasOwner(), at)
	add(c.Escalated && !old.Escalated, core.TicketEscalated, "", "", at)
	add(old.FirstReplyAt.IsZero() && !c.FirstReplyAt.IsZero(), core.TicketReplied, "", "", c.FirstReplyAt)
	add(c.Rating != old.Rating, core.TicketRated, rating(old.Rating), rating(c.Rating), at)
	add(!old.Gone && c.Gone, core.TicketGone, "", "", taken)
}

// HasOwner is who has the ticket as people on the desk see it.
func (k Kept) HasOwner() string {
	if k.Assigned != "" {
		return k.Assigned
	}
	return k.Owner
}

// closed reports whether a closed event has been told, or is due: the ticket is closed, or
// resolved with the time it was closed at. Going on from there to closed is nothing new.
func closed(t core.Ticket) bool {
	return t.Status == core.TicketClosed || t.Status == core.TicketResolved && !t.ClosedAt.IsZero()
}

// mayBeClosed reports whether a ClosedAt says something. A spelling no table knows may mean
// that the ticket is done.
func mayBeClosed(s core.TicketStatus) bool { return s.Done() || s == core.TicketOther }

// withCustomer is old with the customer's name and e-mail of t: they are the customer's, and
// the tickets of one customer may disagree about them for ever.
func withCustomer(old Kept, t core.Ticket) Kept {
	old.Customer, old.Email = t.Customer, t.Email
	return old
}

// spelling is the status as its source spells it, or Deskwatch's word where there is none.
func spelling(t core.Ticket) string {
	if t.RawStatus != "" {
		return t.RawStatus
	}
	return t.Status.String()
}

func prioritySpelling(t core.Ticket) string {
	switch {
	case t.RawPriority != "":
		return t.RawPriority
	case t.Priority == core.PriorityNone:
		return ""
	}
	return t.Priority.String()
}

func rating(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// firstKnown is the first time that is not zero.
func firstKnown(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// tidy brings t into the form a pool keeps, so that two states compare as equal when they are:
// whole seconds of UTC, none of them the zero of 1970, and counts within their bounds.
func tidy(t core.Ticket) core.Ticket {
	for _, at := range []*time.Time{&t.CreatedAt, &t.UpdatedAt, &t.FirstReplyAt, &t.ClosedAt} {
		if s := at.Unix(); at.IsZero() || s == 0 {
			*at = time.Time{}
		} else {
			*at = time.Unix(s, 0).UTC()
		}
	}
	t.Rating = min(max(t.Rating, 0), keptRating)
	t.Reopened = min(max(t.Reopened, 0), keptReopened)
	return t
}

// The most a ticket's rating and count of reopenings can be.
const (
	keptRating   = 5
	keptReopened = 255
)
