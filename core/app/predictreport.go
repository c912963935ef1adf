package app

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// PredictionReport says how good predictions have been on this desk.
func (a *App) PredictionReport(ctx context.Context) (core.PredictionReport, error) {
	r := core.PredictionReport{At: a.now(), Sentences: []core.ReportSentence{}}
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return r, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return r, err
	}
	defer end()
	if r.State, err = a.ModelState(ctx); err != nil {
		return r, err
	}
	if r.State.Basis == core.BasisModel {
		if r.Backtest, err = a.backtest(ctx); err != nil {
			return r, err
		}
	}
	r.Capacity = a.settings.Current().Predict.Capacity
	counts, err := a.predictions.Counts(ctx)
	if err != nil {
		return r, err
	}
	var live predict.Live
	if err := a.predictions.Told(ctx, time.Time{}, func(t predict.Told) error { live.Add(t); return ctx.Err() }); err != nil {
		return r, err
	}
	r.Pending, r.Live = counts.Pending, live.Measured(counts, r.Capacity)
	r.Sentences = live.Sentences(r.Live, counts)
	return r, nil
}
