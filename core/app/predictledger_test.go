package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

// told are the tickets whose outcome the ledger holds, with when it was known, in hours since begun.
func (d *desk) told(t *testing.T, begun time.Time) string {
	t.Helper()
	var list []string
	err := d.predictions.Told(t.Context(), time.Time{}, func(x predict.Told) error {
		outcome := map[predict.Outcome]string{predict.OutcomeGood: "good", predict.OutcomeBad: "bad"}[x.Outcome]
		arrived := ""
		if x.Arrival == nil {
			arrived = " without an arrival"
		}
		list = append(list, fmt.Sprintf("%s %s %.0f%s", x.Key.ID, outcome, x.At.Sub(begun).Hours(), arrived))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func TestTheLedgerFollowsWhatBecomesOfTickets(t *testing.T) {
	d := newDesk(t)
	begun := d.clock.Now().Truncate(time.Second)
	hour := func(n int) time.Time { return begun.Add(time.Duration(n) * time.Hour) }
	change := func(n int, id string, status core.TicketStatus, rating int, escalated bool) {
		t.Helper()
		c := core.Ticket{ID: id, CreatedAt: begun, UpdatedAt: hour(n), Status: status, Rating: rating, Escalated: escalated}
		if c.Done() {
			c.ClosedAt = hour(n)
		}
		d.take(t, "cases", c)
	}
	check := func(a *App, pending, unknown int, told string) {
		t.Helper()
		if _, err := a.predictNews(t.Context()); err != nil {
			t.Fatal(err)
		}
		counts, err := d.predictions.Counts(t.Context())
		if err != nil || counts.Pending != pending || counts.Unknown != unknown {
			t.Errorf("%+v, %v; want %d not ended and %d that ended unrated", counts, err, pending, unknown)
		}
		if got := d.told(t, begun); got != told {
			t.Errorf("told %q, want %q", got, told)
		}
	}
	for _, id := range []string{"CLOSED", "RATED", "ESCALATED", "LATER", "OPEN"} {
		change(0, id, core.TicketNew, 0, false)
	}
	d.take(t, "other", core.Ticket{ID: "GONE", CreatedAt: begun})
	if err := d.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(d.App, 6, 0, "")

	d.clock.advance(time.Hour)
	change(1, "CLOSED", core.TicketClosed, 0, false)
	change(1, "RATED", core.TicketClosed, 4, false)
	change(1, "ESCALATED", core.TicketOpen, 0, true)
	change(1, "LATER", core.TicketClosed, 0, false)
	if _, err := d.takeStream(t.Context(), tickets.TakeStart{Source: "other", At: hour(1), Full: true}, &heldTickets{nil, "test"}, takeOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	check(d.App, 1, 3, "ESCALATED bad 1, RATED good 1")

	d.clock.advance(time.Hour)
	change(2, "LATER", core.TicketClosed, 1, false)
	change(2, "CLOSED", core.TicketOpen, 0, false)     // reopened
	change(2, "ESCALATED", core.TicketClosed, 5, true) // what was known first counts
	check(d.App, 2, 1, "ESCALATED bad 1, LATER bad 2, RATED good 1")

	d.clock.advance(time.Hour) // nobody watches
	change(3, "CLOSED", core.TicketClosed, 5, false)
	change(3, "RATED", core.TicketOpen, 4, false) // reopened; its rating stays
	check(d.open(t), 1, 1, "CLOSED good 3, ESCALATED bad 1, LATER bad 2, RATED good 1")
}
