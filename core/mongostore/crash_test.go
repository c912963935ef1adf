package mongostore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
)

// foreign writes documents as an older program did.
func foreign(t *testing.T, b *Book) {
	t.Helper()
	day := time.Date(2023, 6, 5, 23, 30, 0, 0, time.UTC)
	if _, err := b.orders().InsertMany(t.Context(), []any{
		bson.D{{Key: "shipping_id", Value: "1"}, {Key: "shipping_date", Value: "2023-06-05"}, {Key: "shipping_status", Value: "Cancelled"}, {Key: "order_vendor_dbname", Value: "a_1"}, {Key: "more", Value: int64(7)}},
		bson.D{{Key: "shipping_id", Value: "1"}, {Key: "shipping_date", Value: day}, {Key: "shipping_status", Value: "Returned "}, {Key: "order_vendor_dbname", Value: "a_1"}},
		bson.D{{Key: "shipping_id", Value: 17}, {Key: "shipping_date", Value: day}, {Key: "shipping_status", Value: "placed"}, {Key: "order_vendor_dbname", Value: "a_1"}},
		bson.D{{Key: "garbage", Value: bson.A{1, nil}}},
	}); err != nil {
		t.Fatal(err)
	}
}

// others reads what other programs wrote, byte for byte.
func foreignBytes(t *testing.T, b *Book) []byte {
	t.Helper()
	var all []bson.Raw
	cur, err := b.orders().Find(t.Context(), others())
	if err == nil {
		err = cur.All(t.Context(), &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Join(slices.Collect(func(yield func([]byte) bool) {
		for _, doc := range all {
			if !yield(doc) {
				return
			}
		}
	}), nil)
}

// sight is what a reader sees of our orders, and the imports.
func sight(t *testing.T, b *Book) string {
	t.Helper()
	s, err := b.loadState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.Raw
	cur, err := b.orders().Find(t.Context(), s.visible())
	if err == nil {
		err = cur.All(t.Context(), &docs)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(docs))
	for i, d := range docs {
		var o own
		if err := d.Lookup(ownField).Unmarshal(&o); err != nil {
			t.Fatal(err)
		}
		o.Batch, o.Until, o.Undo = 0, 0, 0
		mark, err := bson.MarshalExtJSON(o, false, false)
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = fmt.Sprint(d.Lookup("shipping_id"), d.Lookup("shipping_date"), d.Lookup("shipping_status"), d.Lookup("order_vendor_dbname"), string(mark))
	}
	slices.Sort(lines)
	list, err := b.Imports(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		lines = append(lines, fmt.Sprint(r.ID, r.File, r.State, r.ImportCounts))
	}
	return strings.Join(lines, "\n")
}

// leftovers lists what nobody needs: documents nobody sees, staging collections, a lease.
func leftovers(t *testing.T, b *Book) (list []string) {
	t.Helper()
	s, err := b.loadState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Lease != nil {
		list = append(list, fmt.Sprint("lease ", *s.Lease))
	}
	staged, err := b.stagedCollections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, staged...)
	unseen := bson.D{{Key: ownField, Value: bson.D{{Key: "$exists", Value: true}}}, {Key: "$nor", Value: bson.A{s.visible()}}}
	marked := bson.D{{Key: untilField, Value: bson.D{{Key: "$exists", Value: true}}}}
	for name, filter := range map[string]bson.D{"unseen": unseen, "marked": marked} {
		n, err := b.orders().CountDocuments(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			list = append(list, fmt.Sprint(n, " ", name))
		}
	}
	if n, err := b.imports().CountDocuments(t.Context(), bson.D{{Key: "batch", Value: bson.D{{Key: "$gt", Value: s.Committed}}}}); err != nil || n > 0 {
		list = append(list, fmt.Sprint(n, " records that never counted ", err))
	}
	return list
}

func begin(t *testing.T, b *Book, lines bool) *bookImport {
	t.Helper()
	im, err := b.Begin(t.Context(), orders.ImportStart{File: "orders.csv", Kind: core.ImportFile, At: time.Unix(0, 0), HasLines: lines, Progress: new(core.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	return im.(*bookImport)
}

func load(t *testing.T, b *Book, rows ...core.OrderRow) core.ImportCounts {
	t.Helper()
	im := begin(t, b, len(rows) > 0 && rows[0].LineID != "")
	if err := im.Put(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	counts, err := im.Settle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), int64(len(rows)), 0); err != nil {
		t.Fatal(err)
	}
	return counts
}

// before and after are two imports: the second changes, adds and leaves orders as they are.
func before() []core.OrderRow {
	rows := []core.OrderRow{}
	for i := range 30 {
		rows = append(rows, coretest.Row(fmt.Sprint("o", i), "a_1", "2023-06-01", core.StatusPlaced))
	}
	return rows
}

func after() []core.OrderRow {
	rows := before()[5:]
	for i := range 10 {
		rows[i].Status = core.StatusCancelled
	}
	return append(rows, coretest.Row("1", "b_2", "2023-06-05", core.StatusReturned), coretest.Row("new", "b_2", "2023-06-05", core.StatusReturned))
}

// expire makes the lease one of a process that ended long ago.
func expire(t *testing.T, b *Book) {
	t.Helper()
	if _, err := b.imports().UpdateOne(t.Context(), bson.D{{Key: "_id", Value: stateID}, {Key: "lease", Value: bson.D{{Key: "$exists", Value: true}}}}, bson.D{{Key: "$set", Value: bson.D{{Key: "lease.until", Value: int64(1)}}}}); err != nil {
		t.Fatal(err)
	}
}

// mortal makes a Book's process end with the nth command it sends: the command does not reach
// the server, or it does and its answer is lost. Nothing reaches the server after that.
type mortal struct {
	n       int64
	reaches bool
	sent    atomic.Int64
	last    atomic.Bool // the nth command is on its way
	dead    atomic.Bool
	cancel  context.CancelFunc
	client  *mongo.Client
}

// die also ends what waits for the server to come back.
func (m *mortal) die() {
	m.dead.Store(true)
	m.cancel()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		_ = m.client.Disconnect(ctx) // there is nobody left to answer
	}()
}

func (m *mortal) become(t *testing.T, b *Book) {
	t.Helper()
	started := func(context.Context, *event.CommandStartedEvent) {
		if m.sent.Add(1) == m.n {
			if m.last.Store(m.reaches); !m.reaches {
				m.die()
			}
		}
	}
	client, err := mongo.Connect(options.Client().ApplyURI(b.opt.Settings.URI).SetServerSelectionTimeout(200 * time.Millisecond).
		SetDialer(m).SetMonitor(&event.CommandMonitor{Started: started}))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	m.client = client
	b.client, b.db, b.patience = client, client.Database(b.opt.Settings.Database), time.Millisecond
}

func (m *mortal) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if m.dead.Load() {
		return nil, io.ErrClosedPipe
	}
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	return mortalConn{c, m}, err
}

type mortalConn struct {
	net.Conn
	m *mortal
}

func (c mortalConn) Write(b []byte) (int, error) {
	if c.m.dead.Load() {
		return 0, io.ErrClosedPipe
	}
	return c.Conn.Write(b)
}

func (c mortalConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.m.last.Load() {
		c.m.die()
	}
	if c.m.dead.Load() {
		return 0, io.ErrClosedPipe
	}
	return n, err
}

// An import, one that is given up, and an undo are killed at each command they ever send.
// Whoever comes next sees the book as before or as after, and settles what is left.
func TestAKilledProcessLeavesTheBookAsBeforeOrAfter(t *testing.T) {
	t.Parallel()
	second := func(ctx context.Context, b *Book, commit bool) error {
		im, err := b.Begin(ctx, orders.ImportStart{File: "second.csv", Kind: core.ImportFile, At: time.Unix(0, 0), Progress: new(core.Progress)})
		if err != nil {
			return err
		}
		defer im.Rollback() //nolint:errcheck // a dead process does not tell
		if err := im.Put(ctx, after()); err != nil {
			return err
		}
		if _, err = im.Settle(ctx); err == nil && commit {
			_, err = im.Commit(ctx, 1, 0)
		}
		return err
	}
	for name, c := range map[string]struct {
		loaded [][]core.OrderRow
		change func(ctx context.Context, b *Book) error
	}{
		"import":   {[][]core.OrderRow{before()}, func(ctx context.Context, b *Book) error { return second(ctx, b, true) }},
		"first":    {nil, func(ctx context.Context, b *Book) error { return second(ctx, b, true) }},
		"rollback": {[][]core.OrderRow{before()}, func(ctx context.Context, b *Book) error { return second(ctx, b, false) }},
		"undo": {[][]core.OrderRow{before(), after()}, func(ctx context.Context, b *Book) error {
			_, err := b.Undo(ctx, 2, time.Unix(9, 0), new(core.Progress))
			return err
		}},
	} {
		for _, reaches := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " answer lost ", reaches), func(t *testing.T) {
				t.Parallel()
				// The changes leave no trace, so one database serves for all deaths.
				uri := mongotest.Start(t)
				whole := bookAt(t, mongotest.Start(t))
				b := bookAt(t, uri)
				for _, b := range []*Book{b, whole} {
					if len(c.loaded) > 0 {
						foreign(t, b)
					}
					for _, rows := range c.loaded {
						load(t, b, rows...)
					}
				}
				theirs, was := foreignBytes(t, b), sight(t, b)
				if err := c.change(t.Context(), whole); err != nil {
					t.Fatal(err)
				}
				becomes := sight(t, whole)
				if (was == becomes) != (name == "rollback") {
					t.Fatalf("the change made of\n%s\nthis:\n%s", was, becomes)
				}
				step := int64(1)
				if testing.Short() {
					step = 5
				}
				tired := 0
				for n := int64(1); ; n += step {
					ctx, cancel := context.WithCancel(t.Context())
					m := &mortal{n: n, reaches: reaches, cancel: cancel}
					victim := bookAt(t, uri)
					m.become(t, victim)
					err := c.change(ctx, victim)
					cancel()
					now := sight(t, b)
					if now != was && now != becomes {
						t.Fatalf("killed at command %d, the book is\n%s\nand was\n%s", n, now, was)
					}
					if err == nil && now != becomes {
						t.Fatalf("killed at command %d, it was told to be done and is not", n)
					}
					expire(t, b)
					if err := b.Recover(t.Context()); err != nil {
						t.Fatal(err)
					}
					if got := sight(t, b); got != now {
						t.Fatalf("killed at command %d, recovering made of\n%s\nthis:\n%s", n, now, got)
					}
					if left := leftovers(t, b); len(left) > 0 {
						t.Fatalf("killed at command %d, this is left: %v", n, left)
					}
					if !bytes.Equal(foreignBytes(t, b), theirs) {
						t.Fatalf("killed at command %d, documents of others differ", n)
					}
					switch all := m.sent.Load() < n; {
					case all && err != nil && tired < 20:
						// Nobody killed it: a busy machine did not answer within its short patience.
						tired, n = tired+1, n-step
					case all && (err != nil || n < 8):
						t.Fatalf("only %d commands were sent: %v", m.sent.Load(), err)
					case all:
						return
					}
					if now != was { // put it back for the next death
						uri = again(t, c.loaded)
						b = bookAt(t, uri)
						theirs = foreignBytes(t, b)
					}
				}
			})
		}
	}
}

// again makes a database with documents of others and some imports.
func again(t *testing.T, loaded [][]core.OrderRow) string {
	t.Helper()
	uri := mongotest.Start(t)
	b := bookAt(t, uri)
	if len(loaded) > 0 {
		foreign(t, b)
	}
	for _, rows := range loaded {
		load(t, b, rows...)
	}
	return uri
}
