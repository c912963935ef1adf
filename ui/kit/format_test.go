package kit

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestNumbersAreGroupedAndTimesAreWords(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Number(0), "0"}, {Number(999), "999"}, {Number(1000), "1,000"}, {Number(120201), "120,201"}, {Number(-1234567), "-1,234,567"},
		{Bytes(999), "999 B"}, {Bytes(12_400_000), "12.4 MB"},
		{Duration(80 * time.Second), "1 min 20 s"}, {Duration(3*time.Hour + 5*time.Minute), "3 h 5 min"},
		{When(time.Time{}, now), "never"},
		{When(now.Add(-3*time.Hour), now), "today 09:00"},
		{When(now.Add(-13*time.Hour), now), "yesterday 23:00"},
		{When(now.Add(12*time.Hour), now), "tomorrow 00:00"},
		{When(now.AddDate(0, 0, 2), now), "2026-03-12 12:00"},
		{N("%s row", "%s rows", 1), "1 row"}, {N("%s row", "%s rows", 2000), "2,000 rows"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestProgressTextLeavesOutWhatIsNotKnown(t *testing.T) {
	s := core.ProgressState{Phase: "Reading", Done: 400_000, Total: 1_000_000}
	if got := ProgressText(s, 4*time.Second); got != "Reading · 400,000 rows · 100,000/s · 6 s left" {
		t.Error(got)
	}
	s = core.ProgressState{Phase: "Learning", Done: 1290, Total: 3000}
	if got := ProgressText(s, 43*time.Second); got != "Learning · 43 % · 57 s left" {
		t.Errorf("got %q", got)
	}
	if got := ProgressText(core.ProgressState{}, time.Second); got != "" {
		t.Errorf("nothing is known, yet it says %q", got)
	}
}
