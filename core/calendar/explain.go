package calendar

import (
	"time"

	"deskwatch/core"
)

func (c *Clock) explain(q core.ClockQuestion, a core.ClockAnswer, allowed time.Duration, end time.Time) []core.ClockStep {
	return nil
}
