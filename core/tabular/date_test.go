package tabular

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestDatesAreReadInEveryForm(t *testing.T) {
	for format, cells := range map[string]map[string]string{
		FormatISO: {
			"2023-06-30": "2023-06-30", "2023/06/30": "2023-06-30", "2023.6.3": "2023-06-03", "20230630": "2023-06-30",
			"2023-06-30T10:15:00Z": "2023-06-30", "2023-06-30 23:59:59.999999": "2023-06-30", "2023-06-30T23:30:00-05:00": "2023-06-30",
			"2023-06-30T10:15:00.123+0200": "2023-06-30", "20230630T101500Z": "2023-06-30", "20230630101500": "2023-06-30",
			"2023-06-30 10:15:00 +0000 UTC": "2023-06-30", " 2023-06-30 ": "2023-06-30", "2024-02-29": "2024-02-29",
			"30 Jun 2023": "2023-06-30", "Jun 30, 2023": "2023-06-30", "2023-Jun-30": "2023-06-30", "2000-02-29": "2000-02-29",
		},
		FormatDayFirst: {
			"30/06/2023": "2023-06-30", "30-06-23": "2023-06-30", "3.6.2023": "2023-06-03", "30 06 2023": "2023-06-30", "30. 6. 2023": "2023-06-30",
			"03/04/2023": "2023-04-03", "01/01/69": "2069-01-01", "01/01/70": "1970-01-01", "30/06/2023 10:15": "2023-06-30",
			"30/06/2023 10:15:00 p. m.": "2023-06-30", "30/06/2023, 9:05 PM": "2023-06-30", "30 de junio de 2023": "2023-06-30",
			"viernes, 30 de junio de 2023": "2023-06-30", "30-jun-23": "2023-06-30", "30-ene-23": "2023-01-30", "1 dic. 2022": "2022-12-01",
			"Fri, 30 Jun 2023 10:15:00 GMT": "2023-06-30", "30th June 2023": "2023-06-30", "mar 4 jul 2023": "2023-07-04", "2023-06-30": "2023-06-30",
		},
		FormatMonthFirst: {
			"04-30-22": "2022-04-30", "04-12-2022": "2022-04-12", "6/3/2023": "2023-06-03", "06/30/2023 1:15 PM": "2023-06-30",
			"June 30th, 2023": "2023-06-30", "Fri Jun 30 2023 10:00:00 GMT+0200 (CEST)": "2023-06-30", "12/31/99 11:59:59 PM": "1999-12-31",
		},
		FormatExcel:    {"45107": "2023-06-30", "45107.52": "2023-06-30", "32874": "1990-01-01", "73415": "2100-12-31", "2023-06-30": "2023-06-30"},
		"02.01.06":     {"30.06.23": "2023-06-30"},
		"Jan 2 / 2006": {"Jun 30 / 2023": "2023-06-30"},
	} {
		read, err := DateReader(format)
		if err != nil {
			t.Fatal(err)
		}
		for cell, want := range cells {
			if day, err := read(cell); err != nil || day.String() != want {
				t.Errorf("%s read as %s is %v, %v; want %s", cell, format, day, err, want)
			}
		}
	}
}

func TestImpossibleDatesAreRefusedWithASentence(t *testing.T) {
	for _, c := range []struct{ format, cell, says string }{
		{FormatISO, "2023-02-30", "no such day"}, {FormatISO, "2023-02-29", "February 2023 has no day 29"},
		{FormatISO, "1900-02-29", "no such day"}, {FormatISO, "2023-13-01", "no such month"}, {FormatISO, "", "missing"},
		{FormatISO, "30/06/2023", "not a date"}, {FormatISO, "0000-00-00", "year 0"}, {FormatISO, "2023-06-30 and more", "not a date"},
		{FormatISO, "2023-06-30 99:00", "not a date"}, {FormatISO, "202306", "not a date"}, {FormatISO, "2023-06-00", "no such day"},
		{FormatDayFirst, "06/30/2023", "no such month"}, {FormatDayFirst, "31/04/2023", "April 2023 has no day 31"},
		{FormatDayFirst, "31 de junio de 2023", "no such day"}, {FormatDayFirst, "1/2", "not a date"}, {FormatDayFirst, "1/2-2023", "not a date"},
		{FormatMonthFirst, "30/06/2023", "no such month"}, {FormatMonthFirst, "02/30/2023", "no such day"},
		{FormatExcel, "12345", "not a date"}, {FormatExcel, "99999", "not a date"}, {FormatExcel, "45107.", "not a date"},
		{"02.01.2006", "30.02.2023", "no such day"}, {"02.01.2006", "soon", "not a date"},
	} {
		read, err := DateReader(c.format)
		if err != nil {
			t.Fatal(err)
		}
		if day, err := read(c.cell); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q read as %s gave %v, %v; want a sentence with %q", c.cell, c.format, day, err, c.says)
		}
	}
	for _, layout := range []string{"", "day first", "2006-01", "15:04", strings.Repeat("2006-01-02", 20)} {
		if _, err := DateReader(layout); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("the format %q gave %v", layout, err)
		}
	}
}

func TestEveryDayOfTheCalendarIsReadAsItself(t *testing.T) {
	read, err := DateReader(FormatISO)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := core.NewDay(firstYear, 1, 1)
	last, _ := core.NewDay(lastYear, 12, 31)
	for d := first; d <= last; d++ {
		if got, err := read(d.String()); err != nil || got != d {
			t.Fatalf("%s is read as %v, %v", d, got, err)
		}
	}
}

func TestDateFormatIsDetectedOrAsked(t *testing.T) {
	for name, c := range map[string]struct {
		cells  []string
		format string
		asked  int
	}{
		"iso":                       {[]string{"2023-06-03", "2023-06-04"}, FormatISO, 0},
		"day first":                 {[]string{"03/06/2023", "13/06/2023", ""}, FormatDayFirst, 0},
		"month first, mixed years":  {[]string{"04-30-22", "04-12-2022", "05-05-22"}, FormatMonthFirst, 0},
		"doubtful":                  {[]string{"03/04/2023", "05/04/2023", "01/01/2023"}, "", 2},
		"both readings agree":       {[]string{"01/01/2023", "02/02/2023"}, FormatDayFirst, 0},
		"serials":                   {[]string{"45107", "45108.5"}, FormatExcel, 0},
		"month words":               {[]string{"30 Jun 2023", "1 Jul 2023"}, FormatDayFirst, 0},
		"month words before days":   {[]string{"Jun 30, 2023", "Jul 1, 2023"}, FormatMonthFirst, 0},
		"one typing error":          {append(strings.Split(strings.Repeat("13/06/2023,", 40), ","), "06/13/2023", "03/04/2023"), FormatDayFirst, 0},
		"contradictory":             {[]string{"13/06/2023", "06/13/2023", "03/04/2023"}, "", 2},
		"iso with a stray":          {append(strings.Split(strings.Repeat("2023-06-13,", 60), ","), "03/04/2023"), FormatISO, 0},
		"impossible day among iso":  {[]string{"2023-02-30", "2023-02-28", "2023-02-27"}, FormatISO, 0},
		"doubtful beside iso dates": {[]string{"2023-02-28", "03/04/2023"}, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			format, choices, err := DetectDates(c.cells)
			if err != nil || format != c.format || len(choices) != c.asked {
				t.Errorf("got %q, %v, %v", format, choices, err)
			}
		})
	}
	if _, choices, _ := DetectDates([]string{"05/05/2023", "03/04/2023"}); len(choices) != 2 ||
		choices[0] != (core.DateChoice{Format: FormatDayFirst, Example: "03/04/2023 is 3 April 2023"}) ||
		choices[1] != (core.DateChoice{Format: FormatMonthFirst, Example: "03/04/2023 is 4 March 2023"}) {
		t.Errorf("choices %v", choices)
	}
	for _, cells := range [][]string{nil, {"", " "}, {"red", "green", "2023-06-30"}} {
		if _, _, err := DetectDates(cells); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%q gave %v", cells, err)
		}
	}
}

func TestDetectorIsDecidedOnlyByEvidence(t *testing.T) {
	var d DateDetector
	for range 1000 {
		d.Add("03/04/2023")
		d.Add("05/05/2023")
	}
	if d.Decided() {
		t.Error("doubtful dates alone decided")
	}
	for range enoughDates {
		d.Add("25/04/2023")
	}
	if format, _, _ := d.Result(); !d.Decided() || format != FormatDayFirst {
		t.Errorf("not decided by days after the 12th: %q", format)
	}
	var iso DateDetector
	for range enoughDates {
		iso.Add("2023-04-05")
	}
	if !iso.Decided() {
		t.Error("a column of ISO dates is not decided")
	}
}
