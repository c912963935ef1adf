package store

import (
	"context"
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

// AddNotices stores what is new, all or nothing, and returns it as stored. The transaction
// holds the write lock, so two processes never store the same notice.
func (n *Notices) AddNotices(ctx context.Context, list []core.Notice, again time.Duration) ([]core.Notice, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var added []noticeRow
	err := n.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, notice := range list {
			row := rowOfNotice(notice)
			var known int64
			err := tx.Model(&noticeRow{}).Where("source = ? AND ticket_id = ? AND kind = ? AND person = ? AND via = ? AND at >= ?",
				row.Source, row.TicketID, row.Kind, row.Person, row.Via, row.At-again.Milliseconds()).Limit(1).Count(&known).Error
			if err != nil {
				return err
			}
			if known > 0 {
				continue
			}
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
			added = append(added, row)
		}
		return tx.Exec("DELETE FROM notices WHERE id <= (SELECT max(id) FROM notices) - ?", keptNotices).Error
	})
	if err != nil {
		return nil, fault("store.add notices", "", err)
	}
	return noticesOf(added), nil
}

// Waiting lists what waits to be told by one way, the most pressing first, at most 10,000.
func (n *Notices) Waiting(ctx context.Context, via string) ([]core.Notice, error) {
	var rows []noticeRow
	err := n.db.Reader().WithContext(ctx).Where("told = 0 AND via = ?", via).Order("rank DESC, id").Limit(waitingNotices).Find(&rows).Error
	return noticesOf(rows), fault("store.waiting notices", "", err)
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
