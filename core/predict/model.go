package predict

import (
	"time"

	"deskwatch/core"
	"deskwatch/core/predict/boost"
	"deskwatch/core/predict/calibrate"
)

// Model predicts. It does not change and may be used by several goroutines.
type Model struct {
	version  int
	schema   Schema
	trained  time.Time
	from, to time.Time
	tickets  int
	bad      int
	names    [][]string         // by column of words, its values; a value's code is its place
	codes    []map[string]int32 // the same the other way round
	enc      *encoder
	ens      *boost.Ensemble
	curve    *calibrate.Curve
	features []feature
	reports  []core.FeatureReport
}

// newModel is what a training ends with.
func newModel(t *training, last *fitted) *Model {
	m := &Model{version: t.opt.Version, schema: t.f.schema, trained: t.opt.Now.UTC().Truncate(time.Second), ens: last.ens, curve: t.curve}
	var from, to int64
	for e, l := range t.f.life {
		if !t.f.first[e] {
			continue
		}
		m.tickets++
		m.bad += int(one(t.f.bad[e]))
		created := t.f.lives[l].Created
		if from == 0 || created < from {
			from = created
		}
		to = max(to, created)
	}
	m.from, m.to = time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
	m.names, m.enc = pruned(t.f, last.enc)
	m.prepare()
	return m
}

// prepare derives what scoring needs.
func (m *Model) prepare() {
	m.codes = make([]map[string]int32, len(m.names))
	for c, names := range m.names {
		m.codes[c] = make(map[string]int32, len(names))
		for i, name := range names {
			m.codes[c][name] = int32(i)
		}
	}
	m.features = featuresOf(m.schema, m.enc)
}

// Version is the number it was trained under.
func (m *Model) Version() int { return m.version }

// Schema is what lives must have.
func (m *Model) Schema() Schema { return m.schema }

// BaseRate is the share of bad ends among the tickets it learned from.
func (m *Model) BaseRate() float64 { return float64(m.bad) / float64(max(m.tickets, 1)) }

// TrainedAt is when it was trained.
func (m *Model) TrainedAt() time.Time { return m.trained }

// Window is when the tickets it learned from were created, from and to.
func (m *Model) Window() (from, to time.Time) { return m.from, m.to }

// Tickets is how many tickets with a known end it learned from, and how many of them ended badly.
func (m *Model) Tickets() (known, bad int) { return m.tickets, m.bad }

// Features are what it looks at, the heaviest first.
func (m *Model) Features() []core.FeatureReport {
	return append([]core.FeatureReport{}, m.reports...)
}

// pruned leaves out of an encoder the values seen with one ticket only: what is known of them is
// what is usual anyway.
func pruned(f *frame, n *encoder) (names [][]string, out *encoder) {
	copied := *n
	out = &copied
	out.words, out.pairs = make([][]float32, len(n.words)), make([]pairTable, len(n.pairs))
	names = make([][]string, len(n.words))
	to := make([][]int32, len(n.words))
	for c, rates := range n.words {
		to[c] = renumbered(f, c)
		for code, name := range f.names[c] {
			if to[c][code] >= 0 {
				names[c] = append(names[c], name)
				out.words[c] = append(out.words[c], rates[code])
			}
		}
	}
	for i, t := range n.pairs {
		out.pairs[i] = pairTable{t.a, t.b, make(map[uint64]float32, len(t.cells))}
		for key, rate := range t.cells {
			if a, b := to[t.a][key>>32], to[t.b][uint32(key)]; a >= 0 && b >= 0 {
				out.pairs[i].cells[pairKey(a, b)] = rate
			}
		}
	}
	return names, out
}

// renumbered are the new codes of a column's values, -1 of those seen with one ticket only.
func renumbered(f *frame, column int) []int32 {
	first, to := make([]int32, len(f.names[column])), make([]int32, len(f.names[column]))
	for e, code := range f.words[column] {
		switch life := f.life[e] + 1; {
		case first[code] == 0:
			first[code] = life
		case first[code] != life:
			to[code] = 1
		}
	}
	next := int32(0)
	for code, several := range to {
		to[code] = -1
		if several == 1 {
			to[code] = next
			next++
		}
	}
	return to
}
