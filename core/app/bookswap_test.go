package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
	"deskwatch/core/store"
)

// farBook is an order book on a server that a test can take away: an embedded one that answers
// only while it is there.
type farBook struct {
	*store.Book
	db *store.DB

	mu       sync.Mutex
	gone     error
	closed   int
	pings    int
	recovers int
}

func newFarBook(t *testing.T) *farBook {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), store.BookFile), store.KindBook)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &farBook{Book: store.NewBook(db), db: db}
}

func (f *farBook) goAway(code core.Code) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gone = nil
	if code != "" {
		f.gone = core.NewError(code, "test", "The server does not answer.", nil)
	}
}

func (f *farBook) here() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gone
}

func (f *farBook) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed++
	return nil
}

func (f *farBook) closings() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

func (f *farBook) Ping(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pings++
	return f.gone
}

func (f *farBook) Recover(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.recovers++
	return f.gone
}

func (f *farBook) Examine(context.Context) (core.BookReport, error) {
	return core.BookReport{Server: "far"}, f.here()
}

func (f *farBook) CreateIndexes(context.Context, *core.Progress) error { return f.here() }

func (f *farBook) Empty(ctx context.Context) (bool, error) {
	if err := f.here(); err != nil {
		return false, err
	}
	return f.Book.Empty(ctx)
}

func (f *farBook) Imports(ctx context.Context, limit int) ([]core.ImportRecord, error) {
	if err := f.here(); err != nil {
		return nil, err
	}
	return f.Book.Imports(ctx, limit)
}

func (f *farBook) Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error) {
	if err := f.here(); err != nil {
		return nil, err
	}
	return f.Book.Breaches(ctx, q)
}

func (f *farBook) Counts(ctx context.Context) (core.BookCounts, error) {
	if err := f.here(); err != nil {
		return core.BookCounts{}, err
	}
	return f.Book.Counts(ctx)
}

// far gives the desk a server with one book per database.
func (d *desk) far(t *testing.T) map[string]*farBook {
	books := map[string]*farBook{"one": newFarBook(t), "two": newFarBook(t)}
	d.openRemote = func(s core.OrderBookSettings, _ core.Secret) (remote, error) { return books[s.Database], nil }
	d.pingEvery = 10 * time.Millisecond
	return books
}

func (d *desk) use(t *testing.T, pairs ...string) {
	t.Helper()
	if _, err := d.SetSettings(t.Context(), pairs); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherBookComesIntoUseWhileRunningAndNobodyIsMailedAboutWhatItHas(t *testing.T) {
	d := newDesk(t)
	books := d.far(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	events, cancel := d.Subscribe(100)
	defer cancel()
	d.use(t, "order_book.kind=mongodb", "order_book.database=one")
	seen := map[string]bool{}
	for len(events) > 0 {
		seen[fmt.Sprintf("%T", <-events)] = true
	}
	for _, want := range []string{"core.OrdersChanged", "core.AlertsChanged", "core.StatusChanged", "core.SettingsChanged"} {
		if !seen[want] {
			t.Errorf("no %s", want)
		}
	}
	if n := d.orderCount(t); n != 0 {
		t.Errorf("%d orders in the new book", n)
	}
	d.imports(t, troubled("ben_2", "2023-05", 3)...)
	d.check(t, core.CheckRequest{DryRun: true}, 0, "baseline:1")
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	d.imports(t, troubled("eva_3", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 1, "baseline:1")

	// The same place by another way is no new place.
	d.use(t, "order_book.timeout_seconds=20")
	if books["one"].closings() != 1 {
		t.Errorf("the old connection was closed %d times", books["one"].closings())
	}
	d.check(t, core.CheckRequest{}, 0, "already_mailed:1 baseline:1")
	d.use(t, "order_book.database=two")
	d.imports(t, troubled("ida_4", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	d.use(t, "order_book.kind=sqlite")
	if n := d.orderCount(t); n != 3 {
		t.Errorf("%d orders in the embedded book", n)
	}
}

// TestABookForOneRunBeginsWithABaseline: the rules and their baselines are shared with the
// processes that use the settings' book.
func TestABookForOneRunBeginsWithABaseline(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	far := newFarBook(t)
	a, err := New(t.Context(), Config{DataDir: d.dir, KeyDir: d.keys, Now: d.clock.Now, OrdersURI: core.NewSecret("mongodb://ana:sesame@h1/team"),
		openRemote: func(s core.OrderBookSettings, password core.Secret) (remote, error) {
			if s.Database != "team" || s.URI != "mongodb://ana@h1/team" || password.Reveal() != "sesame" {
				t.Errorf("opened with %+v", s)
			}
			return far, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Stop(t.Context())
	if got := a.Settings().OrderBook.Kind; got != core.BookSQLite {
		t.Errorf("the settings say %s", got)
	}
	importInto(t, a, d.orders(t, troubled("ben_2", "2023-05", 3)...))
	other := &desk{App: a}
	other.check(t, core.CheckRequest{DryRun: true}, 0, "baseline:1")
	if d.rule(t).BaselineAt == nil {
		t.Error("a dry run took the baseline away")
	}
	other.check(t, core.CheckRequest{}, 0, "baseline:1")
}

func TestAnImportUnderWayEndsOnTheBookItBeganOn(t *testing.T) {
	d := newDesk(t)
	books := d.far(t)
	d.use(t, "order_book.kind=mongodb", "order_book.database=one")
	im, err := d.book.Begin(t.Context(), orders.ImportStart{File: "f", Kind: core.ImportFile, At: d.clock.Now(), Progress: new(core.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	d.use(t, "order_book.database=two")
	if books["one"].closings() != 0 {
		t.Fatal("the book was closed under the import")
	}
	if err := im.Put(t.Context(), []core.OrderRow{{OrderID: "a", Customer: "ana_1", Recognised: true, Day: 19500}}); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Commit(t.Context(), 1, 0); err != nil {
		t.Fatal(err)
	}
	if err := im.Rollback(); err != nil {
		t.Fatal(err)
	}
	if counts, err := books["one"].Book.Counts(t.Context()); err != nil || counts.Orders != 1 {
		t.Errorf("%+v, %v", counts, err)
	}
	if books["one"].closings() != 1 || books["two"].closings() != 0 {
		t.Errorf("closed: one %d, two %d times", books["one"].closings(), books["two"].closings())
	}
}

func TestChecksWaitForADatabaseThatIsAwayAndNoAlertIsLostOrDoubled(t *testing.T) {
	for _, code := range []core.Code{core.CodeUnavailable, core.CodeDenied} {
		t.Run(string(code), func(t *testing.T) {
			d := newDesk(t)
			far := d.far(t)["one"]
			d.use(t, "order_book.kind=mongodb", "order_book.database=one")
			d.imports(t, troubled("ana_1", "2023-05", 3)...)
			d.check(t, core.CheckRequest{}, 0, "baseline:1")
			d.saveRule(t, func(r *core.Rule) { r.Schedule = core.Schedule{Kind: core.ScheduleMinutes, Minutes: 1} })
			d.imports(t, troubled("ben_2", "2023-05", 3)...)
			far.goAway(code)
			events, cancel := d.Subscribe(1000)
			defer cancel()
			if err := d.StartWatching(t.Context()); err != nil {
				t.Fatal(err)
			}
			var st core.DeskStatus
			eventually(t, "the status line says that the database is away", func() bool {
				var err error
				if st, err = d.Status(t.Context()); err != nil {
					t.Fatal(err)
				}
				return !st.BookDown.IsZero()
			})
			if st.BookKind != core.BookMongoDB || st.BookTrouble != "The server does not answer." || !strings.HasPrefix(st.BookPlace, "one at ") {
				t.Errorf("%+v", st)
			}
			time.Sleep(150 * time.Millisecond) // many tries
			if len(d.deliveries(t)) > 0 {
				t.Fatal("mailed without the book")
			}
			far.goAway("")
			eventually(t, "the check is made up for and its mail sent", func() bool {
				list := d.deliveries(t)
				return len(list) == 1 && list[0].State == core.DeliverySent
			})
			eventually(t, "the status line says that it is back, and counts", func() bool {
				st, err := d.Status(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return st.BookDown.IsZero() && st.BookTrouble == "" && st.Book.Orders == 6
			})
			if list := d.deliveries(t); len(list) != 1 || list[0].Customer != "ben_2" {
				t.Errorf("%+v", list)
			}
			failed := 0
			for len(events) > 0 {
				if e, ok := (<-events).(core.JobFailed); ok && e.BookDown {
					failed++
				}
			}
			if failed != 1 {
				t.Errorf("%d notifications of one outage", failed)
			}
			if list := d.LogLines(core.LogQuery{MinLevel: "WARN"}); len(list) > 3 {
				t.Errorf("%d complaints in the log: %+v", len(list), list)
			}
		})
	}
}

func TestTheWindowOpensWhileTheDatabaseIsAwayAndTheStatusNeverWaits(t *testing.T) {
	d := newDesk(t)
	hang := make(chan struct{})
	d.openRemote = func(core.OrderBookSettings, core.Secret) (remote, error) {
		<-hang
		return nil, core.NewError(core.CodeUnavailable, "test", "Gone.", nil)
	}
	defer close(hang)
	d.use(t, "order_book.kind=mongodb")
	started := time.Now()
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	st, err := d.Status(t.Context())
	if err != nil || !st.Watching || !st.BookCounted.IsZero() || st.BookKind != core.BookMongoDB {
		t.Errorf("%+v, %v", st, err)
	}
	if took := time.Since(started); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestAServerThatIsKilledAndComesBack goes through an outage of a real process.
func TestAServerThatIsKilledAndComesBack(t *testing.T) {
	if testing.Short() || mongotest.Real() {
		t.Skip("stops its own server; not in the short run, not on a real server")
	}
	server := mongotest.New(t)
	d := newDesk(t)
	d.pingEvery = 50 * time.Millisecond
	d.use(t, "order_book.kind=mongodb", "order_book.uri="+server.URI(), "order_book.timeout_seconds=1")
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	status := func() core.DeskStatus {
		st, err := d.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	eventually(t, "it is counted", func() bool { return status().Book.Orders == 3 })
	server.Stop()
	eventually(t, "the outage is noticed", func() bool { return !status().BookDown.IsZero() })
	if _, err := d.RunCheck(t.Context(), core.CheckRequest{}); core.ErrorCode(err) != core.CodeUnavailable {
		t.Errorf("a check without the server: %v", err)
	}
	server.Start()
	eventually(t, "it is back", func() bool { return status().BookDown.IsZero() })
	d.imports(t, troubled("ben_2", "2023-05", 3)...)
	eventually(t, "what comes afterwards is checked and mailed", func() bool {
		list := d.deliveries(t)
		return len(list) == 1 && list[0].Customer == "ben_2"
	})
}

func TestNothingRunsOnAfterStop(t *testing.T) {
	d := newDesk(t)
	far := d.far(t)["one"]
	d.use(t, "order_book.kind=mongodb", "order_book.database=one")
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	far.goAway(core.CodeUnavailable)
	eventually(t, "it is away", func() bool { st, err := d.Status(t.Context()); return err == nil && !st.BookDown.IsZero() })
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if far.closings() != 1 {
		t.Errorf("closed %d times", far.closings())
	}
	eventually(t, "no goroutine of the desk is left", func() bool {
		var b strings.Builder
		if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
			t.Fatal(err)
		}
		return !strings.Contains(b.String(), "app.(*App).")
	})
}

func TestTheEmbeddedBookIsRemovedOnlyAfterAWholeCopy(t *testing.T) {
	d := newDesk(t)
	d.far(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	refused := func(code core.Code, words string) {
		t.Helper()
		_, err := d.RemoveEmbeddedBook(t.Context())
		wantError(t, err, code, words)
	}
	offered := func() bool {
		t.Helper()
		st, err := d.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st.OldBook
	}
	refused(core.CodeConflict, "kept in this file now")
	d.use(t, "order_book.database=one")
	res, err := d.CopyOrders(t.Context(), new(core.Progress))
	if err != nil || !res.Equal || res.Wrote.OrdersNew != 3 {
		t.Fatalf("%+v, %v", res, err)
	}
	d.imports(t, troubled("ben_2", "2023-05", 3)...)
	d.use(t, "order_book.kind=mongodb")
	refused(core.CodeConflict, "has changed since")
	if res, err = d.CopyOrders(t.Context(), new(core.Progress)); err != nil || !res.Equal || res.Wrote.OrdersNew != 3 || res.Wrote.OrdersUnchanged != 3 {
		t.Fatalf("%+v, %v", res, err)
	}
	if !offered() {
		t.Error("nobody is told that the old file can go")
	}
	reader := d.bookFile()
	other, err := store.Open(t.Context(), reader, store.KindBook)
	if err != nil {
		t.Fatal(err)
	}
	refused(core.CodeConflict, "still has the file")
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	gone, err := d.RemoveEmbeddedBook(t.Context())
	if err != nil || gone.File != reader || gone.Bytes < 1000 || gone.Counts.Orders != 6 {
		t.Fatalf("%+v, %v", gone, err)
	}
	if offered() {
		t.Error("a file that is gone can go")
	}
	if _, err := os.Stat(reader); !os.IsNotExist(err) {
		t.Error("the file is still there")
	}
	refused(core.CodeNotFound, "no file")
	if n := d.orderCount(t); n != 6 {
		t.Errorf("%d orders", n)
	}
}

func TestACopyIntoADatabaseThatHoldsMoreIsWhole(t *testing.T) {
	d := newDesk(t)
	d.far(t)
	d.use(t, "order_book.kind=mongodb", "order_book.database=one")
	d.imports(t, troubled("ben_2", "2023-05", 3)...)
	d.use(t, "order_book.kind=sqlite")
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	for range 2 {
		res, err := d.CopyOrders(t.Context(), new(core.Progress))
		if err != nil || !res.Equal || res.Embedded.Orders != 3 || res.MongoDB.Orders != 6 {
			t.Fatalf("%+v, %v", res, err)
		}
		if last := res.Findings[len(res.Findings)-1]; last.Check != "every order" || !last.OK {
			t.Errorf("findings %+v", res.Findings)
		}
	}
	d.use(t, "order_book.kind=mongodb")
	if n := d.orderCount(t); n != 6 {
		t.Errorf("the comparison changed something: %d orders", n)
	}
	if st, err := d.Status(t.Context()); err != nil || !st.OldBook {
		t.Errorf("%+v, %v", st, err)
	}
}

func TestACopyThatSomebodyElseChangesIsNotWhole(t *testing.T) {
	d := newDesk(t)
	far := d.far(t)["one"]
	d.use(t, "order_book.database=one")
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	if res, err := d.CopyOrders(t.Context(), new(core.Progress)); err != nil || !res.Equal {
		t.Fatalf("%+v, %v", res, err)
	}
	d.openRemote = func(core.OrderBookSettings, core.Secret) (remote, error) { return forgetful{far}, nil }
	d.imports(t, troubled("eva_3", "2023-05", 3)...)
	res, err := d.CopyOrders(t.Context(), new(core.Progress))
	if err != nil || res.Equal || res.Findings[len(res.Findings)-1].OK {
		t.Fatalf("%+v, %v", res, err)
	}
	if kept, err := d.rememberedCopy(t.Context()); err != nil || kept != (copyMark{}) {
		t.Errorf("the copy before still counts: %+v, %v", kept, err)
	}
}

// forgetful loses what was imported when it is counted.
type forgetful struct{ *farBook }

func (f forgetful) Counts(ctx context.Context) (core.BookCounts, error) {
	list, err := f.Imports(ctx, 1)
	if err != nil {
		return core.BookCounts{}, err
	}
	if _, err := f.Undo(ctx, list[0].ID, list[0].At, new(core.Progress)); err != nil {
		return core.BookCounts{}, err
	}
	return f.farBook.Counts(ctx)
}

func TestACopyThatIsStoppedLeavesTheDatabaseAsItWas(t *testing.T) {
	d := newDesk(t)
	far := d.far(t)["one"]
	d.use(t, "order_book.database=one")
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	importInto(t, d.App, writeFile(t, "lines.csv", "order_id,line_id,customer_id,date,status\nL1,2,ana_1,2023-05-02,Cancelled\n"))
	ctx, cancel := context.WithCancel(t.Context())
	d.openRemote = func(core.OrderBookSettings, core.Secret) (remote, error) {
		return stoppedAtSecond{far, cancel, new(int)}, nil
	}
	_, err := d.CopyOrders(ctx, new(core.Progress))
	wantError(t, err, core.CodeCanceled, "as they were")
	if counts, err := far.Counts(t.Context()); err != nil || counts.Orders+counts.Clients != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
}

// stoppedAtSecond cancels when the second import begins.
type stoppedAtSecond struct {
	*farBook
	cancel context.CancelFunc
	n      *int
}

func (s stoppedAtSecond) Begin(ctx context.Context, start orders.ImportStart) (orders.Import, error) {
	if *s.n++; *s.n == 2 {
		s.cancel()
	}
	return s.farBook.Begin(ctx, start)
}
