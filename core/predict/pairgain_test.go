package predict

import (
	"context"
	"math"
	"testing"

	"deskwatch/core"
)

func TestAPairGainsTheLossItsSharesSpareItsRows(t *testing.T) {
	f, err := newFrame(context.Background(), madeSchema, madeLives(700, 11), &Options{Moments: []core.Moment{core.MomentArrival, core.MomentReply}}, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	l := newLearner(f, f.where(func(e int32) bool { return f.fold[e] != 2 }))
	loss := func(p []float32) float64 {
		sum, n := 0.0, 0.0
		for i, e := range l.rows {
			g, w := float64(f.grade[e]), float64(f.weight[e])
			sum -= w * (g*math.Log(float64(p[i])) + (1-g)*math.Log(1-float64(p[i])))
			n += w
		}
		return sum / n
	}
	start := logit(l.base)
	gains := newGainer(l) // one for all: what a pair leaves behind would spoil the next
	for _, columns := range [][2]Field{{FieldOwner, FieldCategory}, {FieldCategory, FieldOwner}, {FieldCustomer, FieldChannel}, {FieldProduct, FieldCustomer}} {
		a, b := l.single(int(columns[0])-1), l.single(int(columns[1])-1)
		apart := make([]float32, len(l.rows))
		for i := range apart {
			fold := int(l.fold[i])
			apart[i] = float32(expected(a.odds[int(a.codes[i])*folds+fold], b.odds[int(b.codes[i])*folds+fold], start))
		}
		shares, _ := l.pair(&a, &b)
		want := loss(apart) - loss(shares)
		if got := gains.gain(&a, &b); math.Abs(got-want) > 1e-6 || math.Abs(want) < 1e-5 {
			t.Errorf("columns %v gain %.7f, their shares spare %.7f", columns, got, want)
		}
	}
}
