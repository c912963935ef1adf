package app

import (
	"context"
	"slices"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

// Prediction says how likely a ticket ends badly, why, what would help, and how that changed.
func (a *App) Prediction(ctx context.Context, no uint32) (core.Prediction, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.Prediction{}, err
	}
	if err := a.needTickets(ctx); err != nil {
		return core.Prediction{}, err
	}
	t, _, err := a.pool.Ticket(ctx, no)
	if err != nil {
		return core.Prediction{}, err
	}
	return a.predictionOf(ctx, t)
}

// predictionOf is what is predicted of a ticket. Of one that is done nothing is, but what was.
func (a *App) predictionOf(ctx context.Context, t core.Ticket) (core.Prediction, error) {
	p := core.Prediction{Basis: core.BasisRules, At: a.now().UTC(), Satisfaction: 100, Reasons: []core.NamedReason{}, Help: []core.Help{}, History: []core.ScorePoint{}}
	points, err := a.predictions.Points(ctx, t.Key())
	if err != nil {
		return p, err
	}
	p.History = append(p.History, points...)
	if t.Done() {
		if last := len(points) - 1; last >= 0 {
			p.Basis, p.Model, p.At = points[last].Basis, points[last].Model, points[last].At
		}
		return p, nil
	}
	scores, err := a.predictions.ScoresOf(ctx, []core.TicketKey{t.Key()})
	if err != nil {
		return p, err
	}
	if s, ok := scores[t.Key()]; ok && s.Basis == core.BasisModel && a.settings.Current().Predict.Model {
		p.Basis, p.Model, p.At, p.Satisfaction = s.Basis, s.Model, s.At, predict.Satisfaction(s.Risk)
		p.Reasons, p.Help = append(p.Reasons, namedReasons(t, s.Reasons)...), append(p.Help, s.Help...)
		return p, nil
	}
	risk, reasons := a.index.Risk(t.No)
	p.Satisfaction, p.Reasons = 100-risk, ruleReasons(reasons)
	return p, nil
}

// PredictTickets lists the open tickets a query finds by the risk that they end badly, the highest
// first unless the query sorts otherwise, with the reasons that weigh most.
func (a *App) PredictTickets(ctx context.Context, q core.TicketQuery) (core.Predictions, error) {
	p := core.Predictions{Basis: core.BasisRules, Items: []core.AtRisk{}}
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return p, err
	}
	q.Open = true
	if q.Sort == "" {
		q.Sort = "-risk"
	}
	page, err := a.Tickets(ctx, q)
	if err != nil {
		return p, err
	}
	if m, _ := a.modelInForce(); m != nil {
		p.Basis = core.BasisModel
	}
	p.Total, p.Next = page.Total, page.Next
	reasons, err := a.reasonsOf(ctx, page.Items)
	if err != nil {
		return p, err
	}
	for _, t := range page.Items {
		p.Items = append(p.Items, core.AtRisk{TicketView: t, Reasons: reasons[t.No]})
	}
	return p, nil
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
