package store

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// factBatch is how many facts are handed over at a time.
const factBatch = 4096

// Facts reads the facts of the tickets that changed after a revision.
func (p *Pool) Facts(ctx context.Context, after int64, each func([]tickets.Fact) error) error {
	return p.reading(ctx, "store.facts", func(c *bulkConn) error {
		s, err := c.prepare(factsQuery + changedAfter(after))
		if err != nil {
			return err
		}
		names, err := newNameReader(c) // of the spellings in histories
		if err != nil {
			return err
		}
		batch := make([]tickets.Fact, 0, factBatch)
		err = s.each(func() error {
			f, err := factOf(s, names.textOf)
			if err != nil {
				return err
			}
			if batch = append(batch, f); len(batch) < factBatch {
				return nil
			}
			err = each(batch)
			batch = batch[:0]
			return err
		}, after)
		if err != nil || len(batch) == 0 {
			return err
		}
		return each(batch)
	})
}

// changedAfter is the condition for what changed after a revision. All there is is read along the
// table: by the index, each row is a search of its own.
func changedAfter(rev int64) string {
	if rev <= 0 {
		return " WHERE +rev > ?"
	}
	return " WHERE rev > ?"
}

const factsQuery = `SELECT no, rev, state, source, product, owner, assigned, raw_status, channel, customer, created, updated, first_reply, closed,
	history, subject_key, number_key, text_rev FROM tickets`

func factOf(s *bulkStmt, nameOf func(int64) (string, error)) (tickets.Fact, error) {
	no := func(col int) uint32 { return uint32(s.int(col)) }
	f := tickets.Fact{
		No: no(0), Rev: s.int(1), Source: no(3), Product: no(4), Owner: no(5), Assigned: no(6), RawStatus: no(7), Channel: no(8), Customer: no(9),
		Created: s.int(10), Updated: s.int(11), FirstReply: s.int(12), Closed: s.int(13),
		SubjectKey: uint64(s.int(15)), NumberKey: uint64(s.int(16)), TextRev: s.int(17),
	}
	var t core.Ticket
	setState(&t, s.int(2))
	f.Status, f.Priority, f.Escalated, f.Gone = t.Status, t.Priority, t.Escalated, t.Gone
	f.Rating, f.Reopened = uint8(t.Rating), uint8(t.Reopened)
	if s.isNull(14) {
		return f, nil
	}
	steps, err := readHistory(s.str(14))
	if err != nil || f.FirstReply != 0 && (len(steps) < 2 || steps[1].at >= f.FirstReply) {
		return f, err // the clock ran until the answer
	}
	f.History, err = statusSteps(steps, nameOf)
	return f, err
}
