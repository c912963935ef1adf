package measure

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// BootstrapDifference is the AUC of a less that of b on the same tickets, with the interval of the
// percentiles of so many resamplings of the tickets (Efron and Tibshirani, An Introduction to the
// Bootstrap, 1993, chapter 13). Both lists are resampled together. The same seed gives the same
// answer. Resamplings without bad or without good ends do not count.
func BootstrapDifference(a, b []float64, bad []bool, rounds int, seed uint64) Difference {
	d := Difference{AUC(a, bad) - AUC(b, bad), noInterval, math.NaN()}
	if math.IsNaN(d.Value) {
		return noDifference
	}
	draw := rand.New(rand.NewPCG(seed, uint64(len(bad))))
	drawnA, drawnB := newDrawn(a, bad), newDrawn(b, bad)
	times := make([]int32, len(bad))
	values := make([]float64, 0, max(rounds, 0))
	for range rounds {
		clear(times)
		for range times {
			times[draw.IntN(len(times))]++
		}
		if v := drawnA.auc(times) - drawnB.auc(times); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return d
	}
	slices.Sort(values)
	d.Interval = Interval{quantile(values, 0.025), quantile(values, 0.975)}
	notAbove, notBelow := 0, 0
	for _, v := range values {
		if v <= 0 {
			notAbove++
		}
		if v >= 0 {
			notBelow++
		}
	}
	d.P = min(2*float64(min(notAbove, notBelow))/float64(len(values)), 1)
	return d
}

// drawn are tickets in the order of their scores, so that the AUC of each resampling takes one pass.
type drawn struct {
	order  []int32 // ascending by score
	scores []float64
	bad    []bool
}

func newDrawn(scores []float64, bad []bool) drawn {
	d := drawn{make([]int32, len(scores)), scores, bad}
	for i := range d.order {
		d.order[i] = int32(i)
	}
	slices.SortFunc(d.order, func(i, j int32) int { return cmp.Compare(scores[i], scores[j]) })
	return d
}

// auc is AUC with each ticket taken so many times.
func (d drawn) auc(times []int32) float64 {
	var bads, goods, bad, good, won float64 // bad and good of the present score
	for k, i := range d.order {
		if k > 0 && d.scores[i] != d.scores[d.order[k-1]] {
			won += bad * (goods + good/2)
			bads, goods, bad, good = bads+bad, goods+good, 0, 0
		}
		if d.bad[i] {
			bad += float64(times[i])
		} else {
			good += float64(times[i])
		}
	}
	won += bad * (goods + good/2)
	return won / ((bads + bad) * (goods + good)) // NaN of nothing over nothing
}

// quantile interpolates between sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
