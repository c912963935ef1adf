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
	true, false, nil, time.Date(2023, 5, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), bson.D{{Key: "a", Value: 1}}, bson.A{"a", "z"}, bson.A{}}

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
	return f
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
	rounds := 200
	if testing.Short() {
		rounds = 60
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
	natural := bson.D{{Key: "$natural", Value: 1}}
	for round := range rounds {
		f := filter(r)
		want := ids(t, c, f, nil, natural)
		for _, h := range hints {
			if got := ids(t, c, f, nil, h); !slices.Equal(got, want) {
				t.Fatalf("round %d, filter %v: by index %v %v, by scan %v", round, f, h, got, want)
			}
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
