package mongostore

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
)

// Documents and a collection that only look like Deskwatch's are as they were after imports, a
// rollback, an interrupted import and undos with the very numbers they bear.
func TestWhatOnlyLooksLikeOursIsLeftAlone(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	shaped := func(id, mark any) bson.D {
		d := bson.D{{Key: "_id", Value: id}, {Key: "shipping_id", Value: "o1"}, {Key: "shipping_date", Value: "2023-06-01"}, {Key: "shipping_status", Value: "Placed"}, {Key: "order_vendor_dbname", Value: "a_1"}}
		if mark != nil {
			d = append(d, bson.E{Key: ownField, Value: mark})
		}
		return d
	}
	var theirs []any
	for batch := int64(1); batch < 9; batch++ {
		theirs = append(theirs,
			shaped(fmt.Sprintf("deskwatch:%d:x", batch), nil),
			shaped(fmt.Sprintf("deskwatch:%d:y", batch), "yes"),
			shaped(fmt.Sprintf("deskwatch:%d:z", batch), bson.D{{Key: "batch", Value: fmt.Sprint(batch)}, {Key: "until", Value: bson.D{}}}),
			shaped(bson.NewObjectID(), bson.D{{Key: "batch", Value: batch}, {Key: "until", Value: batch}, {Key: "undo", Value: batch}}),
			shaped(batch, bson.A{bson.D{{Key: "batch", Value: batch}, {Key: "until", Value: float64(batch)}}}),
			shaped("deskwatch", bson.D{{Key: "batch", Value: batch}, {Key: "day", Value: "Monday"}})[1:],
		)
	}
	insert(t, b, theirs)
	look := func() (all []bson.Raw) {
		t.Helper()
		cur, err := b.orders().Find(t.Context(), bson.D{{Key: "shipping_id", Value: "o1"}, {Key: "order_vendor_dbname", Value: "a_1"}}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
		check(t, err)
		check(t, cur.All(t.Context(), &all))
		return all
	}
	was := look()
	for _, name := range []string{"Orders.staged.old", "Orders.staged.07", "Orders.staged"} {
		_, err := b.db.Collection(name).InsertOne(t.Context(), bson.D{})
		check(t, err)
	}
	status := core.StatusPlaced
	rows := func() []core.OrderRow {
		status = (status + 1) % 6
		return []core.OrderRow{coretest.Row("o1", "b_2", "2023-06-01", status), coretest.Row("o2", "b_2", "2023-06-01", status)}
	}
	load(t, b, rows()...)
	load(t, b, rows()...)
	check(t, settled(t, b, rows()).Rollback())
	settled(t, b, rows()).h.end()
	expire(t, b)
	check(t, b.Recover(t.Context()))
	load(t, b, rows()...)
	for _, id := range []int64{3, 2, 1} {
		_, err := b.Undo(t.Context(), id, time.Unix(9, 0), new(core.Progress))
		check(t, err)
	}
	same(t, "documents of others", look(), was)
	names, err := b.db.ListCollectionNames(t.Context(), bson.D{})
	check(t, err)
	for _, name := range []string{"Orders.staged.old", "Orders.staged.07", "Orders.staged"} {
		if !slices.Contains(names, name) {
			t.Error("dropped", name)
		}
	}
	if n, err := b.orders().EstimatedDocumentCount(t.Context()); n != int64(len(theirs)) || err != nil {
		t.Error(n, "documents,", err)
	}
}

func TestAnotherProgramsIDEndsTheImportInsteadOfLosingTheOrder(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	_, err := b.orders().InsertOne(t.Context(), bson.D{{Key: "_id", Value: "deskwatch:1:o1"}})
	check(t, err)
	refusesToSettle(t, b, before())
	if n, err := b.orders().CountDocuments(t.Context(), bson.D{}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
}

// A unique index refuses the new version of an order beside the old one.
func TestAUniqueIndexEndsTheImportInsteadOfLosingOrders(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	_, err := b.orders().Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "shipping_id", Value: 1}}, Options: options.Index().SetUnique(true)})
	check(t, err)
	if got := load(t, b, append(before(), before()[:5]...)...); got != (core.ImportCounts{OrdersNew: 30}) {
		t.Fatal(got)
	}
	refusesToSettle(t, b, after())
	if got := load(t, b, coretest.Row("one more", "a_1", "2023-06-01", core.StatusPlaced)); got != (core.ImportCounts{OrdersNew: 1}) {
		t.Fatal(got)
	}
}

// refusesToSettle begins an import that cannot be written, and takes it back.
func refusesToSettle(t *testing.T, b *Book, rows []core.OrderRow) {
	t.Helper()
	was := sight(t, b)
	im := begin(t, b, false)
	check(t, im.Put(t.Context(), rows))
	if _, err := im.Settle(t.Context()); core.ErrorCode(err) != core.CodeConflict {
		t.Fatal(err)
	}
	check(t, im.Rollback())
	same(t, "book", sight(t, b), was)
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
}
