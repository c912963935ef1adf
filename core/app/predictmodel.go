package app

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// predictionGroup is where what is known of the model in force and of the last training is kept,
// beside the settings groups.
const predictionGroup = "prediction"

// predicting is the state of predicting.
type predicting struct {
	busy   chan struct{} // holds a token while somebody scores
	poked  chan struct{} // wakes who scores while watching
	train  sync.Mutex    // one training at a time
	now    sync.Mutex    // guards what follows
	file   modelFile
	active bool           // a training goes on
	desk   *deskPredictor // of the process that watches; used under the token of busy
	shown  shownScores
	outage outage
}

// keptPrediction is what is known of models beside the file of the one in force.
type keptPrediction struct {
	Model *keptModel `json:"model,omitempty"` // in force
	// Next is of a model whose file is about to be put in the place of the one in force: what ends in
	// between loses nothing of either.
	Next    *keptModel           `json:"next,omitempty"`
	LastTry *core.TrainingResult `json:"last_try,omitempty"`
}

// of is what is kept of the model whose file has a checksum; nil nothing is.
func (k *keptPrediction) of(checksum string) *keptModel {
	for _, m := range []*keptModel{k.Model, k.Next} {
		if m != nil && m.Checksum == checksum {
			return m
		}
	}
	return nil
}

// keptModel is what the file of the model in force does not say of it.
type keptModel struct {
	Checksum string         `json:"checksum"` // of the file it is about
	Rate     float64        `json:"rate"`     // predict.DeskReading.Rate
	Warnings []string       `json:"warnings"`
	Suspects []core.Suspect `json:"suspects"`
	Measured *core.Measured `json:"measured,omitempty"`
	Sample   bool           `json:"sample,omitempty"` // it learned from sample tickets
}

// keptPrediction reads what is known of models.
func (a *App) keptPrediction(ctx context.Context) (k keptPrediction, err error) {
	groups, err := a.groups.LoadSettings(ctx)
	if err != nil || len(groups[predictionGroup]) == 0 {
		return k, err
	}
	if err := json.Unmarshal(groups[predictionGroup], &k); err != nil {
		a.log.Warn("what was known of trainings is damaged and forgotten", "err", err)
		return keptPrediction{}, nil
	}
	return k, nil
}

func (a *App) keepPrediction(ctx context.Context, k keptPrediction) error {
	text, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return a.groups.SaveSettings(ctx, map[string][]byte{predictionGroup: text})
}

// ModelState says what predicts, and why.
func (a *App) ModelState(ctx context.Context) (core.ModelState, error) {
	if err := a.allow(ctx, core.ReadTickets); err != nil {
		return core.ModelState{}, err
	}
	if err := a.needTickets(ctx); err != nil {
		return core.ModelState{}, err
	}
	s := core.ModelState{Basis: core.BasisRules, Needed: predict.NeededOutcomes, Features: []core.FeatureReport{}, Warnings: []string{}, Suspects: []core.Suspect{}}
	s.Rated, s.Bad = a.knownEnds()
	kept, err := a.keptPrediction(ctx)
	if err != nil {
		return s, err
	}
	s.LastTry = kept.LastTry
	a.predicting.now.Lock()
	s.Training = a.predicting.active
	a.predicting.now.Unlock()
	m, checksum, unreadable := a.model()
	switch {
	case !a.settings.Current().Predict.Model:
		s.Why, s.WhyText = core.WhyOff, "The settings say that the stated rules predict."
	case unreadable != nil:
		s.Why, s.WhyText = core.WhyUnreadable, core.ErrorMessage(unreadable)
	case m != nil:
		s.Basis = core.BasisModel
	default:
		s.Why, s.WhyText = whyNone(s)
	}
	if m == nil {
		return s, nil
	}
	s.Version, s.Checksum, s.TrainedAt = m.Version(), checksum, m.TrainedAt()
	s.From, s.To = m.Window()
	s.Tickets, _ = m.Tickets()
	s.Features = append(s.Features, m.Features()...)
	if k := kept.of(checksum); k != nil {
		s.Warnings, s.Suspects = append(s.Warnings, k.Warnings...), append(s.Suspects, k.Suspects...)
	}
	return s, nil
}

// whyNone says why there is no model.
func whyNone(s core.ModelState) (why, text string) {
	if t := s.LastTry; t != nil && (t.Reason == core.WhyNoSignal || t.Reason == core.WhyFewRated && s.Rated < s.Needed) {
		return t.Reason, t.Text
	}
	if s.Rated < s.Needed {
		return core.WhyFewRated, fmt.Sprintf("A model needs %d tickets whose end is known: rated by the customer, or escalated. There are %d.", s.Needed, s.Rated)
	}
	return core.WhyNotTrained, "No model has been trained yet."
}

// knownEnds counts the tickets whose end counts for training, and those of them that ended badly.
func (a *App) knownEnds() (known, bad int) {
	e := a.index.Ends()
	escalated := int(float64(e.Escalated)*e.Rate() + 0.5)
	return e.Rated + escalated, e.RatedBadly + escalated
}

// backtest is how good the model in force was on tickets it had not seen when it was trained; nil
// without one.
func (a *App) backtest(ctx context.Context) (*core.Measured, error) {
	_, checksum, err := a.model()
	if err != nil || checksum == "" {
		return nil, nil
	}
	kept, err := a.keptPrediction(ctx)
	if k := kept.of(checksum); k != nil {
		return k.Measured, err
	}
	return nil, err
}
