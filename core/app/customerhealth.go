package app

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"deskwatch/core"
)

// The health of a customer begins with healthCalm, which is what one has of whom nothing is known,
// and is kept within 0 and 100:
//
//	− healthOpen × d/100    where d is the dissatisfaction (100 − satisfaction) predicted of its open
//	                        tickets, half their mean and half the worst
//	− healthTough × t/100   where t is its score as a tough customer, in which bad ratings, escalations,
//	                        reopenings and breaches of its orders fade with time; a flag counts as
//	                        0 or 100
//	− healthOrder           for each order cancelled or returned this month, five at most
//	+ healthGood × g/(n+2)  where g of its n ratings were 4 or 5
//
// The weights are rules of thumb; none of them was fitted to data.
const (
	healthCalm  = 85
	healthOpen  = 45
	healthTough = 35
	healthOrder = 4
	healthGood  = 20

	healthOrders = 5
)

// The reasons of a customer's health, by core.NamedReason.Reason. They never change.
const (
	healthReasonOpen   = "open_tickets"
	healthReasonTough  = "tough"
	healthReasonOrders = "orders"
	healthReasonGood   = "good_ratings"
)

// health tells the health of the customer of a card from what is on it and the risks of its open
// tickets. bar is the risk from which a ticket is at risk.
func health(card *core.CustomerCard, risks []int, bar int) core.CustomerHealth {
	h := core.CustomerHealth{Reasons: []core.NamedReason{}}
	score := float64(healthCalm)
	add := func(key string, count int, points float64, text string) {
		score += points
		if p := int(math.Round(points)); p != 0 {
			h.Reasons = append(h.Reasons, core.NamedReason{Reason: key, Count: count, Points: p, Text: text})
		}
	}
	if n := len(risks); n > 0 {
		sum, worst := 0, 0
		for _, r := range risks {
			sum, worst = sum+r, max(worst, r)
			if r >= bar {
				h.AtRisk++
			}
		}
		mean := float64(sum) / float64(n)
		add(healthReasonOpen, n, -healthOpen*(mean+float64(worst))/200,
			fmt.Sprintf("open tickets: %d, with a satisfaction of %d on average and %d at worst", n, 100-int(math.Round(mean)), 100-worst))
	}
	tough := card.Tough
	if card.Flag != nil {
		tough = 0
		if card.Flag.Tough {
			tough = 100
		}
	}
	add(healthReasonTough, tough, -healthTough*float64(tough)/100, fmt.Sprintf("a history (%d of 100)", tough))
	add(healthReasonOrders, card.BadOrders, -healthOrder*float64(min(max(card.BadOrders, 0), healthOrders)), fmt.Sprintf("orders cancelled or returned this month: %d", card.BadOrders))
	rated, good := 0, card.Ratings[4]+card.Ratings[5]
	for _, n := range card.Ratings[1:] {
		rated += n
	}
	add(healthReasonGood, good, healthGood*float64(good)/float64(rated+2), fmt.Sprintf("good ratings: %d of %d", good, rated))
	h.Score = int(math.Round(min(max(score, 0), 100)))
	slices.SortStableFunc(h.Reasons, func(x, y core.NamedReason) int { return cmp.Compare(abs(y.Points), abs(x.Points)) })
	h.Reasons = slices.Clip(h.Reasons[:min(len(h.Reasons), shownReasons)])
	return h
}

func abs(n int) int { return max(n, -n) }
