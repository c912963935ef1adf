package calendar

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"deskwatch/core"
)

func office() core.ClockSettings {
	s := core.DefaultClockSettings()
	s.Zone = "Europe/Madrid"
	return s
}

func must(t testing.TB, s core.ClockSettings, holidays ...Holiday) *Calendar {
	t.Helper()
	c, err := New(s, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at reads a wall time in the calendar's zone.
func at(t testing.TB, c *Calendar, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", text, c.Location())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func day(t testing.TB, text string) core.Day {
	t.Helper()
	v, err := time.Parse("2006-01-02", text)
	if err != nil {
		t.Fatal(err)
	}
	return core.DayOf(v)
}

func TestAddCountsBusinessTimeOnly(t *testing.T) {
	lunch := office()
	lunch.Frames = nil
	for d := time.Monday; d <= time.Friday; d++ {
		lunch.Frames = append(lunch.Frames, core.BusinessFrame{Day: d, From: 14 * 60, To: 18 * 60}, core.BusinessFrame{Day: d, From: 9 * 60, To: 13 * 60})
	}
	night := office()
	night.Frames = nil
	for d := time.Sunday; d <= time.Saturday; d++ {
		night.Frames = append(night.Frames, core.BusinessFrame{Day: d, From: 0, To: 4 * 60})
	}
	always := office()
	always.AlwaysOpen = true
	may := Holiday{day(t, "2026-05-01"), "Labour Day"}
	for _, tt := range []struct {
		name, start string
		d           time.Duration
		want        string
		s           core.ClockSettings
		holidays    []Holiday
	}{
		{"over the weekend", "2026-05-08 16:30", time.Hour, "2026-05-11 09:30", office(), nil},
		{"to the very end of a day", "2026-05-08 16:30", 30 * time.Minute, "2026-05-08 17:00", office(), nil},
		{"nothing to add", "2026-05-09 12:00", 0, "2026-05-09 12:00", office(), nil},
		{"from the night", "2026-05-05 03:00", time.Hour, "2026-05-05 10:00", office(), nil},
		{"over a holiday", "2026-04-30 16:30", time.Hour, "2026-05-04 09:30", office(), []Holiday{may, may}},
		{"from a holiday", "2026-05-01 11:00", time.Hour, "2026-05-04 10:00", office(), []Holiday{may}},
		{"over the lunch break", "2026-05-04 12:30", time.Hour, "2026-05-04 14:30", lunch, nil},
		{"a week and more", "2026-05-04 09:00", 41 * time.Hour, "2026-05-11 10:00", lunch, nil},
		{"over the skipped hour", "2026-03-29 00:00", 4 * time.Hour, "2026-03-30 01:00", night, nil},
		{"over the repeated hour", "2026-10-25 00:00", 5 * time.Hour, "2026-10-25 04:00", night, nil},
		{"around the clock", "2026-05-08 16:30", 10 * time.Hour, "2026-05-09 02:30", always, []Holiday{may}},
	} {
		c := must(t, tt.s, tt.holidays...)
		start := at(t, c, tt.start)
		got, ok := c.Add(start, tt.d)
		if want := at(t, c, tt.want); !ok || !got.Equal(want) {
			t.Errorf("%s: %v, %v, want %v", tt.name, got, ok, want)
		}
		if b := c.Between(start, got); b != tt.d {
			t.Errorf("%s: %v between, want %v", tt.name, b, tt.d)
		}
	}
}

func TestADeadlineThatNeverComesIsSaid(t *testing.T) {
	none := office()
	none.Frames = nil
	rare := office()
	rare.Frames = []core.BusinessFrame{{Day: time.Monday, From: 0, To: 1}}
	for name, s := range map[string]core.ClockSettings{"no frames": none, "a minute a week": rare} {
		if end, ok := must(t, s).Add(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), 100_000*time.Minute); ok {
			t.Errorf("%s: due %v", name, end)
		}
	}
	c := must(t, office())
	if _, ok := c.Add(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), 1<<63-1); ok {
		t.Error("the longest duration there is has an end")
	}
	if end, ok := c.Add(time.Time{}, time.Hour); !ok || end.Year() != 1950 {
		t.Errorf("an hour from the zero time: %v, %v", end, ok)
	}
}

func TestSettingsThatCannotBeUsedAreRefused(t *testing.T) {
	for name, change := range map[string]func(*core.ClockSettings){
		"zone":     func(s *core.ClockSettings) { s.Zone = "Mars/Olympus" },
		"backward": func(s *core.ClockSettings) { s.Frames[0].To = s.Frames[0].From },
		"too late": func(s *core.ClockSettings) { s.Frames[0].To = 1441 },
		"weekday":  func(s *core.ClockSettings) { s.Frames[0].Day = 7 },
	} {
		s := office()
		change(&s)
		if _, err := New(s, nil); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// zones of the property test: a whole hour of daylight saving north and south, half an hour, none,
// a change at midnight, and a day that never was.
var zones = []string{"Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC", "America/Santiago", "Pacific/Apia"}

// randomCase is a calendar and a start near a change of the clock, or anywhere.
func randomCase(t testing.TB, r *rand.Rand) (*Calendar, core.ClockSettings, map[core.Day]bool, time.Time) {
	t.Helper()
	s := core.ClockSettings{Zone: zones[r.IntN(len(zones))]}
	for range 1 + r.IntN(12) {
		from := r.IntN(24 * 60)
		if r.IntN(3) == 0 {
			from = r.IntN(4 * 60) // where clocks are changed
		}
		s.Frames = append(s.Frames, core.BusinessFrame{Day: time.Weekday(r.IntN(7)), From: from, To: min(from+1+r.IntN(12*60), 24*60)})
	}
	loc, err := Zone(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(1990+r.IntN(50), 1, 1, 0, r.IntN(366*24*60), 0, 0, time.UTC)
	if _, change := start.In(loc).ZoneBounds(); r.IntN(2) == 0 && !change.IsZero() {
		start = change.Add(-time.Duration(r.IntN(3*24*60)) * time.Minute).Truncate(time.Minute)
	}
	var holidays []Holiday
	closed := map[core.Day]bool{}
	for range r.IntN(6) {
		d := core.DayOf(start) + core.Day(r.IntN(14)-2)
		holidays, closed[d] = append(holidays, Holiday{Day: d}), true
	}
	return must(t, s, holidays...), s, closed, start
}

// minutes are the minutes of a week, from Sunday on, that are in a frame.
func minutes(s core.ClockSettings) (open [7 * 24 * 60]bool) {
	for _, f := range s.Frames {
		for m := f.From; m < f.To; m++ {
			open[int(f.Day)*24*60+m] = true
		}
	}
	return open
}

func TestCountsAsAMinuteByMinuteCountDoes(t *testing.T) {
	const cases = 3000
	r := rand.New(rand.NewPCG(1, 2))
	for i := range cases {
		c, s, closed, start := randomCase(t, r)
		want := r.IntN(3 * 24 * 60)
		open := minutes(s)
		counted, reached := 0, start
		for m := range 5 * 24 * 60 {
			if counted == want {
				break
			}
			// The definition: a minute counts when the wall shows one of a frame, on no holiday.
			_, offset := reached.In(c.Location()).Zone()
			wall := (reached.Unix() + int64(offset)) / 60
			today := core.Day(wall / (24 * 60))
			if open[(int64(today)+int64(time.Thursday))%7*24*60+wall%(24*60)] && !closed[today] {
				counted++
			}
			reached = start.Add(time.Duration(m+1) * time.Minute)
		}
		if got := c.Between(start, reached); got != time.Duration(counted)*time.Minute {
			t.Fatalf("case %d, %s %v, closed %v: %v from %v to %v, counted %d min", i, s.Zone, s.Frames, closed, got, start, reached, counted)
		}
		if counted < want {
			continue
		}
		if got, ok := c.Add(start, time.Duration(want)*time.Minute); !ok || !got.Equal(reached) {
			t.Fatalf("case %d, %s %v, closed %v: %d min from %v end %v, counted %v", i, s.Zone, s.Frames, closed, want, start, got, reached)
		}
	}
}

func checkParts(t testing.TB, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	c, s, _, start := randomCase(t, r)
	start = start.Add(time.Duration(r.Int64N(int64(time.Minute))))
	middle := start.Add(time.Duration(r.Int64N(int64(400 * 24 * time.Hour))))
	end := middle.Add(time.Duration(r.Int64N(int64(400 * 24 * time.Hour))))
	what := fmt.Sprintf("seed %d, %s, from %v over %v to %v", seed, s.Zone, start, middle, end)
	whole := c.Between(start, end)
	if parts := c.Between(start, middle) + c.Between(middle, end); parts != whole || c.Between(end, start) != -whole || whole < 0 || whole > end.Sub(start) {
		t.Fatalf("%s: parts %v, whole %v", what, parts, whole)
	}
	back, ok := c.Add(start, whole)
	if !ok || back.After(end) || c.Between(start, back) != whole {
		t.Fatalf("%s: %v of business time end %v, %v", what, whole, back, ok)
	}
	if whole > 0 && c.Between(start, back.Add(-1)) != whole-1 {
		t.Fatalf("%s: %v is not the earliest end", what, back)
	}
}

func TestTimeAddsUpAndEndsAsEarlyAsItCan(t *testing.T) {
	for seed := range uint64(2000) {
		checkParts(t, seed)
	}
}

func FuzzTimeAddsUp(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { checkParts(t, seed) })
}

func BenchmarkAddAMonth(b *testing.B) {
	var holidays []Holiday
	for d := range core.Day(1000) {
		holidays = append(holidays, Holiday{Day: 10_000 + 11*d})
	}
	c := must(b, office(), holidays...)
	start := at(b, c, "2026-03-10 11:00")
	for b.Loop() {
		if _, ok := c.Add(start, 170*time.Hour); !ok {
			b.Fatal("no end")
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		must(b, office())
	}
}
