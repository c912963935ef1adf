package app

import (
	"context"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
	"deskwatch/core/tickets"
)

// predictJob names predicting in the log.
const predictJob = "predict"

// keepPredicting scores tickets as they come and change, and all open ones once an hour, until ctx
// ends. The watch lock is held.
func (a *App) keepPredicting(ctx context.Context) {
	events, cancel := a.bus.Subscribe(64)
	defer cancel()
	look := time.NewTicker(a.lookAtPool)
	defer look.Stop()
	for {
		if a.index.Ready() {
			changed, err := a.predictNews(ctx)
			switch {
			case err == nil:
				a.predicting.outage.end()
			case ctx.Err() != nil:
				return
			case a.predicting.outage.first():
				a.jobFailed(predictJob, err)
			}
			if changed {
				a.bus.Publish(core.PredictionsChanged{})
				a.trainSoon()
			}
		}
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				waiting = false
			case <-a.predicting.poked:
				waiting = false
			case e := <-events:
				switch e.(type) {
				case core.TicketsChanged, core.SettingsChanged:
					waiting = false
				}
			}
		}
	}
}

// pokePredictor has the process that watches look at the model again.
func (a *App) pokePredictor() {
	select {
	case a.predicting.poked <- struct{}{}:
	default: // it is awake already
	}
}

// predictNews scores what happened, and everything when something else predicts now or an hour went
// by. It reports whether any score may have changed.
func (a *App) predictNews(ctx context.Context) (changed bool, err error) {
	release, err := a.scoring(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	p := a.predicting.desk
	if _, checksum := a.modelInForce(); p == nil || p.checksum != checksum {
		if p, err = a.newPredictor(ctx, nil, new(core.Progress)); err != nil {
			return false, err
		}
		a.predicting.desk = p
	}
	if now := a.now(); now.Before(p.scored) || !now.Before(p.scored.Add(scoreAgain)) { // or the clock was set back
		changed = true
		if _, err := p.all(ctx, new(core.Progress)); err != nil {
			a.predicting.desk = nil // what it holds and what is kept may differ now
			return changed, err
		}
	}
	happened, err := p.news(ctx)
	if err != nil {
		a.predicting.desk = nil
	}
	if changed = changed || happened; changed {
		err = joinErrors(err, a.readScores(ctx))
	}
	return changed, err
}

// askOrdersOnce waits until what the orders say of the customers was asked for, whether or not there
// was an answer: the rules count it.
func (a *App) askOrdersOnce(ctx context.Context) error {
	a.customers.mu.Lock()
	asked := a.customers.begun > 0
	a.customers.mu.Unlock()
	if asked {
		return nil
	}
	if err := a.refreshCustomers(ctx); err != nil && ctx.Err() == nil {
		a.customersNotTold(ctx, err)
	}
	return ctx.Err()
}

// scoring waits until nobody else scores in this process.
func (a *App) scoring(ctx context.Context) (release func(), err error) {
	select {
	case a.predicting.busy <- struct{}{}:
		return func() { <-a.predicting.busy }, nil
	case <-ctx.Done():
		return nil, core.NewError(core.CodeCanceled, "app.score", "Scoring was stopped as you asked. Nothing was scored.", ctx.Err())
	}
}

// ScoreNow scores all open tickets, stores that, and returns how many they are.
func (a *App) ScoreNow(ctx context.Context, progress *core.Progress) (int, error) {
	if err := a.allow(ctx, core.EditSettings); err != nil {
		return 0, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	if progress == nil {
		progress = new(core.Progress)
	}
	return a.scoreAll(ctx, nil, progress)
}

// scoreAll scores all open tickets. read is what a training just read of them, nil without one.
func (a *App) scoreAll(ctx context.Context, read *deskRead, progress *core.Progress) (count int, err error) {
	if err := a.needTickets(ctx); err != nil {
		return 0, err
	}
	release, err := a.scoring(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	progress.SetPhase("Reading tickets")
	p := a.predicting.desk
	if _, checksum := a.modelInForce(); p == nil || p.checksum != checksum {
		if p, err = a.newPredictor(ctx, read, progress); err != nil {
			return 0, err
		}
		if a.predicting.desk != nil || a.watching() {
			a.predicting.desk = p
		}
	} else if _, err := p.news(ctx); err != nil {
		a.predicting.desk = nil
		return 0, err
	}
	progress.SetPhase("Scoring")
	count, err = p.all(ctx, progress)
	if err == nil {
		_, err = p.news(ctx) // what came while a training learned
	}
	if err != nil {
		a.predicting.desk = nil
		return count, err
	}
	if err := a.readScores(ctx); err != nil {
		return count, err
	}
	a.bus.Publish(core.PredictionsChanged{})
	return count, nil
}

// shownScores is up to where the index holds what the ledger does.
type shownScores struct {
	mu    sync.Mutex
	rev   int64
	model bool // the settings let a model predict
	read  bool
}

// followScores has the index show what the process that scores wrote since, and reports whether it
// wrote anything.
func (a *App) followScores(ctx context.Context) (changed bool, err error) {
	rev, err := a.predictions.ScoresRevision(ctx)
	if err != nil {
		return false, err
	}
	s := &a.predicting.shown
	s.mu.Lock()
	same := s.read && s.rev == rev && s.model == a.settings.Current().Predict.Model
	s.mu.Unlock()
	if same {
		return false, nil
	}
	return true, a.readScores(ctx)
}

// readScores reads the scores that changed into the index. Those by the rules are left to the
// index, which tells them at any moment.
func (a *App) readScores(ctx context.Context) error {
	s := &a.predicting.shown
	s.mu.Lock()
	defer s.mu.Unlock()
	model := a.settings.Current().Predict.Model
	after := s.rev
	if !s.read || s.model != model {
		after = 0
	}
	var list []tickets.Predicted
	all := after == 0
	rev, err := a.predictions.Scores(ctx, after, func(batch []predict.Score, whole bool) error {
		all = all || whole
		for _, x := range batch {
			list = append(list, tickets.Predicted{No: x.No, Risk: x.Risk, None: x.Removed || x.Basis != core.BasisModel || !model})
		}
		return nil
	})
	if err != nil {
		return err
	}
	// A score may be of a ticket the index has not seen yet.
	if _, err := a.index.Sync(ctx); err != nil {
		return err
	}
	a.index.SetPredicted(list, all)
	s.rev, s.model, s.read = rev, model, true
	return nil
}
