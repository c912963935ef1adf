package calibrate

import (
	"cmp"
	"math"
	"slices"

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

// Isotonic fits the best curve that never falls: neighbouring margins are pooled until their shares
// of bad ends rise (Ayer and others, Annals of Mathematical Statistics 26, 1955). It runs straight
// between the middles of the pools, so that within a pool a higher margin still is a higher risk
// (centred isotonic regression: Oron and Flournoy, Statistics in Biopharmaceutical Research 9, 2017),
// and beyond the outer ones along Platt's curve. A pool of one kind only is not quite 0 or 1. It
// needs what Platt needs, and more of it: some thousand tickets.
func Isotonic(margins []float64, bad []bool) (*Curve, error) {
	platt, err := Platt(margins, bad)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(margins))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(margins[a], margins[b]) })
	var pools []pool
	for k, i := range order {
		p := pool{n: 1, sum: margins[i]}
		if bad[i] {
			p.bad = 1
		}
		if k > 0 && margins[i] == margins[order[k-1]] {
			last := &pools[len(pools)-1]
			last.add(p)
			continue
		}
		pools = pooled(pools)
		pools = append(pools, p)
	}
	pools = pooled(pools)
	c := &Curve{slope: platt.slope}
	for _, p := range pools {
		c.knots = append(c.knots, knot{p.sum / p.n, p.share()})
	}
	softenEnds(c.knots, pools)
	return c, nil
}

// pool are neighbouring tickets.
type pool struct{ n, bad, sum float64 }

func (p *pool) add(q pool)    { p.n, p.bad, p.sum = p.n+q.n, p.bad+q.bad, p.sum+q.sum }
func (p pool) share() float64 { return p.bad / p.n }

// pooled pools the last ones until their shares rise.
func pooled(pools []pool) []pool {
	for n := len(pools); n > 1 && pools[n-2].share() >= pools[n-1].share(); n-- {
		pools[n-2].add(pools[n-1])
		pools = pools[:n-1]
	}
	return pools
}

// softenEnds moves the shares of the outer pools off 0 and 1, by half a ticket at most.
func softenEnds(knots []knot, pools []pool) {
	first, last := 0, len(knots)-1
	if knots[first].Risk == 0 {
		knots[first].Risk = 0.5 / (pools[first].n + 1)
		if last > 0 {
			knots[first].Risk = min(knots[first].Risk, knots[1].Risk/2)
		}
	}
	if knots[last].Risk == 1 {
		rest := 0.5 / (pools[last].n + 1)
		if last > 0 {
			rest = min(rest, (1-knots[last-1].Risk)/2)
		}
		knots[last].Risk = 1 - rest
	}
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
