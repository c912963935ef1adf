package main

import (
	"fmt"
	"testing"
	"time"

	"deskwatch/core"
)

// BenchmarkPredictDesk takes DESKWATCH_BENCH_TICKETS generated tickets (a million when it is not set)
// into a pool, opens a desk over it, and measures a training and a scoring of all open tickets, with
// the memory they take. A desk learns from its newest 200,000 tickets.
func BenchmarkPredictDesk(b *testing.B) {
	desk, _, _ := deskOfTickets(b)
	if _, err := desk.Tickets(b.Context(), core.TicketQuery{Limit: 1}); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("resident with the desk open: %d MB\n", resident(b))
	b.ResetTimer()
	line := func(what string, do func(p *core.Progress)) {
		begun, processor := time.Now(), processorTime(b)
		p := new(core.Progress)
		stop, done := make(chan struct{}), make(chan struct{})
		phases := map[string]time.Duration{}
		most := 0
		go func() {
			defer close(done)
			look := time.NewTicker(50 * time.Millisecond)
			defer look.Stop()
			for {
				select {
				case <-stop:
					return
				case <-look.C:
					phases[p.State().Phase] += 50 * time.Millisecond
					most = max(most, resident(b))
				}
			}
		}()
		do(p)
		close(stop)
		<-done
		fmt.Printf("%-10s %6.1f s, %6.1f s of the processors, at most %d MB resident; on the wall %v\n", what, time.Since(begun).Seconds(), (processorTime(b) - processor).Seconds(), most, phases)
	}
	line("training", func(p *core.Progress) {
		res, err := desk.TrainModel(b.Context(), p)
		if err != nil {
			b.Fatal(err)
		}
		fmt.Printf("%d tickets with a known end: %s\n", res.Tickets, res.Text)
	})
	line("scoring", func(p *core.Progress) {
		count, err := desk.ScoreNow(b.Context(), p)
		if err != nil || count == 0 {
			b.Fatal(count, err)
		}
		fmt.Printf("%d open tickets\n", count)
	})
}
