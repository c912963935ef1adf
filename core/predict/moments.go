package predict

import (
	"slices"
	"time"

	"deskwatch/core"
)

const (
	momentEvents = 3                // changes of one ticket a model learns at, at most
	longWait     = 4 * hourSeconds  // a silence from which on a model learns in its middle, too
	longSilence  = 36 * hourSeconds // the same, once somebody answered
)

// moments are the moments a model learns at, in the order of their index.
var moments = [...]core.Moment{core.MomentArrival, core.MomentReply, core.MomentEvent, core.MomentTime}

// momentIndex is the index of a moment among moments, -1 for an unknown one.
func momentIndex(m core.Moment) int { return slices.Index(moments[:], m) }

// probesOf are the moments of one life a model learns at, never after its outcome was known, nor
// after it was escalated or while it was closed: what is predicted then is known already.
func probesOf(l *Life, index int32, opt *Options, into []event) []event {
	wanted := func(m core.Moment) bool { return len(opt.Moments) == 0 || slices.Contains(opt.Moments, m) }
	probe := func(at int64, n int, m core.Moment) {
		into = append(into, event{at: at, life: index, n: int16(n), kind: eventProbe, what: uint8(momentIndex(m))})
	}
	if wanted(core.MomentArrival) {
		probe(l.Created, 0, core.MomentArrival)
	}
	if opt.After > 0 {
		if at, n, open := standing(l, l.Created+int64(opt.After/time.Second)); open && wanted(core.MomentTime) {
			probe(at, n, core.MomentTime)
		}
		if len(opt.Moments) == 1 && opt.Moments[0] == core.MomentTime {
			return into
		}
	}
	replied, closed, changes, last := false, false, 0, l.Created
	for i := range l.Steps[:min(len(l.Steps), viewSteps)] {
		s := &l.Steps[i]
		if l.Ended > 0 && s.At >= l.Ended {
			break
		}
		if !closed && opt.After == 0 && wanted(core.MomentTime) {
			into = middle(l, index, last, s.At, i, replied, into)
		}
		if s.Kind == StepEscalated {
			return into
		}
		last = max(last, s.At)
		closed = s.Kind == StepClosed || closed && s.Kind != StepReopened
		switch {
		case s.Kind == StepReplied && !replied:
			replied = true
			if !closed && wanted(core.MomentReply) {
				probe(max(s.At, l.Created), i+1, core.MomentReply)
			}
		case !closed && s.Kind != StepClosed && changes < momentEvents && wanted(core.MomentEvent):
			changes++
			probe(max(s.At, l.Created), i+1, core.MomentEvent)
		}
	}
	if !closed && l.Ended > last && opt.After == 0 && wanted(core.MomentTime) {
		into = middle(l, index, last, l.Ended, len(l.Steps), replied, into)
	}
	return into
}

// middle adds the middle of a long silence.
func middle(l *Life, index int32, from, to int64, n int, replied bool, into []event) []event {
	long := int64(longWait)
	if replied {
		long = longSilence
	}
	if l.Created <= 0 || to-from < long || n > viewSteps {
		return into
	}
	return append(into, event{at: from + (to-from)/2, life: index, n: int16(n), kind: eventProbe, what: uint8(momentIndex(core.MomentTime))})
}

// standing is after how many steps a life stands at a moment, and whether its end was open then.
func standing(l *Life, at int64) (int64, int, bool) {
	if l.Created <= 0 || l.Ended > 0 && at >= l.Ended {
		return at, 0, false
	}
	n, closed := 0, false
	for n < len(l.Steps) && n < viewSteps && l.Steps[n].At <= at {
		switch l.Steps[n].Kind {
		case StepEscalated:
			return at, n, false
		case StepClosed:
			closed = true
		case StepReopened:
			closed = false
		}
		n++
	}
	return at, n, !closed
}
