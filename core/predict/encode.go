package predict

import "math"

const (
	waitColumns = 8 // columns whose usual wait is known, at most
	waitLeast   = 50
)

// encoder makes the features of a model of what is known at a moment. It does not change.
type encoder struct {
	base  float64
	words [][]float32 // by column and code, the share of bad ends
	pairs []pairTable
	waits []waitTable
	wait  float64 // the usual logarithm of the wait for a first reply
	grams gramTable
	// numbers are how many features come first, as they are.
	numbers int
}

// waitTable is the usual logarithm of the wait for a first reply, by the values of a column.
type waitTable struct {
	column int
	mean   []float32
}

// size is how many features there are.
func (n *encoder) size() int {
	size := n.numbers + len(n.words) + len(n.waits) + len(n.pairs)
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
	waited := waitedOf(numbers)
	for i := range n.waits {
		t := &n.waits[i]
		usual := float32(n.wait)
		if c := codes[t.column]; c >= 0 {
			usual = t.mean[c]
		}
		out[at] = waited - usual
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

// waitedOf is the logarithm of the wait for the first reply, so far where there was none.
func waitedOf(numbers []float32) float32 {
	if w := numbers[dReply]; w == w {
		return w
	}
	return numbers[dWaited]
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
		cols = append(cols, singles[c].out)
	}
	cols = append(cols, n.learnWaits(l, singles)...)
	for _, p := range l.choosePairs(singles) {
		out, _, t := l.pair(&singles[p[0]], &singles[p[1]])
		n.pairs = append(n.pairs, t)
		cols = append(cols, out)
	}
	if out, t := l.learnGrams(); t != nil {
		n.grams = t
		cols = append(cols, out)
	}
	return n, cols
}

// learnWaits learns what wait is usual by column, and returns the waits compared with that.
func (n *encoder) learnWaits(l *learner, singles []single) [][]float32 {
	f := l.frame
	waits := make([]float64, len(l.rows))
	known, sum := 0, 0.0
	for i, e := range l.rows {
		waits[i] = firstWait(&f.lives[f.life[e]])
		if !math.IsNaN(waits[i]) {
			known++
			sum += waits[i]
		}
	}
	if known < waitLeast {
		return nil
	}
	n.wait = sum / float64(known)
	usual := func(int) float64 { return n.wait }
	var cols [][]float32
	for c := range singles {
		s := &singles[c]
		if v := l.values(s); v < 2 || pairMostly*v > len(l.rows) || len(n.waits) == waitColumns {
			continue
		}
		out, mean := l.means(s.codes, len(s.all), func(i int) float64 { return waits[i] }, weightWaits, usual, usual)
		for i, e := range l.rows {
			w := f.numbers[dReply][e]
			if w != w {
				w = f.numbers[dWaited][e]
			}
			out[i] = w - out[i]
		}
		n.waits = append(n.waits, waitTable{s.column, mean})
		cols = append(cols, out)
	}
	return cols
}

// firstWait is the logarithm of a life's wait for its first reply, NaN unknown.
func firstWait(l *Life) float64 {
	for i := range l.Steps {
		if l.Steps[i].Kind == StepReplied {
			return logWait(replyWait(l.Created, l.Steps[i].At))
		}
	}
	return math.NaN()
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
