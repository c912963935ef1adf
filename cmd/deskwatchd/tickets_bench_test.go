package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/app"
	"deskwatch/core/coretest"
	"deskwatch/core/store"
	"deskwatch/core/tickets"
)

// deskOfTickets takes DESKWATCH_BENCH_TICKETS generated tickets (a million when it is not set) into a
// pool and opens a desk over it. Its clock stands at the end of the generated years, so that the
// newest tickets wait. before are the megabytes that were resident without it.
func deskOfTickets(b *testing.B) (desk *app.App, n, before int) {
	b.Helper()
	if b.N > 1 {
		b.Skip("run with -benchtime 1x")
	}
	n = million
	if s := os.Getenv("DESKWATCH_BENCH_TICKETS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 1000 {
			b.Fatalf("DESKWATCH_BENCH_TICKETS=%s: %v; at least 1000", s, err)
		}
	}
	dir := b.TempDir()
	takeTickets(b, filepath.Join(dir, store.PoolFile), n)
	debug.FreeOSMemory() // of the import, which is not what is measured
	before = resident(b)
	desk, err := app.New(b.Context(), app.Config{DataDir: dir, Program: "deskwatchd", KeyDir: b.TempDir(), Now: func() time.Time { return coretest.TicketsEnd }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := desk.Stop(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return desk, n, before
}

// BenchmarkTicketsMillion takes DESKWATCH_BENCH_TICKETS generated tickets (a million when it is not
// set) into a pool, opens a desk over it and measures what a person at the window waits for: the
// reading into memory, the first page with its texts, every kind of filter and every sort over all
// tickets, and random filters such as people type. Each line has the time on the wall and on the
// processor; a word is looked for the first time ("cold") unless the line says otherwise.
func BenchmarkTicketsMillion(b *testing.B) {
	desk, n, before := deskOfTickets(b)
	m := &ticketMeter{b: b, desk: desk, n: n, r: rand.New(rand.NewPCG(4, 4))}
	b.ResetTimer()
	fmt.Printf("%d tickets\n%-44s %8s %8s %8s %8s\n", n, "", "p50 ms", "p95 ms", "cpu p50", "cpu p95")
	m.line("read into memory", 1, func(int) { m.page(core.TicketQuery{Limit: 1}) })
	loaded := resident(b)
	m.line("first page, the first time", 1, func(int) { m.page(core.TicketQuery{}) })
	first, _ := m.line("first page", 30, func(int) { m.page(core.TicketQuery{}) })
	m.words()
	slowest := 0.0
	for _, text := range ticketFilters() {
		_, p95 := m.line(text, 15, func(int) { m.order(core.TicketQuery{Text: text}) })
		slowest = max(slowest, p95)
	}
	// A rare and a common word, each looked for once: the desk knows it the next time.
	_, p95 := m.line("a word, cold", 40, func(i int) { m.order(core.TicketQuery{Text: m.subjects[i]}) })
	slowest = max(slowest, p95)
	m.line("a word that three of ten have, cold", 1, func(int) { m.order(core.TicketQuery{Text: "error"}) })
	m.line("a word that three of ten have, warm", 15, func(int) { m.order(core.TicketQuery{Text: "error"}) })
	m.line("words as they are typed, cold", 40, func(i int) { m.order(core.TicketQuery{Text: m.subjects[40+i][:3+i%3] + "*"}) })
	_, mixed := m.line("mixed filters at random", 100, func(int) { m.order(core.TicketQuery{Text: m.random()}) })
	for _, sort := range core.TicketSorts() {
		m.line("all sorted by "+sort+", the first time", 1, func(int) { m.order(core.TicketQuery{Sort: sort}) })
		m.line("all sorted by "+sort, 7, func(i int) { m.order(core.TicketQuery{Sort: []string{"", "-"}[i%2] + sort}) })
	}
	after := resident(b)
	debug.FreeOSMemory()
	fmt.Printf("resident: %d MB before the desk was opened, %d MB with the tickets, %d MB after all of this, %d MB of it in use\n", before, loaded, after, resident(b))
	b.ReportMetric(first, "first-page-ms")
	b.ReportMetric(slowest, "slowest-filter-p95-ms")
	b.ReportMetric(mixed, "mixed-p95-ms")
	b.ReportMetric(float64(loaded-before), "loaded-MB")
}

// ticketFilters has a filter of every kind that needs no word.
func ticketFilters() []string {
	return []string{
		"", "status:new,open", "status:solved", "-status:closed", "priority:>=high", "priority:none..low", `product:"Product 03"`, "product:product", "owner:none", "owner:owner017", "owner:me",
		"customer:ltd", "customer:customer777", "customer:none", "source:bench", "channel:email", "number:TS0000777", "number:TS00007*", "created:2023", "created:>2024-01-01", "updated:30d", "closed:none", "closed:..2022-12",
		"due:<1h", "due:overdue", "due:none", "clock:red,amber", "clock:met", "clock:missed", "risk:>=20", "tough:yes", "tough:>5", "orders:>=1", "rating:<=2", "rating:none",
		"escalated:yes", "reopened:yes", "gone:no", "snoozed:no", "acked:yes", "is:open", "is:overdue", "is:unowned", "is:closed,escalated",
		"is:open priority:>=high tough:no risk:>5 orders:<3 or rating:1 or -owner:none created:<2022-01-01",
	}
}

// ticketMeter measures what the desk answers.
type ticketMeter struct {
	b        *testing.B
	desk     *app.App
	n        int
	r        *rand.Rand
	subjects []string // words of subjects, all different
}

// line measures do, prints it, and returns the median and the 95th percentile on the wall.
func (m *ticketMeter) line(name string, times int, do func(i int)) (p50, p95 float64) {
	m.b.Helper()
	var wall, cpu []float64
	for i := range times {
		begun, used := time.Now(), processorTime(m.b)
		do(i)
		wall = append(wall, float64(time.Since(begun).Microseconds())/1000)
		cpu = append(cpu, float64((processorTime(m.b)-used).Microseconds())/1000)
	}
	at := func(list []float64, part float64) float64 {
		slices.Sort(list)
		return list[int(part*float64(len(list)-1)+0.5)]
	}
	p50, p95 = at(wall, 0.5), at(wall, 0.95)
	if name == "" {
		name = "(all)"
	}
	fmt.Printf("%-44.44s %8.1f %8.1f %8.1f %8.1f\n", name, p50, p95, at(cpu, 0.5), at(cpu, 0.95))
	return p50, p95
}

func (m *ticketMeter) order(q core.TicketQuery) {
	if _, err := m.desk.TicketOrder(m.b.Context(), q); err != nil {
		m.b.Fatalf("%s: %v", q.Text, err)
	}
}

func (m *ticketMeter) page(q core.TicketQuery) core.TicketPage {
	page, err := m.desk.Tickets(m.b.Context(), q)
	if err != nil {
		m.b.Fatal(err)
	}
	return page
}

// words gathers words from tickets all over the pool, rare and common as they come.
func (m *ticketMeter) words() {
	seen := map[string]bool{"error": true}
	for len(m.subjects) < 200 {
		page := m.page(core.TicketQuery{Text: fmt.Sprintf("number:TS%07d", 1+m.r.IntN(m.n))})
		if len(page.Items) == 0 {
			continue
		}
		list := strings.Fields(page.Items[0].Subject)
		if word := list[m.r.IntN(len(list))]; !seen[word] && len(word) > 5 {
			seen[word] = true
			m.subjects = append(m.subjects, word)
		}
	}
}

// random is a filter of one to three terms, a third of them with a word, half of these known.
func (m *ticketMeter) random() string {
	kinds := ticketFilters()
	kinds = slices.DeleteFunc(kinds, func(f string) bool { return f == "" || strings.Contains(f, " or ") })
	var terms []string
	for range 1 + m.r.IntN(3) {
		terms = append(terms, kinds[m.r.IntN(len(kinds))])
	}
	if m.r.IntN(3) == 0 {
		word := m.subjects[m.r.IntN(10)]
		if m.r.IntN(2) == 0 {
			word = m.subjects[80+m.r.IntN(len(m.subjects)-80)]
		}
		terms = append(terms, word)
	}
	return strings.Join(terms, " ")
}

func takeTickets(b *testing.B, path string, n int) {
	b.Helper()
	begun := time.Now()
	db, err := store.Open(b.Context(), path, store.KindPool)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	k, err := store.NewPool(db).Begin(b.Context(), tickets.TakeStart{Source: "bench", At: coretest.TicketsEnd})
	if err != nil {
		b.Fatal(err)
	}
	defer k.Rollback() //nolint:errcheck // it does nothing after a commit
	err = coretest.TicketBatches(n, 4, func(batch []core.Ticket) error { return k.Put(b.Context(), batch) })
	if err == nil {
		_, err = k.Commit(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("%d tickets made and taken in %.0f s\n", n, time.Since(begun).Seconds())
}

// processorTime is what this process has used of the processors.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is what this process holds of the memory, in MB; 0 where the system does not say.
func resident(b *testing.B) int {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(text)[0])
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	return 0
}
