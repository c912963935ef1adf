package orders

import (
	"strconv"
	"time"

	"deskwatch/core"
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
	s := strconv.Itoa(l.Day()) + " " + monthName(l.Month())
	if l.Year() != now.Local().Year() {
		s += " " + strconv.Itoa(l.Year())
	}
	return s
}

// dayRange is two days, at most a year apart, the year when it is not this one: "12 Apr–8 May 2023".
func dayRange(first, last core.Day, now time.Time) string {
	from, to := first.Time(), last.Time()
	day := func(t time.Time, month, year bool) string {
		text := strconv.Itoa(t.Day())
		if month {
			text += " " + monthName(t.Month())
		}
		if year {
			text += " " + strconv.Itoa(t.Year())
		}
		return text
	}
	sameMonth, otherYear := from.Month() == to.Month(), from.Year() != to.Year()
	text := day(to, true, otherYear || to.Year() != now.Local().Year())
	if first == last {
		return text
	}
	// Of a year and a day the first day is plain without its year, but for the same month.
	return day(from, !sameMonth || otherYear, sameMonth && otherYear) + "–" + text
}

// periodText says when a breach's orders were: its month, or the days of its window.
func periodText(b core.Breach, now time.Time) string {
	if b.InWindow() {
		return dayRange(b.From, b.To, now)
	}
	return b.Period.String()
}

func monthName(m time.Month) string {
	return [...]string{
		kit.T("Jan"), kit.T("Feb"), kit.T("Mar"), kit.T("Apr"), kit.T("May"), kit.T("Jun"),
		kit.T("Jul"), kit.T("Aug"), kit.T("Sep"), kit.T("Oct"), kit.T("Nov"), kit.T("Dec"),
	}[m-1]
}
