package predict

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/predict/boost"
)

// shape is how large a model's ensemble is.
type shape struct {
	depth, trees, leaf int
}

const (
	modelRate  = 0.1
	modelL2    = 10
	modelTrees = 150 // as good as 300 at half the rate, on every file and part of it that was tried, in half the time
	usualLeaf  = 60
)

// leafOf is the smallest leaf for so many examples: 60, less where there are few.
func leafOf(examples int) int { return min(usualLeaf, max(10, examples/50)) }

// fitted is an encoder with the ensemble on it.
type fitted struct {
	enc  *encoder
	ens  *boost.Ensemble
	cols [][]float32 // the features it was fitted on
}

func (s shape) options(cores *boost.Cores) boost.Options {
	return boost.Options{Trees: s.trees, Depth: s.depth, Rate: modelRate, MinLeaf: s.leaf, L2: modelL2, Bins: 64, Seed: 1, Cores: cores}
}

// outcomes are how the rows ended.
func (f *frame) outcomes(rows []int32) []bool {
	out := make([]bool, len(rows))
	for i, e := range rows {
		out[i] = f.bad[e]
	}
	return out
}

// fit learns from rows. What it has done of its trees it adds to p.
func fit(ctx context.Context, f *frame, rows []int32, opt boost.Options, p *core.Progress) (*fitted, error) {
	enc, cols := learnEncoder(f, rows)
	ens, err := boost.Fit(ctx, cols, f.outcomes(rows), opt, treesInto(p))
	if err != nil {
		return nil, err
	}
	return &fitted{enc, ens, cols}, nil
}

// treesInto adds the trees of one fit to p, whose total is those of all fits.
func treesInto(p *core.Progress) func(done, total int) {
	before := 0
	return func(done, _ int) {
		p.Add(int64(done - before))
		before = done
	}
}

// margins are what it says of rows it was not learned from.
func (t *fitted) margins(f *frame, rows []int32) []float64 {
	return marginsOf(t.ens, t.enc.encodeRows(f, rows), len(rows))
}

func marginsOf(ens *boost.Ensemble, cols [][]float32, rows int) []float64 {
	out := make([]float64, rows)
	row := make([]float32, len(cols))
	for i := range out {
		for c := range cols {
			row[c] = cols[c][i]
		}
		out[i] = ens.Margin(row)
	}
	return out
}
