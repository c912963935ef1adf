package schedule

import (
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata" // the zones are there on every machine that runs the tests

	"deskwatch/core"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestNextAfterAndLastDue(t *testing.T) {
	daily := func(h, m int) core.Schedule { return core.Schedule{Kind: core.ScheduleDaily, Hour: h, Minute: m} }
	monthly := func(d int) core.Schedule { return core.Schedule{Kind: core.ScheduleMonthly, Day: d, Hour: 8} }
	hourly := core.Schedule{Kind: core.ScheduleHourly, Minute: 15}
	for _, tt := range []struct {
		name             string
		zone             string
		s                core.Schedule
		from, next, last string
	}{
		{"monthly", "UTC", monthly(1), "2023-06-15T12:00:00Z", "2023-07-01T08:00:00Z", "2023-06-01T08:00:00Z"},
		{"on the dot", "UTC", monthly(1), "2023-06-01T08:00:00Z", "2023-07-01T08:00:00Z", "2023-06-01T08:00:00Z"},
		{"day the month lacks", "UTC", monthly(31), "2023-02-10T00:00:00Z", "2023-02-28T08:00:00Z", "2023-01-31T08:00:00Z"},
		{"leap year", "UTC", monthly(30), "2024-02-10T00:00:00Z", "2024-02-29T08:00:00Z", "2024-01-30T08:00:00Z"},
		{"from the 31st", "UTC", monthly(31), "2023-03-31T09:00:00Z", "2023-04-30T08:00:00Z", "2023-03-31T08:00:00Z"},
		{"over the year", "UTC", monthly(31), "2023-12-31T09:00:00Z", "2024-01-31T08:00:00Z", "2023-12-31T08:00:00Z"},
		{"daily", "Europe/Madrid", daily(8, 30), "2023-06-01T08:30:00+02:00", "2023-06-02T08:30:00+02:00", "2023-06-01T08:30:00+02:00"},
		{"skipped by summer time", "Europe/Madrid", daily(2, 30), "2023-03-26T00:00:00+01:00", "2023-03-26T03:00:00+02:00", "2023-03-25T02:30:00+01:00"},
		{"midnight skipped", "America/Santiago", daily(0, 0), "2023-09-02T12:00:00-04:00", "2023-09-03T01:00:00-03:00", "2023-09-02T00:00:00-04:00"},
		{"shown twice, due once", "Europe/Madrid", daily(2, 30), "2023-10-29T02:45:00+01:00", "2023-10-30T02:30:00+01:00", "2023-10-29T02:30:00+01:00"},
		{"hourly over the hour shown twice", "Europe/Madrid", hourly, "2023-10-29T02:15:00+02:00", "2023-10-29T02:15:00+01:00", "2023-10-29T02:15:00+02:00"},
		{"hourly where clocks move half an hour", "Australia/Lord_Howe", hourly, "2023-10-01T01:59:00+10:30", "2023-10-01T03:15:00+11:00", "2023-10-01T01:15:00+10:30"},
		{"minutes", "UTC", core.Schedule{Kind: core.ScheduleMinutes, Minutes: 15}, "2023-06-01T08:20:00Z", "2023-06-01T08:30:00Z", "2023-06-01T08:15:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, tt.from)
		if err != nil {
			t.Fatal(err)
		}
		from = from.In(zone(t, tt.zone))
		if got := NextAfter(tt.s, from).Format(time.RFC3339); got != tt.next {
			t.Errorf("%s: next %s, want %s", tt.name, got, tt.next)
		}
		if got := LastDue(tt.s, from).Format(time.RFC3339); got != tt.last {
			t.Errorf("%s: last %s, want %s", tt.name, got, tt.last)
		}
	}
}

func TestAScheduleThatIsOffOrImpossibleIsNeverDue(t *testing.T) {
	for _, s := range []core.Schedule{
		{}, {Kind: core.ScheduleOff}, {Kind: core.ScheduleMinutes}, {Kind: core.ScheduleMinutes, Minutes: 1441},
		{Kind: core.ScheduleHourly, Minute: 60}, {Kind: core.ScheduleDaily, Hour: 24}, {Kind: core.ScheduleMonthly, Day: 0},
	} {
		if now := time.Now(); !NextAfter(s, now).IsZero() || !LastDue(s, now).IsZero() {
			t.Errorf("%+v is due", s)
		}
	}
}

func TestDueTimesFollowEachOtherInEveryZone(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	zones := []string{"UTC", "Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"}
	kinds := []core.ScheduleKind{core.ScheduleMinutes, core.ScheduleHourly, core.ScheduleDaily, core.ScheduleMonthly}
	start := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for range 40_000 {
		loc := zone(t, zones[rnd.IntN(len(zones))])
		s := core.Schedule{Kind: kinds[rnd.IntN(4)], Minutes: 1 + rnd.IntN(1440), Day: 1 + rnd.IntN(31), Hour: rnd.IntN(24), Minute: rnd.IntN(60)}
		at := time.Unix(start+rnd.Int64N(20*365*86400), rnd.Int64N(2)).In(loc)
		next, last := NextAfter(s, at), LastDue(s, at)
		switch {
		case !next.After(at), last.After(at):
			t.Fatalf("%+v at %s: next %s, last %s", s, at, next, last)
		case !LastDue(s, next).Equal(next):
			t.Fatalf("%+v: %s is next after %s, but not due", s, next, at)
		case !NextAfter(s, last).Equal(next):
			t.Fatalf("%+v: after %s comes %s, but after %s comes %s", s, last, NextAfter(s, last), at, next)
		case !LastDue(s, next.Add(-1)).Equal(last):
			t.Fatalf("%+v: before %s was %s, but before %s was %s", s, next, LastDue(s, next.Add(-1)), at, last)
		}
	}
}
