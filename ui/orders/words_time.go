package orders

import (
	"time"
)

// longTime is a moment in local time, ISO-like: "2026-06-12 09:10". A zero time is "".
func longTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}
