package predict

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict/boost"
	"deskwatch/core/predict/calibrate"
	"deskwatch/core/predict/measure"
)

const (
	// NeededOutcomes is how many tickets with a known end a model needs.
	NeededOutcomes = 200
	neededOfKind   = 10 // and of each kind of end

	heldOut       = 0.2    // of the time, the last part, on which the shape is chosen and calibrated
	crossExamples = 60_000 // up to a quarter, all tickets are predicted by models of others; up to so many, three fifths; else one
	pairsEarn     = 0.002  // AUC that pairs must add there; less is chance, and fewer words say as much
	heldOutBad    = 40     // ends of each kind in the held-out part from which its choice counts
	measuredBad   = 100    // and from which the predictions of it are what is measured
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
	t := &training{f: f, opt: opt, p: p}
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
	f   *frame
	opt Options
	p   *core.Progress

	shape    shape
	late     []int32   // the held-out last part in time
	lateSaid []float64 // margins of it, by a model of the earlier ones
	// crossed are examples predicted by models of other tickets, and crossSaid their margins: of all
	// tickets, or of some folds where there are many.
	crossed   []int32
	crossSaid []float64
	curve     *calibrate.Curve
}

func (t *training) run(ctx context.Context) (Trained, error) {
	t.p.SetPhase("Learning")
	t.p.StartCount(0) // until holdOut knows how many fits there are
	if err := t.holdOut(ctx); err != nil {
		return Trained{}, err
	}
	if err := t.cross(ctx); err != nil {
		return Trained{}, err
	}
	if err := t.calibrate(); err != nil {
		return Trained{}, err
	}
	last, err := fit(ctx, t.f, t.f.all(), t.shape, t.p)
	if err != nil {
		return Trained{}, err
	}
	t.p.SetPhase("Measuring")
	t.p.StartCount(0)
	out := Trained{Measured: t.measured()}
	out.Refused, out.Text = t.judge()
	out.Model = newModel(t, last)
	out.Features = featureReports(t.f, last)
	out.Suspects = leaks(t.f, last)
	out.Warnings = leakTexts(out.Suspects)
	out.Model.reports = out.Features
	return out, ctx.Err()
}

// holdOut fits the tickets before the last part in time, with features by themselves and with pairs
// of them, and keeps what tells that part's bad ends better, pairs where they earn it. How many trees
// there are is not chosen by it: where the share of bad ends drifts, that would stop too early.
//
// Where ends become known late, few are known when the last part begins. What is measured are
// predictions learned from these few. They are too few to choose by: the model in force learns from
// all, and pairs need many.
func (t *training) holdOut(ctx context.Context) error {
	f := t.f
	before, early, late := f.split(heldOut)
	t.shape = shape{1, modelTrees / 2, leafOf(len(before))}
	goodE, badE := f.kinds(early)
	goodL, badL := f.kinds(late)
	others := t.crossFits() + 1 // and that of all tickets
	if min(goodE, badE, goodL, badL) == 0 {
		t.p.SetTotal(int64(others * t.shape.trees))
		return nil
	}
	t.late = late
	if 10*len(early) >= 9*len(before) {
		before = early
	}
	deepest := 1
	if min(badL, goodL) >= heldOutBad {
		deepest, t.shape.trees = 2, modelTrees
	}
	fits := others + deepest
	if len(before) > len(early) {
		fits++
	}
	t.p.SetTotal(int64(fits * t.shape.trees))
	best, chosen := 0.0, t.shape
	enc, cols := learnEncoder(f, before)
	ahead, ends := enc.encodeRows(f, late), f.outcomes(late)
	for depth := 1; depth <= deepest; depth++ {
		s := shape{depth, t.shape.trees, t.shape.leaf}
		ens, err := boost.Fit(ctx, cols, f.outcomes(before), s.options(), treesInto(t.p))
		if err != nil {
			return err
		}
		said := marginsOf(ens, ahead, len(late))
		if auc := measure.AUC(said, ends); depth == 1 || auc >= best+pairsEarn {
			best, t.lateSaid, chosen = auc, said, s
		}
	}
	t.shape = chosen
	if len(before) == len(early) {
		return nil
	}
	m, err := fit(ctx, f, early, t.shape, t.p)
	if err != nil {
		return err
	}
	t.lateSaid = m.margins(f, late)
	return nil
}

// split parts the examples by the time their tickets came. Early are those of before whose end was
// known when the last share of tickets began to come, or all where these are hardly any.
func (f *frame) split(share float64) (before, early, late []int32) {
	var came []int64
	for e, l := range f.life {
		if f.first[e] {
			came = append(came, f.lives[l].Created)
		}
	}
	slices.Sort(came)
	cut := came[min(int(float64(len(came))*(1-share)), len(came)-1)]
	late = f.where(func(e int32) bool { return f.lives[f.life[e]].Created >= cut })
	before = f.where(func(e int32) bool { return f.lives[f.life[e]].Created < cut })
	early = f.where(func(e int32) bool {
		l := &f.lives[f.life[e]]
		return l.Created < cut && l.Ended <= cut
	})
	if 2*len(early) < len(f.life) { // most ends become known long after
		early = before
	}
	return before, early, late
}

// crossFits is how many folds are predicted by models of the others.
func (t *training) crossFits() int {
	switch {
	case len(t.f.life) > crossExamples:
		return 1
	case len(t.f.life) > crossExamples/4:
		return 3
	}
	return folds
}

// cross predicts examples by models of the tickets of the other folds.
func (t *training) cross(ctx context.Context) error {
	f, count := t.f, t.crossFits()
	t.crossed = f.where(func(e int32) bool { return int(f.fold[e]) < count })
	said := make([]float64, len(f.life))
	var group sync.WaitGroup
	turn := make(chan struct{}, max(1, min(count, runtime.GOMAXPROCS(0))))
	errs := make([]error, count)
	for k := range count {
		group.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			rest := f.where(func(e int32) bool { return int(f.fold[e]) != k })
			these := f.where(func(e int32) bool { return int(f.fold[e]) == k })
			m, err := fit(ctx, f, rest, t.shape, t.p)
			if err != nil {
				errs[k] = err
				return
			}
			for i, x := range m.margins(f, these) {
				said[these[i]] = x
			}
		})
	}
	group.Wait()
	t.crossSaid = make([]float64, len(t.crossed))
	for i, e := range t.crossed {
		t.crossSaid[i] = said[e]
	}
	return cmp.Or(errs...)
}

// calibrate fits the curve on tickets of the last part in time where it holds enough of them,
// predicted crosswise: a model that knows only the tickets before that part is wrong about how many
// end badly there in a way the model in force will not be.
func (t *training) calibrate() (err error) {
	isLate := make([]bool, len(t.f.life))
	for _, e := range t.late {
		isLate[e] = true
	}
	var margins []float64
	var rows []int32
	for i, e := range t.crossed {
		if isLate[e] {
			margins, rows = append(margins, t.crossSaid[i]), append(rows, e)
		}
	}
	if good, bad := t.f.kinds(rows); min(good, bad) < heldOutBad {
		margins, rows = t.crossSaid, t.crossed
	}
	t.curve, err = calibrate.Platt(margins, t.f.outcomes(rows))
	return err
}

// said are the examples predicted by models that had not seen their tickets: the last part in time
// where it holds enough, because that is what predicting is like; otherwise those predicted crosswise.
func (t *training) said() (rows []int32, margins []float64) {
	if good, bad := t.f.kinds(t.late); min(good, bad) >= measuredBad {
		return t.late, t.lateSaid
	}
	return t.crossed, t.crossSaid
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
