// Package mongotest gives tests a MongoDB: a small server of this project's own that speaks the
// wire protocol (server/, run by Node), or the real one that MONGO_TEST_URI names. It is for
// tests and benchmarks only.
package mongotest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// realServer names the variable with the address of a server to be used instead of our own.
const realServer = "MONGO_TEST_URI"

// Real says whether Start gives a real server and not this package's own.
func Real() bool { return os.Getenv(realServer) != "" }

// shared is the one plain server of a test binary; it ends when the binary does. It is kept
// whole: a process that nothing refers to has its standard input closed by the garbage
// collector, and the server ends with that.
var shared = sync.OnceValues(func() (*process, error) { return launch(nil) })

// databases counts the databases this process named.
var databases atomic.Int64

// Start returns the address of a server, with the name of a database that is this test's alone
// in its path; the database is dropped when the test ends. Without options all tests of a binary
// share one server. Without Node or its packages the test is skipped, or fails when
// DESKWATCH_MONGO_TEST=1 says that they must be there.
func Start(t testing.TB, opts ...Option) string {
	t.Helper()
	if len(opts) > 0 {
		return New(t, opts...).URI()
	}
	base := os.Getenv(realServer)
	if base == "" {
		p, err := shared()
		if err != nil {
			absent(t, err)
		}
		base = p.uri
	}
	uri := withDatabase(t, base, databaseName(t))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := Database(t, uri).Drop(ctx); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	return uri
}

// Database connects to the database a URI names and disconnects when the test ends.
func Database(t testing.TB, uri string) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(10 * time.Second))
	if err != nil {
		t.Fatalf("the test's server: %v", err)
	}
	t.Cleanup(func() { disconnect(client) })
	return client.Database(DatabaseName(t, uri))
}

// DatabaseName returns the name in a URI's path.
func DatabaseName(t testing.TB, uri string) string {
	t.Helper()
	return strings.TrimPrefix(parse(t, uri).Path, "/")
}

// As adds a user's credentials to a URI.
func As(t testing.TB, uri, user, password string) string {
	t.Helper()
	u := parse(t, uri)
	u.User = url.UserPassword(user, password)
	q := u.Query()
	q.Set("authSource", "admin")
	u.RawQuery = q.Encode()
	return u.String()
}

// FailPoint sets the server's fail point "failCommand" and switches it off when the test ends.
// mode and data are those of configureFailPoint; data may have afterWork: true as well, which
// does the command and then closes the connection without a reply. On this package's own server
// the fail point is limited to the URI's database, unless it names commands that have none.
// A real server that does not have fail points switched on skips the test.
func FailPoint(t testing.TB, uri string, mode any, data map[string]any) {
	t.Helper()
	fields := bson.M{}
	for k, v := range data {
		fields[k] = v
	}
	if !Real() && !adminOnly(data["failCommands"]) {
		fields["database"] = DatabaseName(t, uri)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetAppName("mongotest.FailPoint"))
	if err != nil {
		t.Fatalf("the test's server: %v", err)
	}
	t.Cleanup(func() { disconnect(client) })
	set := func(mode any) error {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		command := bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: mode}, {Key: "data", Value: fields}}
		return client.Database("admin").RunCommand(ctx, command).Err()
	}
	if _, ours := data["afterWork"]; ours && Real() {
		t.Skip("A real server has no fail point that loses an acknowledgement.")
	}
	if err := set(mode); err != nil {
		if Real() {
			t.Skipf("The server has no fail points (it needs --setParameter enableTestCommands=1): %v", err)
		}
		t.Fatalf("setting the fail point: %v", err)
	}
	t.Cleanup(func() {
		if err := set("off"); err != nil {
			t.Errorf("switching the fail point off: %v", err)
		}
	})
}

// adminOnly says whether a fail point's commands include one that is run on no test's database.
func adminOnly(failCommands any) bool {
	text := fmt.Sprint(failCommands)
	for _, name := range []string{"hello", "isMaster", "ping", "saslStart", "saslContinue", "connectionStatus", "buildInfo", "listDatabases"} {
		if strings.Contains(text, name) {
			return true
		}
	}
	return false
}

func disconnect(client *mongo.Client) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = client.Disconnect(ctx) // the test is over
}

func parse(t testing.TB, uri string) *url.URL {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatalf("the server's address: %v", err)
	}
	return u
}

func withDatabase(t testing.TB, uri, name string) string {
	t.Helper()
	u := parse(t, uri)
	u.Path = "/" + name
	if u.User != nil && u.Query().Get("authSource") == "" {
		q := u.Query()
		q.Set("authSource", "admin")
		u.RawQuery = q.Encode()
	}
	return u.String()
}

// databaseName makes a name from the test's own that no other process uses; a server allows 63
// bytes.
func databaseName(t testing.TB) string {
	plain := strings.Map(func(r rune) rune {
		if r < 128 && (r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return '_'
	}, t.Name())
	return fmt.Sprintf("%.30s_%d_%d_%x", plain, os.Getpid(), databases.Add(1), time.Now().UnixNano()&0xffffff)
}

// absent ends a test that has no server.
func absent(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("DESKWATCH_MONGO_TEST") == "1" {
		t.Fatal(err)
	}
	t.Skipf("No MongoDB test server: %v. `make test` installs what it needs.", err)
}
