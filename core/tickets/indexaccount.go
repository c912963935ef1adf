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
	var marks customerMarks
	for _, no := range customers {
		if no != 0 {
			marks.add(no)
		}
	}
	for n, c := range x.cols.chunks {
		if c != nil {
			c.ofCustomers(&marks, func(i int) { f(uint32(n<<chunkBits|i), c, i) })
		}
	}
}

// customerMarks are some customers, so that it is quick to tell that one is none of them.
type customerMarks struct {
	all   bitset
	lower [1 << 16 / 64]uint64 // of the lower halves of their numbers
}

func (m *customerMarks) add(no uint32) {
	m.all = m.all.with(no)
	m.lower[uint16(no)>>6] |= 1 << (no & 63)
}

// ofCustomers calls f for every ticket of marked customers. It runs down a column: for a million
// tickets that takes a millisecond, so no other way to them is kept.
func (c *chunk) ofCustomers(marks *customerMarks, f func(i int)) {
	for i, lower := range c.customer.lower {
		if marks.lower[lower>>6]>>(lower&63)&1 == 1 && c.there.has(i) && marks.all.has(c.customer.at(i)) {
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
