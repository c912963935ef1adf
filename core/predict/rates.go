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
}

func newLearner(f *frame, rows []int32) *learner {
	var n, bad float64
	for _, e := range rows {
		n += float64(f.weight[e])
		bad += float64(f.weight[e] * f.grade[e])
	}
	return &learner{f, rows, (bad + 1) / (n + 2)}
}

// shares are smoothed shares of bad ends by cell: out has for each row the share of its cell over the
// other folds only, so that no ticket teaches about itself; all has for each cell the share over all
// rows. prior is what the share is drawn to, by row, and priorAll by cell.
func (l *learner) shares(cell []int32, cells int, prior func(i int) float64, priorAll func(cell int) float64) (out, all []float32) {
	n, badIn := make([]float32, cells*folds), make([]float32, cells*folds)
	total, totalBad := make([]float32, cells), make([]float32, cells)
	for i, e := range l.rows {
		w, bad := l.frame.weight[e], l.frame.grade[e]
		at := int(cell[i])*folds + int(l.frame.fold[e])
		n[at] += w
		badIn[at] += w * bad
		total[cell[i]] += w
		totalBad[cell[i]] += w * bad
	}
	out, all = make([]float32, len(l.rows)), make([]float32, cells)
	for i, e := range l.rows {
		c := cell[i]
		at := int(c)*folds + int(l.frame.fold[e])
		out[i] = float32((float64(totalBad[c]-badIn[at]) + smoothing*prior(i)) / (float64(total[c]-n[at]) + smoothing))
	}
	for c := range all {
		all[c] = float32((float64(totalBad[c]) + smoothing*priorAll(c)) / (float64(total[c]) + smoothing))
	}
	return out, all
}

// column are the codes of the rows in a column of words.
func (l *learner) column(c int) []int32 {
	out := make([]int32, len(l.rows))
	for i, e := range l.rows {
		out[i] = l.frame.words[c][e]
	}
	return out
}

// loss is the mean logarithmic loss of shares predicted for the rows.
func (l *learner) loss(p func(i int) float64) float64 {
	var sum, n float64
	for i, e := range l.rows {
		w := float64(l.frame.weight[e])
		q := min(max(p(i), 1e-6), 1-1e-6)
		g := float64(l.frame.grade[e])
		sum -= w * (g*math.Log(q) + (1-g)*math.Log(1-q))
		n += w
	}
	return sum / max(n, 1)
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// together is the share of bad ends of two values that do not depend on each other.
func together(a, b, base float64) float64 { return sigmoid(logit(a) + logit(b) - logit(base)) }
