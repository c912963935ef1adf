package boost

import (
	"context"
	"math"
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
	mass  []float64
}

// pairFolding is a table of two features.
type pairFolding struct {
	cuts   [2][]uint8
	values []float64 // by place of the first, then of the second feature
}

// fold makes an ensemble of trees.
func fold(ctx context.Context, data *binned, edges [][]float32, trees []tree, start float64, weights []float32) (*Ensemble, error) {
	f := &folding{data: data, edges: edges, cuts: make([][]uint8, len(edges)),
		main: map[int][]float64{}, pairs: map[[2]int]*pairFolding{}}
	f.sample(weights)
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
func (f *folding) sample(weights []float32) {
	n := min(f.data.rows, sampledRows)
	f.rows, f.mass = make([]int, n), make([]float64, n)
	for i := range n {
		row := i * f.data.rows / n
		f.rows[i], f.mass[i] = row, 1
		if weights != nil {
			f.mass[i] = float64(weights[row])
		}
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

// purifyAll moves what tables of pairs say of one feature alone into that feature's table.
func (f *folding) purifyAll(ctx context.Context) {
	type moved struct{ first, second []float64 }
	out := make([]moved, len(f.order))
	parallel(len(f.order), func(i int) {
		if ctx.Err() != nil {
			return
		}
		key := f.order[i]
		p := f.pairs[key]
		first, second := places(p.cuts[0]), places(p.cuts[1])
		width := len(p.cuts[1]) + 2
		mass := make([]float64, len(p.values))
		a, b := f.data.bins[key[0]], f.data.bins[key[1]]
		for k, row := range f.rows {
			mass[int(first[a[row]])*width+int(second[b[row]])] += f.mass[k]
		}
		out[i].first, out[i].second = purify(p.values, mass, width)
	})
	if ctx.Err() != nil {
		return
	}
	for i, key := range f.order {
		p := f.pairs[key]
		for side, add := range [2][]float64{out[i].first, out[i].second} {
			to := places(p.cuts[side])
			main := f.table(key[side])
			for place := range main {
				main[place] += add[to[representative(f.cuts[key[side]], place)]]
			}
		}
	}
}

// purify takes out of a table, row by row and column by column, their means, weighted by how many
// tickets are in each cell, until there are none left. It returns what it took out by row and by
// column; the sum stays the same everywhere.
func purify(values, mass []float64, width int) (rows, columns []float64) {
	height := len(values) / width
	rows, columns = make([]float64, height), make([]float64, width)
	largest := 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	// take takes out the mean of n cells that are step apart.
	take := func(from, step, n int) float64 {
		sum, all := 0.0, 0.0
		for i := range n {
			sum += values[from+i*step] * mass[from+i*step]
			all += mass[from+i*step]
		}
		if all == 0 {
			return 0
		}
		mean := sum / all
		for i := range n {
			values[from+i*step] -= mean
		}
		return mean
	}
	for range 1000 {
		most := 0.0
		for r := range height {
			m := take(r*width, 1, width)
			rows[r] += m
			most = max(most, math.Abs(m))
		}
		for c := range width {
			m := take(c, width, height)
			columns[c] += m
			most = max(most, math.Abs(m))
		}
		if most <= 1e-12*largest {
			break
		}
	}
	return rows, columns
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

// centre takes the mean of a feature's table, over the sample, out of it.
func (f *folding) centre(feature int, table []float64) float64 {
	to := places(f.cuts[feature])
	mass := make([]float64, len(table))
	all := 0.0
	for k, row := range f.rows {
		mass[to[f.data.bins[feature][row]]] += f.mass[k]
		all += f.mass[k]
	}
	if all == 0 {
		return 0
	}
	mean := 0.0
	for i := range table {
		mean += table[i] * mass[i] / all
	}
	for i := range table {
		table[i] -= mean
	}
	return mean
}

// importanceRows are enough rows for a mean of two digits.
const importanceRows = 20_000

// importance is the mean of the absolute contribution of each feature.
func (f *folding) importance(e *Ensemble) []float64 {
	sums := make([]float64, e.features)
	at := make([]uint16, len(e.axes))
	one := make([]float64, e.features)
	to := make([][256]uint16, len(e.axes))
	for i, a := range e.axes {
		to[i] = places(f.cuts[a.feature])
	}
	n, all := min(len(f.rows), importanceRows), 0.0
	for k := range n {
		k = k * len(f.rows) / n
		for i, a := range e.axes {
			at[i] = to[i][f.data.bins[a.feature][f.rows[k]]]
		}
		e.contribute(at, one)
		for i, v := range one {
			sums[i] += f.mass[k] * math.Abs(v)
		}
		all += f.mass[k]
	}
	if all > 0 {
		for i := range sums {
			sums[i] /= all
		}
	}
	return sums
}
