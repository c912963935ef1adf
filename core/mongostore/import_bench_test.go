package mongostore

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
)

// TestImportMeasured measures; it runs when DESKWATCH_MEASURE says how many rows.
func TestImportMeasured(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("DESKWATCH_MEASURE"))
	if n == 0 {
		t.Skip("set DESKWATCH_MEASURE to a number of rows to measure")
	}
	b := bookAt(t, mongotest.Start(t))
	for _, what := range []string{"first", "again"} {
		start := time.Now()
		im, err := b.Begin(t.Context(), orders.ImportStart{File: "measured.csv", Kind: core.ImportFile, Progress: new(core.Progress)})
		if err != nil {
			t.Fatal(err)
		}
		if err := coretest.MakeRows(1, n, n/25+1, func(rows []core.OrderRow) error { return im.Put(t.Context(), rows) }); err != nil {
			t.Fatal(err)
		}
		put := time.Since(start)
		counts, err := im.Settle(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		settled := time.Since(start)
		if _, err := im.Commit(t.Context(), int64(n), 0); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d rows in %.1f s (put %.1f, settle %.1f): %.0f a second; %+v; peak memory %d MB", what, n, time.Since(start).Seconds(), put.Seconds(),
			(settled - put).Seconds(), float64(n)/time.Since(start).Seconds(), counts, peakMB(t))
	}
}

func peakMB(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			return kb / 1024
		}
	}
	return 0
}
