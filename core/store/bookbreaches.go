package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"deskwatch/core"
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

// found is a breach before its names are known.
type found struct{ customer, month, count int64 }

func findBreaches(ctx context.Context, c *bulkConn, q core.BreachQuery) ([]core.Breach, error) {
	if q.Statuses == 0 {
		return nil, core.NewError(core.CodeInvalid, "store.breaches", "No status was chosen. Choose at least one.", nil)
	}
	q.Threshold = max(q.Threshold, 1)
	if q.To == 0 {
		q.To = math.MaxInt32
	}
	if q.From == 0 {
		q.From = math.MinInt32
	}
	hits, err := findCounts(ctx, c, q)
	if err != nil {
		return nil, err
	}
	list, err := nameBreaches(c, hits)
	if err != nil {
		return nil, err
	}
	return list, listOrderIDs(ctx, c, q, hits, list)
}

// findCounts returns the customers and months that reach the threshold, sorted by month,
// then identity.
func findCounts(ctx context.Context, c *bulkConn, q core.BreachQuery) ([]found, error) {
	type named struct {
		found
		identity string
	}
	var hits []named
	collect := func(text string, values ...any) error {
		s, err := c.prepare(text)
		if err != nil {
			return err
		}
		defer c.discard(s)
		return s.each(func() error {
			hits = append(hits, named{found{s.int(0), s.int(1), s.int(2)}, s.str(3)})
			return nil
		}, values...)
	}
	set, least, from, to := int64(q.Statuses), int64(q.Threshold), int64(q.From), int64(q.To)
	const counted = `SELECT customer, month, count(*) AS n FROM orders INDEXED BY orders_by_customer
		WHERE statuses & ?1 AND month BETWEEN ?3 AND ?4 `
	const withNames = "SELECT f.customer, f.month, f.n, c.identity FROM (%s) f CROSS JOIN customers c ON c.id = f.customer WHERE c.recognised"
	var err error
	switch {
	case q.Customers != nil:
		wanted := slices.Clone(q.Customers)
		slices.Sort(wanted)
		one := fmt.Sprintf(withNames, counted+"AND customer = (SELECT id FROM customers WHERE identity = ?5) GROUP BY month HAVING n >= ?2")
		var s *bulkStmt
		if s, err = c.prepare(one); err != nil {
			return nil, err
		}
		defer c.discard(s)
		for i, w := range slices.Compact(wanted) {
			if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			err = s.each(func() error {
				hits = append(hits, named{found{s.int(0), s.int(1), s.int(2)}, s.str(3)})
				return nil
			}, set, least, from, to, w)
			if err != nil {
				return nil, err
			}
		}
	case q.Threshold >= troubledAtLeast && q.Statuses == troubledStatuses():
		err = collect(fmt.Sprintf(withNames, "SELECT customer, month, orders AS n FROM troubled WHERE ?1 AND orders >= ?2 AND month BETWEEN ?3 AND ?4"), set, least, from, to)
	case q.Threshold >= troubledAtLeast && q.Statuses&^troubledStatuses() == 0:
		// Part of the statuses: only those with enough of all of them can have enough of these.
		err = collect(fmt.Sprintf(withNames, `SELECT customer, month, (SELECT count(*) FROM orders o WHERE o.customer = t.customer AND o.month = t.month AND o.statuses & ?1) AS n
			FROM troubled t WHERE orders >= ?2 AND month BETWEEN ?3 AND ?4`)+" AND f.n >= ?2", set, least, from, to)
	default:
		err = collect(fmt.Sprintf(withNames, counted+"GROUP BY customer, month HAVING n >= ?2"), set, least, from, to)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(hits, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.identity, b.identity))
	})
	list := make([]found, len(hits))
	for i := range hits {
		list[i] = hits[i].found
	}
	return list, nil
}

func nameBreaches(c *bulkConn, hits []found) ([]core.Breach, error) {
	s, err := c.prepare(`SELECT c.identity, coalesce(nullif(k.name, ''), c.name), coalesce(nullif(k.email, ''), c.email)
		FROM customers c LEFT JOIN clients k ON k.customer = c.identity WHERE c.id = ?`)
	if err != nil {
		return nil, err
	}
	defer c.discard(s)
	list := make([]core.Breach, len(hits))
	for i, h := range hits {
		err := s.each(func() error {
			list[i] = core.Breach{Customer: s.str(0), Name: s.str(1), Email: s.str(2), Period: core.Month(h.month), Count: int(h.count), OrderIDs: []string{}}
			return nil
		}, h.customer)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// listOrderIDs fills in the first order ids of each breach.
func listOrderIDs(ctx context.Context, c *bulkConn, q core.BreachQuery, hits []found, list []core.Breach) error {
	limit := min(q.OrderIDs, mostOrderIDs)
	if limit <= 0 {
		return nil
	}
	const ids = "SELECT order_id FROM orders INDEXED BY orders_by_customer WHERE customer = ? AND month = ? AND statuses & ?"
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
		s, values := all, []any{h.customer, h.month, int64(q.Statuses)}
		if h.count > int64(limit) {
			s, values = first, append(values, int64(limit))
		}
		err := s.each(func() error {
			list[i].OrderIDs = append(list[i].OrderIDs, s.str(0))
			return nil
		}, values...)
		if err != nil {
			return err
		}
		slices.Sort(list[i].OrderIDs)
	}
	return nil
}
