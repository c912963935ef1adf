package mongostore

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

const (
	testPassword    = "s3cr3t/p@ss word%"
	escapedPassword = "s3cr3t%2Fp%40ss%20word%25" // as an address has it
)

// linked opens a book with a timeout of one second; it closes with the test.
func linked(t testing.TB, uri, password string) *Book {
	t.Helper()
	b, err := Open(linkOptions(uri, password))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return b
}

func linkOptions(uri, password string) Options {
	s := core.DefaultSettings().OrderBook
	s.Kind, s.URI, s.TimeoutSeconds = core.BookMongoDB, uri, 1
	if _, path, found := strings.Cut(strings.TrimPrefix(uri, "mongodb://"), "/"); found {
		if name, _, _ := strings.Cut(path, "?"); name != "" {
			s.Database = name
		}
	}
	return Options{Settings: s, Password: core.NewSecret(password)}
}

// wants fails unless err has the code and all the words and shows no password.
func wants(t *testing.T, err error, code core.Code, words ...string) {
	t.Helper()
	if core.ErrorCode(err) != code {
		t.Errorf("code %q, want %q: %v", core.ErrorCode(err), code, err)
	}
	for _, w := range words {
		if !strings.Contains(core.ErrorMessage(err), w) {
			t.Errorf("%q is not in %q (%v)", w, core.ErrorMessage(err), err)
		}
	}
	for _, secret := range []string{testPassword, escapedPassword, "s3cr3t"} {
		if shows(err, secret) {
			t.Errorf("the password shows in %v", err)
		}
	}
}

func TestOpenSaysWhatIsWrongWithTheAddressAndNeverThePassword(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.pem")
	noPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(noPEM, []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ uri, password, words string }{
		{"", "", "No MongoDB server is set"},
		{"db1:27017", "", "begins with mongodb://"},
		{"postgres://ana:s3cr3t@db1", "", "begins with mongodb://"},
		{"mongodb://ana:s3cr3t@d b1", "", "blank"},
		{"mongodb://:s3cr3t@db1/", "", "a password without a user"},
		{"mongodb://ana@db1/", "", "no password for the user ana"},
		{"mongodb://ana:<password>@db1/", "", "no password for the user ana"},
		{"mongodb://ana@db1/?authMechanism=SCRAM-SHA-256", "", "no password for the user ana"},
		{"mongodb://ana@db1:x/", testPassword, "port that is none"},
		{"mongodb://ana@db1:70000/", testPassword, "port that is none"},
		{"mongodb:///db", "", "does not name a host"},
		{"mongodb://ana@db1?tls=true", testPassword, "begin with /?"},
		{"mongodb://ana:s3cr3t@db1/?tls=perhaps", "", "option tls"},
		{"mongodb://ana@db1/?tls=true&ssl=false", testPassword, "cannot be used together"},
		{"mongodb://db1/?tls=true&tlsCAFile=" + missing, "", missing + " that the connection string names cannot be read"},
		{"mongodb://db1/?tls=true&tlsCAFile=" + noPEM, "", "PEM"},
		{"mongodb+srv://ana@db1.example.net:27017/", testPassword, "without a port"},
		{"mongodb+srv://ana@db1.example.net,db2.example.net/", testPassword, "one host"},
	} {
		b, err := Open(linkOptions(tt.uri, tt.password))
		if err == nil {
			_ = b.Close() // it should not be there
		}
		wants(t, err, core.CodeInvalid, tt.words)
	}
}

func TestPasswordOfTheVaultTakesThePlaceOfTheOneInTheAddress(t *testing.T) {
	for _, tt := range []struct{ uri, password, user, whole string }{
		{"mongodb://ana@db1/", testPassword, "ana", "mongodb://ana:s3cr3t%2Fp%40ss%20word%25@db1/"},
		{"mongodb://ana:old@db1/", testPassword, "ana", "mongodb://ana:s3cr3t%2Fp%40ss%20word%25@db1/"},
		{"mongodb://ana%40corp:o%40ld@db1/", "", "ana@corp", "mongodb://ana%40corp:o%40ld@db1/"},
		{"mongodb://ana:s3cr3t@x/y?z:%zz@db1/", "", "ana", "mongodb://ana:s3cr3t%40x%2Fy%3Fz%3A%25zz@db1/"},
		{"MongoDB://db1/", testPassword, "", "mongodb://db1/"},
		{"mongodb://CN=ana@db1/?authMechanism=MONGODB-X509", testPassword, "CN=ana", "mongodb://CN=ana@db1/?authMechanism=MONGODB-X509"},
	} {
		a, err := readAddress(tt.uri, core.NewSecret(tt.password))
		if err != nil || a.User != tt.user || a.uri != tt.whole {
			t.Errorf("%s: user %q, %q, %v; want user %q, %q", tt.uri, a.User, a.uri, err, tt.user, tt.whole)
		}
	}
	o, err := address{uri: "mongodb://ana:s3cr3t%2Fp%40ss%20word%25@db1/?authSource=team"}.options(time.Second)
	if err != nil || o.Auth.Password != testPassword || o.Auth.AuthSource != "team" {
		t.Errorf("the driver reads %+v, %v", o.Auth, err)
	}
}

func TestAnUnknownNameOfAClusterIsASentenceInTime(t *testing.T) {
	since := time.Now()
	_, err := Open(linkOptions("mongodb+srv://ana@cluster.invalid/", testPassword))
	wants(t, err, core.CodeUnavailable, "cluster.invalid")
	if took := time.Since(since); took > 1500*time.Millisecond {
		t.Errorf("it took %s", took)
	}
}

func TestCloseIsQuickAndMayBeRepeated(t *testing.T) {
	b := linked(t, "mongodb://"+silentListener(t)+"/", "")
	asked := make(chan error, 1)
	go func() { asked <- b.Ping(context.Background()) }()
	since := time.Now()
	for range 2 {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	wants(t, <-asked, core.CodeUnavailable, "Deskwatch is closing.")
	wants(t, b.Ping(t.Context()), core.CodeUnavailable, "Deskwatch is closing.")
	if took := time.Since(since); took > 2500*time.Millisecond {
		t.Errorf("closing took %s", took)
	}
}

// silentListener takes connections and says nothing.
func silentListener(t testing.TB) string {
	t.Helper()
	return listener(t, nil)
}

// listener answers whatever comes first on a connection with reply; nil keeps it waiting.
func listener(t testing.TB, reply []byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, c)
			if reply != nil {
				_, readErr := c.Read(make([]byte, 16))
				_, writeErr := c.Write(reply)
				if err := errors.Join(readErr, writeErr, c.Close()); err != nil {
					continue // the driver left first
				}
			}
		}
		for _, c := range open {
			_ = c.Close() // closed before, or nobody waits any more
		}
	}()
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return l.Addr().String()
}
