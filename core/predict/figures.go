package predict

import (
	"math"

	"deskwatch/core"
	"deskwatch/core/predict/measure"
)

// calibrationBins is of how many bins calibration is told.
const calibrationBins = 10

// figures fills in how good risks were. One that does not exist, such as an AUC where no ticket ended
// badly, stays 0.
func figures(m *core.Measured, risks []float64, bad []bool) {
	m.Tickets, m.Bad = len(risks), countBad(bad)
	auc, ci := measure.DeLong(risks, bad)
	m.AUC, m.AUCLow, m.AUCHigh = finite(auc), finite(ci.Low), finite(ci.High)
	m.AveragePrecision = finite(measure.AveragePrecision(risks, bad))
	m.Brier = finite(measure.Brier(risks, bad))
	m.ECE = finite(measure.ECE(risks, bad, calibrationBins))
	if bins := measure.Calibration(risks, bad, calibrationBins); bins != nil {
		m.Calibration = bins
	}
	m.Top = finite(measure.TopPrecision(risks, bad, 0.1))
	m.Reduction = finite(measure.WorkloadReduction(risks, bad, 0.8))
}

func momentReport(moment core.Moment, risks []float64, bad []bool) core.MomentReport {
	auc, ci := measure.DeLong(risks, bad)
	return core.MomentReport{Moment: moment, Tickets: len(risks), Bad: countBad(bad), AUC: finite(auc), AUCLow: finite(ci.Low), AUCHigh: finite(ci.High)}
}

func countBad(bad []bool) (n int) {
	for _, b := range bad {
		if b {
			n++
		}
	}
	return n
}

// finite is 0 for a figure that does not exist.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
