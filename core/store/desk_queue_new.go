package store

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
)

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

// insertNew queues messages. One whose Message-ID was ever queued is left out.
func insertNew(tx *gorm.DB, rows []deliveryRow) error {
	return insert(tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "message_id"}}, DoNothing: true}), rows)
}
