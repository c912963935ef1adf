package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
)

// Add queues messages, all or nothing. One whose Message-ID was ever queued is left out, so
// that whoever is not sure whether they were queued may add them again.
func (q *Queue) Add(ctx context.Context, list []core.NewDelivery, now time.Time) error {
	err := q.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return insertNew(tx, rowsOfNew(list, now))
	})
	return fault("store.add deliveries", "Nothing was queued.", err)
}

// rowsOfNew are deliveries as they are queued at a time.
func rowsOfNew(list []core.NewDelivery, at time.Time) []deliveryRow {
	rows := make([]deliveryRow, len(list))
	for i, d := range list {
		rows[i] = deliveryRow{
			MessageID: d.MessageID, RuleID: d.RuleID, Customer: d.Customer, Period: int32(d.Period), Count: d.Count,
			Recipient: d.Message.To, Subject: d.Message.Subject, State: string(core.DeliveryQueued), CreatedAt: toMillis(at),
			Sender: d.Message.From, Dated: toMillis(d.Message.Date), Text: d.Message.Text, HTML: d.Message.HTML,
		}
	}
	return rows
}

// insertNew queues what was not queued before.
func insertNew(tx *gorm.DB, rows []deliveryRow) error {
	return insert(tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "message_id"}}, DoNothing: true}), rows)
}
