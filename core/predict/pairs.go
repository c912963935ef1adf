package predict

import (
	"cmp"
	"slices"
)

const (
	pairsKept  = 12
	pairRows   = 40_000 // examples pairs are chosen by, at most
	pairMostly = 2      // a column with a value of its own for every so many tickets makes no pair
	pairLeast  = 0.0001 // gain in logarithmic loss from which a pair is worth its place
)

// pairTable is what is usual of two values together, beyond what each says.
type pairTable struct {
	a, b  int // columns of words
	cells map[uint64]float32
}

// pairKey names two codes.
func pairKey(a, b int32) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

// single is a column of words with its shares.
type single struct {
	column int
	codes  []int32   // by row
	out    []float32 // by code and fold, over other folds
	odds   []float32 // the same as log-odds, beyond the base's
	all    []float32 // by code
	rows   []int32   // in the order of their codes
	values int       // how many occur
}

// single fits a column for itself.
func (l *learner) single(column int) single {
	s := single{column: column, codes: l.column(column)}
	codes := len(l.frame.names[column])
	s.out, s.all = l.shares(s.codes, codes, func(int, int) float64 { return l.base }, func(int) float64 { return l.base })
	s.rows = sorted(s.codes, codes)
	if s.values = countValues(s.codes, s.rows); s.values < 2 {
		for at := range s.out { // it says nothing; over the other folds it would tell one fold from another
			s.out[at] = float32(l.base)
		}
	}
	s.odds = make([]float32, len(s.out))
	start := logit(l.base)
	for at, p := range s.out {
		if p > 0 { // there are rows
			s.odds[at] = float32(logit(float64(p)) - start)
		}
	}
	return s
}

// sorted are the numbers of rows in the order of their codes, rows of one code in their own.
func sorted(codes []int32, many int) []int32 {
	next := make([]int32, many+1)
	for _, c := range codes {
		next[c+1]++
	}
	for c := range many {
		next[c+1] += next[c]
	}
	rows := make([]int32, len(codes))
	for i, c := range codes {
		rows[next[c]] = int32(i)
		next[c]++
	}
	return rows
}

// countValues is how many values occur, of rows in the order of their codes.
func countValues(codes, rows []int32) int {
	n, last := 0, int32(-1)
	for _, i := range rows {
		if c := codes[i]; c != last {
			n, last = n+1, c
		}
	}
	return n
}

// twin reports whether rows have the same value in s where they have the same in o, such as a name
// and its number.
func (s *single) twin(o *single) bool {
	if s.values != o.values {
		return false
	}
	in := make([]int32, len(s.all)) // by code, one more than the code of o
	for i, c := range s.codes {
		switch in[c] {
		case 0:
			in[c] = o.codes[i] + 1
		case o.codes[i] + 1:
		default:
			return false
		}
	}
	return true
}

// pairCells numbers the pairs of codes that occur.
func pairCells(a, b *single) (cell []int32, keys []uint64) {
	cell = make([]int32, len(a.codes))
	known := make([]int32, len(b.all)) // by code of b, one more than its cell with the code of a at hand
	begin, last := int32(0), int32(-1)
	for _, i := range a.rows {
		if a.codes[i] != last {
			begin, last = int32(len(keys)), a.codes[i]
		}
		at := &known[b.codes[i]]
		if *at <= begin {
			keys = append(keys, pairKey(last, b.codes[i]))
			*at = int32(len(keys))
		}
		cell[i] = *at - 1
	}
	return cell, keys
}

// pair fits one pair: the shares by row over the other folds, and the table.
func (l *learner) pair(a, b *single) (out []float32, t pairTable) {
	cell, keys := pairCells(a, b)
	start := logit(l.base)
	shares, all := l.shares(cell, len(keys), func(c, fold int) float64 {
		return expected(a.odds[int(keys[c]>>32)*folds+fold], b.odds[int(uint32(keys[c]))*folds+fold], start)
	}, func(c int) float64 {
		return together(float64(a.all[keys[c]>>32]), float64(b.all[uint32(keys[c])]), l.base)
	})
	t = pairTable{a.column, b.column, make(map[uint64]float32, len(keys))}
	for c, key := range keys {
		t.cells[key] = all[c]
	}
	return l.byRow(cell, shares), t
}

// expected is the share of bad ends of two values by what each says for itself, in log-odds.
func expected(a, b float32, start float64) float64 {
	return float64(float32(sigmoid(float64(a+b) + start)))
}

// choosePairs returns which pairs of columns say more together than each for itself, the best first.
func (l *learner) choosePairs(singles []single) [][2]int {
	some := l
	if len(l.rows) > pairRows {
		step := len(l.rows) / pairRows
		rows := make([]int32, 0, pairRows+1)
		for i := 0; i < len(l.rows); i += step {
			rows = append(rows, l.rows[i])
		}
		some = newLearner(l.frame, rows)
		fewer := make([]single, len(singles))
		for i, s := range singles {
			fewer[i] = some.single(s.column)
		}
		singles = fewer
	}
	var fit []int // columns that can make pairs
	for i := range singles {
		s := &singles[i]
		twin := slices.ContainsFunc(fit, func(j int) bool { return s.twin(&singles[j]) })
		if s.values > 1 && pairMostly*s.values <= len(some.rows) && !twin {
			fit = append(fit, i)
		}
	}
	type candidate struct {
		pair [2]int
		gain float64
	}
	var found []candidate
	g := newGainer(some)
	for n, i := range fit {
		for _, j := range fit[:n] {
			if gain := g.gain(&singles[j], &singles[i]); gain > pairLeast {
				found = append(found, candidate{[2]int{j, i}, gain})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.gain, a.gain) })
	var pairs [][2]int
	for _, c := range found[:min(len(found), pairsKept)] {
		pairs = append(pairs, c.pair)
	}
	return pairs
}
