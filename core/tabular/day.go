package tabular

import (
	"fmt"

	"deskwatch/core"
)

// monthLengths are the days of the months of a common year.
var monthLengths = [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

var monthTitles = [...]string{"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"}

// The years an order may be from.
const (
	firstYear = 1900
	lastYear  = 2199
)

func monthLength(y, m int) int {
	if m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0) {
		return 29
	}
	return monthLengths[m-1]
}

// makeDay checks the parts of a date.
func makeDay(y, m, d int) (core.Day, flaw) {
	switch {
	case y < firstYear || y > lastYear:
		return 0, flawYear
	case m < 1 || m > 12:
		return 0, flawMonth
	case d < 1 || d > monthLength(y, m):
		return 0, flawDay
	}
	return daysSince1970(y, m, d), flawNone
}

// daysSince1970 is days_from_civil of Howard Hinnant's "chrono-Compatible Low-Level Date
// Algorithms", for years after 0.
func daysSince1970(y, m, d int) core.Day {
	if m <= 2 {
		y--
	}
	era := y / 400
	yearOfEra := y - era*400
	monthFromMarch := (m + 9) % 12
	dayOfYear := (153*monthFromMarch+2)/5 + d - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return core.Day(era*146097 + dayOfEra - 719468)
}

// fullYear gives a year of two digits its century: 00–69 are 2000–2069, 70–99 are 1970–1999.
func fullYear(y, digits int) int {
	switch {
	case digits > 2:
		return y
	case y < 70:
		return 2000 + y
	}
	return 1900 + y
}

// flaw says why a cell is not a day.
type flaw uint8

const (
	flawNone  flaw = iota
	flawShape      // not written like a date
	flawYear
	flawMonth
	flawDay
)

// sentence explains a flaw to people.
func (f flaw) sentence(cell string, p dateParts, format string) string {
	switch f {
	case flawYear:
		return fmt.Sprintf("The date %s is in the year %d, which cannot be right.", shown(cell), p.y)
	case flawMonth:
		return fmt.Sprintf("The date %s has no such month: read as %s, its month is %d.", shown(cell), format, p.m)
	case flawDay:
		if p.m >= 1 && p.m <= 12 {
			return fmt.Sprintf("There is no such day as %s: %s %d has no day %d.", shown(cell), monthTitles[p.m-1], p.y, p.d)
		}
		return fmt.Sprintf("There is no such day as %s.", shown(cell))
	}
	return fmt.Sprintf("%s is not a date Deskwatch can read as %s.", shown(cell), format)
}

// shown quotes a cell for a sentence, cut to a readable length.
func shown(cell string) string {
	if r := []rune(cell); len(r) > 40 {
		cell = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", cell)
}
