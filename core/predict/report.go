package predict

import (
	"math"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict/measure"
)

// reportBins is of how many bins calibration is told.
const reportBins = 10

// Live gathers what was predicted while tickets were open, and what became of them. The zero value
// has gathered nothing.
type Live struct {
	ends []liveEnd
}

// liveEnd is as much of a Told as its report needs.
type liveEnd struct {
	key           core.TicketKey
	bad, rated    bool
	arrived       bool
	warned        bool
	arrival, last float64 // risks; arrival only where arrived
	from, to      time.Time
}

// Add gathers one ticket.
func (l *Live) Add(t Told) {
	e := liveEnd{key: t.Key, bad: t.Outcome == OutcomeBad, rated: t.Rated, warned: !t.Warned.IsZero(), last: t.Last.Risk, from: t.Last.At, to: t.At}
	if t.Arrival != nil {
		e.arrived, e.arrival, e.from = true, t.Arrival.Risk, t.Arrival.At
	}
	l.ends = append(l.ends, e)
}

// Measured is how good the predictions were; nil where no ticket has ended. Its figures are of the
// predictions at arrival. Of tickets that were escalated and never rated only so many count as of
// all tickets that ended are rated: those a model learns from are chosen in the same way. Warned and
// Right are of all tickets.
func (l *Live) Measured(c Counts, capacity int) *core.Measured {
	if len(l.ends) == 0 {
		return nil
	}
	m := &core.Measured{Capacity: capacity, Calibration: []core.CalibrationBin{}, Moments: []core.MomentReport{}}
	var arrival, last []float64
	var arrivedBad, lastBad []bool
	rate := l.rate(c)
	for _, e := range l.ends {
		if e.warned {
			m.Warned++
			if e.bad {
				m.Right++
			}
		}
		if !e.rated && !counts(e.key, rate) {
			continue
		}
		last, lastBad = append(last, e.last), append(lastBad, e.bad)
		if !e.arrived {
			continue
		}
		arrival, arrivedBad = append(arrival, e.arrival), append(arrivedBad, e.bad)
		if m.From.IsZero() || e.from.Before(m.From) {
			m.From = e.from
		}
		if e.to.After(m.To) {
			m.To = e.to
		}
	}
	judge(m, arrival, arrivedBad)
	for _, moment := range []struct {
		moment core.Moment
		risks  []float64
		bad    []bool
	}{{core.MomentArrival, arrival, arrivedBad}, {core.MomentLast, last, lastBad}} {
		if len(moment.risks) > 0 {
			m.Moments = append(m.Moments, momentReport(moment.moment, moment.risks, moment.bad))
		}
	}
	return m
}

// rate is the share of the tickets that ended that were rated.
func (l *Live) rate(c Counts) float64 {
	rated := 0
	for _, e := range l.ends {
		if e.rated {
			rated++
		}
	}
	return float64(rated) / float64(max(len(l.ends)+c.Unknown, 1))
}

// judge fills in the figures of risks. One that does not exist, such as an AUC where no ticket ended
// badly, stays 0.
func judge(m *core.Measured, risks []float64, bad []bool) {
	m.Tickets, m.Bad = len(risks), countBad(bad)
	auc, ci := measure.DeLong(risks, bad)
	m.AUC, m.AUCLow, m.AUCHigh = finite(auc), finite(ci.Low), finite(ci.High)
	m.AveragePrecision = finite(measure.AveragePrecision(risks, bad))
	m.Brier = finite(measure.Brier(risks, bad))
	m.ECE = finite(measure.ECE(risks, bad, reportBins))
	if bins := measure.Calibration(risks, bad, reportBins); bins != nil {
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
