package tickets

import (
	"math"
	"slices"
	"time"

	"deskwatch/core"
)

// touched is what a change has made scores and risks of out of date.
type touched struct {
	all       bool
	customers []bool   // by number; not [0]
	tickets   []uint32 // of no customer
}

func (x *Index) newTouched() *touched {
	return &touched{customers: make([]bool, len(x.cols.people.rows)+1)}
}

func (t *touched) customer(no uint32) {
	if no != 0 && int(no) < len(t.customers) {
		t.customers[no] = true
	}
}

func (t *touched) ticket(no, customer uint32) {
	if customer == 0 || int(customer) >= len(t.customers) {
		t.tickets = append(t.tickets, no)
		return
	}
	t.customers[customer] = true
}

// holds reports whether the scores of a ticket's customer are out of date.
func (t *touched) holds(customer uint32) bool {
	return t.all || int(customer) < len(t.customers) && t.customers[customer]
}

// SetFlags makes these the flags that count, by customer. The map is the index's from then on.
func (x *Index) SetFlags(flags map[uint32]core.ToughFlag) {
	x.writing.Lock()
	defer x.writing.Unlock()
	touched := x.newTouched()
	for no, f := range flags {
		if old, ok := x.flags[no]; !ok || old != f {
			touched.customer(no)
		}
	}
	for no := range x.flags {
		if _, ok := flags[no]; !ok {
			touched.customer(no)
		}
	}
	x.mu.Lock()
	x.flags = flags
	x.mu.Unlock()
	x.rescore(touched)
}

// SetOrders makes these what the orders say, by customer of the tickets. The map is the index's
// from then on.
func (x *Index) SetOrders(orders map[uint32]OrderFacts) {
	x.writing.Lock()
	defer x.writing.Unlock()
	touched := x.newTouched()
	for no, o := range orders {
		if old := x.orders[no]; old.BadOrders != o.BadOrders || !slices.Equal(old.Breaches, o.Breaches) {
			touched.customer(no)
		}
	}
	for no := range x.orders {
		if _, ok := orders[no]; !ok {
			touched.customer(no)
		}
	}
	x.mu.Lock()
	x.orders = orders
	x.mu.Unlock()
	x.rescore(touched)
}

// rescore tells the scores of the customers that were touched anew, and the risks of their open
// tickets.
func (x *Index) rescore(t *touched) {
	if !t.all && len(t.tickets) == 0 && !slices.Contains(t.customers, true) {
		return
	}
	x.rescoreCustomers(t)
	var risks [chunkSize]uint8
	now := x.opt.Now()
	alone := map[uint32]bool{}
	for _, no := range t.tickets {
		alone[no] = true
	}
	for n, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		changed := false
		risks = c.risk
		for i := range chunkSize {
			if c.class[i] == 0 || !t.holds(c.customer[i]) && !(len(alone) > 0 && alone[uint32(n<<chunkBits|i)]) {
				continue
			}
			risk := uint8(0)
			if !x.cols.done(c, i) {
				risk = uint8(RiskPercent(x.riskInput(c, i, now)))
			}
			if risks[i] != risk {
				risks[i], changed = risk, true
			}
		}
		if changed {
			x.mu.Lock()
			c.risk = risks
			x.mu.Unlock()
		}
	}
}

// riskInput gathers what the risk of an open ticket is told from.
func (x *Index) riskInput(c *chunk, i int, now time.Time) RiskInput {
	k := &x.cols.classes[c.class[i]]
	in := RiskInput{
		Status: k.status, Priority: k.priority, Clock: c.clockState(i, seconds(now.Unix())), Escalated: c.bits[i]&bitEscalated != 0,
		Reopened: int(c.reopened[i]), Unowned: c.owner[i] == 0,
	}
	if t := c.created[i]; t != 0 {
		in.Age = now.Sub(instant(t))
	}
	if t := c.updated[i]; t != 0 {
		in.Silence = now.Sub(instant(t))
	}
	if no := c.customer[i]; x.cols.people.has(no) {
		in.Tough, in.BadOrders = int(x.cols.people.tough[no]), int(x.cols.people.orders[no])
		if f, ok := x.flags[no]; ok && f.Holds(now) {
			in.Tough = 0
			if f.Tough {
				in.Tough = 100
			}
		}
	}
	return in
}

// rescoreCustomers runs down the tickets once, for all customers that were touched.
func (x *Index) rescoreCustomers(t *touched) {
	now := x.opt.Now()
	people := &x.cols.people
	slots := make([]uint32, len(people.rows)) // where in tallies, plus one
	var tallies []tally
	for no := range slots {
		if no > 0 && t.holds(uint32(no)) {
			tallies = append(tallies, tally{customer: uint32(no)})
			slots[no] = uint32(len(tallies))
		}
	}
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		for i, customer := range c.customer {
			if int(customer) < len(slots) && slots[customer] != 0 {
				tallies[slots[customer]-1].add(c, i, seconds(now.Unix()))
			}
		}
	}
	const block = 4096
	for len(tallies) > 0 {
		n := min(block, len(tallies))
		scores := make([]uint8, n)
		for i := range scores {
			scores[i] = uint8(ToughScore(tallies[i].history(now, x.orders[tallies[i].customer].Breaches)))
		}
		x.mu.Lock()
		for i, score := range scores {
			no := tallies[i].customer
			people.tough[no] = score
			people.orders[no] = uint16(min(max(x.orders[no].BadOrders, 0), math.MaxUint16))
		}
		x.mu.Unlock()
		tallies = tallies[n:]
	}
}

// tally adds up what the tickets of a customer say of it.
type tally struct {
	customer                              uint32
	last                                  uint32 // the newest bad happening
	bad, escalated, reopened, tickets     float64
	badN, escalatedN, reopenedN, ticketsN uint32
}

// add counts a ticket. What happened to it is taken to have happened when it was closed, or else
// changed last: facts carry no other time.
func (t *tally) add(c *chunk, i int, now uint32) {
	t.ticketsN++
	t.tickets += fadedBy(now, c.created[i])
	rating, escalated, reopened := c.rating(i), c.bits[i]&bitEscalated != 0, c.reopened[i]
	bad := rating == 1 || rating == 2
	if !bad && !escalated && reopened == 0 {
		return
	}
	at := c.closed[i]
	if at == 0 {
		at = c.updated[i]
	}
	if at == 0 {
		at = c.created[i]
	}
	weight := fadedBy(now, at)
	t.last = max(t.last, at)
	if bad {
		t.bad += weight
		t.badN++
	}
	if escalated {
		t.escalated += weight
		t.escalatedN++
	}
	t.reopened += weight * float64(reopened)
	t.reopenedN += uint32(reopened)
}

// fadedBy is what a happening still weighs; one that nobody knows the time of weighs nothing.
func fadedBy(now, at uint32) float64 {
	if at == 0 {
		return 0
	}
	if at >= now {
		return 1
	}
	return math.Exp2(-float64(now-at) / HalfLife.Seconds())
}

// history adds the breaches of the customer's orders, each at the end of its month.
func (t *tally) history(now time.Time, breaches []core.Month) History {
	h := History{
		BadRatings: t.bad, Escalations: t.escalated, Reopenings: t.reopened, Tickets: t.tickets,
		BadRatingsN: int(t.badN), EscalationsN: int(t.escalatedN), ReopeningsN: int(t.reopenedN), TicketsN: int(t.ticketsN),
		BreachesN: len(breaches), LastBad: instant(t.last),
	}
	for _, m := range breaches {
		end := seconds((m + 1).First().Time().Unix())
		h.Breaches += fadedBy(seconds(now.Unix()), end)
	}
	return h
}
