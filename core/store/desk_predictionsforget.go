package store

import (
	"context"
	"slices"

	"deskwatch/core"
)

const (
	prunePredictions = `DELETE FROM predictions WHERE id <= (SELECT max(id) FROM predictions) - ?1
			OR id IN (SELECT id FROM predictions ORDER BY id LIMIT ?2) AND at < ?3
		RETURNING ticket`
	pruneTickets = `DELETE FROM predicted_tickets WHERE id IN (SELECT value FROM json_each(?))
			AND NOT EXISTS (SELECT 1 FROM predictions p WHERE p.ticket = predicted_tickets.id)
			AND NOT EXISTS (SELECT 1 FROM scores s WHERE s.ticket = predicted_tickets.id AND NOT s.removed)`
	millisOfDay = 24 * 60 * 60 * 1000
)

// prune forgets what is too much, and of what is too old at most so many: as many again as came,
// so that nobody waits for it long.
func (p *Predictions) prune(c *bulkConn, now, most int64) error {
	old, err := c.prepare(prunePredictions)
	if err != nil {
		return err
	}
	return forgetTicketsOf(c, old, p.bounds.made, most, now-p.bounds.days*millisOfDay)
}

// forgetTicketsOf runs a statement that deletes rows and returns their tickets, and forgets those of
// them nothing is left of.
func forgetTicketsOf(c *bulkConn, deleting *bulkStmt, args ...any) error {
	var gone []int64
	if err := deleting.each(func() error { gone = append(gone, deleting.int(0)); return nil }, args...); err != nil || len(gone) == 0 {
		return err
	}
	slices.Sort(gone)
	list, err := listParam(slices.Compact(gone))
	if err != nil {
		return err
	}
	_, err = c.query(pruneTickets, list)
	return err
}

const (
	oldRemovals    = "SELECT EXISTS (SELECT 1 FROM scores WHERE removed AND rev <= ?)"
	forgetRemovals = "DELETE FROM scores WHERE removed AND rev <= ? RETURNING ticket"
)

// nextRevision begins a change of the scores, and forgets removals of long ago.
func (p *Predictions) nextRevision(c *bulkConn) (int64, error) {
	rev, err := c.query("SELECT n + 1 FROM scores_revision")
	if err != nil {
		return 0, err
	}
	if _, err := c.query("UPDATE scores_revision SET n = ?", rev); err != nil {
		return 0, err
	}
	old := rev - p.bounds.revisions
	some, err := c.query(oldRemovals, old)
	if err != nil || some == 0 {
		return rev, err
	}
	forget, err := c.prepare(forgetRemovals)
	if err != nil {
		return 0, err
	}
	if err := forgetTicketsOf(c, forget, old); err != nil {
		return 0, err
	}
	_, err = c.query("UPDATE scores_revision SET forgotten = ?", old)
	return rev, err
}

const removeScores = `UPDATE scores SET removed = 1, rev = ?1, reasons = '[]', help = '[]' WHERE NOT removed AND ticket IN (
	SELECT t.id FROM json_each(?2) CROSS JOIN predicted_tickets t ON t.source = value ->> 'source' AND t.ticket_id = value ->> 'id')`

// Remove takes scores away.
func (p *Predictions) Remove(ctx context.Context, keys []core.TicketKey) error {
	if len(keys) == 0 {
		return nil
	}
	return p.db.changing(ctx, "store.remove scores", func(c *bulkConn) error {
		rev, err := p.nextRevision(c)
		if err != nil {
			return err
		}
		return inChunks(keys, func(list string) error {
			_, err := c.query(removeScores, rev, list)
			return err
		})
	})
}

// Forget forgets what was predicted of a source's tickets. Whoever follows the scores begins anew.
func (p *Predictions) Forget(ctx context.Context, source string) error {
	return p.db.changing(ctx, "store.forget predictions", func(c *bulkConn) error {
		if known, err := c.query("SELECT EXISTS (SELECT 1 FROM predicted_tickets WHERE source = ?)", source); err != nil || known == 0 {
			return err
		}
		rev, err := p.nextRevision(c)
		if err != nil {
			return err
		}
		if _, err := c.query("UPDATE scores_revision SET forgotten = ?", rev); err != nil {
			return err
		}
		_, err = c.query("DELETE FROM predicted_tickets WHERE source = ?", source)
		return err
	})
}
