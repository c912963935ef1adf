package mongotest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func TestUniqueAndPartialIndexesGuardWhatTheyCover(t *testing.T) {
	c := Database(t, Start(t)).Collection("things")
	ctx := t.Context()
	partial := mongo.IndexModel{
		Keys:    bson.D{{Key: "name", Value: 1}},
		Options: options.Index().SetUnique(true).SetPartialFilterExpression(bson.D{{Key: "ours", Value: bson.D{{Key: "$exists", Value: true}}}}),
	}
	if _, err := c.Indexes().CreateOne(ctx, partial); err != nil {
		t.Fatal(err)
	}
	for i, d := range []bson.D{
		{{Key: "_id", Value: 1}, {Key: "name", Value: "x"}},
		{{Key: "_id", Value: 2}, {Key: "name", Value: "x"}},
		{{Key: "_id", Value: 3}, {Key: "name", Value: "x"}, {Key: "ours", Value: 1}},
	} {
		if _, err := c.InsertOne(ctx, d); err != nil {
			t.Fatalf("document %d is within the rule: %v", i, err)
		}
	}
	if _, err := c.InsertOne(ctx, bson.D{{Key: "name", Value: "x"}, {Key: "ours", Value: 2}}); !mongo.IsDuplicateKeyError(err) {
		t.Errorf("a second covered document: %v", err)
	}
	if _, err := c.UpdateOne(ctx, bson.D{{Key: "_id", Value: 1}}, bson.D{{Key: "$set", Value: bson.D{{Key: "ours", Value: 1}}}}); !mongo.IsDuplicateKeyError(err) {
		t.Errorf("an update to a covered duplicate: %v", err)
	}
	if got := ids(t, c, bson.D{{Key: "name", Value: "x"}}, nil, nil); len(got) != 3 {
		t.Errorf("a partial index must not answer for documents it lacks: %v", got)
	}
	if got := ids(t, c, bson.D{{Key: "name", Value: "x"}, {Key: "ours", Value: bson.D{{Key: "$exists", Value: true}}}}, nil, nil); !slices.Equal(got, []int32{3}) {
		t.Errorf("covered documents: %v", got)
	}
	if _, err := c.DeleteOne(ctx, bson.D{{Key: "_id", Value: 3}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.InsertOne(ctx, bson.D{{Key: "name", Value: "x"}, {Key: "ours", Value: 2}}); err != nil {
		t.Errorf("the key of a deleted document is free: %v", err)
	}
}

func TestIndexesAreCreatedOnceAndListed(t *testing.T) {
	c := Database(t, Start(t)).Collection("things")
	ctx := t.Context()
	create := func(name string, field string, unique bool) error {
		_, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: field, Value: 1}}, Options: options.Index().SetName(name).SetUnique(unique)})
		return err
	}
	for range 2 {
		if err := create("one", "a", true); err != nil {
			t.Fatal(err)
		}
	}
	for _, wrong := range []struct {
		name, field string
		unique      bool
		code        int
	}{{"one", "b", true, 86}, {"one", "a", false, 86}, {"two", "a", true, 85}} {
		if err := create(wrong.name, wrong.field, wrong.unique); !hasCode(err, wrong.code) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	specs, err := c.Indexes().ListSpecifications(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range specs {
		names = append(names, s.Name)
	}
	if d := cmp.Diff([]string{"_id_", "one"}, names); d != "" {
		t.Error(d)
	}
	if err := c.Indexes().DropOne(ctx, "one"); err != nil {
		t.Fatal(err)
	}
	if err := c.Indexes().DropOne(ctx, "one"); !hasCode(err, 27) {
		t.Errorf("dropping it again: %v", err)
	}
}

func TestDistinctValuesComeFromTheIndex(t *testing.T) {
	c := Database(t, Start(t)).Collection("things")
	ctx := t.Context()
	var docs []any
	for i := range 1000 {
		docs = append(docs, bson.D{{Key: "v", Value: fmt.Sprintf("v%d", i%7)}})
	}
	docs = append(docs, bson.D{{Key: "other", Value: 1}})
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	ask := func() []string {
		var got []string
		if err := c.Distinct(ctx, "v", bson.D{}).Decode(&got); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		return got
	}
	before := ask()
	if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "v", Value: 1}}}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"v0", "v1", "v2", "v3", "v4", "v5", "v6"}, before); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(before, ask()); d != "" {
		t.Error("with an index:", d)
	}
}
