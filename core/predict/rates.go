package predict

import "math"

// smoothing is how many tickets what is usual elsewhere counts for in the share of bad ends of one
// value. About 20 was best on contacts with a rating and on incidents alike.
const smoothing = 20

// learner are the examples tables are learned from: rows into a frame.
type learner struct {
	frame *frame
	rows  []int32
	base  float64 // how bad ends are on average: where only good and bad are told, the share of bad ones
	// By row, side by side: what every column is added up with.
	fold        []uint8
	weight, bad []float32
}

func newLearner(f *frame, rows []int32) *learner {
	l := &learner{frame: f, rows: rows, fold: make([]uint8, len(rows)), weight: make([]float32, len(rows)), bad: make([]float32, len(rows))}
	var n, bad float64
	for i, e := range rows {
		l.fold[i], l.weight[i], l.bad[i] = f.fold[e], f.weight[e], f.weight[e]*f.grade[e]
		n += float64(l.weight[i])
		bad += float64(l.bad[i])
	}
	l.base = (bad + 1) / (n + 2)
	return l
}

// shares are smoothed shares of bad ends by cell: out has for each cell and fold, one fold after the
// other, the share over the other folds only, so that no ticket teaches about itself, where the cell has
// rows of the fold; all has for each cell the share over all rows. prior is what the share is drawn
// to, by cell and fold, and priorAll by cell.
func (l *learner) shares(cell []int32, cells int, prior func(cell, fold int) float64, priorAll func(cell int) float64) (out, all []float32) {
	n, bad := make([]float32, cells*folds), make([]float32, cells*folds)
	total, totalBad := make([]float32, cells), make([]float32, cells)
	for i, c := range cell {
		at := int(c)*folds + int(l.fold[i])
		n[at] += l.weight[i]
		bad[at] += l.bad[i]
		total[c] += l.weight[i]
		totalBad[c] += l.bad[i]
	}
	out, all = make([]float32, cells*folds), make([]float32, cells)
	for c := range all {
		for fold := range folds {
			if at := c*folds + fold; n[at] > 0 {
				out[at] = drawn(totalBad[c]-bad[at], total[c]-n[at], prior(c, fold))
			}
		}
		all[c] = drawn(totalBad[c], total[c], priorAll(c))
	}
	return out, all
}

// drawn is the share of bad among n, drawn to a prior.
func drawn(bad, n float32, prior float64) float32 {
	return float32((float64(bad) + smoothing*prior) / (float64(n) + smoothing))
}

// byRow are shares by cell and fold as the rows have them.
func (l *learner) byRow(cell []int32, shares []float32) []float32 {
	out := make([]float32, len(cell))
	for i, c := range cell {
		out[i] = shares[int(c)*folds+int(l.fold[i])]
	}
	return out
}

// column are the codes of the rows in a column of words.
func (l *learner) column(c int) []int32 {
	out := make([]int32, len(l.rows))
	for i, e := range l.rows {
		out[i] = l.frame.words[c][e]
	}
	return out
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// together is the share of bad ends of two values that do not depend on each other.
func together(a, b, base float64) float64 { return sigmoid(logit(a) + logit(b) - logit(base)) }
