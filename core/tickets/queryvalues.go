package tickets

import (
	"math"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// cutOperator parts a value from the comparison in front of it.
func cutOperator(text string) (op, rest string) {
	for _, o := range []string{">=", "<=", ">", "<", "="} {
		if rest, ok := strings.CutPrefix(text, o); ok {
			return o, rest
		}
	}
	return "", text
}

// compared is the stretch, both ends included, that a comparison with a value leaves, when the
// value itself stretches from from up to and without end.
func compared(op string, from, end, lowest, highest int64) (lo, hi int64) {
	switch op {
	case ">":
		return end, highest
	case ">=":
		return from, highest
	case "<":
		return lowest, from - 1
	case "<=":
		return lowest, end - 1
	}
	return from, end - 1
}

func readNumber(v *queryValue) (string, *core.QueryProblem) {
	if v.none {
		return "", nil
	}
	op, rest := cutOperator(v.text)
	from, to, isRange := strings.Cut(rest, "..")
	switch {
	case rest == "":
		return "“%s” needs a number behind it.", nil
	case isRange && op == "":
		lo, ok := wholeNumber(from, 0)
		hi, okTo := wholeNumber(to, math.MaxInt32)
		if ok && okTo {
			v.lo, v.hi = lo, hi
			return "", nil
		}
	case !isRange:
		if n, ok := wholeNumber(rest, -1); ok && n >= 0 {
			v.lo, v.hi = compared(op, n, n+1, 0, math.MaxInt32)
			return "", nil
		}
	}
	return "", problem(v.start, v.end, "“%s” is not a number. Write it such as 3, >=3, <3 or 3..5.", v.text)
}

// wholeNumber reads up to nine digits and an optional percent sign; missing is for no text.
func wholeNumber(text string, missing int64) (int64, bool) {
	if text == "" {
		return missing, true
	}
	text = strings.TrimSuffix(text, "%")
	if len(text) > 9 {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 31)
	return int64(n), err == nil
}

// readYesOrNumber leaves yes or no in the text, and makes them the numbers from 1 on and 0.
func readYesOrNumber(v *queryValue) (string, *core.QueryProblem) {
	if !v.none {
		if readYes(v) == nil {
			v.text = [...]string{"no", "yes"}[v.lo]
			if v.lo == 1 {
				v.hi = math.MaxInt32
			}
			return "", nil
		}
		if note, err := readNumber(v); err == nil {
			return note, nil
		}
	}
	return "", problem(v.start, v.end, "“%s” does not fit here. Write yes, no, or a number such as >60.", v.text)
}

// The first and the last second a ticket's time can have; 0 is none.
const (
	firstSecond = 1
	lastSecond  = math.MaxUint32
)

func (p *queryParser) readDateOrNone(v *queryValue) (string, *core.QueryProblem) {
	if v.none {
		return "", nil
	}
	return p.readDate(v)
}

func (p *queryParser) readDue(v *queryValue) (string, *core.QueryProblem) {
	if v.none {
		return "", nil
	}
	if t := strings.ToLower(v.text); t == "overdue" || t == "late" {
		v.lo, v.hi = firstSecond, p.now.Unix()-1 // as the clock turns red
		return "", nil
	}
	op, rest := cutOperator(v.text)
	if d, ok := duration(rest); ok { // ahead, and what is overdue is nearer than anything
		at := p.now.Add(d).Unix()
		switch op {
		case ">", ">=":
			v.lo, v.hi = at, lastSecond
		default:
			v.lo, v.hi = firstSecond, at
		}
		if op == ">" {
			v.lo++
		} else if op == "<" {
			v.hi--
		}
		return "", nil
	}
	note, wrong := p.readDate(v)
	if wrong != nil {
		wrong = problem(v.start, v.end, "“%s” is neither a stretch of time nor a date. Write it such as <1h, <30m, overdue, today, tomorrow or 2024-01-31.", v.text)
	}
	return note, wrong
}

// readDate reads a time, a comparison with one, or a range of two.
func (p *queryParser) readDate(v *queryValue) (string, *core.QueryProblem) {
	op, rest := cutOperator(v.text)
	if rest == "" {
		return "“%s” needs a date behind it.", nil
	}
	from, to, isRange := strings.Cut(rest, "..")
	if isRange && op == "" {
		lo, end := int64(firstSecond), int64(lastSecond)
		ok, okTo := true, true
		if from != "" {
			lo, _, ok = p.moment(from)
		}
		if to != "" {
			_, end, okTo = p.moment(to)
			end--
		}
		if ok && okTo {
			v.lo, v.hi = lo, end
			return "", nil
		}
	} else if !isRange {
		if d, ok := duration(rest); ok { // an age
			at := max(p.now.Add(-d).Unix(), firstSecond)
			v.lo, v.hi = at, lastSecond
			if strings.HasPrefix(op, ">") {
				v.lo, v.hi = firstSecond, at
			}
			return "", nil
		}
		if lo, end, ok := p.moment(rest); ok {
			v.lo, v.hi = compared(op, lo, end, firstSecond, lastSecond)
			return "", nil
		}
	}
	half := rest
	if isRange {
		half = to
	}
	if v.end == len(p.text) && !v.quoted && halfDate(half) {
		return "“%s” is not a whole date yet.", nil
	}
	return "", problem(v.start, v.end, "“%s” is not a date. Write it such as 2024, 2024-01, 2024-01-31, today, 7d or 2024-01..2024-03.", v.text)
}

// moment is a point or a stretch of time, in seconds, up to and without end.
func (p *queryParser) moment(text string) (from, end int64, ok bool) {
	y, m, d := p.now.Date()
	day := func(y int, m time.Month, d int) int64 { return time.Date(y, m, d, 0, 0, 0, 0, p.now.Location()).Unix() }
	switch strings.ToLower(text) {
	case "now":
		return p.now.Unix(), p.now.Unix() + 1, true
	case "today":
		return day(y, m, d), day(y, m, d+1), true
	case "yesterday":
		return day(y, m, d-1), day(y, m, d), true
	case "tomorrow":
		return day(y, m, d+1), day(y, m, d+2), true
	}
	if d, ok := duration(text); ok {
		at := max(p.now.Add(-d).Unix(), firstSecond)
		return at, at + 1, true
	}
	for _, form := range []struct {
		layout        string
		years, months int
		days          int
		span          time.Duration
	}{
		{"2006", 1, 0, 0, 0}, {"2006-01", 0, 1, 0, 0}, {"2006-1", 0, 1, 0, 0}, {"2006-01-02", 0, 0, 1, 0}, {"2006-1-2", 0, 0, 1, 0},
		{"2006-01-02T15", 0, 0, 0, time.Hour}, {"2006-01-02T15:04", 0, 0, 0, time.Minute}, {"2006-01-02T15:04:05", 0, 0, 0, time.Second},
	} {
		t, err := time.ParseInLocation(form.layout, strings.ToUpper(text), p.now.Location())
		if err != nil {
			continue
		}
		if t.Year() < 1970 || t.Year() > 2105 {
			return 0, 0, false
		}
		end := t.AddDate(form.years, form.months, form.days).Add(form.span)
		return max(t.Unix(), firstSecond), max(end.Unix(), firstSecond), true
	}
	return 0, 0, false
}

// duration reads 30m, 2h, 7d, 4w or 1y; a year has 365 days.
func duration(text string) (time.Duration, bool) {
	if len(text) < 2 || len(text) > 6 {
		return 0, false
	}
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 20)
	if err != nil {
		return 0, false
	}
	unit, ok := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour, 'y': 365 * 24 * time.Hour}[text[len(text)-1]|0x20]
	if !ok || uint64(200*365*24*time.Hour/unit) < n {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// halfDate reports whether a date may begin so.
func halfDate(text string) bool {
	if len(text) > len("2006-01-02T15:04") {
		return false
	}
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= '0' && c <= '9', i == 4 && c == '-', (i == 6 || i == 7) && c == '-', i == 10 && (c == 'T' || c == 't'), i == 13 && c == ':':
		default:
			for _, w := range []string{"now", "today", "tomorrow", "yesterday", "overdue", "late", "none"} {
				if strings.HasPrefix(w, strings.ToLower(text)) {
					return true
				}
			}
			return false
		}
	}
	// Of a date written whole the reading said no: 2024-13, 2024-02-31.
	whole := text != "" && text[len(text)-1] != '-' && (len(text) == 4 || len(text) == 7 || len(text) == 10)
	return !whole
}
