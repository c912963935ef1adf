package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"deskwatch/core"
	"deskwatch/core/predict"
)

const (
	scoreBatch   = 1000
	shownPoints  = 200
	mostTold     = 200_000
	scoreColumns = `t.source, t.ticket_id, t.ticket_no, s.rev, s.removed, s.risk, s.basis, s.model, s.at, s.moment`
)

func scanScore(scan func(...any) error, more ...any) (predict.Score, error) {
	var s predict.Score
	var at int64
	err := scan(append([]any{&s.Key.Source, &s.Key.ID, &s.No, &s.Rev, &s.Removed, &s.Risk, &s.Basis, &s.Model, &at, &s.Moment}, more...)...)
	s.At = fromMillis(at)
	return s, err
}

// ScoresRevision is the highest revision of a score.
func (p *Predictions) ScoresRevision(ctx context.Context) (rev int64, err error) {
	err = p.db.rsql.QueryRowContext(ctx, "SELECT n FROM scores_revision").Scan(&rev)
	return rev, fault("store.scores revision", "", err)
}

// Scores tells what changed after a revision, as of one state. It does not go through database/sql:
// a desk may have hundreds of thousands.
func (p *Predictions) Scores(ctx context.Context, after int64, each func(batch []predict.Score, anew bool) error) (int64, error) {
	rev := after
	err := p.db.reading(ctx, "store.scores", func(c *bulkConn) (err error) {
		if rev, err = c.query("SELECT n FROM scores_revision"); err != nil {
			return err
		}
		forgotten, err := c.query("SELECT forgotten FROM scores_revision")
		if err != nil {
			return err
		}
		anew := after <= 0 || after < forgotten || after > rev
		query, args := changedScores, []any{after}
		if anew {
			query, args = allScores, nil
		}
		rows, err := c.prepare(query)
		if err != nil {
			return err
		}
		r := scoreReader{rows: rows, names: map[string]string{}}
		batch := make([]predict.Score, 0, scoreBatch)
		first := anew
		flush := func() error {
			if len(batch) == 0 && !first {
				return nil
			}
			err := each(batch, first)
			batch, first = batch[:0], false
			return err
		}
		err = rows.each(func() error {
			if batch = append(batch, r.read()); len(batch) < scoreBatch {
				return nil
			}
			return flush()
		}, args...)
		if err != nil {
			return err
		}
		return flush()
	})
	if err != nil {
		return after, err
	}
	return rev, nil
}

const (
	changedScores = "SELECT " + scoreColumns + " FROM scores s JOIN predicted_tickets t ON t.id = s.ticket WHERE s.rev > ? ORDER BY s.rev"
	allScores     = "SELECT " + scoreColumns + " FROM scores s JOIN predicted_tickets t ON t.id = s.ticket WHERE NOT s.removed"
)

// scoreReader reads rows of scoreColumns.
type scoreReader struct {
	rows  *bulkStmt
	names map[string]string // one copy of what most rows share
}

func (r *scoreReader) read() predict.Score {
	s := r.rows
	return predict.Score{
		Key: core.TicketKey{Source: r.name(0), ID: s.str(1)}, No: uint32(s.int(2)), Rev: s.int(3), Removed: s.int(4) != 0, Risk: s.float(5),
		Basis: core.PredictionBasis(r.name(6)), Model: int(s.int(7)), At: fromMillis(s.int(8)), Moment: core.Moment(r.name(9)),
	}
}

func (r *scoreReader) name(col int) string {
	b := r.rows.bytes(col)
	if kept, ok := r.names[string(b)]; ok {
		return kept
	}
	kept := string(b)
	r.names[kept] = kept
	return kept
}

// ScoresOf returns the scores of tickets, with their reasons.
func (p *Predictions) ScoresOf(ctx context.Context, keys []core.TicketKey) (map[core.TicketKey]predict.Score, error) {
	const op = "store.scores of"
	if len(keys) > maxScores {
		return nil, tooManyScores(op)
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, fault(op, "", err)
	}
	scores := make(map[core.TicketKey]predict.Score, len(keys))
	err = eachRow(ctx, p.db.rsql, func(rows *sql.Rows) error {
		var reasons, help []byte
		s, err := scanScore(rows.Scan, &reasons, &help)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(reasons, &s.Reasons); err != nil {
			return err
		}
		if err := json.Unmarshal(help, &s.Help); err != nil {
			return err
		}
		scores[s.Key] = s
		return nil
	}, "SELECT "+scoreColumns+`, s.reasons, s.help FROM json_each(?) j
		CROSS JOIN predicted_tickets t ON t.source = j.value ->> 'source' AND t.ticket_id = j.value ->> 'id'
		JOIN scores s ON s.ticket = t.id WHERE NOT s.removed`, string(list))
	return scores, fault(op, "", err)
}

// Points are the newest predictions of one ticket, oldest first.
func (p *Predictions) Points(ctx context.Context, key core.TicketKey) ([]core.ScorePoint, error) {
	list := []core.ScorePoint{}
	err := eachRow(ctx, p.db.rsql, func(rows *sql.Rows) error {
		var at int64
		var risk float64
		var point core.ScorePoint
		if err := rows.Scan(&at, &point.Moment, &point.Basis, &point.Model, &risk); err != nil {
			return err
		}
		point.At, point.Satisfaction = fromMillis(at), predict.Satisfaction(risk)
		list = append(list, point)
		return nil
	}, `SELECT at, moment, basis, model, risk FROM (
			SELECT * FROM predictions WHERE ticket = (SELECT id FROM predicted_tickets WHERE source = ? AND ticket_id = ?) ORDER BY id DESC LIMIT ?)
		ORDER BY id`, key.Source, key.ID, shownPoints)
	return list, fault("store.points", "", err)
}

// rowReader is a connection, or a transaction of one.
type rowReader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// eachRow calls each for every row of a query.
func eachRow(ctx context.Context, db rowReader, each func(*sql.Rows) error, query string, args ...any) (err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
