package boost

import (
	"context"
	"math"
)

// Fit fits an ensemble to which rows ended badly. The same input gives the same ensemble, whatever
// the number of cores. It fails when ctx ends or the input does not fit together. progress, if not
// nil, hears of trees done, from the goroutine that called; the last time that all are.
func Fit(ctx context.Context, cols Columns, bad []bool, opt Options, progress func(done, total int)) (*Ensemble, error) {
	opt = opt.withDefaults(len(bad))
	if err := opt.check(cols, bad); err != nil {
		return nil, err
	}
	edges := findEdges(ctx, opt.Cores, cols, opt.Bins)
	data := bin(ctx, opt.Cores, cols, edges, len(bad))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	start := startMargin(bad)
	g := newGrower(data, edges, opt)
	state := newMargins(data, bad, start)
	var trees []tree
	for number := range opt.Trees {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		state.pick(g, number, opt)
		t, ok := g.grow()
		if ok {
			trees = append(trees, t)
			state.add(&t)
		} else if opt.RowShare >= 1 {
			break // no other tree will find anything either
		}
		if progress != nil {
			progress(number+1, opt.Trees)
		}
	}
	if progress != nil {
		progress(opt.Trees, opt.Trees)
	}
	return fold(ctx, data, edges, trees, start)
}

// startMargin is the one margin that fits all rows best. Were all bad or all good it would be
// infinite: half a row of each is added.
func startMargin(bad []bool) float64 {
	bads, all := 0.5, 1+float64(len(bad))
	for _, b := range bad {
		if b {
			bads++
		}
	}
	return math.Log(bads / (all - bads))
}
