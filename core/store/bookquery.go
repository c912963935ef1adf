package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strconv"
	"strings"

	"deskwatch/core"
)

// Orders pages through one customer's orders, newest first, those of one day by order id.
func (b *Book) Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error) {
	const op = "store.orders"
	limit := clamp(q.Limit, 100, 1000)
	if q.To == 0 {
		q.To = math.MaxInt32
	}
	if q.Statuses == 0 {
		q.Statuses = core.NewStatusSet(core.Statuses()...)
	}
	// The next page begins after this day and order id.
	day, orderID := int64(math.MaxInt64), ""
	if q.After != "" {
		var err error
		text, id, _ := strings.Cut(q.After, "/")
		if day, err = strconv.ParseInt(text, 10, 64); err != nil {
			return core.OrderPage{}, core.NewError(core.CodeInvalid, op, "The list has changed. Start again from its beginning.", err)
		}
		orderID = id
	}
	args := map[string]any{
		"customer": q.Customer, "from": int64(q.From), "to": int64(q.To), "statuses": int64(q.Statuses),
		"day": day, "id": orderID, "limit": limit + 1,
	}
	const match = `o.slot BETWEEN (SELECT id << 25 FROM customers WHERE identity = @customer)
		AND (SELECT (id + 1 << 25) - 1 FROM customers WHERE identity = @customer) AND o.day BETWEEN @from AND @to AND o.slot & @statuses`
	db := b.db.Reader().WithContext(ctx)
	var page core.OrderPage
	if err := db.Raw("SELECT count(*) FROM orders o WHERE "+match, args).Scan(&page.Total).Error; err != nil {
		return page, fault(op, "", err)
	}
	var rows []orderRow
	err := db.Raw(`SELECT o.order_id, o.day, o.slot & 255 AS statuses, o.amount, o.lines, s.status, s.raw
		FROM orders o JOIN spellings s ON s.id = o.spelling
		WHERE `+match+` AND (o.day < @day OR (o.day = @day AND o.order_id > @id))
		ORDER BY o.day DESC, o.order_id LIMIT @limit`, args).Scan(&rows).Error
	if err != nil {
		return page, fault(op, "", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = fmt.Sprintf("%d/%s", rows[limit-1].Day, rows[limit-1].OrderID)
	}
	for _, r := range rows {
		page.Orders = append(page.Orders, core.Order{
			OrderID: r.OrderID, Customer: q.Customer, Day: core.Day(r.Day), Statuses: core.StatusSet(r.Statuses),
			Status: core.Status(r.Status), RawStatus: r.Raw, Amount: core.Amount(r.Amount.Int64), HasAmount: r.Amount.Valid, Lines: r.Lines,
		})
	}
	return page, nil
}

type orderRow struct {
	OrderID  string
	Day      int32
	Statuses uint8
	Amount   sql.NullInt64
	Lines    int
	Status   uint8
	Raw      string
}

// ofCustomer says that the order o is one of the customer c.
const ofCustomer = "o.slot BETWEEN c.id << 25 AND (c.id + 1 << 25) - 1"

// Customers pages through the customers that have orders.
func (b *Book) Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error) {
	const op = "store.customers"
	limit := clamp(q.Limit, 100, 10_000)
	const hasClient = "EXISTS (SELECT 1 FROM clients k WHERE k.customer = c.identity)"
	// A customer whose orders were all replaced is kept for an undo, and not listed.
	const match = `WHERE EXISTS (SELECT 1 FROM orders o WHERE ` + ofCustomer + `)
		AND (@recognised IS NULL OR c.recognised = @recognised) AND (@client IS NULL OR ` + hasClient + ` = @client) `
	args := map[string]any{"after": q.After, "limit": limit + 1, "recognised": q.Recognised, "client": q.HasClient}
	db := b.db.Reader().WithContext(ctx)
	var page core.CustomerPage
	if err := db.Raw("SELECT count(*) FROM customers c "+match, args).Scan(&page.Total).Error; err != nil {
		return page, fault(op, "", err)
	}
	var rows []core.Customer
	err := db.Raw(`SELECT c.identity AS customer, c.recognised, `+hasClient+` AS has_client, c.name, c.email,
		(SELECT count(*) FROM orders o WHERE `+ofCustomer+`) AS orders
		FROM customers c `+match+" AND c.identity > @after ORDER BY c.identity LIMIT @limit", args).Scan(&rows).Error
	if err != nil {
		return page, fault(op, "", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].Customer
	}
	page.Customers = rows
	return page, nil
}

// Empty reports whether there is no order at all.
func (b *Book) Empty(ctx context.Context) (bool, error) {
	var some bool
	err := b.db.Reader().WithContext(ctx).Raw("SELECT EXISTS (SELECT 1 FROM orders)").Scan(&some).Error
	return !some, fault("store.empty", "", err)
}

// Counts says how much the book holds.
func (b *Book) Counts(ctx context.Context) (core.BookCounts, error) {
	var counts core.BookCounts
	err := b.db.Reader().WithContext(ctx).Raw(`WITH known AS MATERIALIZED
			(SELECT recognised FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE ` + ofCustomer + `))
		SELECT (SELECT coalesce(sum(orders_new), 0) FROM imports WHERE undone_at IS NULL) AS orders,
			(SELECT count(*) FROM known) AS customers, (SELECT count(*) FROM known WHERE NOT recognised) AS unrecognised,
			(SELECT count(*) FROM clients) AS clients, f.first_day, f.last_day
		FROM (SELECT coalesce(min(day), 0) AS first_day, coalesce(max(day), 0) AS last_day FROM orders) f`).Scan(&counts).Error
	return counts, fault("store.counts", "", err)
}
