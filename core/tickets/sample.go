package tickets

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"deskwatch/core"
)

// SampleSource is the source of the sample tickets.
const SampleSource = "sample"

const (
	sampleSeed    = 31415
	sampleTickets = 880
	sampleDays    = 120
	sampleTough   = 44 // tickets of the first client, and
	sampleTouchy  = 24 // of each of the next two
)

// Sample makes up the states of 880 tickets of the clients over the 120 days before now, in time
// order, as an event log has them. The same clients and the same minute of now give the same
// states. The first client is a tough customer, the next two are on the way there; some of the
// open tickets are late with their first reply and some soon will be. How a ticket ends depends,
// with much chance, on what can be seen of it before: enough for a model to learn from. clients
// must not be empty.
func Sample(clients []core.Client, now time.Time) []core.Ticket {
	g := &sampleGenerator{random: rand.New(rand.NewPCG(sampleSeed, 1)), now: now.UTC().Truncate(time.Minute), clients: clients}
	type arrival struct {
		client int
		at     time.Time
	}
	arrivals := make([]arrival, sampleTickets-len(sampleWaits)-len(sampleWorked))
	for i := range arrivals {
		client := 0
		switch {
		case i < sampleTough:
		case i < sampleTough+2*sampleTouchy:
			client = 1 + i%2
		default:
			client = g.random.IntN(len(clients))
		}
		arrivals[i] = arrival{client, g.begin()}
	}
	slices.SortStableFunc(arrivals, func(a, b arrival) int { return a.at.Compare(b.at) })
	for _, a := range arrivals {
		t := g.ticket(a.client, a.at)
		g.live(t, g.steps(t, a.client))
	}
	g.open()
	slices.SortStableFunc(g.states, func(a, b core.Ticket) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	return g.states
}

type sampleGenerator struct {
	random  *rand.Rand
	now     time.Time
	clients []core.Client
	count   int
	states  []core.Ticket
}

// begin is a moment in working hours, more than a day ago. What is drawn does not depend on the day
// the sample is made on: a later sample has the same tickets, later.
func (g *sampleGenerator) begin() time.Time {
	day := g.now
	for left := 1 + g.random.IntN(sampleDays*5/7-1); left > 0; {
		day = day.AddDate(0, 0, -1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			left--
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 7, 30+g.random.IntN(9*60), 0, 0, time.UTC)
}

// ticket makes up a ticket as it was when it arrived.
func (g *sampleGenerator) ticket(client int, created time.Time) core.Ticket {
	g.count++
	c := g.clients[client%len(g.clients)]
	topic := sampleTopics[g.random.IntN(len(sampleTopics))]
	priority := core.PriorityNormal
	switch n := g.random.IntN(20); {
	case n == 0:
		priority = core.PriorityUrgent
	case n < 5:
		priority = core.PriorityHigh
	case n > 15:
		priority = core.PriorityLow
	}
	text := sampleTexts
	switch n := g.random.IntN(20); {
	case n < 4, n < 7 && client < sampleTouchyClients:
		text = sampleAngry
	case n > 15:
		text = sampleCalm
	}
	return core.Ticket{
		Source: SampleSource, ID: fmt.Sprintf("sample-%04d", g.count), Number: fmt.Sprintf("TS%04d", g.count),
		Subject: pick(g.random, topic.subjects), Description: pick(g.random, text), Product: topic.product,
		Status: core.TicketNew, RawStatus: sampleWords[core.TicketNew], Priority: priority, RawPriority: samplePriorities[priority],
		CustomerID: c.Customer, Customer: c.Name, Email: c.Email, Channel: pick(g.random, sampleChannels),
		Owner: pick(g.random, sampleOwners), CreatedAt: created, UpdatedAt: created,
	}
}

func pick(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

// chance is true so often, 0 to 1.
func (g *sampleGenerator) chance(of float64) bool { return g.random.Float64() < of }

// minutes is a length of time between two bounds.
func (g *sampleGenerator) minutes(from, to int) time.Duration {
	return time.Duration(from+g.random.IntN(to-from)) * time.Minute
}

// SampleFirst is the key of a ticket that is always among the sample's.
func SampleFirst() core.TicketKey { return core.TicketKey{Source: SampleSource, ID: "sample-0001"} }
