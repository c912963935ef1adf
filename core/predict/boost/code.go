package boost

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"

	"deskwatch/core"
)

// mark begins what MarshalBinary writes; its last byte is the version.
const mark = "dwboost\x01"

const maxCuts = maxBins - 1 // of one feature

// MarshalBinary writes the ensemble, the same bytes for the same ensemble: all numbers little-endian,
// lists after their length, a CRC-32 at the end.
func (e *Ensemble) MarshalBinary() ([]byte, error) {
	w := writer{[]byte(mark)}
	w.count(e.features)
	w.count(e.trees)
	w.float(e.intercept)
	for _, v := range e.importance {
		w.float(v)
	}
	w.count(len(e.axes))
	for _, a := range e.axes {
		w.count(a.feature)
		w.count(len(a.cuts))
		for _, c := range a.cuts {
			w.data = binary.LittleEndian.AppendUint32(w.data, math.Float32bits(c))
		}
		for _, v := range a.values {
			w.float(v)
		}
	}
	w.count(len(e.pairs))
	for _, p := range e.pairs {
		w.count(p.first)
		w.count(p.second)
		for _, cuts := range p.cuts {
			w.count(len(cuts))
			for _, c := range cuts {
				w.count(int(c))
			}
		}
		for _, v := range p.values {
			w.float(v)
		}
	}
	return binary.LittleEndian.AppendUint32(w.data, crc32.ChecksumIEEE(w.data)), nil
}

// UnmarshalBinary reads what MarshalBinary wrote. Anything else it refuses with core.CodeInvalid,
// and leaves e as it was.
func (e *Ensemble) UnmarshalBinary(data []byte) error {
	end := len(data) - 4
	if end < len(mark) || !bytes.HasPrefix(data, []byte(mark)) ||
		crc32.ChecksumIEEE(data[:end]) != binary.LittleEndian.Uint32(data[end:]) {
		return damaged()
	}
	read, ok := decode(data[len(mark):end])
	if !ok {
		return damaged()
	}
	read.prepare()
	*e = *read
	return nil
}

func damaged() error {
	return core.NewError(core.CodeInvalid, "boost.read",
		"The model is damaged or was written by another version of Deskwatch. Train it again.", nil)
}

// decode reads an ensemble and checks that looking anything up in it stays within its tables.
func decode(data []byte) (*Ensemble, bool) {
	r := reader{data: data}
	e := &Ensemble{features: r.count(maxFeatures), trees: r.count(math.MaxInt32), intercept: r.float()}
	e.importance = r.floats(e.features)
	last := -1
	for range r.count(e.features) {
		a := axis{feature: r.count(e.features - 1)}
		cuts := r.count(maxCuts)
		for range cuts {
			c := math.Float32frombits(uint32(r.number(4)))
			if c != c || len(a.cuts) > 0 && !(a.cuts[len(a.cuts)-1] < c) {
				return nil, false
			}
			a.cuts = append(a.cuts, c)
		}
		a.values = r.floats(cuts + 2)
		if r.failed || a.feature <= last {
			return nil, false
		}
		last = a.feature
		e.axes = append(e.axes, a)
	}
	before := pair{first: -1}
	for range r.count(len(e.axes) * len(e.axes)) {
		p := pair{first: r.count(len(e.axes) - 1), second: r.count(len(e.axes) - 1)}
		if r.failed || p.first >= p.second ||
			p.first < before.first || p.first == before.first && p.second <= before.second {
			return nil, false
		}
		for side, on := range [2]int{p.first, p.second} {
			known := len(e.axes[on].cuts)
			for range r.count(known) {
				c := r.count(known - 1)
				if n := len(p.cuts[side]); n > 0 && c <= int(p.cuts[side][n-1]) {
					return nil, false
				}
				p.cuts[side] = append(p.cuts[side], uint16(c))
			}
		}
		p.values = r.floats((len(p.cuts[0]) + 2) * (len(p.cuts[1]) + 2))
		if r.failed {
			return nil, false
		}
		before = p
		e.pairs = append(e.pairs, p)
	}
	return e, !r.failed && len(r.data) == 0
}

type writer struct{ data []byte }

func (w *writer) count(n int) { w.data = binary.LittleEndian.AppendUint32(w.data, uint32(n)) }
func (w *writer) float(v float64) {
	w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(v))
}

// reader reads until something is not as it must be; from then on it gives zeros.
type reader struct {
	data   []byte
	failed bool
}

// number reads a number of so many bytes.
func (r *reader) number(size int) uint64 {
	if len(r.data) < size {
		r.fail()
		return 0
	}
	var b [8]byte
	copy(b[:], r.data[:size])
	r.data = r.data[size:]
	return binary.LittleEndian.Uint64(b[:])
}

func (r *reader) fail() { r.failed, r.data = true, nil }

// count reads a number that must not be above most.
func (r *reader) count(most int) int {
	n := r.number(4)
	if most < 0 || n > uint64(most) {
		r.fail()
		return 0
	}
	return int(n)
}

// float reads a finite number.
func (r *reader) float() float64 {
	v := math.Float64frombits(r.number(8))
	if math.IsNaN(v) || math.IsInf(v, 0) {
		r.fail()
		return 0
	}
	return v
}

// floats reads n finite numbers. It allocates only for those that are there.
func (r *reader) floats(n int) []float64 {
	if n > len(r.data)/8 {
		r.fail()
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = r.float()
	}
	return out
}
