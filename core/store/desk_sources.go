package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
	"deskwatch/core/source"
)

// Registry is the source.Registry of the desk file.
type Registry struct{ db *DB }

var _ source.Registry = (*Registry)(nil)

// NewRegistry returns the sources in db, which is of KindDesk.
func NewRegistry(db *DB) *Registry { return &Registry{db} }

type sourceRow struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (sourceRow) TableName() string { return "sources" }

type sourceStateRow struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (sourceStateRow) TableName() string { return "source_states" }

// Sources lists the sources by name.
func (r *Registry) Sources(ctx context.Context) ([]core.Source, error) {
	const op = "store.sources"
	var rows []sourceRow
	if err := r.db.Reader().WithContext(ctx).Order("name COLLATE NOCASE, name").Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	list := make([]core.Source, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal([]byte(row.Value), &list[i]); err != nil {
			return nil, fault(op, "", fmt.Errorf("source %q: %w", row.Name, err))
		}
		list[i].Name = row.Name
	}
	return list, nil
}

// SaveSource adds the source, or replaces the one with its name.
func (r *Registry) SaveSource(ctx context.Context, s core.Source) error {
	const op = "store.save source"
	value, err := json.Marshal(s)
	if err != nil {
		return fault(op, "", err)
	}
	row := sourceRow{s.Name, string(value)}
	return fault(op, "", r.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error)
}

// DeleteSource forgets the source and its state; core.CodeNotFound without it.
func (r *Registry) DeleteSource(ctx context.Context, name string) error {
	const op = "store.delete source"
	err := r.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		res := tx.Where("name = ?", name).Delete(&sourceRow{})
		if res.Error == nil && res.RowsAffected == 0 {
			return core.NewError(core.CodeNotFound, op, "This source does not exist any more. Nothing was changed.", gorm.ErrRecordNotFound)
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.Where("name = ?", name).Delete(&sourceStateRow{}).Error
	})
	return fault(op, "", err)
}

// States returns how every source is doing, by its name.
func (r *Registry) States(ctx context.Context) (map[string]core.SourceState, error) {
	const op = "store.source states"
	var rows []sourceStateRow
	if err := r.db.Reader().WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	states := make(map[string]core.SourceState, len(rows))
	for _, row := range rows {
		var s core.SourceState
		if err := json.Unmarshal([]byte(row.Value), &s); err != nil {
			return nil, fault(op, "", fmt.Errorf("state of source %q: %w", row.Name, err))
		}
		s.Name = row.Name
		states[row.Name] = s
	}
	return states, nil
}

// SaveState replaces the state of a source, of one that is not in the registry too.
func (r *Registry) SaveState(ctx context.Context, s core.SourceState) error {
	const op = "store.save source state"
	value, err := json.Marshal(s)
	if err != nil {
		return fault(op, "", err)
	}
	row := sourceStateRow{s.Name, string(value)}
	return fault(op, "", r.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error)
}
