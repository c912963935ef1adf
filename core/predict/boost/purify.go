package boost

import (
	"context"
	"math"
)

// purifyAll moves what tables of pairs say of one feature alone into that feature's table.
func (f *folding) purifyAll(ctx context.Context) {
	type moved struct{ first, second []float64 }
	out := make([]moved, len(f.order))
	f.data.cores.parallel(len(f.order), func(i int) {
		if ctx.Err() != nil {
			return
		}
		key := f.order[i]
		p := f.pairs[key]
		first, second := places(p.cuts[0]), places(p.cuts[1])
		width := len(p.cuts[1]) + 2
		mass := make([]float64, len(p.values))
		a, b := f.data.bins[key[0]], f.data.bins[key[1]]
		for _, row := range f.rows {
			mass[int(first[a[row]])*width+int(second[b[row]])]++
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

// centre takes the mean of a feature's table, over the sample, out of it.
func (f *folding) centre(feature int, table []float64) float64 {
	to := places(f.cuts[feature])
	mass := make([]float64, len(table))
	for _, row := range f.rows {
		mass[to[f.data.bins[feature][row]]]++
	}
	mean := 0.0
	for i := range table {
		mean += table[i] * mass[i] / float64(len(f.rows))
	}
	for i := range table {
		table[i] -= mean
	}
	return mean
}

// importanceRows are enough rows for a mean of two digits.
const importanceRows = 5000

// importance is the mean of the absolute contribution of each feature.
func (f *folding) importance(e *Ensemble) []float64 {
	sums := make([]float64, e.features)
	at := make([]uint16, len(e.axes))
	one := make([]float64, e.features)
	to := make([][256]uint16, len(e.axes))
	for i, a := range e.axes {
		to[i] = places(f.cuts[a.feature])
	}
	n := min(len(f.rows), importanceRows)
	for k := range n {
		k = k * len(f.rows) / n
		for i, a := range e.axes {
			at[i] = to[i][f.data.bins[a.feature][f.rows[k]]]
		}
		e.contribute(at, one)
		for i, v := range one {
			sums[i] += math.Abs(v)
		}
	}
	for i := range sums {
		sums[i] /= float64(n)
	}
	return sums
}
