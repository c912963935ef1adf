package predict

import (
	"cmp"
	"slices"
)

const (
	pairsKept    = 12
	pairRows     = 40_000 // examples pairs are chosen by, at most
	pairMostly   = 2      // a column with a value of its own for every so many tickets makes no pair
	pairLeast    = 0.0001 // gain in logarithmic loss from which a pair is worth its place
	pairMaxCells = 1 << 22
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
	codes  []int32
	out    []float32 // by row, over other folds
	odds   []float32 // the same as log-odds, beyond the base's
	all    []float32 // by code
}

// pairCells numbers the pairs of codes that occur.
func pairCells(a, b *single) (cell []int32, keys []uint64) {
	cell = make([]int32, len(a.codes))
	if size := len(a.all) * len(b.all); size <= pairMaxCells {
		index := make([]int32, size)
		for i := range cell {
			at := int(a.codes[i])*len(b.all) + int(b.codes[i])
			if index[at] == 0 {
				keys = append(keys, pairKey(a.codes[i], b.codes[i]))
				index[at] = int32(len(keys))
			}
			cell[i] = index[at] - 1
		}
		return cell, keys
	}
	index := make(map[uint64]int32, len(cell)/2)
	for i := range cell {
		key := pairKey(a.codes[i], b.codes[i])
		at, ok := index[key]
		if !ok {
			at = int32(len(keys))
			index[key] = at
			keys = append(keys, key)
		}
		cell[i] = at
	}
	return cell, keys
}

// pair fits one pair: the shares by row over the other folds, and the table.
func (l *learner) pair(a, b *single) (out, prior []float32, t pairTable) {
	cell, keys := pairCells(a, b)
	prior = make([]float32, len(l.rows))
	start := logit(l.base)
	for i := range prior {
		prior[i] = float32(sigmoid(float64(a.odds[i]+b.odds[i]) + start))
	}
	var all []float32
	out, all = l.shares(cell, len(keys), func(i int) float64 { return float64(prior[i]) }, func(c int) float64 {
		return together(float64(a.all[keys[c]>>32]), float64(b.all[uint32(keys[c])]), l.base)
	})
	t = pairTable{a.column, b.column, make(map[uint64]float32, len(keys))}
	for c, key := range keys {
		t.cells[key] = all[c]
	}
	return out, prior, t
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
	type candidate struct {
		pair [2]int
		gain float64
	}
	var found []candidate
	for i := range singles {
		for j := range i {
			a, b := &singles[j], &singles[i]
			if some.values(a) < 2 || some.values(b) < 2 || pairMostly*some.values(a) > len(some.rows) || pairMostly*some.values(b) > len(some.rows) {
				continue
			}
			out, prior, _ := some.pair(a, b)
			gain := some.loss(func(i int) float64 { return float64(prior[i]) }) - some.loss(func(i int) float64 { return float64(out[i]) })
			if gain > pairLeast {
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

// single fits a column for itself.
func (l *learner) single(column int) single {
	s := single{column: column, codes: l.column(column)}
	base := func(int) float64 { return l.base }
	s.out, s.all = l.shares(s.codes, len(l.frame.names[column]), base, base)
	s.odds = make([]float32, len(s.out))
	start := logit(l.base)
	for i, p := range s.out {
		s.odds[i] = float32(logit(float64(p)) - start)
	}
	return s
}

// values is how many values occur.
func (l *learner) values(s *single) int {
	seen := make([]bool, len(s.all))
	n := 0
	for _, c := range s.codes {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}
