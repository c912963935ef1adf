package store

import (
	"context"
	"database/sql"
	"errors"

	"deskwatch/core"
)

// listBatch is how many rows are handed over at a time.
const listBatch = 2000

// Listing is the whole book as it was when the listing began, whatever is imported meanwhile.
// Close ends it.
type Listing struct {
	tx *sql.Tx
}

// List begins a listing.
func (b *Book) List(ctx context.Context) (*Listing, error) {
	tx, err := b.db.rsql.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fault("store.list", "", err)
	}
	// A transaction of SQLite sees the book of its first look.
	var some bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM orders)").Scan(&some); err != nil {
		return nil, fault("store.list", "", errors.Join(err, tx.Rollback()))
	}
	return &Listing{tx}, nil
}

// Close ends the listing.
func (l *Listing) Close() error {
	return fault("store.list", "", l.tx.Rollback())
}

// Sizes counts the orders without lines, and the lines of the others.
func (l *Listing) Sizes(ctx context.Context) (plain, lines int64, err error) {
	err = l.tx.QueryRowContext(ctx, "SELECT coalesce(sum(lines = 0), 0), coalesce(sum(lines), 0) FROM orders").Scan(&plain, &lines)
	return plain, lines, fault("store.list", "", err)
}

// Plain hands every order without lines to each, as rows that make the same orders. The slice is
// used again afterwards.
func (l *Listing) Plain(ctx context.Context, each func([]core.OrderRow) error) error {
	return l.rows(ctx, each, `SELECT o.order_id, '', o.day, o.amount, s.status, s.raw, c.identity, c.recognised, c.name, c.email
		FROM orders o JOIN spellings s ON s.id = o.spelling JOIN customers c ON c.id = o.slot >> 25
		WHERE o.lines = 0 ORDER BY o.id`)
}

// Lines hands the lines of every order that has some to each, those of one order together. The
// book does not keep in which order they came, but an order has the day and the status of its
// last one: a line that has both comes last.
func (l *Listing) Lines(ctx context.Context, each func([]core.OrderRow) error) error {
	return l.rows(ctx, each, `SELECT o.order_id, l.line, l.day, l.amount, s.status, s.raw, c.identity, c.recognised, c.name, c.email
		FROM orders o JOIN order_lines l ON l.order_row = o.id JOIN spellings s ON s.id = l.spelling JOIN customers c ON c.id = o.slot >> 25
		WHERE o.lines > 0 ORDER BY o.id, l.day = o.day AND l.spelling = o.spelling, l.line`)
}

func (l *Listing) rows(ctx context.Context, each func([]core.OrderRow) error, query string) error {
	const op = "store.list"
	rows, err := l.tx.QueryContext(ctx, query)
	if err != nil {
		return fault(op, "", err)
	}
	defer rows.Close()
	batch := make([]core.OrderRow, 0, listBatch)
	for rows.Next() {
		var r core.OrderRow
		var day int32
		var amount sql.NullInt64
		var status uint8
		if err := rows.Scan(&r.OrderID, &r.LineID, &day, &amount, &status, &r.RawStatus, &r.Customer, &r.Recognised, &r.Name, &r.Email); err != nil {
			return fault(op, "", err)
		}
		r.Day, r.Status = core.Day(day), core.Status(status)
		r.Amount, r.HasAmount = core.Amount(amount.Int64), amount.Valid
		if batch = append(batch, r); len(batch) == listBatch {
			if err := each(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return fault(op, "", err)
	}
	if len(batch) == 0 {
		return nil
	}
	return each(batch)
}
