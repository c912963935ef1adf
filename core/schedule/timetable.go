package schedule

import (
	"time"

	"deskwatch/core"
)

// NextAfter returns the first time after t at which the schedule is due, in t's zone; zero for
// a schedule that is off or out of its bounds.
//
// "Every N minutes" counts from the Unix epoch, so a restart does not shift it. A time of day
// that the clocks skip (summer time begins) is due the moment they have skipped it; one that
// they show twice is due once. A month's missing day is its last day.
func NextAfter(s core.Schedule, t time.Time) time.Time {
	switch {
	case !valid(s):
		return time.Time{}
	case s.Kind == core.ScheduleMinutes:
		return minutesFloor(s, t).Add(time.Duration(s.Minutes) * time.Minute)
	case s.Kind == core.ScheduleHourly:
		return seekMinute(s.Minute, t.Truncate(time.Minute).Add(time.Minute), time.Minute)
	}
	for i := -1; ; i++ {
		if due := dayTime(s, t, i); due.After(t) {
			return due
		}
	}
}

// LastDue returns the last time, t included, at which the schedule was due, in t's zone; zero
// for a schedule that is off or out of its bounds.
func LastDue(s core.Schedule, t time.Time) time.Time {
	switch {
	case !valid(s):
		return time.Time{}
	case s.Kind == core.ScheduleMinutes:
		return minutesFloor(s, t)
	case s.Kind == core.ScheduleHourly:
		return seekMinute(s.Minute, t.Truncate(time.Minute), -time.Minute)
	}
	for i := 1; ; i-- {
		if due := dayTime(s, t, i); !due.After(t) {
			return due
		}
	}
}

func valid(s core.Schedule) bool {
	clock := s.Hour >= 0 && s.Hour <= 23 && s.Minute >= 0 && s.Minute <= 59
	switch s.Kind {
	case core.ScheduleMinutes:
		return s.Minutes >= 1 && s.Minutes <= 1440
	case core.ScheduleHourly:
		return s.Minute >= 0 && s.Minute <= 59
	case core.ScheduleDaily:
		return clock
	case core.ScheduleMonthly:
		return clock && s.Day >= 1 && s.Day <= 31
	}
	return false
}

func minutesFloor(s core.Schedule, t time.Time) time.Time {
	period := int64(s.Minutes) * 60
	unix := t.Unix()
	return time.Unix(unix-((unix%period)+period)%period, 0).In(t.Location())
}

// seekMinute steps from t, minute by minute, to a time that shows the given minute. Asking the
// zone every time is right even where the clocks move by half an hour.
func seekMinute(minute int, t time.Time, step time.Duration) time.Time {
	for t.Minute() != minute {
		t = t.Add(step)
	}
	return t
}

// dayTime is the due time of a daily or monthly schedule i days or months away from t's own.
func dayTime(s core.Schedule, t time.Time, i int) time.Time {
	y, m, d := t.Date()
	if s.Kind == core.ScheduleDaily {
		return wallTime(y, m, d+i, s, t.Location())
	}
	first := time.Date(y, m+time.Month(i), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return wallTime(first.Year(), first.Month(), min(s.Day, last), s, t.Location())
}

// wallTime is Hour:Minute of a day, or the moment the clocks skipped it. time.Date answers a
// skipped time with one before or after the skip; both lie next to the zone's transition.
func wallTime(y int, m time.Month, d int, s core.Schedule, loc *time.Location) time.Time {
	t := time.Date(y, m, d, s.Hour, s.Minute, 0, 0, loc)
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	wanted := time.Date(y, m, d, s.Hour, s.Minute, 0, 0, time.UTC)
	start, end := t.ZoneBounds()
	switch {
	case shown.Before(wanted):
		return end
	case shown.After(wanted):
		return start
	}
	return t
}
