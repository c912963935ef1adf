package tickets

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

const million = 1_000_000

// millionWorld is built once: a million tickets of 150,000 customers, a third of them open.
var millionWorld = sync.OnceValue(func() *bigWorld {
	b := &bigWorld{r: rand.New(rand.NewPCG(1, 1)), pool: &poolOf{rev: 1}}
	for no := 1; no <= 400; no++ {
		b.pool.names = append(b.pool.names, Name{uint32(no), fmt.Sprintf("Name %d of many", no*7919%400)})
	}
	for no := 1; no <= 150_000; no++ {
		b.pool.customers = append(b.pool.customers, CustomerFact{Rev: 1, TicketCustomer: core.TicketCustomer{
			No: uint32(no), Key: core.CustomerKey{Source: "salesforce", ID: fmt.Sprintf("0015g%010d", no)}, Name: fmt.Sprintf("Customer %d GmbH", no*31%150_000), Email: fmt.Sprintf("user%d@example.com", no),
		}})
	}
	// Every third ticket has the word, as a common word of a desk would be.
	b.pool.match = func(_ string, after uint32, each func(uint32)) {
		for no := after + 1; no <= million; no++ {
			if no%3 == 0 {
				each(no)
			}
		}
	}
	b.pool.find = func(string) []uint32 { return []uint32{77} }
	b.source = &factSource{poolOf: b.pool, fact: b.fact}
	before := heapInUse()
	b.index = NewIndex(b.source, optionsAt(noon))
	begun := time.Now()
	if _, err := b.index.Sync(context.Background()); err != nil {
		panic(err)
	}
	b.loading = time.Since(begun)
	b.bytes = heapInUse() - before
	return b
})

type bigWorld struct {
	r       *rand.Rand
	pool    *poolOf
	source  *factSource
	index   *Index
	loading time.Duration
	bytes   uint64
}

// factSource makes facts when they are read, so that they do not count as the index's memory.
type factSource struct {
	*poolOf
	fact func(no uint32) Fact
}

func (s *factSource) Facts(_ context.Context, after int64, each func([]Fact) error) error {
	if after > 0 {
		return s.poolOf.Facts(context.Background(), after, each)
	}
	batch := make([]Fact, 0, 4096)
	for no := uint32(1); no <= million; no++ {
		if batch = append(batch, s.fact(no)); len(batch) == cap(batch) || no == million {
			if err := each(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return nil
}

func (b *bigWorld) fact(no uint32) Fact {
	r := b.r
	f := Fact{
		No: no, Rev: 1, TextRev: 1, Source: 1 + uint32(r.IntN(3)), Product: 10 + uint32(r.IntN(60)), Owner: 100 + uint32(r.IntN(290)), RawStatus: 4 + uint32(r.IntN(5)), Channel: 9,
		Customer: 1 + uint32(r.IntN(150_000)), Priority: core.Priority(r.IntN(5)), Status: core.TicketClosed, Escalated: r.IntN(30) == 0, Rating: uint8(max(0, r.IntN(10)-4)),
		Created: noon.Unix() - r.Int64N(3*365*24*3600), SubjectKey: r.Uint64(), NumberKey: NumberKey(fmt.Sprint("CS", no)),
	}
	f.Updated = f.Created + r.Int64N(noon.Unix()-f.Created+1)
	f.FirstReply = f.Created + r.Int64N(24*3600)
	if r.IntN(3) == 0 {
		f.Status, f.FirstReply = core.TicketStatus(r.IntN(4)), 0
	} else {
		f.Closed = f.Updated
	}
	return f
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func millisecondsAt(list []time.Duration, part float64) float64 {
	slices.Sort(list)
	return float64(list[int(part*float64(len(list)-1))].Microseconds()) / 1000
}

// BenchmarkFilterMillion answers filters of every kind among a million tickets, in the order the
// window shows. The word is new each time, and the pool's part of finding it is not in it.
func BenchmarkFilterMillion(b *testing.B) {
	w := millionWorld()
	words := 0
	for _, text := range []string{
		"", "status:new,open", "status:closed", "priority:>=high", `product:"Name 12 of many"`, "product:name", "owner:me", "owner:none", "customer:gmbh", "customer:777",
		"source:name", "number:CS77", "created:>2024-01-01", "updated:7d", "closed:none", "due:<1h", "due:overdue", "clock:amber,red", "risk:>20", "tough:yes", "tough:>5", "orders:>=3",
		"rating:<=2", "escalated:yes", "reopened:yes", "snoozed:no", "is:open", "word", "-word", "status:new,open priority:>=high tough:no due:<1h risk:>5 orders:<3 -word or rating:1",
	} {
		b.Run(text, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				words++
				begun := time.Now()
				if _, err := w.index.Order(b.Context(), core.TicketQuery{Text: text}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun))
			}
			b.ReportMetric(millisecondsAt(took, 0.5), "ms")
			b.ReportMetric(millisecondsAt(took, 0.95), "p95-ms")
		})
	}
}

// BenchmarkSortMillion sorts all of a million tickets.
func BenchmarkSortMillion(b *testing.B) {
	w := millionWorld()
	for _, sort := range core.TicketSorts() {
		b.Run(sort, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				begun := time.Now()
				if _, err := w.index.Order(b.Context(), core.TicketQuery{Sort: "-" + sort}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun))
			}
			b.ReportMetric(millisecondsAt(took, 0.5), "ms")
			b.ReportMetric(millisecondsAt(took, 0.95), "p95-ms")
		})
	}
}

// BenchmarkKeepMillion is what the index costs apart from filters.
func BenchmarkKeepMillion(b *testing.B) {
	w := millionWorld()
	b.Run("first page", func(b *testing.B) {
		for b.Loop() {
			if _, _, _, err := w.index.Page(b.Context(), core.TicketQuery{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(w.loading.Seconds()*1000, "load-ms")
		b.ReportMetric(float64(w.bytes)/million, "bytes/ticket")
	})
	b.Run("one changed", func(b *testing.B) {
		for b.Loop() {
			w.pool.rev++
			w.pool.facts = []Fact{w.fact(5)}
			w.pool.facts[0].Rev = w.pool.rev
			if _, err := w.index.Sync(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("recompute", func(b *testing.B) {
		for b.Loop() {
			w.index.Recompute()
		}
	})
	b.Run("standing", func(b *testing.B) {
		for b.Loop() {
			w.index.Standing(5, 5, 30)
		}
	})
	b.Run("account", func(b *testing.B) {
		for b.Loop() {
			w.index.Account(5)
		}
	})
	b.Run("complete", func(b *testing.B) {
		for b.Loop() {
			w.index.Complete("owner:n", 7)
		}
	})
}
