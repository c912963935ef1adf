package orders

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func goodRecord(n int) core.Record {
	return core.Record{Line: n + 2, Cells: []string{fmt.Sprint("A", n), fmt.Sprintf("shop-%d_%d", n%40, n%40), "2023-01-01", "Shipped", "5", "", ""}}
}

func goodRecords(n int) []core.Record {
	records := make([]core.Record, n)
	for i := range records {
		records[i] = goodRecord(i)
	}
	return records
}

// within fails the test when f does not come back: a goroutine waits for ever.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the import does not end")
	}
}

func TestEveryRowArrivesInFileOrderThroughRecycledBatches(t *testing.T) {
	into, progress := &fakeImport{}, &core.Progress{}
	records := goodRecords(5*batchRows + 17)
	outcome, err := Importer{Reading: plan(t), Rows: &fakeRows{records: records}, Into: into, Progress: progress}.Run(context.Background())
	if err != nil || len(into.rows) != len(records) || outcome.Rows != int64(len(records)) || progress.State().Done != outcome.Rows {
		t.Fatalf("%d rows put, outcome %+v, progress %+v, %v", len(into.rows), outcome, progress.State(), err)
	}
	for i, r := range into.rows {
		if r.OrderID != records[i].Cells[0] {
			t.Fatalf("row %d is %s", i, r.OrderID)
		}
	}
}

func TestTheOutcomeCountsRejectsStatusesAndStrangers(t *testing.T) {
	cells := [][]string{
		{"A1", "my-shop_1", "2023-01-01", "Shipped", "1", "", ""},
		{"A2", "guest", "2023-01-01", "Shipped ", "x", "", "bad"},
		{"A3", "guest", "2023-01-01", "Gone fishing", "", "", ""},
		{"A4", "other guest", "2023-01-01", "", "", "", ""},
		{"", "my-shop_1", "2023-01-01", "Shipped", "", "", ""},
		{"A5", "never counted", "2023-02-30", "Shipped", "", "", ""},
		{"A6", "my-shop_1", "2023-02-31", "Shipped", "", "", ""},
		{"", "", "", "", "", "", ""},
	}
	rows := &fakeRows{}
	for i, c := range cells {
		rows.records = append(rows.records, core.Record{Line: i + 2, Cells: c})
	}
	var rejected []string
	into := &fakeImport{}
	o, err := Importer{Reading: plan(t), Rows: rows, Into: into, Rejects: rejectsFunc(func(rec core.Record, column, reason string) error {
		rejected = append(rejected, fmt.Sprintf("%d %s %s", rec.Line, column, reason))
		return nil
	})}.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var result core.ImportResult
	o.Report(&result)
	if result.Rows != 7 || result.Rejected != 3 || len(into.rows) != 4 || o.DroppedAmounts != 1 || o.DroppedEmails != 1 {
		t.Errorf("outcome %+v", o)
	}
	// The customer of a rejected row is not in the book, so it does not count.
	if result.UnrecognisedCustomers != 2 || o.UnrecognisedAtLeast {
		t.Errorf("%d unrecognised customers", result.UnrecognisedCustomers)
	}
	want := []string{"6 order no order id", `7 date "2023-02-30" is not a day of the calendar`, `8 date "2023-02-31" is not a day of the calendar`}
	if strings.Join(rejected, "|") != strings.Join(want, "|") {
		t.Errorf("rejects %q", rejected)
	}
	if fmt.Sprint(result.RejectReasons) != "[{not a date 2} {no order id 1}]" || len(result.FirstRejects) != 3 {
		t.Errorf("reasons %v, first %v", result.RejectReasons, result.FirstRejects)
	}
	if fmt.Sprint(result.SeenStatuses) != "[{Shipped shipped true 2} {Gone fishing other false 1}]" || fmt.Sprint(result.UnknownStatuses) != "[{Gone fishing other false 1}]" {
		t.Errorf("seen %v, unknown %v", result.SeenStatuses, result.UnknownStatuses)
	}
}

func TestCountingStaysBounded(t *testing.T) {
	rows := &fakeRows{}
	for i := range 3000 {
		rows.records = append(rows.records, core.Record{Line: i, Cells: []string{fmt.Sprint(i), "my-shop_1", "2023-01-01", fmt.Sprint("state ", i), "", "", ""}})
	}
	for i := range 150 {
		rows.records = append(rows.records, core.Record{Line: i, Cells: []string{"", "x"}})
	}
	o, err := Importer{Reading: plan(t), Rows: rows, Into: &fakeImport{}}.Run(context.Background())
	if err != nil || len(o.SeenStatuses) != maxSpellings || o.UnlistedStatuses != 3000-maxSpellings || len(o.FirstRejects) != maxFirstRejects || o.Rejected != 150 || o.Rows != 3150 {
		t.Errorf("%d spellings, %d unlisted, %d first rejects, %v", len(o.SeenStatuses), o.UnlistedStatuses, len(o.FirstRejects), err)
	}
	d := newDistinct(3)
	for _, s := range []string{"a", "b", "a", "c"} {
		d.add(s)
	}
	if len(d.hashes) != 3 || d.full {
		t.Errorf("3 of 3: %d, full %v", len(d.hashes), d.full)
	}
	if d.add("d"); len(d.hashes) != 3 || !d.full {
		t.Errorf("a fourth: %d, full %v", len(d.hashes), d.full)
	}
	m := newMemo[int](2)
	for i := range 9 {
		m.put(fmt.Sprint(i), i)
	}
	if len(m.seen) > 2 {
		t.Errorf("the memo holds %d", len(m.seen))
	}
}

func TestAFailingBookEndsTheReadingToo(t *testing.T) {
	full := core.NewError(core.CodeUnavailable, "book.put", "The disk is full. Nothing was changed.", nil)
	for name, c := range map[string]struct {
		err  error
		code core.Code
	}{"its own error": {full, core.CodeUnavailable}, "a bare error": {errors.New("boom"), core.CodeInternal}} {
		puts, read := 0, 0
		rows := rowsFunc(func() (core.Record, error) { read++; return goodRecord(read), nil }) // never ends by itself
		within(t, func() {
			_, err := Importer{Reading: plan(t), Rows: rows, Into: &fakeImport{put: func(context.Context, []core.OrderRow) error {
				if puts++; puts == 2 {
					return c.err
				}
				return nil
			}}}.Run(context.Background())
			if core.ErrorCode(err) != c.code || !errors.Is(err, c.err) || puts != 2 {
				t.Errorf("%s: %v after %d puts", name, err, puts)
			}
		})
		if read > (2+2*batchBuffers)*batchRows {
			t.Errorf("%s: read %d rows beyond the failure", name, read)
		}
	}
}

func TestABrokenFileEndsTheImportWithItsOwnSentence(t *testing.T) {
	broken := core.NewError(core.CodeInvalid, "tabular.next", "The file ends inside a quoted cell.", nil)
	for _, cause := range []error{broken, io.ErrUnexpectedEOF} {
		into := &fakeImport{}
		_, err := Importer{Reading: plan(t), Rows: &fakeRows{records: goodRecords(10), err: cause}, Into: into}.Run(context.Background())
		if !errors.Is(err, cause) || core.ErrorMessage(err) == "" {
			t.Errorf("%v became %v", cause, err)
		}
	}
}

func TestAnUnwritableRejectsFileEndsTheImport(t *testing.T) {
	rows := &fakeRows{records: append(goodRecords(3), core.Record{Line: 5, Cells: []string{"", "x"}})}
	_, err := Importer{Reading: plan(t), Rows: rows, Into: &fakeImport{}, Rejects: rejectsFunc(func(core.Record, string, string) error { return os.ErrPermission })}.Run(context.Background())
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(core.ErrorMessage(err), "line 5") {
		t.Errorf("got %v", err)
	}
}

func TestCancelStopsReadingAndStoring(t *testing.T) {
	for _, rejectAll := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		read := 0
		rows := rowsFunc(func() (core.Record, error) {
			if read++; read == 3*batchRows {
				cancel()
			}
			if rejectAll {
				return core.Record{Line: read, Cells: []string{"", "x"}}, nil
			}
			return goodRecord(read), nil
		})
		within(t, func() {
			_, err := Importer{Reading: plan(t), Rows: rows, Into: &fakeImport{}}.Run(ctx)
			if core.ErrorCode(err) != core.CodeCanceled || !strings.Contains(core.ErrorMessage(err), "order book is as it was") {
				t.Errorf("got %v", err)
			}
		})
		if read > (3+2*batchBuffers)*batchRows {
			t.Errorf("read %d rows after the cancel", read)
		}
	}
}

func TestACancelWhileTheBookStoresIsACancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	within(t, func() {
		_, err := Importer{Reading: plan(t), Rows: &fakeRows{records: goodRecords(9 * batchRows)}, Into: &fakeImport{put: func(ctx context.Context, _ []core.OrderRow) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}}}.Run(ctx)
		if core.ErrorCode(err) != core.CodeCanceled {
			t.Errorf("got %v", err)
		}
	})
}

// TestTheAmazonReportIsKeptAsItsOrders reads the real report as issue 2 wants it.
func TestTheAmazonReportIsKeptAsItsOrders(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "orders", "amazon_sale_report.csv.gz"))
	if err != nil {
		t.Skip("the Amazon sale report is not here: " + err.Error())
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	table := csv.NewReader(unzipped)
	header, err := table.Read()
	if err != nil {
		t.Fatal(err)
	}
	r := Reading{Header: header, Vocabulary: NewVocabulary(), Identities: mustIdentities(t, `^\d{6}$`), Date: func(cell string) (core.Day, error) {
		for _, layout := range []string{"01-02-06", "01-02-2006"} {
			if at, err := time.Parse(layout, cell); err == nil {
				return core.DayOf(at), nil
			}
		}
		return 0, fmt.Errorf("%q is not a date", cell)
	}}
	for f, name := range map[core.Field]string{core.FieldID: "Order ID", core.FieldCustomer: "ship-postal-code", core.FieldDate: "Date", core.FieldStatus: "Status"} {
		r.Columns = append(r.Columns, core.ColumnChoice{Field: f, Column: name, Index: headerIndex(header, name)})
	}
	into := &fakeImport{}
	o, err := Importer{Reading: r, Into: into, Rows: rowsFunc(func() (core.Record, error) {
		cells, err := table.Read()
		line, _ := 0, 0
		if err == nil {
			line, _ = table.FieldPos(0)
		}
		return core.Record{Line: line, Cells: cells}, err
	})}.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	counts, _ := into.Settle(context.Background())
	if len(into.rows) != 128_941 || counts.OrdersNew != 120_201 || o.Rejected != 35 || fmt.Sprint(o.RejectReasons) != "[{no customer 35}]" {
		t.Errorf("%d rows kept as %d orders, %d rejected: %v", len(into.rows), counts.OrdersNew, o.Rejected, o.RejectReasons)
	}
	if len(o.SeenStatuses) != 13 || len(o.UnknownStatuses) != 0 || o.UnrecognisedCustomers != 0 {
		t.Errorf("statuses %v, unknown %v, %d unrecognised", o.SeenStatuses, o.UnknownStatuses, o.UnrecognisedCustomers)
	}
}

// benchRecords is a million-order file in small: 40,000 customers, 730 days, a made-up order id each.
func benchRecords() []core.Record {
	records := make([]core.Record, 100_000)
	words := []string{"Shipped", "Delivered", "Cancelled", "Returned", "Pending"}
	for i := range records {
		day := core.Day(19000 + i*7919%730).String()
		c := i * 7877 % 40_000
		records[i] = core.Record{Line: i, Cells: []string{fmt.Sprintf("405-%07d", i), fmt.Sprintf("my-shop-%d_%d", c, c), day, words[i%len(words)], "647", "", ""}}
	}
	return records
}

// BenchmarkValidate is the reading side alone, ns for one row.
func BenchmarkValidate(b *testing.B) {
	records := benchRecords()
	reader, err := plan(b).reader()
	if err != nil {
		b.Fatal(err)
	}
	var row core.OrderRow
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, v := reader.read(records[i%len(records)], &row); v != rowGood {
			b.Fatal(records[i%len(records)])
		}
	}
}

// BenchmarkImporterMillionRows is a file of 1,000,000 rows into a book that takes no time.
func BenchmarkImporterMillionRows(b *testing.B) {
	records := benchRecords()
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		rows := rowsFunc(func() (core.Record, error) {
			if n == 1_000_000 {
				return core.Record{}, io.EOF
			}
			n++
			return records[n%len(records)], nil
		})
		o, err := Importer{Reading: plan(b), Rows: rows, Into: &fakeImport{put: func(context.Context, []core.OrderRow) error { return nil }}}.Run(context.Background())
		if err != nil || o.Rows != 1_000_000 {
			b.Fatal(o.Rows, err)
		}
	}
}
