package predict

import (
	"math"
	"math/bits"
)

// gainer tells what pairs of columns say together. There are some hundred pairs of two dozen columns,
// and each is asked about in every fit: what decides how long a training takes is that all rows of one
// pair of values in one fold are predicted alike, and so are weighed once.
type gainer struct {
	l     *learner
	start float64
	total float64 // weight of all rows
	// Of the second column's values together with the one of the first at hand: in which folds there are
	// rows, and their sums.
	seen    []uint8
	sums    [][folds]weighed
	touched []int32
}

// weighed is how much rows weigh, and how bad they are.
type weighed struct{ n, bad float32 }

func newGainer(l *learner) *gainer {
	g := &gainer{l: l, start: logit(l.base)}
	for _, w := range l.weight {
		g.total += float64(w)
	}
	g.total = max(g.total, 1)
	return g
}

// gain is by how much the shares of a pair lower the mean logarithmic loss, each row by the other
// folds, against what its two values say each for itself.
func (g *gainer) gain(a, b *single) float64 {
	if len(a.all) < len(b.all) {
		a, b = b, a // sums of fewer values stay where they are fast to reach
	}
	if more := len(b.all) - len(g.seen); more > 0 {
		g.seen, g.sums = append(g.seen, make([]uint8, more)...), append(g.sums, make([][folds]weighed, more)...)
	}
	gain, last := 0.0, int32(-1)
	for _, i := range a.rows {
		if a.codes[i] != last {
			gain += g.together(a, b, last)
			last = a.codes[i]
		}
		c, fold := b.codes[i], g.l.fold[i]
		if g.seen[c] == 0 {
			g.touched = append(g.touched, c)
			g.sums[c] = [folds]weighed{}
		}
		g.seen[c] |= 1 << fold
		at := &g.sums[c][fold]
		at.n += g.l.weight[i]
		at.bad += g.l.bad[i]
	}
	return (gain + g.together(a, b, last)) / g.total
}

// together is what the rows of one value of a gain with each value of b, and forgets them.
func (g *gainer) together(a, b *single, code int32) (gain float64) {
	for _, c := range g.touched {
		if bits.OnesCount8(g.seen[c]) > 1 { // of rows in one fold only the others say nothing
			gain += g.ofCell(&g.sums[c], a.odds[int(code)*folds:], b.odds[int(c)*folds:])
		}
		g.seen[c] = 0
	}
	g.touched = g.touched[:0]
	return gain
}

func (g *gainer) ofCell(sums *[folds]weighed, a, b []float32) (gain float64) {
	var all weighed
	for _, s := range sums {
		all.n += s.n
		all.bad += s.bad
	}
	for fold, s := range sums {
		if s.n == 0 {
			continue
		}
		prior := expected(a[fold], b[fold], g.start)
		share := possible(float64(drawn(all.bad-s.bad, all.n-s.n, prior)))
		prior = possible(prior)
		gain += float64(s.bad)*math.Log(share/prior) + float64(s.n-s.bad)*math.Log((1-share)/(1-prior))
	}
	return gain
}

// possible keeps a share from being certain, which no number of tickets shows.
func possible(p float64) float64 { return min(max(p, 1e-6), 1-1e-6) }
