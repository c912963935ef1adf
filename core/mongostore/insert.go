package mongostore

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// there takes out of a bulk's error that documents were there already, and says which: a
// repeated write finds what the first try wrote.
func there(err error) (which []int, _ error) {
	const duplicateKey = 11000
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil || len(bulk.WriteErrors) == 0 {
		return nil, err
	}
	for _, w := range bulk.WriteErrors {
		if w.Code != duplicateKey {
			return nil, err
		}
		which = append(which, w.Index)
	}
	return which, nil
}

// insert writes documents of ours to the orders and says which of them are there already. mark
// is what all of them have of ownField. A collection that is shared may also refuse a document
// because of a unique index, or because another program took its _id: that is an error, or
// orders would be missing and nobody would know.
func (h *hold) insert(ctx context.Context, docs []bson.D, mark bson.E) (again []int, err error) {
	_, refused := h.b.orders().InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if again, err = there(refused); err != nil || len(again) == 0 {
		return nil, err
	}
	found := make(map[string]bool, len(again))
	for rest := again; len(rest) > 0; rest = rest[min(len(rest), longestList):] {
		ids := bson.A{}
		for _, i := range rest[:min(len(rest), longestList)] {
			ids = append(ids, docs[i][0].Value)
		}
		ours := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, mark}
		o := options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}})
		err := h.b.find(ctx, h.b.orders(), ours, o, func(doc bson.Raw) error {
			found[text(doc.Lookup("_id"))] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, i := range again {
		if id, _ := docs[i][0].Value.(string); !found[id] {
			return nil, refused
		}
	}
	return again, nil
}
