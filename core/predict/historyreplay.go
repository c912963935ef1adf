package predict

import (
	"cmp"
	"slices"
)

// Replay feeds whole lives, steps of different tickets in the order of their time. The order of
// lives does not matter.
func (h *History) Replay(lives []Life) {
	for _, e := range eventsOf(lives, nil) {
		h.feed(&lives[e.life], e)
	}
	h.view.life = nil // it would hold on to all lives
}

// feed is one event of a replay.
func (h *History) feed(l *Life, e event) {
	h.latest = max(h.latest, e.at)
	switch e.kind {
	case eventArrived:
		h.Arrived(l)
	case eventStep:
		h.stepped(l, int(e.n))
	case eventEnded:
		h.Ended(l)
	}
}

// eventKind is what an event of a replay is.
type eventKind uint8

const (
	eventArrived eventKind = iota
	eventStep
	eventProbe // a moment to learn at
	eventEnded
)

// event is one thing in the sweep over all lives.
type event struct {
	at   int64
	life int32
	n    int16 // of an eventStep which step, from 1; of a probe after how many steps
	kind eventKind
	what uint8 // of a probe: its index among the moments
}

// eventsOf are the events of lives in the order of their time. Of those at the same second, outcomes
// come last, because nobody knew them before the second was over.
func eventsOf(lives []Life, probes []event) []event {
	total := len(probes) + len(lives)
	for i := range lives {
		total += len(lives[i].Steps) + 1
	}
	events := make([]event, 0, total)
	events = append(events, probes...)
	for i := range lives {
		l := &lives[i]
		events = append(events, event{at: l.Created, life: int32(i), kind: eventArrived})
		for n := range l.Steps[:min(len(l.Steps), viewSteps)] {
			events = append(events, event{at: max(l.Steps[n].At, l.Created), life: int32(i), n: int16(n + 1), kind: eventStep})
		}
		if l.Ended > 0 && l.Outcome != OutcomeUnknown {
			events = append(events, event{at: l.Ended, life: int32(i), kind: eventEnded})
		}
	}
	slices.SortFunc(events, func(a, b event) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		if ea, eb := a.kind == eventEnded, b.kind == eventEnded; ea != eb {
			if ea {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(lives[a.life].Key, lives[b.life].Key), cmp.Compare(a.life, b.life), cmp.Compare(a.n, b.n), cmp.Compare(a.kind, b.kind), cmp.Compare(a.what, b.what))
	})
	return events
}
