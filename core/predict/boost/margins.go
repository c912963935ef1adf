package boost

// margins are the margins of rows while trees are added.
type margins struct {
	data   *binned
	bad    []bool
	margin []float64
	curve  *curve
}

func newMargins(data *binned, bad []bool, start float64) *margins {
	m := &margins{data, bad, make([]float64, len(bad)), newCurve()}
	for i := range m.margin {
		m.margin[i] = start
	}
	return m
}

// add adds a tree.
func (m *margins) add(t *tree) {
	m.data.cores.parallel(m.data.chunks, func(c int) {
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
	m.data.cores.parallel(m.data.chunks, func(c int) {
		to := &g.rows[c]
		at, rows := to.at[:cap(to.at)], to.rows[:cap(to.rows)]
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
			p := m.curve.at(m.margin[row])
			bad := 0
			if m.bad[row] { // without a jump, which would be foretold wrongly for each bad one
				bad = 1
			}
			at[n], rows[n] = uint16(i), g.units.pack(p-float64(bad), p*(1-p))
			n++
		}
		*to = picked{all, at[:n], rows[:n]}
	})
}

const (
	curveReach = 16 // of margins; beyond, a probability is as good as 0 or 1
	curveSteps = 64 // to 1
)

// curve is Probability at margins in small steps. Between them it is drawn straight, which is right to
// five digits: as many as a gradient is rounded to, and several times faster.
type curve [2*curveReach*curveSteps + 2]float64

func newCurve() *curve {
	c := new(curve)
	for i := range c {
		c[i] = Probability(float64(i)/curveSteps - curveReach)
	}
	return c
}

func (c *curve) at(margin float64) float64 {
	x := (margin + curveReach) * curveSteps
	if !(x > 0) { // not by min and max, which take several times as long
		x = 0
	} else if x > 2*curveReach*curveSteps {
		x = 2 * curveReach * curveSteps
	}
	i := int(x)
	return c[i] + (x-float64(i))*(c[i+1]-c[i])
}

// mix scrambles a number (splitmix64: Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
