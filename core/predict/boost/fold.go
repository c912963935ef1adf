package boost

import (
	"context"
	"slices"
)

// folding sums up trees in tables by bins.
type folding struct {
	data  *binned
	edges [][]float32
	cuts  [][]uint8         // per feature: after which bins of values some tree cuts, ascending
	main  map[int][]float64 // by feature
	pairs map[[2]int]*pairFolding
	order [][2]int // of the pairs
	rows  []int    // a sample to take averages from
}

// pairFolding is a table of two features.
type pairFolding struct {
	cuts   [2][]uint8
	values []float64 // by place of the first, then of the second feature
}

// fold makes an ensemble of trees.
func fold(ctx context.Context, data *binned, edges [][]float32, trees []tree, start float64) (*Ensemble, error) {
	f := &folding{data: data, edges: edges, cuts: make([][]uint8, len(edges)),
		main: map[int][]float64{}, pairs: map[[2]int]*pairFolding{}}
	f.sample()
	f.findCuts(trees)
	for i := range trees {
		f.addTree(&trees[i])
	}
	f.purifyAll(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.ensemble(len(trees), start)
}

// sample picks rows to take averages from, evenly.
func (f *folding) sample() {
	n := min(f.data.rows, sampledRows)
	f.rows = make([]int, n)
	for i := range n {
		f.rows[i] = i * f.data.rows / n
	}
}

// pairsOf calls do for each child split of a tree that looks at another feature than the root, and
// with the side it is on.
func pairsOf(t *tree, do func(side int, child split)) {
	for side, child := range t.children {
		if child.feature >= 0 && child.feature != t.root.feature {
			do(side, child)
		}
	}
}

// findCuts finds where the trees cut features, and pairs of them.
func (f *folding) findCuts(trees []tree) {
	for i := range trees {
		t := &trees[i]
		f.cut(t.root.feature, &f.cuts[t.root.feature], t.root)
		for _, child := range t.children {
			if child.feature >= 0 {
				f.cut(child.feature, &f.cuts[child.feature], child)
			}
		}
		pairsOf(t, func(_ int, child split) {
			key, first, second := pairKey(t.root, child)
			p := f.pairs[key]
			if p == nil {
				p = &pairFolding{}
				f.pairs[key] = p
				f.order = append(f.order, key)
			}
			f.cut(key[0], &p.cuts[0], first)
			f.cut(key[1], &p.cuts[1], second)
		})
	}
	slices.SortFunc(f.order, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for i := range trees {
		t := &trees[i]
		f.table(t.root.feature)
		for _, child := range t.children {
			if child.feature >= 0 {
				f.table(child.feature)
			}
		}
	}
	for _, p := range f.pairs {
		p.values = make([]float64, (len(p.cuts[0])+2)*(len(p.cuts[1])+2))
	}
}

// pairKey is the two features of splits, ascending, and their splits in the same order.
func pairKey(a, b split) ([2]int, split, split) {
	if a.feature < b.feature {
		return [2]int{a.feature, b.feature}, a, b
	}
	return [2]int{b.feature, a.feature}, b, a
}

// cut notes where a split cuts. One between all values and the missing ones cuts no values.
func (f *folding) cut(feature int, cuts *[]uint8, s split) {
	if int(s.bin) >= len(f.edges[feature]) {
		return
	}
	if i, has := slices.BinarySearch(*cuts, s.bin); !has {
		*cuts = slices.Insert(*cuts, i, s.bin)
	}
}

// table is the table of a feature by itself.
func (f *folding) table(feature int) []float64 {
	t := f.main[feature]
	if t == nil {
		t = make([]float64, len(f.cuts[feature])+2)
		f.main[feature] = t
	}
	return t
}

// representative is a bin of those between two cuts: the places are as many as cuts and one more,
// then one of the missing values.
func representative(cuts []uint8, place int) uint8 {
	switch {
	case place < len(cuts):
		return cuts[place]
	case place == len(cuts):
		return missing - 1 // the last bin of values, or a bin above it
	}
	return missing
}

// addTree adds a tree to the tables.
func (f *folding) addTree(t *tree) {
	feature := t.root.feature
	main := f.table(feature)
	for place := range main {
		b := representative(f.cuts[feature], place)
		side := 0
		if !t.root.left(b) {
			side = 1
		}
		child := t.children[side]
		leaf := 2 * side
		if child.feature == feature && !child.left(b) {
			leaf++
		}
		if child.feature < 0 || child.feature == feature {
			main[place] += t.leaves[leaf]
		}
	}
	pairsOf(t, func(side int, child split) {
		key, _, _ := pairKey(t.root, child)
		p := f.pairs[key]
		width := len(p.cuts[1]) + 2
		for i := range p.values {
			var b [2]uint8
			b[0], b[1] = representative(p.cuts[0], i/width), representative(p.cuts[1], i%width)
			rootBin, childBin := b[0], b[1]
			if key[0] != feature {
				rootBin, childBin = b[1], b[0]
			}
			if t.root.left(rootBin) != (side == 0) {
				continue
			}
			leaf := 2 * side
			if !child.left(childBin) {
				leaf++
			}
			p.values[i] += t.leaves[leaf]
		}
	})
}

// places says for each bin which place it has among cuts.
func places(cuts []uint8) (to [256]uint16) {
	place := 0
	for b := range missing {
		to[b] = uint16(place)
		if place < len(cuts) && b == int(cuts[place]) {
			place++
		}
	}
	to[missing] = uint16(len(cuts) + 1)
	return to
}

// ensemble centres the tables and makes an ensemble of them.
func (f *folding) ensemble(trees int, start float64) (*Ensemble, error) {
	e := &Ensemble{features: len(f.edges), trees: trees, intercept: start}
	at := map[int]int{}
	for feature := range f.edges {
		table := f.main[feature]
		if table == nil {
			continue
		}
		e.intercept += f.centre(feature, table)
		a := axis{feature: feature, values: table}
		for _, c := range f.cuts[feature] {
			a.cuts = append(a.cuts, f.edges[feature][c])
		}
		at[feature] = len(e.axes)
		e.axes = append(e.axes, a)
	}
	for _, key := range f.order {
		p := f.pairs[key]
		q := pair{first: at[key[0]], second: at[key[1]], values: p.values}
		for side := range q.cuts {
			for _, c := range p.cuts[side] {
				i, _ := slices.BinarySearch(f.cuts[key[side]], c)
				q.cuts[side] = append(q.cuts[side], uint16(i))
			}
		}
		e.pairs = append(e.pairs, q)
	}
	e.prepare()
	e.importance = f.importance(e)
	return e, nil
}
