package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"deskwatch/core"
)

const (
	dayNanos  = int64(24 * time.Hour)
	weekNanos = 7 * dayNanos
	// epochWeekday is the weekday of 1970-01-01, day 0 of every wall.
	epochWeekday = int64(time.Thursday)
)

// week is the business time of a week on the wall. Weeks begin with the weekday of the epoch.
type week struct {
	spans []span // in order, not touching
	total int64
}

// span is a stretch of business time in nanoseconds since the week began.
type span struct{ from, to, before int64 } // before: business time of the spans before it

func newWeek(frames []core.BusinessFrame) (week, error) {
	var w week
	for _, f := range frames {
		if f.Day < time.Sunday || f.Day > time.Saturday || f.From < 0 || f.From >= f.To || f.To > 24*60 {
			return w, core.NewError(core.CodeInvalid, "calendar.frames", fmt.Sprintf(
				"Business hours from minute %d to minute %d of weekday %d cannot be used. They lie within one day and begin before they end.", f.From, f.To, f.Day), nil)
		}
		day := (int64(f.Day) - epochWeekday + 7) % 7 * dayNanos
		w.spans = append(w.spans, span{from: day + int64(f.From)*int64(time.Minute), to: day + int64(f.To)*int64(time.Minute)})
	}
	slices.SortFunc(w.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := w.spans[:0]
	for _, s := range w.spans { // frames that touch or overlap are one
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	w.spans = joined
	for i := range w.spans {
		w.spans[i].before = w.total
		w.total += w.spans[i].to - w.spans[i].from
	}
	return w, nil
}

// until is the business time from the epoch to the wall time t.
func (w week) until(t int64) int64 {
	weeks, rest := floorDiv(t, weekNanos)
	n := weeks * w.total
	for i := len(w.spans) - 1; i >= 0; i-- {
		if s := w.spans[i]; rest > s.from {
			return n + s.before + min(rest, s.to) - s.from
		}
	}
	return n
}

// at is the earliest wall time at which until is n. There must be business time.
func (w week) at(n int64) int64 {
	weeks, rest := floorDiv(n-1, w.total)
	rest++ // 1..total
	for _, s := range w.spans {
		if done := s.before + s.to - s.from; rest <= done {
			return weeks*weekNanos + s.to - (done - rest)
		}
	}
	return (weeks + 1) * weekNanos
}

func floorDiv(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}
