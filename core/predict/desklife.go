package predict

import (
	"cmp"
	"hash/fnv"
	"strconv"
	"time"

	"deskwatch/core"
)

// DeskLife is the life of one ticket of a desk, told from the ticket as it stands and the events it
// has had.
type DeskLife struct {
	Life
	Ticket core.TicketKey
	No     uint32
	Open   bool
	Gone   bool  // its source has it no more
	Seen   int64 // when the desk saw it first, in seconds since 1970
	// How it ended, whether or not it counts for training; Outcome and Ended of the life are left
	// unknown where it does not.
	End End

	arrived int64   // the Seq of the event it came with
	steps   []int64 // the Seq of the event each step was told by; 0 with the first sight
	ended   int64   // the Seq of the event the outcome was told by
}

// lateSight is how long after its beginning a ticket may be seen first for its status to count as
// the one it arrived with.
const lateSight = 24 * time.Hour

// DeskReading is how the tickets of a desk become lives.
type DeskReading struct {
	// Rate is the share of ended tickets that were rated, 0..1. Customers are asked about some
	// tickets only; escalated tickets that were never rated count at this rate, so that bad ends do
	// not look more common than they are. Which of them do is told from their keys.
	Rate float64

	names map[string]string // one copy of what many tickets share
}

// NewDeskReading begins a reading.
func NewDeskReading(rate float64) *DeskReading {
	return &DeskReading{Rate: rate, names: map[string]string{}}
}

// mostNames bounds the texts that are held once; owners and products are far fewer.
const mostNames = 1 << 20

func (r *DeskReading) name(s string) string {
	if s == "" {
		return ""
	}
	kept, ok := r.names[s]
	if !ok {
		if len(r.names) >= mostNames {
			clear(r.names)
		}
		kept, r.names[s] = s, s
	}
	return kept
}

// Life tells the life of t from its events, oldest first. They may lag behind t.
//
// What the facts were on arrival is told backwards: a fact that changed was what the first event
// about it changed it from, every other one is as it stands. A ticket that was seen first more than
// a day after its beginning, such as one of an export, has no status on arrival, because the one it
// came with tells how it ended. What it brought along counts from the times the source gives: its
// first reply, its closing, and its rating and escalation when it was closed, or changed last.
func (r *DeskReading) Life(t core.Ticket, text Text, events []core.TicketEvent) DeskLife {
	d := DeskLife{Ticket: t.Key(), No: t.No, Open: !t.Done(), Gone: t.Gone, Life: Life{
		Key: strconv.FormatUint(uint64(t.No), 10), Created: unix(t.CreatedAt),
		Facts: Facts{Owner: r.name(t.Owner), Product: r.name(t.Product), Channel: r.name(t.Channel), Priority: r.name(spelledPriority(t)), Text: text},
	}}
	if t.CustomerID != "" {
		d.Facts.Customer = r.name(t.Source + ":" + t.CustomerID)
	}
	b := deskBuilder{DeskReading: r, life: &d, ticket: &t}
	for i := range events {
		b.event(&events[i])
	}
	b.finish()
	return d
}

// counts chooses tickets at a rate, the same ones each time.
func counts(key core.TicketKey, rate float64) bool {
	h := fnv.New64a()
	h.Write([]byte(key.String()))
	return float64(mix(h.Sum64())>>11)/(1<<53) < rate
}

// spelledStatus and spelledPriority are the spellings events use.
func spelledStatus(t core.Ticket) string { return cmp.Or(t.RawStatus, t.Status.String()) }

func spelledPriority(t core.Ticket) string {
	if t.RawPriority == "" && t.Priority == core.PriorityNone {
		return ""
	}
	return cmp.Or(t.RawPriority, t.Priority.String())
}

// unix is a time in seconds since 1970, 0 for none.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
