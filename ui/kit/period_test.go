package kit

import (
	"testing"
	"time"

	"deskwatch/core"
)

func TestARangeOfDaysSaysWhatIsNotPlain(t *testing.T) {
	day := func(y, m, d int) core.Day { v, _ := core.NewDay(y, m, d); return v }
	for want, days := range map[string][2]core.Day{
		"12 Apr–8 May":          {day(2026, 4, 12), day(2026, 5, 8)},
		"12 Apr–8 May 2023":     {day(2023, 4, 12), day(2023, 5, 8)},
		"3–28 May 2023":         {day(2023, 5, 3), day(2023, 5, 28)},
		"8 May":                 {day(2026, 5, 8), day(2026, 5, 8)},
		"31 Dec–1 Jan 2026":     {day(2025, 12, 31), day(2026, 1, 1)},
		"9 May 2025–8 May 2026": {day(2025, 5, 9), day(2026, 5, 8)},
	} {
		if got := dayRange(days[0], days[1], time.Date(2026, 6, 12, 12, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
