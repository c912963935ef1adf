package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

const (
	// modelName is the file of the model in force, in the data folder.
	modelName = "prediction.model"
	// maxModelBytes bounds what is read of it.
	maxModelBytes = 256 << 20
	// predictionGroup is where what is known of the model in force and of the last training is kept,
	// beside the settings groups.
	predictionGroup = "prediction"
)

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

// modelFile is the model's file as it was read last.
type modelFile struct {
	size     int64
	changed  time.Time
	checksum string
	model    *predict.Model // nil: there is none, or err says why it cannot be used
	err      error
}

// keptPrediction is what is known of models beside the file of the one in force.
type keptPrediction struct {
	Model   *keptModel           `json:"model,omitempty"`
	LastTry *core.TrainingResult `json:"last_try,omitempty"`
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

// deskSchema is what a desk's tickets have beyond the well-known fields: nothing. What the orders
// say of a customer is known for today only, and a model must not learn from what was not known yet;
// it stays with the stated rules.
func deskSchema() predict.Schema { return predict.Schema{} }

// model is the model on this data folder; nil without an error there is none. The file is read
// again when it has changed: another process may have trained.
func (a *App) model() (*predict.Model, string, error) {
	a.predicting.now.Lock()
	defer a.predicting.now.Unlock()
	f := &a.predicting.file
	info, err := os.Stat(a.modelPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		*f = modelFile{}
		return nil, "", nil
	case err != nil:
		*f = modelFile{err: modelUnreadable(err)}
	case info.Size() != f.size || !info.ModTime().Equal(f.changed):
		*f = modelFile{size: info.Size(), changed: info.ModTime()}
		if f.model, f.checksum, f.err = readModel(a.modelPath()); f.err != nil {
			a.log.Error("the model cannot be used; the stated rules predict", "err", f.err)
		}
	}
	return f.model, f.checksum, f.err
}

func (a *App) modelPath() string { return filepath.Join(a.dataDir, modelName) }

func readModel(path string) (*predict.Model, string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", modelUnreadable(err)
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxModelBytes))
	if err != nil {
		return nil, "", modelUnreadable(err)
	}
	m, err := predict.ReadModel(bytes.NewReader(b))
	if err == nil && !sameSchema(m.Schema(), deskSchema()) {
		err = errors.New("of another schema")
	}
	if err != nil {
		return nil, "", modelUnreadable(err)
	}
	sum := sha256.Sum256(b)
	return m, hex.EncodeToString(sum[:]), nil
}

func sameSchema(a, b predict.Schema) bool {
	return len(a.Words) == len(b.Words) && len(a.Numbers) == len(b.Numbers) &&
		(len(a.Words) == 0 || reflect.DeepEqual(a.Words, b.Words)) && (len(a.Numbers) == 0 || reflect.DeepEqual(a.Numbers, b.Numbers))
}

func modelUnreadable(cause error) error {
	return core.NewError(core.CodeInvalid, "app.model", fmt.Sprintf(
		"The file of the model, %s, is damaged or of another version of Deskwatch. The stated rules predict meanwhile; train a model again.", modelName), cause)
}

// writeModel puts a model in force: the file appears whole or not at all.
func (a *App) writeModel(m *predict.Model) (checksum string, err error) {
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		return "", err
	}
	out, err := os.CreateTemp(a.dataDir, ".prediction-*")
	if err != nil {
		return "", modelNotKept(err)
	}
	defer os.Remove(out.Name()) // gone already once it is renamed
	_, err = out.Write(b.Bytes())
	if err = errors.Join(err, out.Sync(), out.Close()); err == nil {
		err = os.Rename(out.Name(), a.modelPath())
	}
	if err == nil {
		err = syncFolder(a.dataDir)
	}
	if err != nil {
		return "", modelNotKept(err)
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:]), nil
}

// removeModel takes the model out of force.
func (a *App) removeModel() error {
	if err := os.Remove(a.modelPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return core.NewError(core.CodeUnavailable, "app.model", "The old model could not be removed from the data folder, and predicts on. Allow Deskwatch to write there, and train again.", err)
	}
	return nil
}

func modelNotKept(cause error) error {
	return core.NewError(core.CodeUnavailable, "app.model", "The new model could not be written to the data folder. What predicted before goes on. Make room on the disk, or allow Deskwatch to write there, and train again.", cause)
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
	if k := kept.Model; k != nil && k.Checksum == checksum {
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
	if err != nil || kept.Model == nil || kept.Model.Checksum != checksum {
		return nil, err
	}
	return kept.Model.Measured, nil
}
