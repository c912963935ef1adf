package mongotest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func TestDocumentsAreWrittenReadChangedAndDeleted(t *testing.T) {
	ctx := t.Context()
	things := Database(t, Start(t)).Collection("things")
	_, err := things.InsertMany(ctx, []any{bson.D{{Key: "_id", Value: 1}, {Key: "n", Value: int64(1) << 40}}, bson.D{{Key: "_id", Value: 2}, {Key: "n", Value: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := things.UpdateOne(ctx, bson.D{{Key: "_id", Value: 2}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 5}}}}); err != nil {
		t.Fatal(err)
	}
	cursor, err := things.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "n", Value: -1}}))
	if err != nil {
		t.Fatal(err)
	}
	var got []bson.D
	if err := cursor.All(ctx, &got); err != nil {
		t.Fatal(err)
	}
	want := []bson.D{{{Key: "_id", Value: int32(1)}, {Key: "n", Value: int64(1) << 40}}, {{Key: "_id", Value: int32(2)}, {Key: "n", Value: int32(7)}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := things.InsertOne(ctx, bson.D{{Key: "_id", Value: 1}}); !mongo.IsDuplicateKeyError(err) {
		t.Errorf("inserting an _id twice: %v", err)
	}
	deleted, err := things.DeleteMany(ctx, bson.D{{Key: "n", Value: bson.D{{Key: "$lt", Value: 10}}}})
	if err != nil || deleted.DeletedCount != 1 {
		t.Errorf("deleted %+v, %v", deleted, err)
	}
}
