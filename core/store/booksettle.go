package store

import (
	"context"

	"deskwatch/core"
)

// Settle resolves what repeats, brings the indexes and totals up to date and counts.
func (im *bookImport) Settle(ctx context.Context) (core.ImportCounts, error) {
	var counts core.ImportCounts
	err := im.during(ctx, func() (err error) {
		if err := im.placeGroup(); err != nil {
			return err
		}
		if err := im.names.flush(); err != nil {
			return err
		}
		im.start.Progress.SetPhase("Indexing")
		// SQLite sorts portions of the cache's size; small ones stay in the processor's cache.
		if err := im.c.exec("PRAGMA cache_size=-4096"); err != nil {
			return err
		}
		im.seen.table = nil // the suspects are all that is needed
		if im.appending {
			if err := im.c.exec(indexOrderID); err != nil {
				return err
			}
			im.start.Progress.SetPhase("Comparing")
			if err := im.resolveRepeats(ctx); err != nil {
				return err
			}
		}
		if err := im.takeBackSame(ctx); err != nil {
			return err
		}
		if im.slotUnkept {
			im.start.Progress.SetPhase("Indexing")
			if err := im.c.exec(indexSlot); err != nil {
				return err
			}
		}
		im.appending, im.slotUnkept = false, false
		im.start.Progress.SetPhase("Comparing")
		counts, err = im.count()
		return err
	})
	return counts, err
}

// resolveRepeats looks at every order id that has more than one row after appending.
func (im *bookImport) resolveRepeats(ctx context.Context) error {
	if err := im.listRepeats(ctx); err != nil {
		return err
	}
	// Only rows of this import can be in between, and all of them lose to the last.
	superseded, err := im.c.prepare("DELETE FROM orders WHERE order_id = (SELECT order_id FROM orders WHERE id = ?2) AND id >= ?1 AND id < ?2")
	if err != nil {
		return err
	}
	old, err := im.c.prepare(`SELECT r.first, r.last, r.n, o.lines = 0 AND o.slot = n.slot AND o.day = n.day AND o.spelling = n.spelling AND o.amount IS n.amount
		FROM repeats r CROSS JOIN orders o ON o.id = r.first CROSS JOIN orders n ON n.id = r.last`)
	if err != nil {
		return err
	}
	seen := 0
	return old.each(func() error {
		if seen++; seen%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		first, last, n, same := old.int(0), old.int(1), old.int(2), old.int(3) != 0
		if n > 2 || first >= im.firstRow {
			if err := superseded.run(im.firstRow, last); err != nil {
				return err
			}
		}
		switch {
		case first >= im.firstRow:
			return nil
		case same:
			im.same.add(first)
			return im.st.remove.run(last)
		}
		return im.retire(first)
	})
}

// listRepeats fills a temporary table with the first and last row of each repeated order id.
func (im *bookImport) listRepeats(ctx context.Context) error {
	const groups = "SELECT min(id) AS first, max(id) AS last, count(*) AS n FROM orders "
	// Looking one up takes as long as scanning fifty rows, and more in a large book.
	if !im.seen.knows || int64(len(im.seen.suspects))*50 > im.nextRow-im.firstRow {
		return im.c.exec("CREATE TEMP TABLE repeats AS " + groups + "GROUP BY order_id HAVING count(*) > 1")
	}
	if err := im.c.exec("CREATE TEMP TABLE repeats (first INTEGER PRIMARY KEY, last INT, n INT)"); err != nil {
		return err
	}
	s, err := im.c.prepare("INSERT OR IGNORE INTO repeats " + groups + "WHERE order_id = (SELECT order_id FROM orders WHERE id = ?) HAVING count(*) > 1")
	if err != nil {
		return err
	}
	for i, id := range im.seen.suspects {
		if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.run(id); err != nil {
			return err
		}
	}
	return nil
}

// takeBackSame puts back what this import replaced by its own like, which happens when
// rows of one order changed it and changed it back.
func (im *bookImport) takeBackSame(ctx context.Context) error {
	s, err := im.c.prepare(`SELECT p.id, n.id FROM replaced p CROSS JOIN orders n ON n.order_id = p.order_id
		WHERE p.import = ? AND n.slot = p.slot AND n.day = p.day AND n.spelling = p.spelling AND n.amount IS p.amount AND n.lines = p.lines
		AND (p.lines = 0 OR NOT EXISTS (
			SELECT line, day, spelling, amount FROM order_lines WHERE order_row = p.id
			EXCEPT SELECT line, day, spelling, amount FROM order_lines WHERE order_row = n.id))`)
	if err != nil {
		return err
	}
	var pairs [][2]int64
	err = s.each(func() error {
		pairs = append(pairs, [2]int64{s.int(0), s.int(1)})
		return nil
	}, im.id)
	if err != nil {
		return err
	}
	for i, p := range pairs {
		if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for _, do := range []struct {
			s  *bulkStmt
			id int64
		}{{im.st.remove, p[1]}, {im.st.dropLines, p[1]}, {im.st.moveBack, p[0]}, {im.st.unreplace, p[0]}} {
			if err := do.s.run(do.id); err != nil {
				return err
			}
		}
		im.same.add(p[0])
	}
	return nil
}

// count brings customers and totals up to date and says what the import did.
func (im *bookImport) count() (core.ImportCounts, error) {
	var counts core.ImportCounts
	own, err := im.c.query("SELECT count(*) FROM orders WHERE id >= ?", im.firstRow)
	if err != nil {
		return counts, err
	}
	if counts.OrdersChanged, err = im.c.query("SELECT count(*) FROM replaced WHERE import = ?", im.id); err != nil {
		return counts, err
	}
	counts.OrdersNew = own - counts.OrdersChanged
	counts.OrdersUnchanged = im.same.n
	// A customer only rows that lost had named is not known from the orders.
	if err := removeUnusedCustomers(im.c, im.firstCust); err != nil {
		return counts, err
	}
	if own+counts.OrdersChanged > im.oldOrders/largeShare {
		err = countTroubled(im.c)
	} else if err = markTroubled(im.c, im.firstRow, im.id); err == nil {
		err = recountTroubled(im.c)
	}
	if err != nil {
		return counts, err
	}
	s, err := im.c.prepare("UPDATE imports SET orders_new = ?, orders_changed = ?, orders_unchanged = ?, first_row = ?, last_row = ? WHERE id = ?")
	if err != nil {
		return counts, err
	}
	return counts, s.run(counts.OrdersNew, counts.OrdersChanged, counts.OrdersUnchanged, im.firstRow, im.nextRow-1, im.id)
}

func removeUnusedCustomers(c *bulkConn, from int64) error {
	_, err := c.query(`DELETE FROM customers WHERE id >= ? AND id NOT IN (SELECT slot >> 25 FROM replaced)
		AND NOT EXISTS (SELECT 1 FROM orders WHERE slot BETWEEN customers.id << 25 AND (customers.id + 1 << 25) - 1)`, from)
	return err
}
