package mongotest

import (
	"errors"
	"fmt"
	"strings"
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

func TestBulkUpsertsInsertOnceAndThenReplace(t *testing.T) {
	ctx := t.Context()
	things := Database(t, Start(t)).Collection("things")
	write := func(value string) *mongo.BulkWriteResult {
		var models []mongo.WriteModel
		for i := range 100 {
			models = append(models, mongo.NewReplaceOneModel().SetFilter(bson.D{{Key: "_id", Value: i}}).SetReplacement(bson.D{{Key: "v", Value: value}}).SetUpsert(true))
		}
		models = append(models, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: "sub"}}).SetUpsert(true).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "a.b", Value: value}}}, {Key: "$setOnInsert", Value: bson.D{{Key: "a.first", Value: value}}}, {Key: "$inc", Value: bson.D{{Key: "n", Value: int64(1) << 33}}}}))
		result, err := things.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	if r := write("one"); r.UpsertedCount != 101 || r.MatchedCount != 0 {
		t.Errorf("at first: %+v", r)
	}
	if r := write("two"); r.UpsertedCount != 0 || r.MatchedCount != 101 || r.ModifiedCount != 101 {
		t.Errorf("then: %+v", r)
	}
	var got bson.M
	if err := things.FindOne(ctx, bson.D{{Key: "_id", Value: "sub"}}).Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := bson.M{"_id": "sub", "a": bson.D{{Key: "b", Value: "two"}, {Key: "first", Value: "one"}}, "n": int64(1) << 34}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAnUnorderedWriteGoesOnAfterAnError(t *testing.T) {
	ctx := t.Context()
	things := Database(t, Start(t)).Collection("things")
	docs := []any{bson.D{{Key: "_id", Value: 1}}, bson.D{{Key: "_id", Value: 1}}, bson.D{{Key: "_id", Value: 2}}}
	for _, c := range []struct {
		ordered bool
		left    int64
	}{{true, 1}, {false, 2}} {
		if _, err := things.DeleteMany(ctx, bson.D{}); err != nil {
			t.Fatal(err)
		}
		_, err := things.InsertMany(ctx, docs, options.InsertMany().SetOrdered(c.ordered))
		var failed mongo.BulkWriteException
		if !errors.As(err, &failed) || len(failed.WriteErrors) != 1 || failed.WriteErrors[0].Index != 1 || failed.WriteErrors[0].Code != 11000 {
			t.Errorf("ordered %v: %v", c.ordered, err)
		}
		if n, err := things.CountDocuments(ctx, bson.D{}); n != c.left || err != nil {
			t.Errorf("ordered %v: %d documents, %v", c.ordered, n, err)
		}
	}
}

func TestACursorGivesEveryDocumentOnceOverManyBatches(t *testing.T) {
	ctx := t.Context()
	things := Database(t, Start(t)).Collection("things")
	var docs []any
	for i := range 2500 {
		docs = append(docs, bson.D{{Key: "_id", Value: i}, {Key: "text", Value: strings.Repeat("x", i%50)}})
	}
	if _, err := things.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int32{0, 1000, 7} {
		cursor, err := things.Find(ctx, bson.D{}, options.Find().SetBatchSize(size))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; cursor.Next(ctx); n++ {
			var d struct {
				ID   int `bson:"_id"`
				Text string
			}
			if err := cursor.Decode(&d); err != nil || d.ID != n || len(d.Text) != n%50 {
				t.Fatalf("document %d is %+v, %v", n, d, err)
			}
		}
		if cursor.Err() != nil || n != 2500 {
			t.Errorf("batches of %d: %d documents, %v", size, n, cursor.Err())
		}
	}
	cursor, err := things.Find(ctx, bson.D{}, options.Find().SetBatchSize(2))
	if err != nil {
		t.Fatal(err)
	}
	id := cursor.ID()
	if err := cursor.Close(ctx); err != nil {
		t.Fatal(err)
	}
	more := bson.D{{Key: "getMore", Value: id}, {Key: "collection", Value: "things"}}
	if err := things.Database().RunCommand(ctx, more).Err(); !hasCode(err, 43) {
		t.Errorf("reading on from a closed cursor: %v", err)
	}
}

func TestAnAggregationMatchesGroupsSortsAndProjects(t *testing.T) {
	ctx := t.Context()
	orders := Database(t, Start(t)).Collection("orders")
	var docs []any
	for i := range 60 {
		docs = append(docs, bson.D{{Key: "id", Value: fmt.Sprintf("o%02d", 59-i)}, {Key: "customer", Value: string(rune('a' + i%3))}, {Key: "day", Value: fmt.Sprintf("2023-%02d-01", 1+i%2)}, {Key: "sub", Value: bson.D{{Key: "k", Value: i}}}})
	}
	if _, err := orders.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	pipeline := bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "customer", Value: bson.D{{Key: "$in", Value: bson.A{"a", "b"}}}}}}},
		bson.D{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "c", Value: "$customer"}, {Key: "m", Value: bson.D{{Key: "$substrBytes", Value: bson.A{"$day", 0, 7}}}}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "ids", Value: bson.D{{Key: "$minN", Value: bson.D{{Key: "input", Value: "$id"}, {Key: "n", Value: 2}}}}},
		}}},
		bson.D{{Key: "$sort", Value: bson.D{{Key: "_id.c", Value: -1}, {Key: "_id.m", Value: 1}}}},
		bson.D{{Key: "$project", Value: bson.D{{Key: "_id", Value: 0}, {Key: "who", Value: bson.D{{Key: "$concat", Value: bson.A{"$_id.c", " ", "$_id.m"}}}}, {Key: "n", Value: 1}, {Key: "ids", Value: 1}}}},
	}
	want := []string{"b 2023-01 10 [o01 o07]", "b 2023-02 10 [o04 o10]", "a 2023-01 10 [o05 o11]", "a 2023-02 10 [o02 o08]"}
	for _, indexed := range []bool{false, true} {
		if indexed {
			if _, err := orders.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "customer", Value: 1}}}); err != nil {
				t.Fatal(err)
			}
		}
		cursor, err := orders.Aggregate(ctx, pipeline, options.Aggregate().SetAllowDiskUse(true))
		if err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			Who string
			N   int
			IDs []string `bson:"ids"`
		}
		if err := cursor.All(ctx, &rows); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			got = append(got, fmt.Sprintf("%s %d %v", r.Who, r.N, r.IDs))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("index %v: %s", indexed, d)
		}
	}
}

func TestAnAggregationLeavesTheDocumentsAlone(t *testing.T) {
	ctx := t.Context()
	things := Database(t, Start(t)).Collection("things")
	doc := bson.D{{Key: "_id", Value: 1}, {Key: "sub", Value: bson.D{{Key: "a", Value: 1}, {Key: "list", Value: bson.A{1, 2}}}}}
	if _, err := things.InsertOne(ctx, doc); err != nil {
		t.Fatal(err)
	}
	// A change of the document makes the server write it from what it has in memory.
	if _, err := things.UpdateOne(ctx, bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "touched", Value: true}}}}); err != nil {
		t.Fatal(err)
	}
	var before, after bson.Raw
	if err := things.FindOne(ctx, bson.D{}).Decode(&before); err != nil {
		t.Fatal(err)
	}
	for _, stages := range []bson.A{
		{bson.D{{Key: "$set", Value: bson.D{{Key: "sub.a", Value: 2}}}}},
		{bson.D{{Key: "$project", Value: bson.D{{Key: "sub.a", Value: 0}}}}},
		{bson.D{{Key: "$project", Value: bson.D{{Key: "sub", Value: 1}}}}, bson.D{{Key: "$set", Value: bson.D{{Key: "sub.b", Value: 2}}}}},
		{bson.D{{Key: "$unwind", Value: "$sub.list"}}, bson.D{{Key: "$unset", Value: "sub.a"}}},
		{bson.D{{Key: "$replaceRoot", Value: bson.D{{Key: "newRoot", Value: "$sub"}}}}, bson.D{{Key: "$set", Value: bson.D{{Key: "a", Value: 3}}}}},
	} {
		cursor, err := things.Aggregate(ctx, stages)
		if err != nil {
			t.Fatal(err)
		}
		if err := cursor.Close(ctx); err != nil {
			t.Fatal(err)
		}
		if err := things.FindOne(ctx, bson.D{}).Decode(&after); err != nil {
			t.Fatal(err)
		}
		if before.String() != after.String() {
			t.Fatalf("%v changed %v into %v", stages, before, after)
		}
	}
}

func TestRegularExpressionsKeepTheirOptions(t *testing.T) {
	ctx := t.Context()
	things := Database(t, Start(t)).Collection("things")
	for _, s := range []string{"a\nb", "A\nB", "ab"} {
		if _, err := things.InsertOne(ctx, bson.D{{Key: "s", Value: s}}); err != nil {
			t.Fatal(err)
		}
	}
	for options, want := range map[string]int64{"": 0, "s": 1, "is": 2} {
		for range 2 {
			n, err := things.CountDocuments(ctx, bson.D{{Key: "s", Value: bson.Regex{Pattern: "^a.b$", Options: options}}})
			if n != want || err != nil {
				t.Errorf("options %q: %d, want %d, %v", options, n, want, err)
			}
		}
	}
}
