package mongotest

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

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
