package boost

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"testing"

	"deskwatch/core"
)

func small(t testing.TB) (*Ensemble, Columns) {
	cols, bad := draw(600, 4, 30, xor)
	for i := range cols[2] {
		if i%5 == 0 {
			cols[2][i] = float32(math.NaN())
		}
	}
	return mustFit(t, cols, bad, Options{Trees: 25, MinLeaf: 10, Rate: 0.3}), cols
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	e, cols := small(t)
	data, err := e.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back Ensemble
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	for i := range cols[0] {
		row := rowOf(cols, i, nil)
		if a, b := e.Margin(row), back.Margin(row); a != b {
			t.Fatalf("row %d: %v before, %v after", i, a, b)
		}
	}
	again, err := back.MarshalBinary()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("written again it is something else (%v)", err)
	}
	if back.trees != e.trees || back.Features() != 4 || len(back.pairs) == 0 {
		t.Errorf("%d trees, %d features, %d pairs", back.trees, back.Features(), len(back.pairs))
	}
}

func TestEveryDamageIsRefused(t *testing.T) {
	e, _ := small(t)
	data, err := e.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var kept Ensemble
	refuse := func(what string, d []byte) {
		t.Helper()
		if err := kept.UnmarshalBinary(d); core.ErrorCode(err) != core.CodeInvalid || kept.features != 0 {
			t.Fatalf("%s: %v, and %d features", what, err, kept.features)
		}
	}
	for i := range data {
		d := bytes.Clone(data)
		d[i] ^= 0x41
		refuse("a changed byte", d)
		refuse("a cut", data[:i])
	}
	refuse("more at the end", signed(append(bytes.Clone(data[len(mark):len(data)-4]), 0)))
	refuse("a huge count", signed(bytes.Repeat([]byte{255}, 64)))
}

func TestTablesThatDoNotFitTogetherAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(e *Ensemble){
		"a pair the wrong way round": func(e *Ensemble) {
			p := &e.pairs[len(e.pairs)-1]
			p.first, p.second, p.cuts[0], p.cuts[1] = p.second, p.first, p.cuts[1], p.cuts[0]
		},
		"a pair twice":                func(e *Ensemble) { e.pairs = append(e.pairs[:1:1], e.pairs...) },
		"a pair of nothing":           func(e *Ensemble) { e.pairs[0].second = len(e.axes) },
		"a cut of a pair twice":       func(e *Ensemble) { c := e.pairs[0].cuts[0]; c[1] = c[0] },
		"a cut there is not":          func(e *Ensemble) { c := e.pairs[0].cuts[0]; c[len(c)-1] = 999 },
		"too few values of a pair":    func(e *Ensemble) { p := &e.pairs[len(e.pairs)-1]; p.values = p.values[1:] },
		"cuts that fall":              func(e *Ensemble) { c := e.axes[0].cuts; c[0], c[1] = c[1], c[0] },
		"a cut that is no number":     func(e *Ensemble) { e.axes[0].cuts[0] = float32(math.NaN()) },
		"a value that is no number":   func(e *Ensemble) { e.axes[0].values[0] = math.NaN() },
		"a feature twice":             func(e *Ensemble) { e.axes[1].feature = e.axes[0].feature },
		"a feature there is not":      func(e *Ensemble) { e.axes[len(e.axes)-1].feature = e.features },
		"an intercept without limits": func(e *Ensemble) { e.intercept = math.Inf(1) },
	} {
		e, _ := small(t)
		spoil(e)
		data, err := e.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := new(Ensemble).UnmarshalBinary(data); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// signed puts mark and checksum around a body.
func signed(body []byte) []byte {
	d := append([]byte(mark), body...)
	return binary.LittleEndian.AppendUint32(d, crc32.ChecksumIEEE(d))
}

func FuzzReading(f *testing.F) {
	// A small one: the fuzzer takes long to do anything with long inputs.
	cols, bad := draw(600, 2, 30, xor)
	e := mustFit(f, cols, bad, Options{Trees: 3, MinLeaf: 10, Bins: 4})
	data, err := e.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[len(mark) : len(data)-4])
	f.Add([]byte{1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		var e Ensemble
		if e.UnmarshalBinary(signed(body)) != nil {
			return
		}
		row, out := make([]float32, e.Features()), make([]float64, e.Features())
		for _, v := range []float32{0, -1e30, 1e30, float32(math.NaN()), float32(math.Inf(1))} {
			for i := range row {
				row[i] = v
			}
			e.Margin(row)
			e.Contributions(row, out)
		}
		if again, err := e.MarshalBinary(); err != nil || !bytes.Equal(again, signed(body)) {
			t.Errorf("what was read is written otherwise (%v)", err)
		}
	})
}
