package calendar

import (
	"time"

	"deskwatch/core"
)

// Example tells, for people, when an hour of business time ends that begins at 16:30 on the
// Friday after now: "Friday 16:30 + 1 h → Monday 09:30". It fails with core.CodeInvalid when it
// never ends.
func (c *Calendar) Example(now time.Time) (string, error) {
	now = now.In(c.loc)
	y, m, d := now.Date()
	start := time.Date(y, m, d+(int(time.Friday-now.Weekday())+7)%7, 16, 30, 0, 0, c.loc)
	end, ok := c.Add(start, time.Hour)
	if !ok {
		return "", core.NewError(core.CodeInvalid, "calendar.example", "No time counts: there are no business hours, so no answer would ever be due. Add some, or let every hour count.", nil)
	}
	const layout = "Monday 15:04"
	text := start.Format(layout) + " + 1 h → " + end.Format(layout)
	if end.Sub(start) > 6*24*time.Hour {
		text += end.Format(" (2 January)")
	}
	return text, nil
}
