package boost

import (
	"context"
	"math"
	"slices"
)

const (
	missing   = 255  // the bin of missing values
	chunkRows = 4096 // rows worked on at a time
)

// binned are rows whose values are numbers of bins: bin 0 holds the values up to the first edge.
type binned struct {
	cores        *Cores
	rows, chunks int
	bins         [][]uint8 // per feature, padded to whole chunks
}

// chunk is one chunk of a feature; rowsOf says how many of its places are rows.
func (b *binned) chunk(feature, chunk int) *[chunkRows]uint8 {
	return (*[chunkRows]uint8)(b.bins[feature][chunk*chunkRows:])
}

// rowsOf is how many rows a chunk holds.
func (b *binned) rowsOf(chunk int) int { return min(b.rows-chunk*chunkRows, chunkRows) }

// findEdges finds for each feature the values that separate its bins. Few different values have a
// bin each; many are split into bins of about as many rows each, by a sample.
func findEdges(ctx context.Context, cores *Cores, cols Columns, bins int) [][]float32 {
	edges := make([][]float32, len(cols))
	cores.parallel(len(cols), func(f int) {
		if ctx.Err() == nil {
			edges[f] = edgesOf(cols[f], bins)
		}
	})
	return edges
}

func edgesOf(col []float32, bins int) []float32 {
	n := min(len(col), edgeRows)
	keys := make([]int32, 0, n)
	for i := range n {
		if v := col[i*len(col)/n]; v == v {
			keys = append(keys, ordered(v))
		}
	}
	keys = sortKeys(keys)
	values := make([]float32, len(keys))
	for i, k := range keys {
		values[i] = unordered(k)
	}
	different := slices.Compact(slices.Clone(values))
	var edges []float32
	if len(different) <= bins {
		for i := 1; i < len(different); i++ {
			edges = append(edges, between(different[i-1], different[i]))
		}
		return edges
	}
	for b := 1; b < bins; b++ {
		// Equal values stay together: the edge is after the last of them.
		i, _ := slices.BinarySearch(different, values[b*len(values)/bins-1])
		if i+1 < len(different) {
			edges = append(edges, between(different[i], different[i+1]))
		}
	}
	return slices.Compact(edges)
}

// between is a value x with a <= x < b, in the middle if there is one.
func between(a, b float32) float32 {
	if m := float32((float64(a) + float64(b)) / 2); m >= a && m < b && !math.IsInf(float64(m), 0) {
		return m
	}
	return a
}

// bin turns values into numbers of bins.
func bin(ctx context.Context, cores *Cores, cols Columns, edges [][]float32, rows int) *binned {
	b := &binned{cores: cores, rows: rows, chunks: (rows + chunkRows - 1) / chunkRows, bins: make([][]uint8, len(cols))}
	cores.parallel(len(cols), func(f int) {
		if ctx.Err() != nil {
			return
		}
		out := make([]uint8, b.chunks*chunkRows)
		search := newLadder(edges[f])
		for i, v := range cols[f] {
			if v == v {
				out[i] = uint8(search.place(v))
			} else {
				out[i] = missing
			}
		}
		b.bins[f] = out
	})
	return b
}

// ladder finds how many of some ascending values are below another. The values are followed by
// others above everything, up to one less than a power of two, so that the search always takes as
// many steps. They are held as whole numbers of the same order: comparing those takes no branch,
// which would be foretold wrongly half of the time.
type ladder struct {
	rungs []int32
	step  int // the first one
}

func newLadder(ascending []float32) ladder {
	size := 1
	for size <= len(ascending) {
		size *= 2
	}
	rungs := make([]int32, size-1)
	for i := range rungs {
		rungs[i] = math.MaxInt32
		if i < len(ascending) {
			rungs[i] = ordered(ascending[i])
		}
	}
	return ladder{rungs, size / 2}
}

// place is how many values are below v, which is not NaN.
func (l *ladder) place(v float32) int {
	at, is, rungs := 0, int64(ordered(v)), l.rungs
	for step := l.step; step > 0; step >>= 1 {
		below := (int64(rungs[at+step-1]) - is) >> 63 // all bits or none
		at += step & int(below)
	}
	return at
}
