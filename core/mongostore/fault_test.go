package mongostore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"

	"deskwatch/core"
	"deskwatch/core/mongostore/mongotest"
)

func TestAServerThatCannotBeReachedIsNamedWithTheReason(t *testing.T) {
	cert, key := mongotest.Certificate(t)
	plain := mongotest.New(t)
	secured := mongotest.New(t, mongotest.WithTLS(cert, key))
	old := mongotest.New(t, mongotest.WithHello(`{"maxWireVersion":8,"minWireVersion":0}`))
	noPrimary := mongotest.New(t, mongotest.WithHello(`{"setName":"rs0","isWritablePrimary":false,"ismaster":false,"secondary":true,"hosts":["127.0.0.1:1"]}`))
	host := func(s *mongotest.Server) string {
		return strings.TrimPrefix(strings.SplitN(s.URI(), "/test", 2)[0], "mongodb://")
	}
	for _, tt := range []struct {
		name, uri string
		code      core.Code
		words     []string
	}{
		{"refused", "mongodb://" + deadEnd + "/", core.CodeUnavailable, []string{deadEnd, "refused", "Check that the server runs"}},
		{"silence", "mongodb://" + silentListener(t) + "/", core.CodeUnavailable, []string{"does not answer"}},
		{"unknown host", "mongodb://nowhere.invalid/", core.CodeUnavailable, []string{"nowhere.invalid"}},
		{"HTTP", "mongodb://" + listener(t, []byte("HTTP/1.1 400 Bad Request\r\n\r\n")) + "/", core.CodeUnavailable, []string{"not a MongoDB server"}},
		{"SSH", "mongodb://" + listener(t, []byte("SSH-2.0-OpenSSH_9.6\r\n")) + "/", core.CodeUnavailable, []string{"not a MongoDB server"}},
		{"hangs up", "mongodb://" + listener(t, []byte{}) + "/", core.CodeUnavailable, []string{"closed the connection at once", "tls=true"}},
		{"unknown authority", "mongodb://" + host(secured) + "/?tls=true", core.CodeUnavailable, []string{"signed by nobody this machine trusts", "tlsCAFile"}},
		{"other name", "mongodb://localhost:" + strings.Split(host(secured), ":")[1] + "/?tls=true&tlsCAFile=" + cert, core.CodeUnavailable, []string{"is for 127.0.0.1, not localhost"}},
		{"server without TLS", "mongodb://" + host(plain) + "/?tls=true", core.CodeUnavailable, []string{"TLS"}},
		{"server with TLS", "mongodb://" + host(secured) + "/", core.CodeUnavailable, []string{"cannot be reached"}},
		{"too old", "mongodb://" + host(old) + "/", core.CodeInvalid, []string{"too old", "6.0"}},
		{"no primary", "mongodb://" + host(noPrimary) + "/?replicaSet=rs0", core.CodeUnavailable, []string{"replica set rs0 has no primary"}},
		{"other replica set", "mongodb://" + host(noPrimary) + "/?replicaSet=rs1", core.CodeUnavailable, []string{"replicaSet"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := linked(t, tt.uri, "")
			since := time.Now()
			err := b.Ping(t.Context())
			wants(t, err, tt.code, append(tt.words, "Nothing was changed.")...)
			if took := time.Since(since); took > 1700*time.Millisecond {
				t.Errorf("it took %s", took)
			}
		})
	}
	t.Run("trusted", func(t *testing.T) {
		if err := linked(t, secured.URI(), "").Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// deadEnd is an address nobody listens on. A port that was free a moment ago would not do: another
// program may have it by now.
const deadEnd = "127.0.0.1:1"

func TestAWrongPasswordAndAMissingRightSaySo(t *testing.T) {
	s := mongotest.New(t, mongotest.WithAuth("ana", testPassword, "readWrite"), mongotest.WithAuth("ben", testPassword, "read"))
	as := func(user string) string {
		return strings.Replace(s.URI(), "mongodb://", "mongodb://"+user+"@", 1) + "?authSource=admin"
	}
	ctx := t.Context()

	good := linked(t, as("ana"), testPassword)
	if _, err := good.orders().InsertOne(ctx, bson.D{{Key: "_id", Value: 1}}); err != nil {
		t.Error(err)
	}
	_, err := linked(t, as("ana"), "s3cr3t-but-wrong").loadState(ctx)
	wants(t, good.fault("test", "", err), core.CodeDenied, "does not accept this user or password", `"admin"`)
	_, err = linked(t, as("nobody"), testPassword).loadState(ctx)
	wants(t, good.fault("test", "", err), core.CodeDenied, "does not accept this user or password")

	reader := linked(t, as("ben"), testPassword)
	_, err = reader.orders().InsertOne(ctx, bson.D{{Key: "_id", Value: 2}})
	wants(t, reader.fault("test", "The import was taken back.", err), core.CodeDenied, "The user ben lacks the right insert on the database test.", "The import was taken back.", "readWrite")
	nobody := linked(t, s.URI(), "")
	_, err = nobody.loadState(ctx)
	wants(t, nobody.fault("test", "", err), core.CodeDenied, "wants its users to sign in")
}

func TestAConnectionLostHalfWaySaysWhatWasKept(t *testing.T) {
	uri := mongotest.Start(t)
	way := mongotest.Proxy(t, uri)
	b := linked(t, way.URI(), "")
	if err := b.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	mongotest.FailPoint(t, uri, map[string]any{"times": 1}, map[string]any{"failCommands": []string{"insert"}, "closeConnection": true})
	_, err := b.orders().InsertOne(t.Context(), bson.D{{Key: "a", Value: 1}})
	wants(t, b.fault("test", "Nothing of this import was kept.", err), core.CodeUnavailable, "was lost half-way", "Nothing of this import was kept.")
	if !passes(err) {
		t.Errorf("a lost connection passes: %v", err)
	}

	way.Blackhole()
	since := time.Now()
	wants(t, b.Ping(t.Context()), core.CodeUnavailable, "Nothing was changed.")
	if took := time.Since(since); took > 1500*time.Millisecond {
		t.Errorf("it took %s", took)
	}
	way.Mend()
	if err := b.Ping(t.Context()); err != nil {
		t.Errorf("after the way was mended: %v", err)
	}
}

func TestASlowServerAndACancelledQuestionSaySo(t *testing.T) {
	uri := mongotest.Start(t)
	b := linked(t, uri, "")
	mongotest.FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": []string{"find"}, "blockConnection": true, "blockTimeMS": 20_000})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := b.loadState(ctx)
	wants(t, b.fault("test", "", err), core.CodeUnavailable, "did not answer in time")

	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, stop)
	_, err = b.loadState(ctx)
	wants(t, b.fault("test", "", err), core.CodeCanceled, "Stopped as you asked. Nothing was changed.")
}

func TestEveryAnswerOfAServerHasWordsOfItsOwn(t *testing.T) {
	uri := mongotest.Start(t)
	b := linked(t, uri, "")
	for _, tt := range []struct {
		code   int
		want   core.Code
		words  string
		passes bool
	}{
		{13, core.CodeDenied, "may not do this", false},
		{18, core.CodeDenied, "user or password", false},
		{50, core.CodeUnavailable, "longer than the time limit", true},
		{59, core.CodeInvalid, "6.0 or newer", false},
		{61, core.CodeInvalid, "sharded", false},
		{91, core.CodeUnavailable, "shutting down", true},
		{121, core.CodeDenied, "validation rule", false},
		{166, core.CodeInvalid, "view", false},
		{189, core.CodeUnavailable, "new primary", true},
		{292, core.CodeUnavailable, "memory", false},
		{334, core.CodeDenied, "sign in", false},
		{10107, core.CodeUnavailable, "new primary", true},
		{10334, core.CodeInvalid, "16 MB", false},
		{11000, core.CodeConflict, "same key", false},
		{11600, core.CodeUnavailable, "shutting down", true},
		{14031, core.CodeUnavailable, "disk", false},
		{40324, core.CodeInvalid, "6.0 or newer", false},
		{99999, core.CodeInternal, "The log has the details", false},
	} {
		mongotest.FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": []string{"insert"}, "errorCode": tt.code})
		_, err := b.orders().InsertOne(t.Context(), bson.D{{Key: "a", Value: 1}})
		wants(t, b.fault("test", "", err), tt.want, tt.words)
		if passes(err) != tt.passes {
			t.Errorf("%d passes: %t", tt.code, passes(err))
		}
	}
}

func TestWhatOnlySomeServersSayIsUnderstood(t *testing.T) {
	b := &Book{}
	for _, tt := range []struct {
		err   error
		want  core.Code
		words string
	}{
		{mongo.CommandError{Code: 8000, Name: "AtlasError", Message: "bad auth : Authentication failed."}, core.CodeDenied, "user or password"},
		{mongo.CommandError{Code: 8000, Name: "AtlasError", Message: "user is not allowed to do action [update] on [shop.Orders]"}, core.CodeDenied, "lacks the right update on shop.Orders"},
		{mongo.CommandError{Code: 8000, Name: "AtlasError", Message: "you are over your space quota, using 513 MB of 512 MB"}, core.CodeUnavailable, "quota"},
		{mongo.CommandError{Code: 20, Message: "Transaction numbers are only allowed on a replica set member or mongos"}, core.CodeInvalid, "retryWrites=false"},
		{mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: mongo.WriteError{Code: 11000}}}, WriteConcernError: &mongo.WriteConcernError{Code: 91}}, core.CodeConflict, "same key"},
		{mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, core.CodeUnavailable, "Too few members"},
		{driver.ErrDocumentTooLarge, core.CodeInvalid, "16 MB"},
	} {
		wants(t, b.fault("test", "", tt.err), tt.want, tt.words)
	}
}

func TestAFaultShowsNoPasswordAnywhereInItsChain(t *testing.T) {
	b := &Book{link: &link{address: address{secrets: []string{testPassword, escapedPassword}}}}
	deep := errors.Join(io.EOF, fmt.Errorf("dialling mongodb://ana:%s@db1: %w", escapedPassword, mongo.CommandError{Code: 18, Message: "refused " + testPassword}))
	err := b.fault("test", "", fmt.Errorf("outer: %w", deep))
	wants(t, err, core.CodeDenied, "user or password")
	if err := b.fault("test", "", io.EOF); !errors.Is(err, io.EOF) {
		t.Errorf("a harmless cause is lost: %v", err)
	}
	already := core.NewError(core.CodeNotFound, "x", "y", nil)
	if err := b.fault("test", "", already); err != error(already) {
		t.Errorf("%v was explained twice", err)
	}
}
