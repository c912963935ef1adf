package kit

import (
	"testing"
	"time"
)

func TestASpanIsWrittenShortAndRoundedDown(t *testing.T) {
	const day = 24 * time.Hour
	for d, want := range map[time.Duration]string{
		59 * time.Second: "0 min", 25*time.Minute + time.Second: "25 min", -25 * time.Minute: "25 min", 2*time.Hour + 5*time.Minute: "2 h 5 min",
		14*time.Hour + 59*time.Minute: "14 h", 47 * time.Hour: "47 h", 2 * day: "2 d", 729 * day: "729 d", 730 * day: "2 y", 3915 * day: "10 y",
	} {
		if got := Span(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}
