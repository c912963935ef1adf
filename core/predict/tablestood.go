package predict

import (
	"slices"
	"time"

	"deskwatch/core"
)

const (
	stoodRows  = 100  // rows updated after their ticket's arrival, from which on they tell anything
	stoodLast  = 0.1  // the last part of the time from the arrival to when the rows stand
	stoodShare = 0.01 // of the rows are updated in it, at least
	stoodPile  = 0.02 // the very end of that time: when most of the last part fall in it, they were closed by their age
)

// stand finds out how long after their arrival the tickets of a file with a row for each stand as
// their rows say: as the times of their updates tell or, where these do not tell otherwise and no
// column says when tickets were closed, as long as what is asked for.
func (p *plan) stand(t *Table, req *core.EvaluationRequest) error {
	created := p.column(t, "created")
	if p.log || created < 0 {
		return nil
	}
	late := p.updates(t, created)
	p.stood = stoodAt(late, len(t.Rows))
	if _, closed := p.fields["closed"]; req.At == core.MomentTime && !closed {
		after := int64(req.After / time.Second)
		later := 0
		for _, d := range late {
			later += int(one(d > after))
		}
		if float64(later) >= stoodShare*float64(len(t.Rows)) {
			return invalidRequest("Which column tells when a ticket was closed? %s of %s were updated later than %s after they came, so their rows do not say how they stood then. Map closed, or choose a file whose rows do.", counted(later, "ticket", "tickets"), t.Name, req.After)
		}
		p.stood = after
	}
	if p.stood > 0 {
		p.note("The rows of %s are taken as their tickets stood %s after they came; counts in them as those up to then.", t.Name, time.Duration(p.stood)*time.Second)
	}
	return nil
}

// updates are how many seconds after their arrival the tickets of a file were updated last, as far as
// it was after it.
func (p *plan) updates(t *Table, created int) (late []int64) {
	updated := p.updatedColumn(t)
	for _, row := range t.Rows {
		if c, u := t.time(row, created), t.time(row, updated); c > 0 && u > c {
			late = append(late, u-c)
		}
	}
	return late
}

// updatedColumn is the column of the time a row was changed last: the one mapped, or one of that
// name, -1 without.
func (p *plan) updatedColumn(t *Table) int {
	if at := p.column(t, "updated"); at >= 0 {
		return at
	}
	if column, ok := t.Called["updated"]; ok {
		return t.column(column)
	}
	return -1
}

// stoodAt tells from the times of updates how many seconds after their arrival all tickets stand as
// their rows say, in whole hours; 0 where nothing tells. Of rows written when tickets had ended a few
// are updated long after all others. Of rows that were all kept so long after the arrival none is
// updated later, and many are shortly before; where these are all updated at once, it was the desk's
// rule to close tickets of that age.
func stoodAt(late []int64, rows int) int64 {
	if len(late) < stoodRows || 5*len(late) < rows {
		return 0
	}
	most := slices.Max(late)
	within := func(share float64) (n int) {
		for _, d := range late {
			n += int(one(float64(d) > (1-share)*float64(most)))
		}
		return n
	}
	if last := within(stoodLast); float64(last) < stoodShare*float64(len(late)) || 3*within(stoodPile) > 2*last {
		return 0
	}
	return (most + hourSeconds - 1) / hourSeconds * hourSeconds
}
