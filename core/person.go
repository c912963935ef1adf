package core

import "time"

// Person is what telling people of tickets knows of a user.
type Person struct {
	ID         int64        `json:"id"`
	Name       string       `json:"name"` // what they sign in with; unique, compared without case
	Email      string       `json:"email"`
	Role       Role         `json:"role"`
	Products   []string     `json:"products"` // whose new tickets they hear of; compared without case
	OwnerNames []string     `json:"owners"`   // as the sources name them: what makes a ticket theirs
	Mail       bool         `json:"mail"`     // told by mail as well
	Quiet      []QuietFrame `json:"quiet"`    // when they are left in peace
}

// QuietFrame is a stretch of quiet on one day of the week, in minutes since midnight on the
// wall; To may be smaller than From, and then lies on the next day.
type QuietFrame struct {
	Day  time.Weekday `json:"day"` // 0 is Sunday
	From int          `json:"from"`
	To   int          `json:"to"`
}

// NotifySettings are about telling people of tickets.
type NotifySettings struct {
	Me          string `json:"me"`          // the name of the person at this workstation; "" everything concerns them
	NewTickets  bool   `json:"new_tickets"` // what is told of
	ReplyDue    bool   `json:"reply_due"`
	Tough       bool   `json:"tough"`
	Escalation  bool   `json:"escalation"`
	RiskFrom    int    `json:"risk_from"`   // likely escalation: a risk of so much or more, 1..100
	ToughFrom   int    `json:"tough_from"`  // a customer is tough from this score on, 1..100
	BurstSecs   int    `json:"burst"`       // news of so many seconds is told together, 0..300
	LeadMinutes int    `json:"lead_after"`  // the lead hears of a due reply so many minutes after the owner, 0..240
	ProductOnly bool   `json:"only_theirs"` // an engineer hears of new tickets of their products only; else of those nobody owns too
}

// DefaultNotifySettings tell of everything.
func DefaultNotifySettings() NotifySettings {
	return NotifySettings{NewTickets: true, ReplyDue: true, Tough: true, Escalation: true, RiskFrom: 70, ToughFrom: 60, BurstSecs: 10, LeadMinutes: 15}
}

// NoticeKind is why somebody is told of a ticket.
type NoticeKind string

// The kinds of notice. They are stored: never rename one.
const (
	NoticeNew        NoticeKind = "new"
	NoticeReplyDue   NoticeKind = "reply_due"
	NoticeTough      NoticeKind = "tough"
	NoticeEscalation NoticeKind = "escalation" // it happened
	NoticeAtRisk     NoticeKind = "at_risk"    // the ticket entered the list of those that may end badly
	NoticeSnooze     NoticeKind = "snooze"     // a snooze ended, and the ticket is still open
)

// How a notice reaches somebody: Notice.Via. They are stored: never rename one.
const (
	ViaDesktop = "desktop" // shown at the desk
	ViaMail    = "mail"
)

// Notice is one thing to tell: a ticket, why, to whom, and by which way.
type Notice struct {
	ID       int64      `json:"id"`
	At       time.Time  `json:"at"`
	Kind     NoticeKind `json:"kind"`
	Person   string     `json:"person"` // the name; "" whoever sits at the desk
	Via      string     `json:"via"`    // ViaDesktop or ViaMail; "" when there is no way to reach them
	TicketNo uint32     `json:"ticket_no"`
	Key      TicketKey  `json:"ticket"`
	Number   string     `json:"number"`
	Text     string     `json:"text"` // with the one fact that decides
	Rank     int        `json:"rank"` // higher presses more
	Told     time.Time  `json:"told,omitzero"`
	How      string     `json:"how"` // once told: "single", "burst", "summary"; or why not: "no_mail", "settled", "late"
}

// NoticeQuery selects notices, newest first.
type NoticeQuery struct {
	Since  time.Time // zero: all that are kept
	Ticket uint32    // 0 all
	Limit  int       // clamped to 1..1000, 0 means 100
}
