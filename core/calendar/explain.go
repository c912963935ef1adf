package calendar

import (
	"fmt"
	"strings"
	"time"

	"deskwatch/core"
)

// Days told one by one; of longer waits the days between are summed up.
const (
	maxDaysTold = 5
	maxDaysRead = 366
)

// period is a time in which the clock ran, or stood for a status.
type period struct {
	from, to time.Time
	standing bool
	status   core.TicketStatus
}

// account tells how a deadline came about.
type account struct {
	cal   *Calendar
	now   time.Time
	steps []core.ClockStep
}

func (c *Clock) explain(q core.ClockQuestion, a core.ClockAnswer, allowed time.Duration, end time.Time, periods []period) []core.ClockStep {
	t := account{cal: c.cal, now: q.Now}
	t.say(q.Created, "Created %s.", t.when(q.Created))
	kind := "business time"
	if c.cal.always {
		kind = "time around the clock"
	}
	if c.zone != "" {
		kind += ", as clocks in " + c.zone + " show it"
	}
	t.say(q.Created, "An answer may take %s of %s.", length(allowed), kind)
	for _, p := range periods {
		if p.from.After(a.Due) {
			break
		}
		if p.to.After(a.Due) && !p.standing {
			p.to = a.Due
		}
		t.period(p)
	}
	switch {
	case a.State != core.ClockStopped:
		t.say(a.Due, "Due %s.", t.when(a.Due))
	case a.Due.Before(end):
		t.say(a.Due, "Was due %s, before the clock was stopped.", t.when(a.Due))
	default:
		t.say(a.Due, "Due %s if the clock went on now.", t.when(a.Due))
	}
	t.outcome(q, a, end)
	return t.steps
}

func (t *account) say(at time.Time, format string, args ...any) {
	t.steps = append(t.steps, core.ClockStep{At: at, Text: fmt.Sprintf(format, args...)})
}

// outcome says what became of it, or what comes next.
func (t *account) outcome(q core.ClockQuestion, a core.ClockAnswer, end time.Time) {
	what := "Answered " + t.when(end)
	if q.FirstReply.IsZero() {
		what = "Ended " + t.when(end) + " without a first reply on record"
	}
	switch a.State {
	case core.ClockMet:
		t.say(end, "%s, in time: %s were left.", what, length(t.cal.Between(end, a.Due)))
	case core.ClockMissed:
		t.say(end, "%s: %s too late.", what, length(t.cal.Between(a.Due, end)))
	case core.ClockRed:
		t.say(q.Now, "No answer yet: %s too late.", length(t.cal.Between(a.Due, q.Now)))
	case core.ClockAmber:
		t.say(a.AmberFrom, "Amber since %s: three quarters of the time are used, or 15 minutes of it are left.", t.when(a.AmberFrom))
	case core.ClockRunning:
		t.say(a.AmberFrom, "Turns amber %s.", t.when(a.AmberFrom))
	}
}

func (t *account) period(p period) {
	switch {
	case !p.standing:
		t.running(p.from, p.to)
	case !p.from.Before(p.to):
		t.say(p.from, "Stopped while %s.", p.status)
	case p.to.Equal(t.now):
		t.say(p.from, "Stopped since %s while %s.", t.when(p.from), p.status)
	default:
		t.say(p.from, "Stopped %s to %s while %s.", t.when(p.from), t.whenOn(p.to, p.from), p.status)
	}
}

// counted is what counted on one day.
type counted struct {
	first, last time.Time
	time        time.Duration
	closed      []string // the days before it that did not count
}

func (t *account) running(from, to time.Time) {
	days, closed, to := t.days(from, to)
	for i, d := range days {
		if n := len(days) - 2; len(days) > maxDaysTold && i > 0 && i <= n {
			if i == n {
				var sum time.Duration
				shut := 0
				for _, d := range days[1 : n+1] {
					sum += d.time
					shut += len(d.closed)
				}
				left := ""
				if shut > 0 {
					left = ", days that do not count left out"
				}
				t.say(days[1].first, "Counts %s from %s to %s%s.", length(sum), t.when(days[1].first), t.when(d.last), left)
			}
			continue
		}
		t.shut(d.first, d.closed)
		breaks := ""
		if d.last.Sub(d.first) > d.time {
			breaks = ", without the breaks"
		}
		t.say(d.first, "Counts %s: %s to %s%s.", length(d.time), t.when(d.first), t.whenOn(d.last, d.first), breaks)
	}
	t.shut(to, closed)
}

// days takes the time from from to to apart into the days that count. Of a wait of more than a
// year it takes the first year, and the rest as one day.
func (t *account) days(from, to time.Time) (list []counted, closed []string, end time.Time) {
	for n := 0; from.Before(to); n++ {
		y, m, d := from.In(t.cal.loc).Date()
		next := time.Date(y, m, d+1, 0, 0, 0, 0, t.cal.loc)
		if next.After(to) || t.cal.always || n >= maxDaysRead || !next.After(from) {
			next = to
		}
		part := t.cal.Between(from, next)
		if part <= 0 {
			if why := t.closed(core.DayOf(from.In(t.cal.loc))); why != "" {
				closed = append(closed, why)
			}
			from = next
			continue
		}
		first, _ := t.cal.Add(from, 1)
		last, _ := t.cal.Add(from, part)
		list = append(list, counted{first: first.Add(-1), last: last, time: part, closed: closed})
		closed, from = nil, next
	}
	return list, closed, to
}

// closed names a day without business hours; "" for a day that has some.
func (t *account) closed(d core.Day) string {
	from := int64(d) * dayNanos
	date := d.Time().Format("2 January")
	if t.cal.week.until(from) == t.cal.week.until(from+dayNanos) {
		return d.Time().Format("Monday")
	}
	name, holiday := t.cal.names[d]
	switch {
	case !holiday:
		return ""
	case name == "":
		return date
	}
	return date + " (" + name + ")"
}

// shut says which days did not count.
func (t *account) shut(at time.Time, days []string) {
	var names []string
	for i := 0; i < len(days); i++ {
		if days[i] == "Saturday" && i+1 < len(days) && days[i+1] == "Sunday" {
			names = append(names, "the weekend")
			i++
			continue
		}
		names = append(names, days[i])
	}
	switch n := len(names); {
	case n == 0:
		return
	case n > maxDaysTold:
		t.say(at, "%d days do not count.", len(days))
	case n == 1:
		t.say(at, "%s does not count.", capital(names[0]))
	default:
		t.say(at, "%s and %s do not count.", capital(strings.Join(names[:n-1], ", ")), names[n-1])
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// when tells a moment by its weekday, and by its date too when it is not of these days.
func (t *account) when(at time.Time) string {
	at, now := at.In(t.cal.loc), t.now.In(t.cal.loc)
	switch days := core.DayOf(at) - core.DayOf(now); {
	case at.Year() != now.Year() && (days > 6 || days < -6):
		return at.Format("Monday 2 January 2006 15:04")
	case days > 6 || days < -6:
		return at.Format("Monday 2 January 15:04")
	}
	return at.Format("Monday 15:04")
}

// whenOn tells a moment after other, by its hour alone when both are of one day.
func (t *account) whenOn(at, other time.Time) string {
	if core.DayOf(at.In(t.cal.loc)) == core.DayOf(other.In(t.cal.loc)) {
		return at.In(t.cal.loc).Format("15:04")
	}
	if at.In(t.cal.loc).Format("15:04") == "00:00" && core.DayOf(at.In(t.cal.loc)) == core.DayOf(other.In(t.cal.loc))+1 {
		return "24:00"
	}
	return t.when(at)
}

// length writes a length of time in hours and minutes.
func length(d time.Duration) string {
	minutes := int64(d.Round(time.Minute) / time.Minute)
	switch hours := minutes / 60; {
	case minutes == 0:
		return "less than a minute"
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes%60 == 0:
		return fmt.Sprintf("%d h", hours)
	default:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	}
}
