package mongostore

import (
	"context"
	"errors"
	"net"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"deskwatch/core"
)

// Open prepares the order book. It does not connect: the first question does, and an
// unreachable server is that question's error. What is wrong with the address is an error
// here. Only a mongodb+srv address asks the network, for the names of the servers, and that no
// longer than the settings' timeout; its failure is core.CodeUnavailable, so try again later.
func Open(opt Options) (*Book, error) {
	a, err := readAddress(opt.Settings.URI, opt.Password)
	if err != nil {
		return nil, err
	}
	wait := timeout(opt.Settings)
	o, err := a.options(wait)
	if err != nil {
		return nil, err
	}
	b := &Book{opt: opt, fields: opt.Settings, link: &link{address: a, hosts: o.Hosts, tls: o.TLSConfig != nil, wait: wait, checks: newHeartbeats()}}
	if o.Auth != nil {
		b.link.authSource = o.Auth.AuthSource
	}
	// The client's time limit goes for every command, every batch a cursor fetches and every bulk
	// write anew, unless the ctx has a deadline, which then counts alone. Within it the driver
	// repeats what failed for a passing reason; when no server answers it gives up after wait.
	o.SetAppName("Deskwatch").SetServerMonitor(b.link.checks.monitor()).
		SetServerSelectionTimeout(wait).SetConnectTimeout(wait).SetHeartbeatInterval(10 * time.Second).
		SetTimeout(b.attemptTime()).
		SetMinPoolSize(0).SetMaxPoolSize(8).SetMaxConnIdleTime(5 * time.Minute).
		SetWriteConcern(writeconcern.Majority()).SetReadPreference(readpref.Primary()).
		SetLoggerOptions(options.Logger().SetSink(silence{})) // the environment can switch logging of whole commands on
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, a.refuse(err)
	}
	b.client, b.db = client, client.Database(opt.Settings.Database)
	return b, nil
}

// options lets the driver read the address. Its look-up of an SRV entry knows no deadline, so
// it may be left behind; it ends when the machine's resolver gives up.
func (a address) options(wait time.Duration) (*options.ClientOptions, error) {
	read := func() (*options.ClientOptions, error) {
		o := options.Client().ApplyURI(a.uri)
		return o, o.Validate()
	}
	if a.Scheme != core.MongoSchemeSRV {
		o, err := read()
		if err != nil {
			return nil, a.refuse(err)
		}
		return o, nil
	}
	type answer struct {
		o   *options.ClientOptions
		err error
	}
	done := make(chan answer, 1)
	go func() {
		o, err := read()
		done <- answer{o, err}
	}()
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case got := <-done:
		if got.err != nil {
			return nil, a.refuse(got.err)
		}
		return got.o, nil
	case <-late.C:
		return nil, a.refuse(&net.DNSError{Err: "no answer within the time limit", Name: a.Hosts[0], IsTimeout: true})
	}
}

// silence takes the driver's log and keeps nothing.
type silence struct{}

func (silence) Info(int, string, ...any)    {}
func (silence) Error(error, string, ...any) {}

// timeout is how long to look for a server that answers.
func timeout(s core.OrderBookSettings) time.Duration {
	n := s.TimeoutSeconds
	if n == 0 {
		n = core.DefaultSettings().OrderBook.TimeoutSeconds
	}
	return time.Duration(min(max(n, 1), 120)) * time.Second
}

// Close ends the connections, within two seconds. A second call does nothing.
func (b *Book) Close() error {
	b.link.closed.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := b.client.Disconnect(ctx)
	if errors.Is(err, mongo.ErrClientDisconnected) || errors.Is(err, context.DeadlineExceeded) {
		return nil // closed before, or answers were still awaited and are now cut off
	}
	return b.fault("mongostore.close", "", err)
}

// Ping asks the server the shortest question there is. It answers within the settings' timeout.
func (b *Book) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, b.link.wait)
	defer cancel()
	return b.fault("mongostore.ping", "", b.client.Ping(ctx, nil))
}
