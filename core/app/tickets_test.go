package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// take puts tickets into the pool as one snapshot of a source.
func (d *desk) take(t *testing.T, source string, list ...core.Ticket) {
	t.Helper()
	for i := range list {
		list[i].Source = source
		if list[i].Number == "" {
			list[i].Number = list[i].ID
		}
	}
	start := tickets.TakeStart{Source: source, At: d.clock.Now(), Loud: true}
	if _, err := d.takeStream(t.Context(), start, &heldTickets{list, "test"}, takeOptions{}, nil); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) list(t *testing.T, query string) (numbers []string) {
	t.Helper()
	page, err := d.Tickets(t.Context(), core.TicketQuery{Text: query, Sort: "number"})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	for _, v := range page.Items {
		numbers = append(numbers, v.Number)
	}
	return numbers
}

func TestAMarkIsFoundByItsFilterUntilItIsTakenBackOrEnds(t *testing.T) {
	d := newDesk(t)
	d.take(t, "cases", core.Ticket{ID: "A"}, core.Ticket{ID: "B"})
	until := d.clock.Now().Add(time.Hour)
	if err := d.MarkTickets(t.Context(), core.Snooze, []uint32{1}, "  later ", until); err != nil {
		t.Fatal(err)
	}
	if err := d.MarkTickets(t.Context(), core.Acknowledge, []uint32{2}, "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := d.list(t, "snoozed:yes"); !slices.Equal(got, []string{"A"}) {
		t.Errorf("snoozed are %v", got)
	}
	detail, err := d.TicketDetail(t.Context(), 1)
	if err != nil || len(detail.Attention) != 1 || detail.Attention[0].Comment != "later" {
		t.Errorf("attention %+v, %v", detail.Attention, err)
	}
	other := d.open(t) // another process sees them too
	page, err := other.Tickets(t.Context(), core.TicketQuery{Text: "acked:yes"})
	if err != nil || page.Total != 1 || page.Items[0].Number != "B" {
		t.Errorf("elsewhere %+v, %v", page, err)
	}
	if err := d.UnmarkTickets(t.Context(), core.Acknowledge, []uint32{2}); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(2 * time.Hour)
	if got := d.list(t, "snoozed:yes or acked:yes"); len(got) != 0 {
		t.Errorf("still marked are %v", got)
	}
}

func TestAMarkThatMakesNoSenseChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.take(t, "cases", core.Ticket{ID: "A"})
	for what, err := range map[string]error{
		"an end in the past":   d.MarkTickets(t.Context(), core.Acknowledge, []uint32{1}, "", d.clock.Now().Add(-time.Minute)),
		"a snooze without end": d.MarkTickets(t.Context(), core.Snooze, []uint32{1}, "", time.Time{}),
		"a long comment":       d.MarkTickets(t.Context(), core.Acknowledge, []uint32{1}, strings.Repeat("x", maxComment+1), time.Time{}),
	} {
		if core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := d.list(t, "snoozed:yes or acked:yes"); len(got) != 0 {
		t.Errorf("marked are %v", got)
	}
}

func TestAnOwnerGivenOnTheDeskLastsUntilTheSourceNamesAnother(t *testing.T) {
	d := newDesk(t)
	d.take(t, "cases", core.Ticket{ID: "A", Owner: "ana"})
	if err := d.AssignTickets(t.Context(), []uint32{1}, " bo "); err != nil {
		t.Fatal(err)
	}
	if got := d.list(t, "owner:bo"); !slices.Equal(got, []string{"A"}) {
		t.Errorf("bo has %v", got)
	}
	d.take(t, "cases", core.Ticket{ID: "A", Owner: "ana", Subject: "more"})
	if got := d.list(t, "owner:bo"); !slices.Equal(got, []string{"A"}) {
		t.Errorf("after the same owner once more bo has %v", got)
	}
	d.take(t, "cases", core.Ticket{ID: "A", Owner: "cleo"})
	if got := d.list(t, "owner:cleo"); !slices.Equal(got, []string{"A"}) {
		t.Errorf("cleo has %v", got)
	}
	if owners, err := d.Owners(t.Context()); err != nil || !slices.Equal(owners, []string{"cleo"}) {
		t.Errorf("owners %v, %v", owners, err)
	}
}

func TestATicketOfTwoSourcesHasToBeNamedWithItsSource(t *testing.T) {
	d := newDesk(t)
	d.take(t, "east", core.Ticket{ID: "7"})
	d.take(t, "west", core.Ticket{ID: "7"})
	if _, err := d.FindTicket(t.Context(), "7"); core.ErrorCode(err) != core.CodeAmbiguous || !strings.Contains(err.Error(), "west:7") {
		t.Errorf("found %v", err)
	}
	if no, err := d.FindTicket(t.Context(), " west:7 "); err != nil || no != 2 {
		t.Errorf("found %d, %v", no, err)
	}
	if _, err := d.FindTicket(t.Context(), "8"); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("found %v", err)
	}
}

func TestAFilterOfACommandHasToBeWhole(t *testing.T) {
	d := newDesk(t)
	d.take(t, "cases", core.Ticket{ID: "A"})
	for _, query := range []string{"due:", "priority:>=loud", `"open`} {
		if _, err := d.Tickets(t.Context(), core.TicketQuery{Text: query}); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s: %v", query, err)
		}
	}
	if o, err := d.TicketOrder(t.Context(), core.TicketQuery{Text: "due:"}); err != nil || len(o.Nos) != 1 || len(o.Notes) != 1 {
		t.Errorf("as it is typed: %+v, %v", o, err)
	}
}

func TestATicketLeadsToItsPlaceInItsSource(t *testing.T) {
	d := newDesk(t)
	d.take(t, "cases", core.Ticket{ID: "a/b", Number: "00 1"})
	src := core.Source{Name: "cases", Kind: core.SourceCollector, URL: "https://desk.example/{id}?n={number}"}
	if err := d.SaveSource(t.Context(), src, nil, nil); err != nil {
		t.Fatal(err)
	}
	detail, err := d.TicketDetail(t.Context(), 1)
	if err != nil || detail.SourceURL != "https://desk.example/a%2Fb?n=00%201" {
		t.Errorf("it leads to %q, %v", detail.SourceURL, err)
	}
}

func TestFollowingSeesWhatAnotherProcessTakes(t *testing.T) {
	d := newDesk(t)
	d.lookAtPool = 5 * time.Millisecond
	events, cancel := d.Subscribe(100)
	defer cancel()
	d.FollowTickets()
	heard := func() bool {
		select {
		case e := <-events:
			_, ok := e.(core.TicketsChanged)
			return ok
		case <-time.After(5 * time.Second):
			t.Fatal("nothing was heard")
		}
		return false
	}
	for !heard() {
	}
	other := &desk{App: d.open(t), clock: d.clock}
	other.take(t, "cases", core.Ticket{ID: "A"})
	for !heard() || len(d.list(t, "")) == 0 {
	}
}
