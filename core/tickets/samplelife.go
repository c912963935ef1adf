package tickets

import (
	"math"
	"slices"
	"time"

	"deskwatch/core"
)

// sampleStep is what happens to a sample ticket so long after the step before.
type sampleStep struct {
	after  time.Duration
	change func(*core.Ticket)
}

// live tells a ticket's steps up to now; what would be in the future has not happened.
func (g *sampleGenerator) live(t core.Ticket, steps []sampleStep) {
	for _, s := range steps {
		at := t.UpdatedAt.Add(s.after)
		if at.After(g.now) {
			return
		}
		t.UpdatedAt = at
		s.change(&t)
		g.states = append(g.states, t)
	}
}

// The steps of a sample ticket.
func arrives(*core.Ticket) {}

func answered(t *core.Ticket) {
	to(core.TicketOpen)(t)
	t.FirstReplyAt = t.UpdatedAt
}

func escalated(t *core.Ticket) { t.Escalated = true }

func reopens(t *core.Ticket) {
	to(core.TicketOpen)(t)
	t.Reopened++
}

func handed(owner string) func(*core.Ticket) { return func(t *core.Ticket) { t.Owner = owner } }

// to changes the status.
func to(status core.TicketStatus) func(*core.Ticket) {
	return func(t *core.Ticket) {
		t.Status, t.RawStatus = status, sampleWords[status]
		if t.ClosedAt = (time.Time{}); status.Done() {
			t.ClosedAt = t.UpdatedAt
		}
	}
}

// What makes a sample ticket end badly, in log odds. It is made up, so that a model has something
// to find; nothing of the program but the sample knows these numbers.
const (
	troubleAlways   = -4.2
	troubleTough    = 2.6 // of the first client
	troubleTouchy   = 1.6 // of the next two
	troublePrickly  = 0.8 // of the ten after them
	troubleAngry    = 2.4
	troubleCalm     = -0.7
	troubleUrgent   = 0.5
	troubleHigh     = 0.3
	troubleLate     = 2.6 // the first reply
	troubleHanded   = 0.6
	troubleReopened = 1.8

	sampleTouchyClients, samplePricklyClients = 3, 13
)

// trouble is how much speaks for a bad end of a ticket on its arrival.
func trouble(t core.Ticket, client int) float64 {
	x := troubleAlways + sampleOwnerTrouble[t.Owner] + sampleProductTrouble[t.Product]
	switch {
	case client == 0:
		x += troubleTough
	case client < sampleTouchyClients:
		x += troubleTouchy
	case client < samplePricklyClients:
		x += troublePrickly
	}
	switch {
	case slices.Contains(sampleAngry, t.Description):
		x += troubleAngry
	case slices.Contains(sampleCalm, t.Description):
		x += troubleCalm
	}
	switch t.Priority {
	case core.PriorityUrgent:
		x += troubleUrgent
	case core.PriorityHigh:
		x += troubleHigh
	}
	return x
}

func probability(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }

// steps makes up a ticket's life. How hard it is depends on whose it is, on what it is about and on
// what happens; most of it is chance.
func (g *sampleGenerator) steps(t core.Ticket, client int) []sampleStep {
	x := trouble(t, client)
	reply := g.minutes(8, 6*60)
	if g.chance(0.17) {
		reply = g.minutes(12*60, 40*60)
		x += troubleLate
	}
	list := []sampleStep{{0, arrives}, {reply, answered}}
	if g.chance(0.15) {
		list = append(list, sampleStep{g.minutes(30, 600), handed(pick(g.random, sampleOwners))})
		x += troubleHanded
	}
	if g.chance(0.5) {
		wait := core.TicketPending
		if g.chance(0.2) {
			wait = core.TicketHeld
		}
		list = append(list, sampleStep{g.minutes(20, 900), to(wait)}, sampleStep{g.minutes(120, 2*24*60), to(core.TicketOpen)})
	}
	again := g.chance(probability(0.5*x - 1.1))
	if again {
		x += troubleReopened
		list = append(list, sampleStep{g.minutes(60, 3*24*60), to(core.TicketResolved)}, sampleStep{g.minutes(60, 24*60), reopens})
	}
	bad := g.chance(probability(x))
	if bad && g.chance(0.25) {
		list = append(list, sampleStep{g.minutes(60, 600), escalated})
	}
	rating := 0
	if g.chance(0.62) { // the others never answer
		rating = 4 + g.random.IntN(2)
		if bad {
			rating = 1 + g.random.IntN(2)
		} else if g.chance(0.1) {
			rating = 3
		}
	}
	return append(list, sampleStep{g.minutes(60, 3*24*60), to(core.TicketResolved)}, sampleStep{g.minutes(12*60, 3*24*60), func(t *core.Ticket) {
		to(core.TicketClosed)(t)
		t.Rating = rating
	}})
}
