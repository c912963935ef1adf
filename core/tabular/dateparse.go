package tabular

import (
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// dateShape is how a date is written, as far as its reading depends on it.
type dateShape uint8

const (
	shapeNone      dateShape = iota
	shapeYearFirst           // 2023-06-30, 20230630
	shapeDayWord             // 30 Jun 2023
	shapeWordDay             // Jun 30, 2023
	shapeNumbers             // 30/06/2023 or 06/30/2023: someone has to know which
)

// dateParts are the numbers of a date. For shapeNumbers y is set, and a and b are day and month in some order.
type dateParts struct {
	shape   dateShape
	y, m, d int
	a, b    int
	clock   clock
}

// scanDate takes a cell apart without deciding between day-first and month-first.
// It returns the shape shapeNone when the cell is not written like a date. The time of day and
// the zone are checked for form only: the calendar day written is what counts.
func scanDate(cell string) dateParts {
	if len(cell) == 10 {
		if p := scanTen(cell); p.shape != shapeNone {
			return p
		}
	}
	s := trimBlanks(cell)
	if len(s) < 6 || len(s) > 80 {
		return dateParts{}
	}
	if !isDigit(s[0]) {
		return scanWords(s)
	}
	n1, i := number(s, 0)
	digits1 := i
	if digits1 == 8 || digits1 == 14 || digits1 == 12 {
		return scanCompact(s, digits1)
	}
	if digits1 > 4 || digits1 == 3 || i >= len(s) {
		return dateParts{}
	}
	sep := s[i]
	if !isSeparator(sep) {
		return scanWords(s)
	}
	i = skipSeparator(s, i, sep)
	n2, j := number(s, i)
	if j == i || j-i > 2 || j >= len(s) || s[j] != sep {
		return scanWords(s)
	}
	j = skipSeparator(s, j, sep)
	n3, k := number(s, j)
	digits3 := k - j
	if digits3 == 0 || digits3 == 3 || digits3 > 4 {
		return dateParts{}
	}
	at, ok := scanClock(s[k:])
	switch {
	case !ok:
	case digits1 == 4 && digits3 <= 2:
		return dateParts{shape: shapeYearFirst, y: n1, m: n2, d: n3, clock: at}
	case digits1 <= 2 && (digits3 == 2 || digits3 == 4):
		return dateParts{shape: shapeNumbers, y: fullYear(n3, digits3), a: n1, b: n2, clock: at}
	}
	return dateParts{}
}

// scanTen is the quick way for 2023-06-30 and 30/06/2023, which most files hold.
func scanTen(s string) dateParts {
	a, b, c, d, e := pair(s, 0), pair(s, 2), pair(s, 3), pair(s, 5), pair(s, 8)
	switch {
	case s[4] == s[7] && isSeparator(s[4]) && a|b|d|e >= 0:
		return dateParts{shape: shapeYearFirst, y: a*100 + b, m: d, d: e}
	case s[2] == s[5] && isSeparator(s[2]):
		if century := pair(s, 6); a|c|century|e >= 0 {
			return dateParts{shape: shapeNumbers, y: century*100 + e, a: a, b: c}
		}
	}
	return dateParts{}
}

// pair is the number two digits at i make, or -1.
func pair(s string, i int) int {
	if t, u := s[i]-'0', s[i+1]-'0'; t < 10 && u < 10 {
		return int(t)*10 + int(u)
	}
	return -1
}

func isSeparator(c byte) bool { return c == '-' || c == '/' || c == '.' || c == ' ' }

// skipSeparator passes a separator and the blanks after it ("30. 6. 2023").
func skipSeparator(s string, i int, sep byte) int {
	i++
	if sep != ' ' {
		for i < len(s) && s[i] == ' ' {
			i++
		}
	}
	return i
}

// number reads digits from i, at most enough not to overflow.
func number(s string, i int) (n, end int) {
	for end = i; end < len(s) && isDigit(s[end]); end++ {
		if end-i < 9 {
			n = n*10 + int(s[end]-'0')
		}
	}
	return n, end
}

// scanCompact reads 20230630, with the time glued on or after a T or a blank.
func scanCompact(s string, digits int) dateParts {
	p := dateParts{shape: shapeYearFirst, y: two(s)*100 + two(s[2:]), m: two(s[4:]), d: two(s[6:])}
	rest := s[digits:]
	if digits > 8 {
		p.clock = compactClock(s[8:digits])
	} else if len(rest) > 1 && (rest[0] == 'T' || rest[0] == ' ') {
		// 20230630T101500Z
		if _, end := number(rest, 1); (end == 5 || end == 7) && (rest[end:] == "" || rest[end:] == "Z") {
			p.clock = compactClock(rest[1:end])
			p.clock.zoned = rest[end:] != ""
			return p
		}
	}
	at, ok := scanClock(rest)
	if !ok || digits > 8 && rest != "" && rest[0] != 'Z' {
		return dateParts{}
	}
	if digits == 8 {
		p.clock = at
	} else {
		p.clock.zoned = rest != ""
	}
	return p
}

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// trimBlanks drops blanks, also those that do not break, from both ends.
func trimBlanks(s string) string {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	if len(s) > 0 && (s[0] >= utf8.RuneSelf || s[len(s)-1] >= utf8.RuneSelf) {
		return strings.TrimSpace(s)
	}
	return s
}

// resolve makes a day of the parts; monthFirst decides where the shape does not.
func (p dateParts) resolve(monthFirst bool) (core.Day, dateParts, flaw) {
	if p.shape == shapeNone {
		return 0, p, flawShape
	}
	if p.shape == shapeNumbers {
		p.d, p.m = p.a, p.b
		if monthFirst {
			p.d, p.m = p.b, p.a
		}
	}
	day, f := makeDay(p.y, p.m, p.d)
	return day, p, f
}
