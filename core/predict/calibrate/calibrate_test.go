package calibrate

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"deskwatch/core"
)

// overconfident draws margins that claim twice the log-odds there are.
func overconfident(n int) (margins []float64, bad []bool) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		truth := r.NormFloat64() - 1
		margins = append(margins, 2*truth+1)
		bad = append(bad, r.Float64() < logistic(truth))
	}
	return margins, bad
}

func TestOverconfidentMarginsAreBroughtBack(t *testing.T) {
	margins, bad := overconfident(20000)
	c, err := Platt(margins, bad)
	if err != nil {
		t.Fatal(err)
	}
	for _, truth := range []float64{-3, -2, -1, 0, 1} {
		if got, want := c.Risk(2*truth+1), logistic(truth); math.Abs(got-want) > 0.03 {
			t.Errorf("risk %.3f where it is %.3f", got, want)
		}
	}
	last := 0.0
	for m := -50.0; m < 50; m += 0.01 {
		r := c.Risk(m)
		if r < last || r <= 0 || r >= 1 {
			t.Fatalf("the risk at %.2f is %v, before it was %v", m, r, last)
		}
		last = r
	}
}

func TestPlattFindsTheSlopeAndTheIntercept(t *testing.T) {
	margins, bad := overconfident(200000)
	c, err := Platt(margins, bad)
	if err != nil || math.Abs(c.slope-0.5) > 0.01 || math.Abs(c.intercept+0.5) > 0.02 {
		t.Errorf("slope %.3f and intercept %.3f, not 0.5 and -0.5 (%v)", c.slope, c.intercept, err)
	}
}

func TestMarginsThatSayTheContrarySayNothing(t *testing.T) {
	margins, bad := overconfident(2000)
	for i := range bad {
		bad[i] = !bad[i]
	}
	c, err := Platt(margins, bad)
	if err != nil || c.Risk(-5) != c.Risk(5) || c.Risk(0) < 0.5 {
		t.Errorf("risks %v and %v (%v)", c.Risk(-5), c.Risk(5), err)
	}
}

func TestOnlyOneKindOfEndGivesARiskThatIsNotCertain(t *testing.T) {
	for _, kind := range []bool{true, false} {
		c, err := Platt([]float64{-1, 0, 1}, []bool{kind, kind, kind})
		if err != nil {
			t.Fatal(err)
		}
		if r := c.Risk(0); r <= 0.05 || r >= 0.95 || r > 0.5 != kind {
			t.Errorf("risk %v when all three were %v", r, kind)
		}
	}
}

func TestNothingToCalibrateByIsRefused(t *testing.T) {
	for _, m := range [][]float64{nil, {1}, {1, math.NaN()}, {1, math.Inf(1)}} {
		bad := make([]bool, max(len(m), 2))
		if len(m) == 0 {
			bad = nil
		}
		if _, err := Platt(m, bad); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%v: %v", m, err)
		}
	}
}

func TestACurveIsReadAsItWasWritten(t *testing.T) {
	margins, bad := overconfident(500)
	platt, _ := Platt(margins, bad)
	for _, c := range []*Curve{platt, {slope: 1}} {
		data, err := c.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back Curve
		if err := back.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		for m := -5.0; m < 5; m += 0.1 {
			if back.Risk(m) != c.Risk(m) {
				t.Fatalf("risk %v at %v, it was %v", back.Risk(m), m, c.Risk(m))
			}
		}
		if again, err := back.MarshalBinary(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("written again it is something else (%v)", err)
		}
	}
}

func TestADamagedCurveIsRefused(t *testing.T) {
	for _, s := range []string{"", "{", "null", `{"version":2,"slope":1}`, `{"version":1,"slope":-1}`,
		`{"version":1,"slope":1,"more":1}`, `{"version":1,"slope":1} 1`} {
		if err := new(Curve).UnmarshalBinary([]byte(s)); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}
