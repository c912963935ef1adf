package app

import (
	"context"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/notify"
	"deskwatch/core/predict"
)

// silentFor is for how long a ticket of a source's first load is nobody's news when it is at risk.
// Such a load may bring a hundred of them: they are on the list for everybody to see.
const silentFor = 24 * time.Hour

// gatherAtRisk stores which tickets came on the list of those at risk, and tells of them. The first
// time ever, as told says, they were there before.
func (a *App) gatherAtRisk(ctx context.Context, s newsroom, told string) error {
	views, err := a.listed(ctx)
	if err != nil {
		return err
	}
	if views, err = a.scored(ctx, views); err != nil {
		return err
	}
	a.telling.listed = views
	before, err := a.predictions.Warnings(ctx, s.Now.Add(-predict.WarnAgain))
	if err != nil {
		return err
	}
	on := make([]predict.Listed, len(views))
	for i, v := range views {
		on[i].Key = v.Key()
		if slices.ContainsFunc(before, func(w predict.Warning) bool { return w.Key == v.Key() && w.Left.IsZero() }) {
			continue // it is listed already
		}
		silent, err := a.isSilent(ctx, v, s.Now)
		if err != nil {
			return err
		}
		on[i].Silent = silent || told != "" || !s.Settings.Escalation || v.Acknowledged != nil
	}
	entered, left := predict.Enter(on, before, core.DayOf(s.Now.In(s.zone)), s.Now, a.settings.Current().Predict.Capacity)
	var news []notify.News
	for _, w := range entered {
		if i := slices.IndexFunc(views, func(v core.TicketView) bool { return v.Key() == w.Key }); w.Told && i >= 0 {
			news = append(news, notify.News{Kind: core.NoticeAtRisk, At: s.Now, Ticket: views[i]})
		}
	}
	// The notices first: after a crash in between they are not stored again.
	if err := a.storeNews(ctx, s, news, predict.WarnAgain, told); err != nil {
		return err
	}
	return a.predictions.SaveWarnings(ctx, append(entered, left...))
}

// scored leaves out, where a model predicts, the tickets that have no score of it yet: what the rules
// say of them is on another scale.
func (a *App) scored(ctx context.Context, views []core.TicketView) ([]core.TicketView, error) {
	if basis, _ := a.riskBar(); basis != core.BasisModel {
		return views, nil
	}
	scores, err := a.scoresOf(ctx, views)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(views, func(v core.TicketView) bool { return scores[v.Key()].Basis != core.BasisModel }), nil
}

// isSilent reports whether a ticket came with a source's first load not long ago, and nothing
// happened to it since.
func (a *App) isSilent(ctx context.Context, v core.TicketView, now time.Time) (bool, error) {
	k := &a.telling.known
	if k.isHeard(v.No) {
		return false, nil
	}
	events, err := a.pool.Events(ctx, core.TicketEventQuery{No: v.No, Audible: true, Limit: 1})
	if err != nil {
		return false, err
	}
	if len(events) > 0 {
		k.hear(v.No)
		return false, nil
	}
	at, err := a.learnedSilently(ctx, v.No, now)
	return !at.IsZero() && now.Sub(at) < silentFor, err
}

// withList adds to a mail about tickets at risk those that are on the list of the day already, as
// far as they concern who gets it: it is the only such mail of the day.
func (a *App) withList(ctx context.Context, s newsroom, t notify.Telling) (notify.Telling, error) {
	if !slices.ContainsFunc(t.Notices, func(n core.Notice) bool { return n.Kind == core.NoticeAtRisk }) {
		return t, nil
	}
	var news []notify.News
	for _, v := range a.telling.listed {
		if !slices.ContainsFunc(t.Notices, func(n core.Notice) bool { return n.Key == v.Key() }) {
			news = append(news, notify.News{Kind: core.NoticeAtRisk, At: s.Now, Ticket: v})
		}
	}
	risks, err := a.reasonsOf(ctx, a.telling.listed)
	if err != nil {
		return t, err
	}
	for _, n := range notify.Address(notify.Route(news, s.Situation), []notify.Ear{t.Ear}) {
		if n.Person == t.Ear.Person && n.Via == core.ViaMail {
			n.Text = s.words.Text(a.about(n.News, risks[n.TicketNo]), s.Now, s.zone)
			t.Notices = append(t.Notices, n.Notice)
		}
	}
	return t, nil
}
