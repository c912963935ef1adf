package tickets

import (
	"cmp"
	"slices"
	"time"

	"deskwatch/core"
)

// Account is what the index knows of one customer.
type Account struct {
	Tickets, Open int
	Ratings       [6]int // by rating; [0] unrated
	History       History
	Tough         int // 0..100, without the flag
	IsTough       bool
	Reasons       []core.NamedReason
	Flag          *core.ToughFlag
	Orders        OrderFacts
	First         time.Time
}

// Account sums a customer up; several numbers are one customer whose records were joined. A
// flag on any of them counts, the newest first.
func (x *Index) Account(customers ...uint32) Account {
	now := x.opt.Now()
	a := Account{}
	var sum tally
	var first uint32
	x.mu.RLock()
	x.each(customers, func(no uint32, c *chunk, i int) {
		sum.add(c, i, seconds(now.Unix()))
		a.Ratings[c.rating(i)]++
		if !c.done(i) {
			a.Open++
		}
		if t := c.created[i]; t != 0 && (first == 0 || t < first) {
			first = t
		}
	})
	for _, no := range customers {
		if f, ok := x.flags[no]; ok && f.Holds(now) && (a.Flag == nil || f.At.After(a.Flag.At)) {
			a.Flag = &f
		}
		// Records that were joined share their order customers, so what the orders say of each is
		// not added up.
		a.Orders.BadOrders = max(a.Orders.BadOrders, x.orders[no].BadOrders)
		a.Orders.Breaches = append(a.Orders.Breaches, x.orders[no].Breaches...)
	}
	x.mu.RUnlock()
	slices.Sort(a.Orders.Breaches)
	a.Orders.Breaches = slices.Compact(a.Orders.Breaches)
	a.Tickets, a.First = int(sum.ticketsN), instant(first)
	a.History = sum.history(now, a.Orders.Breaches)
	a.Tough, a.Reasons = Tough(a.History, now)
	a.IsTough = a.Tough >= x.opt.Tough()
	if a.Flag != nil {
		a.IsTough = a.Flag.Tough
	}
	return a
}

// each calls f for every ticket of customers, by number. The caller holds mu.
func (x *Index) each(customers []uint32, f func(no uint32, c *chunk, i int)) {
	marks := bitset{}
	for _, no := range customers {
		if no != 0 && x.cols.people.has(no) {
			marks = marks.with(no)
		}
	}
	for n, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.ofCustomers(marks, func(i int) { f(uint32(n<<chunkBits|i), c, i) })
	}
}

// ofCustomers calls f for every ticket of marked customers: a run down a column that is short
// enough to need no other way to them.
func (c *chunk) ofCustomers(marks bitset, f func(i int)) {
	if c.customer.upper == nil {
		for i, no := range c.customer.lower {
			if w := int(no >> 6); w < len(marks) && marks[w]>>(no&63)&1 == 1 && c.there.has(i) {
				f(i)
			}
		}
		return
	}
	for i := range chunkSize {
		no := c.customer.at(i)
		if w := int(no >> 6); w < len(marks) && marks[w]>>(no&63)&1 == 1 && c.there.has(i) {
			f(i)
		}
	}
}

// TicketsOf lists the tickets of customers, newest first, at most limit.
func (x *Index) TicketsOf(limit int, customers ...uint32) []uint32 {
	type dated struct{ no, at uint32 }
	var list []dated
	x.mu.RLock()
	x.each(customers, func(no uint32, c *chunk, i int) { list = append(list, dated{no, c.created[i]}) })
	x.mu.RUnlock()
	slices.SortFunc(list, func(a, b dated) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.no, a.no)) })
	nos := make([]uint32, 0, min(limit, len(list)))
	for _, d := range list[:min(max(limit, 0), len(list))] {
		nos = append(nos, d.no)
	}
	return nos
}
