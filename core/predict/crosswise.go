package predict

import (
	"context"

	"deskwatch/core/predict/calibrate"
)

const (
	crossExamples = 60_000 // up to a quarter, all tickets are predicted by models of others; up to so many, three fifths; else one
	measuredBad   = 100    // ends of each kind in the last part in time from which its predictions are what is measured
)

// crossFits is how many folds are predicted by models of the others.
func (t *training) crossFits() int {
	switch {
	case t.large():
		return 1
	case len(t.f.life) > crossExamples/4:
		return 3
	}
	return folds
}

// crossRows are the examples predicted crosswise.
func (t *training) crossRows() []int32 {
	count := t.crossFits()
	return t.f.where(func(e int32) bool { return int(t.f.fold[e]) < count })
}

// cross predicts the examples of a fold by a model of the tickets of the other folds. said is by
// example of the frame.
func (t *training) cross(ctx context.Context, fold int, said []float64) error {
	f := t.f
	rest := f.where(func(e int32) bool { return int(f.fold[e]) != fold })
	these := f.where(func(e int32) bool { return int(f.fold[e]) == fold })
	m, err := fit(ctx, f, rest, t.shape.options(t.cores), t.p)
	if err != nil {
		return err
	}
	for i, x := range m.margins(f, these) {
		said[these[i]] = x
	}
	return nil
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
