// Package calendar counts business time: hours on the wall of one time zone, holidays, and the
// first-reply clock that runs on them.
package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // a machine without a zone database knows the zones too

	"deskwatch/core"
)

// Holiday is a whole day, in the calendar's zone, on which no business time passes.
type Holiday struct {
	Day  core.Day
	Name string
}

// Calendar adds and measures business time. An instant counts when its wall time lies in one of
// the frames of its weekday and its day is no holiday: a frame over a skipped hour is shorter, one
// over a repeated hour longer. It only computes and may be used by several goroutines.
type Calendar struct {
	loc      *time.Location
	always   bool
	zone     []stretch
	week     week
	holidays []closedDay
	names    map[core.Day]string
}

// Instants before first or after last are taken for them; int64 nanoseconds do not reach much further.
var (
	first = time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)
	last  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// New returns the calendar of s. It fails with core.CodeInvalid for a zone that does not exist
// and for frames that cannot be used; that there are no frames is no error: then no time counts.
func New(s core.ClockSettings, holidays []Holiday) (*Calendar, error) {
	loc, err := Zone(s.Zone)
	if err != nil {
		return nil, err
	}
	c := &Calendar{loc: loc, always: s.AlwaysOpen, names: map[core.Day]string{}}
	if c.week, err = newWeek(s.Frames); err != nil {
		return nil, err
	}
	if c.always {
		return c, nil
	}
	for _, h := range holidays {
		if c.names[h.Day] == "" {
			c.names[h.Day] = h.Name
		}
	}
	c.holidays = closedDays(holidays, c.week)
	c.zone = stretches(loc)
	for i := 1; i < len(c.zone); i++ {
		z, before := &c.zone[i], c.zone[i-1]
		z.counted = before.counted + c.wall(z.from+before.offset) - c.wall(before.from+before.offset)
	}
	return c, nil
}

// Zone returns the location of an IANA name; "" is this machine's.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return time.Local, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, core.NewError(core.CodeInvalid, "calendar.zone", fmt.Sprintf(
			"%q is not a time zone. Write it as Europe/Madrid, or leave it empty for this machine's.", name), err)
	}
	return loc, nil
}

// Location is the zone on whose wall the business hours are.
func (c *Calendar) Location() *time.Location { return c.loc }

// Between is the business time from a to b; it is negative when b is before a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if c.always {
		return b.Sub(a)
	}
	return time.Duration(c.counted(b) - c.counted(a))
}

// Add returns the earliest instant from start on at which d of business time has passed since.
// ok is false when that never happens, or not before the year 2200.
func (c *Calendar) Add(start time.Time, d time.Duration) (end time.Time, ok bool) {
	if c.always || d <= 0 {
		return start.Add(max(d, 0)), true
	}
	done := c.counted(start)
	if int64(d) > c.counted(last)-done {
		return time.Time{}, false
	}
	want := done + int64(d)
	i, _ := slices.BinarySearchFunc(c.zone, want, func(z stretch, t int64) int { return cmp.Compare(z.counted, t) })
	z := c.zone[i-1] // the last stretch with less than want at its beginning
	wall := c.wallAt(c.wall(z.from+z.offset) + want - z.counted)
	return time.Unix(0, wall-z.offset).In(start.Location()), true
}

// counted is the business time from first to t, in nanoseconds.
func (c *Calendar) counted(t time.Time) int64 {
	if t.Before(first) {
		t = first
	} else if t.After(last) {
		t = last
	}
	n := t.UnixNano()
	i, found := slices.BinarySearchFunc(c.zone, n, func(z stretch, n int64) int { return cmp.Compare(z.from, n) })
	if !found {
		i--
	}
	z := c.zone[i]
	return z.counted + c.wall(n+z.offset) - c.wall(z.from+z.offset)
}

// wall is the business time until the wall time w on a wall whose clock is never changed, holidays
// left out. Only differences of it mean anything.
func (c *Calendar) wall(w int64) int64 {
	i, _ := slices.BinarySearchFunc(c.holidays, w, func(h closedDay, w int64) int { return cmp.Compare(h.from, w) })
	if i == 0 {
		return c.week.until(w)
	}
	if h := c.holidays[i-1]; w < h.from+dayNanos {
		return h.counted // within a holiday
	}
	return c.week.until(w) - c.holidays[i-1].sum
}

// wallAt is the earliest wall time at which wall is n.
func (c *Calendar) wallAt(n int64) int64 {
	i, _ := slices.BinarySearchFunc(c.holidays, n, func(h closedDay, n int64) int { return cmp.Compare(h.counted, n) })
	if i > 0 { // the first i holidays begin with less than n counted
		n += c.holidays[i-1].sum
	}
	return c.week.at(n)
}

// stretch is a time between two changes of the clock.
type stretch struct {
	from    int64 // Unix nanoseconds
	offset  int64 // nanoseconds east of UTC
	counted int64 // business time until from
}

func stretches(loc *time.Location) []stretch {
	var list []stretch
	for t := first; !t.IsZero() && t.Before(last); {
		_, seconds := t.In(loc).Zone()
		offset := int64(seconds) * int64(time.Second)
		if len(list) == 0 || list[len(list)-1].offset != offset {
			list = append(list, stretch{from: t.UnixNano(), offset: offset})
		}
		_, end := t.In(loc).ZoneBounds()
		if !end.IsZero() && !end.After(t) {
			// Go 1.26 takes the last day of a leap year after 2037 for a zone without length.
			end = t.Add(24 * time.Hour)
		}
		t = end
	}
	return list
}

// closedDay is a holiday on a day that would have business hours.
type closedDay struct {
	from    int64 // midnight on the wall
	counted int64 // business time until then, on the wall
	sum     int64 // what the holidays up to this one take away
}

func closedDays(holidays []Holiday, w week) []closedDay {
	days := make([]core.Day, 0, len(holidays))
	low, high := core.DayOf(first), core.DayOf(last)
	for _, h := range holidays {
		if h.Day >= low && h.Day <= high {
			days = append(days, h.Day)
		}
	}
	slices.Sort(days)
	var list []closedDay
	var sum int64
	for _, d := range slices.Compact(days) {
		from := int64(d) * dayNanos
		loss := w.until(from+dayNanos) - w.until(from)
		if loss == 0 {
			continue
		}
		counted := w.until(from) - sum
		sum += loss
		list = append(list, closedDay{from: from, counted: counted, sum: sum})
	}
	return list
}
