package tickets

import (
	"slices"
	"testing"
	"time"

	"deskwatch/core"
)

// deskOf is an index of a few tickets of two customers.
func deskOf(t *testing.T, facts ...Fact) *Index {
	t.Helper()
	pool := &poolOf{rev: 1, names: []Name{{1, "ann"}, {2, "bob"}}}
	for no := uint32(1); no <= 2; no++ {
		pool.customers = append(pool.customers, CustomerFact{Rev: 1, TicketCustomer: core.TicketCustomer{No: no, Key: core.CustomerKey{Source: "files", ID: string(rune('A' + no))}, Name: "Acme"}})
	}
	for i := range facts {
		facts[i].No, facts[i].Rev = uint32(i+1), 1
	}
	pool.facts = facts
	x := NewIndex(pool, optionsAt(noon))
	if _, err := x.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

func daysBefore(n int) int64 { return noon.Unix() - int64(n)*24*3600 }

func TestAnAccountIsTheSumOfACustomersTickets(t *testing.T) {
	x := deskOf(t,
		Fact{Customer: 1, Status: core.TicketClosed, Created: daysBefore(100), Updated: daysBefore(10), Closed: daysBefore(90), Rating: 1},
		Fact{Customer: 1, Status: core.TicketOpen, Created: daysBefore(90), Updated: noon.Unix(), Escalated: true, Reopened: 2},
		Fact{Customer: 2, Status: core.TicketNew, Created: daysBefore(1), Gone: true},
		Fact{Customer: 0, Status: core.TicketNew, Created: daysBefore(1)},
	)
	x.SetOrders(map[uint32]OrderFacts{1: {BadOrders: 3, Breaches: []core.Month{core.NewMonth(2024, 5)}}})
	a := x.Account(1)
	h := a.History
	near := func(got, want float64) bool { return got > want-0.01 && got < want+0.01 }
	if a.Tickets != 2 || a.Open != 1 || a.Ratings != [6]int{1, 1, 0, 0, 0, 0} || !a.First.Equal(instant(uint32(daysBefore(100)))) || a.Orders.BadOrders != 3 {
		t.Errorf("account %+v", a)
	}
	// Ninety days, the half-life, after it was closed the bad rating weighs half.
	if !near(h.BadRatings, 0.5) || !near(h.Escalations, 1) || !near(h.Reopenings, 2) || !near(h.Breaches, 1) || h.ReopeningsN != 2 || !h.LastBad.Equal(noon) {
		t.Errorf("history %+v", h)
	}
	if v := x.View(core.Ticket{No: 2}); v.Tough != a.Tough || a.Tough == 0 || v.BadOrders != 3 || v.CustomerKey.ID != "B" {
		t.Errorf("the ticket's customer has the score %d and %d bad orders, the account %d", v.Tough, v.BadOrders, a.Tough)
	}
	if both := x.Account(1, 2); both.Tickets != 3 || both.Open != 1 || both.Orders.BadOrders != 3 {
		t.Errorf("both together: %+v", both)
	}
	if nos := x.TicketsOf(1, 1, 2); !slices.Equal(nos, []uint32{3}) {
		t.Errorf("the newest ticket of both is %v", nos)
	}
	if c, ok := x.CustomerByKey(core.CustomerKey{Source: "files", ID: "C"}); !ok || c.No != 2 || x.CustomerOf(3) != 2 {
		t.Errorf("the customer with the key C is %+v", c)
	}
	n := 0
	x.Customers(func(core.TicketCustomer) bool { n++; return false })
	if n != 1 {
		t.Errorf("%d customers after the first was enough", n)
	}
}

func TestAFlagWinsOverTheScoreUntilItEnds(t *testing.T) {
	x := deskOf(t, Fact{Customer: 1, Status: core.TicketOpen, Created: daysBefore(1), Updated: noon.Unix()})
	calm, _ := x.Risk(1)
	x.SetFlags(map[uint32]core.ToughFlag{1: {Tough: true, Until: noon.Add(time.Hour)}})
	flagged, reasons := x.Risk(1)
	v := x.View(core.Ticket{No: 1})
	if !v.IsTough || !v.ToughFlag || v.Tough != 0 || !x.Account(1).IsTough || flagged <= calm || v.Risk != flagged || len(reasons) == 0 {
		t.Errorf("flagged: %+v, risk %d after %d", v, flagged, calm)
	}
	x.SetFlags(map[uint32]core.ToughFlag{1: {Tough: true, Until: noon}})
	if v := x.View(core.Ticket{No: 1}); v.IsTough || v.ToughFlag || v.Risk != calm {
		t.Errorf("after its end: %+v", v)
	}
}

func TestTheStandingListsWhatPressesMost(t *testing.T) {
	hours := func(n int64) int64 { return noon.Unix() - n*3600 }
	x := deskOf(t,
		Fact{Status: core.TicketNew, Created: hours(9), Priority: core.PriorityHigh},                          // red
		Fact{Status: core.TicketNew, Created: hours(7), Owner: 1, Priority: core.PriorityHigh},                // amber
		Fact{Status: core.TicketOpen, Created: hours(1), Owner: 2, Escalated: true},                           // running
		Fact{Status: core.TicketOpen, Created: hours(50), Owner: 2, FirstReply: hours(49), Updated: hours(1)}, // answered
		Fact{Status: core.TicketClosed, Created: hours(30), Closed: hours(2), Owner: 1},
		Fact{Status: core.TicketNew, Created: hours(20), Owner: 1}, // red, and snoozed
	)
	x.SetAttention(map[uint32][]core.Attention{6: {{Kind: core.Snooze}}})
	s := x.Standing(2, 1, 3)
	if s.Tickets != 6 || s.Open != 5 || s.Red != 2 || s.Amber != 1 || s.Unowned != 1 {
		t.Errorf("standing %+v", s)
	}
	if !slices.Equal(s.Due, []uint32{1, 2}) || !slices.Equal(s.AtRisk, []uint32{3}) {
		t.Errorf("due %v, at risk %v", s.Due, s.AtRisk)
	}
	// Noon of the 15th: fifty hours ago was the 13th, thirty the 14th.
	if d := s.Days; len(d) != 3 || d[0].Day.String() != "2024-05-13" || d[0].Created != 1 || d[1].Created != 2 || d[2].Created != 3 || d[2].Closed != 1 {
		t.Errorf("days %+v", d)
	}
	if nos := x.DueSoon(10); !slices.Equal(nos, []uint32{1, 2}) {
		t.Errorf("due soon are %v", nos)
	}
	if owners := x.Owners(9); !slices.Equal(owners, []string{"ann", "bob"}) {
		t.Errorf("owners %v", owners)
	}
}

func TestKeysSortAsPeopleDo(t *testing.T) {
	for _, list := range [][]string{
		{"7", "00012", "CS-9", "CS10", "INC0000045", "INC0001234", "TS2024-1", "TS2024-20"},
	} {
		if !slices.IsSortedFunc(list, func(a, b string) int { return compareAny(NumberKey(a), NumberKey(b)) }) {
			t.Errorf("the numbers %v are in another order", list)
		}
	}
	subjects := []string{"", "5 printers", "Ábaco", "Re: AW: apple", "Printer", "printer fire", "Zebra", "Привет"}
	if !slices.IsSortedFunc(subjects, func(a, b string) int { return compareAny(SubjectKey(a), SubjectKey(b)) }) {
		t.Errorf("the subjects %v are in another order", subjects)
	}
}

func TestACustomerThatChangesIsFoundUnderItsNewName(t *testing.T) {
	s := newCustomerColumns()
	for no := uint32(1); no <= 3000; no++ {
		s.set(&CustomerFact{TicketCustomer: core.TicketCustomer{No: no, Key: core.CustomerKey{Source: "a", ID: string(rune(no + 500))}, Name: "Old"}})
	}
	c, _ := s.get(1234)
	c.Name = "New GmbH"
	s.set(&CustomerFact{TicketCustomer: c})
	if got, ok := s.get(1234); !ok || got != c || s.byKey(c.Key) != 1234 || s.count != 3000 {
		t.Errorf("customer %+v instead of %+v", got, c)
	}
	marks := s.containing("new g")
	if n := slices.Index(marks, true); n != 1234 || slices.Contains(marks[n+1:], true) {
		t.Errorf("customer %d has the new name", n)
	}
	for no := uint32(1); no <= 3000; no++ {
		if c, _ := s.get(no); s.byKey(c.Key) != no {
			t.Fatalf("customer %d is found as %d", no, s.byKey(c.Key))
		}
	}
}
