package app

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/orders"
)

func (d *desk) overview(t *testing.T) core.Overview {
	t.Helper()
	o, err := d.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (d *desk) looks(t *testing.T) {
	t.Helper()
	if err := d.Looked(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheOverviewShowsWhatNeedsSomebody(t *testing.T) {
	d := newDesk(t)
	d.clock.advance(10 * 24 * time.Hour)
	d.imports(t, append(troubled("acme_17", month, 3), troubled("blue_3", "2023-05", 4)...)...)
	late, escalated := d.of("1", "acme_17", 3), d.of("2", "blue_3", 1)
	late.Status, late.Priority = core.TicketNew, core.PriorityUrgent
	escalated.Escalated, escalated.FirstReplyAt, escalated.Owner = true, escalated.CreatedAt.Add(time.Minute), "Ana"
	done := d.of("3", "acme_17", 2)
	done.Status, done.ClosedAt, done.FirstReplyAt = core.TicketClosed, done.CreatedAt.Add(time.Hour), done.CreatedAt.Add(time.Minute)
	d.takes(t, late, escalated, done)
	d.refresh(t)
	o := d.overview(t)
	if o.Tickets != 3 || o.Open != 2 || o.Red != 1 || o.Unowned != 1 || len(o.Due) != 1 || o.Due[0].Number != "1" {
		t.Errorf("%d tickets, %d open, %d red, %d unowned, due %+v", o.Tickets, o.Open, o.Red, o.Unowned, o.Due)
	}
	if len(o.AtRisk) == 0 || o.AtRisk[0].Number != "2" || len(o.AtRisk[0].Reasons) == 0 || o.AtRisk[0].Reasons[0].Reason != "escalated" {
		t.Errorf("at risk %+v", o.AtRisk)
	}
	if len(o.Breaches) != 1 || o.Breaches[0].Customer != "acme_17" || o.Breaches[0].RuleName == "" {
		t.Errorf("breaches %+v", o.Breaches)
	}
	if n := len(o.MonthCounts); n != 12 || o.MonthCounts[11].Count != 1 || o.MonthCounts[9].Count != 1 || o.MonthCounts[11].Month.String() != month {
		t.Errorf("by month %+v", o.MonthCounts)
	}
	created, closed := 0, 0
	for _, day := range o.Days {
		created, closed = created+day.Created, closed+day.Closed
	}
	if len(o.Days) != 30 || created != 3 || closed != 1 {
		t.Errorf("%d days with %d created and %d closed", len(o.Days), created, closed)
	}
	if !o.Left.IsZero() || len(o.SinceLeft) != 0 {
		t.Errorf("nobody ever left, and %d events came since %v", len(o.SinceLeft), o.Left)
	}
}

func TestASourceThatFailsIsToldUnlessItIsOff(t *testing.T) {
	d := newDesk(t)
	for _, s := range []core.Source{{Name: "crm", Kind: core.SourceFolder, Enabled: true}, {Name: "old", Kind: core.SourceFolder}, {Name: "well", Kind: core.SourceFolder, Enabled: true}} {
		if err := d.registry.SaveSource(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if s.Name != "well" {
			if err := d.registry.SaveState(t.Context(), core.SourceState{Name: s.Name, LastError: "The folder is not there."}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if o := d.overview(t); o.SourcesError != 1 || len(o.Sources) != 3 {
		t.Errorf("%d of %d sources fail, want 1 of 3", o.SourcesError, len(o.Sources))
	}
}

func TestSinceYouLeftIsWhatCameAfterTheLastLook(t *testing.T) {
	d := newDesk(t)
	d.takes(t, d.of("before", "a", 1))
	d.looks(t) // opened in the morning
	d.clock.advance(8 * time.Hour)
	d.takes(t, d.of("seen", "a", 0))
	d.looks(t) // closed in the evening
	left := d.clock.Now()
	d.clock.advance(12 * time.Hour)
	d.takes(t, d.of("night", "a", 0))

	news := func() string {
		o := d.overview(t)
		if gap := left.Sub(o.Left); gap < -time.Second || gap > time.Second {
			t.Errorf("left %v, want %v", o.Left, left)
		}
		text := ""
		for _, e := range o.SinceLeft {
			text += e.Number + " "
		}
		if o.LeftCounts["created"] != len(o.SinceLeft) {
			t.Errorf("counts %v of %d events", o.LeftCounts, len(o.SinceLeft))
		}
		return text
	}
	if got := news(); got != "night " {
		t.Errorf("before the window says that it is looked at: %q", got)
	}
	d.looks(t)
	if got := news(); got != "night " {
		t.Errorf("after opening: %q", got)
	}
	// Closing and opening again at once keeps the list; what comes meanwhile is on it.
	d.clock.advance(time.Minute)
	d.looks(t)
	d.clock.advance(time.Minute)
	d.takes(t, d.of("now", "a", 0))
	d.looks(t)
	if got := news(); got != "now night " {
		t.Errorf("after closing and opening: %q", got)
	}
	// After a lunch break it is what came during lunch.
	left = d.clock.Now()
	d.clock.advance(time.Hour)
	d.takes(t, d.of("lunch", "a", 0))
	d.looks(t)
	if got := news(); got != "lunch " {
		t.Errorf("after lunch: %q", got)
	}
}

func TestALookFromAClockSetBackChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.looks(t)
	d.clock.advance(time.Hour)
	d.looks(t)
	before := d.overview(t).Left
	d.clock.advance(-30 * time.Minute)
	d.looks(t)
	if after := d.overview(t).Left; !after.Equal(before) {
		t.Errorf("left %v, before it was %v", after, before)
	}
}

func TestAnOrderBookThatIsAwayFailsNeitherCardNorOverview(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 3)...)
	d.takes(t, d.of("1", "acme_17", 1))
	d.refresh(t)
	away := core.NewError(core.CodeUnavailable, "test", "The order database is away.", nil)
	d.book.put(&openBook{get: func(context.Context) (orders.OrderBook, error) { return nil, away }, close: func() error { return nil }})
	wantError(t, d.refreshCustomers(t.Context()), core.CodeUnavailable, "away")

	c := d.card(t, crm("acme_17"))
	if c.OrdersError != away.Message || c.Tickets != 1 || len(c.OrderIDs) != 1 || c.BadOrders != 3 {
		t.Errorf("the card says %+v", c)
	}
	o := d.overview(t)
	if o.OrdersError != away.Message || len(o.Breaches) != 1 || o.Tickets != 1 {
		t.Errorf("%q, %d breaches kept, %d tickets", o.OrdersError, len(o.Breaches), o.Tickets)
	}
	if page, err := d.Tickets(t.Context(), core.TicketQuery{Text: "orders:>=3"}); err != nil || page.Total != 1 {
		t.Errorf("what was known of orders is forgotten: %d tickets, %v", page.Total, err)
	}

	// Another process that begins meanwhile knows who is who all the same.
	other := d.open(t)
	other.book.put(&openBook{get: func(context.Context) (orders.OrderBook, error) { return nil, away }, close: func() error { return nil }})
	if c, err := other.CustomerCard(t.Context(), crm("acme_17")); err != nil || len(c.OrderIDs) != 1 || c.OrdersError == "" {
		t.Errorf("in another process: %+v, %v", c, err)
	}
}

func TestBadOrdersEndWithTheirMonthThoughTheOrderBookIsAway(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 3)...)
	d.takes(t, d.of("1", "acme_17", 1))
	d.refresh(t)
	away := core.NewError(core.CodeUnavailable, "test", "The order database is away.", nil)
	d.book.put(&openBook{get: func(context.Context) (orders.OrderBook, error) { return nil, away }, close: func() error { return nil }})
	d.clock.advance(31 * 24 * time.Hour)
	wantError(t, d.refreshCustomers(t.Context()), core.CodeUnavailable, "away")
	if page, err := d.Tickets(t.Context(), core.TicketQuery{Text: "orders:>=1"}); err != nil || page.Total != 0 {
		t.Errorf("last month's bad orders count for %d tickets, %v", page.Total, err)
	}
	if o := d.overview(t); len(o.Breaches) != 0 || len(o.MonthCounts) == 0 || o.MonthCounts[len(o.MonthCounts)-1].Count != 0 {
		t.Errorf("the overview has last month's breaches as this month's: %+v, %+v", o.Breaches, o.MonthCounts)
	}
}

func TestAnOrderBookThatIsBackIsAskedAtOnce(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 3)...)
	d.takes(t, d.of("1", "acme_17", 1))
	book := d.open(t).book.now() // the same one, opened once more
	var back atomic.Bool
	d.book.put(&openBook{place: book.place, close: func() error { return nil }, get: func(ctx context.Context) (orders.OrderBook, error) {
		if back.Load() {
			return book.get(ctx)
		}
		return nil, core.NewError(core.CodeUnavailable, "test", "The order database is away.", nil)
	}})
	d.FollowTickets()
	eventually(t, "the order book is missed", func() bool { return d.overview(t).OrdersError != "" })
	back.Store(true)
	d.bus.Publish(core.StatusChanged{})
	eventually(t, "the order book is asked again", func() bool { o := d.overview(t); return o.OrdersError == "" && len(o.Breaches) == 1 })
}
