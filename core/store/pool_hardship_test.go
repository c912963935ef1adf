package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/tickets"
)

// poolState is everything a pool answers, for comparing.
func poolState(t *testing.T, p *Pool) string {
	t.Helper()
	f := facts(t, p, 0)
	var b strings.Builder
	for _, no := range slices.Sorted(maps.Keys(f)) {
		got, history, err := p.Ticket(t.Context(), no)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v %+v %+v\n", f[no], got, history)
	}
	fmt.Fprintf(&b, "%+v %+v %+v", allEvents(t, p, core.TicketEventQuery{Limit: 10_000}), sure[[]tickets.CustomerFact](t)(p.Customers(t.Context(), 0)),
		sure[map[string]int64](t)(p.CountBySource(t.Context())))
	fmt.Fprintf(&b, "%v %v %d", matches(t, p, `"spark"`, 0), matches(t, p, `"kafka"`, 0), sure[int64](t)(p.Revision(t.Context())))
	return b.String()
}

// changedTickets are new and changed tickets of every kind.
func changedTickets() []core.Ticket {
	one := poolTicket(1)
	one.Subject, one.Owner, one.RawStatus, one.Status, one.UpdatedAt = "Kafka slow", "ben", "Zu", core.TicketClosed, poolNoon.Add(time.Hour)
	return []core.Ticket{one, poolTicket(8), poolTicket(9)}
}

func TestNothingIsVisibleBeforeCommitNorAfterRollback(t *testing.T) {
	p := newPool(t)
	start := poolStart()
	start.Full = true
	take(t, p, start, poolTicket(1), poolTicket(2))
	before := poolState(t, p)
	k := sure[tickets.Taking](t)(p.Begin(t.Context(), start))
	if err := k.Put(t.Context(), changedTickets()); err != nil {
		t.Fatal(err)
	}
	if poolState(t, p) != before {
		t.Error("others see what is not committed")
	}
	if err := k.Rollback(); err != nil {
		t.Fatal(err)
	}
	if poolState(t, p) != before {
		t.Error("a rollback left something")
	}
	agree(t, p)
	if err := k.Put(t.Context(), changedTickets()); core.ErrorCode(err) != core.CodeInternal {
		t.Error("put after the end: ", err)
	}
	if taken := take(t, p, start, changedTickets()...); taken.New != 2 || taken.Changed != 1 || taken.Gone != 1 {
		t.Errorf("after a rollback: %+v", taken)
	}
}

func TestRollbackAfterCommitDoesNothing(t *testing.T) {
	p := newPool(t)
	k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
	if err := k.Put(t.Context(), []core.Ticket{poolTicket(1)}); err != nil {
		t.Fatal(err)
	}
	sure[tickets.Taken](t)(k.Commit(t.Context()))
	if err := k.Rollback(); err != nil {
		t.Fatal(err)
	}
	if len(facts(t, p, 0)) != 1 {
		t.Fatal("it took the commit back")
	}
}

func TestACancelledCallLeavesThePoolAsItWas(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1), poolTicket(2))
	before := poolState(t, p)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"begin": func() error { _, err := p.Begin(gone, poolStart()); return err },
		"put": func() error {
			k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
			defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
			return k.Put(gone, changedTickets())
		},
		"commit": func() error {
			k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
			defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
			if err := k.Put(t.Context(), changedTickets()); err != nil {
				return err
			}
			_, err := k.Commit(gone)
			return err
		},
		"assign":   func() error { _, err := p.Assign(gone, []uint32{1}, "ben", poolNoon); return err },
		"facts":    func() error { return p.Facts(gone, 0, func([]tickets.Fact) error { return nil }) },
		"match":    func() error { return p.Match(gone, `"spark"`, 0, func(uint32) {}) },
		"revision": func() error { _, err := p.Revision(gone); return err },
		"tickets":  func() error { _, err := p.Tickets(gone, []uint32{1}); return err },
	} {
		if err := call(); core.ErrorCode(err) != core.CodeCanceled {
			t.Errorf("%s: %v", name, err)
		}
		if poolState(t, p) != before {
			t.Fatalf("%s changed the pool", name)
		}
	}
}

func TestAPutIsCancelledUnderWay(t *testing.T) {
	p := newPool(t)
	ctx, cancel := context.WithCancel(t.Context())
	k := sure[tickets.Taking](t)(p.Begin(ctx, poolStart()))
	batches := 0
	err := coretest.TicketBatches(100_000, 1, func(batch []core.Ticket) error {
		if batches++; batches == 3 {
			time.AfterFunc(time.Millisecond, cancel)
		}
		return k.Put(ctx, batch)
	})
	if core.ErrorCode(err) != core.CodeCanceled {
		t.Fatal(err)
	}
	if err := k.Rollback(); err != nil {
		t.Fatal(err)
	}
	if len(facts(t, p, 0)) != 0 {
		t.Fatal("something was kept")
	}
	agree(t, p)
}

func TestASnapshotWaitsForAnotherWithinItsContext(t *testing.T) {
	p := newPool(t)
	others := map[string]*Pool{"the same process": p, "another process": NewPool(openAt(t, p.db.Path(), KindPool))}
	for name, other := range others {
		k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
		short, cancel := context.WithTimeout(t.Context(), 80*time.Millisecond)
		_, err := other.Begin(short, poolStart())
		cancel()
		if core.ErrorCode(err) != core.CodeConflict || !strings.Contains(core.ErrorMessage(err), "try again") {
			t.Errorf("%s: %v", name, err)
		}
		stopped, stop := context.WithCancel(t.Context())
		time.AfterFunc(30*time.Millisecond, stop)
		if _, err := other.Begin(stopped, poolStart()); core.ErrorCode(err) != core.CodeCanceled {
			t.Errorf("%s, cancelled: %v", name, err)
		}
		began := make(chan error, 1)
		go func() {
			k, err := other.Begin(t.Context(), poolStart())
			if err == nil {
				err = k.Rollback()
			}
			began <- err
		}()
		if err := k.Rollback(); err != nil {
			t.Fatal(err)
		}
		if err := <-began; err != nil {
			t.Errorf("%s, when it was its turn: %v", name, err)
		}
	}
}

func TestManyTakeAndReadAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), PoolFile)
	pools := []*Pool{NewPool(openAt(t, path, KindPool)), NewPool(openAt(t, path, KindPool))}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := pools[i%2]
			take := func() error {
				k, err := p.Begin(t.Context(), poolStart())
				if err != nil {
					return err
				}
				defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
				if err := k.Put(t.Context(), []core.Ticket{poolTicket(i), poolTicket(100)}); err != nil {
					return err
				}
				_, err = k.Commit(t.Context())
				return err
			}
			if err := take(); err != nil {
				t.Error(err)
			}
			if err := p.Facts(t.Context(), 0, func([]tickets.Fact) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(facts(t, pools[0], 0)); n != 9 {
		t.Errorf("%d tickets", n)
	}
	agree(t, pools[0])
}

func TestAKilledSnapshotLeavesThePoolAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), PoolFile)
	p := NewPool(openAt(t, path, KindPool))
	take(t, p, poolStart(), poolTicket(1), poolTicket(2))
	before := poolState(t, p)
	k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart())).(*poolTake)
	// So much that a part of it is in the log file already.
	for i := range 1500 {
		long := poolTicket(i)
		long.Description = strings.Repeat("x", maxDescription)
		if err := k.Put(t.Context(), []core.Ticket{long}); err != nil {
			t.Fatal(err)
		}
	}
	if st := sure[os.FileInfo](t)(os.Stat(path + "-wal")); st.Size() < 1<<20 {
		t.Fatalf("the log file has %d bytes", st.Size())
	}
	// What a killed process leaves: its files, without a word of an end.
	left := filepath.Join(t.TempDir(), PoolFile)
	for _, end := range []string{"", "-wal"} {
		copyFile(t, path+end, left+end)
	}
	if err := k.Rollback(); err != nil {
		t.Fatal(err)
	}
	opened := NewPool(openAt(t, left, KindPool))
	if poolState(t, opened) != before || poolState(t, p) != before {
		t.Error("the pool is not as it was")
	}
	agree(t, opened)
	if taken := take(t, opened, poolStart(), poolTicket(3)); taken.New != 1 {
		t.Errorf("%+v", taken)
	}
}

// TestThePoolIsWhatAMapWouldBe takes snapshots at random, some of them rolled back, and
// compares with a map of tickets: facts, tickets and words.
func TestThePoolIsWhatAMapWouldBe(t *testing.T) {
	p := newPool(t)
	r := rand.New(rand.NewPCG(7, 7))
	words := []string{"spark", "kafka", "lost", "slow", "über", "job"}
	text := func() string {
		var list []string
		for range 1 + r.IntN(4) {
			list = append(list, words[r.IntN(len(words))])
		}
		return strings.Join(list, " ")
	}
	model := map[string]core.Ticket{}
	for round := range 60 {
		full := r.IntN(4) == 0
		start := tickets.TakeStart{Source: "sf", At: poolNoon.Add(time.Duration(round) * time.Minute), Full: full}
		next, put := maps.Clone(model), map[string]bool{}
		var list []core.Ticket
		for range r.IntN(25) {
			id := r.IntN(30)
			x := poolTicket(id)
			x.Subject, x.Description, x.Owner = text(), text(), []string{"", "ana", "ben"}[r.IntN(3)]
			x.Status = core.TicketStatus(r.IntN(6))
			x.RawStatus, x.UpdatedAt = x.Status.String(), start.At
			list, put[x.ID] = append(list, x), true
			c := tickets.Compare(tickets.Kept{Ticket: next[x.ID]}, x, start.At)
			next[x.ID] = c.Ticket
		}
		if full {
			for id, x := range next {
				x.Gone = !put[id]
				next[id] = x
			}
		}
		k := sure[tickets.Taking](t)(p.Begin(t.Context(), start))
		if err := k.Put(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		if r.IntN(3) == 0 {
			if err := k.Rollback(); err != nil {
				t.Fatal(err)
			}
		} else {
			sure[tickets.Taken](t)(k.Commit(t.Context()))
			model = next
		}
		compareWithModel(t, p, model, words)
	}
	agree(t, p)
}

func compareWithModel(t *testing.T, p *Pool, model map[string]core.Ticket, words []string) {
	t.Helper()
	f := facts(t, p, 0)
	if len(f) != len(model) {
		t.Fatalf("%d facts of %d tickets", len(f), len(model))
	}
	found := map[string][]uint32{}
	for _, no := range slices.Sorted(maps.Keys(f)) {
		got, history, err := p.Ticket(t.Context(), no)
		if err != nil {
			t.Fatal(err)
		}
		want := model[got.ID]
		want.No, want.Source = no, "sf"
		if got != want {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		if last := history[len(history)-1]; last.Status != got.Status || f[no].Status != got.Status || f[no].Gone != got.Gone || f[no].Closed != toSeconds(got.ClosedAt) {
			t.Fatalf("fact %+v, history %+v of %+v", f[no], history, got)
		}
		for _, w := range words {
			if strings.Contains(" "+got.Subject+" "+got.Description+" ", " "+w+" ") {
				found[w] = append(found[w], no)
			}
		}
	}
	for _, w := range words {
		if got := matches(t, p, `"`+w+`"`, 0); !slices.Equal(got, found[w]) {
			t.Fatalf("%s is in %v, found in %v", w, found[w], got)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
