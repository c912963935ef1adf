package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"deskwatch/core"
	"deskwatch/core/instance"
	"deskwatch/core/predict"
)

// The reasons of a training's end beside core.WhyFewRated and core.WhyNoSignal. They never change.
const (
	trainedFirst     = "first"
	trainedBetter    = "better"
	trainedNotBetter = "not_better"
)

// TrainModel trains a model on the desk's own tickets and puts it in force where it is better on
// recent tickets than the one that is, as predict.Compare tells.
//
// The candidate that is compared learns only from what was known before those recent tickets ended;
// what comes into force is trained once more, on all tickets. Until then, and after any failure or
// cancelling, the old model predicts on. Where nothing can be learned from the desk's tickets any
// more, the rules predict again. One training at a time on a data folder; nobody else waits for it.
func (a *App) TrainModel(ctx context.Context, p *core.Progress) (core.TrainingResult, error) {
	if err := a.allow(ctx, core.EditSettings); err != nil {
		return core.TrainingResult{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.TrainingResult{}, err
	}
	defer end()
	if p == nil {
		p = new(core.Progress)
	}
	if !a.predicting.train.TryLock() {
		return core.TrainingResult{}, core.NewError(core.CodeConflict, "app.train", "A model is being trained already. Wait for it to end, or cancel it.", nil)
	}
	defer a.predicting.train.Unlock()
	release, ok, err := instance.TryTraining(a.dataDir)
	if err != nil {
		return core.TrainingResult{}, err
	}
	if !ok {
		return core.TrainingResult{}, core.NewError(core.CodeConflict, "app.train", "Another Deskwatch trains a model of this data folder. Wait for it to end.", nil)
	}
	defer forgetLives()
	a.trainingGoesOn(true)
	res, read, err := a.train(ctx, p)
	err = joinErrors(err, release())
	a.trainingGoesOn(false)
	if err != nil {
		if ctx.Err() != nil {
			err = core.NewError(core.CodeCanceled, "app.train", "The training was stopped. What predicted before goes on.", errors.Join(ctx.Err(), err))
		}
		return core.TrainingResult{}, err
	}
	a.log.Info("model trained", "version", res.Version, "accepted", res.Accepted, "reason", res.Reason, "tickets", res.Tickets, "seconds", res.Seconds)
	if res.Reason == trainedNotBetter {
		return res, nil
	}
	if _, err = a.scoreAll(ctx, read, p); err != nil {
		err = core.NewError(core.ErrorCode(err), "app.train", "The training has ended and counts, but its scores are still to come. "+core.ErrorMessage(err), err)
	}
	return res, err
}

func (a *App) trainingGoesOn(on bool) {
	a.predicting.now.Lock()
	a.predicting.active = on
	a.predicting.now.Unlock()
	a.bus.Publish(core.PredictionsChanged{})
}

// train is one training. read is what it learned from.
func (a *App) train(ctx context.Context, p *core.Progress) (res core.TrainingResult, read *deskRead, err error) {
	started := time.Now()
	if err := a.needTickets(ctx); err != nil {
		return res, nil, err
	}
	kept, err := a.keptPrediction(ctx)
	if err != nil {
		return res, nil, err
	}
	old, _, unreadable := a.model() // one that cannot be read is to be replaced
	opt := predict.Options{Now: a.now(), Version: 1, Capacity: a.settings.Current().Predict.Capacity}
	if kept.LastTry != nil {
		opt.Version = kept.LastTry.Version + 1
	}
	if old != nil {
		opt.Version = max(opt.Version, old.Version()+1)
	}
	p.SetPhase("Reading tickets")
	last, err := a.pool.LastEvent(ctx)
	if err != nil {
		return res, nil, err
	}
	rate := a.index.Ends().Rate()
	if read, err = a.readDesk(ctx, predict.NewDeskReading(rate), last, true, p); err != nil {
		return res, nil, err
	}
	lives := read.lives
	if old != nil { // another one is trained to compare the old one with
		p.SetPart(0, 2)
		defer p.SetPart(0, 1)
	}
	trained, err := a.trainOn(ctx, deskSchema(), lives, opt, p)
	if err != nil {
		return res, nil, err
	}
	res = core.TrainingResult{At: opt.Now.UTC(), Tickets: knownOutcomes(lives), Measured: trained.Measured, Reason: trained.Refused, Text: trained.Text}
	if trained.Model != nil {
		res.Version = opt.Version
	}
	if trained.Refused == "" {
		if err := a.judge(ctx, old, lives, opt, &res, p); err != nil {
			return res, nil, err
		}
	}
	if ctx.Err() != nil {
		return res, nil, ctx.Err()
	}
	res.Seconds = time.Since(started).Seconds()
	ctx = context.WithoutCancel(ctx) // what is begun now is ended
	if err := a.sampleStays(ctx, read.sample); err != nil {
		return res, nil, err
	}
	switch {
	case trained.Refused != "" && (old != nil || unreadable != nil):
		if err := a.removeModel(); err != nil {
			return res, nil, err
		}
		kept.Model, kept.Next = nil, nil
		if old != nil {
			res.Text += " The old model does not predict any more: the stated rules do."
		}
	case res.Accepted:
		return res, read, a.putInForce(ctx, trained.Model, kept, keptModel{Rate: rate, Warnings: trained.Warnings, Measured: trained.Measured, Sample: read.sample}, &res)
	}
	kept.LastTry = &res
	return res, read, a.keepPrediction(ctx, kept)
}

// judge says whether a model that may predict comes into force.
func (a *App) judge(ctx context.Context, old *predict.Model, lives []predict.Life, opt predict.Options, res *core.TrainingResult, p *core.Progress) error {
	if old == nil {
		res.Accepted, res.Reason, res.Text = true, trainedFirst, "There was no model to compare it with. It predicts from now on."
		return nil
	}
	recent := predict.RecentOf(lives, old.TrainedAt())
	p.SetPart(1, 2)
	candidate, err := a.trainOn(ctx, deskSchema(), predict.Until(lives, recent.Cut), opt, p)
	if err != nil {
		return err
	}
	res.Reason = trainedNotBetter
	if candidate.Model == nil || candidate.Refused != "" {
		res.Text = "Without its newest tickets this desk has too little to learn from, so that the new model cannot be compared. The old one predicts on."
		return nil
	}
	p.SetPhase("Comparing")
	p.StartCount(0)
	c, err := predict.Compare(ctx, old, candidate.Model, lives, recent.Tests)
	if err != nil {
		return err
	}
	res.Text = fmt.Sprintf("Compared on the newest %d tickets, of which %d ended badly: a bad one had the higher risk in %.0f of 100 comparisons with a good one, with the old model in %.0f.", c.Tickets, c.Bad, 100*c.NewAUC, 100*c.OldAUC)
	if !recent.Unseen {
		res.Text += " The old one has learned from some of them."
	}
	if c.Better() {
		res.Accepted, res.Reason = true, trainedBetter
		res.Text += " The new one predicts from now on."
	} else {
		res.Text += " The old one predicts on: its percentages were closer to what happened."
	}
	return nil
}

func knownOutcomes(lives []predict.Life) (n int) {
	for i := range lives {
		if lives[i].Outcome != predict.OutcomeUnknown {
			n++
		}
	}
	return n
}
