package measure

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// z95 is how many standard errors a 95 % confidence interval reaches to either side.
var z95 = distuv.UnitNormal.Quantile(0.975)

// Interval is a 95 % confidence interval.
type Interval struct{ Low, High float64 }

var noInterval = Interval{math.NaN(), math.NaN()}

// AUC is the chance that a bad ticket has a higher score than a good one; a tie counts half. It is
// the statistic of Mann and Whitney with midranks.
func AUC(scores []float64, bad []bool) float64 {
	groups, bads, goods, ok := ranked(scores, bad)
	if !ok || bads == 0 || goods == 0 {
		return math.NaN()
	}
	won, below := 0.0, float64(goods)
	for _, g := range groups {
		level := float64(g.n - g.bad)
		below -= level
		won += float64(g.bad) * (below + level/2)
	}
	return won / (float64(bads) * float64(goods))
}

// DeLong is AUC with its 95 % confidence interval, within 0..1. The interval is NaN with fewer than
// two bad or two good ends.
//
// The variance is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), computed from
// midranks as Sun and Xu do (IEEE Signal Processing Letters 21, 2014).
func DeLong(scores []float64, bad []bool) (auc float64, ci Interval) {
	auc = AUC(scores, bad)
	if math.IsNaN(auc) {
		return auc, noInterval
	}
	se := math.Sqrt(placements(scores, bad).variance())
	if math.IsNaN(se) {
		return auc, noInterval
	}
	return auc, Interval{max(auc-z95*se, 0), min(auc+z95*se, 1)}
}

// placed holds for each bad ticket the share of good ones it beats, and for each good ticket the
// share of bad ones that beat it, in the order of the tickets.
type placed struct{ bad, good []float64 }

func placements(scores []float64, bad []bool) placed {
	var bads, goods []float64
	for i, s := range scores {
		if bad[i] {
			bads = append(bads, s)
		} else {
			goods = append(goods, s)
		}
	}
	all := midranks(slices.Concat(bads, goods))
	ofBad, ofGood := midranks(bads), midranks(goods)
	p := placed{make([]float64, len(bads)), make([]float64, len(goods))}
	for i := range bads {
		p.bad[i] = (all[i] - ofBad[i]) / float64(len(goods))
	}
	for i := range goods {
		p.good[i] = 1 - (all[len(bads)+i]-ofGood[i])/float64(len(bads))
	}
	return p
}

// variance is that of the AUC; NaN with fewer than two bad or two good ends.
func (p placed) variance() float64 {
	return sampleVariance(p.bad)/float64(len(p.bad)) + sampleVariance(p.good)/float64(len(p.good))
}

// sampleVariance is NaN of fewer than two values.
func sampleVariance(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	return stat.Variance(x, nil)
}

// midranks are the ranks of values from 1, the same mean rank for equal ones.
func midranks(values []float64) []float64 {
	order := make([]int32, len(values))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(values[a], values[b]) })
	ranks := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return ranks
}
