package predict

import (
	"math"
	"strconv"
)

// wordFields is how many facts are words and known to every schema.
const wordFields = int(FieldWord) - 1

const (
	daySeconds  = 24 * 3600
	hourSeconds = 3600
	viewSteps   = 1000 // of one ticket are looked at; the rest changes nothing any more
)

// view is what is known of a ticket at a moment. It is filled again and again.
type view struct {
	life    *Life
	at      int64
	words   []string // by Field-FieldCustomer, then by Schema.Words
	numbers []float64

	replied    bool
	reply      float64 // seconds to the first reply; NaN where the source's time cannot be true
	lastStep   int64   // when anything happened last
	owners     int     // times it went from one owner to another
	teams      int
	priorities int // times its priority changed
	statuses   int
	reopened   int
	steps      int
	closed     bool
	escalated  bool
}

func newView(s Schema) view {
	return view{words: make([]string, wordFields+len(s.Words)), numbers: make([]float64, len(s.Numbers))}
}

// see fills v with what is known at a moment, from the steps up to it.
func (v *view) see(l *Life, at int64) {
	n := 0
	for n < len(l.Steps) && l.Steps[n].At <= at {
		n++
	}
	v.seeSteps(l, at, n)
}

// seeSteps is see with the first n steps, whatever their time.
func (v *view) seeSteps(l *Life, at int64, n int) {
	f := &l.Facts
	w, nums := v.words, v.numbers
	w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7] = f.Customer, f.Owner, f.Team, f.Product, f.Category, f.Channel, f.Priority, f.Status
	clear(w[wordFields:])
	copy(w[wordFields:], f.Words)
	for i := range nums {
		nums[i] = math.NaN()
	}
	copy(nums, f.Numbers)
	*v = view{life: l, at: at, words: w, numbers: nums, reply: math.NaN(), lastStep: l.Created}
	for i := range l.Steps[:min(n, len(l.Steps), viewSteps)] {
		v.step(&l.Steps[i])
	}
}

func (v *view) step(s *Step) {
	v.steps++
	v.lastStep = max(v.lastStep, s.At)
	switch s.Kind {
	case StepReplied:
		if !v.replied {
			v.replied, v.reply = true, replyWait(v.life.Created, s.At)
		}
	case StepReopened:
		v.reopened++
		v.closed = false
	case StepEscalated:
		v.escalated = true
	case StepClosed:
		v.closed = true
	case StepChanged:
		v.change(s)
	}
}

func (v *view) change(s *Step) {
	i := int(s.Field) - 1
	switch {
	case i < 0:
	case i < len(v.words):
		if v.words[i] != "" && s.Value != v.words[i] {
			switch s.Field {
			case FieldOwner:
				v.owners++
			case FieldTeam:
				v.teams++
			case FieldPriority:
				v.priorities++
			case FieldStatus:
				v.statuses++
			}
		}
		v.words[i] = s.Value
	case i < len(v.words)+len(v.numbers):
		x, err := strconv.ParseFloat(s.Value, 64)
		if err != nil {
			x = math.NaN()
		}
		v.numbers[i-len(v.words)] = x
	}
}

// word is a fact in words.
func (v *view) word(f Field) string { return v.words[f-FieldCustomer] }

// replyWait is how many seconds a customer waited for the first reply. A reply before the ticket,
// and one on the stroke of midnight, which is where exports put replies of whose time they know the
// day only, say nothing.
func replyWait(created, replied int64) float64 {
	if created <= 0 || replied < created || replied%daySeconds == 0 {
		return math.NaN()
	}
	return float64(replied - created)
}
