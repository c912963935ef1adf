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
	sampleTickets = 320
	sampleDays    = 60
	sampleTough   = 16 // tickets of the first client, and
	sampleTouchy  = 7  // of each of the next two
)

// Sample makes up the states of about 320 tickets of the clients over the 60 days before now, in
// time order, as an event log has them. The same clients and the same minute of now give the same
// states. The first client is a tough customer, the next two are on the way there; some of the
// open tickets are late with their first reply and some soon will be. clients must not be empty.
func Sample(clients []core.Client, now time.Time) []core.Ticket {
	g := &sampleGenerator{random: rand.New(rand.NewPCG(sampleSeed, 1)), now: now.UTC().Truncate(time.Minute), clients: clients}
	for g.count < sampleTickets-len(sampleWaits) {
		client := 0
		switch {
		case g.count < sampleTough:
		case g.count < sampleTough+2*sampleTouchy:
			client = 1 + g.count%2
		default:
			client = g.random.IntN(len(clients))
		}
		g.live(g.ticket(client, g.begin()))
	}
	g.wait()
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

// begin is a moment in working hours, more than a day ago.
func (g *sampleGenerator) begin() time.Time {
	day := g.now.AddDate(0, 0, -1-g.random.IntN(sampleDays-1))
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
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
	return core.Ticket{
		Source: SampleSource, ID: fmt.Sprintf("sample-%04d", g.count), Number: fmt.Sprintf("TS%04d", g.count),
		Subject: pick(g.random, topic.subjects), Description: pick(g.random, sampleTexts), Product: topic.product,
		Status: core.TicketNew, RawStatus: sampleWords[core.TicketNew], Priority: priority, RawPriority: samplePriorities[priority],
		CustomerID: c.Customer, Customer: c.Name, Email: c.Email, Channel: pick(g.random, sampleChannels),
		Owner: pick(g.random, sampleOwners), CreatedAt: created, UpdatedAt: created,
	}
}

func pick(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

// tell keeps a state, unless it would be in the future; then the ticket stays as it was.
func (g *sampleGenerator) tell(t *core.Ticket, after time.Duration, change func(*core.Ticket)) bool {
	at := t.UpdatedAt.Add(after)
	if at.After(g.now) {
		return false
	}
	t.UpdatedAt = at
	change(t)
	g.states = append(g.states, *t)
	return true
}

// to changes the status.
func to(status core.TicketStatus) func(*core.Ticket) {
	return func(t *core.Ticket) {
		t.Status, t.RawStatus = status, sampleWords[status]
		if t.ClosedAt = (time.Time{}); status.Done() {
			t.ClosedAt = t.UpdatedAt
		}
	}
}

// minutes is a length of time between two bounds.
func (g *sampleGenerator) minutes(from, to int) time.Duration {
	return time.Duration(from+g.random.IntN(to-from)) * time.Minute
}

// live tells a ticket's life, up to now. How hard it is depends on whose it is.
func (g *sampleGenerator) live(t core.Ticket) {
	hard := t.CustomerID == g.clients[0].Customer
	touchy := !hard && g.count <= sampleTough+2*sampleTouchy
	if !g.tell(&t, 0, func(*core.Ticket) {}) {
		return
	}
	reply := g.minutes(8, 6*60)
	if g.random.IntN(12) == 0 {
		reply = g.minutes(12*60, 40*60) // late
	}
	if !g.tell(&t, reply, func(t *core.Ticket) { to(core.TicketOpen)(t); t.FirstReplyAt = t.UpdatedAt }) {
		return
	}
	if hard && g.random.IntN(3) == 0 || g.random.IntN(40) == 0 {
		if !g.tell(&t, g.minutes(60, 600), func(t *core.Ticket) { t.Escalated = true }) {
			return
		}
	}
	if g.random.IntN(2) == 0 {
		wait := core.TicketPending
		if g.random.IntN(5) == 0 {
			wait = core.TicketHeld
		}
		if !g.tell(&t, g.minutes(20, 900), to(wait)) || !g.tell(&t, g.minutes(120, 2*24*60), to(core.TicketOpen)) {
			return
		}
	}
	if !g.tell(&t, g.minutes(60, 3*24*60), to(core.TicketResolved)) {
		return
	}
	if hard && g.random.IntN(3) == 0 || touchy && g.random.IntN(4) == 0 || g.random.IntN(20) == 0 {
		again := func(t *core.Ticket) { to(core.TicketOpen)(t); t.Reopened++ }
		if !g.tell(&t, g.minutes(60, 24*60), again) || !g.tell(&t, g.minutes(60, 2*24*60), to(core.TicketResolved)) {
			return
		}
	}
	rating := 4 + g.random.IntN(2)
	switch n := g.random.IntN(10); {
	case hard && n < 6, touchy && n < 3:
		rating = 1 + g.random.IntN(2)
	case n == 9:
		rating = 1 + g.random.IntN(3)
	case n < 6 && !hard:
		rating = 0 // most never answer
	}
	g.tell(&t, g.minutes(12*60, 3*24*60), func(t *core.Ticket) { to(core.TicketClosed)(t); t.Rating = rating })
}

// sampleWaits are the open tickets without an answer: how long ago they came, how much they
// press, and whether they are nobody's yet.
var sampleWaits = []struct {
	client    int
	ago       time.Duration
	priority  core.Priority
	unowned   bool
	escalated bool
}{
	{0, 52 * time.Minute, core.PriorityUrgent, false, false},
	{5, 48 * time.Minute, core.PriorityUrgent, true, false},
	{8, 100 * time.Minute, core.PriorityHigh, false, false},
	{12, 110 * time.Minute, core.PriorityHigh, true, false},
	{20, 7 * time.Hour, core.PriorityNormal, false, false},
	{1, 25 * time.Minute, core.PriorityNormal, true, false},
	{30, 12 * time.Minute, core.PriorityNormal, true, false},
	{33, 3 * time.Minute, core.PriorityLow, true, false},
	{0, 4*24*time.Hour + 5*time.Hour, core.PriorityHigh, false, true},
	{2, 5*24*time.Hour + 3*time.Hour, core.PriorityNormal, false, false},
	{16, 6*24*time.Hour + 2*time.Hour, core.PriorityNormal, true, false},
	{41, 8*24*time.Hour + 4*time.Hour, core.PriorityLow, false, false},
}

// wait adds the tickets nobody has answered.
func (g *sampleGenerator) wait() {
	for _, w := range sampleWaits {
		t := g.ticket(w.client, g.now.Add(-w.ago))
		t.Priority, t.RawPriority = w.priority, samplePriorities[w.priority]
		if w.unowned {
			t.Owner = ""
		}
		g.tell(&t, 0, func(*core.Ticket) {})
		if w.escalated {
			g.tell(&t, 26*time.Hour, func(t *core.Ticket) { t.Escalated = true })
		}
	}
}

// SampleFirst is the key of a ticket that is always among the sample's.
func SampleFirst() core.TicketKey { return core.TicketKey{Source: SampleSource, ID: "sample-0001"} }
