package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deskwatch/core"
	"deskwatch/core/predict"
)

func damagedItLeavesTheRules(t *testing.T, d *desk) {
	b, err := os.ReadFile(d.modelPath())
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(d.modelPath(), b, 0o600); err != nil {
		t.Fatal(err)
	}
	tried := d.state(t).LastTry.Version
	other := d.open(t)
	s, err := other.ModelState(t.Context())
	if err != nil || s.Basis != core.BasisRules || s.Why != core.WhyUnreadable || !strings.Contains(s.WhyText, modelName) {
		t.Errorf("state %+v, %v", s, err)
	}
	if _, err := other.ScoreNow(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	list, err := other.PredictTickets(t.Context(), core.TicketQuery{Limit: 5})
	if err != nil || list.Basis != core.BasisRules {
		t.Errorf("list %+v, %v", list, err)
	}
	for _, v := range list.Items {
		if risk, _ := other.index.Risk(v.No); risk != v.Risk {
			t.Errorf("%s has the risk %d, by the rules %d", v.Number, v.Risk, risk)
		}
	}
	other.trainOn = trainOnSample
	if res, err := other.TrainModel(t.Context(), nil); err != nil || !res.Accepted || res.Version != tried+1 {
		t.Errorf("training anew: %+v, %v", res, err)
	}
}

func aWorseModelIsNotTaken(t *testing.T, d *desk) {
	before := d.state(t)
	var shares []float64 // in the middle of the training, and of that of the one to compare with
	d.trainOn = func(ctx context.Context, s predict.Schema, lives []predict.Life, opt predict.Options, p *core.Progress) (predict.Trained, error) {
		p.StartCount(2)
		p.Add(1)
		if shares = append(shares, p.State().Fraction()); len(shares) == 1 {
			return trainOnSample(ctx, s, lives, opt, p)
		}
		inverted := slices.Clone(lives)
		for i := range inverted {
			if o := &inverted[i].Outcome; *o != predict.OutcomeUnknown {
				*o = predict.OutcomeGood + predict.OutcomeBad - *o
			}
		}
		return predict.Train(ctx, s, inverted, opt, p)
	}
	res, err := d.TrainModel(t.Context(), nil)
	if err != nil || res.Accepted || res.Reason != trainedNotBetter || res.Version != 2 {
		t.Fatalf("training %+v, %v", res, err)
	}
	if s := d.state(t); s.Checksum != before.Checksum || s.Version != 1 || s.Basis != core.BasisModel || s.LastTry.Reason != trainedNotBetter {
		t.Errorf("state %+v", s)
	}
	if !slices.Equal(shares, []float64{0.25, 0.75}) {
		t.Errorf("half of each of two trainings is called %v of all", shares)
	}
}

func aCancelledTrainingKeepsIt(t *testing.T, d *desk) {
	before := d.state(t)
	ctx, cancel := context.WithCancel(t.Context())
	d.trainOn = func(ctx context.Context, s predict.Schema, lives []predict.Life, opt predict.Options, p *core.Progress) (predict.Trained, error) {
		if s := d.state(t); !s.Training {
			t.Error("nobody sees that a training goes on")
		}
		if _, err := d.TrainModel(context.Background(), nil); core.ErrorCode(err) != core.CodeConflict {
			t.Errorf("a second training: %v", err)
		}
		_, err := d.open(t).TrainModel(context.Background(), nil)
		wantError(t, err, core.CodeConflict, "Another Deskwatch")
		cancel()
		return trainOnSample(ctx, s, lives, opt, p) // it did not notice
	}
	_, err := d.TrainModel(ctx, nil)
	wantError(t, err, core.CodeCanceled, "goes on")
	if s := d.state(t); s.Checksum != before.Checksum || s.Training || s.LastTry.Version != before.LastTry.Version {
		t.Errorf("state %+v", s)
	}
}

// successor is a model that may come into force, and what is kept of it.
func (d *desk) successor(t *testing.T) (*predict.Model, keptModel) {
	t.Helper()
	if ofSample.trained.Model == nil {
		t.Fatal("nothing was learned from the sample")
	}
	return ofSample.trained.Model, keptModel{Measured: &core.Measured{AUC: 0.99}, Sample: true}
}

func aFullDiskKeepsIt(t *testing.T, d *desk) {
	before := d.state(t)
	m, next := d.successor(t)
	kept, err := d.keptPrediction(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder := d.dataDir
	d.dataDir = filepath.Join(folder, "nowhere")
	err = d.putInForce(t.Context(), m, kept, next, &core.TrainingResult{})
	d.dataDir = folder
	wantError(t, err, core.CodeUnavailable, "What predicted before goes on")
	if s := d.state(t); s.Checksum != before.Checksum || s.LastTry.Version != before.LastTry.Version {
		t.Errorf("state %+v", s)
	}
}

func whatEndsInBetweenLeavesItWhole(t *testing.T, d *desk) {
	m, _, err := d.model()
	if err != nil || m == nil {
		t.Fatal(err)
	}
	kept, err := d.keptPrediction(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	killed := filepath.Join(d.dataDir, ".prediction-1234")
	if err := os.WriteFile(killed, []byte("half a mod"), 0o600); err != nil {
		t.Fatal(err)
	}
	inForce := *kept.Model
	for _, k := range []keptPrediction{
		{Model: &inForce, Next: &keptModel{Checksum: "of a file that is not there yet"}, LastTry: kept.LastTry}, // before the file is replaced
		{Model: &keptModel{Checksum: "of a file that is there no more"}, Next: &inForce, LastTry: kept.LastTry}, // after that
	} {
		if err := d.keepPrediction(t.Context(), k); err != nil {
			t.Fatal(err)
		}
		if m, err := d.backtest(t.Context()); err != nil || m == nil || m.AUC != inForce.Measured.AUC {
			t.Errorf("backtest %+v, %v", m, err)
		}
	}
	next, about := d.successor(t)
	if err := d.putInForce(t.Context(), next, keptPrediction{Next: &inForce, LastTry: kept.LastTry}, about, kept.LastTry); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("half a model is left: %v", err)
	}
	if m, err := d.backtest(t.Context()); err != nil || m == nil || m.AUC != 0.99 {
		t.Errorf("backtest of the next one %+v, %v", m, err)
	}
}

func itGoesWithTheSample(t *testing.T, d *desk) {
	if _, err := d.RemoveSampleTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := d.state(t); s.Basis != core.BasisRules || s.Rated != 0 || s.Why != core.WhyFewRated {
		t.Errorf("state %+v", s)
	}
	if r, err := d.PredictionReport(t.Context()); err != nil || r.Pending != 0 || len(r.Sentences) != 1 || r.Sentences[0].Key != core.SentenceNothing {
		t.Errorf("its tickets count in the report of the desk: %+v, %v", r, err)
	}
	m, about := d.successor(t) // of a training that noticed nothing
	if err := d.putInForce(t.Context(), m, keptPrediction{}, about, nil); core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("it comes into force after all: %v", err)
	}
	if s := d.state(t); s.Basis != core.BasisRules {
		t.Errorf("state %+v", s)
	}
}

func TestSampleTicketsThatAreRemovedDuringATrainingTeachNothing(t *testing.T) {
	d := newDesk(t)
	if _, err := d.LoadSampleTickets(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	d.trainOn = func(ctx context.Context, s predict.Schema, lives []predict.Life, opt predict.Options, p *core.Progress) (predict.Trained, error) {
		if _, err := d.RemoveSampleTickets(ctx); err != nil {
			t.Error(err)
		}
		return trainOnSample(ctx, s, lives, opt, p)
	}
	_, err := d.TrainModel(t.Context(), nil)
	wantError(t, err, core.CodeConflict, "sample tickets were removed")
	if s := d.state(t); s.Basis != core.BasisRules || s.LastTry != nil {
		t.Errorf("state %+v", s)
	}
}

func TestADamagedModelGoesWhereNothingCanBeLearned(t *testing.T) {
	d := newDesk(t)
	if err := os.WriteFile(d.modelPath(), []byte("deskwatch model 99\n0\n{}"), 0o600); err != nil { // of a later version
		t.Fatal(err)
	}
	if s := d.state(t); s.Why != core.WhyUnreadable || s.Basis != core.BasisRules {
		t.Errorf("state %+v", s)
	}
	if res, err := d.TrainModel(t.Context(), nil); err != nil || res.Accepted || res.Reason != core.WhyFewRated {
		t.Errorf("training %+v, %v", res, err)
	}
	if s := d.state(t); s.Why != core.WhyFewRated {
		t.Errorf("after a training: %+v", s)
	}
}
