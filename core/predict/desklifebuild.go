package predict

import (
	"cmp"
	"slices"
	"time"

	"deskwatch/core"
)

// deskBuilder puts a life together.
type deskBuilder struct {
	*DeskReading
	life   *DeskLife
	ticket *core.Ticket

	began                      string // the status it was seen first with
	changed                    [FieldStatus + 1]bool
	replied, closed, escalated bool
	escalatedAt, ratedAt       int64
	escalatedSeq, ratedSeq     int64
	lastStatus                 int64
}

func (b *deskBuilder) event(e *core.TicketEvent) {
	at := unix(e.At)
	switch e.Kind {
	case core.TicketCreated:
		b.life.Seen, b.life.arrived, b.began = unix(e.SeenAt), e.Seq, e.To
		if b.life.Created == 0 {
			b.life.Created = at
		}
	case core.TicketStatusEvent:
		b.change(e, FieldStatus, &b.life.Facts.Status)
		b.lastStatus = at
	case core.TicketPriority:
		b.change(e, FieldPriority, &b.life.Facts.Priority)
	case core.TicketOwner:
		b.change(e, FieldOwner, &b.life.Facts.Owner)
	case core.TicketEscalated:
		b.add(Step{At: at, Kind: StepEscalated}, e.Seq)
		if !b.escalated {
			b.escalated, b.escalatedAt, b.escalatedSeq = true, at, e.Seq
		}
	case core.TicketReopened:
		b.add(Step{At: at, Kind: StepReopened}, e.Seq)
		b.closed = false
	case core.TicketReplied:
		b.add(Step{At: at, Kind: StepReplied}, e.Seq)
		b.replied = true
	case core.TicketClosedEvent, core.TicketGone:
		if !b.closed {
			b.add(Step{At: at, Kind: StepClosed}, e.Seq)
		}
		b.closed = true
	case core.TicketReturned: // nobody opened it again: it had never been closed
		if i := lastOf(b.life.Steps, StepClosed); b.closed && i >= 0 {
			b.life.Steps, b.life.steps = slices.Delete(b.life.Steps, i, i+1), slices.Delete(b.life.steps, i, i+1)
		}
		b.closed = false
	case core.TicketRated:
		b.ratedAt, b.ratedSeq = at, e.Seq
	}
}

func lastOf(steps []Step, kind StepKind) int {
	for i, s := range slices.Backward(steps) {
		if s.Kind == kind {
			return i
		}
	}
	return -1
}

// change is an event about a fact: the first one says what the fact was before.
func (b *deskBuilder) change(e *core.TicketEvent, f Field, fact *string) {
	if !b.changed[f] {
		b.changed[f] = true
		*fact = b.name(e.From)
	}
	b.add(Step{At: unix(e.At), Kind: StepChanged, Field: f, Value: b.name(e.To)}, e.Seq)
}

// add puts a step where its time belongs: a source tells some of them late.
func (b *deskBuilder) add(s Step, seq int64) {
	d := b.life
	i := len(d.Steps)
	for i > 0 && d.Steps[i-1].At > s.At {
		i--
	}
	d.Steps, d.steps = slices.Insert(d.Steps, i, s), slices.Insert(d.steps, i, seq)
}

// finish adds what the ticket brought along, and says how it ended.
func (b *deskBuilder) finish() {
	d, t := b.life, b.ticket
	if d.Seen == 0 {
		d.Seen = d.Created
	}
	b.arrivalStatus()
	known := cmp.Or(unix(t.ClosedAt), unix(t.UpdatedAt), d.Seen) // when it was as it was seen first
	if !b.replied && !t.FirstReplyAt.IsZero() {
		b.add(Step{At: unix(t.FirstReplyAt), Kind: StepReplied}, 0)
	}
	if t.Escalated && !b.escalated {
		b.escalated, b.escalatedAt = true, max(known, d.Created)
		b.add(Step{At: b.escalatedAt, Kind: StepEscalated}, 0)
	}
	if !d.Open && !b.closed {
		b.add(Step{At: max(cmp.Or(unix(t.ClosedAt), b.lastStatus, known), d.Created), Kind: StepClosed}, 0)
	}
	if t.Rating > 0 && b.ratedAt == 0 {
		b.ratedAt = max(known, d.Created)
	}
	d.Steps, d.steps = slices.Clip(d.Steps), slices.Clip(d.steps)
	b.end()
}

// arrivalStatus tells the status on arrival.
func (b *deskBuilder) arrivalStatus() {
	d := b.life
	late := d.Seen-d.Created > int64(lateSight/time.Second)
	switch {
	case late && (b.changed[FieldStatus] || d.Open):
		d.Facts.Status = ""
		b.add(Step{At: d.Seen, Kind: StepChanged, Field: FieldStatus, Value: b.name(b.began)}, 0)
	case late:
		d.Facts.Status = ""
	case !b.changed[FieldStatus] && d.Open:
		d.Facts.Status = b.name(cmp.Or(b.began, spelledStatus(*b.ticket)))
	}
}

func (b *deskBuilder) end() {
	d, t := b.life, b.ticket
	d.End.Key, d.End.Rated = t.Key(), t.Rating > 0
	badly := t.Rating == 1 || t.Rating == 2
	switch {
	case b.escalated && (!badly || b.escalatedAt <= b.ratedAt):
		d.End.Outcome, d.Ended, d.ended = OutcomeBad, b.escalatedAt, b.escalatedSeq
	case badly:
		d.End.Outcome, d.Ended, d.ended = OutcomeBad, b.ratedAt, b.ratedSeq
	case t.Rating > 0:
		d.End.Outcome, d.Ended, d.ended = OutcomeGood, b.ratedAt, b.ratedSeq
	case !d.Open:
		if i := lastOf(d.Steps, StepClosed); i >= 0 {
			d.End.At = time.Unix(d.Steps[i].At, 0).UTC()
		}
		return
	default:
		return
	}
	d.End.At = time.Unix(d.Ended, 0).UTC()
	d.Outcome, d.Level = d.End.Outcome, float32(6-t.Rating)
	if b.escalated {
		d.Level = 6 // worse than one star
	}
	if !d.End.Rated && !counts(d.Ticket, b.Rate) {
		d.Outcome, d.Ended = OutcomeUnknown, 0
	}
}
