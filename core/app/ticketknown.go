package app

import (
	"context"
	"slices"
	"time"

	"deskwatch/core"
)

// keysAtOnce is how many tickets are asked for at a time.
const keysAtOnce = 1000

// knownStates are the states of an event log that the pool has been through.
type knownStates struct {
	stale, same int64
}

func (k knownStates) count() int64 { return k.stale + k.same }

// withoutKnown leaves out the states the pool has been through already, so that a log that is
// replayed again, or has grown, tells nothing twice. A log may have several states of a ticket in
// one minute, and their times alone do not say which of them are known: they are when the last
// of them is what the pool holds.
func (a *App) withoutKnown(ctx context.Context, source string, states []core.Ticket) ([]core.Ticket, knownStates, error) {
	var known knownStates
	counts, err := a.pool.CountBySource(ctx)
	if err != nil || counts[source] == 0 {
		return states, known, err
	}
	stored, err := a.storedOf(ctx, states)
	if err != nil {
		return nil, known, err
	}
	through := map[string]time.Time{} // by id: known up to and with this time
	for _, s := range slices.Backward(states) {
		old, ok := stored[s.ID]
		if _, settled := through[s.ID]; !ok || settled || s.UpdatedAt.IsZero() || !s.UpdatedAt.Equal(old.UpdatedAt) {
			continue
		}
		through[s.ID] = time.Time{} // only the last state of that time counts
		if !old.Gone && s.RawStatus == old.RawStatus && s.RawPriority == old.RawPriority && s.Owner == old.Owner && s.Escalated == old.Escalated {
			through[s.ID] = old.UpdatedAt
		}
	}
	rest := states[:0]
	for _, s := range states {
		switch end := through[s.ID]; {
		case end.IsZero() || s.UpdatedAt.After(end):
			rest = append(rest, s)
		case s.UpdatedAt.Equal(end):
			known.same++
		default:
			known.stale++
		}
	}
	clear(states[len(rest):])
	return rest, known, nil
}

// storedOf reads the tickets of states as the pool has them, by id.
func (a *App) storedOf(ctx context.Context, states []core.Ticket) (map[string]core.Ticket, error) {
	asked := map[string]bool{}
	var keys []core.TicketKey
	for _, s := range states {
		if !asked[s.ID] {
			asked[s.ID] = true
			keys = append(keys, s.Key())
		}
	}
	stored := make(map[string]core.Ticket, len(keys))
	for page := range slices.Chunk(keys, keysAtOnce) {
		nos, err := a.pool.Nos(ctx, page)
		if err != nil {
			return nil, err
		}
		var list []uint32
		for _, no := range nos {
			list = append(list, no)
		}
		tickets, err := a.pool.Tickets(ctx, list)
		if err != nil {
			return nil, err
		}
		for _, t := range tickets {
			stored[t.ID] = t
		}
	}
	return stored, nil
}
