package boost

import "math"

// cell sums up the rows of a bin. The gradients and curvatures of the loss are whole numbers of a
// tiny unit, so that sums are exact: they do not depend on the order of the rows, and what one child
// does not have the other has.
type cell struct {
	gradient int64
	// curvature<<countBits | count, in one number because one addition is faster than two. Neither
	// overflows: see units.
	weight uint64
}

const countBits = 24

func (c *cell) add(d cell)        { c.gradient += d.gradient; c.weight += d.weight }
func (c cell) less(d cell) cell   { return cell{c.gradient - d.gradient, c.weight - d.weight} }
func (c cell) count() int         { return int(c.weight & (1<<countBits - 1)) }
func (c cell) slope() float64     { return float64(c.gradient) }
func (c cell) curvature() float64 { return float64(c.weight >> countBits) }
func makeCell(g, h float64) cell {
	return cell{int64(math.RoundToEven(g)), uint64(h+0.5)<<countBits | 1}
}

type histogram [maxBins + 1]cell

// units are how many units of a cell make 1.
type units struct{ gradient, curvature float64 }

// unitsFor are so fine that the sums over all rows just do not overflow. A gradient is at most the
// row's weight, a curvature at most a quarter of it.
func unitsFor(rows int, heaviest float64) units {
	most := math.Ceil(math.Log2(max(float64(rows)*heaviest, 1e-30)))
	return units{math.Exp2(min(61-most, 61)), math.Exp2(64 - countBits - most)}
}

// addAll adds the first rows of a chunk to the histograms of two features. Fitting spends most of its
// time here; inlined it would run short of registers.
//
//go:noinline
func addAll(x, y *histogram, cells []cell, a, b *[chunkRows]uint8) {
	if len(cells) > chunkRows {
		return // never; spares a check of each index, as the next line does of each pointer
	}
	_, _, _, _ = x[0], y[0], a[0], b[0]
	for i := range cells {
		g, w := cells[i].gradient, cells[i].weight
		p := &x[a[i]]
		p.gradient += g
		p.weight += w
		q := &y[b[i]]
		q.gradient += g
		q.weight += w
	}
}

// addSome does so with the rows at the given places of a chunk.
//
//go:noinline
func addSome(x, y *histogram, cells []cell, at []uint16, a, b *[chunkRows]uint8) {
	at = at[:len(cells)]
	_, _, _, _ = x[0], y[0], a[0], b[0]
	for i := range cells {
		g, w := cells[i].gradient, cells[i].weight
		row := at[i] % chunkRows
		p := &x[a[row]]
		p.gradient += g
		p.weight += w
		q := &y[b[row]]
		q.gradient += g
		q.weight += w
	}
}
