package alert

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"deskwatch/core"
)

// maxDecisions bounds the decisions a CheckResult carries.
const maxDecisions = 10_000

// Checker runs alert checks. All fields are required and not changed after the first Run.
// One run goes at a time in a process; two processes running at once queue nothing twice,
// because the same alert has the same Message-ID in both.
type Checker struct {
	Ledger    Ledger
	Breaches  func(context.Context, core.BreachQuery) ([]core.Breach, error)
	Orders    func(context.Context, core.OrderQuery) (core.OrderPage, error)
	Render    func(AlertInput) (core.Message, error)
	Now       func() time.Time
	Log       *slog.Logger
	Paused    func() bool
	InstallID string // tells two installations' messages apart

	once sync.Once
	turn chan struct{}
}

// Run checks every enabled rule, or the one asked for, and has the ledger record each rule's
// share as a whole. When a rule fails, the rules before it stay recorded and are in the
// result; nothing of the failed one is stored or queued.
//
// The first run of a rule takes what it finds as known and mails nothing (baseline). With
// SendBacklog these breaches are sent, in this run or, where the cap, a pause or a missing
// recipient holds them back, in any later run, whether that has SendBacklog or not: having
// asked once is enough. Do not run over an order book without orders: that would count as the
// first run, and all of the first import as news.
func (c *Checker) Run(ctx context.Context, req core.CheckRequest) (core.CheckResult, error) {
	res := core.CheckResult{Skipped: map[core.Reason]int{}}
	if req.Limit < 0 {
		return res, core.NewError(core.CodeInvalid, "alert.run", "The limit of a run cannot be negative. Nothing was checked.", nil)
	}
	c.once.Do(func() { c.turn = make(chan struct{}, 1) })
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return res, core.NewError(core.ErrorCode(ctx.Err()), "alert.run", "The check was stopped before it began. Nothing was checked.", ctx.Err())
	}
	rules, err := c.wanted(ctx, req.RuleID)
	if err != nil {
		return res, err
	}
	mutes, err := c.Ledger.Mutes(ctx)
	if err != nil {
		return res, err
	}
	for _, rule := range rules {
		if err := c.runRule(ctx, rule, mutes, req, &res); err != nil {
			c.Log.Error("alert check failed", "rule", rule.ID, "cause", req.Cause, "err", err)
			return res, err
		}
	}
	c.Log.Info("alert check", "cause", req.Cause, "dry_run", req.DryRun, "rules", len(rules),
		"breaches", res.Breaches, "queued", res.Queued, "deliveries", res.Deliveries)
	return res, nil
}

func (c *Checker) wanted(ctx context.Context, id int64) ([]core.Rule, error) {
	all, err := c.Ledger.Rules(ctx)
	if err != nil {
		return nil, err
	}
	var list []core.Rule
	for _, r := range all {
		switch {
		case id == 0 && r.Enabled:
			list = append(list, r)
		case id == r.ID && id != 0 && !r.Enabled:
			return nil, core.NewError(core.CodeConflict, "alert.run", fmt.Sprintf("The rule %q is switched off. Switch it on to check it; nothing was checked.", r.Name), nil)
		case id == r.ID && id != 0:
			return []core.Rule{r}, nil
		}
	}
	if id != 0 {
		return nil, core.NewError(core.CodeNotFound, "alert.run", fmt.Sprintf("There is no rule %d any more. Nothing was checked.", id), nil)
	}
	return list, nil
}

// runRule adds one rule's share to res, after the ledger has recorded it.
func (c *Checker) runRule(ctx context.Context, rule core.Rule, mutes []core.Mute, req core.CheckRequest, res *core.CheckResult) error {
	breaches, err := c.Breaches(ctx, Query(rule))
	if err != nil {
		return err
	}
	known, err := c.Ledger.Alerted(ctx, rule.ID)
	if err != nil {
		return err
	}
	latest, err := c.Ledger.LatestDecisions(ctx, rule.ID)
	if err != nil {
		return err
	}
	limit := rule.Cap
	if req.Limit > 0 {
		limit = req.Limit
	}
	at := c.Now()
	firstRun := rule.BaselineAt == nil
	opt := Options{Paused: c.Paused(), SendBacklog: req.SendBacklog}
	verdicts := decideAll(rule, breaches, known, mutedNow(mutes, at), opt, limit)

	record := RunRecord{RuleID: rule.ID, At: at}
	if firstRun {
		record.BaselineAt = &at
	}
	decisions := make([]core.Decision, len(verdicts))
	for i, v := range verdicts {
		b := v.breach
		d := core.Decision{
			At: at, RuleID: rule.ID, RuleName: rule.Name, Customer: b.Customer, Period: b.Period,
			Count: b.Count, Action: v.action, Reason: v.reason, LastAt: mailedAt(v.last),
		}
		decisions[i] = d
		if v.action == core.ActionSend || changed(latest, d) {
			record.Decisions = append(record.Decisions, d)
		}
		if a, ok := remember(v, firstRun, req.SendBacklog); ok {
			if a.RuleID = rule.ID; a.At.IsZero() {
				a.At = at
			}
			record.Alerted = append(record.Alerted, a)
		}
		if v.action == core.ActionSend {
			written, err := c.write(ctx, rule, b, v.last, at)
			if err != nil {
				return err
			}
			record.Deliveries = append(record.Deliveries, written...)
		}
	}
	if !req.DryRun && (firstRun || len(record.Decisions)+len(record.Alerted) > 0) {
		if err := c.Ledger.Record(ctx, record); err != nil {
			return err
		}
	}

	res.Breaches += len(verdicts)
	res.Deliveries += len(record.Deliveries)
	for i, v := range verdicts {
		if v.action == core.ActionSend {
			res.Queued++
		} else {
			res.Skipped[v.reason]++
		}
		_, seen := latest[Key{v.breach.Customer, v.breach.Period}]
		if !seen && v.last == nil && v.reason != core.ReasonMuted {
			res.NewBreaches = append(res.NewBreaches, v.breach)
		}
		if v.reason == core.ReasonBaseline && firstRun {
			res.BaselineFirst = true
		}
		if len(res.Decisions) < maxDecisions {
			res.Decisions = append(res.Decisions, decisions[i])
		}
	}
	return nil
}

// changed reports whether a decision says something its predecessor did not.
func changed(latest map[Key]core.Decision, d core.Decision) bool {
	l, ok := latest[Key{d.Customer, d.Period}]
	return !ok || l.Action != d.Action || l.Reason != d.Reason || l.Count != d.Count
}

// remember says what the ledger shall know of a breach after this run; ok is false when that
// does not change.
func remember(v verdict, firstRun, sendBacklog bool) (a core.Alerted, ok bool) {
	a = core.Alerted{Customer: v.breach.Customer, Period: v.breach.Period}
	fromBaseline := v.last == nil && firstRun || v.last != nil && !v.last.Mailed
	switch {
	case v.action == core.ActionSend:
		a.Count, a.Mailed = v.breach.Count, true
		return a, true
	case sendBacklog && fromBaseline && v.action == core.ActionHold:
		// Asked for, but held back: count 0 lets any later run send it.
		return a, v.last == nil || v.last.Count != 0
	case firstRun && v.last == nil:
		a.Count = v.breach.Count
		return a, true
	case firstRun && (v.last.Mailed || v.last.Count > 0):
		// The rule begins anew and may count other orders: growth is measured from here on.
		a.Count, a.Mailed, a.At = v.breach.Count, v.last.Mailed, v.last.At
		return a, a.Count != v.last.Count
	}
	return a, false
}
