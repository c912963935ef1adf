package store

import (
	"context"
	"math"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// Book is the order book in SQLite.
type Book struct {
	db *DB
	// busy holds a token while an import or undo of this process runs; the write lock of
	// the file keeps those of other processes out.
	busy chan struct{}
	wait time.Duration // for the write lock
}

var _ orders.OrderBook = (*Book)(nil)

// NewBook returns the order book in db, which is of KindBook and stays the caller's to close.
func NewBook(db *DB) *Book { return &Book{db: db, busy: make(chan struct{}, 1), wait: busyWait} }

// changing opens a bulk connection with a write transaction for an import or an undo, and
// returns what ends it: a rollback of what was not committed.
func (b *Book) changing(ctx context.Context, op string) (c *bulkConn, end func() error, err error) {
	running := core.NewError(core.CodeConflict, op, "Another import is running. Nothing was changed; try again when it is done.", nil)
	// As for another process's, we wait a while for one of our own: it may have been cancelled
	// and be about to end.
	patience := time.NewTimer(b.wait)
	defer patience.Stop()
	select {
	case b.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, fault(op, "", ctx.Err())
	case <-patience.C:
		return nil, nil, running
	}
	release := func() { <-b.busy }
	// FULL, because an import that was reported as done survives a power cut. More
	// cache makes an import hardly faster.
	c, err = openBulk(b.db.path, "synchronous=full", "cache_size=-16384", "busy_timeout=50")
	if err != nil {
		release()
		return nil, nil, fault(op, "", err)
	}
	end = func() error {
		err := c.close()
		release()
		return fault(op, "", err)
	}
	for deadline := time.Now().Add(b.wait); ; {
		if err = ctx.Err(); err == nil {
			err = c.exec("BEGIN IMMEDIATE")
		}
		if err == nil {
			return c, end, nil
		}
		if resultCode(err) == sqlite3.SQLITE_BUSY && time.Now().Before(deadline) {
			continue // the library waited 50 ms
		}
		_ = end() // nothing was written; err is the one to tell
		if isBusy(err) {
			running.Err = err
			return nil, nil, running
		}
		return nil, nil, fault(op, "", err)
	}
}

// truncateLog folds the log file into the database after a commit, so that it does not stay
// as large as the import. A reader may keep that from happening, or a full disk; what was
// committed is safe in the log file then, and the next commit does it.
func truncateLog(c *bulkConn) { _ = c.exec("PRAGMA wal_checkpoint(TRUNCATE)") }

// The two indexes of the orders, made anew after large changes.
const (
	indexOrderID     = "CREATE INDEX orders_by_order_id ON orders (order_id)"
	indexSlot        = "CREATE INDEX orders_by_slot ON orders (slot)"
	dropIndexOrderID = "DROP INDEX orders_by_order_id"
	dropIndexSlot    = "DROP INDEX orders_by_slot"
)

const (
	largeShare         = 8 // a change of more than an eighth of the book is large
	maxKnownCustomers  = 100_000
	maxKnownSpellings  = 10_000
	rowsBetweenCtxTest = 256
)

// How orders.slot is put together; the schema and the statements say the same in numbers.
const (
	slotMonthBits  = 17 // years 0 to 9999
	slotStatusBits = 8
	maxSlot        = math.MaxInt64
)

func slotOf(customer int64, month core.Month, statuses core.StatusSet) int64 {
	return (customer<<slotMonthBits|int64(month))<<slotStatusBits | int64(statuses)
}

// ofSlotMonth is what slotOf put together, without the statuses.
func ofSlotMonth(slotMonth int64) (customer int64, month core.Month) {
	return slotMonth >> slotMonthBits, core.Month(slotMonth & (1<<slotMonthBits - 1))
}

// clamp returns n within 1..most, and preset for 0.
func clamp(n, preset, most int) int {
	if n == 0 {
		n = preset
	}
	return min(max(n, 1), most)
}
