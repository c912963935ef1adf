package calendar

import (
	"strings"
	"time"

	"deskwatch/core"
)

// Clock answers how the first-reply clocks of tickets stand. It only computes and may be used by
// several goroutines.
type Clock struct {
	cal     *Calendar
	zone    string
	targets []target
	stops   [256]bool // by status
}

// target is a reply target that was read.
type target struct {
	product  string
	any      bool
	priority core.Priority
	time     time.Duration
}

// amberLeft is how much business time before the deadline a clock turns amber at the latest. It is
// business time, as the rest of the clock is: nobody is warned while the desk is closed, and an
// answer due Monday 09:10 is warned of on Friday.
const amberLeft = 15 * time.Minute

// NewClock returns the clock of s on cal. A target whose priority is no priority fits nothing; the
// settings are checked before they come here.
func NewClock(cal *Calendar, s core.ClockSettings) *Clock {
	c := &Clock{cal: cal, zone: s.Zone}
	for _, t := range s.Targets {
		read := target{product: strings.TrimSpace(t.Product), any: t.Priority == core.PriorityAny, time: time.Duration(t.Minutes) * time.Minute}
		if !read.any {
			p, err := core.ParsePriority(t.Priority)
			if err != nil {
				continue
			}
			read.priority = p
		}
		c.targets = append(c.targets, read)
	}
	for _, status := range s.StoppedBy {
		c.stops[status] = true
	}
	for _, status := range core.TicketStatuses() {
		// Nobody has to answer a ticket that is done, until it is opened again.
		c.stops[status] = c.stops[status] || status.Done()
	}
	return c
}

// target returns what the first target that fits allows; 0 for none.
func (c *Clock) target(product string, priority core.Priority) time.Duration {
	for _, t := range c.targets {
		if (t.any || t.priority == priority) && (t.product == "" || strings.EqualFold(t.product, product)) {
			return t.time
		}
	}
	return 0
}

// Reply says how the clock of one ticket stands.
func (c *Clock) Reply(q core.ClockQuestion) core.ClockAnswer {
	none := core.ClockAnswer{State: core.ClockNone}
	allowed := c.target(q.Product, q.Priority)
	if q.Created.IsZero() || allowed <= 0 {
		return none
	}
	end, answered := q.Now, true
	switch {
	case !q.FirstReply.IsZero():
		end = q.FirstReply
	case !q.Gone && !q.Status.Done():
		answered = false
	case !q.Closed.IsZero():
		end = q.Closed
	default:
		return none // it ended, and nobody knows when
	}
	r := run{clock: c, allowed: allowed, amber: max(min(allowed*3/4, allowed-amberLeft), 0), tell: q.Explain}
	if len(q.History) == 0 && !answered {
		// Without a history the status was always the same. Of an answered ticket that is not
		// known: most of them came to their status with the answer or after it.
		r.standing, r.status = c.stops[q.Status], q.Status
	}
	r.walk(q, end)
	stopped := !answered && c.stops[q.Status]
	if !r.finish(stopped, q.Status, end) {
		return none
	}
	a := core.ClockAnswer{Due: r.due, AmberFrom: r.amberFrom}
	switch {
	case answered && end.After(r.due):
		a.State = core.ClockMissed
	case answered:
		a.State = core.ClockMet
	case stopped:
		a.State = core.ClockStopped
	case q.Now.After(r.due):
		a.State = core.ClockRed
	case !q.Now.Before(r.amberFrom):
		a.State = core.ClockAmber
	default:
		a.State = core.ClockRunning
	}
	if q.Explain {
		a.Steps = c.explain(q, a, allowed, end, append(r.periods, period{from: r.from, to: a.Due}))
	}
	return a
}

// run is the clock of one ticket while it is followed from the ticket's beginning on.
type run struct {
	clock          *Clock
	allowed, amber time.Duration
	used           time.Duration
	from           time.Time // since when it runs, or stands
	standing       bool
	status         core.TicketStatus // for which it stands
	due, amberFrom time.Time         // zero: not reached yet

	tell    bool
	periods []period // what was, when it is to be told
}

// walk follows the clock through the history until end.
func (r *run) walk(q core.ClockQuestion, end time.Time) {
	r.from = q.Created
	for _, s := range q.History {
		if !s.At.Before(end) {
			break
		}
		r.turn(r.clock.stops[s.Status], s.Status, latest(s.At, q.Created))
	}
}

// turn lets the clock stand, or run, from at on.
func (r *run) turn(standing bool, status core.TicketStatus, at time.Time) {
	if standing == r.standing && (!standing || status == r.status) {
		return
	}
	if r.tell {
		r.periods = append(r.periods, period{from: r.from, to: at, standing: r.standing, status: r.status})
	}
	if !r.standing {
		passed := r.clock.cal.Between(r.from, at)
		r.reach(r.used + passed)
		r.used += passed
	}
	r.from, r.standing, r.status = at, standing, status
}

// reach notes when amber and the deadline came, if they come while no more than used is used. It
// reports whether the calendar knows those times.
func (r *run) reach(used time.Duration) bool {
	ok := true
	if r.amberFrom.IsZero() && used >= r.amber {
		r.amberFrom, ok = r.clock.cal.Add(r.from, r.amber-r.used)
	}
	if ok && r.due.IsZero() && used >= r.allowed {
		r.due, ok = r.clock.cal.Add(r.from, r.allowed-r.used)
	}
	return ok
}

// finish lets the clock go on for ever, from end on when it stands or is stopped there. It
// reports whether the deadline ever comes.
func (r *run) finish(stopped bool, status core.TicketStatus, end time.Time) bool {
	if stopped {
		r.turn(true, status, end)
	}
	if r.standing {
		r.turn(false, status, latest(r.from, end))
	}
	return r.reach(r.allowed)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
