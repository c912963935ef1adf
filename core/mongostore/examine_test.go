package mongostore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/mongostore/mongotest"
)

// said returns what Examine says about one thing.
func said(t *testing.T, r core.BookReport, check string) core.Finding {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f core.Finding) bool { return f.Check == check })
	if i < 0 {
		t.Fatalf("nothing about %s in %+v", check, r.Findings)
	}
	return r.Findings[i]
}

func says(t *testing.T, r core.BookReport, check string, ok bool, words ...string) {
	t.Helper()
	f := said(t, r, check)
	if f.OK != ok {
		t.Errorf("%s: OK %t: %s", check, f.OK, f.Message)
	}
	for _, w := range words {
		if !strings.Contains(f.Message, w) {
			t.Errorf("%s: %q is not in %q", check, w, f.Message)
		}
	}
}

func examined(t *testing.T, b *Book) core.BookReport {
	t.Helper()
	r, err := b.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestExamineFindsAnEmptyDatabaseReady(t *testing.T) {
	b := linked(t, mongotest.Start(t), "")
	r := examined(t, b)
	if !r.OK() || r.Orders != 0 || r.Clients != 0 || r.Latency <= 0 || r.Version == "" || len(r.Missing) != len(b.wanted()) {
		t.Errorf("%+v", r)
	}
	says(t, r, "connection", true, r.Server, "answers in")
	says(t, r, "version", true, r.Version)
	says(t, r, "orders", true, "Orders is empty or not there yet")
	says(t, r, "indexes", true, "The first import creates")
	if names, err := b.db.ListCollectionNames(t.Context(), bson.D{}); err != nil || len(names) != 0 {
		t.Errorf("Examine left %v, %v", names, err)
	}
}

// olderOrder is a document as an older program wrote it.
func olderOrder(id, date, status, customer any) bson.D {
	return bson.D{{Key: "shipping_id", Value: id}, {Key: "shipping_date", Value: date}, {Key: "shipping_status", Value: status}, {Key: "order_vendor_dbname", Value: customer}}
}

func TestExamineCountsWhatCanBeReadAndSaysWhyTheRestCannot(t *testing.T) {
	b := linked(t, mongotest.Start(t), "")
	docs := []any{
		olderOrder("1", "2023-05-01", "cancelled", "ana_1"),
		olderOrder(2, bson.NewDateTimeFromTime(time.Now()), "", "ana_1"),
		olderOrder("3", "2023-05-01T10:00", "x", "ana_1"),
		olderOrder("4", "2023-02-31", "x", "ana_1"),
		olderOrder("5", nil, "x", "ana_1"),
		olderOrder("", "2023-05-01", "x", "ana_1"),
	}
	if _, err := b.orders().InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	r := examined(t, b)
	says(t, r, "documents", true, "3 of 6 sampled documents can be read as orders.", "2 have no date, 1 has no order id")
	says(t, r, "indexes", true, "9 of 9 indexes are missing")
	if r.Orders != 6 || !r.OK() {
		t.Errorf("%+v", r)
	}

	b.fields.OrderID = "order"
	says(t, examined(t, b), "documents", false, "None of the 6", "6 have no order id", "names of the fields")
}

func TestCreateIndexesLeavesNoneMissing(t *testing.T) {
	b := linked(t, mongotest.Start(t), "")
	if _, err := b.orders().InsertOne(t.Context(), olderOrder("1", "2023-05-01", "cancelled", "ana_1")); err != nil {
		t.Fatal(err)
	}
	var p core.Progress
	for range 2 { // the second time there is nothing to do
		if err := b.CreateIndexes(t.Context(), &p); err != nil {
			t.Fatal(err)
		}
	}
	if s := p.State(); s.Done != int64(len(b.wanted())) {
		t.Errorf("progress %+v", s)
	}
	r := examined(t, b)
	says(t, r, "indexes", true, "All indexes are there.")
	if len(r.Missing) != 0 {
		t.Errorf("still missing: %q", r.Missing)
	}
}

func TestAnIndexOfSomebodyElseCounts(t *testing.T) {
	want := index{keys: bson.D{{Key: "a", Value: 1}, {Key: "b", Value: -1}}}
	one := index{keys: bson.D{{Key: "a", Value: 1}}}
	own := index{keys: bson.D{{Key: batchField, Value: 1}}, having: batchField}
	d := func(pairs ...any) (keys bson.D) {
		for i := 0; i < len(pairs); i += 2 {
			keys = append(keys, bson.E{Key: pairs[i].(string), Value: pairs[i+1]})
		}
		return keys
	}
	for _, tt := range []struct {
		name  string
		has   existing
		want  index
		serve bool
	}{
		{"the same", existing{Key: d("a", int32(1), "b", int32(-1))}, want, true},
		{"longer", existing{Key: d("a", 1.0, "b", int64(-1), "c", int32(1))}, want, true},
		{"opposite", existing{Key: d("a", int32(-1), "b", int32(1))}, want, true},
		{"mixed", existing{Key: d("a", int32(1), "b", int32(1))}, want, false},
		{"shorter", existing{Key: d("a", int32(1))}, want, false},
		{"other order", existing{Key: d("b", int32(-1), "a", int32(1))}, want, false},
		{"sparse", existing{Key: d("a", int32(1)), Sparse: true}, one, false},
		{"hidden", existing{Key: d("a", int32(1)), Hidden: true}, one, false},
		{"partial", existing{Key: d("a", int32(1)), Partial: d("x", 1)}, one, false},
		{"hashed", existing{Key: d("a", "hashed")}, one, false},
		{"hashed first", existing{Key: d("a", "hashed", "b", int32(-1))}, want, false},
		{"text", existing{Key: d("a", "text")}, one, false},
		{"own partial", existing{Key: d(batchField, int32(1)), Partial: own.partial()}, own, true},
		{"own whole", existing{Key: d(batchField, int32(1))}, own, true},
		{"own collation", existing{Key: d(batchField, int32(1)), Collation: d("locale", "es")}, own, false},
	} {
		if got := tt.has.serves(tt.want); got != tt.serve {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func TestIndexesAreMadeUnaskedOnlyWhereNobodyElseKeepsDocuments(t *testing.T) {
	ctx := t.Context()
	fresh := linked(t, mongotest.Start(t), "")
	if err := fresh.prepare(ctx); err != nil {
		t.Fatal(err)
	}
	if missing, err := fresh.missing(ctx); err != nil || len(missing) != 0 {
		t.Errorf("a new database lacks %d, %v", len(missing), err)
	}
	shared := linked(t, mongotest.Start(t), "")
	if _, err := shared.orders().InsertOne(ctx, olderOrder("1", "2023-05-01", "x", "ana_1")); err != nil {
		t.Fatal(err)
	}
	if err := shared.prepare(ctx); err != nil {
		t.Fatal(err)
	}
	missing, err := shared.missing(ctx)
	if err != nil || len(missing) != 6 || slices.ContainsFunc(missing, func(i index) bool { return i.of(shared).Name() != "Orders" }) {
		t.Errorf("missing %d, %v; want the six of the orders", len(missing), err)
	}
}

func TestExamineNamesMissingRightsAndAnOldServer(t *testing.T) {
	s := mongotest.New(t, mongotest.WithAuth("ana", testPassword, "readWrite"), mongotest.WithAuth("ben", testPassword, "read"), mongotest.WithVersion("5.0.3"))
	as := func(user string) *Book {
		return linked(t, strings.Replace(s.URI(), "mongodb://", "mongodb://"+user+"@", 1)+"?authSource=admin", testPassword)
	}
	r := examined(t, as("ana"))
	says(t, r, "rights", true, "ana may read and write")
	says(t, r, "version", false, "5.0.3 is too old", "6.0")
	r = examined(t, as("ben"))
	says(t, r, "rights", true, "ben may read only")
	for _, check := range []string{"orders", "clients", "indexes"} {
		says(t, r, check, true)
	}
	_, err := linked(t, s.URI(), "").Examine(t.Context())
	wants(t, err, core.CodeDenied, "sign in")
}

func TestRightsAreTriedWhereTheServerDoesNotListThem(t *testing.T) {
	uri := mongotest.Start(t)
	b := linked(t, uri, "")
	mongotest.FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": []string{"update", "delete"}, "errorCode": 13})
	says(t, examined(t, b), "rights", true, "may read only")
	mongotest.FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": []string{"delete"}, "errorCode": 13})
	says(t, examined(t, b), "rights", false, "lacks rights to write: remove.", "readWrite")
	mongotest.FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": []string{"find"}, "errorCode": 13})
	_, err := b.Examine(t.Context())
	wants(t, err, core.CodeDenied, "may not do this")
	b.link.User = "ana"
	says(t, examined(t, b), "rights", false, "ana lacks rights to read: find.")
}

func TestExamineTellsOfAnInterruptedImport(t *testing.T) {
	b := linked(t, mongotest.Start(t), "")
	ctx := t.Context()
	for _, tt := range []struct {
		until time.Time
		words string
	}{
		{time.Now().Add(-time.Minute), "An import by ana on desk-7 was interrupted. Nothing of it shows"},
		{time.Now().Add(time.Minute), "An import by ana on desk-7 is running now."},
	} {
		if _, err := b.imports().DeleteMany(ctx, bson.D{}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.imports().InsertOne(ctx, state{ID: stateID, Next: 2, Lease: &lease{Token: "x", Owner: "ana on desk-7", Until: tt.until.UnixMilli(), Batch: 1}}); err != nil {
			t.Fatal(err)
		}
		says(t, examined(t, b), "imports", true, tt.words)
	}
}

func TestExamineOfASilentServerIsAnErrorInTime(t *testing.T) {
	b := linked(t, "mongodb://"+silentListener(t)+"/", "")
	since := time.Now()
	_, err := b.Examine(t.Context())
	wants(t, err, core.CodeUnavailable, "does not answer")
	if took := time.Since(since); took > 1500*time.Millisecond {
		t.Errorf("it took %s", took)
	}
}

func TestADocumentIsReadableByTheRulesOfEveryAnswer(t *testing.T) {
	b := &Book{fields: core.DefaultSettings().OrderBook}
	for _, tt := range []struct {
		doc  bson.D
		want string
	}{
		{olderOrder("1", "2024-02-29", "x", "c"), ""},
		{olderOrder(1.5, "2024-02-29 10:00", "", "c"), ""},
		{olderOrder("1", bson.DateTime(0), "x", "c"), ""},
		{olderOrder("1", bson.DateTime(1<<52), "x", "c"), "no date"},
		{olderOrder("1", bson.A{"2024-02-29"}, "x", "c"), "no date"},
		{olderOrder("", "2024-02-29", "x", "c"), "no order id"},
		{olderOrder(true, "2024-02-29", "x", "c"), "no order id"},
		{olderOrder("1", "2024-02-29", "x", ""), "no customer"},
		{olderOrder("1", "2024-02-29", "x", 7), "no customer"},
		{olderOrder("1", "2024-02-29", nil, "c"), "no status"},
		{olderOrder("1", "2024-02-29", 3, "c"), "no status"},
		{olderOrder("1", "2023-02-29", "x", "c"), "no date"},
		{olderOrder("1", "2023-05-01\n", "x", "c"), "no date"},
		{olderOrder("1", "2023-05-01x", "x", "c"), "no date"},
		{olderOrder("1", "2023-5-1", "x", "c"), "no date"},
		{olderOrder("1", 20230501, "x", "c"), "no date"},
		{bson.D{}, "no order id"},
	} {
		raw, err := bson.Marshal(tt.doc)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.unreadable(raw); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.doc, got, tt.want)
		}
	}
}
