package boost

// split sends rows to the left or to the right by one feature: to the left those of the bins up to
// bin, and those without a value if it says so. A negative feature is no split.
type split struct {
	feature     int
	bin         uint8
	missingLeft bool
}

var noSplit = split{feature: -1}

// left says where a row goes.
func (s split) left(b uint8) bool {
	if b == missing {
		return s.missingLeft
	}
	return b <= s.bin
}

// found is the best split of a node by one feature.
type found struct {
	split
	gain        float64 // 0: there is none
	left, right cell
}

// finder finds splits. Values of nodes are in its unit: a cell's gradient over its curvature.
type finder struct {
	minRows   int
	minWeight float64 // curvature in a leaf
	l2        float64 // in units of curvature
}

// value is what a node says, the step of Newton held back by L2.
func (f *finder) value(c cell) float64 { return -c.slope() / (c.curvature() + f.l2) }

// gain is by how much a value lowers the loss of a node, twice.
func (f *finder) gain(c cell, v float64) float64 {
	return -v * (2*c.slope() + (c.curvature()+f.l2)*v)
}

// find finds the best split of a node, whose sum is whole, by the histogram of one feature with so
// many bins of values. Each split is tried with the rows that have no value on either side.
func (f *finder) find(feature int, h *histogram, bins int, whole cell) found {
	best := found{split: noSplit}
	stays := f.gain(whole, f.value(whole))
	f.scan(&best, feature, h[:bins], whole, cell{}, stays)
	if h[missing].count() == 0 {
		// Rows to come that have no value go where most rows went.
		best.missingLeft = best.left.count() > best.right.count()
	} else {
		f.scan(&best, feature, h[:bins-1], whole, h[missing], stays)
	}
	if int(best.bin) == bins-1 {
		best.bin = missing - 1 // all values, those above any seen as well
	}
	return best
}

// scan tries to split a node after each bin. left is what is to the left of all of them.
func (f *finder) scan(best *found, feature int, h []cell, whole, left cell, stays float64) {
	missingLeft := left.count() > 0
	for b := range h {
		if h[b].weight == 0 {
			continue // the split is the same as the one before
		}
		left.add(h[b])
		if left.count() < f.minRows {
			continue
		}
		right := whole.less(left)
		if right.count() < f.minRows {
			return
		}
		lh, rh := left.curvature(), right.curvature()
		if lh < f.minWeight || rh < f.minWeight {
			continue
		}
		lg, rg := left.slope(), right.slope()
		lh, rh = lh+f.l2, rh+f.l2
		gain := (lg*lg*rh+rg*rg*lh)/(lh*rh) - stays
		if gain > best.gain {
			*best = found{split{feature, uint8(b), missingLeft}, gain, left, right}
		}
	}
}

// tree is a split and what becomes of its two sides: a leaf, or a split again.
type tree struct {
	root     split
	children [2]split   // left and right
	leaves   [4]float64 // left and right of the left child, then of the right one; equal without a split
}
