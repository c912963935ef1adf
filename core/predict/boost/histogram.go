package boost

import "math/bits"

// cell sums up the rows of a bin. The gradients and curvatures of the loss are whole numbers of a
// small unit, so that sums are exact: they do not depend on the order of the rows, and what one child
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

type histogram [maxBins + 1]cell

// units are how many units of a cell make 1, and how a row, and sums of up to some thousands of them,
// fit into one number: the gradient highest, then the curvature, then the count. Adding up one number
// of each row is what makes fitting fast. Of a gradient 14 bits are kept, more where there are fewer
// rows than a chunk has; what rounding them adds is far below what chance does.
type units struct {
	gradient, curvature float64

	at       uint // where the gradient begins
	heights  uint // where the curvature begins
	tops     int64
	together int // rows whose sum fits
}

func unitsFor(rows int) units {
	k := uint(bits.Len(uint(min(rows, chunkRows) - 1))) // rows are at most 2 to the power of it
	p := (62-3*k)/2 - 1                                 // bits of a curvature
	q := 62 - 3*k - p                                   // and of a gradient, without its sign
	// A gradient is at most 1, a curvature at most a quarter.
	return units{gradient: float64(uint64(1)<<q - 1), curvature: 4 * float64(uint64(1)<<p-1),
		at: 2*k + 1 + p, heights: k + 1, tops: 1 << q, together: 1 << k}
}

// pack puts a row into one number.
func (u *units) pack(gradient, curvature float64) uint64 {
	g := int64(gradient*u.gradient+float64(u.tops)+0.5) - u.tops // rounded, cheaper than by math.Round
	return uint64(g)<<u.at + uint64(int64(curvature*u.curvature+0.5))<<u.heights + 1
}

// unpack is a sum of packed rows.
func (u *units) unpack(sum uint64) cell {
	low := sum & (1<<u.at - 1)
	return cell{int64(sum) >> u.at, low>>u.heights<<countBits | low&(1<<u.heights-1)}
}

// atOnce is how many features are added up side by side.
const atOnce = 4

// sums are sums of packed rows by bin, of one feature after the other.
type sums [atOnce * (maxBins + 1)]uint64

// addAll adds the first rows of a chunk. Fitting spends most of its time here; inlined it would run
// short of registers.
//
//go:noinline
func addAll(to *sums, rows []uint64, a, b, c, d *[chunkRows]uint8) {
	if len(rows) > chunkRows {
		return // never; spares a check of each index, as the next line does of each pointer
	}
	_, _, _, _, _ = to[0], a[0], b[0], c[0], d[0]
	for i, row := range rows {
		to[a[i]] += row
		to[256+int(b[i])] += row
		to[512+int(c[i])] += row
		to[768+int(d[i])] += row
	}
}

// addSome does so with the rows at the given places of a chunk.
//
//go:noinline
func addSome(to *sums, rows []uint64, at []uint16, a, b, c, d *[chunkRows]uint8) {
	at = at[:len(rows)]
	_, _, _, _, _ = to[0], a[0], b[0], c[0], d[0]
	for i, row := range rows {
		place := at[i] % chunkRows
		to[a[place]] += row
		to[256+int(b[place])] += row
		to[512+int(c[place])] += row
		to[768+int(d[place])] += row
	}
}
