package mongostore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

// index is one Deskwatch wants. Everything works without them, by reading whole collections.
type index struct {
	name   string
	of     func(b *Book) *mongo.Collection
	keys   bson.D
	having string // it holds only the documents with this field; "" for all
	serves string
}

// wanted lists the indexes; docs/mongodb.md repeats them for an administrator. A partial one
// serves a query that says anything of its field but that there is none.
func (b *Book) wanted() []index {
	f := b.fields
	up := func(names ...string) (keys bson.D) {
		for _, name := range names {
			keys = append(keys, bson.E{Key: name, Value: 1})
		}
		return keys
	}
	return []index{
		{name: "deskwatch_status", of: (*Book).orders, keys: up(f.Status, f.Customer, f.Date, f.OrderID), serves: "finds breaches among the orders other programs wrote"},
		{name: "deskwatch_order", of: (*Book).orders, keys: up(f.OrderID), serves: "finds an order by its id; an import looks up every one"},
		{name: "deskwatch_customer", of: (*Book).orders, keys: bson.D{{Key: f.Customer, Value: 1}, {Key: f.Date, Value: -1}}, serves: "shows the orders of one customer"},
		{name: "deskwatch_statuses", of: (*Book).orders, keys: up(statusesField, f.Customer, f.Date, f.OrderID), having: batchField, serves: "finds breaches among the orders Deskwatch imported"},
		{name: "deskwatch_batch", of: (*Book).orders, keys: up(batchField), having: batchField, serves: "finds what one import wrote, for its undo"},
		{name: "deskwatch_until", of: (*Book).orders, keys: up(untilField), having: untilField, serves: "finds what one import replaced, at its end"},
		{name: "deskwatch_client", of: (*Book).clients, keys: up(f.ClientCustomer), serves: "finds the client of a customer"},
		{name: "deskwatch_batch", of: (*Book).replaced, keys: bson.D{{Key: batchField, Value: 1}, {Key: untilField, Value: -1}}, serves: "finds whether a later import changed an order, before an undo"},
		{name: "deskwatch_until", of: (*Book).replaced, keys: up(untilField), serves: "finds what one import replaced, for its undo"},
	}
}

func (i index) partial() bson.D {
	return bson.D{{Key: i.having, Value: bson.D{{Key: "$exists", Value: true}}}}
}

// words names an index and what it is for.
func (b *Book) words(i index) string {
	var names []string
	for _, k := range i.keys {
		names = append(names, k.Key)
	}
	return fmt.Sprintf("%s on %s: %s", strings.Join(names, ", "), i.of(b).Name(), i.serves)
}

// existing is an index as the server lists it.
type existing struct {
	Key       bson.D `bson:"key"`
	Partial   bson.D `bson:"partialFilterExpression"`
	Sparse    bool   `bson:"sparse"`
	Hidden    bool   `bson:"hidden"`
	Collation bson.D `bson:"collation"`
}

// serves reports whether e does what want is for, whoever made it: it begins with the same keys
// in the same or the opposite directions and leaves no document out that want would hold.
func (e existing) serves(want index) bool {
	if len(e.Key) < len(want.keys) || e.Hidden || e.Sparse || len(e.Collation) > 0 {
		return false
	}
	if len(e.Partial) > 0 && (len(e.Partial) != 1 || e.Partial[0].Key != want.having) {
		return false
	}
	same, opposite := true, true
	for i, k := range want.keys {
		if e.Key[i].Key != k.Key {
			return false
		}
		has, way := direction(e.Key[i].Value), direction(k.Value)
		same, opposite = same && has == way, opposite && has == -way
	}
	return same || opposite
}

// direction is 1, -1, or 0 for a key of another kind ("text", "hashed"), which serves no range.
func direction(v any) int {
	var n float64
	switch v := v.(type) {
	case int:
		n = float64(v)
	case int32:
		n = float64(v)
	case int64:
		n = float64(v)
	case float64:
		n = v
	}
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// missing lists the wanted indexes that no existing one stands in for.
func (b *Book) missing(ctx context.Context) ([]index, error) {
	var list []index
	have := map[string][]existing{}
	for _, want := range b.wanted() {
		c := want.of(b)
		found, asked := have[c.Name()]
		if !asked {
			var err error
			if found, err = indexesOf(ctx, c); err != nil {
				return nil, err
			}
			have[c.Name()] = found
		}
		if !slices.ContainsFunc(found, func(e existing) bool { return e.serves(want) }) {
			list = append(list, want)
		}
	}
	return list, nil
}

func indexesOf(ctx context.Context, c *mongo.Collection) ([]existing, error) {
	const namespaceNotFound = 26
	cursor, err := c.Indexes().List(ctx)
	if err != nil {
		var server mongo.ServerError
		if errors.As(err, &server) && server.HasErrorCode(namespaceNotFound) {
			return nil, nil // a collection that is not there yet has none
		}
		return nil, err
	}
	var list []existing
	return list, cursor.All(ctx, &list)
}

// indexTime bounds the making of one index: on a large collection it takes minutes, and a
// server that is also busy otherwise takes longer.
const indexTime = 2 * time.Hour

// CreateIndexes makes the indexes Examine lists as missing, one after the other. progress,
// which may be nil, is told which. What was made before an error or a cancelled ctx stays; the
// server may still finish the one it is at.
func (b *Book) CreateIndexes(ctx context.Context, progress *core.Progress) error {
	const op = "mongostore.indexes"
	list, err := b.missing(ctx)
	if err != nil {
		return b.fault(op, "", err)
	}
	return b.create(ctx, op, list, progress)
}

func (b *Book) create(ctx context.Context, op string, list []index, progress *core.Progress) error {
	if progress == nil {
		progress = &core.Progress{}
	}
	progress.SetTotal(int64(len(list)))
	progress.SetPhase("Creating indexes")
	for n, i := range list {
		o := options.Index().SetName(i.name)
		if i.having != "" {
			o.SetPartialFilterExpression(i.partial())
		}
		one, cancel := context.WithTimeout(ctx, indexTime)
		_, err := i.of(b).Indexes().CreateOne(one, mongo.IndexModel{Keys: i.keys, Options: o})
		cancel()
		if err != nil {
			return b.fault(op, fmt.Sprintf("%d of %d indexes were created and stay; no order was changed.", n, len(list)), err)
		}
		progress.Add(1)
	}
	return nil
}

// prepare makes the indexes of the collections that are not there yet or empty, and only of
// those: in a collection others filled, indexes are theirs to agree to. Without the right to
// it goes on without them; Examine says that they are missing.
func (b *Book) prepare(ctx context.Context) error {
	const op = "mongostore.prepare"
	list, err := b.missing(ctx)
	if err != nil {
		return b.fault(op, "", err)
	}
	empty := map[string]bool{}
	var fresh []index
	for _, i := range list {
		c := i.of(b)
		if _, asked := empty[c.Name()]; !asked {
			err := c.FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
			if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
				return b.fault(op, "", err)
			}
			empty[c.Name()] = err != nil
		}
		if empty[c.Name()] {
			fresh = append(fresh, i)
		}
	}
	err = b.create(ctx, op, fresh, nil)
	if core.ErrorCode(err) == core.CodeDenied {
		if b.opt.Log != nil {
			b.opt.Log.Warn("The user may not create indexes in the order database; the import goes on without.", slog.Any("error", err))
		}
		return nil
	}
	return err
}
