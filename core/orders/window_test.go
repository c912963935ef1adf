package orders

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
)

func isoDay(t *testing.T, y, m, d int) core.Day {
	t.Helper()
	day, ok := core.NewDay(y, m, d)
	if !ok {
		t.Fatalf("%d-%d-%d is no day", y, m, d)
	}
	return day
}

func TestWindowsAreCountedInTheMonthTheyEndIn(t *testing.T) {
	day := func(m, d int) core.Day { return isoDay(t, 2024, m, d) }
	one := func(days ...core.Day) (list []DayCount) {
		for _, d := range days {
			list = append(list, DayCount{d, 1})
		}
		return list
	}
	month := func(m int) core.Month { return core.NewMonth(2024, m) }
	for name, tt := range map[string]struct {
		days         []DayCount
		n, threshold int
		want         []Window
	}{
		"none":                                 {nil, 30, 1, nil},
		"over a month's end":                   {one(day(4, 29), day(4, 30), day(5, 1)), 3, 3, []Window{{month(5), day(4, 29), day(5, 1), 3}}},
		"a day too far":                        {one(day(4, 28), day(4, 30), day(5, 1)), 3, 3, nil},
		"the most of a month":                  {append(one(day(5, 1), day(5, 2)), DayCount{day(5, 20), 5}, DayCount{day(5, 28), 2}), 7, 2, []Window{{month(5), day(5, 20), day(5, 20), 5}}},
		"of equals the last":                   {one(day(5, 1), day(5, 2), day(5, 20), day(5, 21)), 7, 2, []Window{{month(5), day(5, 20), day(5, 21), 2}}},
		"overlapping equals":                   {one(day(5, 1), day(5, 2), day(5, 3)), 2, 2, []Window{{month(5), day(5, 2), day(5, 3), 2}}},
		"each month has its own":               {one(day(4, 30), day(5, 1), day(5, 31), day(6, 1)), 2, 2, []Window{{month(5), day(4, 30), day(5, 1), 2}, {month(6), day(5, 31), day(6, 1), 2}}},
		"the leap day is a day":                {one(day(2, 28), day(3, 1)), 2, 2, nil},
		"three with the leap day":              {one(day(2, 28), day(3, 1)), 3, 2, []Window{{month(3), day(2, 28), day(3, 1), 2}}},
		"a day that leaves takes all it had":   {[]DayCount{{day(5, 1), 9}, {day(5, 2), 1}, {day(5, 8), 1}}, 7, 3, []Window{{month(5), day(5, 1), day(5, 2), 10}}},
		"a leap year":                          {one(day(1, 1), day(12, 31)), 366, 2, []Window{{month(12), day(1, 1), day(12, 31), 2}}},
		"a year is a day short of a leap year": {one(day(1, 1), day(12, 31)), 365, 2, nil},
	} {
		if diff := cmp.Diff(tt.want, Windows(tt.days, tt.n, tt.threshold)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAWindowHasAtMostALeapYear(t *testing.T) {
	for days, code := range map[int]core.Code{-1: core.CodeInvalid, 0: "", 1: "", 366: "", 367: core.CodeInvalid} {
		if err := CheckWindow("test", days); core.ErrorCode(err) != code {
			t.Errorf("%d days: %v", days, err)
		}
	}
}
