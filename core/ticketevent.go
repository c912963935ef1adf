package core

import "time"

// TicketEventKind is what changed about a ticket.
type TicketEventKind string

// The kinds of ticket event. They are stored: never rename one.
const (
	TicketCreated     TicketEventKind = "created"
	TicketStatusEvent TicketEventKind = "status"
	TicketPriority    TicketEventKind = "priority"
	TicketOwner       TicketEventKind = "owner"
	TicketEscalated   TicketEventKind = "escalated"
	TicketReopened    TicketEventKind = "reopened" // comes with a status event
	TicketReplied     TicketEventKind = "replied"  // the first answer
	TicketClosedEvent TicketEventKind = "closed"   // comes with a status event
	TicketRated       TicketEventKind = "rated"
	TicketGone        TicketEventKind = "gone"     // missing from a full snapshot
	TicketReturned    TicketEventKind = "returned" // there again after it was gone
)

// TicketEvent is one change of a ticket, found by comparing the snapshot that arrived with the
// one stored.
type TicketEvent struct {
	Seq      int64           `json:"seq"`     // grows by one per event
	At       time.Time       `json:"at"`      // when it happened, as far as the source tells
	SeenAt   time.Time       `json:"seen_at"` // when the desk learned of it
	No       uint32          `json:"no"`      // of the ticket
	Source   string          `json:"source"`
	TicketID string          `json:"ticket_id"`
	Number   string          `json:"number"`
	Kind     TicketEventKind `json:"kind"`
	From     string          `json:"from"` // in the source's spelling; "" where there was nothing
	To       string          `json:"to"`
	Silent   bool            `json:"silent"` // of a source's first load: nobody is told
}

// TicketEventQuery selects ticket events.
type TicketEventQuery struct {
	No      uint32          // of one ticket; 0 all
	Nos     []uint32        // of these, at most 1,000; nil all
	Kind    TicketEventKind // "" all
	After   int64           // only higher Seq, oldest first; and with
	Newest  bool            // newest first instead, below Before when that is not 0
	Before  int64
	Audible bool // without silent ones
	Limit   int  // clamped to 1..10,000, 0 means 100
}

// SnapshotCounts is what one snapshot did to the pool.
type SnapshotCounts struct {
	Tickets   int64 `json:"tickets"` // in the snapshot
	New       int64 `json:"tickets_new"`
	Changed   int64 `json:"tickets_changed"`
	Unchanged int64 `json:"tickets_unchanged"`
	Stale     int64 `json:"tickets_stale"` // older than what is stored: left alone
	Gone      int64 `json:"tickets_gone"`
	Events    int64 `json:"events"`
}
