package coretest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"deskwatch/core"
)

// How many of each the tickets of Tickets have, when there are enough tickets.
const (
	TicketCustomers = 50_000
	TicketOwners    = 300
	TicketProducts  = 40
)

// TicketsEnd is when the newest ticket of Tickets was created, about.
var TicketsEnd = time.Date(2024, 6, 28, 15, 0, 0, 0, time.UTC)

// Tickets makes n tickets that look like three years of a support desk, the same for the same
// seed: numbers and times ascend, ids come in no order, old tickets are closed, and some were
// escalated, reopened or rated badly. Subjects have about 8 words and descriptions about 40;
// "error" is in three of ten tickets, other words are from common to rare as in a language.
func Tickets(n int, seed uint64) iter.Seq[core.Ticket] {
	return func(yield func(core.Ticket) bool) {
		m := newTicketMaker(seed)
		for i := range n {
			if !yield(m.ticket(i, n)) {
				return
			}
		}
	}
}

// TicketBatches hands the tickets of Tickets to give, a thousand at a time; the slice is used
// again afterwards.
func TicketBatches(n int, seed uint64, give func([]core.Ticket) error) error {
	batch := make([]core.Ticket, 0, 1000)
	for t := range Tickets(n, seed) {
		if batch = append(batch, t); len(batch) == cap(batch) {
			if err := give(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return give(batch)
}

type ticketMaker struct {
	r         *rand.Rand
	words     []string
	customers *rand.Zipf
}

// ticketWords is how many words a text is drawn from; a word occurs in it as often as in texts.
const ticketWords = 1 << 17

func newTicketMaker(seed uint64) *ticketMaker {
	r := rand.New(rand.NewPCG(seed, 3))
	m := &ticketMaker{r: r, words: make([]string, ticketWords), customers: rand.NewZipf(r, 1.05, 200, TicketCustomers-1)}
	// Words follow Zipf's law; drawing from a table of them is quick.
	zipf := rand.NewZipf(r, 1.1, 10, 60_000)
	known := map[uint64]string{}
	for i := range m.words {
		rank := zipf.Uint64()
		if known[rank] == "" {
			known[rank] = m.word(len(known))
		}
		m.words[i] = known[rank]
	}
	return m
}

// word makes a word of syllables; the number keeps it apart from others.
func (m *ticketMaker) word(number int) string {
	const consonants, vowels = "bcdfghjklmnprstvwz", "aeiou"
	var b strings.Builder
	for range 2 + m.r.IntN(2) {
		b.WriteByte(consonants[m.r.IntN(len(consonants))])
		b.WriteByte(vowels[m.r.IntN(len(vowels))])
	}
	for n := number; n > 0; n /= len(consonants) {
		b.WriteByte(consonants[n%len(consonants)])
	}
	return b.String()
}

func (m *ticketMaker) text(words int, first string) string {
	var b strings.Builder
	b.Grow(words * 9)
	b.WriteString(first)
	for range words {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(m.words[m.r.IntN(len(m.words))])
	}
	return b.String()
}

func (m *ticketMaker) ticket(i, n int) core.Ticket {
	r := m.r
	const span = 3 * 365 * 24 * time.Hour
	created := TicketsEnd.Add(-span + time.Duration(float64(span)*float64(i)/float64(n))).Truncate(time.Second)
	age := TicketsEnd.Sub(created)
	first := ""
	if r.IntN(10) < 3 {
		first = "error"
	}
	customer := m.customers.Uint64()
	t := core.Ticket{
		// A number times an odd number, modulo a power of two, meets every id once in no order.
		Source: "bench", ID: fmt.Sprintf("5001g%08x", uint32(i)*2654435761), Number: fmt.Sprintf("TS%07d", i+1),
		Subject: m.text(6+r.IntN(5), first), Description: m.text(25+r.IntN(31), ""),
		Priority: core.Priority(1 + min(r.IntN(4), r.IntN(4))), Product: fmt.Sprintf("Product %02d", min(r.IntN(TicketProducts), r.IntN(TicketProducts))),
		CustomerID: fmt.Sprintf("A%06d", customer), Customer: fmt.Sprintf("Customer %d Ltd", customer), Email: fmt.Sprintf("desk@customer%d.example", customer),
		Channel: []string{"Web", "Email", "Phone"}[r.IntN(3)], CreatedAt: created, UpdatedAt: created,
	}
	t.RawPriority = "P" + fmt.Sprint(5-int(t.Priority))
	m.live(&t, age)
	t.RawStatus = []string{"New", "Working", "Waiting for customer", "On hold", "Solved", "Closed"}[t.Status]
	return t
}

// live gives the ticket what happened to it up to TicketsEnd.
func (m *ticketMaker) live(t *core.Ticket, age time.Duration) {
	r := m.r
	within := func(most time.Duration) time.Time {
		return t.CreatedAt.Add(time.Duration(r.Int64N(int64(max(min(most, age), 1))))).Truncate(time.Second)
	}
	if age < 2*time.Hour && r.IntN(2) == 0 {
		return // new, nobody's
	}
	t.Owner = fmt.Sprintf("owner%03d", r.IntN(TicketOwners))
	if r.IntN(20) > 0 {
		t.FirstReplyAt = within(8 * time.Hour)
	}
	t.Status = core.TicketOpen + core.TicketStatus(r.IntN(3))
	t.Escalated = r.IntN(25) == 0
	t.UpdatedAt = within(10 * 24 * time.Hour)
	if age > 30*24*time.Hour && r.IntN(50) > 0 {
		t.Status = core.TicketResolved + core.TicketStatus(min(r.IntN(10), 1))
		t.ClosedAt = t.UpdatedAt
		if r.IntN(30) == 0 {
			t.Reopened = 1
		}
		if r.IntN(4) == 0 {
			t.Rating = 1 + max(r.IntN(5), r.IntN(5))
		}
	}
}
