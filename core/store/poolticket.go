package store

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// The most of a text that is kept, in bytes. What is longer is cut at a letter: nobody reads a
// mail thread of a megabyte in a list, and a search finds it by its beginning.
const (
	maxSubject     = 1000
	maxDescription = 32 << 10
	maxShort       = 250 // numbers, names, spellings
)

// cut returns at most n bytes of s, whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// cutTexts bounds what a ticket brings.
func cutTexts(t *core.Ticket) {
	t.Subject, t.Description = cut(t.Subject, maxSubject), cut(t.Description, maxDescription)
	for _, s := range []*string{&t.Number, &t.RawStatus, &t.RawPriority, &t.Product, &t.CustomerID, &t.Customer, &t.Email, &t.Owner, &t.Channel} {
		*s = cut(*s, maxShort)
	}
}

// digestOf tells the texts of a ticket apart from others without reading them: their FNV-1a
// hash of 64 bits (Fowler, Noll, Vo; RFC 9923), which SQLite keeps as a signed number.
func digestOf(t *core.Ticket) int64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, s := range [...]string{t.Number, t.Subject, t.Description} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * prime
		}
		h = (h ^ 0xff) * prime // no byte of UTF-8: it keeps the texts apart
	}
	return int64(h)
}

// The parts of tickets.state, as the schema says it.
const (
	stateGone      = 1
	stateEscalated = 1 << 1
	stateStatus    = 2
	statePriority  = 5
	stateRating    = 8
	stateReopened  = 11
)

func stateOf(t *core.Ticket) int64 {
	return bit(t.Gone) | bit(t.Escalated)<<1 | int64(t.Status)<<stateStatus | int64(t.Priority)<<statePriority |
		int64(t.Rating)<<stateRating | int64(t.Reopened)<<stateReopened
}

// setState is stateOf read back.
func setState(t *core.Ticket, state int64) {
	t.Gone, t.Escalated = state&stateGone != 0, state&stateEscalated != 0
	t.Status, t.Priority = core.TicketStatus(state>>stateStatus&7), core.Priority(state>>statePriority&7)
	t.Rating, t.Reopened = int(state>>stateRating&7), int(state>>stateReopened&255)
}

// ticketRow is a ticket in the numbers the pool keeps.
type ticketRow struct {
	no, state, source                                                int64
	product, owner, assigned, rawStatus, channel, customer           int64
	created, updated, firstReply, closed, began, rawPriority, digest int64
	subjectKey, numberKey, textRev                                   int64
	history                                                          string // "" while there was one status only
	rev                                                              int64  // as it was read
}

// keptColumns are what ticketRow.read reads of tickets t.
const keptColumns = `t.no, t.source, state, product, owner, assigned, raw_status, channel, customer, created, updated, first_reply, closed,
	history, began, raw_priority, digest, text_rev, t.rev`

const keptColumnCount = 19

func (r *ticketRow) read(s *bulkStmt) {
	for i, n := range [...]*int64{&r.no, &r.source, &r.state, &r.product, &r.owner, &r.assigned, &r.rawStatus, &r.channel, &r.customer,
		&r.created, &r.updated, &r.firstReply, &r.closed} {
		*n = s.int(i)
	}
	r.history, r.began, r.rawPriority, r.digest, r.textRev, r.rev = s.str(13), s.int(14), s.int(15), s.int(16), s.int(17), s.int(18)
}

// bindRef binds a reference that may be to nothing.
func (s *bulkStmt) bindRef(i int, no int64) error {
	if no == 0 {
		return s.bindNull(i)
	}
	return s.bindInt(i, no)
}

// write runs the update statement, or the insert with the id.
func (r *ticketRow) write(s *bulkStmt, rev int64, id string) error {
	for i, n := range [...]int64{r.no, rev, r.state, r.source} {
		if err := s.bindInt(i+1, n); err != nil {
			return err
		}
	}
	for i, n := range [...]int64{r.product, r.owner, r.assigned, r.rawStatus, r.channel, r.customer} {
		if err := s.bindRef(i+5, n); err != nil {
			return err
		}
	}
	for i, n := range [...]int64{r.created, r.updated, r.firstReply, r.closed, r.subjectKey, r.numberKey, r.textRev} {
		if err := s.bindInt(i+11, n); err != nil {
			return err
		}
	}
	bindHistory := func() error {
		if r.history == "" {
			return s.bindNull(18)
		}
		return s.bindText(18, r.history)
	}
	if err := errors.Join(bindHistory(), s.bindInt(19, r.began), s.bindRef(20, r.rawPriority), s.bindInt(21, r.digest), s.bindText(22, id)); err != nil {
		return err
	}
	_, err := s.step()
	return err
}

func toSeconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromSeconds(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// kept returns the ticket of a row, without its texts and without its customer.
func (w *poolWrite) kept(r *ticketRow, source, id string) (tickets.Kept, error) {
	k := tickets.Kept{Ticket: core.Ticket{
		No: uint32(r.no), Source: source, ID: id,
		CreatedAt: fromSeconds(r.created), UpdatedAt: fromSeconds(r.updated),
		FirstReplyAt: fromSeconds(r.firstReply), ClosedAt: fromSeconds(r.closed),
	}}
	setState(&k.Ticket, r.state)
	for _, f := range [...]struct {
		text *string
		no   int64
	}{
		{&k.Product, r.product}, {&k.Owner, r.owner}, {&k.Assigned, r.assigned},
		{&k.RawStatus, r.rawStatus}, {&k.RawPriority, r.rawPriority}, {&k.Channel, r.channel},
	} {
		var err error
		if *f.text, err = w.names.textOf(f.no); err != nil {
			return k, err
		}
	}
	return k, nil
}

// row is kept turned round: the numbers of a ticket as it is to be kept, with texts that are new.
// History and began are the caller's.
func (w *poolWrite) row(k *tickets.Kept, source int64) (ticketRow, error) {
	r := ticketRow{
		no: int64(k.No), source: source, state: stateOf(&k.Ticket),
		created: toSeconds(k.CreatedAt), updated: toSeconds(k.UpdatedAt), firstReply: toSeconds(k.FirstReplyAt), closed: toSeconds(k.ClosedAt),
		subjectKey: int64(tickets.SubjectKey(k.Subject)), numberKey: int64(tickets.NumberKey(k.Number)),
		digest: digestOf(&k.Ticket), textRev: w.rev,
	}
	var err error
	for _, f := range [...]struct {
		no   *int64
		text string
	}{
		{&r.product, k.Product}, {&r.owner, k.Owner}, {&r.assigned, k.Assigned},
		{&r.rawStatus, k.RawStatus}, {&r.rawPriority, k.RawPriority}, {&r.channel, k.Channel},
	} {
		if *f.no, err = w.names.number(f.text); err != nil {
			return r, err
		}
	}
	r.customer, err = w.people.number(source, &k.Ticket)
	return r, err
}

// texts fills in number, subject and description of a ticket that is kept.
func (w *poolWrite) texts(t *core.Ticket) error {
	s := w.st.texts
	return s.each(func() error {
		t.Number, t.Subject, t.Description = s.str(0), s.str(1), s.str(2)
		return nil
	}, int64(t.No))
}

// putTexts writes the texts of a new ticket, and their words.
func (w *poolWrite) putTexts(ctx context.Context, t *core.Ticket) error {
	if err := w.st.addTexts.run(int64(t.No), t.Number, t.Subject, t.Description); err != nil {
		return err
	}
	return w.words.put(ctx, t)
}

// replaceTexts writes texts that changed.
func (w *poolWrite) replaceTexts(ctx context.Context, t *core.Ticket) error {
	old := core.Ticket{No: t.No}
	if err := w.texts(&old); err != nil {
		return err
	}
	if err := w.st.setTexts.run(int64(t.No), t.Number, t.Subject, t.Description); err != nil {
		return err
	}
	return w.words.replace(ctx, &old, t)
}

// cloned is t with texts of its own: those of a batch may lie in a buffer that is used again.
func cloned(e core.TicketEvent) core.TicketEvent {
	for _, s := range []*string{&e.TicketID, &e.Number, &e.From, &e.To} {
		*s = strings.Clone(*s)
	}
	return e
}
