// Package alert decides which breaches are mailed: match, mute, deduplicate, queue.
// Decide is pure; Checker runs one check and has the ledger record it as a whole.
package alert

import (
	"context"
	"time"

	"deskwatch/core"
)

// Ledger keeps rules, mutes, what was alerted and every decision.
// Errors are *core.Error.
type Ledger interface {
	Rules(ctx context.Context) ([]core.Rule, error) // by id
	// SaveRule adds the rule when its ID is 0, replaces it otherwise, and returns it as stored.
	SaveRule(ctx context.Context, r core.Rule) (core.Rule, error)
	// DeleteRule removes the rule and what it alerted; its decisions and deliveries stay.
	DeleteRule(ctx context.Context, id int64) error

	Mutes(ctx context.Context) ([]core.Mute, error)
	SaveMute(ctx context.Context, m core.Mute) error // replaces the customer's mute
	DeleteMute(ctx context.Context, customer string) error

	// Alerted returns what is remembered of one rule, keyed by customer and month.
	Alerted(ctx context.Context, ruleID int64) (map[Key]core.Alerted, error)
	// Record stores a run of one rule in one transaction: its decisions, what is now
	// alerted, the queued deliveries, and the rule's BaselineAt when not nil. A delivery
	// whose MessageID is queued already is not queued again. Nothing is stored when it fails.
	Record(ctx context.Context, run RunRecord) error
	Decisions(ctx context.Context, q core.DecisionQuery) ([]core.Decision, error)
	// LatestDecisions returns the newest decision of every customer's month of one rule, so
	// that a run stores only what changed: a rule checked every minute must not write the
	// same thousand rows a minute.
	LatestDecisions(ctx context.Context, ruleID int64) (map[Key]core.Decision, error)
	// ForgetCustomers removes what is kept about these customers: alerted, decisions,
	// mutes, deliveries. Used to take the sample data away.
	ForgetCustomers(ctx context.Context, customers []string) error
}

// Key names a customer's month.
type Key struct {
	Customer string
	Period   core.Month
}

// RunRecord is one rule's share of an alert run.
type RunRecord struct {
	RuleID     int64
	At         time.Time
	Decisions  []core.Decision // IDs are given by the ledger
	Alerted    []core.Alerted  // inserted or replaced; Count 0 without Mailed is legal, see Decide
	Deliveries []core.NewDelivery
	BaselineAt *time.Time
}
