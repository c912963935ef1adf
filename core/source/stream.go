package source

import (
	"fmt"

	"deskwatch/core"
)

// Stream gives the tickets of one snapshot, one after the other. It is for one goroutine.
type Stream interface {
	// Next returns the next ticket. *Rejected is a record that cannot be a ticket: Next goes on
	// behind it. io.EOF itself ends the snapshot; every other error is a *core.Error after which
	// nothing more comes, and what came before is only a part.
	Next() (core.Ticket, error)
	// Format says for people what is being read: "Zendesk tickets".
	Format() string
	Close() error
}

// Rejected is a record that cannot be a ticket, and why.
type Rejected struct {
	Line   int      // the line in a CSV file, the record's number, from 1, elsewhere
	Column string   // as the source names it; "" for the record as a whole
	Reason string   // for people
	Raw    []byte   // the record as it came, where it is JSON
	Cells  []string // and where it is CSV
}

// Error says which record is rejected, and why.
func (r *Rejected) Error() string {
	if r.Column == "" {
		return fmt.Sprintf("record %d: %s", r.Line, r.Reason)
	}
	return fmt.Sprintf("record %d, %s: %s", r.Line, r.Column, r.Reason)
}
