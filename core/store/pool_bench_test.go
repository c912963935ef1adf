package store

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/tickets"
)

// BenchmarkPool takes DESKWATCH_BENCH_TICKETS generated tickets (a million when it is not set)
// into an empty pool, takes them again, changes single ones, and reads and searches them. Making
// the tickets is not counted, neither as time nor as time on the processor.
//
//	CGO_ENABLED=0 go test -run '^$' -bench BenchmarkPool -benchtime 1x ./core/store
func BenchmarkPool(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	n := 1_000_000
	if s := os.Getenv("DESKWATCH_BENCH_TICKETS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	making := benchMaking(b)
	for b.Loop() {
		d, err := Open(b.Context(), filepath.Join(b.TempDir(), PoolFile), KindPool)
		if err != nil {
			b.Fatal(err)
		}
		pool := NewPool(d)
		begun := cpuTime(b)
		took, commit := benchTake(b, pool, n)
		b.ReportMetric(float64((cpuTime(b)-begun).Microseconds())/float64(n)-making, "cpu-µs/new")
		b.ReportMetric(float64(n)/took.Seconds(), "new/s")
		b.ReportMetric(commit.Seconds(), "commit-s")
		b.ReportMetric(float64(peakMemory(b))/1024, "peak-MB")
		again, _ := benchTake(b, pool, n)
		b.ReportMetric(float64(n)/again.Seconds(), "unchanged/s")
		if st, err := os.Stat(d.Path()); err == nil {
			b.ReportMetric(float64(st.Size())/(1<<20), "file-MB")
		}
		benchOne(b, pool, n)
		benchRead(b, pool)
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// benchMaking is how many microseconds of the processor it takes to make one ticket.
func benchMaking(b *testing.B) float64 {
	const n = 50_000
	begun := cpuTime(b)
	for range coretest.Tickets(n, 1) {
	}
	return float64((cpuTime(b) - begun).Microseconds()) / n
}

// benchTake takes n tickets and returns how long that took, and the commit of it.
func benchTake(b *testing.B, pool *Pool, n int) (took, commit time.Duration) {
	k, err := pool.Begin(b.Context(), tickets.TakeStart{Source: "bench", At: coretest.TicketsEnd})
	if err != nil {
		b.Fatal(err)
	}
	defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	err = coretest.TicketBatches(n, 1, func(batch []core.Ticket) error {
		start := time.Now()
		err := k.Put(b.Context(), batch)
		took += time.Since(start)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if _, err := k.Commit(b.Context()); err != nil {
		b.Fatal(err)
	}
	commit = time.Since(start)
	return took + commit, commit
}

// benchOne changes single tickets, as a collector's posts do.
func benchOne(b *testing.B, pool *Pool, n int) {
	var all []time.Duration
	i := 0
	for t := range coretest.Tickets(n, 1) {
		if i++; i > 100 {
			break
		}
		t.RawStatus, t.Status, t.UpdatedAt = "Working", core.TicketOpen, coretest.TicketsEnd
		t.Subject += " again"
		start := time.Now()
		if taken := benchPost(b, pool, t); taken.Changed != 1 || len(taken.Events) == 0 {
			b.Fatal("nothing changed")
		}
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "post-ms")
	b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "worst-post-ms")
}

func benchPost(b *testing.B, pool *Pool, t core.Ticket) tickets.Taken {
	k, err := pool.Begin(b.Context(), tickets.TakeStart{Source: "bench", At: coretest.TicketsEnd})
	if err != nil {
		b.Fatal(err)
	}
	defer k.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	if err := k.Put(b.Context(), []core.Ticket{t}); err != nil {
		b.Fatal(err)
	}
	taken, err := k.Commit(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return taken
}

// benchRead reads the pool in the ways the window does, and reports the best of three.
func benchRead(b *testing.B, pool *Pool) {
	ctx := context.Background()
	measure := func(name string, do func() error) {
		best := time.Hour
		for range 3 {
			start := time.Now()
			if err := do(); err != nil {
				b.Fatal(err)
			}
			best = min(best, time.Since(start))
		}
		b.ReportMetric(float64(best.Microseconds())/1000, name+"-ms")
	}
	measure("facts", func() error { return pool.Facts(ctx, 0, func([]tickets.Fact) error { return nil }) })
	measure("revision", func() error { _, err := pool.Revision(ctx); return err })
	found := 0
	for name, match := range map[string]string{
		"match-common": `"error"`, "match-prefix": `"err"*`, "match-number": `"TS0042"`,
		"match-phrase": `"error TS0042"`, "match-two": `"error" "Product"`,
	} {
		measure(name, func() error { found = 0; return pool.Match(ctx, match, 0, func(uint32) { found++ }) })
		if name == "match-common" {
			b.ReportMetric(float64(found), "common")
		}
	}
	nos := make([]uint32, 100)
	for i := range nos {
		nos[i] = uint32(i*37 + 1)
	}
	measure("tickets-100", func() error { _, err := pool.Tickets(ctx, nos); return err })
	measure("ticket", func() error { _, _, err := pool.Ticket(ctx, 42); return err })
}
