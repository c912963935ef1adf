package boost

import (
	"math"
	"math/rand/v2"
)

// grower grows one tree after the other. What it works with is allocated once.
type grower struct {
	finder
	data    *binned
	edges   [][]float32
	depth   int
	rate    float64
	units   units
	share   float64 // of features
	seed    uint64
	usable  []int // features of more than one bin
	rows    []picked
	smaller []picked
	// Per feature.
	root, child []histogram
	best        [2][]found
}

// picked are rows of a chunk: their places and their cells, side by side.
type picked struct {
	all   bool // every row of the chunk; at says nothing
	at    []uint16
	cells []cell
}

func newGrower(data *binned, edges [][]float32, opt Options, u units) *grower {
	g := &grower{
		finder: finder{minRows: opt.MinLeaf, minWeight: 1e-3 * u.curvature, l2: opt.L2 * u.curvature},
		data:   data, edges: edges, depth: opt.Depth, rate: opt.Rate, units: u,
		share: opt.ColumnShare, seed: opt.Seed,
		rows: make([]picked, data.chunks), smaller: make([]picked, data.chunks),
		root: make([]histogram, len(edges)), child: make([]histogram, len(edges)),
		best: [2][]found{make([]found, len(edges)), make([]found, len(edges))},
	}
	for _, m := range opt.Monotone {
		if m != 0 {
			g.monotone = opt.Monotone
		}
	}
	for c := range g.rows {
		n := data.rowsOf(c)
		g.rows[c] = picked{true, make([]uint16, n), make([]cell, n)}
		g.smaller[c] = picked{false, make([]uint16, n), make([]cell, n)}
	}
	for f := range edges {
		if len(edges[f]) > 0 || hasBoth(data.bins[f][:data.rows]) {
			g.usable = append(g.usable, f)
		}
	}
	return g
}

// hasBoth says whether some rows have a value and some have none.
func hasBoth(bins []uint8) bool {
	for _, b := range bins {
		if (b == missing) != (bins[0] == missing) {
			return true
		}
	}
	return false
}

// features are those the tree of a number may split by, ascending.
func (g *grower) features(number int) []int {
	wanted := max(1, int(math.Round(g.share*float64(len(g.usable)))))
	if wanted >= len(g.usable) {
		return g.usable
	}
	draw := rand.New(rand.NewPCG(g.seed, uint64(number)))
	out := make([]int, 0, wanted)
	for i, f := range g.usable {
		if draw.IntN(len(g.usable)-i) < wanted-len(out) {
			out = append(out, f)
		}
	}
	return out
}

// grow grows a tree from the rows picked. It fails where no split makes anything better.
func (g *grower) grow(number int) (tree, bool) {
	features := g.features(number)
	var whole cell
	for _, rows := range g.rows {
		for i := range rows.cells {
			whole.add(rows.cells[i])
		}
	}
	everything := bounds{math.Inf(-1), math.Inf(1)}
	g.eachTwo(features, func(f int) *histogram { return &g.root[f] }, g.rows, func(f int) {
		g.best[0][f] = g.find(f, &g.root[f], len(g.edges[f])+1, whole, everything)
	})
	root := bestOf(g.best[0], features)
	if root.gain <= 0 {
		return tree{}, false
	}
	within := [2]bounds{everything, everything}
	if g.monotone != nil {
		switch g.monotone[root.feature] {
		case 1:
			within[0].high, within[1].low = root.mid, root.mid
		case -1:
			within[0].low, within[1].high = root.mid, root.mid
		}
	}
	children := [2]found{{split: noSplit}, {split: noSplit}}
	sides := [2]cell{root.left, root.right}
	if g.depth > 1 {
		children = g.splitChildren(features, root, sides, within)
	}
	t := tree{root: root.split}
	for side, child := range children {
		t.children[side] = child.split
		left, right := child.left, child.right
		if child.feature < 0 {
			left, right = sides[side], sides[side]
		}
		t.leaves[2*side] = g.leaf(left, within[side])
		t.leaves[2*side+1] = g.leaf(right, within[side])
	}
	return t, true
}

// leaf is what a leaf adds to the margin.
func (g *grower) leaf(c cell, in bounds) float64 {
	return g.rate * g.value(c, in) * g.units.curvature / g.units.gradient
}

// splitChildren finds the best split of both children. Only the rows of the smaller are added up;
// the larger has the rest.
func (g *grower) splitChildren(features []int, root found, sides [2]cell, within [2]bounds) [2]found {
	small := 0
	if root.right.count() < root.left.count() {
		small = 1
	}
	g.pickSmaller(root.split, small == 0)
	g.eachTwo(features, func(f int) *histogram { return &g.child[f] }, g.smaller, func(f int) {
		bins := len(g.edges[f]) + 1
		g.best[small][f] = g.find(f, &g.child[f], bins, sides[small], within[small])
		rest := &g.root[f]
		for b := range rest {
			rest[b] = rest[b].less(g.child[f][b])
		}
		g.best[1-small][f] = g.find(f, rest, bins, sides[1-small], within[1-small])
	})
	return [2]found{bestOf(g.best[0], features), bestOf(g.best[1], features)}
}

// bestOf is the best split of all features; of equal ones that of the first feature.
func bestOf(all []found, features []int) found {
	best := found{split: noSplit}
	for _, f := range features {
		if all[f].gain > best.gain {
			best = all[f]
		}
	}
	return best
}

// pickSmaller picks the rows that go to one side.
func (g *grower) pickSmaller(by split, left bool) {
	var goes [256]uint8
	for b := range goes {
		if by.left(uint8(b)) == left {
			goes[b] = 1
		}
	}
	parallel(g.data.chunks, func(c int) {
		bins := g.data.chunk(by.feature, c)
		from, to := &g.rows[c], &g.smaller[c]
		at, cells := to.at[:cap(to.at)], to.cells[:cap(to.cells)]
		n := 0
		for i := range from.cells {
			row := uint16(i)
			if !from.all {
				row = from.at[i]
			}
			at[n], cells[n] = row, from.cells[i]
			n += int(goes[bins[row%chunkRows]])
		}
		to.at, to.cells = at[:n], cells[:n]
	})
}

// eachTwo adds up rows in the histograms of all features, two at a time, and then calls done with
// each feature.
func (g *grower) eachTwo(features []int, of func(f int) *histogram, rows []picked, done func(f int)) {
	parallel((len(features)+1)/2, func(i int) {
		one := features[2*i]
		two := one
		x := of(one)
		*x = histogram{}
		var spare histogram
		y := &spare
		if 2*i+1 < len(features) {
			two = features[2*i+1]
			y = of(two)
			*y = spare
		}
		for c := range rows {
			a, b := g.data.chunk(one, c), g.data.chunk(two, c)
			if rows[c].all {
				addAll(x, y, rows[c].cells, a, b)
			} else {
				addSome(x, y, rows[c].cells, rows[c].at, a, b)
			}
		}
		done(one)
		if two != one {
			done(two)
		}
	})
}
