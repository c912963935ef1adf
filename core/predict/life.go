// Package predict owns how likely a ticket ends badly: what is known of it at a moment, what the
// tickets before it teach, the model trained on them, its reasons and what would help, how good
// its predictions were, and when it must not predict. It is pure: time is passed in, equal input
// gives equal output, and it declares Ledger, the place predictions are kept in until their
// tickets have ended.
package predict

// Schema names what lives have beyond the well-known fields. A model can be used with the schema
// it was trained with only.
type Schema struct {
	Words   []string `json:"words"`   // further columns of words, such as "location"
	Numbers []string `json:"numbers"` // and of numbers, such as "item price"
}

// Facts are what a source says of a ticket at one moment.
type Facts struct {
	Customer, Owner, Team      string
	Product, Category, Channel string
	Priority, Status           string
	Text                       Text
	Words                      []string  // by Schema.Words; "" unknown
	Numbers                    []float64 // by Schema.Numbers; NaN unknown
}

// Field is one of the facts a step can change.
type Field uint8

// The fields. Those from FieldWord on are the schema's words, then its numbers.
const (
	FieldNone Field = iota
	FieldCustomer
	FieldOwner
	FieldTeam
	FieldProduct
	FieldCategory
	FieldChannel
	FieldPriority
	FieldStatus
	FieldWord
)

// StepKind is what happened to a ticket.
type StepKind uint8

// The kinds of step.
const (
	StepReplied StepKind = iota // the first reply
	StepChanged                 // Field is Value from now on
	StepReopened
	StepEscalated
	StepClosed
)

// Step is one thing that happened to a ticket after its arrival.
type Step struct {
	At    int64 // seconds since 1970 UTC
	Kind  StepKind
	Field Field  // with StepChanged
	Value string // with StepChanged; a number as strconv writes it, "" unknown
}

// Outcome is how a ticket ended.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnknown Outcome = iota
	OutcomeGood
	OutcomeBad
)

// Life is one ticket from its arrival on, as far as it is known. Desks, files with a row for each
// ticket and event logs all become lives, so that the same code learns from each of them and
// predicts.
type Life struct {
	Key     string // names the ticket; tickets of one key are one ticket
	Created int64  // seconds since 1970 UTC; 0 unknown
	Facts   Facts  // as they were on arrival
	Steps   []Step // in the order of time
	Outcome Outcome
	// Level is how bad the end was, where the source tells more than good or bad: the higher the
	// worse, and every bad end's higher than every good one's. 0 of all where it does not.
	Level float32
	Ended int64 // when the outcome was known; 0 never: then it teaches what follows nothing
}
