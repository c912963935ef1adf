package boost

import "math"

// Ensemble is a fitted sum of shallow trees, folded into one table of values per feature and per
// pair of features. It does not change and may be used by several goroutines.
type Ensemble struct {
	features   int
	trees      int // that were summed
	intercept  float64
	importance []float64
	axes       []axis // ascending by feature; only those that are looked at
	pairs      []pair // ascending by their axes

	// What follows is derived from the above, for speed.
	ladders []ladder
	lookups []lookup
	maps    []uint16  // of all lookups: from a place on an axis to one in the table
	values  []float64 // of all lookups
}

// axis is a feature and its table: a value per place between its cuts, then one for a missing
// value. A value that equals a cut is below it.
type axis struct {
	feature int
	cuts    []float32 // ascending
	values  []float64
}

// pair is a table of two axes: a value per place on the first and place on the second.
type pair struct {
	first, second int         // of axes
	cuts          [2][]uint16 // which of the cuts of each axis count
	values        []float64
}

// lookup finds a pair's value: values[base + maps[first+place] + maps[second+place]].
type lookup struct {
	base          int32
	one, two      int32 // axes
	first, second int32 // in maps
}

// prepare derives what makes scoring fast.
func (e *Ensemble) prepare() {
	for _, a := range e.axes {
		e.ladders = append(e.ladders, newLadder(a.cuts))
	}
	for _, p := range e.pairs {
		l := lookup{base: int32(len(e.values)), one: int32(p.first), two: int32(p.second)}
		l.first = int32(len(e.maps))
		e.mapPlaces(len(e.axes[p.first].cuts), p.cuts[0], len(p.cuts[1])+2)
		l.second = int32(len(e.maps))
		e.mapPlaces(len(e.axes[p.second].cuts), p.cuts[1], 1)
		e.values = append(e.values, p.values...)
		e.lookups = append(e.lookups, l)
	}
}

// mapPlaces appends where each place of an axis is in a table with some of its cuts, in steps.
func (e *Ensemble) mapPlaces(cuts int, some []uint16, step int) {
	place := 0
	for i := range cuts + 1 {
		e.maps = append(e.maps, uint16(place*step))
		if place < len(some) && i == int(some[place]) {
			place++
		}
	}
	e.maps = append(e.maps, uint16((len(some)+1)*step))
}

// Features is how many features a row must have.
func (e *Ensemble) Features() int { return e.features }

// Intercept is the mean margin of the rows fitted on; contributions are relative to it.
func (e *Ensemble) Intercept() float64 { return e.intercept }

// Importance is the mean of the absolute contribution of each feature over the rows fitted on.
func (e *Ensemble) Importance() []float64 { return append([]float64(nil), e.importance...) }

// fewAxes is how many axes are looked up without allocating.
const fewAxes = 512

// place writes where a row is on each axis.
func (e *Ensemble) place(row []float32, at []uint16) {
	for i := range e.axes {
		a, l := &e.axes[i], &e.ladders[i]
		v := row[a.feature]
		if v != v {
			at[i] = uint16(len(a.cuts) + 1)
			continue
		}
		at[i] = uint16(l.place(v))
	}
}

// Margin is the log-odds of a bad end, for a row of Features values. With up to 512 features that
// are looked at it allocates nothing.
func (e *Ensemble) Margin(row []float32) float64 {
	var few [fewAxes]uint16
	at := few[:]
	if len(e.axes) > fewAxes {
		at = make([]uint16, len(e.axes))
	}
	e.place(row, at)
	sum := e.intercept
	for i := range e.axes {
		sum += e.axes[i].values[at[i]]
	}
	for i := range e.lookups {
		sum += e.value(&e.lookups[i], at)
	}
	return sum
}

// value is what a pair says where a row is.
func (e *Ensemble) value(l *lookup, at []uint16) float64 {
	return e.values[int(l.base)+int(e.maps[int(l.first)+int(at[l.one])])+int(e.maps[int(l.second)+int(at[l.two])])]
}

// Contributions writes into out, of Features values, what each feature of a row adds to Intercept;
// together with it they are Margin. What a pair adds is halved between its two features. It
// allocates as Margin does.
func (e *Ensemble) Contributions(row []float32, out []float64) {
	var few [fewAxes]uint16
	at := few[:]
	if len(e.axes) > fewAxes {
		at = make([]uint16, len(e.axes))
	}
	e.place(row, at)
	e.contribute(at, out)
}

func (e *Ensemble) contribute(at []uint16, out []float64) {
	clear(out)
	for i := range e.axes {
		a := &e.axes[i]
		out[a.feature] += a.values[at[i]]
	}
	for i := range e.lookups {
		l := &e.lookups[i]
		half := e.value(l, at) / 2
		out[e.axes[l.one].feature] += half
		out[e.axes[l.two].feature] += half
	}
}

// Probability is the share of bad ends at a margin (log-odds).
func Probability(margin float64) float64 { return 1 / (1 + math.Exp(-margin)) }
