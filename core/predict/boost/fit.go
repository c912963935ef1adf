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

// margins are the margins of rows while trees are added.
type margins struct {
	data   *binned
	bad    []bool
	margin []float64
}

func newMargins(data *binned, bad []bool, offset []float64, start float64) *margins {
	m := &margins{data, bad, make([]float64, len(bad))}
	for i := range m.margin {
		m.margin[i] = start
		if offset != nil {
			m.margin[i] += offset[i]
		}
	}
	return m
}

// add adds a tree.
func (m *margins) add(t *tree) {
	parallel(m.data.chunks, func(c int) {
		to := m.margin[c*chunkRows:][:m.data.rowsOf(c)]
		var side [2][256]uint8 // where a row goes, by its bin
		for s, child := range t.children {
			if child.feature < 0 {
				continue
			}
			for b := range side[s] {
				if !child.left(uint8(b)) {
					side[s][b] = 1
				}
			}
		}
		var right [256]uint8
		for b := range right {
			if !t.root.left(uint8(b)) {
				right[b] = 1
			}
		}
		root := m.data.chunk(t.root.feature, c)
		children := [2]*[chunkRows]uint8{root, root}
		for s, child := range t.children {
			if child.feature >= 0 {
				children[s] = m.data.chunk(child.feature, c)
			}
		}
		for i := range to {
			r := right[root[i%chunkRows]] & 1
			to[i] += t.leaves[(2*r+side[r][children[r][i%chunkRows]])&3]
		}
	})
}

// pick picks the rows the next tree looks at and says how each would have its margin changed.
func (m *margins) pick(g *grower, number int, opt Options) {
	all := opt.RowShare >= 1
	below := uint64(opt.RowShare * (1 << 32))
	parallel(m.data.chunks, func(c int) {
		to := &g.rows[c]
		at, cells := to.at[:cap(to.at)], to.cells[:cap(to.cells)]
		draw := mix(opt.Seed ^ mix(uint64(number)<<32|uint64(c)))
		n := 0
		for i := range m.data.rowsOf(c) {
			row := c*chunkRows + i
			if !all {
				draw += 0x9e3779b97f4a7c15
				if mix(draw)>>32 >= below {
					continue
				}
			}
			w := 1.0
			if opt.Weights != nil {
				w = float64(opt.Weights[row])
			}
			p := Probability(m.margin[row])
			h := w * p * (1 - p)
			if m.bad[row] {
				p--
			}
			at[n], cells[n] = uint16(i), makeCell(w*p*g.units.gradient, h*g.units.curvature)
			n++
		}
		*to = picked{all, at[:n], cells[:n]}
	})
}

// mix scrambles a number (splitmix64: Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// loss is the mean logistic loss.
func (m *margins) loss() float64 {
	parts := make([]float64, m.data.chunks)
	parallel(m.data.chunks, func(c int) {
		for i := range m.data.rowsOf(c) {
			x := m.margin[c*chunkRows+i]
			if m.bad[c*chunkRows+i] {
				x = -x
			}
			parts[c] += max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
		}
	})
	sum := 0.0
	for _, p := range parts {
		sum += p
	}
	return sum / float64(len(m.margin))
}

// stopper watches rows not fitted on.
type stopper struct {
	margins
	patience  int
	bestLoss  float64
	bestTrees int
}

func newStopper(data *binned, v *Validation, start float64) *stopper {
	s := &stopper{margins: *newMargins(data, v.Bad, v.Offset, start), patience: v.Patience}
	s.bestLoss = s.loss()
	return s
}

// stop adds a tree, the last of so many, and says whether there have been enough.
func (s *stopper) stop(t *tree, trees int) bool {
	s.add(t)
	if loss := s.loss(); loss < s.bestLoss {
		s.bestLoss, s.bestTrees = loss, trees
	}
	return trees-s.bestTrees >= s.patience
}
