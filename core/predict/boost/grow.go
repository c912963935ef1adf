package boost

// grower grows one tree after the other. What it works with is allocated once.
type grower struct {
	finder
	data    *binned
	edges   [][]float32
	depth   int
	rate    float64
	units   units
	usable  []int // features of more than one bin
	rows    []picked
	smaller []picked
	// Per feature.
	root, child []histogram
	best        [2][]found
}

// picked are rows of a chunk: their places and what they say, packed, side by side.
type picked struct {
	all  bool // every row of the chunk; at says nothing
	at   []uint16
	rows []uint64
}

func newGrower(data *binned, edges [][]float32, opt Options) *grower {
	u := unitsFor(data.rows)
	g := &grower{
		finder: finder{minRows: opt.MinLeaf, minWeight: 1e-3 * u.curvature, l2: opt.L2 * u.curvature},
		data:   data, edges: edges, depth: opt.Depth, rate: opt.Rate, units: u,
		rows: make([]picked, data.chunks), smaller: make([]picked, data.chunks),
		root: make([]histogram, len(edges)), child: make([]histogram, len(edges)),
		best: [2][]found{make([]found, len(edges)), make([]found, len(edges))},
	}
	for c := range g.rows {
		n := data.rowsOf(c)
		g.rows[c] = picked{true, make([]uint16, n), make([]uint64, n)}
		g.smaller[c] = picked{false, make([]uint16, n), make([]uint64, n)}
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

// grow grows a tree from the rows picked. It fails where no split makes anything better.
func (g *grower) grow() (tree, bool) {
	var whole cell
	for _, chunk := range g.rows {
		var sum uint64
		for _, row := range chunk.rows {
			sum += row
		}
		whole.add(g.units.unpack(sum))
	}
	g.eachFew(func(f int) *histogram { return &g.root[f] }, g.rows, func(f int) {
		g.best[0][f] = g.find(f, &g.root[f], len(g.edges[f])+1, whole)
	})
	root := g.bestOf(g.best[0])
	if root.gain <= 0 {
		return tree{}, false
	}
	children := [2]found{{split: noSplit}, {split: noSplit}}
	sides := [2]cell{root.left, root.right}
	if g.depth > 1 {
		children = g.splitChildren(root, sides)
	}
	t := tree{root: root.split}
	for side, child := range children {
		t.children[side] = child.split
		left, right := child.left, child.right
		if child.feature < 0 {
			left, right = sides[side], sides[side]
		}
		t.leaves[2*side], t.leaves[2*side+1] = g.leaf(left), g.leaf(right)
	}
	return t, true
}

// leaf is what a leaf adds to the margin.
func (g *grower) leaf(c cell) float64 {
	return g.rate * g.value(c) * g.units.curvature / g.units.gradient
}

// splitChildren finds the best split of both children. Only the rows of the smaller are added up;
// the larger has the rest.
func (g *grower) splitChildren(root found, sides [2]cell) [2]found {
	small := 0
	if root.right.count() < root.left.count() {
		small = 1
	}
	g.pickSmaller(root.split, small == 0)
	g.eachFew(func(f int) *histogram { return &g.child[f] }, g.smaller, func(f int) {
		bins := len(g.edges[f]) + 1
		g.best[small][f] = g.find(f, &g.child[f], bins, sides[small])
		rest := &g.root[f]
		for b := range rest {
			rest[b] = rest[b].less(g.child[f][b])
		}
		g.best[1-small][f] = g.find(f, rest, bins, sides[1-small])
	})
	return [2]found{g.bestOf(g.best[0]), g.bestOf(g.best[1])}
}

// bestOf is the best split of all features; of equal ones that of the first feature.
func (g *grower) bestOf(all []found) found {
	best := found{split: noSplit}
	for _, f := range g.usable {
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
	g.data.cores.parallel(g.data.chunks, func(c int) {
		bins := g.data.chunk(by.feature, c)
		from, to := &g.rows[c], &g.smaller[c]
		at, rows := to.at[:cap(to.at)], to.rows[:cap(to.rows)]
		n := 0
		for i := range from.rows {
			place := uint16(i)
			if !from.all {
				place = from.at[i]
			}
			at[n], rows[n] = place, from.rows[i]
			n += int(goes[bins[place%chunkRows]])
		}
		to.at, to.rows = at[:n], rows[:n]
	})
}

// eachFew adds up rows in the histograms of all usable features, a few at a time, and then calls done with
// each feature.
func (g *grower) eachFew(of func(f int) *histogram, rows []picked, done func(f int)) {
	g.data.cores.parallel((len(g.usable)+atOnce-1)/atOnce, func(i int) {
		few := g.usable[atOnce*i : min(atOnce*(i+1), len(g.usable))]
		var at [atOnce]int // what is not there is added up like the first, and forgotten
		for k := range at {
			at[k] = few[0]
			if k < len(few) {
				at[k] = few[k]
				*of(at[k]) = histogram{}
			}
		}
		var to sums
		pending := 0
		flush := func() {
			for k, f := range few {
				h, part := of(f), to[k*(maxBins+1):(k+1)*(maxBins+1)]
				for b, sum := range part[:len(g.edges[f])+1] {
					if sum != 0 {
						h[b].add(g.units.unpack(sum))
					}
				}
				if sum := part[missing]; sum != 0 {
					h[missing].add(g.units.unpack(sum))
				}
			}
			to, pending = sums{}, 0
		}
		for c := range rows {
			r := &rows[c]
			if pending += len(r.rows); pending > g.units.together {
				flush()
				pending = len(r.rows)
			}
			x, y, z, w := g.data.chunk(at[0], c), g.data.chunk(at[1], c), g.data.chunk(at[2], c), g.data.chunk(at[3], c)
			if r.all {
				addAll(&to, r.rows, x, y, z, w)
			} else {
				addSome(&to, r.rows, r.at, x, y, z, w)
			}
		}
		flush()
		for _, f := range few {
			done(f)
		}
	})
}
