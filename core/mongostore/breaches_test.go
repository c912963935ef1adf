package mongostore

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
	"deskwatch/core/store"
)

// foreignOrder is what a document of another program says, where it is an order.
type foreignOrder struct {
	id, customer string
	day          core.Day
	status       core.Status
	raw          string
}

// odd values; the first are good ones, and good is how many.
type choices struct {
	good   int
	values []any
}

func (c choices) pick(r *rand.Rand) (v any, good bool) {
	i := r.IntN(c.good)
	if r.IntN(12) == 0 {
		i = r.IntN(len(c.values))
	}
	return c.values[i], i < c.good
}

var missing = struct{}{}

func customers() choices {
	return choices{19, []any{
		"a_1", "my-shop_12", "o.b_3", "Ñandú_4", "日本_5", "🙂_6", "with blank_7", "a\nb_8", "q'\"_9", "$name_10", "a.b.c_11", "e\u0301_7", "\u00e9_7",
		"0123456789abcdefABCDEF01", "nobody", " a_1", "a_1 ", "a_1\n", "%_13",
		"", nil, 5, missing, []any{"a_1"}, bson.D{{Key: "a", Value: "a_1"}}, true,
	}}
}

func statuses() choices {
	return choices{14, []any{
		"cancelled", "Cancelled", " CANCELLED ", "cáncelled", "returned", "Returned\n", "Devuelto", "$returned", "shipped", "Delivered", "", "???", "Annulé", "can.celled",
		nil, missing, 3, []any{"cancelled"}, bson.D{}, false,
	}}
}

func orderIDs(n int) choices {
	c := choices{values: []any{"a", "№1", "$id", "x.y", "🙂", "l\n1", " a", int32(7), int64(7), 7.0, "7", int64(1) << 40}}
	for i := range n {
		c.values = append(c.values, fmt.Sprint("o", i))
	}
	c.good = len(c.values)
	c.values = append(c.values, "", nil, missing, []any{"a"}, bson.D{{Key: "a", Value: 1}}, true)
	return c
}

func idText(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// oddDate makes a date in some form, or something that is none.
func oddDate(r *rand.Rand, day core.Day) (v any, good bool) {
	bad := []any{
		"2023-02-29", "2023-02-31", "2023-05-01\n", "2023-5-1", "01/05/2023", 20230501, nil, missing, "", "2100-02-29", "2023-13-01", "2023-00-10", "2023-05-00",
		"x2023-05-01", "2023-05-011", "2023-05-01T", "2023-05-01 noon", []any{"2023-05-01"}, bson.D{}, "２０２３-05-01", time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), bson.Timestamp{T: 1682899200},
	}
	if r.IntN(10) == 0 {
		return bad[r.IntN(len(bad))], false
	}
	switch s := day.String(); r.IntN(6) {
	case 0:
		return day.Time().Add(time.Duration(r.IntN(86400)) * time.Second), true
	case 1:
		return s + "T23:59:59.999Z", true
	case 2:
		return s + " 00:00", true
	default:
		return s, true
	}
}

// randomForeign makes n documents, with many repeated order ids and each kind of rubbish.
func randomForeign(r *rand.Rand, n int, oneDay bool) (documents []any, good []foreignOrder) {
	names, spelled, ids := customers(), statuses(), orderIDs(n/2)
	words := orders.NewVocabulary()
	days := map[string]core.Day{}
	for i := range n {
		customer, ok1 := names.pick(r)
		status, ok2 := spelled.pick(r)
		id, ok3 := ids.pick(r)
		day := coretest.Day("2024-01-15") + core.Day(r.IntN(70))
		if key := fmt.Sprint(customer, "\x00", idText(id)); oneDay {
			if d, seen := days[key]; seen {
				day = d
			}
			days[key] = day
		}
		date, ok4 := oddDate(r, day)
		d := bson.D{{Key: "_id", Value: fmt.Sprintf("f%06d", i)}, {Key: "extra", Value: bson.A{i, "x"}}}
		for _, e := range []bson.E{{Key: "shipping_id", Value: id}, {Key: "shipping_date", Value: date}, {Key: "shipping_status", Value: status}, {Key: "order_vendor_dbname", Value: customer}} {
			if e.Value != missing {
				d = append(d, e)
			}
		}
		documents = append(documents, d)
		if ok1 && ok2 && ok3 && ok4 {
			s, _ := words.Status(status.(string))
			good = append(good, foreignOrder{idText(id), customer.(string), day, s, status.(string)})
		}
	}
	return documents, good
}

// plainBreaches is the answer computed plainly.
func plainBreaches(list []foreignOrder, q core.BreachQuery) []core.Breach {
	ids, _ := orders.NewIdentities(nil)
	byCustomer := map[string][]foreignOrder{}
	for _, o := range list {
		if ids.Recognises(o.customer) && strings.TrimSpace(o.customer) == o.customer && q.Statuses.Has(o.status) && (q.Customers == nil || slices.Contains(q.Customers, o.customer)) {
			byCustomer[o.customer] = append(byCustomer[o.customer], o)
		}
	}
	breaches := []core.Breach{}
	for customer, list := range byCustomer {
		best := map[core.Month]core.Breach{}
		for _, end := range list {
			month := end.day.Month()
			first, last := month.First(), month.Last()
			if q.Days > 0 {
				first, last = end.day-core.Day(q.Days)+1, end.day
			}
			on := map[string]core.Day{}
			for _, o := range list {
				if o.day >= first && o.day <= last {
					on[o.id] = max(on[o.id], o.day)
				}
			}
			b := core.Breach{Customer: customer, Period: month, Count: len(on), OrderIDs: []string{}}
			from := last
			for id, day := range on {
				from = min(from, day)
				b.OrderIDs = append(b.OrderIDs, id)
			}
			if q.Days > 0 {
				b.From, b.To = from, last
			}
			slices.Sort(b.OrderIDs)
			b.OrderIDs = b.OrderIDs[:min(len(b.OrderIDs), q.OrderIDs)]
			if old, is := best[month]; !is || b.Count > old.Count || b.Count == old.Count && b.To > old.To {
				best[month] = b
			}
		}
		for month, b := range best {
			if b.Count >= q.Threshold && month >= q.From && (q.To == 0 || month <= q.To) {
				breaches = append(breaches, b)
			}
		}
	}
	slices.SortFunc(breaches, func(x, y core.Breach) int {
		return cmp.Or(cmp.Compare(x.Period, y.Period), cmp.Compare(x.Customer, y.Customer))
	})
	return breaches
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := gocmp.Diff(want, got); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

// dump returns the documents of the orders collection byte for byte.
func dump(t *testing.T, b *Book) (all [][]byte) {
	t.Helper()
	cursor, err := b.orders().Find(t.Context(), others(), options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		t.Fatal(err)
	}
	for cursor.Next(t.Context()) {
		all = append(all, bytes.Clone(cursor.Current))
	}
	if err := cursor.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func insert(t *testing.T, b *Book, documents []any) {
	t.Helper()
	if _, err := b.orders().InsertMany(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
}

func randomQuestion(r *rand.Rand) core.BreachQuery {
	q := core.BreachQuery{Statuses: core.StatusSet(1 + r.IntN(63)), Threshold: 1 + r.IntN(4), OrderIDs: r.IntN(6)}
	if r.IntN(2) == 0 {
		q.Statuses = core.NewStatusSet(core.StatusCancelled, core.StatusReturned)
	}
	if r.IntN(3) == 0 {
		q.From = core.NewMonth(2024, 1+r.IntN(3))
	}
	if r.IntN(3) == 0 {
		q.To = core.NewMonth(2024, 1+r.IntN(3))
	}
	if r.IntN(4) == 0 {
		q.Customers = []string{"a_1", "🙂_6", "a\nb_8", "$name_10", "unknown_1"}
	}
	return q
}

// importRows loads orders so that a book has them as other programs' documents would count:
// each order of a customer and month is an order of its own.
func importRows(t *testing.T, b orders.OrderBook, list []foreignOrder) {
	t.Helper()
	ids, _ := orders.NewIdentities(nil)
	im, err := b.Begin(t.Context(), orders.ImportStart{File: "o.csv", Kind: core.ImportFile, At: time.Unix(0, 0), HasLines: true, Progress: new(core.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = im.Rollback() }()
	var rows []core.OrderRow
	for i, o := range list {
		rows = append(rows, core.OrderRow{
			OrderID: fmt.Sprint(o.id, "\x01", o.customer, "\x01", o.day.Month()), LineID: fmt.Sprint(i), Customer: o.customer,
			Recognised: ids.Recognises(o.customer) && strings.TrimSpace(o.customer) == o.customer, Day: o.day, Status: o.status, RawStatus: o.raw,
		})
	}
	// The lines of an order stand together in a file; its last line gives its day.
	slices.SortStableFunc(rows, func(x, y core.OrderRow) int { return cmp.Compare(x.OrderID, y.OrderID) })
	if err := im.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), int64(len(rows)), 0); err != nil {
		t.Fatal(err)
	}
}

func plainIDs(list []core.Breach) []core.Breach {
	for i := range list {
		for j, id := range list[i].OrderIDs {
			list[i].OrderIDs[j], _, _ = strings.Cut(id, "\x01")
		}
	}
	return list
}

func embeddedBook(t *testing.T) orders.OrderBook {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "book.db"), store.KindBook)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return store.NewBook(db)
}

// agree asks both books and the plain computation.
func agree(t *testing.T, what string, r *rand.Rand, b *Book, embedded orders.OrderBook, good []foreignOrder, oneDay bool) {
	t.Helper()
	for i := range 16 {
		q := randomQuestion(r)
		if i%2 == 1 {
			q.Days = 1 + r.IntN(40)
		}
		got, err := b.Breaches(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got = plainIDs(got)
		same(t, fmt.Sprintf("%s: %+v", what, q), got, plainBreaches(good, q))
		if q.Days > 0 && !oneDay { // the embedded book has one day for an order
			continue
		}
		want, err := embedded.Breaches(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("%s, embedded: %+v", what, q), got, plainIDs(want))
	}
}

// Documents of other programs, the embedded book and a plain computation have the same breaches.
func TestBreachesAgreeAmongForeignDocuments(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 5))
		oneDay := seed%2 == 0
		b := bookAt(t, mongotest.Start(t))
		documents, good := randomForeign(r, 400, oneDay)
		insert(t, b, documents)
		before := dump(t, b)
		embedded := embeddedBook(t)
		importRows(t, embedded, good)
		agree(t, fmt.Sprint("seed ", seed), r, b, embedded, good, oneDay)
		same(t, "documents of other programs", dump(t, b), before)
		counts, err := b.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "unreadable", counts.Unreadable, int64(len(documents)-len(good)))
	}
}

// The same with some of the orders imported and the others another program's.
func TestBreachesAgreeWithHalfOfTheOrdersImported(t *testing.T) {
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 6))
		b := bookAt(t, mongotest.Start(t))
		documents, good := randomForeign(r, 400, true)
		var foreign []any
		var imported []foreignOrder
		take := func(id string) bool { return len(id)%2 == 0 }
		for _, d := range documents {
			for _, e := range d.(bson.D) {
				if e.Key == "shipping_id" && !take(idText(e.Value)) {
					foreign = append(foreign, d)
				}
			}
		}
		for _, o := range good {
			if take(o.id) {
				imported = append(imported, o)
			}
		}
		insert(t, b, foreign)
		before := dump(t, b)
		importRows(t, b, imported)
		embedded := embeddedBook(t)
		importRows(t, embedded, good)
		agree(t, fmt.Sprint("seed ", seed), r, b, embedded, good, true)
		same(t, "documents of other programs", dump(t, b), before)
	}
}

func foreignDocument(id any, customer, date, status string) bson.D {
	return bson.D{{Key: "shipping_id", Value: id}, {Key: "shipping_date", Value: date}, {Key: "shipping_status", Value: status}, {Key: "order_vendor_dbname", Value: customer}}
}

func TestAnOrderOfBothCountsOnceAndHasTheImportedValues(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	insert(t, b, []any{foreignDocument(int32(1), "a_1", "2023-06-01", "cancelled"), foreignDocument("2", "a_1", "2023-06-03", "Returned")})
	im, err := b.Begin(t.Context(), orders.ImportStart{At: time.Unix(0, 0), Progress: new(core.Progress)})
	check(t, err)
	check(t, im.Put(t.Context(), []core.OrderRow{coretest.Row("1", "a_1", "2023-06-02", core.StatusShipped)}))
	_, err = im.Settle(t.Context())
	check(t, err)
	_, err = im.Commit(t.Context(), 1, 0)
	check(t, err)
	got, err := b.Breaches(t.Context(), core.BreachQuery{Statuses: core.NewStatusSet(core.StatusCancelled, core.StatusReturned, core.StatusShipped), Threshold: 1, OrderIDs: 5})
	check(t, err)
	same(t, "breaches", got, []core.Breach{{Customer: "a_1", Period: core.NewMonth(2023, 6), Count: 2, OrderIDs: []string{"1", "2"}}})
	page, err := b.Orders(t.Context(), core.OrderQuery{Customer: "a_1"})
	check(t, err)
	same(t, "orders", page.Orders, []core.Order{
		{OrderID: "2", Customer: "a_1", Day: coretest.Day("2023-06-03"), Statuses: core.NewStatusSet(core.StatusReturned), Status: core.StatusReturned, RawStatus: "Returned"},
		{OrderID: "1", Customer: "a_1", Day: coretest.Day("2023-06-02"), Statuses: core.NewStatusSet(core.StatusCancelled, core.StatusShipped), Status: core.StatusShipped, RawStatus: "shipped"},
	})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
