package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"deskwatch/core/predict"
)

// endRow is the end of a ticket as it goes into a statement.
type endRow struct {
	Source  string `json:"s"`
	ID      string `json:"i"`
	Outcome int    `json:"o"`
	Rated   int    `json:"r"`
	At      int64  `json:"a"`
}

// setEnds keeps the time of an outcome that is said again. Of a ticket that comes twice in the list
// the later end counts.
const setEnds = `UPDATE predicted_tickets SET outcome = e.o, rated = e.r,
		ended = CASE WHEN predicted_tickets.ended > 0 AND predicted_tickets.outcome = e.o AND e.a > 0 THEN predicted_tickets.ended ELSE e.a END
	FROM (SELECT t.id AS id, v ->> 'o' AS o, v ->> 'r' AS r, v ->> 'a' AS a, max(k)
		FROM (SELECT value AS v, key AS k FROM json_each(?)) CROSS JOIN predicted_tickets t ON t.source = v ->> 's' AND t.ticket_id = v ->> 'i'
		GROUP BY t.id) e
	WHERE predicted_tickets.id = e.id`

// SetEnds says how tickets ended.
func (p *Predictions) SetEnds(ctx context.Context, ends []predict.End) error {
	if len(ends) == 0 {
		return nil
	}
	rows := make([]endRow, len(ends))
	for i, e := range ends {
		rows[i] = endRow{Source: e.Key.Source, ID: e.Key.ID, At: toMillis(e.At)}
		if e.At.IsZero() {
			continue
		}
		rows[i].Outcome = int(e.Outcome)
		if e.Rated {
			rows[i].Rated = 1
		}
	}
	err := p.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return inChunks(rows, func(list string) error { return tx.Exec(setEnds, list).Error })
	})
	return fault("store.set ends", "", err)
}

// toldTickets finds of every ticket that ended the prediction at its arrival and the last one, both
// from before its outcome was known.
const toldTickets = `SELECT t.source, t.ticket_id, t.ticket_no, t.outcome, t.rated, t.ended,
		coalesce(a.at, 0), coalesce(a.moment, ''), coalesce(a.basis, ''), coalesce(a.model, 0), coalesce(a.risk, 0),
		l.at, l.moment, l.basis, l.model, l.risk,
		coalesce((SELECT min(w.at) FROM warnings w WHERE w.ticket = t.id AND w.at < t.ended), 0)
	FROM (SELECT * FROM predicted_tickets WHERE outcome > 0 AND ended >= ? ORDER BY ended DESC LIMIT ?) t
	JOIN predictions l ON l.id = (SELECT max(id) FROM predictions WHERE ticket = t.id AND at < t.ended)
	LEFT JOIN predictions a ON a.id = (SELECT min(id) FROM predictions WHERE ticket = t.id AND at < t.ended AND moment = 'arrival')
	ORDER BY t.ended, t.id`

// Told calls each for the tickets that ended with a known outcome.
func (p *Predictions) Told(ctx context.Context, since time.Time, each func(predict.Told) error) error {
	from := max(toMillis(since), 1)
	err := eachRow(ctx, p.db.rsql, func(rows *sql.Rows) error {
		var t predict.Told
		var first predict.Made
		var ended, firstAt, lastAt, warned int64
		err := rows.Scan(&t.Key.Source, &t.Key.ID, &t.Last.No, &t.Outcome, &t.Rated, &ended,
			&firstAt, &first.Moment, &first.Basis, &first.Model, &first.Risk,
			&lastAt, &t.Last.Moment, &t.Last.Basis, &t.Last.Model, &t.Last.Risk, &warned)
		if err != nil {
			return err
		}
		t.At, t.Warned = fromMillis(ended), fromMillis(warned)
		t.Last.Key, t.Last.At = t.Key, fromMillis(lastAt)
		if first.Moment != "" {
			first.Key, first.No, first.At = t.Key, t.Last.No, fromMillis(firstAt)
			t.Arrival = &first
		}
		return each(t)
	}, toldTickets, from, mostTold)
	return fault("store.told", "", err)
}

// countPredicted leaves out tickets that were listed before they had a score: they have no number yet.
const countPredicted = `SELECT count(*), coalesce(sum(ended = 0), 0), coalesce(sum(ended > 0 AND outcome = 0), 0),
		coalesce((SELECT at FROM predictions ORDER BY id LIMIT 1), 0)
	FROM predicted_tickets WHERE ticket_no > 0`

// Counts says how many tickets have, or had, a score.
func (p *Predictions) Counts(ctx context.Context) (predict.Counts, error) {
	var c predict.Counts
	var first int64
	err := p.db.rsql.QueryRowContext(ctx, countPredicted).Scan(&c.Tickets, &c.Pending, &c.Unknown, &first)
	c.First = fromMillis(first)
	return c, fault("store.predicted", "", err)
}

// Warnings lists who is on the list of those at risk, and who entered it since a time.
func (p *Predictions) Warnings(ctx context.Context, since time.Time) ([]predict.Warning, error) {
	var list []predict.Warning
	err := eachRow(ctx, p.db.rsql, func(rows *sql.Rows) error {
		var w predict.Warning
		var at, left int64
		if err := rows.Scan(&w.Key.Source, &w.Key.ID, &at, &w.Day, &left, &w.Told); err != nil {
			return err
		}
		w.At, w.Left = fromMillis(at), fromMillis(left)
		list = append(list, w)
		return nil
	}, `SELECT t.source, t.ticket_id, w.at, w.day, w.left_at, w.told FROM warnings w JOIN predicted_tickets t ON t.id = w.ticket
		WHERE w.left_at = 0 OR w.at >= ? ORDER BY w.at, w.ticket`, toMillis(since))
	return list, fault("store.warnings", "", err)
}

// warningRow is a warning as it goes into a statement.
type warningRow struct {
	Source string `json:"s"`
	ID     string `json:"i"`
	At     int64  `json:"a"`
	Day    int32  `json:"d"`
	Left   int64  `json:"l"`
	Told   int    `json:"t"`
}

const (
	meetWarned = `INSERT INTO predicted_tickets (source, ticket_id, ticket_no)
		SELECT value ->> 's', value ->> 'i', 0 FROM json_each(?) WHERE true ON CONFLICT (source, ticket_id) DO NOTHING`
	replaceWarnings = `INSERT INTO warnings (ticket, at, day, left_at, told)
		SELECT t.id, v ->> 'a', v ->> 'd', v ->> 'l', v ->> 't'
		FROM (SELECT value AS v, key FROM json_each(?)) CROSS JOIN predicted_tickets t ON t.source = v ->> 's' AND t.ticket_id = v ->> 'i'
		WHERE true ORDER BY key
		ON CONFLICT (ticket, at) DO UPDATE SET day = excluded.day, left_at = excluded.left_at, told = excluded.told`
)

// SaveWarnings adds warnings, and replaces those of the same ticket and time.
func (p *Predictions) SaveWarnings(ctx context.Context, list []predict.Warning) error {
	if len(list) == 0 {
		return nil
	}
	rows := make([]warningRow, len(list))
	for i, w := range list {
		rows[i] = warningRow{Source: w.Key.Source, ID: w.Key.ID, At: toMillis(w.At), Day: int32(w.Day), Left: toMillis(w.Left)}
		if w.Told {
			rows[i].Told = 1
		}
	}
	err := p.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return inChunks(rows, func(chunk string) error {
			if err := tx.Exec(meetWarned, chunk).Error; err != nil {
				return err
			}
			return tx.Exec(replaceWarnings, chunk).Error
		})
	})
	return fault("store.save warnings", "", err)
}
