package store

import (
	"context"
	"encoding/json"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
	"deskwatch/core/alert"
)

// Ledger is the alert.Ledger of the desk file.
type Ledger struct{ db *DB }

var _ alert.Ledger = (*Ledger)(nil)

// NewLedger returns the ledger in db, which is of KindDesk.
func NewLedger(db *DB) *Ledger { return &Ledger{db} }

type ruleRow struct {
	ID         int64 `gorm:"primaryKey"`
	Name       string
	Enabled    bool
	Statuses   string
	Threshold  int
	Days       int
	Step       int
	ToCustomer bool
	ToFixed    string
	Cap        int
	Schedule   string
	OnImport   bool
	BaselineAt *int64
}

func (ruleRow) TableName() string { return "rules" }

func rowOfRule(r core.Rule) (ruleRow, error) {
	if r.ToFixed == nil {
		r.ToFixed = []string{}
	}
	fixed, err := json.Marshal(r.ToFixed)
	if err != nil {
		return ruleRow{}, err
	}
	schedule, err := json.Marshal(r.Schedule)
	if err != nil {
		return ruleRow{}, err
	}
	row := ruleRow{
		ID: r.ID, Name: r.Name, Enabled: r.Enabled, Statuses: r.Statuses.String(), Threshold: r.Threshold, Days: r.Days, Step: r.Step,
		ToCustomer: r.ToCustomer, ToFixed: string(fixed), Cap: r.Cap, Schedule: string(schedule), OnImport: r.OnImport,
	}
	if r.BaselineAt != nil {
		ms := toMillis(*r.BaselineAt)
		row.BaselineAt = &ms
	}
	return row, nil
}

func (row ruleRow) rule() (core.Rule, error) {
	r := core.Rule{
		ID: row.ID, Name: row.Name, Enabled: row.Enabled, Threshold: row.Threshold, Days: row.Days, Step: row.Step,
		ToCustomer: row.ToCustomer, Cap: row.Cap, OnImport: row.OnImport,
	}
	if row.Statuses != "" {
		set, err := core.ParseStatusSet(row.Statuses)
		if err != nil {
			return r, err
		}
		r.Statuses = set
	}
	if row.BaselineAt != nil {
		t := fromMillis(*row.BaselineAt)
		r.BaselineAt = &t
	}
	return r, errors.Join(json.Unmarshal([]byte(row.ToFixed), &r.ToFixed), json.Unmarshal([]byte(row.Schedule), &r.Schedule))
}

// Rules lists all rules by id.
func (l *Ledger) Rules(ctx context.Context) ([]core.Rule, error) {
	const op = "store.rules"
	var rows []ruleRow
	if err := l.db.Reader().WithContext(ctx).Order("id").Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	rules := make([]core.Rule, len(rows))
	for i, row := range rows {
		r, err := row.rule()
		if err != nil {
			return nil, fault(op, "", err)
		}
		rules[i] = r
	}
	return rules, nil
}

// SaveRule adds or replaces a rule; replacing one that does not exist fails with
// core.CodeNotFound.
func (l *Ledger) SaveRule(ctx context.Context, r core.Rule) (core.Rule, error) {
	const op = "store.save rule"
	row, err := rowOfRule(r)
	if err != nil {
		return core.Rule{}, fault(op, "", err)
	}
	db := l.db.Writer().WithContext(ctx)
	if row.ID == 0 {
		err = db.Create(&row).Error
	} else {
		res := db.Select("*").Updates(&row)
		if err = res.Error; err == nil && res.RowsAffected == 0 {
			err = noRule(op)
		}
	}
	if err != nil {
		return core.Rule{}, fault(op, "", err)
	}
	stored, err := row.rule()
	return stored, fault(op, "", err)
}

// DeleteRule removes a rule; one that does not exist fails with core.CodeNotFound.
func (l *Ledger) DeleteRule(ctx context.Context, id int64) error {
	const op = "store.delete rule"
	res := l.db.Writer().WithContext(ctx).Where("id = ?", id).Delete(&ruleRow{})
	if res.Error == nil && res.RowsAffected == 0 {
		return noRule(op)
	}
	return fault(op, "", res.Error)
}

func noRule(op string) error {
	return core.NewError(core.CodeNotFound, op, "This rule does not exist any more. Nothing was changed.", gorm.ErrRecordNotFound)
}

type muteRow struct {
	Customer string `gorm:"primaryKey"`
	Note     string
	Until    int64
}

func (muteRow) TableName() string { return "mutes" }

// Mutes lists all mutes, by customer.
func (l *Ledger) Mutes(ctx context.Context) ([]core.Mute, error) {
	var rows []muteRow
	if err := l.db.Reader().WithContext(ctx).Order("customer").Find(&rows).Error; err != nil {
		return nil, fault("store.mutes", "", err)
	}
	mutes := make([]core.Mute, len(rows))
	for i, r := range rows {
		mutes[i] = core.Mute{Customer: r.Customer, Note: r.Note, Until: fromMillis(r.Until)}
	}
	return mutes, nil
}

// SaveMute mutes a customer, or changes its mute.
func (l *Ledger) SaveMute(ctx context.Context, m core.Mute) error {
	row := muteRow{m.Customer, m.Note, toMillis(m.Until)}
	err := l.db.Writer().WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	return fault("store.save mute", "", err)
}

// DeleteMute lifts a customer's mute; one that is not muted stays so.
func (l *Ledger) DeleteMute(ctx context.Context, customer string) error {
	err := l.db.Writer().WithContext(ctx).Where("customer = ?", customer).Delete(&muteRow{}).Error
	return fault("store.delete mute", "", err)
}
