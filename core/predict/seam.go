package predict

import (
	"context"
	"io"
	"time"

	"deskwatch/core"
)

// Text is what is kept of a ticket's subject and description: enough to predict by, not enough to
// read it again.
type Text struct {
	Grams []uint32 // hashed words and pairs of words, ascending, each once
	Tone  float32  // -1 angry … 1 happy
	Size  int32    // characters
}

// Options are how a model is trained.
type Options struct {
	Now      time.Time
	Version  int
	Moments  []core.Moment // at which it learns; none: all that a desk predicts at
	Capacity int           // tickets looked after in a day, for what is measured
}

// Trained is what a training gives.
type Trained struct {
	Model    *Model // nil when nothing could be trained
	Refused  string // core.WhyFewRated, core.WhyNoSignal; "" it may predict
	Text     string // for people, why it may not
	Measured *core.Measured
	Features []core.FeatureReport
	Warnings []string
}

// Train trains a model on lives whose outcome is known; the others only teach what is usual. It
// fails only when ctx ends.
func Train(ctx context.Context, schema Schema, lives []Life, opt Options, p *core.Progress) (Trained, error) {
	panic("being written")
}

// Model predicts. It does not change and may be used by several goroutines.
type Model struct{}

// Version is the number it was trained under.
func (m *Model) Version() int { panic("being written") }

// Schema is what lives must have.
func (m *Model) Schema() Schema { panic("being written") }

// BaseRate is the share of bad ends among the tickets it learned from.
func (m *Model) BaseRate() float64 { panic("being written") }

// Write writes the model, the same bytes for the same model.
func (m *Model) Write(w io.Writer) error { panic("being written") }

// ReadModel reads what Write wrote. It fails with core.CodeInvalid when that is damaged or of
// another version of the program.
func ReadModel(r io.Reader) (*Model, error) { panic("being written") }

// History is what the tickets up to a moment say of customers, owners, teams and topics. It is fed
// in the order of time. One goroutine at a time may use it.
type History struct{}

// NewHistory knows nothing yet.
func NewHistory(schema Schema) *History { panic("being written") }

// Replay feeds whole lives, steps of different tickets in the order of their time.
func (h *History) Replay(lives []Life) { panic("being written") }

// Arrived feeds a new ticket.
func (h *History) Arrived(l *Life) { panic("being written") }

// Stepped feeds the last step of a life.
func (h *History) Stepped(l *Life) { panic("being written") }

// Ended feeds the outcome of a life.
func (h *History) Ended(l *Life) { panic("being written") }

// Scorer scores open tickets. One goroutine at a time may use it, and its history.
type Scorer struct{}

// NewScorer scores by a model and what was learned up to now.
func NewScorer(m *Model, h *History) *Scorer { panic("being written") }

// Risk is how likely a ticket ends badly, 0 to 1, as it stands at a moment (seconds since 1970).
// It allocates nothing worth noticing.
func (s *Scorer) Risk(l *Life, at int64) float64 { panic("being written") }

// Explain says why, and what would help. owners are other people the ticket could be given to.
func (s *Scorer) Explain(l *Life, at int64, owners []string) ([]core.NamedReason, []core.Help) {
	panic("being written")
}

// Digest keeps of a text what Text holds.
func Digest(subject, description string) Text { panic("being written") }

// Table is a file of tickets, with names of columns, for Evaluate.
type Table struct {
	Columns []string
	Rows    [][]string
}
