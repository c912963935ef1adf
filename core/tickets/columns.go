package tickets

import (
	"math"

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
// for none. It holds no pointers, so the garbage collector does not look into it.
type chunk struct {
	there                    mask              // which tickets there are
	class                    [chunkSize]uint32 // of columns.classes; 0: there is no such ticket
	owner                    [chunkSize]uint32 // Name.No, the one given on the desk first
	customer                 [chunkSize]uint32 // TicketCustomer.No
	created, updated, closed [chunkSize]uint32
	firstReply               [chunkSize]uint32
	due, amber               [chunkSize]uint32 // of the first reply; 0 where no target applies
	subject, number          [chunkSize]uint64 // SubjectKey, NumberKey
	bits                     [chunkSize]uint8  // rating, the bits below, the clock
	reopened                 [chunkSize]uint8
	risk                     [chunkSize]uint8
}

// What chunk.bits holds beside the rating in its lowest three bits. The clock's states that
// depend on the hour, amber and red, are told from due and amber.
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
	classes  []class           // [0] is no ticket
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
	if n >= len(s.chunks) || s.chunks[n] == nil || s.chunks[n].class[i] == 0 {
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

// put keeps a ticket's facts; the clock and the risk are the caller's to set. fresh is true for a
// ticket that was not there.
func (s *columns) put(f *Fact) (c *chunk, i int, fresh bool) {
	n, i := int(f.No>>chunkBits), int(f.No&(chunkSize-1))
	for n >= len(s.chunks) {
		s.chunks = append(s.chunks, nil)
	}
	if s.chunks[n] == nil {
		s.chunks[n] = new(chunk)
	}
	c = s.chunks[n]
	fresh = c.class[i] == 0
	if fresh {
		c.there[i>>6] |= 1 << (i & 63)
		s.tickets++
		s.last = max(s.last, f.No)
	}
	c.class[i] = s.classOf(class{f.Source, f.Product, f.RawStatus, f.Channel, f.Status, f.Priority})
	c.owner[i] = f.Owner
	if f.Assigned != 0 {
		c.owner[i] = f.Assigned
		s.assigned[f.No] = f.Assigned
	} else if len(s.assigned) > 0 {
		delete(s.assigned, f.No)
	}
	c.customer[i] = f.Customer
	c.created[i], c.updated[i], c.closed[i], c.firstReply[i] = seconds(f.Created), seconds(f.Updated), seconds(f.Closed), seconds(f.FirstReply)
	c.subject[i], c.number[i] = f.SubjectKey, f.NumberKey
	c.reopened[i] = f.Reopened
	bits := min(f.Rating, 5)
	if f.Escalated {
		bits |= bitEscalated
	}
	if f.Gone {
		bits |= bitGone
	}
	c.bits[i] = bits
	return c, i, fresh
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
func (s *columns) done(c *chunk, i int) bool {
	return c.bits[i]&bitGone != 0 || s.classes[c.class[i]].status.Done()
}

func (c *chunk) rating(i int) int { return int(c.bits[i] & ratingBits) }

func (c *chunk) clock(i int) uint8 { return c.bits[i] >> clockShift }

// setClock keeps an answer of the clock.
func (c *chunk) setClock(i int, a core.ClockAnswer) {
	state := clockNone
	switch a.State {
	case core.ClockRunning, core.ClockAmber, core.ClockRed:
		state = clockRuns
	case core.ClockStopped:
		state = clockStopped
	case core.ClockMet:
		state = clockMet
	case core.ClockMissed:
		state = clockMissed
	}
	c.bits[i] = c.bits[i]&(1<<clockShift-1) | state<<clockShift
	c.due[i], c.amber[i] = 0, 0
	if !a.Due.IsZero() {
		c.due[i] = seconds(a.Due.Unix())
		c.amber[i] = c.due[i]
	}
	if !a.AmberFrom.IsZero() {
		c.amber[i] = seconds(a.AmberFrom.Unix())
	}
}

// clockState is the clock's state at a second.
func (c *chunk) clockState(i int, now uint32) core.ClockState {
	switch c.clock(i) {
	case clockRuns:
		switch {
		case now > c.due[i]:
			return core.ClockRed
		case now >= c.amber[i]:
			return core.ClockAmber
		}
		return core.ClockRunning
	case clockStopped:
		return core.ClockStopped
	case clockMet:
		return core.ClockMet
	case clockMissed:
		return core.ClockMissed
	}
	return core.ClockNone
}
