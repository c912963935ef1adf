package mongostore

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
)

func TestOrdersOfOthersStayAndCountOnce(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	foreign(t, b)
	theirs := foreignBytes(t, b)
	row := coretest.Row("1", "a_1", "2023-06-05", core.StatusReturned)
	row.RawStatus = "Returned "
	if got := load(t, b, row); got != (core.ImportCounts{OrdersUnchanged: 1}) {
		t.Fatal(got)
	}
	if n, err := b.orders().CountDocuments(t.Context(), bson.D{{Key: ownField, Value: bson.D{{Key: "$exists", Value: true}}}}); n != 0 || err != nil {
		t.Fatal("something was written for an order that another program has", n, err)
	}
	for i, change := range []func(){
		func() { row.HasAmount = true },
		func() { row.Day++ },
		func() { row.Customer = "b_2" },
		func() { row.RawStatus, row.Status = "Shipped", core.StatusShipped },
	} {
		change()
		if got := load(t, b, row); got != (core.ImportCounts{OrdersChanged: 1}) {
			t.Fatal(i, got)
		}
		if got := load(t, b, row); got != (core.ImportCounts{OrdersUnchanged: 1}) {
			t.Fatal(i, got)
		}
	}
	// An order id that is a number is not the text.
	if got := load(t, b, coretest.Row("17", "a_1", "2023-06-05", core.StatusPlaced)); got != (core.ImportCounts{OrdersNew: 1}) {
		t.Fatal(got)
	}
	for _, id := range []int64{10, 9, 8, 7, 6, 5, 4, 3, 2} {
		if _, err := b.Undo(t.Context(), id, time.Unix(9, 0), new(core.Progress)); err != nil {
			t.Fatal(id, err)
		}
	}
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
	if !bytes.Equal(foreignBytes(t, b), theirs) {
		t.Fatal("documents of others differ")
	}
}

// A small import asks by lists of ids, a large one by ranges; of a repeated order the last row
// counts however many batches lie between.
func TestEachWayOfComparingCountsAlike(t *testing.T) {
	t.Parallel()
	b := bookAt(t, mongotest.Start(t))
	const n = manyIDs + stageRows/2
	rows := make([]core.OrderRow, n)
	for i := range rows {
		rows[i] = coretest.Row(fmt.Sprint([]string{"🙂", "\ufb01", "é"}[i%3], i), "a_1", "2023-06-01", core.StatusPlaced)
	}
	first := rows[0]
	rows[0].Customer = "nobody"
	rows[n-1] = first
	if got := load(t, b, rows...); got != (core.ImportCounts{OrdersNew: n - 1}) {
		t.Fatal(got)
	}
	rows[0] = first
	if got := load(t, b, rows...); got != (core.ImportCounts{OrdersUnchanged: n - 1}) {
		t.Fatal(got)
	}
	few := append([]core.OrderRow{coretest.Row("few", "a_1", "2023-06-01", core.StatusPlaced)}, rows[:fewIDs/5]...)
	few[7].Day++
	if got := load(t, b, few...); got != (core.ImportCounts{OrdersNew: 1, OrdersChanged: 1, OrdersUnchanged: fewIDs/5 - 1}) {
		t.Fatal(got)
	}
}

func TestLinesOfAnOrderJoinOverBatches(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	im := begin(t, b, true)
	ids := []string{"", "$a.b", "x\x00y", "日本", "1"}
	for _, id := range append(ids, ids...) {
		r := coretest.Line("1", id, "a_1", "2023-06-01", core.StatusPlaced)
		r.Amount, r.HasAmount = 10, true
		im.stage.join(&r)
		if err := im.stage.write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := im.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), 5, 0); err != nil {
		t.Fatal(err)
	}
	p, err := b.Orders(t.Context(), core.OrderQuery{Customer: "a_1"})
	if err != nil || len(p.Orders) != 1 || p.Orders[0].Lines != 5 || p.Orders[0].Amount != 50 {
		t.Fatal(p, err)
	}
}

// The first import goes straight to the orders; what it repeats, and what it wrote twice because
// an answer was lost, still counts once.
func TestTheFirstImportCountsOnceWhateverIsLost(t *testing.T) {
	t.Parallel()
	uri := mongotest.Start(t)
	b := bookAt(t, uri)
	b.patience = 5 * time.Second
	im := begin(t, b, false)
	rows := append(before(), before()[:10]...)
	for i := range 10 {
		rows[30+i].Status = core.StatusReturned
	}
	mongotest.FailPoint(t, uri, map[string]any{"skip": 1, "times": 2}, map[string]any{"failCommands": []string{"insert"}, "afterWork": true})
	for _, part := range [][]core.OrderRow{rows[:10], rows[10:25], rows[25:35], rows[35:]} {
		if err := im.Put(t.Context(), part); err != nil {
			t.Fatal(err)
		}
		if err := im.stage.write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	counts, err := im.Settle(t.Context())
	if err != nil || counts != (core.ImportCounts{OrdersNew: 30}) {
		t.Fatal(counts, err)
	}
	if _, err := im.Commit(t.Context(), 40, 0); err != nil {
		t.Fatal(err)
	}
	if got := sight(t, b); strings.Count(got, "returned") != 20 || strings.Count(got, "\n") != 30 {
		t.Fatal(got)
	}
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
}

func TestALateWriteOfAnEarlierRowChangesNothing(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	load(t, b, before()...)
	im := begin(t, b, false)
	rows := []core.OrderRow{coretest.Row("1", "first", "2023-06-01", core.StatusPlaced), coretest.Row("1", "last", "2023-06-01", core.StatusPlaced)}
	for i := range rows {
		if im.stage.join(&rows[i]); i == 0 {
			continue
		}
		if err := im.stage.write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	late := staging{h: im.h, batch: im.batch, into: im.stage.into}
	late.join(&rows[0])
	if err := late.update(t.Context(), []int{0}); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), 2, 0); err != nil {
		t.Fatal(err)
	}
	if got := sight(t, b); strings.Contains(got, "first") || !strings.Contains(got, "last") {
		t.Fatal(got)
	}
}
