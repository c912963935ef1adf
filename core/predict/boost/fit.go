package boost

import (
	"context"
	"math"
)

// Fit fits an ensemble to which rows ended badly. The same input gives the same ensemble, whatever
// the number of cores. It fails when ctx ends or the input does not fit together. progress, if not
// nil, hears of trees done, from the goroutine that called.
func Fit(ctx context.Context, cols Columns, bad []bool, opt Options, progress func(done, total int)) (*Ensemble, error) {
	opt = opt.withDefaults(len(bad))
	if err := opt.check(cols, bad); err != nil {
		return nil, err
	}
	start, ok := startMargin(bad, opt.Weights, opt.Offset)
	if !ok {
		return nil, invalid("No ticket has a weight to learn by.")
	}
	edges := findEdges(ctx, cols, opt.Bins)
	data := bin(ctx, cols, edges, len(bad))
	var held *binned
	if opt.Stop != nil {
		held = bin(ctx, opt.Stop.Columns, edges, len(opt.Stop.Bad))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	heaviest := 1.0
	if opt.Weights != nil {
		heaviest = 0
		for _, w := range opt.Weights {
			heaviest = max(heaviest, float64(w))
		}
	}
	g := newGrower(data, edges, opt, unitsFor(len(bad), heaviest))
	state := newMargins(data, bad, opt.Offset, start)
	var watch *stopper
	if opt.Stop != nil {
		watch = newStopper(held, opt.Stop, start)
	}
	var trees []tree
	for number := range opt.Trees {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		state.pick(g, number, opt)
		t, ok := g.grow(number)
		if ok {
			trees = append(trees, t)
			state.add(&t)
			if watch != nil && watch.stop(&t, len(trees)) {
				break
			}
		} else if opt.RowShare >= 1 && opt.ColumnShare >= 1 {
			break // no other tree will find anything either
		}
		if progress != nil {
			progress(number+1, opt.Trees)
		}
	}
	if watch != nil {
		trees = trees[:watch.bestTrees]
	}
	if progress != nil {
		progress(opt.Trees, opt.Trees)
	}
	return fold(ctx, data, edges, trees, start, opt.Weights)
}

// startMargin is the one margin that, added to the offsets, fits all rows best. Were all bad or all
// good it would be infinite: half a row of each is added.
func startMargin(bad []bool, weights []float32, offset []float64) (float64, bool) {
	bads, all := 0.5, 1.0
	for i, b := range bad {
		w := 1.0
		if weights != nil {
			w = float64(weights[i])
		}
		all += w
		if b {
			bads += w
		}
	}
	if all == 1 {
		return 0, false
	}
	start := math.Log(bads / (all - bads))
	if offset == nil {
		return start, true
	}
	// Newton's steps from nothing added. The loss is convex; steps are kept short against offsets
	// that are far off.
	start = 0
	for range 50 {
		slope, curvature := Probability(start)-0.5, 0.25
		for i, o := range offset {
			w := 1.0
			if weights != nil {
				w = float64(weights[i])
			}
			p := Probability(o + start)
			curvature += w * p * (1 - p)
			if bad[i] {
				p--
			}
			slope += w * p
		}
		step := min(max(slope/curvature, -2), 2)
		start -= step
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	return start, true
}
