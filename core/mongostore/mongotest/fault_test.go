package mongotest

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

func hasCode(err error, code int) bool {
	var se mongo.ServerError
	return errors.As(err, &se) && se.HasErrorCode(code)
}

func TestFailPointsFailAsOftenAsTheySay(t *testing.T) {
	insert := func(c *mongo.Collection) error {
		_, err := c.InsertOne(t.Context(), bson.D{})
		return err
	}
	for name, test := range map[string]struct {
		mode any
		want []bool // whether each of some inserts fails
	}{
		"times":           {bson.M{"times": 2}, []bool{true, true, false, false}},
		"skip":            {bson.M{"skip": 1}, []bool{false, true, true, true}},
		"skip then times": {bson.M{"skip": 1, "times": 1}, []bool{false, true, false, false}},
		"always on":       {"alwaysOn", []bool{true, true, true, true}},
		"off":             {"off", []bool{false, false, false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			if m, _ := test.mode.(bson.M); len(m) > 1 && Real() {
				t.Skip("A real server takes skip or times.")
			}
			uri := Start(t)
			c := Database(t, uri).Collection("things")
			FailPoint(t, uri, test.mode, map[string]any{"failCommands": bson.A{"insert"}, "errorCode": 8000})
			for i, want := range test.want {
				if err := insert(c); hasCode(err, 8000) != want || (err != nil) != want {
					t.Errorf("insert %d: %v", i, err)
				}
			}
		})
	}
}

func TestAFailPointIsOneDatabasesAlone(t *testing.T) {
	uri, other := Start(t), Start(t)
	FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": bson.A{"insert"}, "errorCode": 8000})
	if Real() {
		t.Skip("A real server's fail points are everybody's.")
	}
	if _, err := Database(t, other).Collection("things").InsertOne(t.Context(), bson.D{}); err != nil {
		t.Error(err)
	}
}

func TestAFailPointClosesTheConnection(t *testing.T) {
	uri := Start(t)
	c := Database(t, uri).Collection("things")
	FailPoint(t, uri, bson.M{"times": 1}, map[string]any{"failCommands": bson.A{"insert"}, "closeConnection": true})
	_, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}})
	if Real() && err == nil {
		t.Skip("A replica set's driver tries again.")
	}
	if !mongo.IsNetworkError(err) {
		t.Errorf("insert: %v", err)
	}
	if n, err := c.CountDocuments(t.Context(), bson.D{}); n != 0 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
}

func TestAFailPointLosesTheAcknowledgement(t *testing.T) {
	uri := Start(t)
	c := Database(t, uri).Collection("things")
	FailPoint(t, uri, bson.M{"times": 1}, map[string]any{"failCommands": bson.A{"insert"}, "afterWork": true})
	if _, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}}); !mongo.IsNetworkError(err) {
		t.Errorf("insert: %v", err)
	}
	if n, err := c.CountDocuments(t.Context(), bson.D{}); n != 1 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
}

func TestAFailPointBlocksTheReply(t *testing.T) {
	uri := Start(t)
	c := Database(t, uri).Collection("things")
	FailPoint(t, uri, bson.M{"times": 1}, map[string]any{"failCommands": bson.A{"find"}, "blockConnection": true, "blockTimeMS": 400})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := c.FindOne(ctx, bson.D{}).Err(); !mongo.IsTimeout(err) {
		t.Errorf("find within 100 ms: %v", err)
	}
	if err := c.FindOne(t.Context(), bson.D{}).Err(); !errors.Is(err, mongo.ErrNoDocuments) {
		t.Errorf("find afterwards: %v", err)
	}
}

func TestAFailPointHasLabelsAndWriteConcernErrors(t *testing.T) {
	uri := Start(t)
	c := Database(t, uri).Collection("things")
	FailPoint(t, uri, bson.M{"times": 1}, map[string]any{"failCommands": bson.A{"insert"}, "errorCode": 11600, "errorLabels": bson.A{"Special"}})
	_, err := c.InsertOne(t.Context(), bson.D{})
	var se mongo.ServerError
	if !errors.As(err, &se) || !se.HasErrorLabel("Special") {
		t.Errorf("insert: %v", err)
	}
	FailPoint(t, uri, bson.M{"times": 1}, map[string]any{"failCommands": bson.A{"insert"}, "writeConcernError": bson.M{"code": 64, "errmsg": "waiting for replication timed out"}})
	_, err = c.InsertOne(t.Context(), bson.D{})
	var we mongo.WriteException
	if !errors.As(err, &we) || we.WriteConcernError == nil || we.WriteConcernError.Code != 64 {
		t.Errorf("insert: %v", err)
	}
	if n, err := c.CountDocuments(t.Context(), bson.D{}); n != 1 || err != nil {
		t.Errorf("a write concern error comes after the work: %d documents, %v", n, err)
	}
}

func TestAFailPointMeetsOneProgramOnly(t *testing.T) {
	uri := Start(t)
	FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": bson.A{"insert"}, "errorCode": 8000, "appName": "desk"})
	for app, want := range map[string]bool{"desk": true, "other": false} {
		_, err := Database(t, uri+"?appName="+app).Collection("things").InsertOne(t.Context(), bson.D{})
		if hasCode(err, 8000) != want {
			t.Errorf("%s: %v", app, err)
		}
	}
}

func TestRefusedCommandsHaveMongoDBsCodes(t *testing.T) {
	db := Database(t, Start(t))
	ctx := t.Context()
	if _, err := db.Collection("things").InsertOne(ctx, bson.D{{Key: "a", Value: 1}}); err != nil {
		t.Fatal(err)
	}
	stage := func(name string, value any) bson.D {
		return bson.D{{Key: "aggregate", Value: "things"}, {Key: "pipeline", Value: bson.A{bson.D{{Key: name, Value: value}}}}, {Key: "cursor", Value: bson.D{}}}
	}
	for _, c := range []struct {
		command bson.D
		code    int
	}{
		{bson.D{{Key: "fetchMeATea", Value: 1}}, 59},
		{stage("$nonsense", 1), 40324},
		{stage("$group", bson.D{{Key: "_id", Value: nil}, {Key: "x", Value: bson.D{{Key: "$nonsense", Value: 1}}}}), 15952},
		{stage("$addFields", bson.D{{Key: "x", Value: bson.D{{Key: "$nonsense", Value: 1}}}}), 168},
		{stage("$project", bson.D{{Key: "x", Value: bson.D{{Key: "$nonsense", Value: 1}}}}), 31325},
		{stage("$match", bson.D{{Key: "x", Value: bson.D{{Key: "$nonsense", Value: 1}}}}), 2},
		{bson.D{{Key: "find", Value: "things"}, {Key: "filter", Value: bson.D{{Key: "$nonsense", Value: 1}}}}, 2},
		{bson.D{{Key: "getMore", Value: int64(4711)}, {Key: "collection", Value: "things"}}, 43},
		{bson.D{{Key: "drop", Value: "things"}, {Key: "writeConcern", Value: bson.D{}}}, 0},
		{bson.D{{Key: "listIndexes", Value: "nothing"}}, 26},
	} {
		err := db.RunCommand(ctx, c.command).Err()
		if c.code == 0 && err != nil || c.code != 0 && !hasCode(err, c.code) {
			t.Errorf("%v: want code %d, got %v", c.command, c.code, err)
		}
	}
}

func TestALongAggregationEndsInTime(t *testing.T) {
	c := Database(t, Start(t)).Collection("things")
	ctx := t.Context()
	var docs []any
	for i := range 5000 {
		docs = append(docs, bson.D{{Key: "n", Value: i}})
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	slow := bson.D{{Key: "aggregate", Value: "things"}, {Key: "cursor", Value: bson.D{}}, {Key: "maxTimeMS", Value: 1}, {Key: "pipeline", Value: bson.A{
		bson.D{{Key: "$lookup", Value: bson.D{{Key: "from", Value: "things"}, {Key: "as", Value: "same"}, {Key: "let", Value: bson.D{{Key: "n", Value: "$n"}}}, {Key: "pipeline", Value: bson.A{
			bson.D{{Key: "$match", Value: bson.D{{Key: "$expr", Value: bson.D{{Key: "$eq", Value: bson.A{"$n", "$$n"}}}}}}},
			bson.D{{Key: "$limit", Value: 1}},
		}}}}},
	}}}
	began := time.Now()
	if err := c.Database().RunCommand(ctx, slow).Err(); !hasCode(err, 50) {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}
