package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
	"deskwatch/core/notify"
)

const (
	// keptNotices bounds what is remembered: the newest so many are kept.
	keptNotices = 100_000
	// waitingNotices bounds what is told at once.
	waitingNotices = 10_000
	// lastNotified is the position of the ticket event up to which people were told.
	lastNotified = "last notified ticket event"
)

// Notices is the notify.Notices of the desk file.
type Notices struct{ db *DB }

var _ notify.Notices = (*Notices)(nil)

// NewNotices returns the notices in db, which is of KindDesk.
func NewNotices(db *DB) *Notices { return &Notices{db} }

type noticeRow struct {
	ID       int64 `gorm:"primaryKey"`
	At       int64
	Kind     string
	Person   string
	Via      string
	TicketNo uint32
	Source   string
	TicketID string
	Number   string
	Text     string
	Rank     int
	Told     int64
	How      string
}

func (noticeRow) TableName() string { return "notices" }

func rowOfNotice(n core.Notice) noticeRow {
	return noticeRow{
		At: toMillis(n.At), Kind: string(n.Kind), Person: n.Person, Via: n.Via, TicketNo: n.TicketNo, Source: n.Key.Source,
		TicketID: n.Key.ID, Number: n.Number, Text: n.Text, Rank: n.Rank, Told: toMillis(n.Told), How: n.How,
	}
}

func (r noticeRow) notice() core.Notice {
	return core.Notice{
		ID: r.ID, At: fromMillis(r.At), Kind: core.NoticeKind(r.Kind), Person: r.Person, Via: r.Via, TicketNo: r.TicketNo,
		Key: core.TicketKey{Source: r.Source, ID: r.TicketID}, Number: r.Number, Text: r.Text, Rank: r.Rank,
		Told: fromMillis(r.Told), How: r.How,
	}
}

func noticesOf(rows []noticeRow) []core.Notice {
	list := make([]core.Notice, len(rows))
	for i, r := range rows {
		list[i] = r.notice()
	}
	return list
}

// insertNotices is how many notices one statement takes.
const insertNotices = 500

// AddNotices stores what is new, all or nothing, and returns it as stored. The transaction
// holds the write lock, so two processes never store the same notice.
func (n *Notices) AddNotices(ctx context.Context, list []core.Notice, again time.Duration) ([]core.Notice, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var added []noticeRow
	err := n.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for chunk := range slices.Chunk(onceEach(list), insertNotices) {
			text, err := json.Marshal(chunk)
			if err != nil {
				return err
			}
			var rows []noticeRow
			if err := tx.Raw(addNotices, string(text), again.Milliseconds()).Scan(&rows).Error; err != nil {
				return err
			}
			added = append(added, rows...)
		}
		return tx.Exec("DELETE FROM notices WHERE id <= (SELECT max(id) FROM notices) - ?", keptNotices).Error
	})
	if err != nil {
		return nil, fault("store.add notices", "", err)
	}
	slices.SortFunc(added, func(a, b noticeRow) int { return cmp.Compare(a.ID, b.ID) })
	return noticesOf(added), nil
}

// addNotices stores a JSON list of rows but for those of which there is a like. Row by row it
// takes twenty times as long.
const addNotices = `INSERT INTO notices (at, kind, person, via, ticket_no, source, ticket_id, number, text, rank, told, how)
	SELECT v ->> 'At', v ->> 'Kind', v ->> 'Person', v ->> 'Via', v ->> 'TicketNo', v ->> 'Source', v ->> 'TicketID', v ->> 'Number',
		v ->> 'Text', v ->> 'Rank', v ->> 'Told', v ->> 'How'
	FROM (SELECT value AS v, key FROM json_each(?1))
	WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.source = v ->> 'Source' AND n.ticket_id = v ->> 'TicketID'
		AND n.kind = v ->> 'Kind' AND n.person = v ->> 'Person' AND n.via = v ->> 'Via' AND n.at >= (v ->> 'At') - ?2)
	ORDER BY key
	RETURNING *`

// onceEach leaves of notices with the same kind, person, way and ticket the first.
func onceEach(list []core.Notice) []noticeRow {
	type same struct {
		source, ticket, kind, person, via string
	}
	seen := make(map[same]bool, len(list))
	rows := make([]noticeRow, 0, len(list))
	for _, notice := range list {
		row := rowOfNotice(notice)
		key := same{row.Source, row.TicketID, row.Kind, row.Person, row.Via}
		if !seen[key] {
			seen[key] = true
			rows = append(rows, row)
		}
	}
	return rows
}

// Waiting lists what waits to be told by one way, the most pressing first, at most 10,000. It
// reads the rows by itself: gorm takes ten times as long, and this is asked all the time.
func (n *Notices) Waiting(ctx context.Context, via string) (list []core.Notice, err error) {
	const op = "store.waiting notices"
	rows, err := n.db.Reader().WithContext(ctx).Raw(`SELECT id, at, kind, person, via, ticket_no, source, ticket_id, number, text, rank
		FROM notices WHERE told = 0 AND via = ? ORDER BY rank DESC, id LIMIT ?`, via, waitingNotices).Rows()
	if err != nil {
		return nil, fault(op, "", err)
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = fault(op, "", closing)
		}
	}()
	for rows.Next() {
		var r noticeRow
		if err := rows.Scan(&r.ID, &r.At, &r.Kind, &r.Person, &r.Via, &r.TicketNo, &r.Source, &r.TicketID, &r.Number, &r.Text, &r.Rank); err != nil {
			return nil, fault(op, "", err)
		}
		list = append(list, r.notice())
	}
	return list, fault(op, "", rows.Err())
}

// MarkTold records how these were told; one that was recorded before stays as it is.
func (n *Notices) MarkTold(ctx context.Context, ids []int64, how string, at time.Time) error {
	return fault("store.mark told", "", markTold(n.db.Writer().WithContext(ctx), ids, how, at))
}

// TellByMail queues mails and records that the notices were told, both or neither.
func (n *Notices) TellByMail(ctx context.Context, mails []core.NewDelivery, ids []int64, how string, at time.Time) error {
	err := n.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := insertNew(tx, rowsOfNew(mails, at)); err != nil {
			return err
		}
		return markTold(tx, ids, how, at)
	})
	return fault("store.tell by mail", "Nothing was queued.", err)
}

func markTold(tx *gorm.DB, ids []int64, how string, at time.Time) error {
	list, err := listParam(ids)
	if err != nil {
		return err
	}
	return tx.Model(&noticeRow{}).Where("id IN (SELECT value FROM json_each(?)) AND told = 0", list).
		Updates(map[string]any{"told": toMillis(at), "how": how}).Error
}

// Notices lists notices, newest first.
func (n *Notices) Notices(ctx context.Context, q core.NoticeQuery) ([]core.Notice, error) {
	db := n.db.Reader().WithContext(ctx).Order("id DESC").Limit(pageLimit(q.Limit))
	if !q.Since.IsZero() {
		db = db.Where("at >= ?", toMillis(q.Since))
	}
	if q.Ticket != 0 {
		db = db.Where("ticket_no = ?", q.Ticket)
	}
	var rows []noticeRow
	err := db.Find(&rows).Error
	return noticesOf(rows), fault("store.notices", "", err)
}

type positionRow struct {
	Name string `gorm:"primaryKey"`
	Seq  int64
}

func (positionRow) TableName() string { return "positions" }

// LastNotified returns up to which ticket event people were told; ok is false before the first time.
func (n *Notices) LastNotified(ctx context.Context) (seq int64, ok bool, err error) {
	var rows []positionRow
	if err := n.db.Reader().WithContext(ctx).Where("name = ?", lastNotified).Find(&rows).Error; err != nil || len(rows) == 0 {
		return 0, false, fault("store.last notified", "", err)
	}
	return rows[0].Seq, true, nil
}

// SetLastNotified remembers up to which ticket event people were told.
func (n *Notices) SetLastNotified(ctx context.Context, seq int64) error {
	row := positionRow{lastNotified, seq}
	err := n.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	return fault("store.set last notified", "", err)
}

// AtRiskMailed are the people who were told of tickets at risk by mail since a time.
func (n *Notices) AtRiskMailed(ctx context.Context, since time.Time) (map[string]bool, error) {
	var names []string
	err := n.db.Reader().WithContext(ctx).Model(&noticeRow{}).Distinct("person").
		Where("kind = 'at_risk' AND via = 'mail' AND told >= ? AND how IN ?", toMillis(since), []string{notify.HowSingle, notify.HowBurst, notify.HowSummary}).
		Pluck("person", &names).Error
	mailed := make(map[string]bool, len(names))
	for _, name := range names {
		mailed[name] = true
	}
	return mailed, fault("store.at risk mailed", "", err)
}
