package predict

import (
	"cmp"
	"slices"
)

// FeedSince feeds what events with a Seq above after told of lives, in the order of time. A life
// that came with such an event is fed whole.
func (h *History) FeedSince(lives []*DeskLife, after int64) {
	var list []event
	for i, d := range lives {
		fresh := d.arrived > after
		if fresh {
			list = append(list, event{at: d.Created, life: int32(i), kind: eventArrived})
		}
		for n, seq := range d.steps[:min(len(d.steps), viewSteps)] {
			if fresh || seq > after {
				list = append(list, event{at: max(d.Steps[n].At, d.Created), life: int32(i), n: int16(n + 1), kind: eventStep})
			}
		}
		if d.Outcome != OutcomeUnknown && d.Ended > 0 && (fresh || d.ended > after) {
			list = append(list, event{at: d.Ended, life: int32(i), kind: eventEnded})
		}
	}
	slices.SortStableFunc(list, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind))
	})
	for _, e := range list {
		h.feed(&lives[e.life].Life, e)
	}
}

// Since reports what events with a Seq above after were to the ticket: its arrival, its first
// reply, or anything else.
func (d *DeskLife) Since(after int64) (arrived, replied bool) {
	for n, seq := range d.steps {
		replied = replied || seq > after && d.Steps[n].Kind == StepReplied
	}
	return d.arrived > after, replied
}

// Touched reports whether anything happened to the ticket after it was seen first.
func (d *DeskLife) Touched() bool {
	return slices.ContainsFunc(d.steps, func(seq int64) bool { return seq > d.arrived })
}

// At is a life as it stood at a moment: later steps, and an outcome that was not known yet, are left
// out.
func (l *Life) At(moment int64) Life {
	known := *l
	n := len(l.Steps)
	for n > 0 && l.Steps[n-1].At > moment {
		n--
	}
	known.Steps = l.Steps[:n:n]
	if known.Ended > moment {
		known.Outcome, known.Level, known.Ended = OutcomeUnknown, 0, 0
	}
	return known
}
