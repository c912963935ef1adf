package tickets

import "deskwatch/core"

// Fault is why a record cannot be a ticket.
type Fault struct {
	Field  core.Field // "" for the record as a whole
	Reason string     // for people; what varies from record to record is quoted in it
	Kind   string     // the same words for every record with this fault, to count them by
}

// Error is the reason.
func (f *Fault) Error() string { return f.Reason }
