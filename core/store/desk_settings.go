package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"deskwatch/core/schedule"
	"deskwatch/core/settings"
)

// Settings is the settings.Repository of the desk file.
type Settings struct{ db *DB }

var _ settings.Repository = (*Settings)(nil)

// NewSettings returns the settings in db, which is of KindDesk.
func NewSettings(db *DB) *Settings { return &Settings{db} }

type settingsRow struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

func (settingsRow) TableName() string { return "settings" }

// LoadSettings returns every group that was ever saved.
func (s *Settings) LoadSettings(ctx context.Context) (map[string][]byte, error) {
	var rows []settingsRow
	if err := s.db.Reader().WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, fault("store.load settings", "", err)
	}
	groups := make(map[string][]byte, len(rows))
	for _, r := range rows {
		groups[r.Name] = []byte(r.Value)
	}
	return groups, nil
}

// SaveSettings replaces the given groups as a whole; the others stay.
func (s *Settings) SaveSettings(ctx context.Context, groups map[string][]byte) error {
	if len(groups) == 0 {
		return nil
	}
	rows := make([]settingsRow, 0, len(groups))
	for name, value := range groups {
		rows = append(rows, settingsRow{name, string(value)})
	}
	// One statement, hence all or nothing.
	err := s.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error
	return fault("store.save settings", "The settings are as they were.", err)
}

// ScheduleMemory is the schedule.Memory of the desk file.
type ScheduleMemory struct{ db *DB }

var _ schedule.Memory = (*ScheduleMemory)(nil)

// NewScheduleMemory returns the memory of jobs in db, which is of KindDesk.
func NewScheduleMemory(db *DB) *ScheduleMemory { return &ScheduleMemory{db} }

type jobRow struct {
	Name    string `gorm:"primaryKey"`
	LastRun int64
}

func (jobRow) TableName() string { return "jobs" }

// LastRun returns when the job last ran, the zero time when it never did.
func (m *ScheduleMemory) LastRun(ctx context.Context, job string) (time.Time, error) {
	var rows []jobRow
	if err := m.db.Reader().WithContext(ctx).Where("name = ?", job).Find(&rows).Error; err != nil || len(rows) == 0 {
		return time.Time{}, fault("store.last run", "", err)
	}
	return fromMillis(rows[0].LastRun), nil
}

// SetLastRun remembers when the job last ran.
func (m *ScheduleMemory) SetLastRun(ctx context.Context, job string, at time.Time) error {
	row := jobRow{job, toMillis(at)}
	err := m.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	return fault("store.set last run", "", err)
}
