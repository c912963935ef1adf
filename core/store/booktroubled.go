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

// markTroubled remembers the customers and months whose count may differ: those of the
// orders from firstRow on, and those of the orders import replaced.
func markTroubled(c *bulkConn, firstRow, importID int64) error {
	return c.exec(fmt.Sprintf(`DROP TABLE IF EXISTS temp.touched;
		CREATE TEMP TABLE touched AS
		SELECT customer, month FROM orders WHERE id >= %d AND statuses & %d
		UNION SELECT customer, month FROM replaced WHERE import = %d AND statuses & %[2]d`,
		firstRow, troubledStatuses(), importID))
}

// recountTroubled counts anew what markTroubled marked, or everything, which is quicker
// after a large change.
func recountTroubled(c *bulkConn, all bool) error {
	if all {
		return c.exec(fmt.Sprintf(`DELETE FROM troubled;
			INSERT INTO troubled SELECT month, customer, count(*) FROM orders INDEXED BY orders_by_customer
			WHERE statuses & %d GROUP BY customer, month HAVING count(*) >= %d ORDER BY month, customer`,
			troubledStatuses(), troubledAtLeast))
	}
	return c.exec(fmt.Sprintf(`DELETE FROM troubled WHERE (month, customer) IN (SELECT month, customer FROM touched);
		INSERT INTO troubled SELECT t.month, t.customer, count(*) FROM touched t
		CROSS JOIN orders o INDEXED BY orders_by_customer ON o.customer = t.customer AND o.month = t.month
		WHERE o.statuses & %d GROUP BY t.customer, t.month HAVING count(*) >= %d`,
		troubledStatuses(), troubledAtLeast))
}
