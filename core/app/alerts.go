package app

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/alert"
	"deskwatch/core/mail"
	"deskwatch/core/orders"
	"deskwatch/core/outbox"
	"time"
)

func (a *App) wireAlerts() {
	a.checker = a.newChecker(a.ledger)
	a.foreteller = a.newChecker(anewLedger{a.ledger})
	a.worker = &outbox.Worker{
		Queue: a.queue, Sender: a.sender, Now: a.now, Log: a.log,
		Timeout: func() time.Duration {
			return time.Duration(a.settings.Current().Mail.TimeoutSeconds) * time.Second
		},
		Changed: func() { a.bus.Publish(core.OutboxChanged{}) },
	}
}

func (a *App) newChecker(ledger alert.Ledger) *alert.Checker {
	return &alert.Checker{
		Ledger: ledger, Breaches: a.book.Breaches, Orders: a.book.Orders,
		Render: a.renderAlert, Now: a.now, Log: a.log, InstallID: a.install,
		Paused: a.paused,
	}
}

// anewLedger shows the rules as they will be when their baselines are taken anew.
type anewLedger struct{ alert.Ledger }

func (l anewLedger) Rules(ctx context.Context) ([]core.Rule, error) {
	rules, err := l.Ledger.Rules(ctx)
	for i := range rules {
		rules[i].BaselineAt = nil
	}
	return rules, err
}

func (a *App) renderAlert(in alert.AlertInput) (core.Message, error) {
	m := mail.AlertMail{
		Language: a.settings.Current().Mail.Language, Rule: in.Rule.Name, Customer: in.Breach.Customer, Client: in.Breach.Name,
		Period: in.Breach.Period, Days: in.Rule.Days, From: in.Breach.From, To: in.Breach.To, Count: in.Breach.Count, Previous: in.Previous,
		Statuses: in.Rule.Statuses, Orders: in.Orders, Program: "Deskwatch " + Version,
	}
	return mail.RenderAlert(m)
}

// paused reports whether alerts are paused now; a pause with an end ends by itself.
func (a *App) paused() bool {
	s := a.settings.Current().Alerts
	return s.Paused && (s.PausedUntil.IsZero() || a.now().Before(s.PausedUntil))
}

// SetPaused pauses alerts until a time (zero: until resumed), or resumes them. While they
// are paused checks go on and hold back what they would have sent.
func (a *App) SetPaused(ctx context.Context, paused bool, until time.Time) error {
	if err := a.allow(ctx, core.EditAlerts); err != nil {
		return err
	}
	if !paused {
		until = time.Time{}
	}
	err := a.changeSettings(ctx, func(s core.Settings) (core.Settings, error) {
		s.Alerts.Paused, s.Alerts.PausedUntil = paused, until
		return s, nil
	})
	if err != nil {
		return err
	}
	a.bus.Publish(core.AlertsChanged{})
	return nil
}

// checkMark is where the time of the newest check is remembered, whoever asked for it.
const checkMark = "newest check"

// RunCheck checks the rules and queues what is due. On an order book without orders it does
// nothing, so that a rule's first run, the baseline, is the first one that sees orders.
func (a *App) RunCheck(ctx context.Context, req core.CheckRequest) (core.CheckResult, error) {
	if err := a.allow(ctx, core.EditAlerts); err != nil {
		return core.CheckResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.CheckResult{Skipped: map[core.Reason]int{}}, err
	}
	defer end()
	return a.runCheck(ctx, req)
}

// runCheck is RunCheck for what Stop ends by itself: jobs and background work.
func (a *App) runCheck(ctx context.Context, req core.CheckRequest) (core.CheckResult, error) {
	none := core.CheckResult{Skipped: map[core.Reason]int{}}
	ctx, end, err := a.checks.begin(ctx)
	if err != nil {
		return none, err
	}
	defer end()
	if empty, err := a.book.Empty(ctx); err != nil || empty {
		return none, err
	}
	moved, err := a.elsewhere(ctx)
	if err != nil {
		return none, err
	}
	if moved && req.DryRun {
		return a.foreteller.Run(ctx, req)
	}
	if err := a.beginAnewElsewhere(ctx); err != nil {
		return none, err
	}
	res, err := a.checker.Run(ctx, req)
	if err != nil || req.DryRun {
		return res, err
	}
	if err := a.memory.SetLastRun(ctx, checkMark, a.now()); err != nil {
		a.log.Warn("the time of the check is not remembered", "err", err)
	}
	a.bus.Publish(core.AlertsChecked{Cause: req.Cause, Result: res})
	if res.Deliveries > 0 {
		a.bus.Publish(core.OutboxChanged{})
		a.sendSoon()
	}
	return res, nil
}

// Breaches answers from the order book. Customers that neither a client nor the orders file
// names have the name in their identity: my-shop of my-shop_123. Mails and the window show
// the whole identity instead, which tells two shops of one name apart.
func (a *App) Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	ctx, end, err := a.begin(ctx) // it has a connection of its own
	if err != nil {
		return nil, err
	}
	defer end()
	identities, err := orders.NewIdentities(a.settings.Current().Orders.CustomerPatterns)
	if err != nil {
		return nil, err
	}
	list, err := a.book.Breaches(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Name == "" {
			list[i].Name, _ = identities.Match(list[i].Customer)
		}
	}
	if list == nil {
		list = []core.Breach{}
	}
	return list, nil
}

// BackTest counts what a rule, saved or not, finds in the last months of the orders. Nothing of
// the rule counts but what a check asks the order book for; what was mailed or muted does not.
func (a *App) BackTest(ctx context.Context, r core.Rule) (core.BackTest, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return core.BackTest{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.BackTest{}, err
	}
	defer end()
	counts, _, _ := a.counted.last() // of a book on a server, where counting takes a while
	if counts.Orders == 0 {
		if counts, err = a.book.Counts(ctx); err != nil || counts.Orders == 0 {
			return core.BackTest{}, err
		}
	}
	q, last := alert.Query(r), counts.LastDay.Month()
	q.From = last - (core.BackTestMonths - 1)
	list, err := a.book.Breaches(ctx, q)
	if err != nil {
		return core.BackTest{}, err
	}
	return core.CountBreaches(list, last), nil
}

// BreachViews lists the breaches of every enabled rule with what a run would decide now.
func (a *App) BreachViews(ctx context.Context) ([]core.BreachView, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	p, err := a.picture(ctx, a.book.Breaches, func(r core.Rule) bool { return r.Enabled })
	if err != nil {
		return nil, err
	}
	return alert.Views(p), nil
}

// picture gathers what alerting knows of the breaches a book, or an import under way, has.
func (a *App) picture(ctx context.Context, breaches func(context.Context, core.BreachQuery) ([]core.Breach, error), which func(core.Rule) bool) (alert.Picture, error) {
	p := alert.Picture{Breaches: map[int64][]core.Breach{}, Alerted: map[int64]map[alert.Key]core.Alerted{}, Paused: a.paused(), Now: a.now()}
	rules, err := a.ledger.Rules(ctx)
	if err != nil {
		return p, err
	}
	if p.Mutes, err = a.ledger.Mutes(ctx); err != nil {
		return p, err
	}
	for _, r := range rules {
		if !which(r) {
			continue
		}
		p.Rules = append(p.Rules, r)
		if p.Breaches[r.ID], err = breaches(ctx, alert.Query(r)); err != nil {
			return p, err
		}
		if p.Alerted[r.ID], err = a.ledger.Alerted(ctx, r.ID); err != nil {
			return p, err
		}
	}
	return p, nil
}

// Decisions lists the alert history, newest first.
func (a *App) Decisions(ctx context.Context, q core.DecisionQuery) ([]core.Decision, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	return a.ledger.Decisions(ctx, q)
}

// Rules lists the rules.
func (a *App) Rules(ctx context.Context) ([]core.Rule, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	return a.ledger.Rules(ctx)
}

// CheckRule lists what is wrong with a rule.
func (a *App) CheckRule(r core.Rule) []core.SettingProblem { return alert.CheckRule(r) }

// SaveRule stores a rule that has nothing wrong with it, and plans its schedule anew. A rule
// that now looks for other statuses, another threshold or another window finds old breaches it did not know:
// its next run is a baseline again, so that nobody is mailed about last year.
func (a *App) SaveRule(ctx context.Context, r core.Rule) (core.Rule, error) {
	if err := a.allow(ctx, core.EditAlerts); err != nil {
		return core.Rule{}, err
	}
	if problems := alert.CheckRule(r); len(problems) > 0 {
		return r, core.NewError(core.CodeInvalid, "app.rule", "The rule was not saved. "+problems[0].Message, nil)
	}
	rules, err := a.ledger.Rules(ctx)
	if err != nil {
		return r, err
	}
	for _, old := range rules {
		if old.ID == r.ID && old.Statuses == r.Statuses && old.Days == r.Days && old.Threshold <= r.Threshold {
			r.BaselineAt = old.BaselineAt
		} else if old.ID == r.ID {
			r.BaselineAt = nil
		}
	}
	saved, err := a.ledger.SaveRule(ctx, r)
	if err != nil {
		return r, err
	}
	return saved, a.rulesChanged(ctx)
}

// DeleteRule removes a rule; its history and mails stay.
func (a *App) DeleteRule(ctx context.Context, id int64) error {
	if err := a.allow(ctx, core.EditAlerts); err != nil {
		return err
	}
	if err := a.ledger.DeleteRule(ctx, id); err != nil {
		return err
	}
	return a.rulesChanged(ctx)
}

func (a *App) rulesChanged(ctx context.Context) error {
	a.bus.Publish(core.AlertsChanged{})
	return a.planJobs(ctx)
}

// Mutes lists the muted customers.
func (a *App) Mutes(ctx context.Context) ([]core.Mute, error) {
	if err := a.allow(ctx, core.ReadOrders); err != nil {
		return nil, err
	}
	return a.ledger.Mutes(ctx)
}

// SaveMute mutes a customer.
func (a *App) SaveMute(ctx context.Context, m core.Mute) error {
	if err := a.allow(ctx, core.EditAlerts); err != nil {
		return err
	}
	if err := a.ledger.SaveMute(ctx, m); err != nil {
		return err
	}
	a.bus.Publish(core.AlertsChanged{})
	return nil
}

// DeleteMute lifts a mute.
func (a *App) DeleteMute(ctx context.Context, customer string) error {
	if err := a.allow(ctx, core.EditAlerts); err != nil {
		return err
	}
	if err := a.ledger.DeleteMute(ctx, customer); err != nil {
		return err
	}
	a.bus.Publish(core.AlertsChanged{})
	return nil
}
