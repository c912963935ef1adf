package tickets

import (
	"time"

	"deskwatch/core"
)

// History is what the tickets and the orders of one customer say of it. Each sum adds
// 2^(-age/HalfLife) for every happening, so that what is old weighs little.
type History struct {
	BadRatings, Escalations, Reopenings, Tickets float64 // faded sums
	Breaches                                     float64
	BadRatingsN, EscalationsN, ReopeningsN       int // how many there were, whenever
	TicketsN, BreachesN                          int
	LastBad                                      time.Time // the newest of the bad ones; zero none
}

// HalfLife is how long it takes for a happening to weigh half.
const HalfLife = 90 * 24 * time.Hour

// RiskInput is what the risk of a ticket is told from.
type RiskInput struct {
	Status    core.TicketStatus
	Priority  core.Priority
	Clock     core.ClockState
	Escalated bool
	Reopened  int
	Age       time.Duration // since it was created
	Silence   time.Duration // since the source changed it last
	Tough     int           // of its customer, 0..100
	BadOrders int           // of its customer, this month
	Unowned   bool
}
