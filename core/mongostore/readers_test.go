package mongostore

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
)

// readings is what every reader says.
type readings struct {
	Counts    core.BookCounts
	Customers core.CustomerPage
	Orders    map[string]core.OrderPage
	Clients   core.ClientPage
	Months    []core.Breach
	Bare      []core.Breach // months without order ids
	Windows   []core.Breach
}

func ask(t *testing.T, b *Book) (a readings) {
	t.Helper()
	var err error
	a.Counts, err = b.Counts(t.Context())
	check(t, err)
	a.Customers, err = b.Customers(t.Context(), core.CustomerQuery{})
	check(t, err)
	a.Orders = map[string]core.OrderPage{}
	for _, c := range a.Customers.Customers {
		a.Orders[c.Customer], err = b.Orders(t.Context(), core.OrderQuery{Customer: c.Customer})
		check(t, err)
	}
	a.Clients, err = b.Clients(t.Context(), core.ClientQuery{})
	check(t, err)
	q := core.BreachQuery{Statuses: 63, Threshold: 1, OrderIDs: 3}
	a.Months, err = b.Breaches(t.Context(), q)
	check(t, err)
	q.OrderIDs = 0
	a.Bare, err = b.Breaches(t.Context(), q)
	check(t, err)
	q.Days, q.OrderIDs = 20, 3
	a.Windows, err = b.Breaches(t.Context(), q)
	check(t, err)
	return a
}

// Documents with a field deskwatch, or an _id, of another program's are counted as unreadable
// and change no other answer.
func TestReadersPassOverWhatOnlyLooksLikeOurs(t *testing.T) {
	for _, dropped := range []bool{false, true} {
		t.Run(fmt.Sprintf("dropped batch %t", dropped), func(t *testing.T) {
			b := bookAt(t, mongotest.Start(t))
			insert(t, b, []any{foreignDocument("o1", "a_1", "2023-06-01", "cancelled")})
			load(t, b, coretest.Row("o2", "a_1", "2023-06-02", core.StatusCancelled), coretest.Row("o3", "b_2", "2023-07-02", core.StatusPlaced))
			if dropped {
				load(t, b, coretest.Row("o2", "a_1", "2023-06-02", core.StatusReturned))
				_, err := b.Undo(t.Context(), 2, time.Unix(9, 0), new(core.Progress))
				check(t, err)
			}
			want := ask(t, b)
			var strange []any
			for i, mark := range []any{
				1, "yes", nil, true, bson.A{}, bson.D{}, bson.D{{Key: "batch", Value: 1}}, bson.D{{Key: "batch", Value: 99}}, bson.D{{Key: "batch", Value: -1}},
				bson.D{{Key: "batch", Value: "1"}}, bson.A{bson.D{{Key: "batch", Value: 1}}}, bson.D{{Key: "batch", Value: bson.A{1}}},
				bson.D{{Key: "batch", Value: 1}, {Key: "statuses", Value: "x"}, {Key: "lines", Value: 3}},
				bson.D{{Key: "batch", Value: 1}, {Key: "statuses", Value: bson.A{"cancelled", 5}}, {Key: "until", Value: "never"}},
			} {
				// Not even their other fields can be read.
				for _, d := range []bson.D{foreignDocument(fmt.Sprint("s", i), "a_1", "2023-06-03", "cancelled"), {{Key: "shipping_id", Value: "o2"}, {Key: "order_vendor_dbname", Value: bson.A{"a_1"}}, {Key: "shipping_date", Value: bson.D{}}}} {
					strange = append(strange, append(d, bson.E{Key: ownField, Value: mark}))
				}
			}
			for i, mark := range []any{missing, 1, bson.D{}, bson.D{{Key: "batch", Value: "1"}}, bson.D{{Key: "batch", Value: 0}}} {
				d := append(foreignDocument(fmt.Sprint("i", i), "a_1", "2023-06-04", "cancelled"), bson.E{Key: "_id", Value: fmt.Sprint("deskwatch:1:i", i)})
				if mark == missing {
					continue // an order like any other
				}
				strange = append(strange, append(d, bson.E{Key: ownField, Value: mark}))
			}
			insert(t, b, strange)
			want.Counts.Unreadable = int64(len(strange))
			same(t, "answers", ask(t, b), want)
			says(t, examined(t, b), "documents", true, fmt.Sprintf("%d have another program's field deskwatch", len(strange)))
		})
	}
}

// An order of ours that somebody changed is left out where it cannot be read; the others are not.
func TestAnOrderOfOursThatWasDamagedHidesNoOther(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	load(t, b, coretest.Row("o1", "a_1", "2023-06-02", core.StatusCancelled), coretest.Row("o2", "a_1", "2023-07-02", core.StatusCancelled))
	for _, change := range []bson.D{
		{{Key: ownField + ".lines", Value: 3}}, {{Key: ownField + ".status", Value: "lost"}}, {{Key: "shipping_date", Value: nil}},
	} {
		_, err := b.orders().UpdateByID(t.Context(), documentID(1, "o1"), bson.D{{Key: "$set", Value: change}})
		check(t, err)
		a := ask(t, b)
		if list := a.Orders["a_1"].Orders; len(list) != 1 || list[0].OrderID != "o2" {
			t.Error(change, list)
		}
		if last := a.Months[len(a.Months)-1]; last.Period != core.NewMonth(2023, 7) || last.Count != 1 {
			t.Error(change, a.Months)
		}
	}
}

// A server that refuses the quick forms of the questions is asked in others, with the same answers.
func TestTheOtherFormsOfAQuestionHaveTheSameAnswers(t *testing.T) {
	uri := mongotest.Start(t)
	b := bookAt(t, uri)
	documents, good := randomForeign(rand.New(rand.NewPCG(3, 3)), 300, false)
	insert(t, b, documents)
	importRows(t, b, good[:len(good)/3])
	statuses := core.NewStatusSet(core.StatusCancelled, core.StatusReturned)
	q := core.BreachQuery{Statuses: statuses, Threshold: 2, OrderIDs: 3}
	bare := core.BreachQuery{Statuses: statuses, Threshold: 1}
	readers := map[string]func() (any, error){
		"breaches":            func() (any, error) { return b.Breaches(t.Context(), q) },
		"breaches, no ids":    func() (any, error) { return b.Breaches(t.Context(), bare) },
		"counts":              func() (any, error) { return b.Counts(t.Context()) },
		"customers":           func() (any, error) { return b.Customers(t.Context(), core.CustomerQuery{}) },
		"spellings of status": func() (any, error) { return b.Breaches(t.Context(), q) },
	}
	normal := map[string]any{}
	for name, read := range readers {
		var err error
		normal[name], err = read()
		check(t, err)
	}
	if len(normal["breaches"].([]core.Breach)) == 0 {
		t.Fatal("nothing to compare")
	}
	for _, tt := range []struct {
		reader, command string
		times           int
		codes           []int
	}{
		{"breaches", "aggregate", 1, []int{15952, 168, 31325, 40324, 115, 238, 146, 10334, 17419, 17420}},
		{"breaches", "aggregate", 2, []int{168, 146, 10334}},
		{"breaches, no ids", "aggregate", 1, []int{168, 146}},
		{"counts", "aggregate", 1, []int{146, 10334, 17419, 17420}},
		{"customers", "aggregate", 1, []int{146, 10334, 17419, 17420}},
		{"spellings of status", "distinct", 1, []int{17217}},
	} {
		for _, code := range tt.codes {
			mongotest.FailPoint(t, uri, map[string]any{"times": tt.times}, map[string]any{"failCommands": []string{tt.command}, "errorCode": code})
			got, err := readers[tt.reader]()
			if err != nil {
				t.Fatalf("%s after %d times %d: %v", tt.reader, tt.times, code, err)
			}
			same(t, fmt.Sprintf("%s after %d times %d", tt.reader, tt.times, code), got, normal[tt.reader])
		}
	}
}

// What the server takes for a day, what it makes of it, and what Go does are one rule.
func TestTheServerAndGoAgreeOnDays(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	date := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 23, 59, 59, 999e6, time.UTC)
	}
	want := map[any]string{}
	for _, rest := range []string{"", "T10:00", " 10:00", "T10:00:59", "T10:00:59.999999", "T10:00Z", "T10:00+02:00", "T10:00:59.5-11:30", "T10:00 and more", "T99:99", " 10:00\n"} {
		want["2023-05-01"+rest] = "2023-05-01"
	}
	for _, rest := range []string{"T", " ", " x", "T1:00", "T10", "T10:0", "t10:00", "\n", "\n10:00", "  10:00", "\u00a010:00", "Z", "+02:00", "\x00", "1", "\u2028"} {
		want["2023-05-01"+rest] = ""
	}
	for text, day := range map[string]string{
		"0000-01-01": "0000-01-01", "0000-02-29": "0000-02-29", "9999-12-31": "9999-12-31", "2024-02-29T00:00": "2024-02-29", "2000-02-29": "2000-02-29",
		"1900-02-29": "", "2023-02-29": "", "2023-04-31": "", "2023-00-01": "", "2023-01-00": "", "10000-01-01": "", "-0005-01-01": "", "2023-1-1": "", "20230501": "", " 2023-05-01": "", "": "",
	} {
		want[text] = day
	}
	for value, day := range map[any]string{
		date(0, 1, 1): "0000-01-01", date(-1, 12, 31): "", date(-5, 6, 1): "", date(9999, 12, 31): "9999-12-31", date(10000, 1, 1): "", date(1969, 12, 31): "1969-12-31", date(2024, 2, 29): "2024-02-29",
		int32(20230501): "", nil: "", true: "", 1.5: "", bson.Timestamp{T: 1682899200}: "", bson.NewObjectID(): "",
	} {
		want[value] = day
	}
	type dated struct {
		value any
		day   string
	}
	list := []dated{{bson.A{"2023-05-01"}, ""}, {bson.A{date(2023, 5, 1)}, ""}, {bson.D{{Key: "d", Value: "2023-05-01"}}, ""}}
	for value, day := range want {
		list = append(list, dated{value, day})
	}
	var documents []any
	for i, d := range list {
		documents = append(documents, bson.D{{Key: "_id", Value: i}, {Key: "shipping_date", Value: d.value}})
	}
	insert(t, b, documents)
	server := map[int64]string{}
	check(t, b.aggregate(t.Context(), b.orders(), bson.A{
		stage("$match", b.dated(allDays())), stage("$project", bson.D{{Key: "d", Value: b.dateText(dayLength)}}),
	}, func(doc bson.Raw) error {
		id, _ := doc.Lookup("_id").AsInt64OK()
		server[id] = text(doc.Lookup("d"))
		return nil
	}))
	for i, d := range list {
		raw, err := b.orders().FindOne(t.Context(), bson.D{{Key: "_id", Value: i}}, options.FindOne()).Raw()
		check(t, err)
		read := ""
		if day, ok := dayOf(raw.Lookup("shipping_date")); ok {
			read = day.String()
		}
		if server[int64(i)] != d.day || read != d.day {
			t.Errorf("%q: the server says %q, Go %q, want %q", d.value, server[int64(i)], read, d.day)
		}
	}
}

// Clients of other programs whose _id is of our kind are never changed, nor removed, nor ours.
func TestAClientOfAnotherProgramWithAnIDOfOursIsLeftAlone(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	theirs := func(id, mark any) bson.D {
		d := bson.D{{Key: "_id", Value: id}, {Key: "name", Value: "shop_1"}, {Key: "email", Value: "old@shop.example"}}
		if mark != missing {
			d = append(d, bson.E{Key: ownField, Value: mark})
		}
		return d
	}
	email := "hand@shop.example"
	for _, mark := range []any{missing, nil, 1, "yes", bson.D{}, bson.D{{Key: "origin", Value: 5}}, bson.A{}} {
		_, err := b.clients().DeleteMany(t.Context(), bson.D{})
		check(t, err)
		_, err = b.clients().InsertMany(t.Context(), []any{
			theirs("deskwatch:shop_1", mark), append(theirs("deskwatch:shop_2", mark)[:1], bson.E{Key: "name", Value: "other"}),
			theirs("mine", bson.D{{Key: "origin", Value: string(core.OriginHand)}, {Key: "name", Value: "x"}, {Key: "created_at", Value: int64(1)}}),
		})
		check(t, err)
		was := rawClients(t, b)
		added, err := b.AddClients(t.Context(), []core.Client{{Customer: "shop_1", Origin: core.OriginSeed}, {Customer: "shop_2", Origin: core.OriginSeed}})
		if added != 0 || err != nil {
			t.Error(mark, added, err)
		}
		if _, err := b.UpdateClient(t.Context(), "shop_1", core.ClientPatch{Email: &email}); core.ErrorCode(err) != core.CodeConflict {
			t.Error(mark, err)
		}
		for _, origin := range []core.ClientOrigin{core.OriginSeed, core.OriginHand, core.OriginOther} {
			if n, err := b.RemoveClients(t.Context(), origin); n != 0 || err != nil {
				t.Error(mark, n, err)
			}
		}
		same(t, "clients", rawClients(t, b), was)
		page, err := b.Clients(t.Context(), core.ClientQuery{Text: "shop"})
		check(t, err)
		if page.Total != 1 || page.Clients[0].Origin != core.OriginOther || page.Clients[0].Email != "old@shop.example" {
			t.Error(mark, page)
		}
	}
}

func rawClients(t *testing.T, b *Book) (all []bson.Raw) {
	t.Helper()
	cur, err := b.clients().Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	check(t, err)
	check(t, cur.All(t.Context(), &all))
	return all
}
