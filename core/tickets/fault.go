package tickets

import "deskwatch/core"

// Fault is why a record cannot be a ticket.
type Fault struct {
	Field  core.Field // "" for the record as a whole
	Reason string     // for people; what varies from record to record stands in quotes
}

// Error is the reason.
func (f *Fault) Error() string { return f.Reason }
