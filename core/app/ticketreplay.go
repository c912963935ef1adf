package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
)

// maxReplayBytes bounds what the rows of an event log may take while they are sorted: they are
// held in memory, some 600 bytes each and their texts (90,000 rows of incidents: 60 MB).
const maxReplayBytes = 2 << 30

// heldTickets is a stream of tickets that are in memory.
type heldTickets struct {
	states []core.Ticket
	format string
}

// inTimeOrder reads a stream to its end and gives its tickets again, each row a state of its
// ticket at the time it was updated, the oldest first; rows of the same time keep their order.
// A row without that time counts from its ticket's creation.
//
// A state does not know what came after it, though the log's writer often did: a first reply or
// a closing later than the row's own time is left out.
func inTimeOrder(ctx context.Context, s source.Stream, reject func(*source.Rejected) error) (*heldTickets, error) {
	r := &heldTickets{}
	for held := 0; ; {
		t, err := s.Next()
		var rejected *source.Rejected
		switch {
		case errors.Is(err, io.EOF):
			r.format = s.Format()
			slices.SortStableFunc(r.states, func(a, b core.Ticket) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
			return r, nil
		case errors.As(err, &rejected):
			if err := reject(rejected); err != nil {
				return nil, err
			}
			continue
		case err != nil:
			return nil, wholeStream(err)
		}
		t.UpdatedAt = cmp.Or(t.UpdatedAt, t.CreatedAt)
		t.FirstReplyAt, t.ClosedAt = notAfter(t.FirstReplyAt, t.UpdatedAt), notAfter(t.ClosedAt, t.UpdatedAt)
		r.states = append(r.states, t)
		if held += 600 + len(t.Subject) + len(t.Description); held > maxReplayBytes {
			return nil, core.NewError(core.CodeInvalid, "app.replay", fmt.Sprintf(
				"The event log is too large to be sorted: after %d rows it takes more than %d GB. Nothing was imported. Split it by time and import the parts in order.", len(r.states), maxReplayBytes>>30), nil)
		}
		if len(r.states)%takeBatch == 0 && ctx.Err() != nil {
			return nil, takingStopped(ctx.Err())
		}
	}
}

// notAfter is t, or none when it is later than end.
func notAfter(t, end time.Time) time.Time {
	if !end.IsZero() && t.After(end) {
		return time.Time{}
	}
	return t
}

func (r *heldTickets) Format() string { return r.format }
func (r *heldTickets) Close() error   { return nil }

// Next gives the next state and lets go of it.
func (r *heldTickets) Next() (core.Ticket, error) {
	if len(r.states) == 0 {
		return core.Ticket{}, io.EOF
	}
	t := r.states[0]
	r.states[0] = core.Ticket{}
	r.states = r.states[1:]
	return t, nil
}
