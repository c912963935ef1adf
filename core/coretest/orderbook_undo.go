package coretest

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func keepsEachLine(t *testing.T, b *book) {
	lines := []core.OrderRow{
		Line("1", "1", "a_1", "2023-06-01", shipped), Line("1", "2", "a_1", "2023-06-02", returned),
		Line("2", "1", "a_1", "2023-06-01", placed), Line("1", "3", "a_1", "2023-06-03", shipped), Line("1", "1", "a_1", "2023-06-03", placed),
	}
	for i := range lines {
		lines[i].Amount, lines[i].HasAmount = 1000, true
	}
	b.want(lines, 2, 0, 0)
	want := []core.Order{
		{OrderID: "1", Customer: "a_1", Day: Day("2023-06-03"), Statuses: core.NewStatusSet(placed, returned, shipped), Status: placed, RawStatus: "placed", Amount: 3000, HasAmount: true, Lines: 3},
		{OrderID: "2", Customer: "a_1", Day: Day("2023-06-01"), Statuses: core.NewStatusSet(placed), Status: placed, RawStatus: "placed", Amount: 1000, HasAmount: true, Lines: 1},
	}
	equal(t, "orders", b.orders("a_1"), want)
	b.want(lines, 0, 0, 2)
	equal(t, "orders", b.orders("a_1"), want)
	lines[2].Amount++
	b.want(lines, 0, 1, 1)
}

func linesJoinOverImports(t *testing.T, b *book) {
	b.load(Line("1", "1", "a_1", "2023-06-01", cancelled), Line("2", "1", "a_1", "2023-06-01", placed))
	b.want([]core.OrderRow{Line("1", "2", "a_1", "2023-06-02", shipped)}, 0, 1, 0)
	o := b.orders("a_1")[0]
	equal(t, "statuses", o.Statuses, core.NewStatusSet(cancelled, shipped))
	equal(t, "lines", o.Lines, 2)
	equal(t, "status", o.Status, shipped)
	b.want([]core.OrderRow{Line("1", "1", "a_1", "2023-06-02", shipped)}, 0, 1, 0)
	equal(t, "statuses", b.orders("a_1")[0].Statuses, core.NewStatusSet(shipped))
}

func linesAndPlainRows(t *testing.T, b *book) {
	line1, line2 := Line("1", "1", "a_1", "2023-06-01", cancelled), Line("1", "2", "a_1", "2023-06-01", shipped)
	plain := Row("1", "a_1", "2023-06-01", shipped)
	b.load(line1, line2)
	b.want([]core.OrderRow{plain}, 0, 1, 0)
	equal(t, "order", b.only("a_1"), core.Order{OrderID: "1", Customer: "a_1", Day: plain.Day, Statuses: core.NewStatusSet(shipped), Status: shipped, RawStatus: "shipped"})
	b.want([]core.OrderRow{line1}, 0, 1, 0)
	equal(t, "lines", b.only("a_1").Lines, 1)
	equal(t, "statuses", b.only("a_1").Statuses, core.NewStatusSet(cancelled))
}

func undoRemovesAndRestores(t *testing.T, b *book) {
	first := Row("1", "a_1", "2023-06-01", cancelled)
	b.load(first, Row("2", "a_1", "2023-06-02", cancelled))
	before := b.dump()
	id, _ := b.load(Row("2", "b_2", "2023-06-02", returned), Row("3", "c_3", "2023-06-03", cancelled), first)
	equal(t, "result", b.undo(id), core.UndoResult{ImportID: id, Removed: 1, Restored: 1})
	equal(t, "book", b.dump(), before)
	_, err := b.Undo(t.Context(), id, noon, new(core.Progress))
	b.refused(err, core.CodeConflict)
	_, err = b.Undo(t.Context(), 99, noon, new(core.Progress))
	b.refused(err, core.CodeNotFound)
	b.want([]core.OrderRow{Row("3", "c_3", "2023-06-03", cancelled)}, 1, 0, 0)
	equal(t, "result", b.undo(1), core.UndoResult{ImportID: 1, Removed: 2})
	equal(t, "customers", b.customers(), []string{"c_3"})
	equal(t, "result", b.undo(3), core.UndoResult{ImportID: 3, Removed: 1})
	equal(t, "customers", b.customers(), []string{})
}

func undoRefuses(t *testing.T, b *book) {
	b.load(Row("1", "a_1", "2023-06-01", placed), Row("2", "a_1", "2023-06-01", placed))
	second, _ := b.load(Row("2", "a_1", "2023-06-01", shipped))
	before := b.dump()
	_, err := b.Undo(t.Context(), 1, noon, new(core.Progress))
	b.refused(err, core.CodeConflict)
	if m := core.ErrorMessage(err); !strings.Contains(m, "import 2") || !strings.Contains(m, "orders.csv") {
		t.Fatal("the sentence does not name the later import:", m)
	}
	equal(t, "book", b.dump(), before)
	// Once the later one is undone nothing stands in the way.
	b.undo(second)
	b.undo(1)
	equal(t, "customers", b.customers(), []string{})
}

func undoRestoresLines(t *testing.T, b *book) {
	lines := []core.OrderRow{Line("1", "1", "a_1", "2023-06-01", cancelled), Line("1", "2", "a_1", "2023-06-01", shipped)}
	b.load(lines...)
	before := b.dump()
	for _, change := range []core.OrderRow{
		Row("1", "a_1", "2023-06-01", placed), Line("1", "2", "a_1", "2023-06-01", returned), Line("1", "3", "b_2", "2023-07-01", returned),
	} {
		id := b.want([]core.OrderRow{change}, 0, 1, 0)
		b.undo(id)
		equal(t, "book", b.dump(), before)
		b.want(lines, 0, 0, 1) // the lines themselves are back too
	}
}
