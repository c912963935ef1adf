package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/store"
	"deskwatch/core/tickets"
)

// BenchmarkWindowMillion opens the built program over DESKWATCH_BENCH_TICKETS generated tickets (a
// million when it is not set) on a screen of its own, lists and scrolls them, and prints the
// resident memory of the whole window at each step.
func BenchmarkWindowMillion(b *testing.B) {
	if os.Getenv("DESKWATCH_WINDOW_TEST") == "" || b.N > 1 {
		b.Skip("needs the built programs, Xvfb, D-Bus, openbox and xdotool, and -benchtime 1x: make bench")
	}
	n := 1_000_000
	if s := os.Getenv("DESKWATCH_BENCH_TICKETS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 1000 {
			b.Fatalf("DESKWATCH_BENCH_TICKETS=%s: %v; at least 1000", s, err)
		}
	}
	bin, err := filepath.Abs(filepath.Join("..", "..", "bin"))
	if err != nil {
		b.Fatal(err)
	}
	d := newDesktop(b)
	data := filepath.Join(d.home, "data")
	takeTickets(b, data, n)
	d.addUser(bin, data, "ana", "admin")
	program := d.start(filepath.Join(bin, "deskwatch"), "--data", data)
	window := d.window("Deskwatch")
	d.xdotool("windowfocus", "--sync", window)
	keys := func(list ...string) {
		d.xdotool(append([]string{"key", "--window", window, "--delay", "60"}, list...)...)
	}
	largest := 0
	step := func(what string, rest time.Duration) {
		time.Sleep(rest) // what is measured is the window at rest
		mb := residentMB(b, program.Process.Pid)
		largest = max(largest, mb)
		fmt.Printf("%-44s %d MB resident\n", what, mb)
	}
	step("after the start", 15*time.Second)
	keys("ctrl+2")
	step("Tickets tab", 5*time.Second)
	keys("ctrl+f", "ctrl+a", "Delete", "Return")
	step("all tickets listed", 5*time.Second)
	d.xdotool("mousemove", "--window", window, "400", "400")
	for range 200 {
		d.xdotool("click", "5")
	}
	step("scrolled", 3*time.Second)
	d.xdotool("click", "1")
	step("a ticket open", 3*time.Second)
	d.shot("million")
	b.ReportMetric(float64(largest), "largest-MB")
}

// takeTickets makes a data folder with n generated tickets.
func takeTickets(b *testing.B, data string, n int) {
	b.Helper()
	if err := os.MkdirAll(data, 0o700); err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(b.Context(), filepath.Join(data, store.PoolFile), store.KindPool)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	taking, err := store.NewPool(db).Begin(b.Context(), tickets.TakeStart{Source: "bench", At: coretest.TicketsEnd})
	if err != nil {
		b.Fatal(err)
	}
	defer taking.Rollback() //nolint:errcheck // it does nothing after a commit
	err = coretest.TicketBatches(n, 4, func(batch []core.Ticket) error { return taking.Put(b.Context(), batch) })
	if err == nil {
		_, err = taking.Commit(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
}

// residentMB is what a process holds of the memory.
func residentMB(b *testing.B, pid int) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, found := strings.Cut(string(status), "VmRSS:")
	fields := strings.Fields(after)
	if !found || len(fields) == 0 {
		b.Fatal("the system does not say how much memory the window holds")
	}
	kb, err := strconv.Atoi(fields[0])
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
