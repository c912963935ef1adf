package predict

import (
	"math"
	"testing"

	"deskwatch/core/predict/measure"
)

func TestChanceIsToldFromSignal(t *testing.T) {
	for _, c := range []struct {
		auc, half, errors float64
		beyond            bool
	}{{0.60, 0.05, sure, true}, {0.58, 0.05, sure, false}, {0.512, 0.009, sure, false}, {0.52, 0.009, sure, true}, {0.58, 0.05, surelyNot, true}, {0.45, 0.01, 0, false}, {0.51, 0.2, 0, true}} {
		if got := beyondChance(c.auc, measure.Interval{Low: c.auc - c.half, High: c.auc + c.half}, c.errors); got != c.beyond {
			t.Errorf("AUC %v ± %v at %v errors: %v", c.auc, c.half, c.errors, got)
		}
	}
	if beyondChance(math.NaN(), measure.Interval{}, 0) {
		t.Error("no AUC is taken for a signal")
	}
}
