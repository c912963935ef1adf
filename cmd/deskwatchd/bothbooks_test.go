package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/mongostore/mongotest"
)

// shelf is one data folder and, for MongoDB, the address it is used with.
type shelf struct {
	dir string
	uri string
}

// says runs one command and returns its JSON, with what depends on the clock or the folder
// taken out.
func (s shelf) says(t *testing.T, args ...string) string {
	t.Helper()
	full := append([]string{"--json"}, args...)
	if s.uri != "" {
		full = append([]string{"--orders-uri", s.uri}, full...)
	}
	status, out, errs := call(t, s.dir, full...)
	if status != 0 {
		out = fmt.Sprintf("status %d: %s", status, errs)
	}
	return timeless(strings.ReplaceAll(out, s.dir, "DIR"))
}

// timeless blanks the figures that are times, the name of the rejects file and Message-IDs,
// which differ from one data folder to the next.
func timeless(text string) string {
	for _, p := range [...]string{
		`"seconds":[0-9.e+-]+`, `"(?:at|baseline_at|created_at|sent_at|last_at|next_try)":"[^"]*"`,
		`"rejects_file":"[^"]+"`, `"message_id":"[^"]*"`,
	} {
		text = regexp.MustCompile(p).ReplaceAllStringFunc(text, func(m string) string { return m[:strings.Index(m, ":")] })
	}
	return text
}

// everyCommand is a life of an order book through every command of the headless contract.
func everyCommand(file, changed string, flags ...string) [][]string {
	imp := func(file string, more ...string) []string {
		return append(append([]string{"orders", "import", file}, flags...), more...)
	}
	return [][]string{
		imp(file, "--dry-run"), {"orders", "breaches"}, {"alerts", "run"},
		imp(file), imp(file),
		{"orders", "breaches"}, {"orders", "breaches", "--min", "1", "--statuses", "placed,shipped,delivered,other"},
		{"orders", "breaches", "--days", "30"}, {"orders", "breaches", "--min", "2", "--days", "7"},
		{"orders", "breaches", "--from", "2023-06", "--to", "2023-06"},
		{"orders", "seed"}, {"orders", "seed"}, {"orders", "breaches"},
		{"alerts", "run", "--dry-run"}, {"alerts", "run"}, {"alerts", "rules"},
		{"alerts", "run", "--send-backlog", "--limit", "3"}, {"alerts", "run"},
		imp(changed), {"orders", "breaches"}, {"alerts", "run"},
		{"outbox", "list"}, {"outbox", "send"}, {"outbox", "list"},
		{"orders", "undo", "2"}, {"orders", "undo", "3"}, {"orders", "undo", "3"}, {"orders", "undo", "99"}, {"orders", "breaches"},
		{"demo", "load"}, {"doctor"},
	}
}

// sameOnBoth runs the commands on both books and compares what they say.
func sameOnBoth(t *testing.T, commands [][]string) {
	t.Helper()
	embedded, database := shelf{dir: t.TempDir()}, shelf{dir: t.TempDir(), uri: mongotest.Start(t)}
	for _, args := range commands {
		if e, d := embedded.says(t, args...), database.says(t, args...); e != d {
			t.Errorf("deskwatchd %s\nembedded: %s\nMongoDB:  %s", strings.Join(args, " "), around(e, d), around(d, e))
		}
	}
}

// around shows a where it begins to differ from b.
func around(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return fmt.Sprintf("…%s", a[max(0, n-100):min(len(a), n+200)])
}

// manyOrders is an orders file with repeats, odd customers and dates that are none.
func manyOrders(shift int) string {
	var b bytes.Buffer
	b.WriteString("order_id,customer_id,date,status,amount,customer_name,email\n")
	customers := []string{"acme_1", "bolt-2.x_22", "Ñandú & Cía_333", "nobody at all", "6405d5d4e2a9f0b1c2d3e4f5", "shop with blanks_7"}
	statuses := []string{"Cancelled", "delivered", "RETURNED ", "Shipped", "lost in space", "", "Devuelto", "canceled"}
	for i := range 400 {
		c := customers[(i*i+i/7)%len(customers)]
		name, email := "", ""
		if i%7 == 0 && shift == 0 { // of several names the last one of the file counts
			name = fmt.Sprint("Name ", (i*37)%100)
		}
		if i%5 == 0 && shift == 0 {
			email = fmt.Sprintf("c%d@example.com", (i*53)%100)
		}
		fmt.Fprintf(&b, "O-%03d,%s,2023-%02d-%02d,%s,%d.%02d,%s,%s\n",
			i*3%350, c, 5+(i/3)%3, 1+(i*5)%28, statuses[(i+shift*(i%5))%len(statuses)], i, i%100, name, email)
	}
	b.WriteString("X1,,2023-06-01,Cancelled,1,,\nX2,acme_1,2023-02-30,Cancelled,1,,\n,acme_1,2023-02-03,Cancelled,1,,\n")
	return b.String()
}

func TestEveryCommandSaysTheSameOnBothBooks(t *testing.T) {
	sameOnBoth(t, everyCommand(writeFile(t, "orders.csv", manyOrders(0)), writeFile(t, "changed.csv", manyOrders(1))))
}

func TestTheSampleIsTheSameOnBothBooks(t *testing.T) {
	sameOnBoth(t, [][]string{{"demo", "load"}, {"demo", "load"}, {"orders", "breaches"}, {"alerts", "run", "--send-backlog"}, {"outbox", "list"}, {"demo", "remove"}, {"orders", "breaches", "--min", "1"}, {"outbox", "list"}})
}

func TestTheAmazonFileSaysTheSameOnBothBooks(t *testing.T) {
	if testing.Short() {
		t.Skip("a large file on a slow test server; not in the short run")
	}
	file := unzipped(t, "orders/amazon_sale_report.csv.gz")
	sameOnBoth(t, [][]string{
		{"orders", "import", file, "--map", "customer=ship-postal-code", "--customer-pattern", `^\d{6}$`},
		{"orders", "import", file, "--map", "customer=ship-postal-code", "--customer-pattern", `^\d{6}$`},
		{"orders", "breaches"}, {"orders", "breaches", "--days", "30"}, {"orders", "breaches", "--min", "10", "--statuses", "shipped,delivered"},
		{"orders", "seed"}, {"orders", "breaches"}, {"alerts", "run"}, {"alerts", "run", "--send-backlog"}, {"outbox", "list"}, {"outbox", "send"}, {"doctor"}, {"orders", "undo", "1"},
	})
}

// TestOrdersOfAnotherProgramNeedNothingButTheirAddress runs on documents an older program wrote,
// from a data folder that was never used.
func TestOrdersOfAnotherProgramNeedNothingButTheirAddress(t *testing.T) {
	uri := mongotest.Start(t)
	db := mongotest.Database(t, uri)
	docs := []any{}
	add := func(id, date, status, customer any) {
		docs = append(docs, bson.D{{Key: "shipping_id", Value: id}, {Key: "shipping_date", Value: date}, {Key: "shipping_status", Value: status}, {Key: "order_vendor_dbname", Value: customer}})
	}
	day, _ := core.NewDay(2023, 6, 9)
	add("a1", "2023-06-01", "cancelled", "acme_1")
	add("a1", "2023-06-01", "cancelled", "acme_1") // repeated: counts once
	add("a2", day.Time(), "Returned", "acme_1")
	add(3, "2023-06-30T23:59:00", "CANCELLED", "acme_1")
	add("a4", "2023-02-31", "cancelled", "acme_1") // no day of the calendar
	add("a5", "2023-06-12", nil, "acme_1")
	add("b1", "2023-06-12", "cancelled", "not a customer")
	if _, err := db.Collection("Orders").InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection("Clients").InsertOne(t.Context(), bson.D{{Key: "name", Value: "acme_1"}, {Key: "email", Value: "acme@example.com"}}); err != nil {
		t.Fatal(err)
	}
	s := shelf{dir: t.TempDir(), uri: uri}
	breaches := s.says(t, "orders", "breaches")
	for _, want := range []string{`"customer":"acme_1"`, `"period":"2023-06"`, `"count":3`, `"order_ids":["3","a1","a2"]`, `"email":"acme@example.com"`} {
		if !strings.Contains(breaches, want) {
			t.Errorf("breaches lack %s: %s", want, breaches)
		}
	}
	if got := s.says(t, "alerts", "run"); !strings.Contains(got, `"breaches":1,"queued":0,"skipped":{"baseline":1}`) {
		t.Errorf("alerts run: %s", got)
	}
	if got := s.says(t, "orders", "seed"); !strings.Contains(got, `"created":0,"existing":1`) {
		t.Errorf("orders seed: %s", got)
	}
	// What another program wrote is as it was.
	if n, err := db.Collection("Orders").CountDocuments(t.Context(), bson.D{{Key: "deskwatch", Value: bson.D{{Key: "$exists", Value: true}}}}); err != nil || n != 0 {
		t.Errorf("%d documents with a mark of ours, %v", n, err)
	}
}

func TestAPasswordInAnAddressIsKeptNowhereButInTheVault(t *testing.T) {
	dir := t.TempDir()
	status, out, errs := call(t, dir, "--json", "settings", "set", "order_book.uri=mongodb://ana:sesame@db.example.com/")
	if status != 0 || strings.Contains(out+errs, "sesame") || !strings.Contains(errs, "taken out of the address") || !strings.Contains(out, `"uri":"mongodb://ana@db.example.com/"`) {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	if status, _, errs := call(t, dir, "--orders-uri", "oracle://ana:sesame@host", "orders", "breaches"); status != 1 || strings.Contains(errs, "sesame") || !strings.Contains(errs, "mongodb://") {
		t.Errorf("a wrong address: status %d: %s", status, errs)
	}
}

// copyJSON is what the test reads of a copy's result.
type copyJSON struct {
	Orders, Customers int64
	Equal             bool
	Findings          []core.Finding
	Wrote             core.ImportCounts
	Added             int64 `json:"clients_added"`
}

func TestTheEmbeddedBookIsCopiedWholeAndTwiceIsOnce(t *testing.T) {
	uri := mongotest.Start(t)
	s := shelf{dir: t.TempDir()}
	s.says(t, "orders", "import", writeFile(t, "orders.csv", manyOrders(0)))
	s.says(t, "orders", "import", writeFile(t, "lines.csv", "order_id,line_id,customer_id,date,status\nL1,2,acme_1,2023-05-02,Cancelled\nL1,1,acme_1,2023-05-01,Delivered\nL2,1,acme_1,2023-05-03,Cancelled\n"))
	s.says(t, "orders", "seed")
	var first, second copyJSON
	callJSON(t, s.dir, &first, "orders", "book", "copy", "--to-uri", uri)
	if !first.Equal || first.Orders == 0 || first.Wrote.OrdersNew != first.Orders || first.Added == 0 {
		t.Errorf("%+v", first)
	}
	callJSON(t, s.dir, &second, "orders", "book", "copy", "--to-uri", uri)
	if !second.Equal || second.Wrote.OrdersNew+second.Wrote.OrdersChanged+second.Added != 0 {
		t.Errorf("the second copy: %+v", second)
	}
	there := shelf{dir: s.dir, uri: uri}
	for _, args := range [][]string{{"orders", "breaches", "--min", "1"}, {"orders", "breaches", "--min", "1", "--statuses", "delivered,placed,other"}} {
		if here, there := s.says(t, args...), there.says(t, args...); here != there {
			t.Errorf("%v\nembedded: %s\nMongoDB:  %s", args, around(here, there), around(there, here))
		}
	}
	var book map[string]string
	callJSON(t, s.dir, &book, "orders", "book")
	if book["kind"] != "sqlite" {
		t.Errorf("copying switched: %v", book)
	}
	var report struct {
		OK      bool
		Orders  int64    `json:"order_documents"`
		Missing []string `json:"missing_indexes"`
	}
	callJSON(t, s.dir, &report, "--orders-uri", uri, "orders", "book", "indexes", "--create")
	if len(report.Missing) > 0 {
		t.Errorf("still missing: %q", report.Missing)
	}
	callJSON(t, s.dir, &report, "--orders-uri", uri, "orders", "book", "test")
	if !report.OK || report.Orders == 0 {
		t.Errorf("test: %+v", report)
	}
}
