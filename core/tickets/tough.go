package tickets

import (
	"fmt"
	"math"
	"slices"
	"time"

	"deskwatch/core"
)

// What one fresh happening weighs. A customer's weight x is the sum of them and its score
// 100·(1−e^−x): the first happenings count most and no number of them passes 100. A bad rating
// alone makes 30, an escalation 26, an order breach 22, a reopening 14; with the default
// threshold of 60 a customer becomes tough by three bad ratings, or by two and an escalation,
// within days of each other.
//
// A bad rating weighs most because the customer itself said it. An escalation may be the
// engineer's own doing, a breach is another department's, and a reopening happens to anybody.
const (
	weighBadRating  = 0.35
	weighEscalation = 0.30
	weighBreach     = 0.25
	weighReopening  = 0.15
)

// Many tickets in a short time press, but are no offence: they weigh from the calm number on,
// and never enough to make a customer tough by themselves (1−e^−0.6 is 45).
const (
	calmTickets = 10 // faded: 7 a quarter of a year, for ever
	weighTicket = 0.02
	mostTempo   = 0.6
)

// The reasons of a tough customer, by core.NamedReason.Reason. They never change.
const (
	ReasonBadRatings  = "bad_ratings"
	ReasonEscalations = "escalations"
	ReasonReopenings  = "reopenings"
	ReasonTempo       = "tempo"
	ReasonBreaches    = "breaches"
)

// toughWeights are the weights of h, in the order of toughReasons.
func toughWeights(h History) [5]float64 {
	return [5]float64{
		weighBadRating * atLeastNone(h.BadRatings),
		weighEscalation * atLeastNone(h.Escalations),
		weighBreach * atLeastNone(h.Breaches),
		weighReopening * atLeastNone(h.Reopenings),
		min(weighTicket*atLeastNone(h.Tickets-calmTickets), mostTempo),
	}
}

// atLeastNone keeps what is no number, or below nothing, out of a sum.
func atLeastNone(v float64) float64 {
	if v > 0 {
		return v
	}
	return 0
}

// ToughScore is how much trouble a customer's history foretells, 0 to 100. Happenings only ever
// raise it and time only ever lowers it. It builds no texts, for callers with many customers.
func ToughScore(h History) int {
	w := toughWeights(h)
	return saturated(w[:])
}

// Tough is ToughScore with what it is made of, the heaviest first. The points add up to the
// score; a reason too light for a point is left out.
func Tough(h History, now time.Time) (score int, reasons []core.NamedReason) {
	w := toughWeights(h)
	score = saturated(w[:])
	last := ""
	if !h.LastBad.IsZero() {
		last = "; the last trouble was " + daysAgo(now.Sub(h.LastBad))
	}
	return score, apportioned(score, w[:], []core.NamedReason{
		{Reason: ReasonBadRatings, Count: h.BadRatingsN, Text: counted(h.BadRatingsN, "bad rating", "bad ratings") + last},
		{Reason: ReasonEscalations, Count: h.EscalationsN, Text: counted(h.EscalationsN, "escalation", "escalations") + last},
		{Reason: ReasonBreaches, Count: h.BreachesN, Text: counted(h.BreachesN, "month with too many bad orders", "months with too many bad orders")},
		{Reason: ReasonReopenings, Count: h.ReopeningsN, Text: counted(h.ReopeningsN, "reopened ticket", "reopened tickets") + last},
		{Reason: ReasonTempo, Count: h.TicketsN, Text: fmt.Sprintf("many tickets in a short time (%d in all)", h.TicketsN)},
	})
}

// saturated is 100·(1−e^−x) of the sum x of weights.
func saturated(weights []float64) int {
	x := 0.0
	for _, w := range weights {
		x += w
	}
	return int(math.Round(-100 * math.Expm1(-x)))
}

// apportioned gives every reason the points of its share of the weights, so that they add up to
// score (largest remainders first), and lists those with a point, the heaviest first.
func apportioned(score int, weights []float64, reasons []core.NamedReason) []core.NamedReason {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	if total <= 0 || math.IsInf(total, 0) {
		return []core.NamedReason{}
	}
	left := score
	order := make([]int, len(weights))
	rest := make([]float64, len(weights))
	for i, w := range weights {
		share := float64(score) * w / total
		reasons[i].Points = int(share)
		rest[i], order[i] = share-float64(reasons[i].Points), i
		left -= reasons[i].Points
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:min(max(left, 0), len(order))] {
		reasons[i].Points++
	}
	reasons = slices.DeleteFunc(reasons, func(r core.NamedReason) bool { return r.Points == 0 })
	slices.SortStableFunc(reasons, func(a, b core.NamedReason) int { return b.Points - a.Points })
	return reasons
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func daysAgo(d time.Duration) string {
	switch days := int(d.Hours() / 24); {
	case days <= 0:
		return "today"
	case days == 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}
