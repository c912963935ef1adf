package mongostore

import (
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
)

func TestACollectionOfRubbishIsAnEmptyBook(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	insert(t, b, []any{
		bson.D{}, bson.D{{Key: "x", Value: 1}}, foreignDocument("1", "a_1", "2023-02-31", "cancelled"), foreignDocument("", "a_1", "2023-02-01", "cancelled"),
		foreignDocument("1", "", "2023-02-01", "cancelled"), foreignDocument(bson.A{"1"}, "a_1", "2023-02-01", "cancelled"),
		bson.D{{Key: "shipping_id", Value: "1"}, {Key: "shipping_date", Value: bson.A{"2023-02-01"}}, {Key: "shipping_status", Value: bson.A{"cancelled"}}, {Key: "order_vendor_dbname", Value: bson.A{"a_1"}}},
	})
	empty, err := b.Empty(t.Context())
	check(t, err)
	counts, err := b.Counts(t.Context())
	check(t, err)
	customers, err := b.Customers(t.Context(), core.CustomerQuery{})
	check(t, err)
	page, err := b.Orders(t.Context(), core.OrderQuery{Customer: "a_1"})
	check(t, err)
	breaches, err := b.Breaches(t.Context(), core.BreachQuery{Statuses: 63, Threshold: 1})
	check(t, err)
	if !empty || counts != (core.BookCounts{Unreadable: 7}) || customers.Total != 0 || page.Total != 0 || len(breaches) != 0 {
		t.Fatal(empty, counts, customers, page, breaches)
	}
}

func TestOrdersOfOtherProgramsPageNewestFirst(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	var documents []any
	for i := range 25 {
		documents = append(documents, foreignDocument(fmt.Sprintf("%02d", i), "a_1", fmt.Sprintf("2023-06-%02d", 1+i/5), "Placed"))
	}
	// Order 07 has three documents; the last by day gives its values.
	documents = append(documents, foreignDocument("07", "a_1", "2023-06-09", "Shipped"), foreignDocument("07", "a_1", "2023-06-08", "Cancelled"), foreignDocument("zz", "b_2", "2023-06-08", "Placed"))
	insert(t, b, documents)
	q, ids := core.OrderQuery{Customer: "a_1", Limit: 10}, []string{}
	for {
		page, err := b.Orders(t.Context(), q)
		check(t, err)
		same(t, "total", page.Total, int64(25))
		for _, o := range page.Orders {
			ids = append(ids, o.OrderID)
			if o.OrderID == "07" {
				same(t, "order", o, core.Order{OrderID: "07", Customer: "a_1", Day: coretest.Day("2023-06-09"), Status: core.StatusShipped, RawStatus: "Shipped",
					Statuses: core.NewStatusSet(core.StatusPlaced, core.StatusShipped, core.StatusCancelled)})
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	want := []string{"07"}
	for day := 4; day >= 0; day-- {
		for i := day * 5; i < day*5+5; i++ {
			if i != 7 {
				want = append(want, fmt.Sprintf("%02d", i))
			}
		}
	}
	same(t, "orders", ids, want)
	some, err := b.Orders(t.Context(), core.OrderQuery{Customer: "a_1", Statuses: core.NewStatusSet(core.StatusCancelled)})
	check(t, err)
	same(t, "cancelled", some.Total, int64(1))
}

func TestCustomersOfOtherProgramsPage(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	var documents []any
	for i := range 23 {
		name := fmt.Sprintf("c_%02d", i)
		if i%5 == 0 {
			name = fmt.Sprintf("c-%02d", i) // no customer pattern has it
		}
		documents = append(documents, foreignDocument("1", name, "2023-06-01", "Placed"), foreignDocument("1", name, "2023-07-01", "Placed"), foreignDocument("2", name, "2023-07-01", "Placed"))
	}
	insert(t, b, documents)
	_, err := b.clients().InsertOne(t.Context(), bson.D{{Key: "name", Value: "c_07"}, {Key: "email", Value: "x@shop.example"}})
	check(t, err)
	yes, no := true, false
	for _, c := range []struct {
		q    core.CustomerQuery
		want int
	}{{core.CustomerQuery{}, 23}, {core.CustomerQuery{Recognised: &no}, 5}, {core.CustomerQuery{HasClient: &yes}, 1}, {core.CustomerQuery{Recognised: &yes, HasClient: &no}, 17}} {
		last, n := "", 0
		for c.q.Limit = 4; ; {
			page, err := b.Customers(t.Context(), c.q)
			check(t, err)
			same(t, "total", page.Total, int64(c.want))
			for _, k := range page.Customers {
				if n++; k.Customer <= last || k.Orders != 2 {
					t.Fatal("out of order, or miscounted:", k)
				}
				last = k.Customer
			}
			if c.q.After = page.Next; page.Next == "" {
				break
			}
		}
		same(t, "listed", n, c.want)
	}
	counts, err := b.Counts(t.Context())
	check(t, err)
	same(t, "counts", counts, core.BookCounts{Orders: 46, Customers: 23, Unrecognised: 5, Clients: 1, FirstDay: coretest.Day("2023-06-01"), LastDay: coretest.Day("2023-07-01")})
}

func TestClientsOfOtherProgramsAreNamedAndNeverChanged(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	theirs := []any{
		bson.D{{Key: "_id", Value: "2"}, {Key: "name", Value: "shop_1"}, {Key: "email", Value: "second@shop.example"}},
		bson.D{{Key: "_id", Value: "1"}, {Key: "name", Value: "shop_1"}, {Key: "email", Value: "first@shop.example"}, {Key: "identificationNumber", Value: "B-1"}, {Key: "extra", Value: 5}},
		bson.D{{Key: "_id", Value: "3"}, {Key: "name", Value: 7}}, bson.D{{Key: "_id", Value: "4"}},
	}
	_, err := b.clients().InsertMany(t.Context(), theirs)
	check(t, err)
	insert(t, b, []any{foreignDocument("1", "shop_1", "2023-06-01", "cancelled")})
	breaches := func() core.Breach {
		t.Helper()
		list, err := b.Breaches(t.Context(), core.BreachQuery{Statuses: core.NewStatusSet(core.StatusCancelled), Threshold: 1})
		check(t, err)
		return list[0]
	}
	if got := breaches(); got.Name != "shop" || got.Email != "first@shop.example" {
		t.Fatal("named by another program's client:", got)
	}
	added, err := b.AddClients(t.Context(), []core.Client{{Customer: "shop_1", Origin: core.OriginSeed}, {Customer: "shop_2", Name: "Two", Origin: core.OriginSeed, CreatedAt: time.Unix(5, 0).UTC()}})
	check(t, err)
	same(t, "added", added, int64(1))
	email := "hand@shop.example"
	got, err := b.UpdateClient(t.Context(), "shop_1", core.ClientPatch{Email: &email})
	check(t, err)
	got.CreatedAt = time.Time{}
	same(t, "client", got, core.Client{Customer: "shop_1", Name: "shop", Email: email, Identification: "B-1", Origin: core.OriginHand, Orders: 1})
	same(t, "e-mail of the breach", breaches().Email, email)
	page, err := b.Clients(t.Context(), core.ClientQuery{})
	check(t, err)
	same(t, "total", page.Total, int64(2))
	removed, err := b.RemoveClients(t.Context(), core.OriginHand)
	check(t, err)
	same(t, "removed", removed, int64(1))
	same(t, "e-mail of the breach", breaches().Email, "first@shop.example")
	n, err := b.clients().CountDocuments(t.Context(), bson.D{{Key: "deskwatch", Value: bson.D{{Key: "$exists", Value: false}}}})
	check(t, err)
	same(t, "documents of other programs", n, int64(4))
}
