package notify

import (
	"math/rand/v2"
	"testing"
	"time"

	"deskwatch/core"
)

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no time zones here: %v", err)
	}
	return loc
}

func TestQuietHoursCrossMidnightAndClockChanges(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	night := func(day time.Weekday) core.QuietFrame { return core.QuietFrame{Day: day, From: 18 * 60, To: 8 * 60} }
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, berlin)
	}
	for _, c := range []struct {
		name   string
		frames []core.QuietFrame
		now    time.Time
		want   time.Time // zero: not quiet
	}{
		{"the evening", []core.QuietFrame{night(time.Friday)}, at(3, 6, 18, 0), at(3, 7, 8, 0)},
		{"a minute before", []core.QuietFrame{night(time.Friday)}, at(3, 6, 17, 59), time.Time{}},
		{"the morning after", []core.QuietFrame{night(time.Friday)}, at(3, 7, 7, 59), at(3, 7, 8, 0)},
		{"its end", []core.QuietFrame{night(time.Friday)}, at(3, 7, 8, 0), time.Time{}},
		{"another evening", []core.QuietFrame{night(time.Friday)}, at(3, 7, 20, 0), time.Time{}},
		{"from Saturday into Sunday", []core.QuietFrame{night(time.Saturday)}, at(3, 8, 2, 0), at(3, 8, 8, 0)},
		{"frames that meet are one", []core.QuietFrame{night(time.Friday), {Day: time.Saturday, From: 8 * 60, To: 1440}, {Day: time.Sunday, From: 0, To: 1440}}, at(3, 6, 23, 0), at(3, 9, 0, 0)},
		{"a lunch", []core.QuietFrame{{Day: time.Monday, From: 720, To: 780}}, at(3, 2, 12, 30), at(3, 2, 13, 0)},
		{"the short night of spring", []core.QuietFrame{night(time.Saturday)}, at(3, 28, 23, 0), at(3, 29, 8, 0)},
		{"an end the clocks skip", []core.QuietFrame{{Day: time.Sunday, From: 0, To: 150}}, at(3, 29, 1, 30), at(3, 29, 3, 0)},
		{"the long night of autumn", []core.QuietFrame{night(time.Saturday)}, at(10, 24, 23, 0), at(10, 25, 8, 0)},
	} {
		if got := quietUntil(c.frames, c.now.UTC(), berlin); !got.Equal(c.want) {
			t.Errorf("%s: quiet until %s, want %s", c.name, got, c.want)
		}
	}
	// The spring night is an hour shorter than the wall says.
	if end := quietUntil([]core.QuietFrame{night(time.Saturday)}, at(3, 28, 23, 0), berlin); end.Sub(at(3, 28, 23, 0)) != 8*time.Hour {
		t.Errorf("the spring night lasts until %s", end)
	}
	all := []core.QuietFrame{}
	for d := time.Sunday; d <= time.Saturday; d++ {
		all = append(all, core.QuietFrame{Day: d, From: 0, To: 1440})
	}
	if end := quietUntil(all, noon, berlin); !end.Equal(noon.Add(7 * 24 * time.Hour)) {
		t.Errorf("quiet all week is looked at again at %s", end)
	}
}

// Whatever the frames, nothing is told on a minute whose wall time lies in one, and the end is
// the first minute that does not.
func TestQuietEndsOnTheFirstMinuteThatIsNot(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 3, 27, 0, 0, 0, 0, berlin)
	for range 200 {
		frames := make([]core.QuietFrame, 1+random.IntN(4))
		for i := range frames {
			frames[i] = core.QuietFrame{Day: time.Weekday(random.IntN(7)), From: random.IntN(1440), To: random.IntN(1441)}
		}
		now := start.Add(time.Duration(random.IntN(4*24*60)) * time.Minute)
		end := quietUntil(frames, now, berlin)
		for at := now; at.Before(end); at = at.Add(time.Minute) {
			if !inside(frames, at) {
				t.Fatalf("%v: %s is held as quiet until %s", frames, at, end)
			}
		}
		if at := max(end.Unix(), now.Unix()); end.Sub(now) < 7*24*time.Hour && inside(frames, time.Unix(at, 0).In(berlin)) {
			t.Fatalf("%v: told at %s", frames, time.Unix(at, 0).In(berlin))
		}
	}
}

// inside is what a frame means, said in another way: minutes of the week.
func inside(frames []core.QuietFrame, wall time.Time) bool {
	const week = 7 * 1440
	minute := int(wall.Weekday())*1440 + wall.Hour()*60 + wall.Minute()
	for _, f := range frames {
		length := f.To - f.From
		if length <= 0 {
			length += 1440
		}
		if since := (minute - int(f.Day)*1440 - f.From + week) % week; since < length {
			return true
		}
	}
	return false
}
