package core

import "time"

// ClockSettings say how long a customer may wait for the first answer, and when time counts.
type ClockSettings struct {
	Zone       string          `json:"zone"`       // IANA name; "" this machine's
	AlwaysOpen bool            `json:"always"`     // 24×7: frames and holidays do not count
	Frames     []BusinessFrame `json:"frames"`     // the business hours
	HolidayICS string          `json:"holidays"`   // path of an .ics file; "" none
	Targets    []ReplyTarget   `json:"targets"`    // the first that fits counts
	StoppedBy  []TicketStatus  `json:"stopped_by"` // the clock stands while a ticket has one of these
}

// BusinessFrame is one stretch of business time on one day of the week; a day may have several.
// From and To are minutes since midnight on the wall, From < To <= 1440.
type BusinessFrame struct {
	Day  time.Weekday `json:"day"` // 0 is Sunday
	From int          `json:"from"`
	To   int          `json:"to"`
}

// ReplyTarget is a first-reply target. Product "" fits every product, PriorityAny every priority.
type ReplyTarget struct {
	Product  string `json:"product"`
	Priority string `json:"priority"` // a priority, or PriorityAny
	Minutes  int    `json:"minutes"`  // of business time; 0: no target
}

// PriorityAny is the ReplyTarget.Priority that fits every priority.
const PriorityAny = "any"

// DefaultClockSettings are Monday to Friday, 9:00 to 17:00, with a target per priority.
func DefaultClockSettings() ClockSettings {
	c := ClockSettings{StoppedBy: []TicketStatus{TicketPending, TicketHeld}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Frames = append(c.Frames, BusinessFrame{Day: d, From: 9 * 60, To: 17 * 60})
	}
	c.Targets = []ReplyTarget{{"", "urgent", 60}, {"", "high", 120}, {"", PriorityAny, 480}}
	return c
}

// ClockQuestion asks how the first-reply clock of one ticket stands.
type ClockQuestion struct {
	Product    string
	Priority   Priority
	Status     TicketStatus
	Gone       bool
	Created    time.Time
	FirstReply time.Time // zero: none yet
	Closed     time.Time
	History    []StatusStep // oldest first; empty: the status was always the same
	Now        time.Time
	Explain    bool // also fill ClockAnswer.Steps
}

// ClockAnswer says how it stands. Due and AmberFrom are zero without a target, and while the
// clock stands they are what they would be if it went on now.
type ClockAnswer struct {
	State     ClockState
	Due       time.Time
	AmberFrom time.Time // 75 % used, or 15 minutes of business time left, whichever comes first
	Steps     []ClockStep
}
