package orders

import (
	"cmp"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// arrange makes Rows from everything loaded and the filter.
func (p *breaches) arrange() {
	now := p.desk.Now()
	words := strings.Fields(strings.ToLower(p.filter))
	rows := make([]core.BreachView, 0, len(p.all))
	for _, v := range p.all {
		if len(words) == 0 || containsAll(strings.ToLower(strings.Join(
			[]string{v.Customer, v.Name, v.Email, v.RuleName, v.Period.String(), kit.BreachPeriod(v.Breach, now), stateText(v, now)}, "\n")), words) {
			rows = append(rows, v)
		}
	}
	slices.SortStableFunc(rows, func(a, b core.BreachView) int {
		return cmp.Or(cmp.Compare(b.Period, a.Period), cmp.Compare(b.Count, a.Count), strings.Compare(a.Customer, b.Customer))
	})
	p.state.Rows, p.state.Total = rows, len(p.all)
	p.state.Edition++
}

// breachTitle is the customer as people know it: the client's name, or the identity where
// there is none.
func breachTitle(v core.BreachView) string { return cmp.Or(v.Name, v.Customer) }

// compareStates sorts by what a person may have to do: what waits for a word or is held, what
// the next check mails, what is mailed, the latest first, and what is left alone.
func compareStates(a, b core.BreachView) int {
	return cmp.Or(cmp.Compare(stateRank(a), stateRank(b)), b.LastAt.Compare(a.LastAt), strings.Compare(string(a.State), string(b.State)))
}

func stateRank(v core.BreachView) int {
	switch v.State {
	case core.ReasonBaseline:
		return 0
	case core.ReasonOverCap, core.ReasonNoRecipient, core.ReasonPaused:
		return 1
	case core.ReasonNew, core.ReasonGrown, core.ReasonBacklog:
		return 2
	case core.ReasonMuted:
		return 5
	}
	if v.LastAt.IsZero() {
		return 4
	}
	return 3
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func countMonths(views []core.BreachView) []monthCount {
	byMonth := map[core.Month]int{}
	var last core.Month
	for _, v := range views {
		byMonth[v.Period]++
		last = max(last, v.Period)
	}
	if len(byMonth) == 0 {
		return nil
	}
	first := last
	for m := range byMonth {
		if m > last-12 {
			first = min(first, m)
		}
	}
	var list []monthCount
	for m := first; m <= last; m++ {
		list = append(list, monthCount{m, byMonth[m]})
	}
	return list
}
