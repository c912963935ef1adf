package measure

import (
	"math"

	"deskwatch/core"
)

// Brier is the mean squared error of probabilities (Brier, Monthly Weather Review 78, 1950).
func Brier(risks []float64, bad []bool) float64 {
	if len(risks) == 0 || len(risks) != len(bad) {
		return math.NaN()
	}
	sum := 0.0
	for i, p := range risks {
		if bad[i] {
			p = 1 - p
		}
		sum += p * p
	}
	return sum / float64(len(risks))
}

// ECE is the expected calibration error: how far the mean probability is from the share of bad
// ends, over bins of equal width (10 is usual), each weighted by its tickets (Naeini, Cooper and
// Hauskrecht, AAAI 2015). A probability on the edge of two bins belongs to the upper one; one
// outside 0..1 to the nearest. It is NaN with bins < 1.
func ECE(risks []float64, bad []bool, bins int) float64 {
	if len(risks) == 0 || len(risks) != len(bad) || bins < 1 {
		return math.NaN()
	}
	off := make([]float64, bins) // predicted less observed
	for i, p := range risks {
		if math.IsNaN(p) {
			return math.NaN()
		}
		b := int(min(max(p*float64(bins), 0), float64(bins-1)))
		off[b] += p
		if bad[i] {
			off[b]--
		}
	}
	sum := 0.0
	for _, o := range off {
		sum += math.Abs(o)
	}
	return sum / float64(len(risks))
}

// Calibration compares probabilities with what became of the tickets in at most so many bins of
// about as many tickets each, the lowest probability first. Tickets of one probability stay
// together. It is nil where there is nothing to compare.
func Calibration(risks []float64, bad []bool, bins int) []core.CalibrationBin {
	groups, _, _, ok := ranked(risks, bad)
	if !ok || bins < 1 {
		return nil
	}
	var out []core.CalibrationBin
	last, before, bads := -1, 0, 0
	sum := 0.0
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		// The bin of the middle of the group. Of 2n+1 halves none is on an edge of the last bin.
		bin := int(float64(bins) * (float64(before) + float64(g.n)/2) / float64(len(risks)))
		if bin != last {
			out, last, bads, sum = append(out, core.CalibrationBin{}), bin, 0, 0
		}
		before += g.n
		bads += g.bad
		sum += g.score * float64(g.n)
		b := &out[len(out)-1]
		b.Count += g.n
		ci := Wilson(bads, b.Count)
		b.Predicted, b.Observed = sum/float64(b.Count), float64(bads)/float64(b.Count)
		b.Low, b.High = ci.Low, ci.High
	}
	return out
}

// Wilson is the 95 % confidence interval of a share, from so many bad among n (Wilson, Journal of
// the American Statistical Association 22, 1927). Of none it is everything, 0..1.
func Wilson(bad, n int) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	size, share := float64(n), float64(bad)/float64(n)
	middle := share + z95*z95/(2*size)
	half := z95 * math.Sqrt(share*(1-share)/size+z95*z95/(4*size*size))
	whole := 1 + z95*z95/size
	return Interval{max((middle-half)/whole, 0), min((middle+half)/whole, 1)}
}
