package orders

import (
	"strconv"
	"time"

	"deskwatch/ui/kit"
)

// longTime is a moment in local time, ISO-like: "2026-06-12 09:10". A zero time is "".
func longTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}

// shortTime leaves out what is plain from now: "09:10" today, "12 Jun 09:10" this year.
func shortTime(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	l, n := t.Local(), now.Local()
	clock := l.Format("15:04")
	if l.YearDay() == n.YearDay() && l.Year() == n.Year() {
		return clock
	}
	return shortDay(t, now) + " " + clock
}

// shortDay is "12 Jun", with the year when it is not this one.
func shortDay(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	l := t.Local()
	s := strconv.Itoa(l.Day()) + " " + kit.MonthName(l.Month())
	if l.Year() != now.Local().Year() {
		s += " " + strconv.Itoa(l.Year())
	}
	return s
}
