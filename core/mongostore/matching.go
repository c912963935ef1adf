package mongostore

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

// batchDocs is how many documents a cursor fetches at once.
const batchDocs = 5000

func stage(name string, value any) bson.D { return bson.D{{Key: name, Value: value}} }

// both joins conditions; all have to hold.
func both(conditions ...bson.D) bson.D {
	list := bson.A{}
	for _, c := range conditions {
		if len(c) > 0 {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: list}}
}

// aggregate runs a pipeline and hands over what comes of it, document by document. A document
// is only good until give returns.
func (b *Book) aggregate(ctx context.Context, c *mongo.Collection, pipeline bson.A, give func(bson.Raw) error) error {
	// The driver limits the time of every command but those that open a cursor, and has no other
	// way to do so for an aggregation that it repeats after a passing failure.
	limit := bson.M{"maxTimeMS": b.attemptTime().Milliseconds()}
	//lint:ignore SA1019 see above
	o := options.Aggregate().SetAllowDiskUse(true).SetBatchSize(batchDocs).SetCustom(limit)
	cursor, err := c.Aggregate(ctx, pipeline, o)
	return each(ctx, cursor, err, give)
}

// find runs a query likewise.
func (b *Book) find(ctx context.Context, c *mongo.Collection, filter bson.D, o *options.FindOptionsBuilder, give func(bson.Raw) error) error {
	cursor, err := c.Find(ctx, filter, o.SetBatchSize(batchDocs))
	return each(ctx, cursor, err, give)
}

func each(ctx context.Context, cursor *mongo.Cursor, err error, give func(bson.Raw) error) error {
	if err != nil {
		return err
	}
	// What is left of an answer nobody wants is dropped by the server in time; a ctx that has
	// ended cannot tell it.
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		if err := give(cursor.Current); err != nil {
			return err
		}
	}
	return cursor.Err()
}

// readable matches the documents of other programs that are orders, whatever their status.
// Their values are taken as they are; see core.BookCounts.Unreadable for the others.
func (b *Book) readable(days span) bson.D {
	return both(
		bson.D{{Key: b.fields.Customer, Value: append(bson.D{{Key: "$gt", Value: ""}}, noList()...)}}, // text, as "" is
		b.dated(days),
		bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: b.fields.OrderID, Value: bson.D{{Key: "$gt", Value: ""}}}},
			bson.D{{Key: b.fields.OrderID, Value: bson.D{{Key: "$type", Value: "number"}}}},
		}}},
		bson.D{{Key: b.fields.OrderID, Value: noList()}},
	)
}

// anyStatus matches the documents of other programs that have one.
func (b *Book) anyStatus() bson.D {
	return bson.D{{Key: b.fields.Status, Value: append(bson.D{{Key: "$type", Value: "string"}}, noList()...)}}
}

// counted matches the documents that are orders of the book in this state: ours that meet own,
// and those of other programs that meet foreign (nil for none).
func (b *Book) counted(s state, days span, own, foreign bson.D) (match bson.D, some bool) {
	var branches bson.A
	if foreign != nil {
		// What is quick to test and leaves little stands first, for servers without an index.
		branches = append(branches, both(foreign, others(), b.readable(days)))
	}
	if s.Committed > 0 && own != nil {
		ours := both(own, s.visible())
		if days != allDays() {
			ours = both(own, s.visible(), b.dated(days))
		}
		branches = append(branches, ours)
	}
	switch len(branches) {
	case 0:
		return nil, false
	case 1:
		return branches[0].(bson.D), true
	}
	return bson.D{{Key: "$or", Value: branches}}, true
}

// everyOrder matches all documents that are orders.
func (b *Book) everyOrder(s state) bson.D {
	match, _ := b.counted(s, allDays(), bson.D{}, b.anyStatus())
	return match
}

// withStatus matches the documents whose status is one of the set; some is false when there
// can be none.
func (b *Book) withStatus(ctx context.Context, s state, statuses core.StatusSet, days span) (match bson.D, some bool, err error) {
	spelled, err := b.spelled(ctx, statuses)
	if err != nil {
		return nil, false, err
	}
	var foreign bson.D
	if len(spelled) > 0 {
		foreign = both(isOneOf(b.fields.Status, spelled), bson.D{{Key: b.fields.Status, Value: noList()}})
	}
	match, some = b.counted(s, days, bson.D{{Key: statusesField, Value: bson.D{{Key: "$in", Value: statusWords(statuses)}}}}, foreign)
	return match, some, nil
}

// orderID is an expression for a document's order id as text: 1001 and "1001" are one order.
func (b *Book) orderID() bson.D { return bson.D{{Key: "$toString", Value: "$" + b.fields.OrderID}} }

func (b *Book) customer() string { return "$" + b.fields.Customer }
