package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"deskwatch/core"
	"deskwatch/core/predict"
)

const (
	// insertPredictions is how many rows one statement takes.
	insertPredictions = 500
	// rememberedRevisions is for how many revisions the removal of a score is remembered.
	rememberedRevisions = 5000
	maxScores           = 1000 // of one call of ScoresOf
)

// Predictions is the predict.Ledger of the desk file.
type Predictions struct {
	db     *DB
	bounds predictionBounds
}

var _ predict.Ledger = (*Predictions)(nil)

// predictionBounds are how much is kept; tests keep less.
type predictionBounds struct {
	days, made, revisions int64
}

// NewPredictions returns the predictions in db, which is of KindDesk.
func NewPredictions(db *DB) *Predictions {
	return &Predictions{db, predictionBounds{predict.KeptDays, predict.KeptMade, rememberedRevisions}}
}

// scoreRow is a score as it goes into a statement; JSON names are what the statements read.
type scoreRow struct {
	Source  string             `json:"s"`
	ID      string             `json:"i"`
	No      uint32             `json:"n"`
	Risk    float64            `json:"r"`
	Basis   string             `json:"b"`
	Model   int                `json:"v"`
	At      int64              `json:"a"`
	Moment  string             `json:"m"`
	Reasons []core.NamedReason `json:"w,omitempty"`
	Help    []core.Help        `json:"h,omitempty"`
}

const (
	addPredictedTickets = `INSERT INTO predicted_tickets (source, ticket_id, ticket_no)
		SELECT value ->> 's', value ->> 'i', value ->> 'n' FROM json_each(?) WHERE true
		ON CONFLICT (source, ticket_id) DO UPDATE SET ticket_no = excluded.ticket_no WHERE ticket_no <> excluded.ticket_no`
	replaceScores = `INSERT INTO scores (ticket, rev, removed, risk, basis, model, at, moment, reasons, help)
		SELECT t.id, ?1, 0, v ->> 'r', v ->> 'b', v ->> 'v', v ->> 'a', v ->> 'm', coalesce(v -> 'w', '[]'), coalesce(v -> 'h', '[]')
		FROM (SELECT value AS v, key FROM json_each(?2)) CROSS JOIN predicted_tickets t ON t.source = v ->> 's' AND t.ticket_id = v ->> 'i'
		WHERE true ORDER BY key
		ON CONFLICT (ticket) DO UPDATE SET rev = excluded.rev, removed = 0, risk = excluded.risk, basis = excluded.basis,
			model = excluded.model, at = excluded.at, moment = excluded.moment, reasons = excluded.reasons, help = excluded.help`
	addPredictions = `INSERT INTO predictions (ticket, at, moment, basis, model, risk)
		SELECT t.id, v ->> 'a', v ->> 'm', v ->> 'b', v ->> 'v', v ->> 'r'
		FROM (SELECT value AS v, key FROM json_each(?)) CROSS JOIN predicted_tickets t ON t.source = v ->> 's' AND t.ticket_id = v ->> 'i'
		ORDER BY key`
)

// Save replaces scores and appends predictions that were made, both or neither.
func (p *Predictions) Save(ctx context.Context, scores []predict.Score, made []predict.Made) error {
	if len(scores)+len(made) == 0 {
		return nil
	}
	rows := make([]scoreRow, len(scores))
	for i, s := range scores {
		rows[i] = scoreRow{s.Key.Source, s.Key.ID, s.No, s.Risk, string(s.Basis), s.Model, toMillis(s.At), string(s.Moment), s.Reasons, s.Help}
	}
	err := p.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if len(rows) > 0 {
			rev, err := p.nextRevision(tx)
			if err != nil {
				return err
			}
			if err := inChunks(rows, func(list string) error {
				if err := tx.Exec(addPredictedTickets, list).Error; err != nil {
					return err
				}
				return tx.Exec(replaceScores, rev, list).Error
			}); err != nil {
				return err
			}
		}
		return p.appendMade(tx, made)
	})
	return fault("store.save predictions", "", err)
}

func (p *Predictions) appendMade(tx *gorm.DB, made []predict.Made) error {
	if len(made) == 0 {
		return nil
	}
	rows := make([]scoreRow, len(made))
	newest := made[0].At
	for i, m := range made {
		rows[i] = scoreRow{Source: m.Key.Source, ID: m.Key.ID, No: m.No, Risk: m.Risk, Basis: string(m.Basis), Model: m.Model, At: toMillis(m.At), Moment: string(m.Moment)}
		if m.At.After(newest) {
			newest = m.At
		}
	}
	err := inChunks(rows, func(list string) error {
		if err := tx.Exec(addPredictedTickets, list).Error; err != nil {
			return err
		}
		return tx.Exec(addPredictions, list).Error
	})
	if err != nil {
		return err
	}
	return p.prune(tx, toMillis(newest), 2*len(made))
}

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
func (p *Predictions) prune(tx *gorm.DB, now int64, most int) error {
	var gone []int64
	if err := tx.Raw(prunePredictions, p.bounds.made, most, now-p.bounds.days*millisOfDay).Scan(&gone).Error; err != nil || len(gone) == 0 {
		return err
	}
	slices.Sort(gone)
	list, err := listParam(slices.Compact(gone))
	if err != nil {
		return err
	}
	return tx.Exec(pruneTickets, list).Error
}

// nextRevision begins a change of the scores, and forgets removals of long ago.
func (p *Predictions) nextRevision(tx *gorm.DB) (rev int64, err error) {
	if err := tx.Raw("UPDATE scores_revision SET n = n + 1 RETURNING n").Scan(&rev).Error; err != nil {
		return 0, err
	}
	old := rev - p.bounds.revisions
	done := tx.Exec("DELETE FROM scores WHERE removed AND rev <= ?", old)
	if done.Error != nil || done.RowsAffected == 0 {
		return rev, done.Error
	}
	return rev, tx.Exec("UPDATE scores_revision SET forgotten = ?", old).Error
}

const removeScores = `UPDATE scores SET removed = 1, rev = ?1, reasons = '[]', help = '[]' WHERE NOT removed AND ticket IN (
	SELECT t.id FROM json_each(?2) CROSS JOIN predicted_tickets t ON t.source = value ->> 'source' AND t.ticket_id = value ->> 'id')`

// Remove takes scores away.
func (p *Predictions) Remove(ctx context.Context, keys []core.TicketKey) error {
	if len(keys) == 0 {
		return nil
	}
	err := p.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		rev, err := p.nextRevision(tx)
		if err != nil {
			return err
		}
		return inChunks(keys, func(list string) error { return tx.Exec(removeScores, rev, list).Error })
	})
	return fault("store.remove scores", "", err)
}

// inChunks calls do with the rows as JSON lists of bounded length.
func inChunks[T any](rows []T, do func(list string) error) error {
	for chunk := range slices.Chunk(rows, insertPredictions) {
		text, err := json.Marshal(chunk)
		if err != nil {
			return err
		}
		if err := do(string(text)); err != nil {
			return err
		}
	}
	return nil
}

func tooManyScores(op string) error {
	return core.NewError(core.CodeInvalid, op, fmt.Sprintf("At most %d tickets are read at a time.", maxScores), nil)
}
