package mongotest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// words are values that order and equality can go wrong on.
var words = []any{"", "a", "A", "á", "z", "ab", "a-b", "a b", "a\nb", "\uffee", "\U0001F600", "\ue000", "2023-01-01", int32(1), int64(1), 2.5, int64(1) << 40,
	true, false, nil, time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), bson.D{{Key: "a", Value: 1}}, bson.A{"a", "z"}, bson.A{}, bson.A{"\uffee", int32(1), nil, "b"}, bson.A{bson.A{"a"}, "ab"}}

func anyWord(r *rand.Rand) any { return words[r.IntN(len(words))] }

// condition makes a condition on one field.
func condition(r *rand.Rand) any {
	switch r.IntN(8) {
	case 0, 1:
		return bson.D{{Key: "$eq", Value: anyWord(r)}}
	case 2:
		return bson.D{{Key: "$in", Value: bson.A{anyWord(r), anyWord(r), anyWord(r)}}}
	case 3:
		return bson.D{{Key: "$gte", Value: anyWord(r)}, {Key: "$lt", Value: anyWord(r)}}
	case 4:
		return bson.D{{Key: "$gt", Value: anyWord(r)}}
	case 5:
		return bson.D{{Key: "$lte", Value: anyWord(r)}, {Key: "$ne", Value: anyWord(r)}}
	case 6:
		return bson.D{{Key: "$exists", Value: r.IntN(2) == 0}}
	}
	return bson.D{{Key: "$in", Value: bson.A{"a", "z", "\uffee"}}, {Key: "$gt", Value: "a"}}
}

func filter(r *rand.Rand) bson.D {
	f := bson.D{}
	for _, field := range []string{"a", "b", "c.d"} {
		if r.IntN(3) > 0 {
			f = append(f, bson.E{Key: field, Value: condition(r)})
		}
	}
	if r.IntN(4) == 0 {
		return bson.D{{Key: "$and", Value: bson.A{f, bson.D{{Key: "a", Value: condition(r)}}}}}
	}
	switch r.IntN(4) {
	case 0:
		return bson.D{{Key: "$or", Value: either(r)}}
	case 1:
		return append(f, bson.E{Key: "$or", Value: either(r)})
	}
	return f
}

// either makes the branches of an $or, some with one of their own.
func either(r *rand.Rand) bson.A {
	branches := bson.A{}
	for range 1 + r.IntN(3) {
		branch := bson.D{{Key: []string{"a", "b", "c.d"}[r.IntN(3)], Value: condition(r)}}
		if r.IntN(3) == 0 {
			branch = append(branch, bson.E{Key: "b", Value: bson.D{{Key: "$gte", Value: anyWord(r)}}})
		}
		if r.IntN(6) == 0 {
			branch = bson.D{{Key: "$or", Value: either(r)}, {Key: "a", Value: condition(r)}}
		}
		branches = append(branches, branch)
	}
	return branches
}

func document(r *rand.Rand, id int) bson.D {
	d := bson.D{{Key: "_id", Value: id}}
	if r.IntN(8) > 0 {
		d = append(d, bson.E{Key: "a", Value: anyWord(r)})
	}
	d = append(d, bson.E{Key: "b", Value: anyWord(r)})
	return append(d, bson.E{Key: "c", Value: bson.D{{Key: "d", Value: anyWord(r)}}})
}

// ids asks for the _ids that match, in ascending order unless sort says otherwise.
func ids(t *testing.T, c *mongo.Collection, f bson.D, sort bson.D, hint any) []int32 {
	t.Helper()
	opts := options.Find().SetHint(hint).SetProjection(bson.D{{Key: "_id", Value: 1}})
	if sort != nil {
		opts.SetSort(sort)
	}
	cursor, err := c.Find(t.Context(), f, opts)
	if err != nil {
		t.Fatalf("%v: %v", f, err)
	}
	var docs []struct {
		ID int32 `bson:"_id"`
	}
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	var all []int32
	for _, d := range docs {
		all = append(all, d.ID)
	}
	if sort == nil {
		slices.Sort(all)
	}
	return all
}

func TestAnIndexFindsWhatAScanFinds(t *testing.T) {
	c := Database(t, Start(t)).Collection("things")
	ctx := t.Context()
	r := rand.New(rand.NewPCG(3, 1))
	rounds := 120
	if testing.Short() {
		rounds = 40
	}
	var docs []any
	for id := range 300 {
		docs = append(docs, document(r, id))
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	hints := []bson.D{{{Key: "a", Value: 1}, {Key: "_id", Value: 1}}, {{Key: "b", Value: 1}, {Key: "a", Value: 1}}, {{Key: "a", Value: 1}, {Key: "c.d", Value: -1}, {Key: "b", Value: 1}}}
	for _, h := range hints {
		if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: h}); err != nil {
			t.Fatal(err)
		}
	}
	partial := options.Index().SetPartialFilterExpression(bson.D{{Key: "b", Value: bson.D{{Key: "$exists", Value: true}}}})
	if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "c.d", Value: 1}}, Options: partial}); err != nil {
		t.Fatal(err)
	}
	natural := bson.D{{Key: "$natural", Value: 1}}
	for round := range rounds {
		f := filter(r)
		want := ids(t, c, f, nil, natural)
		for _, h := range hints {
			if got := ids(t, c, f, nil, h); !slices.Equal(got, want) {
				t.Fatalf("round %d, filter %v: by index %v %v, by scan %v", round, f, h, got, want)
			}
		}
		if got := ids(t, c, f, nil, nil); !slices.Equal(got, want) {
			t.Fatalf("round %d, filter %v: as planned %v, by scan %v", round, f, got, want)
		}
		n, err := c.CountDocuments(ctx, f)
		if err != nil || int(n) != len(want) {
			t.Fatalf("filter %v: counted %d, %v; found %d", f, n, err, len(want))
		}
		direction := 1 - 2*r.IntN(2)
		sort := bson.D{{Key: "a", Value: direction}, {Key: "_id", Value: direction}}
		if got, want := ids(t, c, f, sort, nil), ids(t, c, f, sort, natural); !slices.Equal(got, want) {
			t.Fatalf("filter %v sorted %v: %v, by scan %v", f, sort, got, want)
		}
		// A few writes between, so that the index is never settled.
		id := r.IntN(400)
		if _, err := c.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}}, document(r, id), options.Replace().SetUpsert(true)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.DeleteOne(ctx, bson.D{{Key: "_id", Value: r.IntN(400)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnIndexGivesItsOrderWithoutSorting(t *testing.T) {
	c := Database(t, Start(t)).Collection("things")
	ctx := t.Context()
	texts := []string{"b", "a", "\U0001F600", "\uffee", "Z", "é", "a\u0301", "\ue000"}
	for i, s := range texts {
		if _, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: i}, {Key: "s", Value: s}, {Key: "k", Value: i % 2}}); err != nil {
			t.Fatal(err)
		}
	}
	want := slices.Sorted(slices.Values(texts)) // Go compares the bytes of UTF-8, as MongoDB does
	sorted := func(direction int) []string {
		cursor, err := c.Aggregate(ctx, bson.A{bson.D{{Key: "$match", Value: bson.D{}}}, bson.D{{Key: "$sort", Value: bson.D{{Key: "s", Value: direction}}}}})
		if err != nil {
			t.Fatal(err)
		}
		var docs []struct{ S string }
		if err := cursor.All(ctx, &docs); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, d := range docs {
			all = append(all, d.S)
		}
		return all
	}
	if d := cmp.Diff(want, sorted(1)); d != "" {
		t.Error("without an index:", d)
	}
	for _, keys := range []bson.D{{{Key: "s", Value: 1}}, {{Key: "k", Value: 1}, {Key: "s", Value: 1}}} {
		if _, err := c.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: keys}); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, sorted(1)); d != "" {
		t.Error("with an index:", d)
	}
	backwards := sorted(-1)
	slices.Reverse(backwards)
	if d := cmp.Diff(want, backwards); d != "" {
		t.Error("backwards:", d)
	}
	if !Real() {
		find := bson.D{{Key: "find", Value: "things"}, {Key: "filter", Value: bson.D{{Key: "k", Value: 1}}}, {Key: "sort", Value: bson.D{{Key: "s", Value: -1}}}}
		if p := explained(t, c.Database(), find); strings.Contains(p, "SORT") || !strings.Contains(p, "k_1_s_1") {
			t.Errorf("an equality and the order of the next field need no sort: %s", p)
		}
	}
}

// explained returns the winning plan as text.
func explained(t *testing.T, db *mongo.Database, command bson.D) string {
	t.Helper()
	var answer struct {
		QueryPlanner struct {
			WinningPlan bson.Raw `bson:"winningPlan"`
		} `bson:"queryPlanner"`
	}
	if err := db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: command}}).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.QueryPlanner.WinningPlan.String()
}

func TestAnOrIsAnsweredByTheIndexesOfItsBranches(t *testing.T) {
	if Real() {
		t.Skip("A real server has plans of its own.")
	}
	c := Database(t, Start(t)).Collection("orders")
	ctx := t.Context()
	var docs []any
	for id := range 2000 {
		d := bson.D{{Key: "_id", Value: id}, {Key: "customer", Value: id % 7}}
		if id%2 == 0 {
			d = append(d, bson.E{Key: "status", Value: id % 100})
		} else {
			d = append(d, bson.E{Key: "own", Value: bson.D{{Key: "batch", Value: id % 9}, {Key: "statuses", Value: bson.A{id % 100, "x"}}}})
		}
		docs = append(docs, d)
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	filter := bson.D{{Key: "customer", Value: 3}, {Key: "$or", Value: bson.A{
		bson.D{{Key: "status", Value: 40}, {Key: "own", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "own.statuses", Value: bson.D{{Key: "$in", Value: bson.A{41, 43}}}}, {Key: "own.batch", Value: bson.D{{Key: "$lte", Value: 5}}}},
	}}}
	want := ids(t, c, filter, nil, nil)
	if len(want) == 0 {
		t.Fatal("the filter must match something")
	}
	find := bson.D{{Key: "find", Value: "orders"}, {Key: "filter", Value: filter}}
	for _, index := range []mongo.IndexModel{
		{Keys: bson.D{{Key: "status", Value: 1}}},
		{Keys: bson.D{{Key: "own.statuses", Value: 1}, {Key: "customer", Value: 1}}, Options: options.Index().SetPartialFilterExpression(bson.D{{Key: "own.batch", Value: bson.D{{Key: "$exists", Value: true}}}})},
	} {
		if p := explained(t, c.Database(), find); !strings.Contains(p, "COLLSCAN") {
			t.Errorf("one branch has no index yet: %s", p)
		}
		if _, err := c.Indexes().CreateOne(ctx, index); err != nil {
			t.Fatal(err)
		}
	}
	if p := explained(t, c.Database(), find); !strings.Contains(p, `"OR"`) || !strings.Contains(p, "status_1") || !strings.Contains(p, "own.statuses_1_customer_1") {
		t.Errorf("both branches have an index: %s", p)
	}
	if got := ids(t, c, filter, nil, nil); !slices.Equal(got, want) {
		t.Errorf("by the indexes %v, by scan %v", got, want)
	}
}
