package predict

import "math"

// historyCap is of how many customers, owners, teams and topics a History knows at most, some 150
// bytes each; of those that come later it knows what is usual of all.
const historyCap = 2 << 20

// subject is what a tally is about.
type subject uint8

const (
	ofAll subject = iota
	ofCustomer
	ofOwner
	ofTeam
	ofProduct
	ofCategory
	ofChannel
	ofTopic      // product and category
	ofOwnerTopic // owner and category
	subjects
)

// History is what the tickets up to a moment say of customers, owners, teams and topics. It is fed
// in the order of time, and each life before it is scored. One goroutine at a time may use it.
type History struct {
	schema  Schema
	view    view
	index   map[uint64]int32
	tallies []tally
	latest  int64
}

// NewHistory knows nothing yet.
func NewHistory(schema Schema) *History {
	return &History{schema: schema, view: newView(schema), index: map[uint64]int32{}, tallies: make([]tally, 1)}
}

// Arrived feeds a new ticket.
func (h *History) Arrived(l *Life) {
	h.view.seeSteps(l, l.Created, 0)
	h.arrive(&h.view)
}

// Stepped feeds the last step of a life.
func (h *History) Stepped(l *Life) { h.stepped(l, len(l.Steps)) }

// stepped feeds the step a life of n steps ends with.
func (h *History) stepped(l *Life, n int) {
	if n == 0 || n > viewSteps {
		return
	}
	s := &l.Steps[n-1]
	if s.Kind == StepChanged && s.Field != FieldOwner {
		return
	}
	h.view.seeSteps(l, s.At, n-1)
	h.step(&h.view, s)
}

// Ended feeds the outcome of a life.
func (h *History) Ended(l *Life) {
	if l.Outcome == OutcomeUnknown {
		return
	}
	h.view.seeSteps(l, l.Ended, len(l.Steps))
	v := &h.view
	for s, key := range keysOf(v) {
		if key != 0 || subject(s) == ofAll {
			h.tally(key).end(l.Outcome == OutcomeBad, v.escalated, v.reopened > 0)
		}
	}
}

func (h *History) arrive(v *view) {
	for s, key := range keysOf(v) {
		if key != 0 || subject(s) == ofAll {
			h.tally(key).arrive(v.at)
		}
	}
}

// step feeds a step; v is the ticket before it.
func (h *History) step(v *view, s *Step) {
	switch s.Kind {
	case StepReplied:
		if v.replied {
			return
		}
		wait := replyWait(v.life.Created, s.At)
		if math.IsNaN(wait) {
			return
		}
		for i, key := range keysOf(v) {
			if key != 0 || subject(i) == ofAll {
				h.tally(key).wait(wait)
			}
		}
	case StepChanged:
		if s.Value == v.word(FieldOwner) {
			return
		}
		if old := keyOf(ofOwner, v.word(FieldOwner)); old != 0 {
			h.tally(old).leave(false)
		}
		if key := keyOf(ofOwner, s.Value); key != 0 {
			t := h.tally(key)
			t.warm(s.At)
			t.open++
		}
	case StepClosed:
		for i, key := range keysOf(v) {
			if key != 0 || subject(i) == ofAll {
				h.tally(key).leave(true)
			}
		}
	case StepReopened:
		for i, key := range keysOf(v) {
			if key != 0 || subject(i) == ofAll {
				h.tally(key).open++
			}
		}
	}
}

// tally is where to count for a key; those for which there is no room share one that nobody reads.
func (h *History) tally(key uint64) *tally {
	i, ok := h.index[key]
	if !ok {
		if len(h.tallies) > historyCap {
			h.tallies[0] = tally{}
			return &h.tallies[0]
		}
		i = int32(len(h.tallies))
		h.tallies = append(h.tallies, tally{})
		h.index[key] = i
	}
	return &h.tallies[i]
}

var nothing tally // of whom nothing is known; never written

// known is what is known for a key.
func (h *History) known(key uint64) *tally {
	if i, ok := h.index[key]; ok {
		return &h.tallies[i]
	}
	return &nothing
}

// keysOf are the keys of a ticket's tallies, by subject; 0 it has none.
func keysOf(v *view) (keys [subjects]uint64) {
	keys[ofCustomer] = keyOf(ofCustomer, v.word(FieldCustomer))
	keys[ofOwner] = keyOf(ofOwner, v.word(FieldOwner))
	keys[ofTeam] = keyOf(ofTeam, v.word(FieldTeam))
	keys[ofProduct] = keyOf(ofProduct, v.word(FieldProduct))
	keys[ofCategory] = keyOf(ofCategory, v.word(FieldCategory))
	keys[ofChannel] = keyOf(ofChannel, v.word(FieldChannel))
	if keys[ofProduct] != 0 || keys[ofCategory] != 0 {
		keys[ofTopic] = mix(keys[ofProduct]^uint64(ofTopic)) ^ keys[ofCategory] | 1
	}
	if keys[ofOwner] != 0 && keys[ofCategory] != 0 {
		keys[ofOwnerTopic] = mix(keys[ofOwner]^uint64(ofOwnerTopic)) ^ keys[ofCategory] | 1
	}
	return keys
}

// keyOf is a subject's key, 64-bit FNV-1a; 0 for an empty name.
func keyOf(s subject, name string) uint64 {
	if name == "" {
		return 0
	}
	h := uint64(14695981039346656037)
	h = (h ^ uint64(s)) * 1099511628211
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return h | 1
}

// mix spreads the bits of x, as splitmix64 by Vigna ends.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
