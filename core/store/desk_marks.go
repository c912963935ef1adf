package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// Marks is the tickets.Marks of the desk file.
type Marks struct{ db *DB }

var _ tickets.Marks = (*Marks)(nil)

// NewMarks returns the marks in db, which is of KindDesk.
func NewMarks(db *DB) *Marks { return &Marks{db} }

type attentionRow struct {
	Source   string `gorm:"primaryKey"`
	TicketID string `gorm:"primaryKey"`
	Kind     string `gorm:"primaryKey"`
	Comment  string
	At       int64
	Until    int64
	Author   string
}

func (attentionRow) TableName() string { return "attention" }

// Attention lists every acknowledgement and snooze, by ticket.
func (m *Marks) Attention(ctx context.Context) ([]core.Attention, error) {
	var rows []attentionRow
	if err := m.db.Reader().WithContext(ctx).Order("source, ticket_id, kind").Find(&rows).Error; err != nil {
		return nil, fault("store.attention", "", err)
	}
	list := make([]core.Attention, len(rows))
	for i, r := range rows {
		list[i] = core.Attention{
			Key: core.TicketKey{Source: r.Source, ID: r.TicketID}, Kind: core.AttentionKind(r.Kind),
			Comment: r.Comment, At: fromMillis(r.At), Until: fromMillis(r.Until), By: r.Author,
		}
	}
	return list, nil
}

// SaveAttention replaces those of the same ticket and kind, all or nothing.
func (m *Marks) SaveAttention(ctx context.Context, list []core.Attention) error {
	rows := make([]attentionRow, len(list))
	for i, a := range list {
		rows[i] = attentionRow{a.Key.Source, a.Key.ID, string(a.Kind), a.Comment, toMillis(a.At), toMillis(a.Until), a.By}
	}
	return fault("store.save attention", "", m.replace(ctx, func(tx *gorm.DB) error { return insert(tx, rows) }))
}

// DeleteAttention takes marks of one kind back, all or nothing; a ticket without one is left alone.
func (m *Marks) DeleteAttention(ctx context.Context, kind core.AttentionKind, keys []core.TicketKey) error {
	const op = "store.delete attention"
	list, err := json.Marshal(keys)
	if err != nil {
		return fault(op, "", err)
	}
	err = m.db.Writer().WithContext(ctx).Where(
		"kind = ? AND (source, ticket_id) IN (SELECT value ->> 'source', value ->> 'id' FROM json_each(?))", string(kind), string(list)).
		Delete(&attentionRow{}).Error
	return fault(op, "", err)
}

// replace runs do in one transaction in which an insert takes the place of the row with its key.
func (m *Marks) replace(ctx context.Context, do func(tx *gorm.DB) error) error {
	return m.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return do(tx.Clauses(clause.OnConflict{UpdateAll: true}))
	})
}

type flagRow struct {
	Source     string `gorm:"primaryKey"`
	CustomerID string `gorm:"primaryKey"`
	Tough      bool
	Note       string
	At         int64
	Until      int64
	Author     string
}

func (flagRow) TableName() string { return "tough_flags" }

// Flags lists every flag, by customer.
func (m *Marks) Flags(ctx context.Context) ([]core.ToughFlag, error) {
	var rows []flagRow
	if err := m.db.Reader().WithContext(ctx).Order("source, customer_id").Find(&rows).Error; err != nil {
		return nil, fault("store.flags", "", err)
	}
	list := make([]core.ToughFlag, len(rows))
	for i, r := range rows {
		list[i] = core.ToughFlag{
			Customer: core.CustomerKey{Source: r.Source, ID: r.CustomerID}, Tough: r.Tough, Note: r.Note,
			At: fromMillis(r.At), Until: fromMillis(r.Until), By: r.Author,
		}
	}
	return list, nil
}

// SaveFlag replaces the customer's flag.
func (m *Marks) SaveFlag(ctx context.Context, f core.ToughFlag) error {
	row := flagRow{f.Customer.Source, f.Customer.ID, f.Tough, f.Note, toMillis(f.At), toMillis(f.Until), f.By}
	err := m.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	return fault("store.save flag", "", err)
}

// DeleteFlag takes the customer's flag back; one without a flag is left alone.
func (m *Marks) DeleteFlag(ctx context.Context, customer core.CustomerKey) error {
	err := m.db.Writer().WithContext(ctx).Where("source = ? AND customer_id = ?", customer.Source, customer.ID).Delete(&flagRow{}).Error
	return fault("store.delete flag", "", err)
}

type filterRow struct {
	Name string `gorm:"primaryKey"`
	Text string
	Sort string
}

func (filterRow) TableName() string { return "ticket_filters" }

// Filters lists the saved filters by name.
func (m *Marks) Filters(ctx context.Context) ([]core.SavedFilter, error) {
	var rows []filterRow
	if err := m.db.Reader().WithContext(ctx).Order("name COLLATE NOCASE, name").Find(&rows).Error; err != nil {
		return nil, fault("store.filters", "", err)
	}
	list := make([]core.SavedFilter, len(rows))
	for i, r := range rows {
		list[i] = core.SavedFilter(r)
	}
	return list, nil
}

// SaveFilter adds the filter, or replaces the one with its name.
func (m *Marks) SaveFilter(ctx context.Context, f core.SavedFilter) error {
	row := filterRow(f)
	err := m.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	return fault("store.save filter", "", err)
}

// DeleteFilter forgets a filter; one that is not there stays so.
func (m *Marks) DeleteFilter(ctx context.Context, name string) error {
	err := m.db.Writer().WithContext(ctx).Where("name = ?", name).Delete(&filterRow{}).Error
	return fault("store.delete filter", "", err)
}
