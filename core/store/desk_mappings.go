package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"strings"

	"gorm.io/gorm"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// keptMappings bounds what is remembered: the headers used last, far more than anybody has.
const keptMappings = 1000

// Mappings is the orders.Mappings of the desk file.
type Mappings struct{ db *DB }

var _ orders.Mappings = (*Mappings)(nil)

// NewMappings returns the mappings in db, which is of KindDesk.
func NewMappings(db *DB) *Mappings { return &Mappings{db} }

type mappingRow struct {
	ID     int64 `gorm:"primaryKey"`
	Header []byte
	Value  string
}

func (mappingRow) TableName() string { return "mappings" }

// mappingText is the stored form of a core.SavedMapping.
type mappingText struct {
	Map              map[core.Field]string `json:"map"`
	StatusRules      []core.StatusRule     `json:"status_rules"`
	DateFormat       string                `json:"date_format"`
	CustomerPatterns []string              `json:"customer_patterns"`
}

// Mapping returns what is remembered for a header. Headers are the same when their cells
// are, but for case and white space.
func (m *Mappings) Mapping(ctx context.Context, header []string) (core.SavedMapping, bool, error) {
	const op = "store.mapping"
	var rows []mappingRow
	if err := m.db.Reader().WithContext(ctx).Where("header = ?", headerKey(header)).Find(&rows).Error; err != nil || len(rows) == 0 {
		return core.SavedMapping{}, false, fault(op, "", err)
	}
	var text mappingText
	if err := json.Unmarshal([]byte(rows[0].Value), &text); err != nil {
		return core.SavedMapping{}, false, fault(op, "", err)
	}
	return core.SavedMapping(text), true, nil
}

// SaveMapping remembers, or replaces, how files with this header are read.
func (m *Mappings) SaveMapping(ctx context.Context, header []string, saved core.SavedMapping) error {
	const op = "store.save mapping"
	text, err := json.Marshal(mappingText(saved))
	if err != nil {
		return fault(op, "", err)
	}
	row := mappingRow{Header: headerKey(header), Value: string(text)}
	err = m.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Where("header = ?", row.Header).Delete(&mappingRow{}).Error; err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return tx.Where("id <= ?", row.ID-keptMappings).Delete(&mappingRow{}).Error
	})
	return fault(op, "", err)
}

// headerKey hashes the cells of a header in their normal form. Each is preceded by its
// length, so that no two lists of cells run together into one.
func headerKey(header []string) []byte {
	h := sha256.New()
	for _, cell := range header {
		cell = strings.TrimPrefix(cell, "\ufeff")
		cell = strings.ToLower(strings.Join(strings.Fields(cell), " "))
		h.Write(binary.AppendUvarint(nil, uint64(len(cell))))
		h.Write([]byte(cell))
	}
	return h.Sum(nil)
}
