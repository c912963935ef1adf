package store

import (
	"cmp"
	"context"
	"slices"

	"deskwatch/core"
	"deskwatch/core/orders"
)

const mostOrderIDs = 1000

// Breaches lists the breaches in what is committed.
func (b *Book) Breaches(ctx context.Context, q core.BreachQuery) (list []core.Breach, err error) {
	const op = "store.breaches"
	c, err := openBulk(b.db.path, "query_only=1", "cache_size=-8192")
	if err != nil {
		return nil, fault(op, "", err)
	}
	defer func() { err = joinClose(op, err, c) }()
	err = c.interruptible(ctx, func() error {
		// One transaction, so that counts and order ids come from the same moment.
		if err := c.exec("BEGIN"); err != nil {
			return err
		}
		list, err = findBreaches(ctx, c, q)
		return err
	})
	return list, fault(op, "", err)
}

// Breaches answers as Book.Breaches will after Commit.
func (im *bookImport) Breaches(ctx context.Context, q core.BreachQuery) (list []core.Breach, err error) {
	err = im.during(ctx, func() error {
		list, err = findBreaches(ctx, im.c, q)
		return err
	})
	return list, err
}

func joinClose(op string, err error, c *bulkConn) error {
	if closing := c.close(); err == nil {
		return fault(op, "", closing)
	}
	return err
}

// found is a breach in the book's numbers. Its orders are those from one day to another: of
// its month, or of its window.
type found struct {
	customer int64
	orders.Window
	breach core.Breach
}

func findBreaches(ctx context.Context, c *bulkConn, q core.BreachQuery) ([]core.Breach, error) {
	if q.Statuses == 0 {
		return nil, core.NewError(core.CodeInvalid, "store.breaches", "No status was chosen. Choose at least one.", nil)
	}
	if err := orders.CheckWindow("store.breaches", q.Days); err != nil {
		return nil, err
	}
	q.Threshold = max(q.Threshold, 1)
	if q.To == 0 {
		q.To = 1<<slotMonthBits - 1
	}
	find := countBreaches
	if q.Days > 0 {
		find = findWindows
	}
	hits, err := find(ctx, c, q)
	if err != nil {
		return nil, err
	}
	if hits, err = nameBreaches(c, hits); err != nil {
		return nil, err
	}
	slices.SortFunc(hits, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.breach.Period, b.breach.Period), cmp.Compare(a.breach.Customer, b.breach.Customer))
	})
	if err := listOrderIDs(ctx, c, q, hits); err != nil {
		return nil, err
	}
	list := make([]core.Breach, len(hits))
	for i, h := range hits {
		list[i] = h.breach
		if q.Days > 0 {
			list[i].From, list[i].To = h.From, h.To
		}
	}
	return list, nil
}

// countBreaches returns the customers and months that reach the threshold.
func countBreaches(ctx context.Context, c *bulkConn, q core.BreachQuery) ([]found, error) {
	var hits []found
	collect := func(slotMonth, n int64) error {
		customer, month := ofSlotMonth(slotMonth)
		if n >= int64(q.Threshold) && month >= q.From && month <= q.To {
			hits = append(hits, found{customer: customer, Window: orders.Window{Period: month, From: month.First(), To: month.Last(), Orders: int(n)}})
		}
		return nil
	}
	switch {
	case q.Customers != nil:
		return hits, eachCustomer(ctx, c, q.Customers, func(id int64) error {
			return countMonths(c, q.Statuses, slotOf(id, 0, 0), slotOf(id+1, 0, 0)-1, collect)
		})
	case q.Threshold < troubledAtLeast || q.Statuses&^troubledStatuses() != 0:
		return hits, countMonths(c, q.Statuses, 0, maxSlot, collect)
	}
	// Only customers and months with enough of all troubled statuses can have enough of some.
	count := "orders"
	if q.Statuses != troubledStatuses() {
		count = `(SELECT count(*) FROM orders o WHERE o.slot BETWEEN slot_month << 8 AND (slot_month << 8) + 255 AND o.slot & ?2)`
	}
	s, err := c.prepare("SELECT slot_month, " + count + " FROM troubled WHERE orders >= ?1 AND ?2")
	if err != nil {
		return nil, err
	}
	defer c.discard(s)
	return hits, s.each(func() error { return collect(s.int(0), s.int(1)) }, int64(q.Threshold), int64(q.Statuses))
}

// eachCustomer calls f with the number of each of the customers that is known, once.
func eachCustomer(ctx context.Context, c *bulkConn, identities []string, f func(id int64) error) error {
	s, err := c.prepare("SELECT id FROM customers WHERE identity = ?")
	if err != nil {
		return err
	}
	defer c.discard(s)
	sorted := slices.Clone(identities)
	slices.Sort(sorted)
	for i, identity := range slices.Compact(sorted) {
		if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		id, err := s.one(identity)
		if err != nil {
			return err
		}
		if id == 0 {
			continue
		}
		if err := f(id); err != nil {
			return err
		}
	}
	return nil
}

// nameBreaches fills in who it is, and leaves those out that are not recognised.
func nameBreaches(c *bulkConn, hits []found) ([]found, error) {
	s, err := c.prepare(`SELECT c.identity, coalesce(nullif(k.name, ''), c.name), coalesce(nullif(k.email, ''), c.email)
		FROM customers c LEFT JOIN clients k ON k.customer = c.identity WHERE c.id = ? AND c.recognised`)
	if err != nil {
		return nil, err
	}
	defer c.discard(s)
	kept := hits[:0]
	for _, h := range hits {
		err := s.each(func() error {
			h.breach = core.Breach{
				Customer: s.str(0), Name: s.str(1), Email: s.str(2), Period: h.Period, Count: h.Orders, OrderIDs: []string{},
			}
			kept = append(kept, h)
			return nil
		}, h.customer)
		if err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// listOrderIDs fills in the first order ids of each breach.
func listOrderIDs(ctx context.Context, c *bulkConn, q core.BreachQuery, hits []found) error {
	limit := min(q.OrderIDs, mostOrderIDs)
	if limit <= 0 {
		return nil
	}
	const ids = "SELECT order_id FROM orders INDEXED BY orders_by_slot WHERE slot BETWEEN ? AND ? AND slot & ? AND day BETWEEN ? AND ?"
	all, err := c.prepare(ids)
	if err != nil {
		return err
	}
	defer c.discard(all)
	// With a limit SQLite sorts while it never holds more than that many.
	first, err := c.prepare(ids + " ORDER BY order_id LIMIT ?")
	if err != nil {
		return err
	}
	defer c.discard(first)
	for i, h := range hits {
		if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s, values := all, []any{
			slotOf(h.customer, h.From.Month(), 0), slotOf(h.customer, h.To.Month()+1, 0) - 1, int64(q.Statuses), int64(h.From), int64(h.To),
		}
		if h.Orders > limit {
			s, values = first, append(values, int64(limit))
		}
		err := s.each(func() error {
			ids := &hits[i].breach.OrderIDs
			*ids = append(*ids, s.str(0))
			return nil
		}, values...)
		if err != nil {
			return err
		}
		slices.Sort(hits[i].breach.OrderIDs)
	}
	return nil
}
