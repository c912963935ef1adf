package core

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// TicketStatus is where a ticket stands, in the seven words Deskwatch knows. The source's own
// spelling is kept beside it.
type TicketStatus uint8

// The ticket statuses, in the order of a ticket's life.
const (
	TicketNew      TicketStatus = iota
	TicketOpen                  // somebody works on it
	TicketPending               // waits for the customer
	TicketHeld                  // waits for somebody else: a vendor, a problem, a change
	TicketResolved              // answered, may still be reopened
	TicketClosed
	TicketOther // a spelling no table knows; counts as open
	ticketStatusCount
)

var ticketStatusNames = [ticketStatusCount]string{"new", "open", "pending", "held", "resolved", "closed", "other"}

// TicketStatuses lists every status.
func TicketStatuses() []TicketStatus {
	return []TicketStatus{TicketNew, TicketOpen, TicketPending, TicketHeld, TicketResolved, TicketClosed, TicketOther}
}

// String is the canonical spelling.
func (s TicketStatus) String() string {
	if s < ticketStatusCount {
		return ticketStatusNames[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// Done reports whether nobody works on a ticket in this status any more.
func (s TicketStatus) Done() bool { return s == TicketResolved || s == TicketClosed }

// ParseTicketStatus reads a canonical spelling, in any case.
func ParseTicketStatus(text string) (TicketStatus, error) {
	if i := slices.Index(ticketStatusNames[:], strings.ToLower(strings.TrimSpace(text))); i >= 0 {
		return TicketStatus(i), nil
	}
	return 0, NewError(CodeInvalid, "core.ticket status", fmt.Sprintf("%q is not a ticket status. Use one of: %s.", text, strings.Join(ticketStatusNames[:], ", ")), nil)
}

// MarshalText writes the canonical spelling.
func (s TicketStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the canonical spelling.
func (s *TicketStatus) UnmarshalText(b []byte) error {
	v, err := ParseTicketStatus(string(b))
	*s = v
	return err
}

// Priority is how much a ticket presses; a higher number presses more.
type Priority uint8

// The priorities. PriorityNone is a ticket whose source gives none.
const (
	PriorityNone Priority = iota
	PriorityLow
	PriorityNormal
	PriorityHigh
	PriorityUrgent
	priorityCount
)

var priorityNames = [priorityCount]string{"none", "low", "normal", "high", "urgent"}

// Priorities lists every priority, the least pressing first.
func Priorities() []Priority {
	return []Priority{PriorityNone, PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent}
}

// String is the canonical spelling.
func (p Priority) String() string {
	if p < priorityCount {
		return priorityNames[p]
	}
	return fmt.Sprintf("priority(%d)", uint8(p))
}

// ParsePriority reads a canonical spelling, in any case.
func ParsePriority(text string) (Priority, error) {
	if i := slices.Index(priorityNames[:], strings.ToLower(strings.TrimSpace(text))); i >= 0 {
		return Priority(i), nil
	}
	return 0, NewError(CodeInvalid, "core.priority", fmt.Sprintf("%q is not a priority. Use one of: %s.", text, strings.Join(priorityNames[:], ", ")), nil)
}

// MarshalText writes the canonical spelling.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the canonical spelling.
func (p *Priority) UnmarshalText(b []byte) error {
	v, err := ParsePriority(string(b))
	*p = v
	return err
}

// TicketKey names a ticket for ever: the source it comes from and the id it has there.
type TicketKey struct {
	Source string `json:"source"`
	ID     string `json:"id"`
}

// String is the form a person may type: "salesforce:5001g000009TXIm".
func (k TicketKey) String() string { return k.Source + ":" + k.ID }

// Ticket is a support case as a source told it last. Times are UTC with whole seconds; the zero
// time means that the source did not say.
type Ticket struct {
	No           uint32       `json:"no"`     // the desk's own number of it, from 1; 0 before it is kept
	Source       string       `json:"source"` // the source's name
	ID           string       `json:"id"`     // the source's own; never empty
	Number       string       `json:"number"` // what people call it; never empty, ID where the source has no other
	Subject      string       `json:"subject"`
	Description  string       `json:"description"`
	Status       TicketStatus `json:"status"`
	RawStatus    string       `json:"raw_status"` // as the source spells it
	Priority     Priority     `json:"priority"`
	RawPriority  string       `json:"raw_priority"`
	Product      string       `json:"product"`
	CustomerID   string       `json:"customer_id"` // the source's key of the customer, else the e-mail, else the name; "" unknown
	Customer     string       `json:"customer"`    // the customer's name
	Email        string       `json:"email"`       // the customer's
	Owner        string       `json:"owner"`
	Channel      string       `json:"channel"`
	CreatedAt    time.Time    `json:"created_at,omitzero"`
	UpdatedAt    time.Time    `json:"updated_at,omitzero"`
	FirstReplyAt time.Time    `json:"first_reply_at,omitzero"`
	ClosedAt     time.Time    `json:"closed_at,omitzero"`
	Escalated    bool         `json:"escalated"`
	Reopened     int          `json:"reopened"` // how often; counted here where the source does not say
	Rating       int          `json:"rating"`   // 1 bad … 5 good; 0 none
	Gone         bool         `json:"gone"`     // missing from the source's last full snapshot
}

// Key names the ticket.
func (t Ticket) Key() TicketKey { return TicketKey{t.Source, t.ID} }

// Done reports whether nobody has to do anything about the ticket any more.
func (t Ticket) Done() bool { return t.Gone || t.Status.Done() }

// StatusStep is one step of a ticket's status history.
type StatusStep struct {
	At        time.Time    `json:"at"`
	Status    TicketStatus `json:"status"`
	RawStatus string       `json:"raw_status"`
}
