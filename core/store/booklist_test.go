package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/orders"

	"github.com/google/go-cmp/cmp"
)

func listedBook(t *testing.T) *Book {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), BookFile), KindBook)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return NewBook(db)
}

func putRows(t *testing.T, b *Book, lines bool, rows ...core.OrderRow) core.ImportCounts {
	t.Helper()
	im, err := b.Begin(t.Context(), orders.ImportStart{File: "f", Kind: core.ImportFile, At: time.Unix(1, 0), HasLines: lines, Progress: new(core.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	defer im.Rollback()
	if err := im.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	counts, err := im.Settle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), int64(len(rows)), 0); err != nil {
		t.Fatal(err)
	}
	return counts
}

// TestAListedBookMakesTheSameBook copies a book by its listing: every order of the copy equals
// its original, and putting the listing into the original again changes nothing.
func TestAListedBookMakesTheSameBook(t *testing.T) {
	from, to := listedBook(t), listedBook(t)
	row := func(id, line, customer string, day core.Day, raw string, amount core.Amount) core.OrderRow {
		status := map[string]core.Status{"Gone": core.StatusCancelled, "Back": core.StatusReturned, "": core.StatusPlaced}[raw]
		return core.OrderRow{OrderID: id, LineID: line, Customer: customer, Recognised: customer != "x y", Name: "N " + customer, Day: day,
			Status: status, RawStatus: raw, Amount: amount, HasAmount: amount != 0}
	}
	var plain, lined []core.OrderRow
	for i := range 2*listBatch + 7 {
		plain = append(plain, row(fmt.Sprintf("p%d", i), "", fmt.Sprintf("shop_%d", i%50), core.Day(19500+i%40), []string{"Gone", "Back", ""}[i%3], core.Amount(i)))
	}
	plain = append(plain, row("ñ\n1", "", "x y", 19500, "Gone", 0))
	// The last row of an order is neither its last line by name nor by day.
	lined = append(lined, row("l1", "3", "shop_1", 19600, "Gone", 5), row("l1", "1", "shop_1", 19590, "Back", 0), row("l1", "2", "shop_1", 19595, "", 7),
		row("l2", "b", "shop_2", 19601, "", 1), row("l2", "a", "shop_2", 19601, "Gone", 2))
	putRows(t, from, false, plain...)
	putRows(t, from, true, lined...)

	list, err := from.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	putRows(t, from, false, row("later", "", "shop_1", 19500, "Gone", 0))
	if p, l, err := list.Sizes(t.Context()); err != nil || p != int64(len(plain)) || l != int64(len(lined)) {
		t.Fatalf("%d plain, %d lines, %v", p, l, err)
	}
	for lines, pass := range map[bool]func(context.Context, func([]core.OrderRow) error) error{false: list.Plain, true: list.Lines} {
		err := pass(t.Context(), func(rows []core.OrderRow) error {
			if len(rows) > listBatch {
				t.Errorf("%d rows at once", len(rows))
			}
			putRows(t, to, lines, rows...)
			if c := putRows(t, from, lines, rows...); c.OrdersNew+c.OrdersChanged > 0 {
				t.Errorf("put back, the listing changes the book: %+v", c)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 50 {
		q := core.OrderQuery{Customer: fmt.Sprintf("shop_%d", i), Limit: 1000}
		want, err := from.Orders(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := to.Orders(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			want.Total--
			for n, o := range want.Orders {
				if o.OrderID == "later" {
					want.Orders = append(want.Orders[:n], want.Orders[n+1:]...)
					break
				}
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s: %s", q.Customer, d)
		}
	}
}
