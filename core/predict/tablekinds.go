package predict

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// columnKind is what a column of a file holds.
type columnKind uint8

const (
	kindNothing    columnKind = iota // empty, or the same everywhere
	kindWords                        // some values that come again, codes too
	kindNumber                       // more or less of something
	kindTime                         // moments
	kindText                         // sentences
	kindIdentifier                   // a value of its own for nearly every ticket
)

const (
	kindRows     = 50_000 // a kind is told from so many rows at most
	kindNumbers  = 0.98   // of the cells are numbers
	kindTimes    = 0.9    // of the cells are times
	kindOwnValue = 0.8    // so many different values for each ticket make an identifier
	kindSteps    = 8      // up to so many whole numbers are words
)

// columnFacts are what a column's cells look like.
type columnFacts struct {
	known, tickets int // rows with a value, and tickets among them
	counts         map[string]int
	numbers        []float64
	whole, zeros   bool // all numbers are whole; one has a zero in front
	blanks         int  // within cells
	times          int
	width          map[int]int
}

// kindOf tells what a column holds. key names the ticket of a row.
func (t *Table) kindOf(at int, key func(row int) string) columnKind {
	f := columnFacts{counts: map[string]int{}, whole: true, width: map[int]int{}}
	tickets := map[string]struct{}{}
	step := len(t.Rows)/kindRows + 1
	rows := 0
	for i := 0; i < len(t.Rows); i += step {
		rows++
		s := cell(t.Rows[i], at)
		if s == "" {
			continue
		}
		tickets[key(i)] = struct{}{}
		f.add(s)
		if t.Times[at] != nil {
			if _, err := t.Times[at](s); err == nil {
				f.times++
			}
		}
	}
	f.tickets = len(tickets)
	return f.kind(rows)
}

func (f *columnFacts) add(s string) {
	f.known++
	f.counts[s]++
	f.blanks += strings.Count(s, " ")
	if x, ok := readNumber(s); ok {
		f.numbers = append(f.numbers, x)
		f.whole = f.whole && x == math.Trunc(x)
		f.zeros = f.zeros || len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '9'
		f.width[len(s)]++
	}
}

func (f *columnFacts) kind(rows int) columnKind {
	values := float64(len(f.counts))
	share := func(n int) float64 { return float64(n) / float64(f.known) }
	own := f.tickets >= 20 && values > kindOwnValue*float64(f.tickets)
	switch {
	case f.known == 0, len(f.counts) == 1 && f.known == rows:
		return kindNothing
	case share(f.times) >= kindTimes:
		return kindTime
	case share(len(f.numbers)) >= kindNumbers:
		switch {
		case f.zeros && own:
			return kindIdentifier
		case f.zeros, f.whole && len(f.counts) <= kindSteps:
			return kindWords
		case !f.whole:
			return kindNumber
		}
		return f.wholeNumbers(own)
	case values > 0.2*float64(f.tickets) && share(f.blanks) >= 3:
		return kindText
	case own:
		return kindIdentifier
	}
	return kindWords
}

// wholeNumbers tells counts and amounts from codes. Codes are as long as each other, or they stand
// closely and neighbours have nothing in common.
func (f *columnFacts) wholeNumbers(own bool) columnKind {
	width, most := 0, 0
	for w, n := range f.width {
		if n > most || n == most && w > width {
			width, most = w, n
		}
	}
	alike := width >= 4 && float64(most) >= 0.95*float64(f.known)
	low, high := slices.Min(f.numbers), slices.Max(f.numbers)
	dense := high-low+1 <= 4*float64(len(f.counts))
	switch {
	case own && (alike || dense):
		return kindIdentifier
	case alike, dense && !f.smooth():
		return kindWords
	}
	return kindNumber
}

// smooth reports whether neighbouring numbers are about as frequent as each other.
func (f *columnFacts) smooth() bool {
	frequency := map[float64]float64{}
	for _, x := range f.numbers {
		frequency[x]++
	}
	values := make([]float64, 0, len(frequency))
	for x := range frequency {
		values = append(values, x)
	}
	slices.Sort(values)
	var sa, sb, saa, sbb, sab, n float64
	for i := 1; i < len(values); i++ {
		a, b := math.Log(frequency[values[i-1]]), math.Log(frequency[values[i]])
		n++
		sa, sb, saa, sbb, sab = sa+a, sb+b, saa+a*a, sbb+b*b, sab+a*b
	}
	spread := math.Sqrt((n*saa - sa*sa) * (n*sbb - sb*sb))
	return spread == 0 || (n*sab-sa*sb)/spread >= 0.6
}

// readNumber reads 12, -3.5, 1,234.56 and 12,5.
func readNumber(s string) (float64, bool) {
	c := s[0]
	if len(s) > 30 || (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' {
		return 0, false
	}
	if comma := strings.LastIndexByte(s, ','); comma >= 0 {
		switch {
		case strings.Contains(s, ".") || strings.Count(s, ",") > 1 || len(s)-comma == 4:
			s = strings.ReplaceAll(s, ",", "")
		default:
			s = strings.Replace(s, ",", ".", 1)
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(s, "xXpP_") {
		return 0, false
	}
	return x, true
}
