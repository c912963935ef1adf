package tickets

import (
	"time"

	"deskwatch/core"
)

// sampleOpen is an open ticket a desk with sample data always has.
type sampleOpen struct {
	client   int
	ago      time.Duration
	priority core.Priority
	owner    string // "" nobody
	product  string // "" any
	texts    []string
	steps    []sampleStep // after its arrival
}

const sampleDay = 24 * time.Hour

// sampleWaits are the open tickets without an answer: how long ago they came, how much they
// press, and whose they are.
var sampleWaits = []sampleOpen{
	{client: 0, ago: 52 * time.Minute, priority: core.PriorityUrgent, owner: "Ana Prieto", texts: sampleTexts},
	{client: 5, ago: 48 * time.Minute, priority: core.PriorityUrgent, texts: sampleTexts},
	{client: 8, ago: 100 * time.Minute, priority: core.PriorityHigh, owner: "Ben Okafor", texts: sampleTexts},
	{client: 12, ago: 110 * time.Minute, priority: core.PriorityHigh, texts: sampleTexts},
	{client: 20, ago: 7 * time.Hour, priority: core.PriorityNormal, owner: "Chloé Marchand", texts: sampleTexts},
	{client: 1, ago: 25 * time.Minute, priority: core.PriorityNormal, texts: sampleAngry},
	{client: 30, ago: 12 * time.Minute, priority: core.PriorityNormal, texts: sampleCalm},
	{client: 33, ago: 3 * time.Minute, priority: core.PriorityLow, texts: sampleCalm},
	{client: 0, ago: 4*sampleDay + 5*time.Hour, priority: core.PriorityHigh, owner: "Dario Vidal", texts: sampleAngry, steps: []sampleStep{{26 * time.Hour, escalated}}},
	{client: 2, ago: 5*sampleDay + 3*time.Hour, priority: core.PriorityNormal, owner: "Dario Vidal", product: "Billing", texts: sampleAngry},
	{client: 16, ago: 6*sampleDay + 2*time.Hour, priority: core.PriorityNormal, texts: sampleTexts},
	{client: 41, ago: 8*sampleDay + 4*time.Hour, priority: core.PriorityLow, owner: "Elif Aksoy", texts: sampleTexts},
}

// sampleWorked are open tickets that were answered: some are going wrong, some are fine.
var sampleWorked = []sampleOpen{
	{client: 0, ago: 3*sampleDay + time.Hour, priority: core.PriorityHigh, owner: "Dario Vidal", product: "Billing", texts: sampleAngry,
		steps: []sampleStep{{29 * time.Hour, answered}, {10 * time.Hour, to(core.TicketResolved)}, {5 * time.Hour, reopens}}},
	{client: 4, ago: 4*sampleDay + 2*time.Hour, priority: core.PriorityUrgent, owner: "Dario Vidal", product: "Streams", texts: sampleAngry,
		steps: []sampleStep{{33 * time.Hour, answered}, {20 * time.Hour, to(core.TicketResolved)}, {9 * time.Hour, reopens}}},
	{client: 1, ago: 2*sampleDay + 6*time.Hour, priority: core.PriorityNormal, owner: "Ben Okafor", texts: sampleAngry,
		steps: []sampleStep{{27 * time.Hour, answered}, {2 * time.Hour, handed("Dario Vidal")}}},
	{client: 22, ago: 2*sampleDay + 4*time.Hour, priority: core.PriorityNormal, owner: "Elif Aksoy", product: "Console", texts: sampleCalm,
		steps: []sampleStep{{22 * time.Minute, answered}, {3 * time.Hour, to(core.TicketPending)}}},
	{client: 37, ago: sampleDay + 3*time.Hour, priority: core.PriorityLow, owner: "Ana Prieto", product: "Console", texts: sampleCalm,
		steps: []sampleStep{{15 * time.Minute, answered}}},
	{client: 44, ago: sampleDay + 7*time.Hour, priority: core.PriorityNormal, owner: "Ana Prieto", product: "Spark", texts: sampleTexts,
		steps: []sampleStep{{48 * time.Minute, answered}, {5 * time.Hour, to(core.TicketPending)}}},
}

// open adds the tickets that are open whenever the sample is made.
func (g *sampleGenerator) open() {
	for _, list := range [][]sampleOpen{sampleWaits, sampleWorked} {
		for _, o := range list {
			t := g.ticket(o.client, g.now.Add(-o.ago))
			t.Priority, t.RawPriority, t.Owner, t.Description = o.priority, samplePriorities[o.priority], o.owner, pick(g.random, o.texts)
			for _, topic := range sampleTopics {
				if topic.product == o.product {
					t.Product, t.Subject = topic.product, pick(g.random, topic.subjects)
				}
			}
			g.live(t, append([]sampleStep{{0, arrives}}, o.steps...))
		}
	}
}
