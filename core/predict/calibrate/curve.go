package calibrate

import (
	"bytes"
	"encoding/json"
	"math"

	"deskwatch/core"
)

// Curve says how likely a bad end is at a margin (log-odds) of a model: the logistic function of
// slope·margin + intercept. It never falls where the margin rises, and stays strictly between 0 and
// 1. It does not change and may be used by several goroutines.
type Curve struct{ slope, intercept float64 }

// least is the least risk a curve says, and what it leaves at the other end.
const least = 1e-9

// Risk is how likely a bad end is at a margin; NaN at NaN.
func (c *Curve) Risk(margin float64) float64 {
	return min(max(logistic(c.slope*margin+c.intercept), least), 1-least)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func logOdds(p float64) float64 { return math.Log(p / (1 - p)) }

// written is a curve as MarshalBinary writes it.
type written struct {
	Version   int     `json:"version"`
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
}

const version = 1

// MarshalBinary writes the curve, the same bytes for the same curve.
func (c *Curve) MarshalBinary() ([]byte, error) {
	return json.Marshal(written{version, c.slope, c.intercept})
}

// UnmarshalBinary reads what MarshalBinary wrote. Anything else it refuses with core.CodeInvalid, and
// leaves c as it was.
func (c *Curve) UnmarshalBinary(data []byte) error {
	var w written
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil || d.More() || w.Version != version || !(w.Slope >= 0) {
		return core.NewError(core.CodeInvalid, "calibrate.read",
			"The model is damaged or was written by another version of Deskwatch. Train it again.", err)
	}
	*c = Curve{w.Slope, w.Intercept}
	return nil
}
