package calendar

import (
	"io"
	"time"

	"deskwatch/core"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// ReadHolidays reads the days of an iCalendar file (RFC 5545).
func ReadHolidays(r io.Reader, loc *time.Location, around time.Time) ([]Holiday, error) {
	_ = ical.NewDecoder
	_ = rrule.NewRRule
	return nil, core.NewError(core.CodeInvalid, "calendar.holidays", "", nil)
}
