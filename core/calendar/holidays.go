package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"deskwatch/core"

	"github.com/emersion/go-ical"
)

// Bounds of a holidays file. Those of a country are some ten kilobytes long.
const (
	maxHolidayFile = 4 << 20
	maxHolidayLine = 64 << 10 // folded lines put together
	maxOccurrences = 100_000
	maxRules       = 1000 // a rule that never applies is followed for a quarter of a second
	holidayYears   = 50   // before and after now
)

// ReadHolidays reads the days of an iCalendar file (RFC 5545), in order: those an event covers
// from midnight to midnight, in loc where the file names no zone. Recurring events are followed
// 50 years before and after around; cancelled ones are left out. A file that is no calendar, is
// too large or has no such day fails with core.CodeInvalid.
func ReadHolidays(r io.Reader, loc *time.Location, around time.Time) ([]Holiday, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxHolidayFile+1))
	switch {
	case err != nil:
		return nil, core.NewError(core.CodeUnavailable, "calendar.holidays", "The holidays file could not be read to its end. Try again.", err)
	case len(text) > maxHolidayFile:
		return nil, refused("The holidays file is larger than 4 MB. Choose one with holidays only.", nil)
	case longestLine(text) > maxHolidayLine:
		return nil, refused("The holidays file has a line that is too long for a calendar. Choose an .ics file.", nil)
	}
	events, err := decode(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	b := book{loc: loc, days: map[core.Day]string{}, moved: map[string]bool{},
		first: core.DayOf(around.AddDate(-holidayYears, 0, 0)), last: core.DayOf(around.AddDate(holidayYears, 0, 0))}
	for _, e := range events {
		b.note(e)
	}
	for _, e := range events {
		if err := b.take(e); err != nil {
			return nil, err
		}
	}
	if len(b.days) == 0 {
		return nil, refused("The holidays file has no event that lasts a whole day. Choose a calendar of holidays.", nil)
	}
	list := make([]Holiday, 0, len(b.days))
	for d, name := range b.days {
		list = append(list, Holiday{d, name})
	}
	slices.SortFunc(list, func(a, b Holiday) int { return int(a.Day - b.Day) })
	return list, nil
}

func refused(message string, cause error) error {
	return core.NewError(core.CodeInvalid, "calendar.holidays", message, cause)
}

// longestLine is the length of the longest line after unfolding: the reader takes time that grows
// with its square.
func longestLine(text []byte) (longest int) {
	now := 0
	for line := range bytes.Lines(text) {
		if line[0] != ' ' && line[0] != '\t' {
			now = 0
		}
		now += len(line)
		longest = max(longest, now)
	}
	return longest
}

// decode reads every event of every calendar in the file.
func decode(text []byte) (events []ical.Event, err error) {
	const sentence = "The holidays file is not a calendar Deskwatch can read. Choose an .ics file (iCalendar)."
	defer func() {
		// The decoder panics on some broken lines, such as a parameter that ends the file.
		if r := recover(); r != nil {
			events, err = nil, refused(sentence, fmt.Errorf("%v", r))
		}
	}()
	d := ical.NewDecoder(bytes.NewReader(text))
	for n := 0; ; n++ {
		c, err := d.Decode()
		if errors.Is(err, io.EOF) && n > 0 {
			return events, nil
		}
		if err != nil {
			return nil, refused(sentence, err)
		}
		events = append(events, c.Events()...)
	}
}

// book gathers the holidays.
type book struct {
	loc         *time.Location
	first, last core.Day
	days        map[core.Day]string
	moved       map[string]bool // occurrences that another event of the file replaces, by uid and day
	seen, rules int             // occurrences and recurring events so far
}

// note remembers which occurrence of a recurring event e stands for, if it does.
func (b *book) note(e ical.Event) {
	if id := e.Props.Get(ical.PropRecurrenceID); id != nil {
		if t, err := b.read(id); err == nil {
			b.moved[occurrence(e, core.DayOf(t))] = true
		}
	}
}

func occurrence(e ical.Event, d core.Day) string {
	uid := ""
	if p := e.Props.Get(ical.PropUID); p != nil {
		uid = p.Value
	}
	return uid + " " + d.String()
}

func (b *book) take(e ical.Event) error {
	if p := e.Props.Get(ical.PropStatus); p != nil && strings.EqualFold(strings.TrimSpace(p.Value), string(ical.EventCancelled)) {
		return nil
	}
	name := summary(e)
	start, days, err := b.extent(e)
	if err != nil {
		return refused(fmt.Sprintf("The event %q of the holidays file has a date that cannot be read. Correct or remove it.", name), err)
	}
	if days == 0 {
		return nil // some hours of a day
	}
	starts, err := b.starts(e, start)
	if err != nil {
		return refused(fmt.Sprintf("How the event %q of the holidays file repeats cannot be read. Correct or remove it.", name), err)
	}
	for _, d := range starts {
		for d, end := max(d, b.first), min(d+days, b.last); d < end; d++ {
			if b.days[d] == "" {
				b.days[d] = name
			}
		}
	}
	return nil
}

func summary(e ical.Event) string {
	name, err := e.Props.Text(ical.PropSummary)
	if err != nil { // a backslash out of place is no reason to lose the holiday
		name = e.Props.Get(ical.PropSummary).Value
	}
	name = strings.Join(strings.Fields(name), " ")
	if r := []rune(name); len(r) > 80 {
		name = string(r[:79]) + "…"
	}
	return name
}

// extent returns the first day e covers as a whole, and how many.
func (b *book) extent(e ical.Event) (first, days core.Day, err error) {
	p := e.Props.Get(ical.PropDateTimeStart)
	if p == nil {
		return 0, 0, errors.New("no DTSTART")
	}
	start, err := b.read(p)
	if err != nil {
		return 0, 0, err
	}
	wholeDays := dated(strings.TrimSpace(p.Value))
	end := start
	if wholeDays {
		end = start.AddDate(0, 0, 1)
	}
	if p := e.Props.Get(ical.PropDateTimeEnd); p != nil {
		if end, err = b.read(p); err != nil {
			return 0, 0, err
		}
	} else if p := e.Props.Get(ical.PropDuration); p != nil {
		d, err := p.Duration()
		if err != nil {
			return 0, 0, err
		}
		end = start.Add(d)
	}
	first = core.DayOf(start)
	if wholeDays {
		return first, max(core.DayOf(end)-first, 1), nil // some programs write the same day as its end
	}
	if !start.Equal(first.Time()) {
		first++
	}
	// An end at 23:59 means midnight.
	return first, max(core.DayOf(end.Add(time.Minute))-first, 0), nil
}

// read reads a date or a time as wall time, told in UTC so that every day has 24 hours.
func (b *book) read(p *ical.Prop) (time.Time, error) {
	q := ical.Prop{Name: p.Name, Params: ical.Params{}, Value: strings.TrimSpace(p.Value)}
	if dated(q.Value) { // many files leave VALUE=DATE out
		q.SetValueType(ical.ValueDate)
	}
	zone := p.Params.Get(ical.PropTimezoneID)
	if _, err := time.LoadLocation(zone); err == nil && zone != "" {
		// Zones named as Windows does, or by the file itself, are left out: their wall counts as ours.
		q.Params.Set(ical.PropTimezoneID, zone)
	}
	t, err := q.DateTime(b.loc)
	if err != nil {
		return t, err
	}
	t = t.In(b.loc)
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC), nil
}

// dated tells a date from a time.
func dated(value string) bool { return len(value) == len("20060102") }
