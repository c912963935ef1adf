package core

import "time"

// ScheduleKind is how often a job runs by itself.
type ScheduleKind string

// The kinds of schedule.
const (
	ScheduleOff     ScheduleKind = "off"
	ScheduleMinutes ScheduleKind = "minutes" // every Schedule.Minutes
	ScheduleHourly  ScheduleKind = "hourly"  // at minute Schedule.Minute
	ScheduleDaily   ScheduleKind = "daily"   // at Hour:Minute
	ScheduleMonthly ScheduleKind = "monthly" // on Day at Hour:Minute; a day the month lacks means its last
)

// Schedule says when a job runs by itself, in the workstation's local time.
type Schedule struct {
	Kind    ScheduleKind `json:"kind"`
	Minutes int          `json:"minutes"` // 1..1440
	Day     int          `json:"day"`     // 1..31
	Hour    int          `json:"hour"`
	Minute  int          `json:"minute"`
}

// Rule says which breaches are alerts, and who is told how often.
type Rule struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Enabled   bool      `json:"enabled"`
	Statuses  StatusSet `json:"statuses"`
	Threshold int       `json:"threshold"` // distinct orders within the window
	Days      int       `json:"days"`      // the window: 0 is a calendar month, 2..366 that many days in a row
	Step      int       `json:"step"`      // growth of the count that is mailed again; 0 never
	// Recipients: the customer's own e-mail, fixed addresses, or both.
	ToCustomer bool     `json:"to_customer"`
	ToFixed    []string `json:"to_fixed"`
	Cap        int      `json:"cap"` // alerts queued by one run at most; the rest is held
	Schedule   Schedule `json:"schedule"`
	OnImport   bool     `json:"on_import"` // also run after every import
	// BaselineAt is when the rule's first run took what was already there as known;
	// nil before that run.
	BaselineAt *time.Time `json:"baseline_at"`
}

// DefaultRule is the older program's rule: three or more cancelled or returned orders of one
// customer in one calendar month, checked monthly and after every import. The address is an
// example nobody owns; SMTP never sends to it.
func DefaultRule() Rule {
	return Rule{
		Name: "Cancelled or returned", Enabled: true,
		Statuses: NewStatusSet(StatusCancelled, StatusReturned), Threshold: 3, Step: 1,
		ToFixed: []string{"support-lead@deskwatch.example"}, Cap: 5,
		Schedule: Schedule{Kind: ScheduleMonthly, Day: 1, Hour: 8}, OnImport: true,
	}
}

// Mute keeps one customer's breaches from being mailed.
type Mute struct {
	Customer string
	Note     string
	Until    time.Time // zero: until lifted
}

// Alerted is what the ledger remembers of one rule, customer and month.
type Alerted struct {
	RuleID   int64
	Customer string
	Period   Month
	Count    int       // the count when it was last mailed, or taken as known
	At       time.Time // when that was
	Mailed   bool      // false: known from the baseline only, never mailed
}

// Action is what to do about a breach.
type Action string

// The actions.
const (
	ActionSend Action = "send" // queue its messages
	ActionHold Action = "hold" // not now; it comes up again
	ActionSkip Action = "skip" // nothing to do
)

// Reason names the outcome of a decision. Its text for people is in the window's language.
type Reason string

// The reasons. They are stored and appear as keys of the headless contract: never rename one.
const (
	ReasonNew           Reason = "new"            // send: never mailed
	ReasonGrown         Reason = "grown"          // send: grew by the rule's step since it was mailed
	ReasonBacklog       Reason = "backlog"        // send: from the baseline, the user asked for it
	ReasonAlreadyMailed Reason = "already_mailed" // skip: same count was mailed
	ReasonGrownTooFew   Reason = "grown_too_few"  // skip: grew by less than the step
	ReasonShrunk        Reason = "shrunk"         // skip: fewer than were mailed
	ReasonBaseline      Reason = "baseline"       // hold: was there before the rule's first run
	ReasonOverCap       Reason = "over_cap"       // hold: the run's cap is reached
	ReasonMuted         Reason = "muted"          // skip
	ReasonNoRecipient   Reason = "no_recipient"   // hold: nobody to send it to
	ReasonPaused        Reason = "paused"         // hold: alerts are paused
)

// Decision is one entry of the alert history.
type Decision struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	RuleID   int64     `json:"rule_id"`
	RuleName string    `json:"rule"`
	Customer string    `json:"customer"`
	Period   Month     `json:"period"`
	Count    int       `json:"count"`
	Action   Action    `json:"action"`
	Reason   Reason    `json:"reason"`
	LastAt   time.Time `json:"last_at,omitzero"` // when it was last mailed; zero if never
}

// DecisionQuery selects decisions, newest first.
type DecisionQuery struct {
	RuleID   int64  // 0 all
	Customer string // "" all
	Limit    int    // clamped to 1..1000, 0 means 100
	Before   int64  // only ids below; 0 from the newest
}

// CheckRequest asks for one alert run.
type CheckRequest struct {
	RuleID      int64  // 0: every enabled rule
	DryRun      bool   // decide and report; store and queue nothing
	Limit       int    // instead of the rule's cap; 0: the cap
	SendBacklog bool   // also send what was there before the rule's first run
	Cause       string // "schedule", "import", "user", "command": for the log
}

// CheckResult is the outcome of an alert run; its JSON is the headless contract.
type CheckResult struct {
	Breaches   int            `json:"breaches"`
	Queued     int            `json:"queued"` // alerts queued; breaches = queued + all skipped
	Skipped    map[Reason]int `json:"skipped"`
	Deliveries int            `json:"deliveries"` // messages queued: one alert may have several recipients

	Decisions     []Decision `json:"-"` // of this run, at most the first 10,000
	NewBreaches   []Breach   `json:"-"` // those never seen by the rule before, for the notification
	BaselineFirst bool       `json:"-"` // this was some rule's first run and found breaches: ask the user
}

// BreachView is a breach with what alerting knows of it, for the window.
type BreachView struct {
	Breach
	RuleID   int64
	RuleName string
	State    Reason    // what a run would decide now
	LastAt   time.Time // when it was last mailed
	Muted    bool
}
