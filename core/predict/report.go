package predict

import (
	"time"

	"deskwatch/core"
)

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
	figures(m, arrival, arrivedBad)
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
