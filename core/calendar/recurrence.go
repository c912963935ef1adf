package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"deskwatch/core"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// starts lists the days on which e begins, start among them, without those that are excepted or
// replaced.
func (b *book) starts(e ical.Event, start core.Day) ([]core.Day, error) {
	days := []core.Day{start}
	rule, err := e.Props.RecurrenceRule()
	if err != nil {
		return nil, err
	}
	recurs := e.Props.Get(ical.PropRecurrenceID) == nil // else it stands for one occurrence
	if rule != nil && recurs {
		if days, err = b.follow(*rule, start); err != nil {
			return nil, err
		}
	}
	more, err := b.dates(e, ical.PropRecurrenceDates)
	if err != nil {
		return nil, err
	}
	except, err := b.dates(e, ical.PropExceptionDates)
	if err != nil {
		return nil, err
	}
	days = append(days, more...)
	return slices.DeleteFunc(days, func(d core.Day) bool {
		return slices.Contains(except, d) || recurs && b.moved[occurrence(e, d)]
	}), nil
}

// follow lists the days of a recurrence that begins with start.
func (b *book) follow(rule rrule.ROption, start core.Day) (days []core.Day, err error) {
	defer func() {
		// The library panics on some numbers, such as a hundred thousand days after Easter.
		if r := recover(); r != nil {
			days, err = nil, fmt.Errorf("%v", r)
		}
	}()
	if b.rules++; b.rules > maxRules {
		return nil, errors.New("too many recurring events")
	}
	if rule.Freq > rrule.DAILY {
		return nil, errors.New("repeats several times a day")
	}
	rule.Dtstart = start.Time()
	rule.Byhour, rule.Byminute, rule.Bysecond = nil, nil, nil
	if limit := b.last.Time(); rule.Until.IsZero() || rule.Until.After(limit) {
		rule.Until = limit
	} else {
		rule.Until = core.DayOf(rule.Until.In(time.UTC)).Time()
	}
	r, err := rrule.NewRRule(rule)
	if err != nil {
		return nil, err
	}
	next := r.Iterator()
	for t, ok := next(); ok; t, ok = next() {
		if b.seen++; b.seen > maxOccurrences {
			return nil, errors.New("repeats too often")
		}
		days = append(days, core.DayOf(t))
	}
	return days, nil
}

// dates reads the properties of a name that list several dates, with commas between.
func (b *book) dates(e ical.Event, name string) (days []core.Day, err error) {
	for _, p := range e.Props.Values(name) {
		for value := range strings.SplitSeq(p.Value, ",") {
			one := p
			one.Value, _, _ = strings.Cut(value, "/") // a period counts from its beginning
			t, err := b.read(&one)
			if err != nil {
				return nil, err
			}
			if b.seen++; b.seen > maxOccurrences {
				return nil, errors.New("repeats too often")
			}
			days = append(days, core.DayOf(t))
		}
	}
	return days, nil
}
