package mongostore

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

// Empty reports whether there is no order at all, of ours or of other programs.
func (b *Book) Empty(ctx context.Context) (empty bool, err error) {
	err = b.read(ctx, "mongostore.empty", func(ctx context.Context, s state) error {
		one := options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})
		err := b.orders().FindOne(ctx, b.everyOrder(s), one).Err()
		empty = errors.Is(err, mongo.ErrNoDocuments)
		if empty {
			return nil
		}
		return err
	})
	return empty, err
}

// Counts says how much there is: ours and other programs' together.
func (b *Book) Counts(ctx context.Context) (counts core.BookCounts, err error) {
	err = b.read(ctx, "mongostore.counts", func(ctx context.Context, s state) (err error) {
		counts, err = b.counts(ctx, s)
		return err
	})
	return counts, err
}

func (b *Book) counts(ctx context.Context, s state) (n core.BookCounts, err error) {
	ids := b.opt.Identities()
	day := b.dateText(dayLength)
	more := append(recognition(s),
		bson.E{Key: "first", Value: bson.D{{Key: "$min", Value: day}}},
		bson.E{Key: "last", Value: bson.D{{Key: "$max", Value: day}}},
		bson.E{Key: "foreign", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$cond", Value: bson.A{
			bson.D{{Key: "$gt", Value: bson.A{"$" + batchField, 0}}}, 0, 1}}}}}},
	)
	var foreign int64
	err = b.eachCustomer(ctx, b.everyOrder(s), more, func(c customerGroup) error {
		first, _ := readDay(c.First)
		last, _ := readDay(c.Last)
		if n.Orders == 0 {
			n.FirstDay, n.LastDay = first, last
		}
		n.FirstDay, n.LastDay = min(n.FirstDay, first), max(n.LastDay, last)
		n.Orders += c.Orders
		n.Customers++
		if !c.known().recognised(c.Customer, ids) {
			n.Unrecognised++
		}
		foreign += c.Foreign
		return nil
	})
	if err != nil {
		return n, err
	}
	err = b.aggregate(ctx, b.orders(), bson.A{
		stage("$match", notOurs()),
		stage("$group", bson.D{{Key: "_id", Value: nil}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}),
	}, func(doc bson.Raw) error {
		all, _ := doc.Lookup("n").AsInt64OK()
		n.Unreadable = max(all-foreign, 0)
		return nil
	})
	if err != nil {
		return n, err
	}
	return n, b.eachClient(ctx, func(core.Client) { n.Clients++ })
}
