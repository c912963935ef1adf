package main

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestProgressSaysWhatIsKnownOfALongOperation(t *testing.T) {
	for want, tt := range map[string]struct {
		state core.ProgressState
		since time.Duration
	}{
		"Looking for breaches: 12s so far":                   {core.ProgressState{Phase: "Looking for breaches"}, 12 * time.Second},
		"Reading: 1000 rows, 500 a second":                   {core.ProgressState{Phase: "Reading", Done: 1000}, 2 * time.Second},
		"Learning: 43%":                                      {core.ProgressState{Phase: "Learning", Done: 1305, Total: 3000}, 2 * time.Second},
		"Comparing: 0 rows":                                  {core.ProgressState{Phase: "Comparing", Total: 4000}, 2 * time.Second},
		"Creating clients: 1000 rows, 500 a second, 6s left": {core.ProgressState{Phase: "Creating clients", Done: 1000, Total: 4000}, 2 * time.Second},
	} {
		if got := progressLine(tt.state, tt.since); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
