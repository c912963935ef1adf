package app

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// putInForce puts a model in the place of the one that is in force. What is kept of both stands in
// the desk file before the model's file is replaced, so that whatever ends in between leaves either
// whole.
func (a *App) putInForce(ctx context.Context, m *predict.Model, kept keptPrediction, next keptModel, try *core.TrainingResult) error {
	b, checksum, err := modelBytes(m)
	if err != nil {
		return err
	}
	next.Checksum = checksum
	_, inForce, _ := a.model()
	if m := kept.of(inForce); m != nil {
		kept.Model = m
	}
	kept.Next = &next
	if err := a.keepPrediction(ctx, kept); err != nil {
		return err
	}
	if err := a.writeModel(b); err != nil {
		return err
	}
	if err := a.keepPrediction(ctx, keptPrediction{Model: &next, LastTry: try}); err != nil {
		return err
	}
	// Who removed the sample tickets meanwhile may have looked before this model was there.
	if err := a.sampleStays(ctx, next.Sample); err != nil {
		return joinErrors(err, a.forgetSampleModel(ctx))
	}
	return nil
}

// sampleStays fails when a model learned from sample tickets that were removed since.
func (a *App) sampleStays(ctx context.Context, learned bool) error {
	if !learned {
		return nil
	}
	there, err := a.hasSampleTickets(ctx)
	if err == nil && !there {
		err = core.NewError(core.CodeConflict, "app.train", "The sample tickets were removed while a model learned from them. It does not predict. Train again.", nil)
	}
	return err
}

// forgetSampleModel takes a model out of force that learned from sample tickets: it knows nothing of
// this desk's own.
func (a *App) forgetSampleModel(ctx context.Context) error {
	kept, err := a.keptPrediction(ctx)
	if err != nil {
		return err
	}
	_, checksum, unreadable := a.model()
	m := kept.of(checksum)
	if unreadable != nil {
		m = kept.Model
	}
	if m == nil || !m.Sample {
		return nil
	}
	if err := a.removeModel(); err != nil {
		return err
	}
	if err := a.keepPrediction(ctx, keptPrediction{}); err != nil {
		return err
	}
	a.pokePredictor()
	a.bus.Publish(core.PredictionsChanged{})
	return nil
}
