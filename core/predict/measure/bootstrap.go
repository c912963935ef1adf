package measure

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Figure is any of the figures of this package that takes scores and outcomes only.
type Figure func(scores []float64, bad []bool) float64

// BootstrapDifference is a figure of a less that of b on the same tickets, with the interval of the
// percentiles of so many resamplings of the tickets (Efron and Tibshirani, An Introduction to the
// Bootstrap, 1993, chapter 13). Both lists are resampled together. The same seed gives the same
// answer. Resamplings for which the figure does not exist do not count.
func BootstrapDifference(a, b []float64, bad []bool, figure Figure, rounds int, seed uint64) Difference {
	if len(a) != len(bad) || len(b) != len(bad) {
		return noDifference
	}
	d := Difference{figure(a, bad) - figure(b, bad), noInterval, math.NaN()}
	if math.IsNaN(d.Value) {
		return noDifference
	}
	draw := rand.New(rand.NewPCG(seed, uint64(len(bad))))
	sampleA, sampleB, sampleBad := make([]float64, len(bad)), make([]float64, len(bad)), make([]bool, len(bad))
	values := make([]float64, 0, max(rounds, 0))
	for range rounds {
		for i := range bad {
			k := draw.IntN(len(bad))
			sampleA[i], sampleB[i], sampleBad[i] = a[k], b[k], bad[k]
		}
		if v := figure(sampleA, sampleBad) - figure(sampleB, sampleBad); !math.IsNaN(v) {
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

// quantile interpolates between sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
