package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

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

const (
	findPredicted = "SELECT id, ticket_no FROM predicted_tickets WHERE source = ? AND ticket_id = ?"
	addPredicted  = "INSERT INTO predicted_tickets (source, ticket_id, ticket_no) VALUES (?, ?, ?)"
	renumber      = "UPDATE predicted_tickets SET ticket_no = ? WHERE id = ?"
	replaceScore  = `INSERT INTO scores (ticket, rev, removed, risk, basis, model, at, moment, reasons, help) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (ticket) DO UPDATE SET rev = excluded.rev, removed = 0, risk = excluded.risk, basis = excluded.basis,
			model = excluded.model, at = excluded.at, moment = excluded.moment, reasons = excluded.reasons, help = excluded.help`
	addPrediction = "INSERT INTO predictions (ticket, at, moment, basis, model, risk) VALUES (?, ?, ?, ?, ?, ?)"
)

// Save replaces scores and appends predictions that were made, both or neither. Thousands come at
// once, which is why it does not go through gorm.
func (p *Predictions) Save(ctx context.Context, scores []predict.Score, made []predict.Made) error {
	if len(scores)+len(made) == 0 {
		return nil
	}
	return p.db.changing(ctx, "store.save predictions", func(c *bulkConn) error {
		w := predictionWriter{c: c, ids: make(map[core.TicketKey]int64, len(scores))}
		if err := w.prepare(); err != nil {
			return err
		}
		if err := p.saveScores(&w, scores); err != nil {
			return err
		}
		return p.appendMade(&w, made)
	})
}

// predictionWriter keeps the statements of one Save.
type predictionWriter struct {
	c                             *bulkConn
	find, add, number, score, row *bulkStmt
	ids                           map[core.TicketKey]int64 // of predicted_tickets
}

func (w *predictionWriter) prepare() (err error) {
	for _, s := range []struct {
		to   **bulkStmt
		text string
	}{{&w.find, findPredicted}, {&w.add, addPredicted}, {&w.number, renumber}, {&w.score, replaceScore}, {&w.row, addPrediction}} {
		if *s.to, err = w.c.prepare(s.text); err != nil {
			return err
		}
	}
	return nil
}

// ticket is the id of a ticket that is predicted.
func (w *predictionWriter) ticket(key core.TicketKey, no uint32) (id int64, err error) {
	if id, ok := w.ids[key]; ok {
		return id, nil
	}
	known := int64(no)
	if err := w.find.each(func() error { id, known = w.find.int(0), w.find.int(1); return nil }, key.Source, key.ID); err != nil {
		return 0, err
	}
	switch {
	case id == 0:
		if err := w.add.run(key.Source, key.ID, int64(no)); err != nil {
			return 0, err
		}
		id = w.c.lastID()
	case known != int64(no):
		if err := w.number.run(int64(no), id); err != nil {
			return 0, err
		}
	}
	w.ids[key] = id
	return id, nil
}

func (p *Predictions) saveScores(w *predictionWriter, scores []predict.Score) error {
	if len(scores) == 0 {
		return nil
	}
	rev, err := p.nextRevision(w.c)
	if err != nil {
		return err
	}
	for i := range scores {
		s := &scores[i]
		id, err := w.ticket(s.Key, s.No)
		if err != nil {
			return err
		}
		reasons, err := jsonList(s.Reasons)
		if err != nil {
			return err
		}
		help, err := jsonList(s.Help)
		if err != nil {
			return err
		}
		if err := w.score.run(id, rev, s.Risk, string(s.Basis), int64(s.Model), toMillis(s.At), string(s.Moment), reasons, help); err != nil {
			return err
		}
	}
	return nil
}

func jsonList[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func (p *Predictions) appendMade(w *predictionWriter, made []predict.Made) error {
	if len(made) == 0 {
		return nil
	}
	newest := made[0].At
	for i := range made {
		m := &made[i]
		id, err := w.ticket(m.Key, m.No)
		if err != nil {
			return err
		}
		if err := w.row.run(id, toMillis(m.At), string(m.Moment), string(m.Basis), int64(m.Model), m.Risk); err != nil {
			return err
		}
		if m.At.After(newest) {
			newest = m.At
		}
	}
	return p.prune(w.c, toMillis(newest), int64(2*len(made)))
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
