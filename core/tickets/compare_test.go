package tickets

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

var compareNoon = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

func keptTicket() core.Ticket {
	return core.Ticket{
		No: 7, Source: "sf", ID: "500A", Number: "TS0042", Subject: "Spark job lost", Description: "It is gone.",
		Status: core.TicketOpen, RawStatus: "Working", Priority: core.PriorityHigh, RawPriority: "P2", Product: "Spark EE",
		CustomerID: "acme", Customer: "Acme", Email: "it@acme.example", Owner: "ana", Channel: "Web",
		CreatedAt: compareNoon.Add(-2 * time.Hour), UpdatedAt: compareNoon.Add(-time.Hour), Rating: 0,
	}
}

// changesTold writes changes as "kind from>to" in order.
func changesTold(changes []Change) string {
	var list []string
	for _, c := range changes {
		list = append(list, strings.TrimSuffix(strings.TrimSpace(string(c.Kind)+" "+c.From+">"+c.To), " >"))
	}
	return strings.Join(list, ", ")
}

func TestWhatASnapshotTells(t *testing.T) {
	taken := compareNoon.Add(time.Minute)
	for name, c := range map[string]struct {
		old, next func(*core.Ticket)
		want      string
	}{
		"nothing new":                          {nil, nil, ""},
		"status":                               {nil, func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketPending, "Waiting" }, "status Working>Waiting"},
		"another spelling of the same status":  {nil, func(t *core.Ticket) { t.RawStatus = "In work" }, "status Working>In work"},
		"another reading of the same spelling": {nil, func(t *core.Ticket) { t.Status = core.TicketHeld }, "status Working>Working"},
		"no status":                            {nil, func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketNew, "" }, ""},
		"a status without a spelling":          {nil, func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketHeld, "" }, "status Working>held"},
		"closed":                               {nil, func(t *core.Ticket) { t.Status, t.RawStatus, t.ClosedAt = core.TicketClosed, "Closed", compareNoon }, "status Working>Closed, closed Working>Closed"},
		"resolved is not closed":               {nil, func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketResolved, "Solved" }, "status Working>Solved"},
		"resolved with a time is":              {nil, func(t *core.Ticket) { t.Status, t.RawStatus, t.ClosedAt = core.TicketResolved, "Solved", compareNoon }, "status Working>Solved, closed Working>Solved"},
		"and closed is not told again":         {func(t *core.Ticket) { t.Status, t.RawStatus, t.ClosedAt = core.TicketResolved, "Solved", compareNoon }, func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketClosed, "Closed" }, "status Solved>Closed"},
		"a closing time of an open ticket":     {nil, func(t *core.Ticket) { t.ClosedAt = compareNoon }, ""},
		"reopened":                             {func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketClosed, "Closed" }, func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketOpen, "Open" }, "status Closed>Open, reopened Closed>Open"},
		"reopened between two snapshots":       {nil, func(t *core.Ticket) { t.Reopened = 1 }, "reopened Working>Working"},
		"priority":                             {nil, func(t *core.Ticket) { t.Priority, t.RawPriority = core.PriorityUrgent, "P1" }, "priority P2>P1"},
		"no priority":                          {nil, func(t *core.Ticket) { t.Priority, t.RawPriority = core.PriorityNone, "" }, ""},
		"owner":                                {nil, func(t *core.Ticket) { t.Owner = "ben" }, "owner ana>ben"},
		"given back":                           {nil, func(t *core.Ticket) { t.Owner = "" }, "owner ana>"},
		"escalated":                            {nil, func(t *core.Ticket) { t.Escalated = true }, "escalated"},
		"no longer escalated":                  {func(t *core.Ticket) { t.Escalated = true }, nil, ""},
		"answered":                             {nil, func(t *core.Ticket) { t.FirstReplyAt = compareNoon }, "replied"},
		"another first answer":                 {func(t *core.Ticket) { t.FirstReplyAt = compareNoon }, func(t *core.Ticket) { t.FirstReplyAt = compareNoon.Add(time.Second) }, ""},
		"somebody works on it, no answer":      {func(t *core.Ticket) { t.Status, t.RawStatus = core.TicketNew, "New" }, nil, "status New>Working"},
		"rated":                                {nil, func(t *core.Ticket) { t.Rating = 1 }, "rated >1"},
		"rated anew":                           {func(t *core.Ticket) { t.Rating = 1 }, func(t *core.Ticket) { t.Rating = 4 }, "rated 1>4"},
		"the rating is not said":               {func(t *core.Ticket) { t.Rating = 1 }, nil, ""},
		"there again":                          {func(t *core.Ticket) { t.Gone = true }, nil, "returned"},
		"lost there":                           {nil, func(t *core.Ticket) { t.Gone = true }, "gone"},
		"still lost":                           {func(t *core.Ticket) { t.Gone = true }, func(t *core.Ticket) { t.Gone = true }, ""},
		"all at once, in the order it is told": {nil, func(t *core.Ticket) {
			t.Owner, t.Rating, t.Priority, t.RawPriority, t.RawStatus = "ben", 2, core.PriorityLow, "P4", "Open"
		}, "status Working>Open, priority P2>P4, owner ana>ben, rated >2"},
		"a subject changes and nobody is told":   {nil, func(t *core.Ticket) { t.Subject = "Spark jobs lost" }, ""},
		"the customer's name and nobody is told": {nil, func(t *core.Ticket) { t.Customer = "Acme Inc" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			old, next := keptTicket(), keptTicket()
			if c.old != nil {
				c.old(&old)
			}
			if c.next != nil {
				c.next(&next)
			}
			next.UpdatedAt = compareNoon
			got := Compare(Kept{Ticket: old}, next, taken)
			if got.Stale || changesTold(got.Changes) != c.want {
				t.Errorf("told %q, want %q", changesTold(got.Changes), c.want)
			}
			again := Compare(got.Kept, next, taken.Add(time.Hour))
			if again.Changed || again.Changes != nil || again.Kept != got.Kept {
				t.Errorf("the same snapshot again changes %+v", again)
			}
		})
	}
}

func TestATicketSeenForTheFirstTimeIsOnlyCreated(t *testing.T) {
	next := keptTicket()
	next.Number, next.Escalated, next.Rating, next.ClosedAt = "", true, 2, compareNoon
	c := Compare(Kept{}, next, compareNoon)
	if changesTold(c.Changes) != "created >Working" || !c.Changes[0].At.Equal(next.CreatedAt) || !c.Changed || !c.Restated {
		t.Fatalf("%+v", c)
	}
	if c.Number != next.ID || !c.ClosedAt.IsZero() || !c.Escalated || c.Rating != 2 {
		t.Fatalf("kept %+v", c.Ticket)
	}
}

func TestAnOlderSnapshotIsStaleAndOneWithoutATimeIsNot(t *testing.T) {
	old, next := keptTicket(), keptTicket()
	next.Owner, next.UpdatedAt = "ben", old.UpdatedAt.Add(-time.Second)
	if c := Compare(Kept{Ticket: old}, next, compareNoon); !c.Stale || c.Changed || c.Changes != nil || c.Owner != "ana" {
		t.Errorf("older: %+v", c)
	}
	next.UpdatedAt = old.UpdatedAt
	if c := Compare(Kept{Ticket: old}, next, compareNoon); c.Stale || c.Owner != "ben" {
		t.Errorf("of the same time: %+v", c)
	}
	next.UpdatedAt = time.Time{}
	if c := Compare(Kept{Ticket: old}, next, compareNoon); c.Stale || c.Owner != "ben" || !c.UpdatedAt.Equal(old.UpdatedAt) {
		t.Errorf("of an unknown time: %+v", c)
	}
	old.UpdatedAt = time.Time{}
	if c := Compare(Kept{Ticket: old}, next, compareNoon); !c.Changes[0].At.Equal(compareNoon) {
		t.Errorf("told at %v, not when it was taken", c.Changes[0].At)
	}
}

func TestWhatASnapshotLeavesEmptyIsKept(t *testing.T) {
	old := keptTicket()
	old.FirstReplyAt, old.Rating, old.Reopened = compareNoon.Add(-90*time.Minute), 3, 2
	c := Compare(Kept{Ticket: old}, core.Ticket{ID: old.ID, Owner: old.Owner}, compareNoon)
	if c.Changed || c.Ticket != old {
		t.Errorf("kept %+v", c.Ticket)
	}
	c = Compare(Kept{Ticket: old}, core.Ticket{ID: old.ID, Number: old.ID}, compareNoon)
	if c.Number != old.Number || c.Owner != "" {
		t.Errorf("kept number %q, owner %q", c.Number, c.Owner)
	}
}

func TestAReopenedTicketIsCountedWhereTheSourceDoesNotCount(t *testing.T) {
	closed := keptTicket()
	closed.Status, closed.RawStatus, closed.ClosedAt = core.TicketClosed, "Closed", compareNoon.Add(-time.Minute)
	open := keptTicket()
	open.UpdatedAt = compareNoon
	c := Compare(Kept{Ticket: closed}, open, compareNoon)
	if c.Reopened != 1 || !c.ClosedAt.IsZero() {
		t.Errorf("reopened %d times, closed at %v", c.Reopened, c.ClosedAt)
	}
	open.Reopened = 4
	if c := Compare(Kept{Ticket: closed}, open, compareNoon); c.Reopened != 4 {
		t.Errorf("the source's count became %d", c.Reopened)
	}
}

func TestTheSourcesOwnerAnswersTheDesks(t *testing.T) {
	given := Kept{keptTicket(), "ben"} // ana's, given to ben
	next := keptTicket()
	next.Subject = "Another"
	if c := Compare(given, next, compareNoon); c.Assigned != "ben" {
		t.Error("the same owner as before took it back")
	}
	next.Owner = ""
	if c := Compare(given, next, compareNoon); c.Assigned != "ben" || changesTold(c.Changes) != "" {
		t.Errorf("no owner: %q, told %q", c.Assigned, changesTold(c.Changes))
	}
	next.Owner = "ben" // as it was asked for: everybody knows
	if c := Compare(given, next, compareNoon); c.Assigned != "" || changesTold(c.Changes) != "" {
		t.Errorf("confirmed: %q, told %q", c.Assigned, changesTold(c.Changes))
	}
	next.Owner = "eva"
	if c := Compare(given, next, compareNoon); c.Assigned != "" || changesTold(c.Changes) != "owner ben>eva" {
		t.Errorf("another: %q, told %q", c.Assigned, changesTold(c.Changes))
	}
}

func TestAnEventIsOfTheTimeTheSourceGives(t *testing.T) {
	old, next := keptTicket(), keptTicket()
	next.UpdatedAt, next.FirstReplyAt, next.ClosedAt = compareNoon, compareNoon.Add(-40*time.Minute), compareNoon.Add(-20*time.Minute)
	next.Status, next.RawStatus, next.Owner = core.TicketClosed, "Closed", "ben"
	c := Compare(Kept{Ticket: old}, next, compareNoon.Add(time.Hour))
	want := map[core.TicketEventKind]time.Time{
		core.TicketStatusEvent: compareNoon, core.TicketOwner: compareNoon,
		core.TicketReplied: next.FirstReplyAt, core.TicketClosedEvent: next.ClosedAt,
	}
	for kind, at := range want {
		i := slices.IndexFunc(c.Changes, func(c Change) bool { return c.Kind == kind })
		if i < 0 || !c.Changes[i].At.Equal(at) {
			t.Errorf("%s: %+v, want it at %v", kind, c.Changes, at)
		}
	}
}

func TestPartsOfASecondAndOtherZonesAreNoChange(t *testing.T) {
	old, next := keptTicket(), keptTicket()
	next.UpdatedAt = old.UpdatedAt.Add(300 * time.Millisecond).In(time.FixedZone("", 3600))
	next.FirstReplyAt = time.Unix(0, 0)
	if c := Compare(Kept{Ticket: old}, next, compareNoon); c.Changed {
		t.Errorf("changed %+v", c)
	}
}

func TestTheFirstReplyOnceKnownStays(t *testing.T) {
	old, next := keptTicket(), keptTicket()
	old.FirstReplyAt, next.FirstReplyAt = compareNoon, compareNoon.Add(time.Hour)
	if c := Compare(Kept{Ticket: old}, next, compareNoon); c.Changed || !c.FirstReplyAt.Equal(compareNoon) {
		t.Errorf("changed %v, first reply at %v", c.Changed, c.FirstReplyAt)
	}
}

func TestAnotherNameOfTheCustomerIsNoChangeOfTheTicket(t *testing.T) {
	next := keptTicket()
	next.Customer, next.Email = "Acme Inc", "help@acme.example"
	if c := Compare(Kept{Ticket: keptTicket()}, next, compareNoon); c.Changed || c.Email != next.Email {
		t.Errorf("changed %v, e-mail %q", c.Changed, c.Email)
	}
}

func TestATimeFarAheadDoesNotKeepLaterStatesAway(t *testing.T) {
	for ahead, stale := range map[time.Duration]bool{-time.Hour: true, 14 * time.Hour: true, 70 * 365 * 24 * time.Hour: false} {
		old := Kept{Ticket: core.Ticket{ID: "1", Status: core.TicketOpen, UpdatedAt: compareNoon.Add(ahead)}}
		next := core.Ticket{ID: "1", Status: core.TicketClosed, UpdatedAt: compareNoon.Add(-2 * time.Hour)}
		c := Compare(old, next, compareNoon)
		if c.Stale != stale || !stale && (c.Status != core.TicketClosed || !c.UpdatedAt.Equal(next.UpdatedAt) || len(c.Changes) != 2) {
			t.Errorf("%v ahead: %+v", ahead, c)
		}
	}
}
