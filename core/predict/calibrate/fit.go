package calibrate

import (
	"math"

	"deskwatch/core"
)

// Platt fits a logistic function of the margin (Platt, Advances in Large Margin Classifiers, 1999,
// with his targets that are not quite 0 and 1, by Newton's method as Lin, Lin and Weng, Machine
// Learning 68, 2007). Margins that say nothing, or the contrary, give the same risk everywhere. It
// needs one outcome per margin, at least one, and finite margins.
func Platt(margins []float64, bad []bool) (*Curve, error) {
	if err := check(margins, bad); err != nil {
		return nil, err
	}
	bads := 0
	for _, b := range bad {
		if b {
			bads++
		}
	}
	goods := len(bad) - bads
	high, low := float64(bads+1)/float64(bads+2), 1/float64(goods+2)
	target := func(i int) float64 {
		if bad[i] {
			return high
		}
		return low
	}
	flat := logOdds((float64(bads)*high + float64(goods)*low) / float64(len(bad)))
	c := &Curve{intercept: flat}
	loss := c.loss(margins, target)
	for range 100 {
		var gs, gi, ss, si, ii float64 // slopes and curvatures of the loss
		for i, m := range margins {
			p := logistic(c.slope*m + c.intercept)
			d, h := p-target(i), p*(1-p)
			gs += d * m
			gi += d
			ss += h * m * m
			si += h * m
			ii += h
		}
		ss, ii = ss+1e-12, ii+1e-12 // of one margin only there is no step otherwise
		det := ss*ii - si*si
		if det <= 0 || math.Abs(gs)+math.Abs(gi) < 1e-9*float64(len(bad)) {
			break
		}
		ds, di := (ii*gs-si*gi)/det, (ss*gi-si*gs)/det
		better := false
		for step := 1.0; step > 1e-10 && !better; step /= 2 {
			next := &Curve{slope: c.slope - step*ds, intercept: c.intercept - step*di}
			if l := next.loss(margins, target); l < loss {
				c, loss, better = next, l, true
			}
		}
		if !better {
			break
		}
	}
	if !(c.slope > 0) {
		return &Curve{intercept: flat}, nil
	}
	return c, nil
}

// loss is the logistic loss against targets.
func (c *Curve) loss(margins []float64, target func(i int) float64) float64 {
	sum := 0.0
	for i, m := range margins {
		x := c.slope*m + c.intercept
		sum += max(x, 0) - target(i)*x + math.Log1p(math.Exp(-math.Abs(x)))
	}
	return sum
}

func check(margins []float64, bad []bool) error {
	if len(margins) == 0 || len(margins) != len(bad) {
		return core.NewError(core.CodeInvalid, "calibrate.fit", "There are no tickets to calibrate the model by.", nil)
	}
	for _, m := range margins {
		if math.IsNaN(m) || math.IsInf(m, 0) {
			return core.NewError(core.CodeInvalid, "calibrate.fit", "The model gave a ticket no usable risk.", nil)
		}
	}
	return nil
}
