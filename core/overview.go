package core

import "time"

// Overview is what the first tab shows.
type Overview struct {
	At      time.Time    `json:"at"`
	Tickets int64        `json:"tickets"` // all that are kept
	Open    int          `json:"open"`
	Red     int          `json:"red"`     // without an answer after their deadline
	Amber   int          `json:"amber"`   // soon
	Unowned int          `json:"unowned"` // open, and nobody's
	Tough   int          `json:"tough"`   // open, of tough customers
	Due     []TicketView `json:"due"`     // the most pressing answers, at most 5
	AtRisk  []AtRisk     `json:"at_risk"` // at most 5
	// Breaches of this month's orders, and of the months before, by month, oldest first.
	Breaches     []BreachView      `json:"-"`
	MonthCounts  []MonthCount      `json:"breaches_by_month"`
	MailTrouble  int64             `json:"mail_trouble"`    // failed, held, given up
	Days         []TicketDay       `json:"days"`            // the last 30, oldest first
	Left         time.Time         `json:"left,omitzero"`   // when the desk was last looked at before now; zero: never
	SinceLeft    []TicketEvent     `json:"since_left"`      // newest first, at most 100
	LeftSubjects map[uint32]string `json:"-"`               // of the tickets of SinceLeft, by number
	LeftCounts   map[string]int    `json:"since_left_kind"` // by TicketEventKind, of all of them
	Sources      []SourceReport    `json:"sources"`
	OrdersError  string            `json:"orders_error,omitempty"`
	SourcesError int               `json:"sources_failing"`
}

// AtRisk is an open ticket that may end badly, with the reasons that weigh most.
type AtRisk struct {
	TicketView
	Reasons []NamedReason `json:"reasons"` // at most 3
}

// TicketDay counts a day's tickets, in the clock's time zone.
type TicketDay struct {
	Day     Day `json:"day"`
	Created int `json:"created"`
	Closed  int `json:"closed"`
}
