package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// takes takes tickets as one snapshot of a source called crm.
func (d *desk) takes(t *testing.T, list ...core.Ticket) {
	t.Helper()
	taking, err := d.pool.Begin(t.Context(), tickets.TakeStart{Source: "crm", At: d.clock.Now(), Loud: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := taking.Rollback(); err != nil {
			t.Error(err)
		}
	}()
	for i := range list {
		list[i].Source, list[i].Number = "crm", list[i].ID
	}
	if err := taking.Put(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	taken, err := taking.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ticketsTaken(t.Context(), taken.Events); err != nil {
		t.Fatal(err)
	}
}

// of is a ticket of a customer, created days ago and changed as long ago.
func (d *desk) of(id, customer string, days int) core.Ticket {
	at := d.clock.Now().UTC().Truncate(time.Second).AddDate(0, 0, -days)
	return core.Ticket{ID: id, Subject: "Help with " + id, CustomerID: customer, Customer: "Shop " + customer, Status: core.TicketOpen, CreatedAt: at, UpdatedAt: at}
}

func crm(id string) core.CustomerKey { return core.CustomerKey{Source: "crm", ID: id} }

func (d *desk) refresh(t *testing.T) {
	t.Helper()
	if _, err := d.index.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.refreshCustomers(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) card(t *testing.T, key core.CustomerKey) core.CustomerCard {
	t.Helper()
	c, err := d.CustomerCard(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// month is this month by the desk's clock: 2023-07.
const month = "2023-07"

func TestACustomerOfBothIsOneCard(t *testing.T) {
	d := newDesk(t)
	d.clock.advance(10 * 24 * time.Hour)
	d.imports(t, append(troubled("acme_17", month, 3), troubled("acme_17", "2023-05", 4)...)...)
	bad := d.of("1", "acme_17", 2)
	bad.Rating, bad.Status, bad.ClosedAt, bad.Escalated = 1, core.TicketClosed, bad.UpdatedAt, true
	d.takes(t, bad, d.of("2", "acme_17", 1), d.of("3", "other", 1))
	d.refresh(t)

	c := d.card(t, crm("acme_17"))
	if c.Tickets != 2 || c.Open != 1 || c.Escalations != 1 || c.Ratings[1] != 1 || c.Orders != 7 || c.BadOrders != 3 || c.OrdersError != "" {
		t.Errorf("the card says %+v", c)
	}
	if !slices.Equal(c.OrderIDs, []string{"acme_17"}) || len(c.Links) != 1 || c.Links[0].State != core.LinkSure {
		t.Errorf("joined with %v by %+v", c.OrderIDs, c.Links)
	}
	if len(c.Breaches) != 2 || c.Breaches[0].Period.String() != month || c.Breaches[1].Count != 4 {
		t.Errorf("breaches %+v", c.Breaches)
	}
	kinds := map[string]int{}
	for i, e := range c.Timeline {
		kinds[e.Kind]++
		if i > 0 && e.At.After(c.Timeline[i-1].At) {
			t.Errorf("the timeline goes back at %+v", e)
		}
	}
	if got := fmt.Sprint(kinds); got != "map[breach:2 closed:1 escalated:1 order:7 rated:1 ticket:2]" {
		t.Errorf("the timeline has %s", got)
	}
	var reasons []string
	for _, r := range c.Reasons {
		reasons = append(reasons, r.Reason)
	}
	slices.Sort(reasons)
	if got := strings.Join(reasons, " "); got != "bad_ratings breaches escalations" {
		t.Errorf("reasons %q", got)
	}
	if o := d.card(t, core.CustomerKey{Source: core.OrdersSource, ID: "acme_17"}); o.Tickets != 2 || o.BadOrders != 3 {
		t.Errorf("from the orders' side the card says %+v", o)
	}
	if page, err := d.Tickets(t.Context(), core.TicketQuery{Text: "orders:>=3"}); err != nil || page.Total != 2 {
		t.Errorf("orders:>=3 finds %d tickets, %v", page.Total, err)
	}
	if o := d.card(t, crm("other")); o.BadOrders != 0 || len(o.OrderIDs) != 0 || len(o.Timeline) != 1 {
		t.Errorf("the stranger's card says %+v", o)
	}
}

func TestACustomerOfTheOrdersHasTheClientsName(t *testing.T) {
	d := newDesk(t)
	d.imports(t, append(troubled("acme_17", month, 1), troubled("acme_1", month, 1)...)...)
	if _, err := d.SeedClients(t.Context(), new(core.Progress)); err != nil {
		t.Fatal(err)
	}
	name, email := "Acme Shops", "desk@acme.example"
	if _, err := d.UpdateClient(t.Context(), "acme_1", core.ClientPatch{Name: &name, Email: &email}); err != nil {
		t.Fatal(err)
	}
	if c := d.card(t, core.CustomerKey{Source: core.OrdersSource, ID: "acme_1"}); c.Name != name || c.Email != email || c.Orders != 1 {
		t.Errorf("%+v", c)
	}
	// What the tickets say comes first, and the client fills in what they do not.
	d.takes(t, d.of("1", "acme_1", 1))
	d.refresh(t)
	if c := d.card(t, crm("acme_1")); c.Name != "Shop acme_1" || c.Email != email {
		t.Errorf("%+v", c)
	}
}

func TestBadOrdersEndWithTheirMonth(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 3)...)
	d.takes(t, d.of("1", "acme_17", 1))
	d.refresh(t)
	finds := func(query string) int64 {
		page, err := d.Tickets(t.Context(), core.TicketQuery{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	if finds("orders:>=3") != 1 {
		t.Fatal("the bad orders of this month are not found")
	}
	d.clock.advance(31 * 24 * time.Hour)
	d.refresh(t)
	if finds("orders:>=1") != 0 {
		t.Error("last month's bad orders still count")
	}
	if c := d.card(t, crm("acme_17")); c.BadOrders != 0 || len(c.Breaches) != 1 {
		t.Errorf("the card says %d bad orders, %d breaches", c.BadOrders, len(c.Breaches))
	}
}

func TestWhatAPersonSaysOfALinkOutlivesEverythingFound(t *testing.T) {
	d := newDesk(t)
	d.imports(t, append(troubled("acme_17", month, 3), troubled("blue_3", month, 2)...)...)
	d.takes(t, d.of("1", "acme_17", 1))
	d.refresh(t)
	states := func() string {
		var list []string
		for _, l := range d.card(t, crm("acme_17")).Links {
			list = append(list, l.Order+" "+string(l.State))
		}
		return strings.Join(list, ", ")
	}
	if err := d.UnlinkCustomer(t.Context(), crm("acme_17"), "acme_17"); err != nil {
		t.Fatal(err)
	}
	d.imports(t, troubled("acme_17", "2023-06", 1)...)
	d.refresh(t)
	if c := d.card(t, crm("acme_17")); states() != "acme_17 refused" || c.BadOrders != 0 || len(c.OrderIDs) != 0 {
		t.Fatalf("after unlinking: %s, %d bad orders", states(), c.BadOrders)
	}
	if err := d.LinkCustomer(t.Context(), crm("acme_17"), "acme_17"); err != nil {
		t.Fatal(err)
	}
	if err := d.LinkCustomer(t.Context(), crm("acme_17"), "blue_3"); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(2 * time.Hour)
	d.refresh(t)
	if c := d.card(t, crm("acme_17")); states() != "acme_17 made, blue_3 made" || c.BadOrders != 5 {
		t.Fatalf("after linking: %s, %d bad orders", states(), c.BadOrders)
	}
	wantError(t, d.LinkCustomer(t.Context(), crm("acme_17"), "nobody_1"), core.CodeNotFound, "no customer")
	wantError(t, d.LinkCustomer(t.Context(), crm("nobody"), "acme_17"), core.CodeNotFound, "No ticket")
	wantError(t, d.UnlinkCustomer(t.Context(), crm("acme_17"), "other_9"), core.CodeNotFound, "not joined")
}

func TestAFlagWinsUntilItEndsAndCoversAllRecordsOfACustomer(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 1)...)
	d.takes(t, d.of("1", "acme_17", 1), d.of("2", "mail", 1))
	d.refresh(t)
	if err := d.LinkCustomer(t.Context(), crm("mail"), "acme_17"); err != nil {
		t.Fatal(err)
	}
	tough := func() int64 {
		page, err := d.Tickets(t.Context(), core.TicketQuery{Text: "tough:yes"})
		if err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	if tough() != 0 {
		t.Fatal("somebody is tough without a history")
	}
	flag := core.ToughFlag{Customer: crm("acme_17"), Tough: true, Note: " calls every day ", Until: d.clock.Now().Add(time.Hour)}
	if err := d.SaveFlag(t.Context(), flag); err != nil {
		t.Fatal(err)
	}
	if c := d.card(t, crm("mail")); tough() != 2 || !c.IsTough || c.Flag == nil || c.Flag.Note != "calls every day" {
		t.Errorf("%d tickets are of tough customers, the other record's card says %+v", tough(), c.Flag)
	}
	// A second flag of the same customer takes the place of the first.
	if err := d.SaveFlag(t.Context(), core.ToughFlag{Customer: crm("mail"), Tough: false}); err != nil {
		t.Fatal(err)
	}
	if flags, err := d.marks.Flags(t.Context()); err != nil || len(flags) != 1 || tough() != 0 {
		t.Errorf("flags %+v, %v; %d tough tickets", flags, err, tough())
	}
	flag.Until = d.clock.Now().Add(time.Hour)
	if err := d.SaveFlag(t.Context(), flag); err != nil {
		t.Fatal(err)
	}
	before := d.clock.Now()
	d.clock.advance(2 * time.Hour)
	d.endFlags(before, d.clock.Now())
	if c := d.card(t, crm("acme_17")); tough() != 0 || c.Flag != nil || c.IsTough {
		t.Errorf("the flag has ended and still counts: %d tickets, %+v", tough(), c.Flag)
	}
	if err := d.DeleteFlag(t.Context(), crm("mail")); err != nil {
		t.Fatal(err)
	}
	if flags, err := d.marks.Flags(t.Context()); err != nil || len(flags) != 0 {
		t.Errorf("flags %+v, %v after taking the other record's back", flags, err)
	}
	wantError(t, d.SaveFlag(t.Context(), core.ToughFlag{Customer: crm("acme_17"), Until: before}), core.CodeInvalid, "past")
	wantError(t, d.SaveFlag(t.Context(), core.ToughFlag{Customer: crm("nobody")}), core.CodeNotFound, "No ticket")
}

func TestCustomersAreListedToughestFirstPageByPage(t *testing.T) {
	d := newDesk(t)
	d.imports(t, "o1 shop-4_4 2023-07-01 cancelled")
	var list []core.Ticket
	for i := range 7 {
		ticket := d.of(fmt.Sprint(i), fmt.Sprint("c", i), 1)
		ticket.Escalated = i == 5
		list = append(list, ticket)
	}
	list[4].Customer = "Shop-4" // as the order customer's identity names it
	d.takes(t, list...)
	d.refresh(t)
	if err := d.SaveFlag(t.Context(), core.ToughFlag{Customer: crm("c2"), Tough: true}); err != nil {
		t.Fatal(err)
	}
	var got []string
	q := core.CardQuery{Limit: 3}
	for {
		page, err := d.CustomerCards(t.Context(), q)
		if err != nil || page.Total != 7 {
			t.Fatal(page.Total, err)
		}
		for _, s := range page.Items {
			got = append(got, s.Key.ID)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if want := "c2 c5 c0 c1 c3 c4 c6"; strings.Join(got, " ") != want {
		t.Errorf("listed %v, want %s", got, want)
	}
	page, err := d.CustomerCards(t.Context(), core.CardQuery{Proposed: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].Key.ID != "c4" || page.Items[0].Proposed != 1 || len(page.Items[0].OrderIDs) != 0 {
		t.Errorf("proposed: %+v, %v", page.Items, err)
	}
	if page, err = d.CustomerCards(t.Context(), core.CardQuery{Text: "CRM:C3"}); err != nil || len(page.Items) != 1 {
		t.Errorf("by key: %+v, %v", page.Items, err)
	}
	_, err = d.CustomerCards(t.Context(), core.CardQuery{After: "x"})
	wantError(t, err, core.CodeInvalid, "first one")
}

func TestACustomerIsFoundByWhatAPersonTypes(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 1)...)
	one, two := d.of("1", "a1", 1), d.of("2", "a2", 1)
	one.Customer, two.Customer, one.Email = "Acme", "acme", "ana@acme.com"
	d.takes(t, one, two)
	d.refresh(t)
	for text, want := range map[string]core.CustomerKey{
		"crm:a1": crm("a1"), "A2": crm("a2"), "Ana@acme.com": crm("a1"), "orders:acme_17": {Source: core.OrdersSource, ID: "acme_17"},
	} {
		if key, err := d.FindCustomer(t.Context(), text); err != nil || key != want {
			t.Errorf("%q is %v, %v", text, key, err)
		}
	}
	_, err := d.FindCustomer(t.Context(), "ACME")
	wantError(t, err, core.CodeAmbiguous, "crm:a1, crm:a2")
	_, err = d.FindCustomer(t.Context(), "crm:zz")
	wantError(t, err, core.CodeNotFound, "crm:zz")
	if found, err := d.FindOrderCustomers(t.Context(), "ACME"); err != nil || len(found) != 1 || found[0].Customer != "acme_17" {
		t.Errorf("order customers %+v, %v", found, err)
	}
}

func TestRefreshesThatComeTogetherAreOne(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("acme_17", month, 3)...)
	d.takes(t, d.of("1", "acme_17", 1))
	d.refresh(t)
	_, end, err := d.App.customers.turn.begin(t.Context()) // a refresh that takes its time
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 5)
	for range 5 {
		go func() { ended <- d.refreshCustomers(t.Context()) }()
	}
	eventually(t, "five calls wait", func() bool {
		d.App.customers.mu.Lock()
		defer d.App.customers.mu.Unlock()
		return d.App.customers.asked == d.App.customers.begun+5
	})
	end()
	for range 5 {
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	d.App.customers.mu.Lock()
	defer d.App.customers.mu.Unlock()
	if d.App.customers.runs != 2 { // one for the refresh before, one for the five
		t.Errorf("%d refreshes, want one for the five calls", d.App.customers.runs)
	}
}

func TestCustomersFollowTicketsAndOrders(t *testing.T) {
	d := newDesk(t)
	d.takes(t, d.of("1", "acme_17", 1))
	d.FollowTickets()
	finds := func() int64 {
		page, err := d.Tickets(t.Context(), core.TicketQuery{Text: "orders:>=3"})
		if err != nil {
			t.Error(err)
		}
		return page.Total
	}
	eventually(t, "the tickets are there", d.PoolReady)
	d.imports(t, troubled("acme_17", month, 3)...)
	eventually(t, "the orders are told of", func() bool { return finds() == 1 })
	d.imports(t, troubled("blue_3", month, 3)...)
	d.takes(t, d.of("2", "blue_3", 1))
	eventually(t, "the new customer is joined", func() bool { return finds() == 2 })
}
