package kit

import (
	"strconv"
	"time"
)

// ShortTime is a moment in local time without what is plain from now: "09:10" today, "12 Jun
// 09:10" this year. The zero time is "".
func ShortTime(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	l, n := t.Local(), now.Local()
	clock := l.Format("15:04")
	if l.YearDay() == n.YearDay() && l.Year() == n.Year() {
		return clock
	}
	return ShortDay(t, now) + " " + clock
}

// ShortDay is "12 Jun", with the year when it is not this one.
func ShortDay(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	l := t.Local()
	s := strconv.Itoa(l.Day()) + " " + MonthName(l.Month())
	if l.Year() != now.Local().Year() {
		s += " " + strconv.Itoa(l.Year())
	}
	return s
}

// Span writes how long something lasts for a narrow column, rounded down: "25 min", "2 h 5 min",
// "14 h", "3 d", "2 y".
func Span(d time.Duration) string {
	d = max(d, -d).Truncate(time.Minute)
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case d < time.Hour:
		return T("%d min", minutes)
	case hours < 10 && minutes > 0:
		return T("%d h %d min", hours, minutes)
	case hours < 48:
		return T("%d h", hours)
	}
	if days := hours / 24; days < 730 {
		return T("%d d", days)
	}
	return T("%d y", hours/24/365)
}
