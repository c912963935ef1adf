package store

import (
	"fmt"

	"deskwatch/core"
)

// troubledStatuses are those the table troubled counts, two orders or more in a month.
func troubledStatuses() core.StatusSet {
	return core.NewStatusSet(core.StatusCancelled, core.StatusReturned)
}

const troubledAtLeast = 2

// countMonths counts the orders with one of the statuses for each customer and month within
// the slots from first to last, in that order. It reads nothing but the index.
func countMonths(c *bulkConn, statuses core.StatusSet, first, last int64, f func(slotMonth, orders int64) error) error {
	s, err := c.prepare("SELECT slot FROM orders INDEXED BY orders_by_slot WHERE slot BETWEEN ? AND ? AND slot & ? ORDER BY slot")
	if err != nil {
		return err
	}
	defer c.discard(s)
	var month, n int64
	err = s.each(func() error {
		m := s.int(0) >> slotStatusBits
		if m == month {
			n++
			return nil
		}
		ended, orders := month, n
		month, n = m, 1
		if orders == 0 {
			return nil
		}
		return f(ended, orders)
	}, first, last, int64(statuses))
	if err != nil || n == 0 {
		return err
	}
	return f(month, n)
}

// countTroubled makes the table anew.
func countTroubled(c *bulkConn) error {
	if err := c.exec("DELETE FROM troubled"); err != nil {
		return err
	}
	add, err := c.prepare("INSERT INTO troubled VALUES (?, ?)")
	if err != nil {
		return err
	}
	return countMonths(c, troubledStatuses(), 0, maxSlot, func(slotMonth, orders int64) error {
		if orders < troubledAtLeast {
			return nil
		}
		return add.run(slotMonth, orders)
	})
}

// markTroubled remembers the customers and months whose count may differ after a small
// change: those of the orders from firstRow on, and those the import replaced.
func markTroubled(c *bulkConn, firstRow, importID int64) error {
	return c.exec(fmt.Sprintf(`CREATE TEMP TABLE touched AS
		SELECT slot >> 8 AS slot_month FROM orders WHERE id >= %d AND slot & %d
		UNION SELECT slot >> 8 FROM replaced WHERE import = %d AND slot & %[2]d`, firstRow, troubledStatuses(), importID))
}

// recountTroubled counts anew what markTroubled marked.
func recountTroubled(c *bulkConn) error {
	return c.exec(fmt.Sprintf(`DELETE FROM troubled WHERE slot_month IN (SELECT slot_month FROM touched);
		INSERT INTO troubled SELECT t.slot_month, count(*) FROM touched t CROSS JOIN orders o INDEXED BY orders_by_slot
		ON o.slot BETWEEN t.slot_month << 8 AND (t.slot_month << 8) + 255
		WHERE o.slot & %d GROUP BY t.slot_month HAVING count(*) >= %d`, troubledStatuses(), troubledAtLeast))
}
