package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"deskwatch/core"
	"deskwatch/core/outbox"
)

// Queue is the outbox.Queue of the desk file.
type Queue struct{ db *DB }

var _ outbox.Queue = (*Queue)(nil)

// NewQueue returns the queue in db, which is of KindDesk.
func NewQueue(db *DB) *Queue { return &Queue{db} }

type deliveryRow struct {
	ID          int64 `gorm:"primaryKey"`
	MessageID   string
	RuleID      int64
	Customer    string
	Period      int32
	Count       int
	Recipient   string
	Subject     string
	State       string
	Via         string
	Attempts    int
	NextTry     int64
	LeasedUntil int64
	LastReply   string
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	SentAt      int64
	Sender      string
	Dated       int64
	Text        string
	HTML        string `gorm:"column:html"`
	Raw         []byte
}

func (deliveryRow) TableName() string { return "deliveries" }

// listedColumns are the columns of a core.Delivery; the rest is content.
const listedColumns = "id, message_id, rule_id, customer, period, count, recipient, subject, state, via, attempts, next_try, last_reply, created_at, sent_at"

func (r deliveryRow) delivery() core.Delivery {
	return core.Delivery{
		ID: r.ID, MessageID: r.MessageID, RuleID: r.RuleID, Customer: r.Customer, Period: core.Month(r.Period), Count: r.Count,
		Recipient: r.Recipient, Subject: r.Subject, State: core.DeliveryState(r.State), Via: r.Via, Attempts: r.Attempts,
		NextTry: fromMillis(r.NextTry), LastReply: r.LastReply, CreatedAt: fromMillis(r.CreatedAt), SentAt: fromMillis(r.SentAt),
	}
}

func (r deliveryRow) detail() core.DeliveryDetail {
	return core.DeliveryDetail{
		Delivery: r.delivery(),
		Message: core.Message{
			From: r.Sender, To: r.Recipient, Subject: r.Subject, Text: r.Text, HTML: r.HTML,
			MessageID: r.MessageID, Date: fromMillis(r.Dated),
		},
		Raw: r.Raw,
	}
}

// Lease takes up to n due deliveries. One whose lease has lapsed without an outcome is due
// as well. NextTry and Attempts of a leased delivery stay as they were.
func (q *Queue) Lease(ctx context.Context, n int, now, until time.Time) ([]core.DeliveryDetail, error) {
	var rows []deliveryRow
	// The transaction holds the write lock from its beginning, so two processes never lease
	// the same delivery. INDEXED BY keeps an empty outbox from reading all that was ever sent.
	err := q.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return tx.Raw(`UPDATE deliveries SET state = 'sending', leased_until = ?
			WHERE id IN (
				SELECT id FROM deliveries INDEXED BY deliveries_state
				WHERE state IN ('queued', 'failed', 'sending')
				AND CASE state WHEN 'sending' THEN leased_until ELSE next_try END <= ?
				ORDER BY id LIMIT ?)
			RETURNING *`, toMillis(until), toMillis(now), n).Scan(&rows).Error
	})
	if err != nil {
		return nil, fault("store.lease", "", err)
	}
	slices.SortFunc(rows, func(a, b deliveryRow) int { return cmp.Compare(a.ID, b.ID) })
	leased := make([]core.DeliveryDetail, len(rows))
	for i, r := range rows {
		leased[i] = r.detail()
	}
	return leased, nil
}

// ReleaseAll makes every leased delivery due again.
func (q *Queue) ReleaseAll(ctx context.Context) (int64, error) {
	res := q.db.Writer().WithContext(ctx).Exec(`UPDATE deliveries
		SET state = CASE attempts WHEN 0 THEN 'queued' ELSE 'failed' END, leased_until = 0 WHERE state = 'sending'`)
	return res.RowsAffected, fault("store.release", "", res.Error)
}

// Finish records how a try ended. A delivery that is not leased fails it with
// core.CodeConflict, except that a mail which went out is recorded as sent whatever became
// of its lease. An unknown one fails it with core.CodeNotFound.
func (q *Queue) Finish(ctx context.Context, id int64, f outbox.Finish) error {
	const op = "store.finish"
	change := map[string]any{"state": string(f.State), "last_reply": f.Reply, "leased_until": 0, "next_try": int64(0)}
	from := []string{string(core.DeliverySending)}
	switch f.State {
	case core.DeliverySent:
		change["via"], change["sent_at"] = f.Via, toMillis(f.At)
		from = append(from, string(core.DeliveryQueued), string(core.DeliveryFailed), string(core.DeliveryHeld), string(core.DeliveryDead))
	case core.DeliveryQueued, core.DeliveryFailed:
		change["next_try"] = toMillis(f.NextTry)
	}
	if f.Tried {
		change["attempts"] = gorm.Expr("attempts + 1")
	}
	if f.Raw != nil {
		change["raw"] = f.Raw
	}
	err := q.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		res := tx.Model(&deliveryRow{}).Where("id = ? AND state IN ?", id, from).Updates(change)
		if res.Error != nil || res.RowsAffected > 0 {
			return res.Error
		}
		var known int64
		if err := tx.Model(&deliveryRow{}).Where("id = ?", id).Count(&known).Error; err != nil {
			return err
		}
		if known == 0 {
			return noDelivery(op)
		}
		return core.NewError(core.CodeConflict, op, "This mail was not being sent any more. Its state was left as it is.", nil)
	})
	return fault(op, "", err)
}

func noDelivery(op string) error {
	return core.NewError(core.CodeNotFound, op, "This mail is not in the outbox any more. Nothing was changed.", gorm.ErrRecordNotFound)
}

// Deliveries pages through the outbox, newest first.
func (q *Queue) Deliveries(ctx context.Context, query core.DeliveryQuery) ([]core.Delivery, error) {
	db := q.db.Reader().WithContext(ctx).Select(listedColumns).Order("id DESC").Limit(pageLimit(query.Limit))
	if query.State != "" {
		db = db.Where("state = ?", string(query.State))
	}
	if query.Before > 0 {
		db = db.Where("id < ?", query.Before)
	}
	if query.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(query.Text) + "%"
		db = db.Where(`(customer LIKE @like ESCAPE '\' OR recipient LIKE @like ESCAPE '\' OR subject LIKE @like ESCAPE '\')`,
			map[string]any{"like": like})
	}
	var rows []deliveryRow
	if err := db.Find(&rows).Error; err != nil {
		return nil, fault("store.deliveries", "", err)
	}
	list := make([]core.Delivery, len(rows))
	for i, r := range rows {
		list[i] = r.delivery()
	}
	return list, nil
}

// Delivery returns one delivery with its content.
func (q *Queue) Delivery(ctx context.Context, id int64) (core.DeliveryDetail, error) {
	const op = "store.delivery"
	var rows []deliveryRow
	if err := q.db.Reader().WithContext(ctx).Where("id = ?", id).Find(&rows).Error; err != nil {
		return core.DeliveryDetail{}, fault(op, "", err)
	}
	if len(rows) == 0 {
		return core.DeliveryDetail{}, noDelivery(op)
	}
	return rows[0].detail(), nil
}

// Counts counts the outbox by state.
func (q *Queue) Counts(ctx context.Context) (core.DeliveryCounts, error) {
	var rows []struct {
		State string
		N     int64
	}
	err := q.db.Reader().WithContext(ctx).Model(&deliveryRow{}).Select("state, count(*) AS n").Group("state").Find(&rows).Error
	if err != nil {
		return nil, fault("store.counts", "", err)
	}
	counts := core.DeliveryCounts{}
	for _, r := range rows {
		counts[core.DeliveryState(r.State)] = r.N
	}
	return counts, nil
}

// Requeue makes held, failed and dead deliveries due now, with all their tries before them
// again, and returns how many it changed.
func (q *Queue) Requeue(ctx context.Context, ids []int64, now time.Time) (int64, error) {
	return q.change(ctx, "store.requeue", ids, []core.DeliveryState{core.DeliveryHeld, core.DeliveryFailed, core.DeliveryDead},
		map[string]any{"state": string(core.DeliveryQueued), "attempts": 0, "next_try": toMillis(now)})
}

// Discard turns queued, failed and held deliveries into dead ones and returns how many. One
// that is being sent stays: it may have gone out.
func (q *Queue) Discard(ctx context.Context, ids []int64, why string) (int64, error) {
	return q.change(ctx, "store.discard", ids, []core.DeliveryState{core.DeliveryQueued, core.DeliveryFailed, core.DeliveryHeld},
		map[string]any{"state": string(core.DeliveryDead), "next_try": int64(0), "last_reply": why})
}

func (q *Queue) change(ctx context.Context, op string, ids []int64, from []core.DeliveryState, to map[string]any) (int64, error) {
	list, err := listParam(ids)
	if err != nil {
		return 0, fault(op, "", err)
	}
	res := q.db.Writer().WithContext(ctx).Model(&deliveryRow{}).
		Where("id IN (SELECT value FROM json_each(?)) AND state IN ?", list, from).Updates(to)
	return res.RowsAffected, fault(op, "", res.Error)
}
