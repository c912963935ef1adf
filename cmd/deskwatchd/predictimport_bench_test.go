package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core/coretest"
	"deskwatch/core/predict"
	"deskwatch/core/store"
)

// BenchmarkImportBesideModel imports DESKWATCH_BENCH_TICKETS open tickets (100,000 when it is not set)
// by a command into a desk that another process watches with a model of the sample tickets in force,
// and measures both: how long until all are there, how long until all are scored, what the process
// that watches uses of processors, memory and disk for it, and how soon it answers meanwhile.
func BenchmarkImportBesideModel(b *testing.B) {
	if b.N > 1 {
		b.Skip("run with -benchtime 1x")
	}
	n := 100_000
	if s := os.Getenv("DESKWATCH_BENCH_TICKETS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	for _, args := range [][]string{{"demo", "load"}, {"predict", "train"}} {
		if status, _, errs := call(b, dir, args...); status != 0 {
			b.Fatal(errs)
		}
	}
	file := openTickets(b, n)
	s := startREST(b, dir)
	ledger := ledgerOf(b, dir)
	scored := func() int {
		counts, err := ledger.Counts(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		return counts.Tickets
	}
	waitFor(b, func() bool { return scored() > 0 })
	before, used := scored(), processTime(b, s.pid)
	small, list := s.askAlways(b, "/api/v1/me"), s.askAlways(b, "/api/v1/predictions?limit=50")
	begun := time.Now()
	secs, rss := timed(b, program(b, dir, "tickets", "import", file, "--source", "bench"))
	waitFor(b, func() bool { return scored() >= before+n })
	all := time.Since(begun).Seconds()
	fmt.Printf("%d tickets: imported after %.1f s by a process with at most %d MB, all scored after %.1f s; the process that watches used %.1f s of the processors, at most %d MB; the desk's file has %d MB\n",
		n, secs, rss/1024, all, (processTime(b, s.pid) - used).Seconds(), peakOf(b, s.pid), fileSize(b, filepath.Join(dir, store.DeskFile)))
	fmt.Printf("answers meanwhile: /api/v1/me %s; the 50 riskiest %s\n", small(), list())
	b.ReportMetric(secs, "import-s")
	b.ReportMetric(all, "scored-s")
}

// openTickets writes a file of so many open tickets of the last 30 days.
func openTickets(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "cases.csv")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := csv.NewWriter(file)
	w.Write([]string{"Case Number", "Subject", "Description", "Status", "Priority", "Created", "Product", "Owner", "Account ID"})
	now, i := time.Now().UTC(), 0
	for t := range coretest.Tickets(n, 4) {
		created := now.Add(-time.Duration(n-i) * 30 * 24 * time.Hour / time.Duration(n))
		w.Write([]string{t.Number, t.Subject, t.Description, "New", "High", created.Format(time.RFC3339), t.Product, t.Owner, t.CustomerID})
		i++
	}
	w.Flush()
	if err := w.Error(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func ledgerOf(b *testing.B, dir string) predict.Ledger {
	b.Helper()
	db, err := store.Open(b.Context(), filepath.Join(dir, store.DeskFile), store.KindDesk)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return store.NewPredictions(db)
}

func waitFor(b *testing.B, done func() bool) {
	b.Helper()
	for begun := time.Now(); !done(); time.Sleep(200 * time.Millisecond) {
		if time.Since(begun) > 10*time.Minute {
			b.Fatal("waited for too long")
		}
	}
}

// askAlways asks for a path twenty times a second until told is called, which says how soon it was
// answered.
func (s *restServer) askAlways(b *testing.B, path string) (told func() string) {
	b.Helper()
	c := s.client(b, "lead")
	quit, ended := make(chan struct{}), make(chan struct{})
	var took []time.Duration
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-time.After(50 * time.Millisecond):
			}
			begun := time.Now()
			resp, text, err := c.try(http.MethodGet, path, nil)
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Error(path, err, text)
				return
			}
			took = append(took, time.Since(begun))
		}
	}()
	return func() string {
		close(quit)
		<-ended
		if len(took) == 0 {
			return "never"
		}
		slices.Sort(took)
		ms := func(part float64) int64 { return took[int(part*float64(len(took)-1))].Milliseconds() }
		return fmt.Sprintf("%d ms, 95th percentile %d ms, slowest %d ms of %d", ms(0.5), ms(0.95), ms(1), len(took))
	}
}

// processTime is what a process has used of the processors, in the hundredths of a second Linux counts.
func processTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skip("this system does not say what a process uses")
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var sum time.Duration
	for _, f := range fields[11:13] { // utime and stime, proc(5)
		ticks, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(ticks) * 10 * time.Millisecond
	}
	return sum
}

// peakOf is the most a process held of the memory, in MB.
func peakOf(b *testing.B, pid int) (mb int) {
	b.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		b.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(text), "VmHWM:")
	if _, err := fmt.Sscan(peak, &mb); err != nil {
		b.Fatal(err)
	}
	return mb / 1024
}

// fileSize is the size of a file of a database in MB, with what was not moved into it yet.
func fileSize(b *testing.B, path string) (mb int64) {
	b.Helper()
	for _, part := range []string{"", "-wal"} {
		if info, err := os.Stat(path + part); err == nil {
			mb += info.Size() >> 20
		}
	}
	return mb
}
