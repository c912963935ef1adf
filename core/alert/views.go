package alert

import (
	"slices"
	"time"

	"deskwatch/core"
)

// Picture is what is known at one moment, gathered for Views and Forecast.
type Picture struct {
	Rules    []core.Rule
	Breaches map[int64][]core.Breach        // by rule id
	Alerted  map[int64]map[Key]core.Alerted // by rule id
	Mutes    []core.Mute
	Paused   bool
	Now      time.Time
}

// maxViews bounds what a window is given to list.
const maxViews = 10_000

// Views lists every breach with what a run would decide now, the cap included: newest month
// first, then the larger count, then by customer and rule; at most 10,000.
func Views(p Picture) []core.BreachView {
	muted := mutedNow(p.Mutes, p.Now)
	var list []core.BreachView
	for _, r := range p.Rules {
		for _, v := range decideAll(r, p.Breaches[r.ID], p.Alerted[r.ID], muted, Options{Paused: p.Paused}, r.Cap) {
			list = append(list, core.BreachView{
				Breach: v.breach, RuleID: r.ID, RuleName: r.Name,
				State: v.reason, LastAt: mailedAt(v.last), Muted: muted[v.breach.Customer],
			})
		}
	}
	slices.SortStableFunc(list, func(a, b core.BreachView) int { return byUrgency(a.Breach, b.Breach) })
	return list[:min(len(list), maxViews)]
}

// Forecast counts the breaches an import raises: they are not in before, by rule id, or with
// another count, and a run would mail them (over several runs where the cap or a pause holds
// some back) or take them as known for the first time. Muted customers do not count.
func Forecast(p Picture, before map[int64][]core.Breach) int {
	muted := mutedNow(p.Mutes, p.Now)
	n := 0
	for _, r := range p.Rules {
		had := map[Key]int{}
		for _, b := range before[r.ID] {
			had[Key{b.Customer, b.Period}] = b.Count
		}
		for _, b := range p.Breaches[r.ID] {
			last, known := p.Alerted[r.ID][Key{b.Customer, b.Period}]
			if muted[b.Customer] || had[Key{b.Customer, b.Period}] == b.Count {
				continue
			}
			if !known {
				n++
			} else if action, _ := fromHistory(r, b.Count, &last, false); action == core.ActionSend {
				n++
			}
		}
	}
	return n
}

// mailedAt is when the breach was last mailed, zero for never.
func mailedAt(last *core.Alerted) time.Time {
	if last == nil || !last.Mailed {
		return time.Time{}
	}
	return last.At
}
