package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskwatch/core"
)

const threeCancelled = `order_id,customer_id,order_date,status,amount
A1,acme_1,2023-06-01,Cancelled,10.00
A2,acme_1,2023-06-02,cancelled ,11.00
A3,acme_1,2023-06-30,Returned,12.50
A4,acme_1,2023-07-01,Cancelled,9.00
B1,bolt_2,2023-06-05,Delivered,5.00
C1,nobody at all,2023-06-06,Cancelled,5.00
D1,,2023-06-06,Cancelled,5.00
E1,acme_1,2023-02-30,Cancelled,5.00
`

type importJSON struct {
	ImportID        int64 `json:"import_id"`
	Rows            int64
	OrdersNew       int64  `json:"orders_new"`
	OrdersChanged   int64  `json:"orders_changed"`
	OrdersUnchanged int64  `json:"orders_unchanged"`
	Rejected        int64  `json:"rejected"`
	Unrecognised    int64  `json:"unrecognised_customers"`
	RejectsFile     string `json:"rejects_file"`
	Detected        struct {
		Encoding, Delimiter string
		HeaderLine          int               `json:"header_line"`
		DateFormat          string            `json:"date_format"`
		Map                 map[string]string `json:"map"`
	}
}

func TestOrdersFileBecomesBreachesAndAMail(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "orders.csv", threeCancelled)

	var im importJSON
	callJSON(t, dir, &im, "orders", "import", file)
	if im.ImportID != 1 || im.Rows != 8 || im.OrdersNew != 6 || im.Rejected != 2 || im.Unrecognised != 1 {
		t.Errorf("import: %+v", im)
	}
	if im.Detected.DateFormat != "iso" || im.Detected.Map["id"] != "order_id" || im.Detected.HeaderLine != 1 {
		t.Errorf("detected: %+v", im.Detected)
	}

	var again importJSON
	callJSON(t, dir, &again, "orders", "import", file)
	if again.OrdersNew != 0 || again.OrdersChanged != 0 || again.OrdersUnchanged != 6 {
		t.Errorf("the second import changed something: %+v", again)
	}

	var breaches []map[string]any
	callJSON(t, dir, &breaches, "orders", "breaches")
	if len(breaches) != 1 || breaches[0]["customer"] != "acme_1" || breaches[0]["period"] != "2023-06" || breaches[0]["count"] != 3.0 || breaches[0]["name"] != "acme" {
		t.Fatalf("breaches: %v", breaches)
	}

	var check core.CheckResult
	callJSON(t, dir, &check, "alerts", "run")
	if check.Breaches != 1 || check.Queued != 0 || check.Skipped[core.ReasonBaseline] != 1 {
		t.Errorf("the first run is not a baseline: %+v", check)
	}
	callJSON(t, dir, &check, "alerts", "run", "--send-backlog")
	if check.Queued != 1 {
		t.Errorf("the backlog was not queued: %+v", check)
	}
	check = core.CheckResult{}
	callJSON(t, dir, &check, "alerts", "run")
	if check.Queued != 0 || check.Skipped[core.ReasonAlreadyMailed] != 1 {
		t.Errorf("the same breach was mailed twice: %+v", check)
	}

	var sent core.SendResult
	callJSON(t, dir, &sent, "outbox", "send")
	if sent.Sent != 1 || sent.Left != 0 {
		t.Errorf("outbox send: %+v", sent)
	}
	var mails []core.Delivery
	callJSON(t, dir, &mails, "outbox", "list")
	if len(mails) != 1 || mails[0].State != core.DeliverySent || mails[0].Via != "sandbox" || !strings.Contains(mails[0].Subject, "June 2023") {
		t.Errorf("outbox list: %+v", mails)
	}
}

func TestRejectsFileImportsOnceFixed(t *testing.T) {
	dir := t.TempDir()
	var im importJSON
	callJSON(t, dir, &im, "orders", "import", writeFile(t, "orders.csv", threeCancelled))
	text, err := os.ReadFile(im.RejectsFile)
	if err != nil {
		t.Fatal(err)
	}
	fixed := strings.NewReplacer("D1,,", "D1,dora_4,", "2023-02-30", "2023-02-28").Replace(string(text))
	var back importJSON
	callJSON(t, dir, &back, "orders", "import", writeFile(t, "fixed.csv", fixed))
	if back.OrdersNew != 2 || back.Rejected != 0 {
		t.Errorf("the fixed rejects gave %+v from\n%s", back, fixed)
	}
}

func TestUndoBringsBackWhatAnImportOverwrote(t *testing.T) {
	dir := t.TempDir()
	var im importJSON
	callJSON(t, dir, &im, "orders", "import", writeFile(t, "a.csv", threeCancelled))
	callJSON(t, dir, &im, "orders", "import", writeFile(t, "b.csv", strings.ReplaceAll(threeCancelled, "Cancelled", "Delivered")))
	if im.OrdersChanged == 0 {
		t.Fatalf("nothing changed: %+v", im)
	}
	var none []any
	callJSON(t, dir, &none, "orders", "breaches")
	if len(none) != 0 {
		t.Fatalf("still breaches: %v", none)
	}
	var undo core.UndoResult
	callJSON(t, dir, &undo, "orders", "undo", "2")
	if undo.Restored != im.OrdersChanged || undo.Removed != 0 {
		t.Errorf("undo: %+v", undo)
	}
	callJSON(t, dir, &none, "orders", "breaches")
	if len(none) != 1 {
		t.Errorf("after the undo: %v", none)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	dir := t.TempDir()
	var im importJSON
	callJSON(t, dir, &im, "orders", "import", writeFile(t, "a.csv", threeCancelled), "--dry-run")
	if im.ImportID != 0 || im.OrdersNew != 6 || im.RejectsFile != "" {
		t.Errorf("dry run: %+v", im)
	}
	var im2 importJSON
	callJSON(t, dir, &im2, "orders", "import", writeFile(t, "a.csv", threeCancelled))
	if im2.OrdersNew != 6 || im2.ImportID != 1 {
		t.Errorf("the dry run left something: %+v", im2)
	}
}

func TestAmbiguousDatesAreAskedFor(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "a.csv", "order_id,customer_id,date,status\n1,a_1,03/04/2023,Cancelled\n2,a_1,05/06/2023,Cancelled\n")
	status, _, errs := call(t, dir, "orders", "import", file)
	if status != 1 || !strings.Contains(errs, "--date-format") {
		t.Errorf("status %d: %s", status, errs)
	}
	var im importJSON
	callJSON(t, dir, &im, "orders", "import", file, "--date-format", "day-first")
	if im.OrdersNew != 2 || im.Detected.DateFormat != "day-first" {
		t.Errorf("told day-first: %+v", im)
	}
}

func TestStatusesCanComeFromAPrefixOfAnotherColumn(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "a.csv", "InvoiceNo,CustomerID,InvoiceDate\n536365,a_1,12/1/2010 8:26\nC536379,a_1,12/13/2010 9:41\nC536383,a_1,12/14/2010 9:49\nC536391,a_1,12/15/2010 10:24\n")
	if status, _, errs := call(t, dir, "orders", "import", file); status != 1 || !strings.Contains(errs, "--status-prefix") {
		t.Errorf("without statuses: status %d: %s", status, errs)
	}
	var im importJSON
	callJSON(t, dir, &im, "orders", "import", file, "--status-prefix", "InvoiceNo:C=cancelled")
	var breaches []core.Breach
	callJSON(t, dir, &breaches, "orders", "breaches", "--statuses", "cancelled", "--from", "2010-12", "--to", "2010-12")
	if len(breaches) != 1 || breaches[0].Count != 3 {
		t.Errorf("breaches: %+v", breaches)
	}
	callJSON(t, dir, &breaches, "orders", "breaches", "--statuses", "placed", "--min", "1")
	if len(breaches) != 1 || breaches[0].Count != 1 {
		t.Errorf("placed: %+v", breaches)
	}
}

func TestWrongUsageEndsWithStatusTwo(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{}, {"orders"}, {"orders", "import"}, {"orders", "frobnicate"}, {"--no-such-flag"},
		{"orders", "import", "x.csv", "--map", "nonsense"}, {"orders", "import", "x.csv", "--status", "Lost=nowhere"},
		{"orders", "import", "x.csv", "--customer-pattern", "("}, {"orders", "undo", "first"},
		{"orders", "breaches", "--min", "0"}, {"orders", "breaches", "--from", "June"},
	} {
		if status, out, errs := call(t, dir, args...); status != 2 || out != "" || !strings.Contains(errs, "--help") {
			t.Errorf("%q: status %d, stdout %q, stderr %q", args, status, out, errs)
		}
	}
}

func TestDataFolderThatCannotBeUsedIsOneSentence(t *testing.T) {
	file := writeFile(t, "not-a-folder", "x")
	status, out, errs := call(t, file, "orders", "breaches")
	if status != 1 || out != "" || strings.Count(strings.TrimSpace(errs), "\n") != 0 || !strings.Contains(errs, "data folder") {
		t.Errorf("status %d, stdout %q, stderr %q", status, out, errs)
	}
}

func TestSampleDataComesAndGoesWhole(t *testing.T) {
	dir := t.TempDir()
	var im importJSON
	callJSON(t, dir, &im, "demo", "load")
	var breaches []core.Breach
	callJSON(t, dir, &breaches, "orders", "breaches")
	var open core.TicketPage
	callJSON(t, dir, &open, "tickets", "list", "--query", "is:open")
	if im.OrdersNew < 500 || len(breaches) < 5 || open.Total < 10 {
		t.Errorf("the sample has %d orders, %d breaches and %d open tickets", im.OrdersNew, len(breaches), open.Total)
	}
	for _, b := range breaches {
		if b.Email != "" && !strings.HasSuffix(b.Email, "@example.com") {
			t.Errorf("%s has the address %s", b.Customer, b.Email)
		}
	}
	if status, _, errs := call(t, dir, "demo", "load"); status != 1 || !strings.Contains(errs, "empty") {
		t.Errorf("loading twice: status %d: %s", status, errs)
	}
	var check core.CheckResult
	callJSON(t, dir, &check, "alerts", "run", "--send-backlog")
	if check.Queued != 5 || check.Skipped[core.ReasonOverCap] != len(breaches)-5 {
		t.Errorf("the cap does not hold: %+v of %d", check, len(breaches))
	}
	var undo core.UndoResult
	callJSON(t, dir, &undo, "demo", "remove")
	var mails []core.Delivery
	callJSON(t, dir, &mails, "outbox", "list")
	callJSON(t, dir, &breaches, "orders", "breaches", "--min", "1")
	callJSON(t, dir, &open, "tickets", "list", "--query", "is:open")
	if open.Total != 0 || undo.SampleTickets < 300 {
		t.Errorf("%d sample tickets are still open; %d were removed", open.Total, undo.SampleTickets)
	}
	if undo.Removed != im.OrdersNew || len(mails) != 0 || len(breaches) != 0 {
		t.Errorf("left behind: removed %d of %d, %d mails, %d breaches", undo.Removed, im.OrdersNew, len(mails), len(breaches))
	}
	callJSON(t, dir, &im, "orders", "import", writeFile(t, "a.csv", threeCancelled))
	check = core.CheckResult{}
	callJSON(t, dir, &check, "alerts", "run")
	if check.Skipped[core.ReasonBaseline] != 1 {
		t.Errorf("after the sample the first own run is no baseline: %+v", check)
	}
}

// TestAmazonFile is the real file: everything but the customer column is recognised.
func TestAmazonFile(t *testing.T) {
	file := unzipped(t, "orders/amazon_sale_report.csv.gz")
	dir := t.TempDir()
	args := []string{"orders", "import", file, "--map", "customer=ship-postal-code", "--customer-pattern", `^\d{6}$`}
	var im importJSON
	callJSON(t, dir, &im, args...)
	if im.Rows != 128976 || im.Rejected != 35 || im.OrdersNew != 120201 || im.Unrecognised != 0 || im.Detected.DateFormat != "month-first" {
		t.Errorf("import: %+v", im)
	}
	var again importJSON
	callJSON(t, dir, &again, args...)
	if again.OrdersNew+again.OrdersChanged != 0 || again.OrdersUnchanged != 120201 {
		t.Errorf("the second import: %+v", again)
	}
	var breaches []core.Breach
	callJSON(t, dir, &breaches, "orders", "breaches")
	if len(breaches) == 0 {
		t.Fatal("no breaches")
	}
	for i := 1; i < len(breaches); i++ {
		a, b := breaches[i-1], breaches[i]
		if a.Period > b.Period || a.Period == b.Period && a.Customer >= b.Customer {
			t.Fatalf("not sorted by period, customer: %+v before %+v", a, b)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "orders.db")); err != nil {
		t.Error(err)
	}
}
