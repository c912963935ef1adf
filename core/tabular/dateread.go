package tabular

import (
	"fmt"
	"strings"
	"time"

	"deskwatch/core"
)

// The named date formats.
const (
	FormatISO        = "iso"
	FormatDayFirst   = "day-first"
	FormatMonthFirst = "month-first"
	FormatExcel      = "excel"
)

// The serials spreadsheets write for 1990-01-01 and 2100-12-31, and the day that would be serial 0
// (counting 1900 as a leap year, as they do).
const (
	excelFirst = 32874
	excelLast  = 73415
	excelZero  = -25569
)

// DateReader returns how to read dates of a format: "iso", "day-first", "month-first",
// "excel", or a Go layout such as "02.01.06". All named formats also read what cannot be
// mistaken: years in front and months as words. It is safe for several goroutines.
func DateReader(format string) (core.DateRead, error) {
	switch format {
	case FormatISO:
		return func(cell string) (core.Day, error) {
			p := scanDate(cell)
			if p.shape == shapeNumbers {
				p = dateParts{}
			}
			return finish(cell, p, false, "a date with the year in front")
		}, nil
	case FormatDayFirst:
		return func(cell string) (core.Day, error) { return finish(cell, scanDate(cell), false, "day first") }, nil
	case FormatMonthFirst:
		return func(cell string) (core.Day, error) { return finish(cell, scanDate(cell), true, "month first") }, nil
	case FormatExcel:
		return func(cell string) (core.Day, error) {
			if day, ok := excelDay(trimBlanks(cell)); ok {
				return day, nil
			}
			p := scanDate(cell)
			if p.shape == shapeNumbers {
				p = dateParts{}
			}
			return finish(cell, p, false, "a spreadsheet's day number")
		}, nil
	}
	if !isLayout(format) {
		return nil, core.NewError(core.CodeInvalid, "tabular.date_format",
			fmt.Sprintf("%s is not a date format. Use iso, day-first, month-first, excel, or a Go layout such as 02.01.2006.", shown(format)), nil)
	}
	return layoutReader(format), nil
}

func finish(cell string, p dateParts, monthFirst bool, format string) (core.Day, error) {
	day, p, f := p.resolve(monthFirst)
	if f == flawNone {
		return day, nil
	}
	if trimBlanks(cell) == "" {
		return 0, dateError("The date is missing.")
	}
	return 0, dateError(f.sentence(cell, p, format))
}

func dateError(sentence string) error { return core.NewError(core.CodeInvalid, "", sentence, nil) }

// excelDay reads a serial of days since 1900, with the time of day as its fraction.
func excelDay(s string) (core.Day, bool) {
	n, end := number(s, 0)
	if end != 5 || n < excelFirst || n > excelLast {
		return 0, false
	}
	if end < len(s) {
		_, stop := number(s, end+1)
		if s[end] != '.' && s[end] != ',' || stop != len(s) || stop == end+1 {
			return 0, false
		}
	}
	return core.Day(n + excelZero), true
}

// isLayout reports whether a layout holds a whole date: what it writes for a day, it reads back.
func isLayout(layout string) bool {
	if len(layout) > 100 {
		return false
	}
	for _, t := range []time.Time{time.Date(2023, 11, 27, 0, 0, 0, 0, time.UTC), time.Date(2007, 2, 9, 0, 0, 0, 0, time.UTC)} {
		back, err := time.Parse(layout, t.Format(layout))
		if err != nil || core.DayOf(back) != core.DayOf(t) {
			return false
		}
	}
	return true
}

func layoutReader(layout string) core.DateRead {
	return func(cell string) (core.Day, error) {
		s := strings.TrimSpace(cell)
		if s == "" {
			return 0, dateError("The date is missing.")
		}
		t, err := time.Parse(layout, s)
		if err != nil {
			if strings.Contains(err.Error(), "out of range") {
				return 0, dateError(fmt.Sprintf("There is no such day as %s.", shown(cell)))
			}
			return 0, dateError(fmt.Sprintf("%s is not a date written as %s.", shown(cell), layout))
		}
		if y := t.Year(); y < firstYear || y > lastYear {
			return 0, dateError(fmt.Sprintf("The date %s is in the year %d, which cannot be right.", shown(cell), y))
		}
		return core.DayOf(t), nil
	}
}

// looksLikeDate reports whether some named format reads the cell. serials admits what is a
// number as well: a spreadsheet's serial and 20230630.
func looksLikeDate(cell string, serials bool) bool {
	cell = trimBlanks(cell)
	if !serials {
		if _, end := number(cell, 0); end == len(cell) {
			return false
		}
	} else if _, ok := excelDay(cell); ok {
		return true
	}
	p := scanDate(cell)
	if p.shape == shapeNone {
		return false
	}
	if _, _, f := p.resolve(false); f == flawNone {
		return true
	}
	_, _, f := p.resolve(true)
	return f == flawNone
}
