package mongotest

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
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

func TestSCRAMLetsTheRightUsersDoTheRightThings(t *testing.T) {
	t.Parallel()
	uri := Start(t, WithAuth("ana", "s3cret:,=/", "readWrite"), WithAuth("bob", "look", "read"))
	ctx := t.Context()
	ana := Database(t, As(t, uri, "ana", "s3cret:,=/")).Collection("things")
	if _, err := ana.InsertOne(ctx, bson.D{{Key: "a", Value: 1}}); err != nil {
		t.Fatal(err)
	}
	bob := Database(t, As(t, uri, "bob", "look")).Collection("things")
	if n, err := bob.CountDocuments(ctx, bson.D{}); n != 1 || err != nil {
		t.Errorf("bob counts %d, %v", n, err)
	}
	if _, err := bob.InsertOne(ctx, bson.D{}); !hasCode(err, 13) {
		t.Errorf("bob writes: %v", err)
	}
	if _, err := bob.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "a", Value: 1}}}); !hasCode(err, 13) {
		t.Errorf("bob creates an index: %v", err)
	}
	for name, wrong := range map[string]string{"wrong password": As(t, uri, "ana", "guess"), "unknown user": As(t, uri, "eve", "s3cret")} {
		if err := Database(t, wrong).Collection("things").FindOne(ctx, bson.D{}).Err(); !hasCode(err, 18) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Database(t, uri).Collection("things").FindOne(ctx, bson.D{}).Err(); !hasCode(err, 13) {
		t.Errorf("nobody: %v", err)
	}
	command := bson.D{{Key: "connectionStatus", Value: 1}, {Key: "showPrivileges", Value: true}}
	raw, err := bob.Database().RunCommand(ctx, command).Raw()
	if err != nil {
		t.Fatal(err)
	}
	actions, err := raw.LookupErr("authInfo", "authenticatedUserPrivileges", "0", "actions")
	if err != nil || actions.String() == "[]" {
		t.Errorf("bob's privileges: %v, %v", raw, err)
	}
}

func TestTLSNeedsTheRightCertificate(t *testing.T) {
	t.Parallel()
	cert, key := Certificate(t)
	uri := Start(t, WithTLS(cert, key))
	ctx := t.Context()
	if _, err := Database(t, uri).Collection("things").InsertOne(ctx, bson.D{}); err != nil {
		t.Error(err)
	}
	stranger, _ := Certificate(t)
	plain := parse(t, uri)
	for _, query := range []string{"tls=true&tlsCAFile=" + stranger, ""} {
		plain.RawQuery = query
		client, err := mongo.Connect(options.Client().ApplyURI(plain.String()).SetServerSelectionTimeout(300 * time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		defer disconnect(client)
		if err := client.Ping(ctx, nil); err == nil {
			t.Errorf("%q is let in", query)
		}
	}
}

func TestAServerComesBackOnItsPort(t *testing.T) {
	t.Parallel()
	s := New(t, WithVersion("6.0.1"))
	ctx := t.Context()
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()).SetServerSelectionTimeout(300 * time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer disconnect(client)
	var info struct{ Version string }
	if err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&info); err != nil || info.Version != "6.0.1" {
		t.Fatalf("%+v, %v", info, err)
	}
	before := s.URI()
	s.Stop()
	if err := client.Ping(ctx, nil); err == nil {
		t.Error("a stopped server answers")
	}
	s.Start()
	if s.URI() != before {
		t.Errorf("%s became %s", before, s.URI())
	}
	for try := 0; ; try++ {
		err := client.Ping(ctx, nil)
		if err == nil {
			break
		}
		if try == 50 {
			t.Fatal(err)
		}
	}
}

func TestAWayCanBeCutAndMended(t *testing.T) {
	t.Parallel()
	way := Proxy(t, Start(t))
	ctx := t.Context()
	client, err := mongo.Connect(options.Client().ApplyURI(way.URI()).SetServerSelectionTimeout(300 * time.Millisecond).SetTimeout(400 * time.Millisecond).SetHeartbeatInterval(500 * time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer disconnect(client)
	reachable := func() bool { return client.Ping(ctx, nil) == nil }
	becomesReachable := func() bool {
		for range 50 {
			if reachable() {
				return true
			}
		}
		return false
	}
	if !becomesReachable() {
		t.Fatal("a fresh way is cut")
	}
	way.Cut()
	if reachable() {
		t.Error("the way is cut and leads on")
	}
	way.Mend()
	if !becomesReachable() {
		t.Error("the way is mended and does not lead on")
	}
	way.Blackhole()
	if reachable() {
		t.Error("something came through the black hole")
	}
	way.Mend()
	if !becomesReachable() {
		t.Error("the way does not lead on after the black hole")
	}
}
