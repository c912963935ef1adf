package predict

import (
	"fmt"
	"math"

	"deskwatch/core"
	"deskwatch/core/predict/measure"
)

// How far from chance predictions must be to be taken for more, in standard errors of the AUC. The
// interval takes predictions for independent, and those made crosswise are not quite: on tickets whose
// ends were dealt by chance they spread half as much again as it says. With 3.5 errors, 13 of 780
// such desks of 200 to 400 tickets were taken for more.
const (
	sure      = 3.5
	surelyNot = 1.28 // where there are many tickets, on the last part in time as well: 10 %
	many      = 1000 // tickets
	z95       = 1.96
)

// judge refuses a model whose predictions of tickets it had not seen cannot be told from chance:
// crosswise and on the last part in time.
func (t *training) judge() (refused, text string) {
	auc := math.NaN()
	for m := range moments {
		of := func(e int32) bool { return int(t.f.moment[e]) == m }
		scores, bad := chosen(t.crossed, t.crossSaid, t.f, of)
		a, ci := measure.DeLong(scores, bad)
		if math.IsNaN(auc) {
			auc = a
		}
		late := 0.0
		if len(scores) >= many {
			late = surelyNot
		}
		if !beyondChance(a, ci, sure) {
			continue
		}
		scores, bad = chosen(t.late, t.lateSaid, t.f, of)
		if l, ci := measure.DeLong(scores, bad); math.IsNaN(l) || beyondChance(l, ci, late) {
			return "", ""
		}
	}
	if math.IsNaN(auc) {
		auc = 0.5
	}
	return core.WhyNoSignal, fmt.Sprintf("On tickets it had not seen, the model cannot be told from chance: a bad ticket had the higher risk in %.0f of 100 comparisons with a good one.", 100*auc)
}

// beyondChance reports whether an AUC is so many standard errors above 0.5.
func beyondChance(auc float64, ci measure.Interval, errors float64) bool {
	se := (ci.High - ci.Low) / (2 * z95)
	if math.IsNaN(se) {
		return errors == 0 && auc >= 0.5
	}
	return auc-errors*se >= 0.5 && auc > 0.5
}

// chosen are the scores and ends of those rows that fulfil a condition, one for each ticket.
func chosen(rows []int32, margins []float64, f *frame, keep func(e int32) bool) (scores []float64, bad []bool) {
	seen := make([]bool, len(f.lives))
	for i, e := range rows {
		if l := f.life[e]; keep(e) && !seen[l] {
			seen[l] = true
			scores, bad = append(scores, margins[i]), append(bad, f.bad[e])
		}
	}
	return scores, bad
}
