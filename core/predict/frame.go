package predict

import (
	"cmp"
	"context"
	"slices"

	"deskwatch/core"
)

const (
	trainedExamples = 1_200_000 // a model learns from at most; of more tickets, moments are left out
	folds           = 5
)

// frame is what a model is trained on: an example for each moment of each life with an outcome.
type frame struct {
	schema  Schema
	lives   []Life
	life    []int32   // by example, its life
	moment  []uint8   // by example, an index of moments
	at      []int64   // by example
	bad     []bool    // by example
	grade   []float32 // by example: how bad its ticket's end was, 0 to 1
	weight  []float32 // by example; those of one ticket add up to 1
	fold    []uint8   // by example; equal for all of a ticket's
	first   []bool    // by example: it is its ticket's first
	words   [][]int32 // by column of words and example, a code
	names   [][]string
	numbers [][]float32 // by number: the derived ones, then the schema's
	latest  int64       // of all that was fed
}

// columns are how many columns of words a schema has.
func (s Schema) columns() int { return wordFields + len(s.Words) }

// newFrame sweeps over lives in the order of time and writes down what was known at each moment.
func newFrame(ctx context.Context, schema Schema, lives []Life, opt *Options, p *core.Progress) (*frame, error) {
	f := &frame{schema: schema, lives: lives}
	var probes []event
	for i := range lives {
		if lives[i].Outcome != OutcomeUnknown {
			probes = probesOf(&lives[i], int32(i), opt, probes)
		}
	}
	probes = thinned(probes, lives)
	f.reserve(len(probes))
	h := NewHistory(schema)
	v := newView(schema)
	codes := make([]map[string]int32, schema.columns())
	for c := range codes {
		codes[c] = map[string]int32{}
	}
	row := make([]float32, derivedCount)
	events := eventsOf(lives, probes)
	p.StartCount(int64(len(events)))
	for i, e := range events {
		if i&0xffff == 0xffff {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			p.Add(0x10000)
		}
		l := &lives[e.life]
		if e.kind != eventProbe {
			h.feed(l, e)
			continue
		}
		v.seeSteps(l, e.at, int(e.n))
		h.derive(&v, row)
		f.add(e, &v, row, codes)
	}
	f.latest = h.latest
	f.weigh()
	f.gradeEnds()
	return f, nil
}

// thinned leaves out moments other than the arrival where there are too many, and then tickets.
func thinned(probes []event, lives []Life) []event {
	if len(probes) <= trainedExamples {
		return probes
	}
	arrivals := 0
	for _, e := range probes {
		arrivals += int(one(e.what == 0))
	}
	share := func(n, of int) uint64 { return uint64(float64(n) / float64(max(of, 1)) * (1 << 32)) }
	keep := [2]uint64{share(trainedExamples/2, arrivals), share(max(trainedExamples/2, trainedExamples-arrivals), len(probes)-arrivals)}
	return slices.DeleteFunc(probes, func(e event) bool {
		k := keep[1]
		if e.what == 0 {
			k = keep[0]
		}
		return keyOf(subject(e.what), lives[e.life].Key)>>32^uint64(e.n)*0x9e3779b9&0xffffffff >= k
	})
}

func (f *frame) reserve(n int) {
	f.life, f.moment, f.at, f.bad = make([]int32, 0, n), make([]uint8, 0, n), make([]int64, 0, n), make([]bool, 0, n)
	f.words, f.names = make([][]int32, f.schema.columns()), make([][]string, f.schema.columns())
	for c := range f.words {
		f.words[c] = make([]int32, 0, n)
	}
	f.numbers = make([][]float32, int(derivedCount)+len(f.schema.Numbers))
	for c := range f.numbers {
		f.numbers[c] = make([]float32, 0, n)
	}
}

func (f *frame) add(e event, v *view, row []float32, codes []map[string]int32) {
	f.life = append(f.life, e.life)
	f.moment = append(f.moment, e.what)
	f.at = append(f.at, e.at)
	f.bad = append(f.bad, f.lives[e.life].Outcome == OutcomeBad)
	for c, w := range v.words {
		code, ok := codes[c][w]
		if !ok {
			code = int32(len(f.names[c]))
			codes[c][w] = code
			f.names[c] = append(f.names[c], w)
		}
		f.words[c] = append(f.words[c], code)
	}
	for c := range derivedCount {
		f.numbers[c] = append(f.numbers[c], row[c])
	}
	for c, x := range v.numbers {
		f.numbers[int(derivedCount)+c] = append(f.numbers[int(derivedCount)+c], float32(x))
	}
}

// weigh weighs the examples, and deals tickets to folds so that each has as many bad ends; tickets
// of one key are in one fold.
func (f *frame) weigh() {
	type ticket struct {
		key      string
		order    uint64
		bad      bool
		examples int
		fold     uint8
	}
	byKey := make(map[string]*ticket, len(f.life))
	var all []*ticket
	f.first = make([]bool, len(f.life))
	for e, l := range f.life {
		key := f.lives[l].Key
		t := byKey[key]
		if t == nil {
			t = &ticket{key: key, order: mix(keyOf(ofAll, key)), bad: f.bad[e]}
			byKey[key] = t
			all = append(all, t)
			f.first[e] = true
		}
		t.examples++
	}
	slices.SortFunc(all, func(a, b *ticket) int {
		if a.bad != b.bad {
			return int(one(a.bad)) - int(one(b.bad))
		}
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.key, b.key))
	})
	for i, t := range all {
		t.fold = uint8(i % folds)
	}
	f.weight, f.fold = make([]float32, len(f.life)), make([]uint8, len(f.life))
	for e, l := range f.life {
		t := byKey[f.lives[l].Key]
		f.weight[e], f.fold[e] = 1/float32(t.examples), t.fold
	}
}

// all are the numbers of all examples.
func (f *frame) all() []int32 {
	rows := make([]int32, len(f.life))
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// where are the examples that fulfil a condition.
func (f *frame) where(keep func(e int32) bool) []int32 {
	rows := make([]int32, 0, len(f.life))
	for e := range int32(len(f.life)) {
		if keep(e) {
			rows = append(rows, e)
		}
	}
	return rows
}
