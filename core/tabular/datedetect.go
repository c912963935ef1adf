package tabular

import (
	"fmt"

	"deskwatch/core"
)

// enoughDates is how many cells that all point the same way settle a format before the end
// of the column.
const enoughDates = 10

// DateDetector finds out how the dates of a column are written. Feed it the column with Add
// until Decided, or to the end, and ask for the Result. The zero value is ready.
type DateDetector struct {
	filled      int // cells with something in them
	yearFirst   int
	dayWord     int
	wordDay     int
	serials     int
	onlyDay     int // 30/06/2023
	onlyMonth   int // 06/30/2023
	either      int // 03/04/2023
	same        int // 05/05/2023: no evidence, and no harm
	firstEither string
	firstFilled string
}

// Add looks at one more cell.
func (d *DateDetector) Add(cell string) {
	cell = trimBlanks(cell)
	if cell == "" {
		return
	}
	d.filled++
	if d.firstFilled == "" {
		d.firstFilled = cell
	}
	if _, ok := excelDay(cell); ok {
		d.serials++
		return
	}
	p := scanDate(cell)
	_, _, asDay := p.resolve(false)
	_, _, asMonth := p.resolve(true)
	switch {
	case asDay != flawNone && asMonth != flawNone:
	case p.shape == shapeYearFirst:
		d.yearFirst++
	case p.shape == shapeDayWord:
		d.dayWord++
	case p.shape == shapeWordDay:
		d.wordDay++
	case asMonth != flawNone:
		d.onlyDay++
	case asDay != flawNone:
		d.onlyMonth++
	case p.a == p.b:
		d.same++
	default:
		if d.either == 0 {
			d.firstEither = cell
		}
		d.either++
	}
}

func (d *DateDetector) numbers() int { return d.onlyDay + d.onlyMonth + d.either + d.same }

func (d *DateDetector) dates() int {
	return d.numbers() + d.yearFirst + d.dayWord + d.wordDay + d.serials
}

// Decided reports whether the cells so far settle the format, so that the rest of the column
// need not be looked at.
func (d *DateDetector) Decided() bool {
	switch {
	case d.onlyDay >= enoughDates && d.onlyMonth == 0, d.onlyMonth >= enoughDates && d.onlyDay == 0:
		return true
	case d.numbers() > 0:
		return false
	}
	n := d.dates()
	return n >= enoughDates && n*2 > d.filled &&
		(n == d.yearFirst || n == d.serials || n == d.dayWord || n == d.wordDay)
}

// Result returns the format of the cells so far. When day-first and month-first fit alike,
// format is "" and choices has both, each with the first date that differs, for a person to
// choose from. When fewer than half of the cells are dates it is an error of CodeInvalid.
func (d *DateDetector) Result() (format string, choices []core.DateChoice, err error) {
	n := d.dates()
	if n == 0 || n*2 < d.filled {
		return "", nil, d.noDates()
	}
	if d.serials*2 > n {
		return FormatExcel, nil, nil
	}
	// A few stray cells in a file of another form do not raise the question; they are rejected one by one.
	if d.numbers()*50 < n {
		return d.plainFormat(), nil, nil
	}
	switch {
	case d.onlyDay > 20*d.onlyMonth:
		return FormatDayFirst, nil, nil
	case d.onlyMonth > 20*d.onlyDay:
		return FormatMonthFirst, nil, nil
	case d.either == 0 && d.onlyDay+d.onlyMonth == 0:
		return FormatDayFirst, nil, nil // only dates like 05/05/2023: both readings agree
	case d.either == 0:
		// A true mixture without any doubtful date: the majority is read, the others are rejected.
		if d.onlyMonth > d.onlyDay {
			return FormatMonthFirst, nil, nil
		}
		return FormatDayFirst, nil, nil
	}
	return "", d.ask(), nil
}

// plainFormat names columns without any doubtful date.
func (d *DateDetector) plainFormat() string {
	switch {
	case d.yearFirst >= max(d.dayWord, d.wordDay, d.serials):
		return FormatISO
	case d.wordDay > max(d.dayWord, d.serials):
		return FormatMonthFirst
	case d.dayWord >= d.serials:
		return FormatDayFirst
	}
	return FormatExcel
}

func (d *DateDetector) ask() []core.DateChoice {
	p := scanDate(d.firstEither)
	say := func(month, day int) string {
		return fmt.Sprintf("%s is %d %s %d", d.firstEither, day, monthTitles[month-1], p.y)
	}
	return []core.DateChoice{
		{Format: FormatDayFirst, Example: say(p.b, p.a)},
		{Format: FormatMonthFirst, Example: say(p.a, p.b)},
	}
}

func (d *DateDetector) noDates() error {
	if d.filled == 0 {
		return core.NewError(core.CodeInvalid, "tabular.dates", "The date column is empty. Choose another column for the date.", nil)
	}
	return core.NewError(core.CodeInvalid, "tabular.dates",
		fmt.Sprintf("The date column does not hold dates Deskwatch can read: its first cell is %s. Choose another column, or give the date format.", shown(d.firstFilled)), nil)
}

// DetectDates finds out how the given cells are written. Where the cells are only the
// beginning of a column, use a DateDetector and go on while it is not Decided.
func DetectDates(cells []string) (format string, choices []core.DateChoice, err error) {
	var d DateDetector
	for _, c := range cells {
		d.Add(c)
	}
	return d.Result()
}
