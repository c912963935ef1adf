package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/orders"
)

func newBook(t *testing.T) (*Book, *DB) {
	d := openAt(t, filepath.Join(t.TempDir(), BookFile), KindBook)
	return NewBook(d), d
}

func beginAt(t *testing.T, b *Book) *bookImport {
	t.Helper()
	im, err := b.Begin(t.Context(), orders.ImportStart{File: "f.csv", Kind: core.ImportFile, At: time.Unix(0, 0), Progress: new(core.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	return im.(*bookImport)
}

func load(t *testing.T, b *Book, seed uint64, n int) core.ImportCounts {
	t.Helper()
	im := beginAt(t, b)
	defer im.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	if err := coretest.MakeRows(seed, n, n/25+1, func(rows []core.OrderRow) error { return im.Put(t.Context(), rows) }); err != nil {
		t.Fatal(err)
	}
	counts, err := im.Settle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), int64(n), 0); err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestASecondProcessCannotImportMeanwhile(t *testing.T) {
	book, d := newBook(t)
	im := beginAt(t, book)
	other := NewBook(openAt(t, d.Path(), KindBook)) // another process shares the file only
	other.wait = 300 * time.Millisecond
	start := time.Now()
	_, err := other.Begin(t.Context(), orders.ImportStart{Progress: new(core.Progress)})
	if core.ErrorCode(err) != core.CodeConflict || !strings.Contains(core.ErrorMessage(err), "Another import is running") {
		t.Fatal(err)
	}
	if waited := time.Since(start); waited < other.wait || waited > 5*time.Second {
		t.Fatal("waited", waited)
	}
	other.wait = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start = time.Now()
	if _, err := other.Begin(ctx, orders.ImportStart{Progress: new(core.Progress)}); err == nil {
		t.Fatal("two imports at once")
	}
	if waited := time.Since(start); waited > 5*time.Second {
		t.Fatal("waited", waited, "after the deadline")
	}
	if err := im.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := load(t, other, 1, 10); got.OrdersNew != 10 {
		t.Fatal(got)
	}
}

func TestAFullDiskKeepsTheBookAsItWas(t *testing.T) {
	book, d := newBook(t)
	load(t, book, 1, 100)
	im := beginAt(t, book)
	defer im.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	// A database that may not grow tells the same as a full disk.
	if err := im.c.exec("PRAGMA max_page_count=1"); err != nil {
		t.Fatal(err)
	}
	err := coretest.MakeRows(2, 20_000, 100, func(rows []core.OrderRow) error { return im.Put(t.Context(), rows) })
	if err == nil {
		_, err = im.Settle(t.Context())
	}
	if got := core.ErrorMessage(err); got != "The disk is full. Nothing of this import was kept. Free some space and try again." {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), 0, 0); err == nil {
		t.Fatal("committed after a failure")
	}
	if err := im.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := d.IntegrityCheck(t.Context()); err != nil {
		t.Fatal(err)
	}
	if counts, err := book.Counts(t.Context()); err != nil || counts.Orders != 100 {
		t.Fatal(counts, err)
	}
	if got := load(t, book, 1, 100); got.OrdersUnchanged != 100 {
		t.Fatal(got)
	}
}

func TestCancelInterruptsALongStatement(t *testing.T) {
	book, _ := newBook(t)
	im := beginAt(t, book)
	defer im.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := im.during(ctx, func() error {
		return im.c.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e12) SELECT max(i) FROM n")
	})
	if core.ErrorCode(err) != core.CodeUnavailable { // a deadline, not a person
		t.Fatal(err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Fatal("took", took)
	}
}

func TestTheLogFileDoesNotStayLarge(t *testing.T) {
	book, d := newBook(t)
	load(t, book, 1, 20_000)
	st, err := os.Stat(d.Path() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if st.Size() > 1<<20 {
		t.Fatalf("the log file keeps %d bytes after an import", st.Size())
	}
}

func TestReadersSeeTheOldStateDuringAnImport(t *testing.T) {
	book, _ := newBook(t)
	load(t, book, 1, 1000)
	im := beginAt(t, book)
	defer im.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	err := coretest.MakeRows(2, 20_000, 100, func(rows []core.OrderRow) error {
		if err := im.Put(t.Context(), rows); err != nil {
			return err
		}
		p, err := book.Customers(t.Context(), core.CustomerQuery{Limit: 10_000})
		if err == nil && p.Total != 41 {
			err = fmt.Errorf("a reader sees %d customers", p.Total)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The first import appends, the repeated one places, and the filter's suspects are no repeats.
func TestEachWayOfImportingCountsAlike(t *testing.T) {
	book, _ := newBook(t)
	if got := load(t, book, 1, 30_000); got != (core.ImportCounts{OrdersNew: 30_000}) {
		t.Fatal(got)
	}
	if got := load(t, book, 1, 30_000); got != (core.ImportCounts{OrdersUnchanged: 30_000}) {
		t.Fatal(got)
	}
}

func TestTheRepeatFilterMissesNoRepeat(t *testing.T) {
	f := newRepeatFilter(0)
	for i := range 5000 {
		f.add(fmt.Sprint(i), int64(i))
	}
	before := len(f.suspects)
	for i := range 5000 {
		f.add(fmt.Sprint(i), int64(5000+i))
	}
	if got := len(f.suspects) - before; got != 5000 || before > 500 || !f.knows {
		t.Fatalf("%d suspects of 5000 repeats, %d before there was any", got, before)
	}
}

func TestTroubledIsWhatCountingAnewGives(t *testing.T) {
	book, d := newBook(t)
	load(t, book, 1, 3000)
	for seed := range uint64(3) {
		load(t, book, 2+seed, 100) // small: only what it touched is counted
	}
	if _, err := book.Undo(t.Context(), 3, time.Unix(1, 0), new(core.Progress)); err != nil && core.ErrorCode(err) != core.CodeConflict {
		t.Fatal(err)
	}
	var wrong, rows int
	err := d.rsql.QueryRow(`WITH want AS (SELECT slot >> 8 AS m, count(*) AS n FROM orders WHERE slot & 24 GROUP BY 1 HAVING n > 1)
		SELECT (SELECT count(*) FROM (SELECT * FROM want EXCEPT SELECT * FROM troubled)) + (SELECT count(*) FROM (SELECT * FROM troubled EXCEPT SELECT * FROM want)),
			(SELECT count(*) FROM troubled)`).Scan(&wrong, &rows)
	if err != nil || wrong != 0 || rows == 0 {
		t.Fatal(wrong, rows, err)
	}
}

func TestUndoLeavesNothingBehind(t *testing.T) {
	book, d := newBook(t)
	im, err := book.Begin(t.Context(), orders.ImportStart{HasLines: true, At: time.Unix(0, 0), Progress: new(core.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	defer im.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	rows := []core.OrderRow{
		coretest.Line("1", "1", "a_1", "2023-06-01", core.StatusReturned), coretest.Line("1", "2", "a_1", "2023-06-01", core.StatusReturned),
		coretest.Line("2", "1", "b_2", "2023-06-01", core.StatusReturned), coretest.Line("2", "1", "a_1", "2023-06-01", core.StatusReturned),
	}
	if err := im.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), 4, 0); err != nil {
		t.Fatal(err)
	}
	left := func(want map[string]int) {
		t.Helper()
		for table, n := range want {
			var got int
			if err := d.rsql.QueryRow("SELECT count(*) FROM " + table).Scan(&got); err != nil || got != n {
				t.Fatalf("%s holds %d rows, want %d (%v)", table, got, n, err)
			}
		}
	}
	// The customer only a row that lost had named is not kept either.
	left(map[string]int{"orders": 2, "order_lines": 3, "customers": 1, "troubled": 1})
	if _, err := book.Undo(t.Context(), 1, time.Unix(1, 0), new(core.Progress)); err != nil {
		t.Fatal(err)
	}
	left(map[string]int{"orders": 0, "order_lines": 0, "customers": 0, "replaced": 0, "troubled": 0})
}
