package tickets

import (
	"math"
	"slices"
	"time"

	"deskwatch/core"
)

// touched is what a change has made scores and risks of out of date.
type touched struct {
	all       bool     // every score, and every risk
	aged      bool     // every risk
	customers []uint32 // by number; some may come twice
	tickets   []uint32 // of customers nobody knows
}

func (t *touched) customer(no uint32) {
	if !t.all {
		t.customers = append(t.customers, no)
	}
}

// ticket touches a ticket and its customer, if that is known.
func (t *touched) ticket(no, customer uint32, known bool) {
	if known {
		t.customer(customer)
	} else if !t.all {
		t.tickets = append(t.tickets, no)
	}
}

// SetFlags makes these the flags that count, by customer. The map is the index's from then on.
func (x *Index) SetFlags(flags map[uint32]core.ToughFlag) {
	x.writing.Lock()
	defer x.writing.Unlock()
	var touched touched
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
	x.rescore(&touched)
}

// SetOrders makes these what the orders say, by customer of the tickets. The map is the index's
// from then on.
func (x *Index) SetOrders(orders map[uint32]OrderFacts) {
	x.writing.Lock()
	defer x.writing.Unlock()
	var touched touched
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
	x.rescore(&touched)
}

// rescore tells the scores of the customers that were touched anew, and the risks of their open
// tickets.
func (x *Index) rescore(t *touched) {
	people := &x.cols.people
	if t.all {
		x.scored = x.opt.Now()
		t.customers = t.customers[:0]
		for no := range people.rows {
			t.customers = append(t.customers, uint32(no))
		}
	}
	slices.Sort(t.customers)
	t.customers = slices.DeleteFunc(slices.Compact(t.customers), func(no uint32) bool { return !people.has(no) })
	x.slots = append(x.slots, make([]uint16, max(len(people.rows)-len(x.slots), 0))...)
	for group := range slices.Chunk(t.customers, scoredAtOnce) {
		x.rescoreCustomers(group, func(no uint32) {
			if !t.all && !t.aged {
				t.tickets = append(t.tickets, no)
			}
		})
	}
	if t.all || t.aged {
		x.rescoreAll()
		return
	}
	x.rescoreTickets(t.tickets)
}

// rescoreAll tells the risks of all open tickets.
func (x *Index) rescoreAll() {
	var risks [chunkSize]uint8
	now := x.opt.Now()
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		risks = c.risk
		c.open.each(func(i int) { risks[i] = x.riskOf(c, i, now) })
		if risks != c.risk {
			x.mu.Lock()
			c.risk = risks
			x.mu.Unlock()
		}
	}
}

// rescoreTickets tells the risks of some tickets.
func (x *Index) rescoreTickets(nos []uint32) {
	now := x.opt.Now()
	for part := range slices.Chunk(nos, 1000) {
		risks := make([]uint8, len(part))
		for n, no := range part {
			if c, i, ok := x.cols.at(no); ok && !c.done(i) {
				risks[n] = x.riskOf(c, i, now)
			}
		}
		x.mu.Lock()
		for n, no := range part {
			if c, i, ok := x.cols.at(no); ok {
				c.risk[i] = risks[n]
			}
		}
		x.mu.Unlock()
	}
}

// riskOf is the risk of an open ticket: what a model predicts, or else what the rules say.
func (x *Index) riskOf(c *chunk, i int, now time.Time) uint8 {
	if p := c.predicted[i]; p != 0 {
		return p - 1
	}
	return uint8(RiskPercent(x.riskInput(c, i, now)))
}

// riskInput gathers what the risk of an open ticket is told from.
func (x *Index) riskInput(c *chunk, i int, now time.Time) RiskInput {
	k := &x.cols.classes[c.class.at(i)]
	in := RiskInput{
		Status: k.status, Priority: k.priority, Clock: c.clockState(i, seconds(now.Unix())), Escalated: c.bits[i]&bitEscalated != 0,
		Reopened: int(c.reopened[i]), Unowned: c.owner.at(i) == 0,
	}
	if t := c.created[i]; t != 0 {
		in.Age = now.Sub(instant(t))
	}
	if t := c.updated[i]; t != 0 {
		in.Silence = now.Sub(instant(t))
	}
	if no := c.customer.at(i); no != 0 && int(no) < len(x.cols.people.tough) {
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

// scoredAtOnce is for how many customers the tickets are added up in one run: a megabyte of sums,
// and slots count them in 16 bits.
const scoredAtOnce = 1 << 14

// rescoreCustomers runs down the tickets once, for some customers, and calls open for those that
// are open.
func (x *Index) rescoreCustomers(customers []uint32, open func(no uint32)) {
	now := x.opt.Now()
	second := seconds(now.Unix())
	people := &x.cols.people
	tallies := make([]tally, len(customers))
	var marks customerMarks
	for n, no := range customers {
		x.slots[no] = uint16(n + 1)
		marks.add(no)
	}
	for n, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.ofCustomers(&marks, func(i int) {
			tallies[x.slots[c.customer.at(i)]-1].add(c, i, second)
			if !c.done(i) {
				open(uint32(n<<chunkBits | i))
			}
		})
	}
	scores := make([]uint8, len(customers))
	for n, no := range customers {
		x.slots[no] = 0
		scores[n] = uint8(ToughScore(tallies[n].history(now, x.orders[no].Breaches)))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for n, no := range customers {
		people.tough[no] = scores[n]
		people.orders[no] = uint16(min(max(x.orders[no].BadOrders, 0), math.MaxUint16))
	}
}

// tally adds up what the tickets of a customer say of it.
type tally struct {
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
