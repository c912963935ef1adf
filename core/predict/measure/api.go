package measure

import "deskwatch/core"

// Interval is a 95 % confidence interval.
type Interval struct{ Low, High float64 }

// Difference is how much better a first list of scores is than a second on the same tickets.
type Difference struct {
	Value float64
	Interval
	P float64 // two-sided: how likely at least such a difference is if there is none
}

// AUC is the chance that a bad ticket has a higher score than a good one; a tie counts half.
func AUC(scores []float64, bad []bool) float64 { panic("being written") }

// DeLong is AUC with its 95 % confidence interval.
func DeLong(scores []float64, bad []bool) (auc float64, ci Interval) { panic("being written") }

// DeLongDifference is the difference of the AUC of two lists of scores of the same tickets.
func DeLongDifference(a, b []float64, bad []bool) Difference { panic("being written") }

// BootstrapDifference is the difference of any figure (AUC, Brier …) of two lists of scores of the
// same tickets, its interval from rounds resamplings of the tickets (percentiles).
func BootstrapDifference(a, b []float64, bad []bool, figure func([]float64, []bool) float64, rounds int, seed uint64) Difference {
	panic("being written")
}

// AveragePrecision is the area under precision by recall in steps, as scikit-learn defines it.
func AveragePrecision(scores []float64, bad []bool) float64 { panic("being written") }

// Brier is the mean squared error of probabilities.
func Brier(scores []float64, bad []bool) float64 { panic("being written") }

// ECE is the expected calibration error of probabilities in so many bins of equal width; 10 is usual.
func ECE(scores []float64, bad []bool, bins int) float64 { panic("being written") }

// Calibration compares probabilities with what became of the tickets, in at most so many bins of
// about as many tickets each; the intervals are Wilson's.
func Calibration(scores []float64, bad []bool, bins int) []core.CalibrationBin {
	panic("being written")
}

// Wilson is the 95 % confidence interval of a share of bad among n tickets.
func Wilson(bad, n int) Interval { panic("being written") }

// TopPrecision is the share of bad ends among the given share of tickets with the highest scores.
func TopPrecision(scores []float64, bad []bool, share float64) float64 { panic("being written") }

// WorkloadReduction is the share of tickets that need not be looked at, riskiest first, to find the
// given share of bad ends.
func WorkloadReduction(scores []float64, bad []bool, recall float64) float64 { panic("being written") }

// RecallAtReduction is the share of bad ends found when the given share of tickets, those of the
// lowest scores, is not looked at.
func RecallAtReduction(scores []float64, bad []bool, reduction float64) float64 {
	panic("being written")
}
