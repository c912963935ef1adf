package app

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// RiskList is what needs to be looked after today: the riskiest open tickets, at most as many as the
// desk can look after in a day. One that is acknowledged stays on the list; one that is snoozed, or
// whose end is known already because it is escalated or rated, is not on it.
func (a *App) RiskList(ctx context.Context) (core.RiskList, error) {
	list := core.RiskList{Basis: core.BasisRules, Items: []core.AtRisk{}}
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return list, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return list, err
	}
	defer end()
	if err := a.needTickets(ctx); err != nil {
		return list, err
	}
	list.Basis, list.Bar = a.riskBar()
	views, err := a.listed(ctx)
	if err != nil {
		return list, err
	}
	reasons, err := a.reasonsOf(ctx, views)
	if err != nil {
		return list, err
	}
	for _, v := range views {
		list.Items = append(list.Items, core.AtRisk{TicketView: v, Reasons: reasons[v.No]})
	}
	return list, nil
}

const (
	// barOverUsual is how many times the usual share of bad ends a model's bar is, and highestBar where
	// it stops: on a desk where most tickets end badly a bar of half as much again is beyond all risks.
	barOverUsual = 1.5
	highestBar   = 90
)

// riskBar is what predicts, and the risk in percent from which a ticket can be on the list.
func (a *App) riskBar() (core.PredictionBasis, int) {
	if m, _ := a.modelInForce(); m != nil {
		return core.BasisModel, min(max(int(math.Round(100*barOverUsual*m.BaseRate())), 1), highestBar)
	}
	return core.BasisRules, a.settings.Current().Notify.RiskFrom
}

// listed are the tickets on the list of those at risk, the riskiest first.
func (a *App) listed(ctx context.Context) ([]core.TicketView, error) {
	_, bar := a.riskBar()
	nos := a.index.AtRisk(bar, a.settings.Current().Predict.Capacity)
	byNo, err := a.noticeViews(ctx, nos)
	if err != nil {
		return nil, err
	}
	views := make([]core.TicketView, 0, len(nos))
	for _, no := range nos {
		if v, ok := byNo[no]; ok {
			views = append(views, v)
		}
	}
	return views, nil
}

// reasonsOf are the heaviest reasons of what is predicted of tickets, by number: at most three each,
// their points of satisfaction. A ticket nobody scored yet has those of the stated rules.
func (a *App) reasonsOf(ctx context.Context, views []core.TicketView) (map[uint32][]core.NamedReason, error) {
	scores, err := a.scoresOf(ctx, views)
	if err != nil {
		return nil, err
	}
	reasons := make(map[uint32][]core.NamedReason, len(views))
	for _, v := range views {
		if _, ok := reasons[v.No]; ok {
			continue
		}
		if s, ok := scores[v.Key()]; ok && s.Basis == core.BasisModel && a.settings.Current().Predict.Model {
			reasons[v.No] = namedReasons(v.Ticket, s.Reasons[:min(len(s.Reasons), shownReasons)])
			continue
		}
		_, list := a.index.Risk(v.No)
		reasons[v.No] = ruleReasons(list)
	}
	return reasons, nil
}

// namedReasons put the name of a ticket's customer where a model, which knows customers by their
// keys, has the key.
func namedReasons(t core.Ticket, reasons []core.NamedReason) []core.NamedReason {
	if t.CustomerID == "" {
		return reasons
	}
	key, name := core.CustomerKey{Source: t.Source, ID: t.CustomerID}.String(), cmp.Or(t.Customer, t.Email, t.CustomerID)
	named := slices.Clone(reasons)
	for i := range named {
		named[i].Subject = strings.ReplaceAll(named[i].Subject, key, name)
		named[i].Text = strings.ReplaceAll(named[i].Text, key, name)
	}
	return named
}

// scoresOf are the stored scores of tickets; those without one are left out.
func (a *App) scoresOf(ctx context.Context, views []core.TicketView) (map[core.TicketKey]predict.Score, error) {
	all := map[core.TicketKey]predict.Score{}
	for part := range slices.Chunk(views, newsPage) {
		keys := make([]core.TicketKey, len(part))
		for i, v := range part {
			keys[i] = v.Key()
		}
		scores, err := a.predictions.ScoresOf(ctx, keys)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, scores)
	}
	return all, nil
}
