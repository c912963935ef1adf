package predict

import (
	"time"

	"deskwatch/core"
)

// WarnAgain is how long after a ticket entered the list of those at risk people are told of it
// again, if it left the list meanwhile.
const WarnAgain = 36 * time.Hour

// Listed is a ticket on the list of those at risk.
type Listed struct {
	Key    core.TicketKey
	Silent bool // nobody is to be told of it: it takes none of the day's capacity
}

// Enter compares the list of those at risk as it is with what was saved of it: before are the
// warnings that have not ended, and those of the last WarnAgain and of this day. entered are the
// tickets that come on the list now, in its order, and left those that are on it no more, both to
// be saved. Of entered, people are told where Told says so: of at most capacity different tickets a
// day. What the day has no place left for does not enter, and does so on the next day if it is still
// listed.
func Enter(list []Listed, before []Warning, day core.Day, now time.Time, capacity int) (entered, left []Warning) {
	on := make(map[core.TicketKey]bool, len(list))
	for _, l := range list {
		on[l.Key] = true
	}
	stays, recent := map[core.TicketKey]bool{}, map[core.TicketKey]bool{}
	today := map[core.TicketKey]bool{}
	for _, w := range before {
		if w.Told && w.Day == day {
			today[w.Key] = true
		}
		if now.Sub(w.At) < WarnAgain {
			recent[w.Key] = true
		}
		switch {
		case !w.Left.IsZero():
		case on[w.Key]:
			stays[w.Key] = true
		default:
			w.Left = now
			left = append(left, w)
		}
	}
	for _, l := range list {
		if stays[l.Key] {
			continue
		}
		w := Warning{Key: l.Key, Day: day, At: now, Told: !l.Silent && !recent[l.Key]}
		if w.Told {
			if !today[l.Key] && len(today) >= capacity {
				continue
			}
			today[l.Key] = true
		}
		stays[l.Key] = true
		entered = append(entered, w)
	}
	return entered, left
}
