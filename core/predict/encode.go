package predict

import "slices"

// fillValues is how many values the middle of a feature is told from.
const fillValues = 2000

// encoder makes the features of a model of what is known at a moment. It does not change.
type encoder struct {
	base  float64
	words [][]float32 // by column and code, the share of bad ends
	pairs []pairTable
	grams gramTable
	// numbers are how many features come first, as they are.
	numbers int
	// fill is by feature what stands for a missing value: its middle where hardly any ticket learned
	// from lacked it, so that nobody knows what that means; else NaN, a value of its own.
	fill []float32
}

// size is how many features there are.
func (n *encoder) size() int {
	size := n.numbers + len(n.words) + len(n.pairs)
	if n.grams != nil {
		size++
	}
	return size
}

// encode writes the features of a ticket: its numbers, its codes by column (-1 for a word that is
// not known) and its text's words.
func (n *encoder) encode(numbers []float32, codes []int32, grams []uint32, out []float32) {
	at := copy(out, numbers[:n.numbers])
	for c, rates := range n.words {
		out[at] = float32(n.base)
		if codes[c] >= 0 {
			out[at] = rates[codes[c]]
		}
		at++
	}
	for i := range n.pairs {
		t := &n.pairs[i]
		out[at] = n.pair(t, codes[t.a], codes[t.b])
		at++
	}
	if n.grams != nil {
		out[at] = n.grams.score(grams)
	}
	for i, x := range out {
		if x != x {
			out[i] = n.fill[i]
		}
	}
}

func (n *encoder) pair(t *pairTable, a, b int32) float32 {
	if r, ok := t.cells[pairKey(a, b)]; ok {
		return r
	}
	pa, pb := n.base, n.base
	if a >= 0 {
		pa = float64(n.words[t.a][a])
	}
	if b >= 0 {
		pb = float64(n.words[t.b][b])
	}
	return float32(together(pa, pb, n.base))
}

// learnEncoder learns an encoder from rows of a frame, and returns their features, each from the
// tickets of the other folds.
func learnEncoder(f *frame, rows []int32) (*encoder, [][]float32) {
	l := newLearner(f, rows)
	n := &encoder{base: l.base, numbers: len(f.numbers)}
	cols := make([][]float32, 0, len(f.numbers)+2*len(f.words)+pairsKept)
	for _, column := range f.numbers {
		cols = append(cols, picked(column, rows))
	}
	singles := make([]single, len(f.words))
	for c := range f.words {
		singles[c] = l.single(c)
		n.words = append(n.words, singles[c].all)
		cols = append(cols, l.byRow(singles[c].codes, singles[c].out))
	}
	for _, p := range l.choosePairs(singles) {
		out, t := l.pair(&singles[p[0]], &singles[p[1]])
		n.pairs = append(n.pairs, t)
		cols = append(cols, out)
	}
	if out, t := l.learnGrams(); t != nil {
		n.grams = t
		cols = append(cols, out)
	}
	n.learnFill(cols)
	return n, cols
}

// learnFill learns what stands for missing values, and fills them in.
func (n *encoder) learnFill(cols [][]float32) {
	n.fill = make([]float32, len(cols))
	for c, col := range cols {
		n.fill[c] = missing
		known := make([]float32, 0, fillValues)
		gaps, step := 0, len(col)/fillValues+1
		for i, x := range col {
			switch {
			case x != x:
				gaps++
			case i%step == 0:
				known = append(known, x)
			}
		}
		if gaps >= leafOf(len(col)) || len(known) == 0 {
			continue
		}
		slices.Sort(known)
		n.fill[c] = known[len(known)/2]
		for i, x := range col {
			if x != x {
				col[i] = n.fill[c]
			}
		}
	}
}

func picked(column []float32, rows []int32) []float32 {
	out := make([]float32, len(rows))
	for i, e := range rows {
		out[i] = column[e]
	}
	return out
}

// encodeRows are the features of rows the encoder was not learned from.
func (n *encoder) encodeRows(f *frame, rows []int32) [][]float32 {
	cols := make([][]float32, n.size())
	for c := range cols {
		cols[c] = make([]float32, len(rows))
	}
	numbers, codes, out := make([]float32, len(f.numbers)), make([]int32, len(f.words)), make([]float32, n.size())
	for i, e := range rows {
		for c := range numbers {
			numbers[c] = f.numbers[c][e]
		}
		for c := range codes {
			codes[c] = f.words[c][e]
		}
		n.encode(numbers, codes, f.lives[f.life[e]].Facts.Text.Grams, out)
		for c := range cols {
			cols[c][i] = out[c]
		}
	}
	return cols
}
