package predict

import (
	"context"
	"slices"

	"deskwatch/core/predict/boost"
	"deskwatch/core/predict/measure"
)

const (
	heldOut    = 0.2   // of the time, the last part, on which the shape is chosen and calibrated
	pairsEarn  = 0.002 // AUC that pairs must add there; less is chance, and fewer words say as much
	heldOutBad = 40    // ends of each kind in the held-out part from which its choice counts
)

// holdOut fits the tickets before the last part in time, with features by themselves and with pairs
// of them, and keeps what tells that part's bad ends better, pairs where they earn it. How many trees
// there are is not chosen by it: where the share of bad ends drifts, that would stop too early.
//
// Where ends become known late, few are known when the last part begins. What is measured are
// predictions learned from these few: early says which. They are too few to choose by: the model in
// force learns from all, and pairs need many.
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
		t.early = early
		fits++
	}
	t.p.SetTotal(int64(fits * t.shape.trees))
	enc, cols := learnEncoder(f, before)
	ahead, ends := enc.encodeRows(f, late), f.outcomes(late)
	said := make([][]float64, deepest)
	if err := t.sideBySide(ctx, deepest, func(i int) error {
		s := shape{i + 1, t.shape.trees, t.shape.leaf}
		ens, err := boost.Fit(ctx, cols, f.outcomes(before), s.options(t.cores), treesInto(t.p))
		if err != nil {
			return err
		}
		said[i] = marginsOf(ens, ahead, len(late))
		return nil
	}); err != nil {
		return err
	}
	best := 0.0
	for i := range said {
		if auc := measure.AUC(said[i], ends); i == 0 || auc >= best+pairsEarn {
			best, t.lateSaid, t.shape.depth = auc, said[i], i+1
		}
	}
	return nil
}

// sayLate predicts the held-out last part from what was known when it began, where holdOut did not.
func (t *training) sayLate(ctx context.Context) error {
	if t.early == nil {
		return nil
	}
	m, err := fit(ctx, t.f, t.early, t.shape.options(t.cores), t.p)
	if err != nil {
		return err
	}
	t.lateSaid = m.margins(t.f, t.late)
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
