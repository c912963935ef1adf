package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"deskwatch/core"
	"deskwatch/core/alert"
)

const (
	// keptDecisions bounds the history: the newest so many are kept.
	keptDecisions = 100_000
	// insertRows is how many rows one statement inserts. With 500 it takes twice as long.
	insertRows = 50
)

type alertedRow struct {
	RuleID   int64  `gorm:"primaryKey"`
	Customer string `gorm:"primaryKey"`
	Period   int32  `gorm:"primaryKey"`
	Count    int
	At       int64
	Mailed   bool
}

func (alertedRow) TableName() string { return "alerted" }

type decisionRow struct {
	// Given by SQLite: insertDecisions omits it. To gorm it is no auto-increment, because gorm
	// would ask for every new id and take half as long again.
	ID       int64 `gorm:"primaryKey;autoIncrement:false"`
	At       int64
	RuleID   int64
	RuleName string
	Customer string
	Period   int32
	Count    int
	Action   string
	Reason   string
	LastAt   int64
}

func (decisionRow) TableName() string { return "decisions" }

func (r decisionRow) decision() core.Decision {
	return core.Decision{
		ID: r.ID, At: fromMillis(r.At), RuleID: r.RuleID, RuleName: r.RuleName, Customer: r.Customer,
		Period: core.Month(r.Period), Count: r.Count, Action: core.Action(r.Action), Reason: core.Reason(r.Reason),
		LastAt: fromMillis(r.LastAt),
	}
}

// Alerted returns what is remembered of one rule.
func (l *Ledger) Alerted(ctx context.Context, ruleID int64) (map[alert.Key]core.Alerted, error) {
	var rows []alertedRow
	if err := l.db.Reader().WithContext(ctx).Where("rule_id = ?", ruleID).Find(&rows).Error; err != nil {
		return nil, fault("store.alerted", "", err)
	}
	known := make(map[alert.Key]core.Alerted, len(rows))
	for _, r := range rows {
		known[alert.Key{Customer: r.Customer, Period: core.Month(r.Period)}] = core.Alerted{
			RuleID: r.RuleID, Customer: r.Customer, Period: core.Month(r.Period),
			Count: r.Count, At: fromMillis(r.At), Mailed: r.Mailed,
		}
	}
	return known, nil
}

// Record stores a run of one rule as a whole; a rule that was deleted meanwhile fails it
// with core.CodeNotFound.
func (l *Ledger) Record(ctx context.Context, run alert.RunRecord) error {
	const op = "store.record"
	err := l.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var rules int64
		if err := tx.Model(&ruleRow{}).Where("id = ?", run.RuleID).Count(&rules).Error; err != nil {
			return err
		}
		if rules == 0 {
			return noRule(op)
		}
		if run.BaselineAt != nil {
			err := tx.Model(&ruleRow{}).Where("id = ?", run.RuleID).Update("baseline_at", toMillis(*run.BaselineAt)).Error
			if err != nil {
				return err
			}
		}
		if err := insertAlerted(tx, run); err != nil {
			return err
		}
		if err := insertDeliveries(tx, run); err != nil {
			return err
		}
		return insertDecisions(tx, run)
	})
	return fault(op, "Nothing of this check was kept and nothing was queued.", err)
}

func insertAlerted(tx *gorm.DB, run alert.RunRecord) error {
	rows := make([]alertedRow, len(run.Alerted))
	for i, a := range run.Alerted {
		rows[i] = alertedRow{run.RuleID, a.Customer, int32(a.Period), a.Count, toMillis(a.At), a.Mailed}
	}
	return insert(tx.Clauses(clause.OnConflict{UpdateAll: true}), rows)
}

func insertDecisions(tx *gorm.DB, run alert.RunRecord) error {
	rows := make([]decisionRow, len(run.Decisions))
	for i, d := range run.Decisions {
		rows[i] = decisionRow{
			At: toMillis(d.At), RuleID: run.RuleID, RuleName: d.RuleName, Customer: d.Customer, Period: int32(d.Period),
			Count: d.Count, Action: string(d.Action), Reason: string(d.Reason), LastAt: toMillis(d.LastAt),
		}
	}
	if err := insert(tx.Omit("ID"), rows); err != nil {
		return err
	}
	return tx.Exec("DELETE FROM decisions WHERE id <= (SELECT max(id) FROM decisions) - ?", keptDecisions).Error
}

func insertDeliveries(tx *gorm.DB, run alert.RunRecord) error {
	rows := rowsOfNew(run.Deliveries, run.At)
	for i := range rows {
		rows[i].RuleID = run.RuleID
	}
	return insertNew(tx, rows)
}

func insert[T any](tx *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return tx.CreateInBatches(rows, insertRows).Error
}

// Decisions pages through the history, newest first.
func (l *Ledger) Decisions(ctx context.Context, q core.DecisionQuery) ([]core.Decision, error) {
	db := l.db.Reader().WithContext(ctx).Order("id DESC").Limit(pageLimit(q.Limit))
	if q.RuleID != 0 {
		db = db.Where("rule_id = ?", q.RuleID)
	}
	if q.Customer != "" {
		db = db.Where("customer = ?", q.Customer)
	}
	if q.Before > 0 {
		db = db.Where("id < ?", q.Before)
	}
	var rows []decisionRow
	if err := db.Find(&rows).Error; err != nil {
		return nil, fault("store.decisions", "", err)
	}
	list := make([]core.Decision, len(rows))
	for i, r := range rows {
		list[i] = r.decision()
	}
	return list, nil
}

// LatestDecisions returns the newest decision of every customer's month of one rule that
// the history still holds.
func (l *Ledger) LatestDecisions(ctx context.Context, ruleID int64) (map[alert.Key]core.Decision, error) {
	var rows []decisionRow
	if err := l.db.Reader().WithContext(ctx).Where("rule_id = ?", ruleID).Order("id").Find(&rows).Error; err != nil {
		return nil, fault("store.latest decisions", "", err)
	}
	latest := map[alert.Key]core.Decision{}
	for _, r := range rows { // in the order they were made: a later one takes the earlier one's place
		latest[alert.Key{Customer: r.Customer, Period: core.Month(r.Period)}] = r.decision()
	}
	return latest, nil
}

// ForgetCustomers removes all that is kept about these customers, as a whole.
func (l *Ledger) ForgetCustomers(ctx context.Context, customers []string) error {
	const op = "store.forget"
	list, err := listParam(customers)
	if err != nil {
		return fault(op, "", err)
	}
	err = l.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, table := range []string{"alerted", "decisions", "mutes", "deliveries"} {
			if err := tx.Exec("DELETE FROM "+table+" WHERE customer IN (SELECT value FROM json_each(?))", list).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return fault(op, "", err)
}
