package tabular

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// TimeReader returns how to read moments of a format, as DateReader names them. All named
// formats also read what cannot be mistaken: years in front, months as words, and seconds or
// milliseconds since 1970. A time that names no zone is one of zone, a day alone its midnight
// there. Moments are UTC with whole seconds. It is safe for several goroutines.
func TimeReader(format string, zone *time.Location) (core.TimeRead, error) {
	switch format {
	case FormatISO, FormatDayFirst, FormatMonthFirst, FormatExcel:
		return timeFormat{format, zone}.read, nil
	}
	if _, err := DateReader(format); err != nil {
		return nil, err
	}
	return func(cell string) (time.Time, error) {
		s := trimBlanks(cell)
		t, err := time.ParseInLocation(format, s, zone)
		if err != nil {
			return t, dateError(fmt.Sprintf("%s is not a time written as %s.", shown(cell), format))
		}
		if y := t.Year(); y < firstYear || y > lastYear {
			return t, dateError(flawYear.sentence(cell, dateParts{y: y}, format))
		}
		return t.UTC().Truncate(time.Second), nil
	}, nil
}

// timeFormat reads the moments of one named format.
type timeFormat struct {
	format string
	zone   *time.Location
}

func (f timeFormat) read(cell string) (time.Time, error) {
	cell = trimBlanks(cell)
	p := scanDate(cell)
	if p.shape == shapeNone {
		if t, ok := epoch(cell); ok {
			return t, nil
		}
		if t, ok := f.serial(cell); ok {
			return t, nil
		}
	}
	if p.shape == shapeNumbers && (f.format == FormatISO || f.format == FormatExcel) {
		p = dateParts{}
	}
	_, p, fault := p.resolve(f.format == FormatMonthFirst)
	switch {
	case cell == "":
		return time.Time{}, dateError("The time is missing.")
	case fault != flawNone:
		return time.Time{}, dateError(fault.sentence(cell, p, f.words()))
	case !p.clock.valid():
		return time.Time{}, dateError(fmt.Sprintf("There is no such time of day as in %s.", shown(cell)))
	case p.clock.odd:
		return time.Time{}, dateError(fmt.Sprintf("The time zone of %s may mean several. Write it as a number, such as +02:00.", shown(cell)))
	}
	at := p.clock
	if at.zoned {
		return time.Date(p.y, time.Month(p.m), p.d, at.hour24(), at.minute, at.second-at.offset, 0, time.UTC), nil
	}
	return time.Date(p.y, time.Month(p.m), p.d, at.hour24(), at.minute, at.second, 0, f.zone).UTC(), nil
}

// words is the format as sentences name it.
func (f timeFormat) words() string {
	switch f.format {
	case FormatDayFirst:
		return "day first"
	case FormatMonthFirst:
		return "month first"
	case FormatExcel:
		return "a spreadsheet's day number"
	}
	return "a date with the year in front"
}

// serial reads a spreadsheet's day number, whose fraction is the time of day.
func (f timeFormat) serial(cell string) (time.Time, bool) {
	if f.format != FormatExcel {
		return time.Time{}, false
	}
	day, ok := excelDay(cell)
	if !ok {
		return time.Time{}, false
	}
	seconds := 0
	if len(cell) > 6 {
		part, err := strconv.ParseFloat("0."+cell[6:], 64)
		if err != nil {
			return time.Time{}, false
		}
		seconds = int(part*24*60*60 + 0.5)
	}
	at := day.Time()
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, seconds, 0, f.zone).UTC(), true
}

// epoch reads seconds (10 digits, since 2001) or milliseconds (13 digits) since 1970, with or
// without a fraction.
func epoch(cell string) (time.Time, bool) {
	whole, fraction, dotted := strings.Cut(cell, ".")
	if len(whole) != 10 && len(whole) != 13 {
		return time.Time{}, false
	}
	n, end := int64(0), 0
	for ; end < len(whole) && isDigit(whole[end]); end++ {
		n = n*10 + int64(whole[end]-'0')
	}
	if _, stop := number(fraction, 0); end < len(whole) || dotted && (fraction == "" || stop < len(fraction)) {
		return time.Time{}, false
	}
	if len(whole) == 13 {
		n /= 1000
	}
	if t := time.Unix(n, 0).UTC(); t.Year() <= lastYear {
		return t, true
	}
	return time.Time{}, false
}

// TimeDetector finds out how the moments of one or more columns are written: feed it their cells,
// as DateDetector says. The zero value is ready.
type TimeDetector struct {
	dates  DateDetector
	epochs int
}

// Add looks at one more cell.
func (d *TimeDetector) Add(cell string) {
	if _, ok := epoch(trimBlanks(cell)); ok {
		d.epochs++
		return
	}
	d.dates.Add(cell)
}

// Decided reports whether the cells so far settle the format.
func (d *TimeDetector) Decided() bool {
	return d.dates.Decided() || d.epochs >= enoughDates && d.dates.filled == 0
}

// Result returns the format of the cells so far, as DateDetector.Result does. Without any cell it
// is iso, which no cell can contradict.
func (d *TimeDetector) Result() (format string, choices []core.DateChoice, err error) {
	if d.dates.filled == 0 || d.epochs > d.dates.filled && d.dates.numbers() == 0 {
		return FormatISO, nil, nil
	}
	return d.dates.Result()
}
