package predict

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"deskwatch/core"
	"deskwatch/core/predict/measure"
)

// Two numbers say something only together, and only of the tickets that came lately. Their ends are
// known at once or after a quarter of the time.
func TestTheShapeIsChosenByAllTicketsBeforeThoseItIsChosenOn(t *testing.T) {
	const n = 2000
	held := func(ended int64) *training {
		r := rand.New(rand.NewPCG(1, 2))
		lives := make([]Life, n)
		for i := range lives {
			x, y := r.Float64(), r.Float64()
			lives[i] = Life{Key: strconv.Itoa(i), Created: madeStart + int64(i)*600, Facts: Facts{Numbers: []float64{x, y}}, Outcome: OutcomeGood}
			lives[i].Ended = lives[i].Created + ended
			chance := 0.5
			if i > n*6/10 {
				chance = 0.1 + 0.8*float64(one((x > 0.5) != (y > 0.5)))
			}
			if r.Float64() < chance {
				lives[i].Outcome = OutcomeBad
			}
		}
		opt := Options{Moments: []core.Moment{core.MomentArrival}}
		f, err := newFrame(context.Background(), Schema{Numbers: []string{"x", "y"}}, lives, &opt, &core.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		tr := newTraining(f, opt, &core.Progress{})
		if err := tr.holdOut(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := tr.sayLate(context.Background()); err != nil {
			t.Fatal(err)
		}
		return tr
	}
	atOnce, later := held(60), held(n*600/4)
	if atOnce.shape.depth != 2 || later.shape != atOnce.shape {
		t.Errorf("%+v where ends are known at once, %+v where later", atOnce.shape, later.shape)
	}
	// What is measured knows no end before its time, and so nothing of the two numbers together.
	known, _ := chosen(atOnce.late, atOnce.lateSaid, atOnce.f, func(int32) bool { return true })
	unknown, bad := chosen(later.late, later.lateSaid, later.f, func(int32) bool { return true })
	if k, u := measure.AUC(known, bad), measure.AUC(unknown, bad); k < 0.7 || u > 0.6 {
		t.Errorf("AUC %.2f with ends known at once, %.2f with ends that were not known yet", k, u)
	}
}
