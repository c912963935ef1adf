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
	for name, fit := range map[string]func([]float64, []bool) (*Curve, error){"Platt": Platt, "isotonic": Isotonic} {
		c, err := fit(margins, bad)
		if err != nil {
			t.Fatal(err)
		}
		for _, truth := range []float64{-3, -2, -1, 0, 1} {
			if got, want := c.Risk(2*truth+1), logistic(truth); math.Abs(got-want) > 0.03 {
				t.Errorf("%s: risk %.3f where it is %.3f", name, got, want)
			}
		}
		last := 0.0
		for m := -50.0; m < 50; m += 0.01 {
			r := c.Risk(m)
			if r < last || r <= 0 || r >= 1 {
				t.Fatalf("%s: the risk at %.2f is %v, before it was %v", name, m, r, last)
			}
			last = r
		}
	}
}

func TestPlattFindsTheSlopeAndTheIntercept(t *testing.T) {
	margins, bad := overconfident(200000)
	c, err := Platt(margins, bad)
	if err != nil || math.Abs(c.slope-0.5) > 0.01 || math.Abs(c.intercept+0.5) > 0.02 {
		t.Errorf("slope %.3f and intercept %.3f, not 0.5 and -0.5 (%v)", c.slope, c.intercept, err)
	}
}

func TestPoolsAreThoseComputedByHand(t *testing.T) {
	// Shares 0, 1, 0, 1, 1 by margin: the second and third are pooled to a half.
	c, err := Isotonic([]float64{1, 2, 3, 4, 5}, []bool{false, true, false, true, true})
	if err != nil {
		t.Fatal(err)
	}
	// The last two are pooled too, as they are equal.
	want := []knot{{1, 0.25}, {2.5, 0.5}, {4.5, 1 - 1./6}}
	if len(c.knots) != len(want) {
		t.Fatalf("knots %v, not %v", c.knots, want)
	}
	for i, k := range c.knots {
		if math.Abs(k.Margin-want[i].Margin) > 1e-12 || math.Abs(k.Risk-want[i].Risk) > 1e-12 {
			t.Errorf("knots %v, not %v", c.knots, want)
		}
	}
	if r := c.Risk(1.75); math.Abs(r-0.375) > 1e-12 {
		t.Errorf("halfway between two knots the risk is %v", r)
	}
}

func TestEqualMarginsGetOneRisk(t *testing.T) {
	c, err := Isotonic([]float64{0, 0, 0, 0}, []bool{true, false, false, false})
	if err != nil || math.Abs(c.Risk(0)-0.25) > 1e-12 {
		t.Errorf("risk %v of one bad in four (%v)", c.Risk(0), err)
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
		for _, fit := range []func([]float64, []bool) (*Curve, error){Platt, Isotonic} {
			c, err := fit([]float64{-1, 0, 1}, []bool{kind, kind, kind})
			if err != nil {
				t.Fatal(err)
			}
			if r := c.Risk(0); r <= 0.05 || r >= 0.95 || r > 0.5 != kind {
				t.Errorf("risk %v when all three were %v", r, kind)
			}
		}
	}
}

func TestNothingToCalibrateByIsRefused(t *testing.T) {
	for _, m := range [][]float64{nil, {1}, {1, math.NaN()}, {1, math.Inf(1)}} {
		bad := make([]bool, max(len(m), 2))
		if len(m) == 0 {
			bad = nil
		}
		if _, err := Isotonic(m, bad); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%v: %v", m, err)
		}
	}
}

func TestACurveIsReadAsItWasWritten(t *testing.T) {
	margins, bad := overconfident(500)
	platt, _ := Platt(margins, bad)
	isotonic, _ := Isotonic(margins, bad)
	for _, c := range []*Curve{platt, isotonic, Plain()} {
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
		`{"version":1,"slope":1,"more":1}`, `{"version":1,"slope":1} 1`,
		`{"version":1,"slope":1,"knots":[{"margin":1,"risk":0}]}`,
		`{"version":1,"slope":1,"knots":[{"margin":1,"risk":0.5},{"margin":1,"risk":0.6}]}`,
		`{"version":1,"slope":1,"knots":[{"margin":1,"risk":0.5},{"margin":2,"risk":0.4}]}`} {
		if err := new(Curve).UnmarshalBinary([]byte(s)); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%q: %v", s, err)
		}
	}
}
