package store

import (
	"context"
	"errors"

	"deskwatch/core"
	"deskwatch/core/orders"
)

const nothingKept = "Nothing of this import was kept."

// bookImport is one import under way, in one write transaction. It works in one of two ways.
// Placing looks each order id up and inserts, replaces or leaves it at once; appending writes
// rows without any index and finds repeats in Settle by one scan of the index made then.
// Placing suits small imports and files that were imported before, appending all else.
type bookImport struct {
	book *Book
	c    *bulkConn
	end  func() error // nil when the import has ended
	err  error        // of an earlier call; the transaction may be gone with it

	start     orders.ImportStart
	id        int64
	firstRow  int64 // the first orders.id this import gives out
	nextRow   int64
	oldOrders int64
	placed    int64 // rows placed so far
	firstCust int64 // the first customers.id this import gives out

	appending  bool // both indexes are gone
	slotUnkept bool // the index by slot is gone

	seen  repeatFilter
	same  rowSet // old orders a row of this import named without changing them
	names *interner
	group []core.OrderRow // lines of one order that follow each other, not yet placed
	st    importStmts
}

type importStmts struct {
	find, insert, append, update, retire, remove                    *bulkStmt
	line, putLine, copyLines, dropLines, lines, moveBack, unreplace *bulkStmt
}

// Begin opens an import.
func (b *Book) Begin(ctx context.Context, start orders.ImportStart) (orders.Import, error) {
	const op = "store.import"
	c, end, err := b.changing(ctx, op)
	if err != nil {
		return nil, err
	}
	im := &bookImport{book: b, c: c, end: end, start: start}
	if err := im.prepare(); err != nil {
		return nil, fault(op, nothingKept, errors.Join(err, im.Rollback()))
	}
	return im, nil
}

func (im *bookImport) prepare() (err error) {
	// Orders an import changed were there before it, so the new ones of all imports add up.
	q, err := im.c.prepare(`SELECT coalesce(max(last_row), 0), coalesce(sum(orders_new) FILTER (WHERE undone_at IS NULL), 0),
		coalesce(max(id), 0) FROM imports`)
	if err != nil {
		return err
	}
	if _, err := q.step(); err != nil {
		return err
	}
	im.firstRow, im.oldOrders, im.id = q.int(0)+1, q.int(1), q.int(2)+1
	im.nextRow = im.firstRow
	q.reset()
	if im.oldOrders == 0 && !im.start.HasLines {
		im.seen = newRepeatFilter(im.start.SizeBytes) // it sees every row, because nothing is placed
	}
	add, err := im.c.prepare("INSERT INTO imports (id, file, kind, at) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	if err := add.run(im.id, im.start.File, im.start.Kind, toMillis(im.start.At)); err != nil {
		return err
	}
	if im.names, err = newInterner(im.c); err != nil {
		return err
	}
	im.firstCust = im.names.nextCustomer
	for text, s := range map[string]**bulkStmt{
		"SELECT id, slot, day, spelling, amount, lines FROM orders WHERE order_id = ?":                       &im.st.find,
		"INSERT INTO orders (id, slot, day, spelling, amount, lines, order_id) VALUES (?, ?, ?, ?, ?, ?, ?)": &im.st.insert,
		"INSERT INTO orders (slot, day, spelling, amount, lines, order_id) VALUES (?2, ?3, ?4, ?5, ?6, ?7)":  &im.st.append,
		"UPDATE orders SET slot = ?2, day = ?3, spelling = ?4, amount = ?5, lines = ?6 WHERE id = ?1":        &im.st.update,
		"INSERT INTO replaced SELECT *, ?2 FROM orders WHERE id = ?1":                                        &im.st.retire,
		"DELETE FROM orders WHERE id = ?": &im.st.remove,
		"INSERT INTO orders SELECT id, slot, day, spelling, amount, lines, order_id FROM replaced WHERE id = ?": &im.st.moveBack,
		"DELETE FROM replaced WHERE id = ?":                                                                        &im.st.unreplace,
		"SELECT day, spelling, amount FROM order_lines WHERE order_row = ? AND line = ?":                           &im.st.line,
		"INSERT OR REPLACE INTO order_lines VALUES (?, ?, ?, ?, ?)":                                                &im.st.putLine,
		"INSERT INTO order_lines SELECT ?2, line, day, spelling, amount FROM order_lines WHERE order_row = ?1":     &im.st.copyLines,
		"DELETE FROM order_lines WHERE order_row = ?":                                                              &im.st.dropLines,
		"SELECT s.status, l.amount FROM order_lines l JOIN spellings s ON s.id = l.spelling WHERE l.order_row = ?": &im.st.lines,
	} {
		if *s, err = im.c.prepare(text); err != nil {
			return err
		}
	}
	return nil
}

// during runs one step of the import. After a failure the import only takes Rollback,
// because SQLite may have rolled back by itself.
func (im *bookImport) during(ctx context.Context, do func() error) error {
	const op = "store.import"
	if im.err == nil && im.end == nil {
		im.err = core.NewError(core.CodeInternal, op, "This import has ended already.", nil)
	}
	if im.err == nil {
		im.err = fault(op, nothingKept, im.c.interruptible(ctx, do))
	}
	return im.err
}

// Put hands over rows.
func (im *bookImport) Put(ctx context.Context, rows []core.OrderRow) error {
	return im.during(ctx, func() error {
		if err := im.chooseWay(); err != nil {
			return err
		}
		for i := range rows {
			if i%rowsBetweenCtxTest == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if err := im.put(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (im *bookImport) put(row *core.OrderRow) error {
	if !im.start.HasLines {
		if im.appending {
			return im.append(row)
		}
		return im.place(row)
	}
	if len(im.group) > 0 && im.group[0].OrderID != row.OrderID {
		if err := im.placeGroup(); err != nil {
			return err
		}
	}
	im.group = append(im.group, *row)
	return nil
}

// chooseWay turns from placing to appending when the import proves to be large and mostly
// new. Lines need the order id looked up, so they only lose the index by slot.
func (im *bookImport) chooseWay() error {
	added := im.nextRow - im.firstRow
	if added < im.oldOrders/largeShare || added*2 < im.placed {
		return nil
	}
	if !im.slotUnkept {
		if err := im.c.exec(dropIndexSlot); err != nil {
			return err
		}
		im.slotUnkept = true
	}
	if !im.appending && !im.start.HasLines {
		if err := im.c.exec(dropIndexOrderID); err != nil {
			return err
		}
		im.appending = true
	}
	return nil
}

// Commit makes the import visible.
func (im *bookImport) Commit(ctx context.Context, rows, rejected int64) (int64, error) {
	err := im.during(ctx, func() error {
		s, err := im.c.prepare("UPDATE imports SET rows = ?, rejected = ? WHERE id = ?")
		if err != nil {
			return err
		}
		if err := s.run(rows, rejected, im.id); err != nil {
			return err
		}
		return im.c.exec("COMMIT")
	})
	if err != nil {
		return 0, err
	}
	truncateLog(im.c)
	return im.id, im.Rollback()
}

// Rollback leaves the book as it was; after Commit it does nothing.
func (im *bookImport) Rollback() error {
	if im.end == nil {
		return nil
	}
	end := im.end
	im.end = nil
	return end()
}
