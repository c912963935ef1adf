package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"deskwatch/core"
	"deskwatch/core/app"
	"deskwatch/core/mongostore/mongotest"
)

// BenchmarkBothBooks imports one generated file twice and finds breaches on either order book,
// side by side: the embedded one and the tests' MongoDB, whose speed says nothing of a real one's.
func BenchmarkBothBooks(b *testing.B) {
	if b.N > 1 {
		b.Skip("run with -benchtime 1x")
	}
	file := filepath.Join(b.TempDir(), "orders.csv")
	if err := generate(file, million); err != nil {
		b.Fatal(err)
	}
	embedded := app.Config{DataDir: b.TempDir()}
	server := app.Config{DataDir: b.TempDir(), OrdersURI: core.NewSecret(mongotest.Start(b))}
	b.ResetTimer()
	for _, side := range []struct {
		name  string
		cfg   app.Config
		calls int
	}{{"SQLite", embedded, 7}, {"MongoDB", server, 3}} {
		args := []string{"--json", "orders", "import", file}
		if !side.cfg.OrdersURI.IsZero() {
			args = append([]string{"--orders-uri", side.cfg.OrdersURI.Reveal()}, args...)
		}
		first, peak := timed(b, program(b, side.cfg.DataDir, args...))
		again, peakAgain := timed(b, program(b, side.cfg.DataDir, args...))
		query, withIDs, found := benchBreaches(b, side.cfg, side.calls)
		peak = max(peak, peakAgain) / 1024
		fmt.Printf("%-7s %d orders: import %.1f s, again %.1f s, peak memory %d MB; breach query %.0f ms, with order ids %.0f ms (%d breaches)\n",
			side.name, million, first, again, peak, query, withIDs, found)
		b.ReportMetric(first, side.name+"-import-s")
		b.ReportMetric(again, side.name+"-again-s")
		b.ReportMetric(float64(peak), side.name+"-peak-MB")
		b.ReportMetric(query, side.name+"-query-ms")
		b.ReportMetric(withIDs, side.name+"-query+ids-ms")
	}
}
