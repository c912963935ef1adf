package app

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

const (
	// trainJob is the name of the job that trains a model again.
	trainJob = "train the model"
	// lookAtTraining is how often it is looked whether a training is due.
	lookAtTraining = 10 * time.Minute
	// tryAgain is after how long a training without a model in force is tried again by itself, and
	// moreOutcomes by how much more tickets have to have ended for it to be tried sooner.
	tryAgain     = 24 * time.Hour
	lostAgain    = time.Hour // the same for a model that was in force and cannot be read
	moreOutcomes = 1.5
)

// trainSoon trains in the background where a training is due.
func (a *App) trainSoon() {
	a.background(func(ctx context.Context) {
		if err := a.trainWhenDue(ctx); err != nil {
			a.jobFailed(trainJob, err)
		}
	})
}

// trainWhenDue trains the first model when enough tickets have ended, and another one after the days
// the settings say. Only the process that watches does so.
func (a *App) trainWhenDue(ctx context.Context) error {
	set := a.settings.Current().Predict
	if !set.Model || set.TrainDays == 0 || !a.watching() || !a.index.Ready() {
		return nil
	}
	kept, err := a.keptPrediction(ctx)
	if err != nil {
		return err
	}
	var trained time.Time
	if m, _, _ := a.model(); m != nil {
		trained = m.TrainedAt()
	}
	known, _ := a.knownEnds()
	if !trainingDue(a.now(), set.TrainDays, trained, kept.LastTry, known) {
		return nil
	}
	_, err = a.TrainModel(ctx, new(core.Progress))
	if core.ErrorCode(err) == core.CodeConflict {
		return nil // somebody trains
	}
	return err
}

// trainingDue decides whether it is time to train. trained is when the model in force was, zero
// without one. What was tried in vain is tried again after a day, or when half as many tickets more
// have ended. A moment that is still to come is of a clock that was set back since.
func trainingDue(now time.Time, days int, trained time.Time, last *core.TrainingResult, known int) bool {
	if known < predict.NeededOutcomes {
		return false
	}
	if !trained.IsZero() {
		since := trained
		if last != nil && (last.At.After(since) || since.After(now)) {
			since = last.At
		}
		return over(now, since, time.Duration(days)*24*time.Hour)
	}
	return last == nil || over(now, last.At, tryAgain) || float64(known) >= moreOutcomes*float64(last.Tickets) ||
		last.Accepted && over(now, last.At, lostAgain) // its file is lost, or of another version of Deskwatch
}

// over reports whether so long went by since a moment.
func over(now, since time.Time, d time.Duration) bool {
	return now.Before(since) || now.Sub(since) >= d
}
