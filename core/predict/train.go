package predict

import (
	"context"
	"fmt"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict/boost"
	"deskwatch/core/predict/calibrate"
)

const (
	// NeededOutcomes is how many tickets with a known end a model needs.
	NeededOutcomes = 200
	neededOfKind   = 10 // and of each kind of end
)

// Options are how a model is trained.
type Options struct {
	Now      time.Time
	Version  int
	Moments  []core.Moment // at which it learns; none: all that a desk predicts at
	After    time.Duration // learn at MomentTime so long after the arrival, instead of in the middle of long silences
	Capacity int           // tickets looked after in a day, for what is measured
}

// Trained is what a training gives.
type Trained struct {
	Model    *Model // nil when nothing could be trained
	Refused  string // core.WhyFewRated, core.WhyNoSignal; "" it may predict
	Text     string // for people, why it may not
	Measured *core.Measured
	Features []core.FeatureReport
	Suspects []core.Suspect
	Warnings []string // what Suspects say, for people
}

// Train trains a model on lives whose outcome is known; the others only teach what is usual. It
// fails only when ctx ends or its risks cannot be calibrated.
func Train(ctx context.Context, schema Schema, lives []Life, opt Options, p *core.Progress) (Trained, error) {
	if p == nil {
		p = &core.Progress{}
	}
	if out, few := tooFew(lives); few {
		return out, nil
	}
	p.SetPhase("Reading")
	f, err := newFrame(ctx, schema, lives, &opt, p)
	if err != nil {
		return Trained{}, err
	}
	t := newTraining(f, opt, p)
	if good, bad := f.kinds(f.all()); good < neededOfKind || bad < neededOfKind {
		return Trained{Refused: core.WhyFewRated, Text: fmt.Sprintf("Of the tickets whose end is known, %s ended badly and %s well. A model needs %d of each.", counted(bad, "ticket", "tickets"), counted(good, "ticket", "tickets"), neededOfKind)}, nil
	}
	return t.run(ctx)
}

// tooFew refuses a desk with too few tickets whose end is known.
func tooFew(lives []Life) (Trained, bool) {
	known := 0
	for i := range lives {
		if lives[i].Outcome != OutcomeUnknown {
			known++
		}
	}
	if known >= NeededOutcomes {
		return Trained{}, false
	}
	return Trained{Refused: core.WhyFewRated, Text: fmt.Sprintf("The end of %s is known. A model needs %d.", counted(known, "ticket", "tickets"), NeededOutcomes)}, true
}

// kinds are how many tickets of rows ended well and badly.
func (f *frame) kinds(rows []int32) (good, bad int) {
	for _, e := range rows {
		switch {
		case !f.first[e]:
		case f.bad[e]:
			bad++
		default:
			good++
		}
	}
	return good, bad
}

// training is one run of Train.
type training struct {
	f     *frame
	opt   Options
	p     *core.Progress
	cores *boost.Cores

	shape    shape
	early    []int32   // tickets whose end was known before the last part in time; nil: all that came before
	late     []int32   // the held-out last part in time
	lateSaid []float64 // margins of it, by a model of the earlier ones
	// crossed are examples predicted by models of other tickets, and crossSaid their margins: of all
	// tickets, or of some folds where there are many.
	crossed   []int32
	crossSaid []float64
	curve     *calibrate.Curve
}

func newTraining(f *frame, opt Options, p *core.Progress) *training {
	return &training{f: f, opt: opt, p: p, cores: boost.NewCores()}
}

func (t *training) run(ctx context.Context) (Trained, error) {
	t.p.SetPhase("Learning")
	t.p.StartCount(0) // until holdOut knows how many fits there are
	if err := t.holdOut(ctx); err != nil {
		return Trained{}, err
	}
	last, err := t.learn(ctx)
	if err != nil {
		return Trained{}, err
	}
	if err := t.calibrate(); err != nil {
		return Trained{}, err
	}
	t.p.SetPhase("Measuring")
	t.p.StartCount(0)
	var out Trained
	if err := t.sideBySide(ctx, 3, func(i int) error {
		switch i {
		case 0:
			out.Suspects = leaks(t.f, last)
		case 1:
			out.Features = featureReports(t.f, last)
		default:
			out.Measured = t.measured()
			out.Refused, out.Text = t.judge()
		}
		return nil
	}); err != nil {
		return Trained{}, err
	}
	out.Model = newModel(t, last)
	out.Warnings = leakTexts(out.Suspects)
	out.Model.reports = out.Features
	return out, ctx.Err()
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
