package tickets

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// Standing counts the open tickets by what they need now.
type Standing struct {
	Tickets                          int64
	Open, Red, Amber, Unowned, Tough int
	Due                              []uint32 // unanswered, the most pressing first
	AtRisk                           []uint32 // the riskiest first
	Days                             []core.TicketDay
}

// Standing sums the pool up. due and atRisk say how many tickets to list, days how many days.
// Acknowledged and snoozed tickets are counted and not listed.
func (x *Index) Standing(due, atRisk, days int) Standing {
	now := x.opt.Now()
	calendar := newDayCounts(now.In(x.opt.Location()), days)
	dueList, riskList := topList{limit: max(due, 0)}, topList{limit: max(atRisk, 0)}
	from, second := x.opt.Tough(), seconds(now.Unix())
	x.mu.RLock()
	s := Standing{Tickets: int64(x.cols.tickets)}
	tough := x.marked(func(no uint32) bool { is, _ := x.isTough(no, now, from); return is })
	x.mu.RUnlock()
	x.eachOpen(func(no uint32, c *chunk, i int) {
		s.Open++
		if c.owner.at(i) == 0 {
			s.Unowned++
		}
		if customer := c.customer.at(i); int(customer) < len(tough) && tough[customer] {
			s.Tough++
		}
		attended := x.attended(no, now)
		if c.clock(i) == clockRuns {
			d := c.deadlines.at(i)
			switch d.state(second) {
			case core.ClockRed:
				s.Red++
			case core.ClockAmber:
				s.Amber++
			}
			if !attended {
				dueList.add(sortPlace{uint64(d.due), no})
			}
		}
		if attended {
			return
		}
		riskList.add(sortPlace{uint64(100 - c.risk[i]), no})
	})
	x.eachChunk(func(_ int, c *chunk) {
		if calendar.reaches(c.newest) {
			c.there.each(func(i int) { calendar.count(c.created[i], c.closed[i]) })
		}
	})
	s.Due, s.AtRisk, s.Days = dueList.nos(), riskList.nos(), calendar.days
	return s
}

// nos are the numbers of the tickets kept.
func (t *topList) nos() []uint32 {
	nos := make([]uint32, 0, t.limit)
	if t.limit > 0 {
		for _, p := range t.sorted() {
			nos = append(nos, p.no)
		}
	}
	return nos
}

// eachOpen calls f for every ticket somebody has to do something about, by number. It holds mu for
// a chunk at a time, so that with many open tickets nobody waits for all of them.
func (x *Index) eachOpen(f func(no uint32, c *chunk, i int)) {
	x.eachChunk(func(n int, c *chunk) {
		c.open.each(func(i int) { f(uint32(n<<chunkBits|i), c, i) })
	})
}

func (x *Index) eachChunk(f func(n int, c *chunk)) {
	for n, all := 0, 1; n < all; n++ {
		x.mu.RLock()
		if all = len(x.cols.chunks); n < all && x.cols.chunks[n] != nil {
			f(n, x.cols.chunks[n])
		}
		x.mu.RUnlock()
	}
}

// attended reports whether a person acknowledged or snoozed a ticket. The caller holds mu.
func (x *Index) attended(no uint32, now time.Time) bool {
	return slices.ContainsFunc(x.attention[no], func(a core.Attention) bool { return a.Holds(now) })
}

// DueSoon lists unanswered open tickets whose clock turned amber or red by now, the most
// pressing first, at most limit, without acknowledged and snoozed ones.
func (x *Index) DueSoon(limit int) []uint32 {
	now := x.opt.Now()
	top := topList{limit: max(limit, 0)}
	x.eachOpen(func(no uint32, c *chunk, i int) {
		if d := c.deadlines.at(i); c.clock(i) == clockRuns && d.amber <= seconds(now.Unix()) && !x.attended(no, now) {
			top.add(sortPlace{uint64(d.due), no})
		}
	})
	return top.nos()
}

// Owners lists the owners tickets have, those of the most open tickets first.
func (x *Index) Owners(limit int) []string {
	x.mu.RLock()
	counts, open := make([]int, len(x.cols.names)), make([]int, len(x.cols.names))
	for _, c := range x.cols.chunks {
		if c == nil {
			continue
		}
		c.there.each(func(i int) {
			if owner := c.owner.at(i); owner != 0 && int(owner) < len(counts) {
				counts[owner]++
				if !c.done(i) {
					open[owner]++
				}
			}
		})
	}
	names := slices.Clone(x.cols.names)
	x.mu.RUnlock()
	var list []int
	for no, n := range counts {
		if n > 0 {
			list = append(list, no)
		}
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(open[b], open[a]), cmp.Compare(counts[b], counts[a]), strings.Compare(names[a], names[b]))
	})
	owners := make([]string, 0, min(max(limit, 0), len(list)))
	for _, no := range list[:cap(owners)] {
		owners = append(owners, names[no])
	}
	return owners
}

// dayCounts counts what happened on each of the last days.
type dayCounts struct {
	days   []core.TicketDay
	starts []uint32 // of the days, and of the one behind them
}

// newDayCounts is for the n days that end with the one of now, in its zone.
func newDayCounts(now time.Time, n int) *dayCounts {
	d := &dayCounts{days: []core.TicketDay{}}
	if n <= 0 {
		return d
	}
	year, month, day := now.Date()
	for i := range n + 1 {
		start := time.Date(year, month, day-n+1+i, 0, 0, 0, 0, now.Location())
		d.starts = append(d.starts, seconds(start.Unix()))
		if i < n {
			d.days = append(d.days, core.TicketDay{Day: core.DayOf(start)})
		}
	}
	return d
}

// reaches reports whether a second may be on one of the days.
func (d *dayCounts) reaches(t uint32) bool { return len(d.days) > 0 && t >= d.starts[0] }

func (d *dayCounts) count(created, closed uint32) {
	if at := d.dayOf(created); at >= 0 {
		d.days[at].Created++
	}
	if at := d.dayOf(closed); at >= 0 {
		d.days[at].Closed++
	}
}

// dayOf finds the day of a second; -1 for none of them.
func (d *dayCounts) dayOf(t uint32) int {
	if len(d.days) == 0 || t < d.starts[0] || t >= d.starts[len(d.starts)-1] {
		return -1
	}
	at, found := slices.BinarySearch(d.starts, t)
	if !found {
		at--
	}
	return at
}
