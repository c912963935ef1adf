// Package coretest holds what tests of several packages share: builders and the contract
// suites every implementation of a seam has to pass. Only tests import it.
package coretest

import (
	"fmt"
	"math/rand/v2"

	"deskwatch/core"
)

// Day reads an ISO day; it is for constants in tests and panics on anything else.
func Day(iso string) core.Day {
	var y, m, d int
	if n, err := fmt.Sscanf(iso, "%d-%d-%d", &y, &m, &d); n != 3 || err != nil {
		panic("not a day: " + iso)
	}
	day, ok := core.NewDay(y, m, d)
	if !ok {
		panic("not a day: " + iso)
	}
	return day
}

// Row builds an order row of a recognised customer.
func Row(orderID, customer, day string, status core.Status) core.OrderRow {
	return core.OrderRow{OrderID: orderID, Customer: customer, Recognised: true, Day: Day(day), Status: status, RawStatus: status.String()}
}

// Line builds a row with a line id.
func Line(orderID, line, customer, day string, status core.Status) core.OrderRow {
	r := Row(orderID, customer, day, status)
	r.LineID = line
	return r
}

// MakeRows makes rows that look like a year of a shop, n of them, the same for the same seed:
// order ids in random order, customers with their names, 16 % cancelled or returned as in a
// real sales report. give is called with batches and their slice is used again.
func MakeRows(seed uint64, n, customers int, give func([]core.OrderRow) error) error {
	r := rand.New(rand.NewPCG(seed, 2))
	first := Day("2023-01-01")
	others := []core.Status{core.StatusShipped, core.StatusDelivered, core.StatusDelivered, core.StatusPlaced}
	batch := make([]core.OrderRow, 0, 1000)
	for i := range n {
		status, raw := others[r.IntN(len(others))], ""
		if r.IntN(100) < 16 {
			status = core.StatusCancelled + core.Status(r.IntN(2))
		}
		raw = status.String()
		customer := r.IntN(customers)
		batch = append(batch, core.OrderRow{
			// A number times an odd number, modulo a power of two, meets every id once in no order.
			OrderID:  fmt.Sprintf("%03d-%07d-%07d", r.IntN(1000), (uint64(i)*2654435761)&(1<<23-1), i>>23*1000+r.IntN(1000)),
			Customer: fmt.Sprintf("shop-%d_%d", customer, customer), Recognised: true,
			Day: first + core.Day(r.IntN(365)), Status: status, RawStatus: raw,
			Amount: core.Amount(r.IntN(1_000_000)) * 10, HasAmount: true,
		})
		if len(batch) == cap(batch) || i == n-1 {
			if err := give(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return nil
}
