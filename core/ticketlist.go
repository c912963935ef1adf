package core

import "time"

// ClockState is how the first-reply clock of a ticket stands.
type ClockState string

// The states of the first-reply clock.
const (
	ClockNone    ClockState = "none"    // no target applies, or nobody knows when the ticket began
	ClockRunning ClockState = "running" // more than a quarter of the time and 15 minutes are left
	ClockAmber   ClockState = "amber"   // 75 % are used, or 15 minutes are left
	ClockRed     ClockState = "red"     // the deadline has passed without an answer
	ClockStopped ClockState = "stopped" // stands, for the ticket's status
	ClockMet     ClockState = "met"     // answered in time
	ClockMissed  ClockState = "missed"  // answered too late
)

// TicketView is a ticket with what the desk knows about it.
type TicketView struct {
	Ticket
	Assigned     string      `json:"assigned"` // the owner given on the desk, not yet confirmed by the source; "" none
	Due          time.Time   `json:"due,omitzero"`
	Clock        ClockState  `json:"clock"`
	Tough        int         `json:"tough"` // of its customer, 0..100
	ToughFlag    bool        `json:"tough_flag"`
	IsTough      bool        `json:"is_tough"`     // what tough:yes finds
	BadOrders    int         `json:"bad_orders"`   // of its customer, cancelled or returned this month
	Risk         int         `json:"risk"`         // 0..100 that it ends badly
	Satisfaction int         `json:"satisfaction"` // what is left of 100 after the risk; of a ticket that is done 100
	Acknowledged *Attention  `json:"acknowledged,omitempty"`
	Snoozed      *Attention  `json:"snoozed,omitempty"`
	CustomerKey  CustomerKey `json:"customer_key"`
}

// TicketQuery selects tickets.
type TicketQuery struct {
	Text  string // in the query language; "" all
	Open  bool   // only tickets somebody has to do something about
	Sort  string // a field of TicketSorts, with "-" in front for descending; "" is "-updated"
	Limit int    // clamped to 1..1000, 0 means 100
	After string // TicketPage.Next of the page before
	Texts bool   // with the descriptions, which are left out otherwise
}

// TicketSorts lists what tickets can be sorted by.
func TicketSorts() []string {
	return []string{"number", "subject", "status", "priority", "product", "customer", "owner", "created", "updated", "closed", "due", "satisfaction", "risk", "tough", "orders", "rating"}
}

// TicketPage is one page of tickets; its JSON is the headless contract.
type TicketPage struct {
	Total int64        `json:"total"`
	Items []TicketView `json:"items"`
	Next  string       `json:"next"` // "" on the last page
}

// TicketOrder is every ticket that matched, in order, by its No. It is a picture of one moment
// and belongs to the caller.
type TicketOrder struct {
	Nos []uint32
	// Clauses of the filter that cannot be used yet, for people, such as a date half typed: the
	// rest was applied.
	Notes []Phrase
}

// QueryProblem says what is wrong with a filter, and where.
type QueryProblem struct {
	Message    string // for people
	Phrase     Phrase // what Message says
	Start, End int    // byte offsets of the part it is about
}

// Completion is one way to go on typing a filter.
type Completion struct {
	Text       string // what replaces the part
	Hint       string // for people; may be ""
	Start, End int    // byte offsets of the part it replaces
}

// SavedFilter is a filter under a name.
type SavedFilter struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Sort string `json:"sort"`
}

// AttentionKind says what a person did about a ticket on the desk.
type AttentionKind string

// The kinds of attention.
const (
	Acknowledge AttentionKind = "ack"    // somebody knows: no more reminders of it
	Snooze      AttentionKind = "snooze" // not now: out of the way until it ends
)

// Attention is what a person did about a ticket on the desk. The source never hears of it.
type Attention struct {
	Key     TicketKey     `json:"key"`
	Kind    AttentionKind `json:"kind"`
	Comment string        `json:"comment"`
	At      time.Time     `json:"at"`
	Until   time.Time     `json:"until,omitzero"` // zero: until taken back
	By      string        `json:"by,omitempty"`   // the user who did it; "" the owner of the data folder
}

// Holds reports whether it still counts at now.
func (a Attention) Holds(now time.Time) bool { return a.Until.IsZero() || now.Before(a.Until) }

// TicketDetail is everything the desk knows about one ticket.
type TicketDetail struct {
	TicketView
	History      []StatusStep    `json:"status_history"`
	Events       []TicketEvent   `json:"events"` // oldest first, the newest 1,000
	ClockSteps   []ClockStep     `json:"clock_steps"`
	ToughReasons []NamedReason   `json:"tough_reasons"`
	Prediction   Prediction      `json:"prediction"`
	Card         *CustomerCard   `json:"card,omitempty"` // nil when nobody knows the customer
	Attention    []Attention     `json:"attention"`      // what holds
	SourceURL    string          `json:"source_url"`     // where the ticket is in its source; "" unknown
	Neighbours   []TicketSummary `json:"-"`
}

// TicketSummary is as much of a ticket as another one's pane shows.
type TicketSummary struct {
	No        uint32       `json:"no"`
	Number    string       `json:"number"`
	Subject   string       `json:"subject"`
	Status    TicketStatus `json:"status"`
	CreatedAt time.Time    `json:"created_at,omitzero"`
	Rating    int          `json:"rating"`
}

// ClockStep is one line of how a reply deadline came about, for people.
type ClockStep struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// NamedReason is one part of a score, and what it adds.
type NamedReason struct {
	Reason string `json:"reason"` // a key that never changes: "bad_ratings", "orders"
	Text   string `json:"text"`   // for people: "3 bad ratings, the last 4 days ago"
	Points int    `json:"points"` // signed
	Count  int    `json:"count"`  // how many, where it counts something: ratings, orders, days
	// Subject is whom or what it is about, such as an owner or a category, and Ratio how many times
	// the usual; both where a prediction's reason has one.
	Subject string  `json:"subject,omitempty"`
	Ratio   float64 `json:"ratio,omitempty"`
}
