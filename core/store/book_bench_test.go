package store

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/orders"
)

// BenchmarkImport imports DESKWATCH_BENCH_ROWS generated orders (a million when it is not
// set) into an empty book and times sqlite3's own .import plus index of the same rows, then
// asks for breaches. The rows come from another goroutine, as in the program.
//
//	CGO_ENABLED=0 go test -run '^$' -bench BenchmarkImport -benchtime 1x ./core/store
func BenchmarkImport(b *testing.B) {
	n := 1_000_000
	if s := os.Getenv("DESKWATCH_BENCH_ROWS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		dir := b.TempDir()
		d, err := Open(b.Context(), filepath.Join(dir, BookFile), KindBook)
		if err != nil {
			b.Fatal(err)
		}
		book := NewBook(d)
		if err := coretest.MakeRows(1, n, 40_000, func([]core.OrderRow) error { return nil }); err != nil {
			b.Fatal(err)
		}
		making := cpuTime(b)
		put, settle, done := benchImport(b, book, n)
		importCPU := cpuTime(b) - 2*making
		b.ReportMetric(put.Seconds(), "put-s")
		b.ReportMetric(settle.Seconds(), "settle-s")
		b.ReportMetric((done - put - settle).Seconds(), "commit-s")
		b.ReportMetric(done.Seconds(), "import-s")
		b.ReportMetric(float64(peakMemory(b))/1024, "peak-MB")
		wal, err := os.Stat(d.Path() + "-wal")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(wal.Size())/(1<<20), "log-MB")
		for name, q := range map[string]core.BreachQuery{
			"breaches":     {Statuses: troubledStatuses(), Threshold: 3},
			"breaches+ids": {Statuses: troubledStatuses(), Threshold: 3, OrderIDs: 1000},
			"other-set":    {Statuses: core.NewStatusSet(core.StatusPlaced), Threshold: 5},
			"30-days":      {Statuses: troubledStatuses(), Threshold: 3, Days: 30},
			"30-days+ids":  {Statuses: troubledStatuses(), Threshold: 3, Days: 30, OrderIDs: 1000},
			"90-days":      {Statuses: troubledStatuses(), Threshold: 3, Days: 90},
			"year-of-all":  {Statuses: core.NewStatusSet(core.Statuses()...), Threshold: 10, Days: 366},
		} {
			best, found := time.Hour, 0
			for range 5 {
				start := time.Now()
				list, err := book.Breaches(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				best, found = min(best, time.Since(start)), len(list)
			}
			b.ReportMetric(float64(best.Microseconds())/1000, name+"-ms")
			b.ReportMetric(float64(found), name)
		}
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		shell, shellCPU := benchShell(b, dir, n)
		b.ReportMetric(shell.Seconds(), "sqlite3-s")
		b.ReportMetric(done.Seconds()/shell.Seconds(), "times-sqlite3")
		// On a busy machine the time on the processor tells more than that on the clock. That of
		// making the rows is not part of it.
		b.ReportMetric(importCPU.Seconds(), "import-cpu-s")
		b.ReportMetric(shellCPU.Seconds(), "sqlite3-cpu-s")
		b.ReportMetric(importCPU.Seconds()/shellCPU.Seconds(), "times-sqlite3-cpu")
	}
}

func benchImport(b *testing.B, book *Book, n int) (put, settle, done time.Duration) {
	start := time.Now()
	im, err := book.Begin(b.Context(), orders.ImportStart{File: "bench.csv", Kind: core.ImportFile, At: start, SizeBytes: int64(n) * 64, Progress: new(core.Progress)})
	if err != nil {
		b.Fatal(err)
	}
	defer im.Rollback() //nolint:errcheck // it only matters after a failure, which was told
	batches, made := make(chan []core.OrderRow, 4), make(chan error, 1)
	go func() {
		defer close(batches)
		made <- coretest.MakeRows(1, n, 40_000, func(rows []core.OrderRow) error {
			batches <- append([]core.OrderRow(nil), rows...)
			return nil
		})
	}()
	for rows := range batches {
		if err := im.Put(b.Context(), rows); err != nil {
			b.Fatal(err)
		}
	}
	if err := <-made; err != nil {
		b.Fatal(err)
	}
	put = time.Since(start)
	counts, err := im.Settle(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	settle = time.Since(start) - put
	if _, err := im.Commit(b.Context(), int64(n), 0); err != nil {
		b.Fatal(err)
	}
	if counts.OrdersNew != int64(n) {
		b.Fatal(counts)
	}
	return put, settle, time.Since(start)
}

// benchShell times the sqlite3 shell with the same rows, 0 without it.
func benchShell(b *testing.B, dir string, n int) (wall, cpu time.Duration) {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Skip("sqlite3 is not installed, so there is nothing to compare with")
	}
	file, err := os.Create(filepath.Join(dir, "bench.csv"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := csv.NewWriter(file)
	err = coretest.MakeRows(1, n, 40_000, func(rows []core.OrderRow) error {
		for _, r := range rows {
			if err := w.Write([]string{r.OrderID, r.Customer, r.Day.String(), r.RawStatus, r.Amount.String(), "product"}); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	})
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	cmd := exec.CommandContext(context.Background(), shell, filepath.Join(dir, "shell.db"),
		"CREATE TABLE o(id TEXT, customer TEXT, date TEXT, status TEXT, amount REAL, product TEXT)",
		".import --csv "+file.Name()+" o", "CREATE INDEX i ON o(id)")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatal(err, string(out))
	}
	return time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// cpuTime is the time the process has been on a processor.
func cpuTime(b *testing.B) time.Duration {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		b.Skip("the time on the processor is read from /proc:", err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')'):]))
	var ticks int64
	for _, f := range fields[12:14] { // utime and stime, in hundredths of a second
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// peakMemory is the most memory the process ever had resident, in KiB.
func peakMemory(b *testing.B) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("peak memory is read from /proc:", err)
	}
	var kib int
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		b.Fatal(err)
	}
	return kib
}
