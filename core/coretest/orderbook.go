package coretest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// OrderBookContract is what every orders.OrderBook has to do. open returns an empty book
// that lives as long as its test.
func OrderBookContract(t *testing.T, open func(t *testing.T) orders.OrderBook) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, b *book)
	}{
		{"EmptyUntilTheFirstImport", emptyUntilTheFirstImport},
		{"CountsNewChangedAndUnchanged", countsNewChangedAndUnchanged},
		{"KeepsTheLastRowOfARepeatedOrder", keepsTheLastRow},
		{"ChangedAndChangedBackIsUnchanged", changedAndChangedBack},
		{"EveryFieldCountsAsAChange", everyFieldCounts},
		{"KeepsEachLineOfAnOrder", keepsEachLine},
		{"LinesJoinOverImports", linesJoinOverImports},
		{"LinesAndPlainRowsReplaceEachOther", linesAndPlainRows},
		{"UndoRemovesAndRestores", undoRemovesAndRestores},
		{"UndoRefusesWhatALaterImportChanged", undoRefuses},
		{"UndoRestoresLines", undoRestoresLines},
		{"RollbackLeavesTheBookAsItWas", rollbackLeavesAll},
		{"CancelLeavesTheBookAsItWas", cancelLeavesAll},
		{"NothingIsVisibleBeforeCommit", nothingIsVisible},
		{"OneImportAtATime", oneImportAtATime},
		{"BreachesCountDistinctOrders", breachesCountDistinct},
		{"BreachesFilter", breachesFilter},
		{"BreachesListBoundedIDs", breachesListBoundedIDs},
		{"BreachesCarryNames", breachesCarryNames},
		{"WindowsOfDaysCrossMonthsAndYears", windowsOfDays},
		{"TheWindowWithTheMostOrdersCountsForItsMonth", windowsOfAMonth},
		{"WindowsListTheirOwnOrders", windowsListIDs},
		{"OrdersPageNewestFirst", ordersPage},
		{"CustomersPage", customersPage},
		{"ClientsAreAddedOnce", clientsAreAddedOnce},
		{"ClientsAreFoundAndChanged", clientsAreFoundAndChanged},
		{"OddTextsSurvive", oddTexts},
		{"ImportsAreListedNewestFirst", importsListed},
		{"AgreesWithAPlainComputation", agreesWithModel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, &book{t: t, OrderBook: open(t)}) })
	}
}

var noon = time.Date(2023, 7, 1, 12, 0, 0, 0, time.UTC)

// book is an order book whose calls fail the test.
type book struct {
	t *testing.T
	orders.OrderBook
}

func (b *book) check(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func (b *book) refused(err error, code core.Code) {
	b.t.Helper()
	if got := core.ErrorCode(err); got != code {
		b.t.Fatalf("want code %q, got %q: %v", code, got, err)
	}
}

func (b *book) begin(rows ...core.OrderRow) orders.Import {
	b.t.Helper()
	lines := len(rows) > 0 && rows[0].LineID != ""
	im, err := b.Begin(b.t.Context(), orders.ImportStart{File: "orders.csv", Kind: core.ImportFile, At: noon, HasLines: lines, Progress: new(core.Progress)})
	b.check(err)
	b.check(im.Put(b.t.Context(), rows))
	return im
}

// load imports rows as a whole and returns the import's id.
func (b *book) load(rows ...core.OrderRow) (int64, core.ImportCounts) {
	b.t.Helper()
	im := b.begin(rows...)
	defer func() { b.check(im.Rollback()) }()
	counts, err := im.Settle(b.t.Context())
	b.check(err)
	id, err := im.Commit(b.t.Context(), int64(len(rows)), 0)
	b.check(err)
	return id, counts
}

func (b *book) want(rows []core.OrderRow, fresh, changed, same int64) int64 {
	b.t.Helper()
	id, counts := b.load(rows...)
	equal(b.t, "counts", counts, core.ImportCounts{OrdersNew: fresh, OrdersChanged: changed, OrdersUnchanged: same})
	return id
}

func (b *book) undo(id int64) core.UndoResult {
	b.t.Helper()
	r, err := b.Undo(b.t.Context(), id, noon, new(core.Progress))
	b.check(err)
	return r
}

// orders lists all orders of a customer.
func (b *book) orders(customer string) []core.Order {
	b.t.Helper()
	p, err := b.Orders(b.t.Context(), core.OrderQuery{Customer: customer, Limit: 1000})
	b.check(err)
	return p.Orders
}

func (b *book) only(customer string) core.Order {
	b.t.Helper()
	list := b.orders(customer)
	if len(list) != 1 {
		b.t.Fatalf("want one order of %s, got %v", customer, list)
	}
	return list[0]
}

func (b *book) customers() []string {
	b.t.Helper()
	p, err := b.Customers(b.t.Context(), core.CustomerQuery{Limit: 10_000})
	b.check(err)
	names := []string{}
	for _, c := range p.Customers {
		names = append(names, c.Customer)
	}
	return names
}

func (b *book) breaches(q core.BreachQuery) []core.Breach {
	b.t.Helper()
	list, err := b.Breaches(b.t.Context(), q)
	b.check(err)
	return list
}

// dump is all the book says, for comparing before and after.
func (b *book) dump() string {
	b.t.Helper()
	counts, err := b.Counts(b.t.Context())
	b.check(err)
	s := fmt.Sprintln(counts)
	for _, c := range b.customers() {
		s += fmt.Sprintln(c, b.orders(c))
	}
	return s + fmt.Sprint(b.breaches(core.BreachQuery{Statuses: problems, Threshold: 2, OrderIDs: 1000}))
}

var problems = core.NewStatusSet(core.StatusCancelled, core.StatusReturned)

const (
	placed    = core.StatusPlaced
	shipped   = core.StatusShipped
	cancelled = core.StatusCancelled
	returned  = core.StatusReturned
)

func emptyUntilTheFirstImport(t *testing.T, b *book) {
	for _, want := range []bool{true, false, true} {
		empty, err := b.Empty(t.Context())
		b.check(err)
		equal(t, "empty", empty, want)
		if want {
			im := b.begin(Row("1", "a_1", "2023-06-01", placed))
			empty, err = b.Empty(t.Context())
			b.check(err)
			equal(t, "empty during an import", empty, true)
			b.check(im.Rollback())
			b.load(Row("1", "a_1", "2023-06-01", placed))
		} else {
			list, err := b.Imports(t.Context(), 1)
			b.check(err)
			b.undo(list[0].ID)
		}
	}
}

func countsNewChangedAndUnchanged(t *testing.T, b *book) {
	equal(t, "id", b.want([]core.OrderRow{Row("1", "a_1", "2023-06-01", placed), Row("2", "a_1", "2023-06-02", shipped)}, 2, 0, 0), 1)
	equal(t, "id", b.want([]core.OrderRow{Row("2", "a_1", "2023-06-02", cancelled), Row("3", "b_2", "2023-06-03", placed), Row("1", "a_1", "2023-06-01", placed)}, 1, 1, 1), 2)
	b.want([]core.OrderRow{Row("3", "b_2", "2023-06-03", placed), Row("1", "a_1", "2023-06-01", placed), Row("2", "a_1", "2023-06-02", cancelled)}, 0, 0, 3)
	b.want(nil, 0, 0, 0)
	counts, err := b.Counts(t.Context())
	b.check(err)
	equal(t, "counts", counts, core.BookCounts{Orders: 3, Customers: 2, FirstDay: Day("2023-06-01"), LastDay: Day("2023-06-03")})
}

func keepsTheLastRow(t *testing.T, b *book) {
	b.want([]core.OrderRow{Row("1", "a_1", "2023-06-01", placed), Row("2", "a_1", "2023-06-01", placed), Row("1", "b_2", "2023-06-05", returned), Row("1", "c_3", "2023-06-04", cancelled)}, 2, 0, 0)
	equal(t, "order", b.only("c_3"), core.Order{OrderID: "1", Customer: "c_3", Day: Day("2023-06-04"), Statuses: core.NewStatusSet(cancelled), Status: cancelled, RawStatus: "cancelled"})
	equal(t, "customers", b.customers(), []string{"a_1", "c_3"})
	b.want([]core.OrderRow{Row("1", "c_3", "2023-06-04", placed), Row("1", "c_3", "2023-06-04", returned), Row("2", "a_1", "2023-06-01", placed), Row("2", "a_1", "2023-06-01", placed)}, 0, 1, 1)
	equal(t, "status", b.only("c_3").Status, returned)
}

func changedAndChangedBack(t *testing.T, b *book) {
	rows := []core.OrderRow{Row("1", "a_1", "2023-06-01", placed)}
	for i := range 40 {
		rows = append(rows, Row(fmt.Sprint("x", i), "x_1", "2023-06-01", placed))
	}
	b.load(rows...)
	b.want([]core.OrderRow{Row("1", "b_2", "2023-06-01", placed), Row("1", "a_1", "2023-06-01", placed)}, 0, 0, 1)
	// One that says nothing new and then something new is changed, and not unchanged as well.
	b.want([]core.OrderRow{Row("x9", "x_1", "2023-06-01", placed), Row("x9", "x_1", "2023-06-01", shipped)}, 0, 1, 0)
	// The same with so many new orders between that an implementation may change its way.
	im := b.begin(Row("1", "b_2", "2023-06-01", placed))
	for i := range 100 {
		b.check(im.Put(t.Context(), []core.OrderRow{Row(fmt.Sprint("n", i), "x_1", "2023-06-01", placed)}))
	}
	b.check(im.Put(t.Context(), []core.OrderRow{Row("1", "a_1", "2023-06-01", placed), Row("x3", "x_1", "2023-06-01", placed), Row("n3", "x_1", "2023-06-01", shipped)}))
	counts, err := im.Settle(t.Context())
	b.check(err)
	equal(t, "counts", counts, core.ImportCounts{OrdersNew: 100, OrdersUnchanged: 2})
	_, err = im.Commit(t.Context(), 103, 0)
	b.check(err)
	equal(t, "customers", b.customers(), []string{"a_1", "x_1"})
}

func everyFieldCounts(t *testing.T, b *book) {
	row := Row("1", "a_1", "2023-06-01", placed)
	b.load(row)
	for _, change := range []func(){
		func() { row.Customer = "b_2" },
		func() { row.Day++ },
		func() { row.Status = cancelled },
		func() { row.RawStatus = "CANCELLED" },
		func() { row.HasAmount = true },
		func() { row.Amount = 12_340 },
	} {
		change()
		b.want([]core.OrderRow{row}, 0, 1, 0)
		b.want([]core.OrderRow{row}, 0, 0, 1)
	}
	equal(t, "order", b.only("b_2"), core.Order{
		OrderID: "1", Customer: "b_2", Day: Day("2023-06-02"), Statuses: core.NewStatusSet(cancelled), Status: cancelled,
		RawStatus: "CANCELLED", Amount: 12_340, HasAmount: true,
	})
}

func rollbackLeavesAll(t *testing.T, b *book) {
	b.load(Row("1", "a_1", "2023-06-01", placed), Row("2", "a_1", "2023-06-01", cancelled))
	before := b.dump()
	for _, settle := range []bool{false, true} {
		im := b.begin(Row("1", "b_2", "2023-06-01", cancelled), Row("3", "c_3", "2023-06-01", placed))
		if settle {
			_, err := im.Settle(t.Context())
			b.check(err)
		}
		b.check(im.Rollback())
		b.check(im.Rollback())
		equal(t, "book", b.dump(), before)
	}
	equal(t, "next id", b.want(nil, 0, 0, 0), 2)
}

func cancelLeavesAll(t *testing.T, b *book) {
	b.load(Row("1", "a_1", "2023-06-01", placed))
	before := b.dump()
	for _, settle := range []bool{false, true} {
		im := b.begin(Row("1", "b_2", "2023-06-01", cancelled))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var err error
		if settle {
			_, err = im.Settle(ctx)
		} else {
			err = im.Put(ctx, []core.OrderRow{Row("2", "a_1", "2023-06-01", placed)})
		}
		b.refused(err, core.CodeCanceled)
		_, err = im.Commit(t.Context(), 1, 0)
		if err == nil {
			t.Fatal("a cancelled import was committed")
		}
		b.check(im.Rollback())
		equal(t, "book", b.dump(), before)
		_, err = b.Undo(ctx, 1, noon, new(core.Progress))
		b.refused(err, core.CodeCanceled)
		equal(t, "book", b.dump(), before)
	}
}

func nothingIsVisible(t *testing.T, b *book) {
	im := b.begin(Row("1", "a_1", "2023-06-01", cancelled), Row("2", "a_1", "2023-06-01", cancelled))
	_, err := im.Settle(t.Context())
	b.check(err)
	q := core.BreachQuery{Statuses: problems, Threshold: 2, OrderIDs: 10}
	inside, err := im.Breaches(t.Context(), q)
	b.check(err)
	want := []core.Breach{{Customer: "a_1", Period: core.NewMonth(2023, 6), Count: 2, OrderIDs: []string{"1", "2"}}}
	equal(t, "inside", inside, want)
	if got := b.breaches(q); len(got) != 0 {
		t.Fatal("visible before Commit:", got)
	}
	_, err = im.Commit(t.Context(), 2, 0)
	b.check(err)
	b.check(im.Rollback())
	equal(t, "after", b.breaches(q), want)
}

func oneImportAtATime(t *testing.T, b *book) {
	b.load(Row("1", "a_1", "2023-06-01", placed))
	im := b.begin(Row("2", "a_1", "2023-06-01", placed))
	_, err := b.Begin(t.Context(), orders.ImportStart{At: noon, Progress: new(core.Progress)})
	b.refused(err, core.CodeConflict)
	_, err = b.Undo(t.Context(), 1, noon, new(core.Progress))
	b.refused(err, core.CodeConflict)
	b.check(im.Rollback())
	b.want([]core.OrderRow{Row("2", "a_1", "2023-06-01", placed)}, 1, 0, 0)
}

func importsListed(t *testing.T, b *book) {
	b.load(Row("1", "a_1", "2023-06-01", placed))
	id, _ := b.load(Row("1", "a_1", "2023-06-02", placed), Row("2", "a_1", "2023-06-02", placed))
	b.undo(id)
	list, err := b.Imports(t.Context(), 1000)
	b.check(err)
	undone := noon
	equal(t, "imports", list, []core.ImportRecord{
		{ID: 2, File: "orders.csv", Kind: core.ImportFile, At: noon, UndoneAt: &undone, State: core.ImportUndone, Rows: 2, ImportCounts: core.ImportCounts{OrdersNew: 1, OrdersChanged: 1}},
		{ID: 1, File: "orders.csv", Kind: core.ImportFile, At: noon, State: core.ImportDone, Rows: 1, ImportCounts: core.ImportCounts{OrdersNew: 1}},
	})
	list, err = b.Imports(t.Context(), 0)
	b.check(err)
	if len(list) != 1 || list[0].ID != 2 {
		t.Fatal("a limit of 0 is clamped to 1, got", list)
	}
}

func oddTexts(t *testing.T, b *book) {
	odd := []string{"Ñandú_1", "o'brien_2", "日本_3", "a\"b\nc_4", "%_5", "x\x00y_6", "\u00e9_7", "e\u0301_7", " ", "🙂_8"}
	var rows []core.OrderRow
	for _, s := range odd {
		r := Row("№"+s, s, "2023-06-01", cancelled)
		r.RawStatus, r.Name, r.Email = "Annulé"+s, s, s
		rows = append(rows, r)
	}
	b.want(rows, int64(len(odd)), 0, 0)
	b.want(rows, 0, 0, int64(len(odd)))
	slices.Sort(odd)
	equal(t, "customers", b.customers(), odd)
	list := b.breaches(core.BreachQuery{Statuses: problems, Threshold: 1, OrderIDs: 5})
	for i, s := range odd {
		equal(t, "order", b.only(s).OrderID, "№"+s)
		equal(t, "raw", b.only(s).RawStatus, "Annulé"+s)
		equal(t, "breach", list[i], core.Breach{Customer: s, Name: s, Email: s, Period: core.NewMonth(2023, 6), Count: 1, OrderIDs: []string{"№" + s}})
	}
}
