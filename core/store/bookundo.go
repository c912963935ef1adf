package store

import (
	"context"
	"fmt"
	"time"

	"deskwatch/core"
)

// Undo takes back one import: the orders it added go, those it changed are as before.
func (b *Book) Undo(ctx context.Context, id int64, at time.Time, progress *core.Progress) (result core.UndoResult, err error) {
	const op, kept = "store.undo", "Nothing was undone."
	c, end, err := b.changing(ctx, op)
	if err != nil {
		return result, err
	}
	defer func() {
		if closing := end(); err == nil {
			err = closing
		}
	}()
	err = c.interruptible(ctx, func() error {
		u := undo{c: c, id: id, progress: progress}
		if result, err = u.run(at); err != nil {
			return err
		}
		return c.exec("COMMIT")
	})
	if err != nil {
		return core.UndoResult{}, fault(op, kept, err)
	}
	truncateLog(c)
	return result, nil
}

// undo is one undo under way.
type undo struct {
	c                 *bulkConn
	id                int64
	progress          *core.Progress
	firstRow, lastRow int64
}

func (u *undo) run(at time.Time) (core.UndoResult, error) {
	result := core.UndoResult{ImportID: u.id}
	if err := u.check(); err != nil {
		return result, err
	}
	u.progress.SetPhase("Undoing")
	own, err := u.c.query("SELECT count(*) FROM orders WHERE id BETWEEN ? AND ?", u.firstRow, u.lastRow)
	if err != nil {
		return result, err
	}
	if result.Restored, err = u.c.query("SELECT count(*) FROM replaced WHERE import = ?", u.id); err != nil {
		return result, err
	}
	result.Removed = own - result.Restored
	all, err := u.c.query("SELECT coalesce(sum(orders_new), 0) FROM imports WHERE undone_at IS NULL")
	if err != nil {
		return result, err
	}
	large := own+result.Restored > all/largeShare
	if large {
		err = u.c.exec(dropIndexSlot + ";" + dropIndexOrderID)
	} else {
		// Orders of later imports are marked too, which only means that they are counted again.
		err = markTroubled(u.c, u.firstRow, u.id)
	}
	if err != nil {
		return result, err
	}
	if err := u.takeBack(); err != nil {
		return result, err
	}
	if large {
		u.progress.SetPhase("Indexing")
		if err = u.c.exec(indexOrderID + ";" + indexSlot); err == nil {
			err = countTroubled(u.c)
		}
	} else {
		err = recountTroubled(u.c)
	}
	if err != nil {
		return result, err
	}
	if err := removeUnusedCustomers(u.c, 0); err != nil {
		return result, err
	}
	_, err = u.c.query("UPDATE imports SET undone_at = ? WHERE id = ?", toMillis(at), u.id)
	return result, err
}

// check refuses an import that cannot be undone.
func (u *undo) check() error {
	const op = "store.undo"
	s, err := u.c.prepare("SELECT first_row, last_row, undone_at IS NOT NULL FROM imports WHERE id = ?")
	if err != nil {
		return err
	}
	known, undone := false, false
	err = s.each(func() error {
		known, undone = true, s.int(2) != 0
		u.firstRow, u.lastRow = s.int(0), s.int(1)
		return nil
	}, u.id)
	switch {
	case err != nil:
		return err
	case !known:
		return core.NewError(core.CodeNotFound, op, fmt.Sprintf("There is no import %d.", u.id), nil)
	case undone:
		return core.NewError(core.CodeConflict, op, fmt.Sprintf("Import %d was undone before.", u.id), nil)
	}
	if s, err = u.c.prepare(`SELECT r.import, i.file FROM replaced r JOIN imports i ON i.id = r.import
		WHERE r.id BETWEEN ? AND ? ORDER BY r.import DESC LIMIT 1`); err != nil {
		return err
	}
	return s.each(func() error {
		return core.NewError(core.CodeConflict, op, fmt.Sprintf(
			"Import %d cannot be undone, because import %d (%s) changed some of its orders later. Nothing was undone; undo import %[2]d first.",
			u.id, s.int(0), s.str(1)), nil)
	}, u.firstRow, u.lastRow)
}

func (u *undo) takeBack() error {
	return u.c.exec(fmt.Sprintf(`DELETE FROM orders WHERE id BETWEEN %[1]d AND %[2]d;
		DELETE FROM order_lines WHERE order_row BETWEEN %[1]d AND %[2]d;
		INSERT INTO orders SELECT id, slot, day, spelling, amount, lines, order_id FROM replaced WHERE import = %[3]d;
		DELETE FROM replaced WHERE import = %[3]d`, u.firstRow, u.lastRow, u.id))
}
