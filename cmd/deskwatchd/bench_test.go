package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"syscall"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/app"
)

// The generated files: as many orders of as many customers over twelve months, in no order,
// with the share of cancelled and returned orders the real file has (16 %).
const (
	benchCustomers = 40_000
	benchRuns      = 3
	million        = 1_000_000
)

// BenchmarkOrders imports generated orders with the program and with sqlite3's own .import
// plus index, in turn, and times the breach query on the result.
func BenchmarkOrders(b *testing.B) {
	sqlite, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Skip("sqlite3 is not installed; make bench installs it")
	}
	for _, size := range []struct {
		name       string
		rows, runs int
	}{{"1M", million, benchRuns}, {"10M", 10 * million, 1}} {
		b.Run(size.name, func(b *testing.B) {
			if b.N > 1 {
				b.Skip("run with -benchtime 1x")
			}
			benchOrders(b, sqlite, size.rows, size.runs)
		})
	}
}

func benchOrders(b *testing.B, sqlite string, rows, runs int) {
	file := filepath.Join(b.TempDir(), "orders.csv")
	if err := generate(file, rows); err != nil {
		b.Fatal(err)
	}
	var ours, theirs, ratios []float64
	var peak int64
	var dir string
	b.ResetTimer()
	for range runs {
		dir = b.TempDir()
		secs, rss := timed(b, program(b, dir, "--json", "orders", "import", file))
		peak = max(peak, rss)
		db := filepath.Join(b.TempDir(), "plain.db")
		plain, _ := timed(b, exec.Command(sqlite, db,
			"CREATE TABLE orders(order_id TEXT, customer_id TEXT, order_date TEXT, status TEXT, amount REAL, channel TEXT)",
			".import --csv --skip 1 "+file+" orders", "CREATE INDEX by_id ON orders(order_id)"))
		ours, theirs, ratios = append(ours, secs), append(theirs, plain), append(ratios, secs/plain)
	}
	b.StopTimer()
	query, withIDs, found := benchBreaches(b, app.Config{DataDir: dir}, 7*runs)
	fmt.Printf("%d orders: import %.2f s, sqlite3 .import + index %.2f s, ratio %.2f; peak memory %d MB; breach query %.1f ms, with order ids %.1f ms (%d breaches)\n",
		rows, median(ours), median(theirs), median(ratios), peak/1024, query, withIDs, found)
	b.ReportMetric(median(ours), "import-s")
	b.ReportMetric(median(ratios), "x-sqlite3")
	b.ReportMetric(float64(peak)/1024, "peak-MB")
	b.ReportMetric(query, "query-ms")
	b.ReportMetric(withIDs, "query+ids-ms")
}

// timed runs a process and returns its wall time in seconds and its peak memory in KiB.
func timed(b *testing.B, cmd *exec.Cmd) (secs float64, rss int64) {
	b.Helper()
	started := time.Now()
	out, err := cmd.CombinedOutput()
	secs = time.Since(started).Seconds()
	if err != nil {
		b.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		rss = use.Maxrss
	}
	return secs, rss
}

// benchBreaches times the default rule's query, as the median of so many calls, without and
// with the ids of the orders.
func benchBreaches(b *testing.B, cfg app.Config, calls int) (ms, withIDs float64, found int) {
	b.Helper()
	ctx := b.Context()
	cfg.Program = "deskwatchd"
	desk, err := app.New(ctx, cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := desk.Stop(ctx); err != nil {
			b.Error(err)
		}
	}()
	rule := core.DefaultRule()
	measure := func(ids int) float64 {
		var times []float64
		for range calls {
			started := time.Now()
			list, err := desk.Breaches(ctx, core.BreachQuery{Statuses: rule.Statuses, Threshold: rule.Threshold, OrderIDs: ids})
			if err != nil {
				b.Fatal(err)
			}
			times = append(times, float64(time.Since(started).Microseconds())/1000)
			found = len(list)
		}
		return median(times)
	}
	return measure(0), measure(maxListedIDs), found
}

func median(list []float64) float64 {
	sort.Float64s(list)
	return list[len(list)/2]
}

// generate writes an orders file. The ids are a permutation, so that no index is filled in order.
func generate(path string, rows int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "order_id,customer_id,order_date,status,amount,channel")
	statuses := []string{"Shipped", "Delivered", "Shipped", "Shipped - Delivered to Buyer", "Pending"}
	wrong := []string{"Cancelled", "Cancelled", "Shipped - Returned to Seller"}
	first := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	random := rand.New(rand.NewPCG(1, uint64(rows)))
	for i := range rows {
		status := statuses[random.IntN(len(statuses))]
		if random.IntN(100) < 16 {
			status = wrong[random.IntN(len(wrong))]
		}
		id := uint64(i) * 2654435761 % (1 << 32)
		customer := random.IntN(benchCustomers)
		fmt.Fprintf(w, "%03d-%07d-%07d,shop-%d_%d,%s,%s,%d.%02d,web\n", id%1000, id/1000, i%10_000_000, customer, 100000+customer,
			first.AddDate(0, 0, random.IntN(365)).Format("2006-01-02"), status, 5+random.IntN(900), random.IntN(100))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
