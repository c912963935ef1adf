package calibrate

import (
	"bytes"
	"encoding/json"
	"math"
	"sort"

	"deskwatch/core"
)

// Curve says how likely a bad end is at a margin (log-odds) of a model. It never falls where the
// margin rises, and stays strictly between 0 and 1. It does not change and may be used by several
// goroutines.
type Curve struct {
	// Without knots the risk is the logistic function of slope·margin + intercept. With knots it runs
	// straight between them, and on both sides of them along a logistic function of that slope.
	slope, intercept float64
	knots            []knot
}

// knot is a point of the curve.
type knot struct {
	Margin float64 `json:"margin"`
	Risk   float64 `json:"risk"`
}

// least is the least risk a curve says, and what it leaves at the other end.
const least = 1e-9

// Plain takes margins at their word.
func Plain() *Curve { return &Curve{slope: 1} }

// Risk is how likely a bad end is at a margin; NaN at NaN.
func (c *Curve) Risk(margin float64) float64 {
	return min(max(c.risk(margin), least), 1-least)
}

func (c *Curve) risk(margin float64) float64 {
	if len(c.knots) == 0 {
		return logistic(c.slope*margin + c.intercept)
	}
	i := sort.Search(len(c.knots), func(i int) bool { return c.knots[i].Margin > margin })
	if i == 0 || i == len(c.knots) {
		end := c.knots[max(i-1, 0)]
		return logistic(logOdds(end.Risk) + c.slope*(margin-end.Margin))
	}
	a, b := c.knots[i-1], c.knots[i]
	return a.Risk + (b.Risk-a.Risk)*(margin-a.Margin)/(b.Margin-a.Margin)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func logOdds(p float64) float64 { return math.Log(p / (1 - p)) }

// written is a curve as MarshalBinary writes it.
type written struct {
	Version   int     `json:"version"`
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
	Knots     []knot  `json:"knots"`
}

const version = 1

// MarshalBinary writes the curve, the same bytes for the same curve.
func (c *Curve) MarshalBinary() ([]byte, error) {
	return json.Marshal(written{version, c.slope, c.intercept, c.knots})
}

// UnmarshalBinary reads what MarshalBinary wrote. Anything else it refuses with core.CodeInvalid, and
// leaves c as it was.
func (c *Curve) UnmarshalBinary(data []byte) error {
	var w written
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil || d.More() || w.Version != version || !w.sound() {
		return core.NewError(core.CodeInvalid, "calibrate.read",
			"The model is damaged or was written by another version of Deskwatch. Train it again.", err)
	}
	*c = Curve{w.Slope, w.Intercept, w.Knots}
	return nil
}

// sound says whether the curve never falls and stays between 0 and 1.
func (w written) sound() bool {
	for i, k := range w.Knots {
		if !(k.Risk > 0 && k.Risk < 1) {
			return false
		}
		if i > 0 && (k.Margin <= w.Knots[i-1].Margin || k.Risk < w.Knots[i-1].Risk) {
			return false
		}
	}
	return w.Slope >= 0
}
