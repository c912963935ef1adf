package tickets

import (
	"math"
	"math/bits"
	"slices"

	"deskwatch/core"
)

// The facts of chunkSize tickets lie together in columns: a filter runs down one column at a
// time, appending copies nothing, and 64 tickets make one word of a mask.
const (
	chunkBits = 12
	chunkSize = 1 << chunkBits
	maskWords = chunkSize / 64
)

// mask has a bit for every ticket of a chunk.
type mask [maskWords]uint64

// chunk is the tickets with the numbers from n·chunkSize on. Times are seconds since 1970 UTC, 0
// for none. A million tickets are to fit into a small window: what can be told again is not here,
// such as the deadlines of tickets that were answered, and when they were.
type chunk struct {
	deadlines                deadlines         // of tickets that wait for a first answer
	class                    numbers           // of columns.classes
	owner                    numbers           // Name.No, the one given on the desk first
	customer                 numbers           // TicketCustomer.No
	number                   packedKeys        // NumberKey
	there                    mask              // which tickets there are
	open                     mask              // of which somebody has to do something about
	newest                   uint32            // no ticket was created or closed later
	subject                  [chunkSize]uint64 // SubjectKey
	created, updated, closed [chunkSize]uint32
	bits                     [chunkSize]uint8 // rating, the bits below, the clock
	reopened                 [chunkSize]uint8
	risk                     [chunkSize]uint8
	predicted                [chunkSize]uint8 // the risk a model predicts, plus one; 0 none does
}

// What chunk.bits holds beside the rating in its lowest three bits. The clock's states that
// depend on the hour, amber and red, are told from the deadline.
const (
	ratingBits   = 0b111
	bitEscalated = 1 << 3
	bitGone      = 1 << 4
	clockShift   = 5
)

// The clock as it is kept.
const (
	clockNone uint8 = iota
	clockRuns
	clockStopped
	clockMet
	clockMissed
)

// class is what many tickets have in common; a filter about it is answered once per class.
type class struct {
	source, product, rawStatus, channel uint32 // Name.No
	status                              core.TicketStatus
	priority                            core.Priority
}

// columns are the facts of all tickets. Readers hold Index.mu.
type columns struct {
	chunks   []*chunk
	classes  []class           // [0] is none
	classNo  map[class]uint32  // where in classes
	assigned map[uint32]uint32 // Name.No of the owner given on the desk, by ticket; few have one
	tickets  int
	last     uint32   // the highest number of a ticket
	names    []string // by Name.No
	namesRev int      // grows when names change
	people   customerColumns
}

func newColumns() columns {
	return columns{classes: make([]class, 1), classNo: map[class]uint32{}, assigned: map[uint32]uint32{}, people: newCustomerColumns()}
}

// at finds a ticket; ok is false when there is none with this number.
func (s *columns) at(no uint32) (c *chunk, i int, ok bool) {
	n, i := int(no>>chunkBits), int(no&(chunkSize-1))
	if n >= len(s.chunks) || s.chunks[n] == nil || !s.chunks[n].there.has(i) {
		return nil, 0, false
	}
	return s.chunks[n], i, true
}

// name is a shared text, "" for none.
func (s *columns) name(no uint32) string {
	if int(no) < len(s.names) {
		return s.names[no]
	}
	return ""
}

// mostNumber bounds what a broken pool can make the index allocate.
const mostNumber = 1 << 28

func (s *columns) setNames(list []Name) {
	for _, n := range list {
		if n.No == 0 || n.No >= mostNumber {
			continue
		}
		for int(n.No) >= len(s.names) {
			s.names = append(s.names, "")
		}
		s.names[n.No] = n.Text
		s.namesRev++
	}
}

// put keeps a ticket's facts; the clock and the risk of an open ticket are the caller's to set.
func (s *columns) put(f *Fact) (c *chunk, i int) {
	n, i := int(f.No>>chunkBits), int(f.No&(chunkSize-1))
	for n >= len(s.chunks) {
		s.chunks = append(s.chunks, nil)
	}
	if s.chunks[n] == nil {
		s.chunks[n] = new(chunk)
	}
	c = s.chunks[n]
	if !c.there.has(i) {
		c.there.set(i, true)
		s.tickets++
		s.last = max(s.last, f.No)
	}
	c.class.set(i, s.classOf(class{f.Source, f.Product, f.RawStatus, f.Channel, f.Status, f.Priority}))
	c.owner.set(i, f.Owner)
	if f.Assigned != 0 {
		c.owner.set(i, f.Assigned)
		s.assigned[f.No] = f.Assigned
	} else if len(s.assigned) > 0 {
		delete(s.assigned, f.No)
	}
	c.customer.set(i, f.Customer)
	c.created[i], c.updated[i], c.closed[i] = seconds(f.Created), seconds(f.Updated), seconds(f.Closed)
	c.newest = max(c.newest, c.created[i], c.closed[i])
	c.subject[i] = f.SubjectKey
	c.number.set(i, f.NumberKey)
	c.reopened[i] = f.Reopened
	flags := min(f.Rating, 5)
	if f.Escalated {
		flags |= bitEscalated
	}
	if f.Gone {
		flags |= bitGone
	}
	c.bits[i] = flags
	c.open.set(i, !f.Gone && !f.Status.Done())
	if c.done(i) {
		c.risk[i], c.predicted[i] = 0, 0
	}
	return c, i
}

func (s *columns) classOf(k class) uint32 {
	no, ok := s.classNo[k]
	if !ok {
		no = uint32(len(s.classes))
		s.classes = append(s.classes, k)
		s.classNo[k] = no
	}
	return no
}

// seconds brings a time into what a column holds.
func seconds(t int64) uint32 {
	if t == 0 {
		return 0
	}
	return uint32(min(max(t, firstSecond), math.MaxUint32))
}

// done reports whether nobody has to do anything about the ticket any more.
func (c *chunk) done(i int) bool { return !c.open.has(i) }

// each calls f for every ticket of a mask.
func (m *mask) each(f func(i int)) {
	for w, word := range m {
		for ; word != 0; word &= word - 1 {
			f(w<<6 | bits.TrailingZeros64(word))
		}
	}
}

// eachBack is each from the last ticket to the first.
func (m *mask) eachBack(f func(i int)) {
	for w, word := range slices.Backward(m[:]) {
		for ; word != 0; word &^= 1 << (63 - bits.LeadingZeros64(word)) {
			f(w<<6 | (63 - bits.LeadingZeros64(word)))
		}
	}
}

func (c *chunk) rating(i int) int { return int(c.bits[i] & ratingBits) }

func (c *chunk) clock(i int) uint8 { return c.bits[i] >> clockShift }

// toldClock is an answer of the clock as it is kept.
type toldClock struct {
	state uint8
	deadline
}

// toldBy shortens an answer. The deadline of a ticket that does not wait is told anew when
// somebody looks, unless that takes the status history, which is not kept that long.
func toldBy(a core.ClockAnswer, history bool) toldClock {
	t := toldClock{state: clockNone}
	switch a.State {
	case core.ClockRunning, core.ClockAmber, core.ClockRed:
		t.state = clockRuns
	case core.ClockStopped:
		t.state = clockStopped
	case core.ClockMet:
		t.state = clockMet
	case core.ClockMissed:
		t.state = clockMissed
	}
	if a.Due.IsZero() || !history && t.state != clockRuns && t.state != clockStopped {
		return t
	}
	t.due = seconds(a.Due.Unix())
	t.amber = t.due
	if !a.AmberFrom.IsZero() {
		t.amber = seconds(a.AmberFrom.Unix())
	}
	return t
}

func (c *chunk) setClock(i int, t toldClock) {
	c.bits[i] = c.bits[i]&(1<<clockShift-1) | t.state<<clockShift
	c.deadlines.set(i, t.deadline)
}

// clockState is the clock's state at a second.
func (c *chunk) clockState(i int, now uint32) core.ClockState {
	switch c.clock(i) {
	case clockRuns:
		return c.deadlines.at(i).state(now)
	case clockStopped:
		return core.ClockStopped
	case clockMet:
		return core.ClockMet
	case clockMissed:
		return core.ClockMissed
	}
	return core.ClockNone
}

// state is that of a clock that runs.
func (d deadline) state(now uint32) core.ClockState {
	switch {
	case now > d.due:
		return core.ClockRed
	case now >= d.amber:
		return core.ClockAmber
	}
	return core.ClockRunning
}
