package predict

import (
	"context"
	"math"
	"time"

	"deskwatch/core"
)

// Ledger is where predictions are kept: the score every open ticket has now, every prediction that
// was ever made with what became of its ticket, and of which tickets the desk was warned.
//
// Tickets are named by their keys: the pool can be fetched again and then counts its tickets anew.
// Errors are *core.Error. A cancelled ctx ends any call with core.CodeCanceled, and a call that
// writes does all of it or nothing. Methods may be called from several goroutines and processes.
// Lists may hold thousands; a key that comes twice in one counts with its last.
type Ledger interface {
	// Save replaces the scores of tickets and appends predictions that were made, in one
	// transaction. Either list may be empty. Every score gets a revision higher than all before.
	//
	// Predictions made are bounded: with each Save, those more than KeptDays older than the newest
	// of made go, some at a time, and of the rest those beyond the newest KeptMade. A ticket's
	// outcome and warnings go with the last of its predictions, unless it has a score.
	Save(ctx context.Context, scores []Score, made []Made) error
	// Remove takes the scores of tickets away: they are done, or gone. Its predictions stay. A key
	// without a score is left alone. The removal gets a revision as well.
	Remove(ctx context.Context, keys []core.TicketKey) error
	// Forget forgets everything about the tickets of a source: scores, predictions, outcomes and
	// warnings. Whoever asks for scores is told all of them anew.
	Forget(ctx context.Context, source string) error
	// ScoresRevision is the highest revision, 0 before the first score. It is quick: it may be asked
	// several times a second.
	ScoresRevision(ctx context.Context) (int64, error)
	// Scores calls each with what changed after a revision, in batches the callee must not keep, and
	// returns the revision to ask with the next time. Scores that were removed come with Removed.
	// A batch with anew, perhaps an empty one, is the first of all the scores there are: what was
	// told before counts no more. So it is where after is 0, is of another file, or lies so far back
	// that removals since are not remembered. It reads one state. Reasons and Help are left out.
	Scores(ctx context.Context, after int64, each func(batch []Score, anew bool) error) (int64, error)
	// ScoresOf returns the scores of tickets, with Reasons and Help; tickets without one are left
	// out. At most 1,000 keys at a time.
	ScoresOf(ctx context.Context, keys []core.TicketKey) (map[core.TicketKey]Score, error)

	// Points are the newest 200 predictions of one ticket, oldest first; none is no error.
	Points(ctx context.Context, key core.TicketKey) ([]core.ScorePoint, error)
	// SetEnds says how tickets ended. A ticket of which nothing was predicted is left alone. An end
	// replaces the one that was said before; the same outcome said again keeps its first time. A
	// zero End.At takes back that the ticket ended: it was reopened.
	SetEnds(ctx context.Context, ends []End) error
	// Told calls each for the tickets that ended with a known outcome since a time, the newest
	// 200,000 at most, oldest end first. Tickets of which nothing was predicted before their outcome
	// was known are left out.
	Told(ctx context.Context, since time.Time, each func(Told) error) error
	// Counts says how many tickets have, or had, a score, and of how many the end is not known.
	Counts(ctx context.Context) (Counts, error)

	// Warnings lists the tickets that are on the list of those at risk as far as it was saved, and
	// those that entered it since a time, the oldest first.
	Warnings(ctx context.Context, since time.Time) ([]Warning, error)
	// SaveWarnings adds warnings, and replaces those of the same ticket and At. A warning of a ticket
	// without any prediction is kept all the same.
	SaveWarnings(ctx context.Context, list []Warning) error
}

// The bounds of what a Ledger keeps.
const (
	KeptDays = 400       // days predictions are kept
	KeptMade = 2_000_000 // predictions that are kept at most
)

// Score is what is predicted of an open ticket now.
type Score struct {
	Key     core.TicketKey
	No      uint32 // in the pool, when it was scored
	Rev     int64  // the ledger's; Save ignores it
	Removed bool   // the ticket has no score any more: nothing else but Key, No and Rev is said

	Risk    float64 // 0..1
	Basis   core.PredictionBasis
	Model   int // the model's version, 0 of the rules
	At      time.Time
	Moment  core.Moment
	Reasons []core.NamedReason // the heaviest, at most three
	Help    []core.Help
}

// Made is one prediction as it was made.
type Made struct {
	Key    core.TicketKey
	No     uint32
	At     time.Time
	Moment core.Moment
	Basis  core.PredictionBasis
	Model  int
	Risk   float64 // 0..1
}

// End is how a ticket ended.
type End struct {
	Key     core.TicketKey
	Outcome Outcome   // OutcomeUnknown: it is done, and nobody said how it was
	At      time.Time // when the outcome was known: it was rated, escalated or closed
	Rated   bool      // the customer said so; a bad end without it is an escalation
}

// Told is what was predicted of a ticket whose outcome is known, all before it was known.
type Told struct {
	Key     core.TicketKey
	Outcome Outcome // OutcomeGood or OutcomeBad
	Rated   bool
	At      time.Time
	Arrival *Made     // at its arrival; nil when it arrived before the desk predicted
	Last    Made      // the last one
	Warned  time.Time // when it first entered the list of those at risk; zero: it never did
}

// Counts are the tickets that have, or had, a score.
type Counts struct {
	Tickets int
	Pending int       // not ended
	Unknown int       // ended, and nobody said how it was
	First   time.Time // the oldest prediction that is kept; zero: none
}

// Warning is a stay of a ticket on the list of those at risk.
type Warning struct {
	Key  core.TicketKey
	Day  core.Day  // in the clock's time zone, on which it entered
	At   time.Time // when it entered
	Left time.Time // zero: it is on the list
	Told bool      // people were told; otherwise it was listed in silence
}

// Satisfaction is what is left of 100 after a risk of 0..1.
func Satisfaction(risk float64) int {
	return 100 - int(math.Round(100*min(max(risk, 0), 1)))
}
