package store

import (
	"context"
	"slices"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// findWindows returns the windows of q.Days days that reach the threshold. The days of orders
// are in the table, and reading them of every order takes several times as long as all the
// rest: the index, which knows the months, tells first which few customers and months can
// have enough.
func findWindows(ctx context.Context, c *bulkConn, q core.BreachQuery) ([]found, error) {
	days, err := c.prepare("SELECT day FROM orders INDEXED BY orders_by_slot WHERE slot BETWEEN ? AND ? AND slot & ?")
	if err != nil {
		return nil, err
	}
	defer c.discard(days)
	w := &windowSearch{q: q, days: days}
	if q.Customers == nil {
		err = countMonths(c, q.Statuses, 0, maxSlot, w.month)
	} else {
		err = eachCustomer(ctx, c, q.Customers, func(id int64) error {
			return countMonths(c, q.Statuses, slotOf(id, 0, 0), slotOf(id+1, 0, 0)-1, w.month)
		})
	}
	if err != nil {
		return nil, err
	}
	return w.hits, w.endCustomer()
}

// windowSearch looks through the months of one customer after the other.
type windowSearch struct {
	q    core.BreachQuery
	days *bulkStmt // of a customer's orders from one slot to another
	hits []found

	customer int64
	months   []monthOrders // of customer, in order
	read     []core.Day    // kept for its room
}

type monthOrders struct {
	month  core.Month
	orders int64
}

// month takes the next month of a customer.
func (w *windowSearch) month(slotMonth, n int64) error {
	customer, month := ofSlotMonth(slotMonth)
	if customer != w.customer {
		if err := w.endCustomer(); err != nil {
			return err
		}
		w.customer = customer
	}
	w.months = append(w.months, monthOrders{month, n})
	return nil
}

// endCustomer searches the stretches of the customer's months that can hold enough orders.
func (w *windowSearch) endCustomer() error {
	defer func() { w.months = w.months[:0] }()
	begin, end := 0, -1 // the stretch so far
	first, sum := 0, int64(0)
	for last, m := range w.months {
		sum += m.orders
		for w.months[first].month < w.reach(m.month) {
			sum -= w.months[first].orders
			first++
		}
		if sum < int64(w.q.Threshold) || m.month < w.q.From || m.month > w.q.To {
			continue
		}
		if first > end {
			if err := w.search(begin, end); err != nil {
				return err
			}
			begin = first
		}
		end = last
	}
	return w.search(begin, end)
}

// reach is the earliest month a window can begin in that ends in m.
func (w *windowSearch) reach(m core.Month) core.Month {
	return (m.First() - core.Day(w.q.Days-1)).Month()
}

// search finds the windows within w.months[begin:end+1]. A month whose earlier orders are not
// in the stretch does not have enough with them either, or was not asked for.
func (w *windowSearch) search(begin, end int) error {
	if end < begin {
		return nil
	}
	w.read = w.read[:0]
	err := w.days.each(func() error {
		w.read = append(w.read, core.Day(w.days.int(0)))
		return nil
	}, slotOf(w.customer, w.months[begin].month, 0), slotOf(w.customer, w.months[end].month+1, 0)-1, int64(w.q.Statuses))
	if err != nil {
		return err
	}
	slices.Sort(w.read)
	var days []orders.DayCount
	for _, d := range w.read {
		if n := len(days); n > 0 && days[n-1].Day == d {
			days[n-1].Orders++
		} else {
			days = append(days, orders.DayCount{Day: d, Orders: 1})
		}
	}
	for _, win := range orders.Windows(days, w.q.Days, w.q.Threshold) {
		if win.Period >= w.q.From && win.Period <= w.q.To {
			w.hits = append(w.hits, found{customer: w.customer, Window: win})
		}
	}
	return nil
}
