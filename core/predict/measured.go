package predict

import (
	"slices"
	"time"

	"deskwatch/core"
)

// measured is how good the predictions of tickets were that the model predicting had not seen: of
// each ticket the first.
func (t *training) measured() *core.Measured {
	rows, margins := t.said()
	f := t.f
	var firsts []int32
	var scores []float64
	for i, e := range rows {
		if f.first[e] {
			firsts, scores = append(firsts, e), append(scores, t.curve.Risk(margins[i]))
		}
	}
	m := &core.Measured{Capacity: t.opt.Capacity, Calibration: []core.CalibrationBin{}, Moments: []core.MomentReport{}}
	for i, e := range firsts {
		at := time.Unix(f.lives[f.life[e]].Created, 0).UTC()
		if i == 0 || at.Before(m.From) {
			m.From = at
		}
		if i == 0 || at.After(m.To) {
			m.To = at
		}
	}
	figures(m, scores, f.outcomes(firsts))
	m.Warned, m.Right = f.dayLists(firsts, scores, t.opt.Capacity)
	for k, moment := range moments {
		s, b := chosen(rows, margins, f, func(e int32) bool { return int(f.moment[e]) == k })
		if report := momentReport(moment, s, b); report.AUCHigh > 0 { // otherwise there are too few for an interval
			m.Moments = append(m.Moments, report)
		}
	}
	return m
}

// dayLists counts what would have been on the lists of the days, of the tickets that came on each the
// riskiest, and how many of those ended badly.
func (f *frame) dayLists(rows []int32, scores []float64, capacity int) (warned, right int) {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	day := func(i int) int64 { return f.lives[f.life[rows[i]]].Created / daySeconds }
	slices.SortStableFunc(order, func(a, b int) int {
		if da, db := day(a), day(b); da != db {
			return int(da - db)
		}
		return compareDown(scores[a], scores[b])
	})
	today, left := int64(-1), 0
	for _, i := range order {
		if d := day(i); d != today {
			today, left = d, capacity
		}
		if left == 0 {
			continue
		}
		left--
		warned++
		right += int(one(f.bad[rows[i]]))
	}
	return warned, right
}
