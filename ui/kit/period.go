package kit

import (
	"strconv"
	"time"

	"deskwatch/core"
)

// dayRange is two days, at most a year apart, the year when it is not this one: "12 Apr–8 May 2023".
func dayRange(first, last core.Day, now time.Time) string {
	from, to := first.Time(), last.Time()
	day := func(t time.Time, month, year bool) string {
		text := strconv.Itoa(t.Day())
		if month {
			text += " " + MonthName(t.Month())
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

// BreachPeriod says when a breach's orders were: its month, or the days of its window.
func BreachPeriod(b core.Breach, now time.Time) string {
	if b.InWindow() {
		return dayRange(b.From, b.To, now)
	}
	return b.Period.String()
}

// MonthName is the short name of a month.
func MonthName(m time.Month) string {
	return [...]string{
		T("Jan"), T("Feb"), T("Mar"), T("Apr"), T("May"), T("Jun"),
		T("Jul"), T("Aug"), T("Sep"), T("Oct"), T("Nov"), T("Dec"),
	}[m-1]
}
