package tabular

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestEveryWrittenMomentIsRead(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ format, cell, want string }{
		{FormatISO, "2023-06-30", "2023-06-29T22:00:00Z"},
		{FormatISO, "2018-05-16T14:46:15.000+0000", "2018-05-16T14:46:15Z"},
		{FormatISO, "2019-06-03T10:52:50Z", "2019-06-03T10:52:50Z"},
		{FormatISO, "2023-06-30T10:15:30.999-05:30", "2023-06-30T15:45:30Z"},
		{FormatISO, "2023-01-30 10:15", "2023-01-30T09:15:00Z"},
		{FormatISO, "20230630T101500Z", "2023-06-30T10:15:00Z"},
		{FormatISO, "20230630101500", "2023-06-30T08:15:00Z"},
		{FormatISO, "1456708560", "2016-02-29T01:16:00Z"},
		{FormatISO, "1456708560123", "2016-02-29T01:16:00Z"},
		{FormatISO, "1456708560.5", "2016-02-29T01:16:00Z"},
		{FormatDayFirst, "29/2/2016 01:16", "2016-02-29T00:16:00Z"},
		{FormatDayFirst, "01/08/2023 10:29", "2023-08-01T08:29:00Z"},
		{FormatMonthFirst, "01/08/2023 10:29 PM", "2023-01-08T21:29:00Z"},
		{FormatMonthFirst, "1/8/23 12:05 am", "2023-01-07T23:05:00Z"},
		{FormatDayFirst, "30 Jun 2023, 10:15:20 GMT+0200 (CEST)", "2023-06-30T08:15:20Z"},
		{FormatDayFirst, "30 de junio de 2023 10:15 UTC", "2023-06-30T10:15:00Z"},
		{FormatDayFirst, "Jun 30, 2023 1:15 p. m. EST", "2023-06-30T18:15:00Z"},
		{FormatDayFirst, "31.12.2023 24:00", "2023-12-31T23:00:00Z"},
		{FormatExcel, "45107.5", "2023-06-30T10:00:00Z"},
		{"02.01.2006 15.04", "30.06.2023 10.15", "2023-06-30T08:15:00Z"},
	} {
		read, err := TimeReader(c.format, madrid)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := read(c.cell); err != nil || got.Format(time.RFC3339) != c.want || got.Location() != time.UTC {
			t.Errorf("%s as %s is %v (%v), want %s", c.cell, c.format, got, err, c.want)
		}
	}
}

func TestAMomentThatIsNoneIsRefusedWithASentence(t *testing.T) {
	for _, c := range []struct{ format, cell string }{
		{FormatISO, ""}, {FormatISO, "29/2/2016 01:16"}, {FormatDayFirst, "31/2/2016 01:16"}, {FormatISO, "2023-06-30 25:15"},
		{FormatISO, "2023-06-30 24:30"}, {FormatISO, "2023-06-30 10:15 IST"}, {FormatISO, "2023-06-30 10:15 +2500"}, {FormatISO, "soon"},
		{FormatISO, "123456789"}, {FormatISO, "20230630996100"}, {"02.01.2006", "2023-06-30"}, {FormatISO, "14567085a0"},
	} {
		read, err := TimeReader(c.format, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(c.cell)
		if core.ErrorCode(err) != core.CodeInvalid || core.ErrorMessage(err) == "" {
			t.Errorf("%q as %s is read as %v, with %v", c.cell, c.format, got, err)
		}
	}
	if _, err := TimeReader("yesterday", time.UTC); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a format nobody knows is taken: %v", err)
	}
}

func TestSeveralColumnsOfMomentsAreJudgedTogether(t *testing.T) {
	for _, c := range []struct {
		name    string
		cells   []string
		want    string
		choices int
	}{
		{"one cell decides for a column that could be either", []string{"03/04/2023 10:00", "05/04/2023 11:00", "29/04/2023 10:10"}, FormatDayFirst, 0},
		{"nothing decides", []string{"03/04/2023 10:00", "05/04/2023 11:00"}, "", 2},
		{"no cell", nil, FormatISO, 0},
		{"seconds since 1970", []string{"1456708560", "1456708561"}, FormatISO, 0},
		{"seconds since 1970 and ISO", []string{"1456708560", "1456708561", "2016-02-29T01:16:00Z"}, FormatISO, 0},
	} {
		var d TimeDetector
		for _, cell := range c.cells {
			d.Add(cell)
		}
		if format, choices, err := d.Result(); err != nil || format != c.want || len(choices) != c.choices {
			t.Errorf("%s: %q, %v, %v", c.name, format, choices, err)
		}
	}
	var d TimeDetector
	d.Add("soon")
	d.Add("later")
	if _, _, err := d.Result(); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("words pass for times: %v", err)
	}
}

func TestAColumnOfTimesHasTimes(t *testing.T) {
	specs := []core.FieldSpec{{Field: core.FieldClosed, Content: core.ContentDate, Names: []string{"closed", "datetimeclosed"}}}
	for _, c := range []struct {
		header, cells []string
		want          string
	}{
		{[]string{"Closed", "Date/Time Closed"}, []string{"0", "2024-01-02 10:00"}, "Date/Time Closed"},
		{[]string{"Closed"}, []string{"1"}, ""},
		{[]string{"Closed"}, []string{"1456708560"}, "Closed"},
		{[]string{"Closed"}, []string{""}, "Closed"},
	} {
		sample := []core.Record{{Cells: c.cells}}
		choices, _, err := Recognise(c.header, sample, specs, nil)
		got := ""
		if len(choices) > 0 {
			got = choices[0].Column
		}
		if err != nil || got != c.want {
			t.Errorf("%v of %v is found in %q, %v", c.cells, c.header, got, err)
		}
	}
	seldom := []core.Record{{Cells: []string{"2024-01-02"}}}
	for range 20 {
		seldom = append(seldom, core.Record{Cells: []string{"?"}})
	}
	if choices, _, err := Recognise([]string{"Closed"}, seldom, specs, nil); err != nil || len(choices) != 1 {
		t.Errorf("a column that mostly says nothing: %v, %v", choices, err)
	}
}

func FuzzTimeReader(f *testing.F) {
	for _, s := range []string{"29/2/2016 01:16", "2018-05-16T14:46:15.000+0000", "1456708560", "Jun 30, 2023 1:15 p. m. EST", "20230630T1015Z", "45107.5"} {
		f.Add(s)
	}
	var days []core.DateRead
	var times []core.TimeRead
	for _, format := range []string{FormatISO, FormatDayFirst, FormatMonthFirst, FormatExcel} {
		day, err := DateReader(format)
		if err != nil {
			f.Fatal(err)
		}
		moment, err := TimeReader(format, time.UTC)
		if err != nil {
			f.Fatal(err)
		}
		days, times = append(days, day), append(times, moment)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for i := range days {
			day, dayErr := days[i](cell)
			moment, err := times[i](cell)
			if err != nil {
				continue
			}
			if _, seconds := epoch(trimBlanks(cell)); seconds {
				continue
			}
			// A zone may move a moment to a day beside the one written, no further.
			if away := core.DayOf(moment) - day; dayErr != nil || away < -1 || away > 1 {
				t.Errorf("%q is the day %v (%v) and the moment %v", cell, day, dayErr, moment)
			}
		}
	})
}
