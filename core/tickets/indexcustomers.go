package tickets

import "deskwatch/core"

// CustomerRow is a customer of the tickets as a list of all of them shows it.
type CustomerRow struct {
	core.TicketCustomer
	Tickets, Open int
	Tough         int // 0..100, without the flag
	IsTough       bool
	BadOrders     int
}

// CustomerRows calls each for every customer of the tickets, by number, until it returns false.
// It runs down the tickets once, where Account does so for every customer.
func (x *Index) CustomerRows(each func(CustomerRow) bool) {
	now := x.opt.Now()
	from := x.opt.Tough()
	x.mu.RLock()
	all, open := make([]uint32, len(x.cols.people.rows)), make([]uint32, len(x.cols.people.rows))
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.there.each(func(i int) {
			if no := c.customer.at(i); no != 0 && int(no) < len(all) {
				all[no]++
				if !c.done(i) {
					open[no]++
				}
			}
		})
	}
	x.mu.RUnlock()
	x.Customers(func(t core.TicketCustomer) bool {
		r := CustomerRow{TicketCustomer: t}
		if int(t.No) < len(all) {
			r.Tickets, r.Open = int(all[t.No]), int(open[t.No])
		}
		x.mu.RLock()
		r.Tough, r.BadOrders = int(x.cols.people.tough[t.No]), int(x.cols.people.orders[t.No])
		r.IsTough, _ = x.isTough(t.No, now, from)
		x.mu.RUnlock()
		return each(r)
	})
}
