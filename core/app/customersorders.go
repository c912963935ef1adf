package app

import (
	"context"
	"slices"

	"deskwatch/core"
	"deskwatch/core/alert"
)

// breachRule is the rule whose breaches count for customers: the first enabled one.
func (a *App) breachRule(ctx context.Context) (core.Rule, error) {
	rules, err := a.ledger.Rules(ctx)
	if i := slices.IndexFunc(rules, func(r core.Rule) bool { return r.Enabled }); i >= 0 {
		return rules[i], err
	}
	return core.DefaultRule(), err
}

// askOrders asks the order book for the bad orders of this month and the breaches of the last
// twelve by a rule.
func (a *App) askOrders(ctx context.Context, rule core.Rule, month core.Month) error {
	f := orderFacts{rule: rule, month: month, bad: map[string]int{}, months: map[string][]core.Month{}}
	bad, err := a.book.Breaches(ctx, core.BreachQuery{Statuses: core.NewStatusSet(core.StatusCancelled, core.StatusReturned), Threshold: 1, From: f.month, To: f.month})
	if err != nil {
		return err
	}
	for _, b := range bad {
		f.bad[b.Customer] = b.Count
	}
	q := alert.Query(f.rule)
	q.From, q.To = f.month-(breachMonths-1), f.month
	if f.breaches, err = a.Breaches(ctx, q); err != nil {
		return err
	}
	for _, b := range f.breaches {
		f.months[b.Customer] = append(f.months[b.Customer], b.Period)
	}
	slices.SortStableFunc(f.breaches, func(x, y core.Breach) int {
		if x.Period != y.Period {
			return int(y.Period - x.Period)
		}
		return y.Count - x.Count
	})
	a.customers.mu.Lock()
	a.customers.orders = f
	a.customers.mu.Unlock()
	return nil
}
