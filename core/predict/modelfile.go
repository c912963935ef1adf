package predict

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict/boost"
	"deskwatch/core/predict/calibrate"
)

// A model's file is a line with its format, a line with the SHA-256 of the rest in hex, and the rest:
// JSON. What the features mean is part of the format: it changes with them.
const (
	modelFormat = "deskwatch prediction model 1"
	modelMost   = 256 << 20 // bytes
)

type modelFile struct {
	Version  int
	Schema   Schema
	Trained  time.Time
	From, To time.Time
	Tickets  int
	Bad      int
	Base     float64
	Names    [][]string
	Rates    [][]float32
	Pairs    []pairRecord
	Slots    []uint32 // of words
	Weights  []float32
	HasWords bool
	Fill     []*float32 // null: a missing value is one of its own
	Ensemble []byte
	Curve    []byte
	Features []core.FeatureReport
}

type pairRecord struct {
	A, B  int
	Keys  []uint64
	Rates []float32
}

// body is the model as JSON, the same bytes for the same model.
func (m *Model) body() ([]byte, error) {
	f := modelFile{Version: m.version, Schema: m.schema, Trained: m.trained, From: m.from, To: m.to, Tickets: m.tickets, Bad: m.bad,
		Base: m.enc.base, Names: m.names, Rates: m.enc.words, HasWords: m.enc.grams != nil, Features: m.reports}
	for _, t := range m.enc.pairs {
		r := pairRecord{A: t.a, B: t.b}
		for key := range t.cells {
			r.Keys = append(r.Keys, key)
		}
		slices.Sort(r.Keys)
		for _, key := range r.Keys {
			r.Rates = append(r.Rates, t.cells[key])
		}
		f.Pairs = append(f.Pairs, r)
	}
	f.Fill = make([]*float32, len(m.enc.fill))
	for i := range m.enc.fill {
		if x := m.enc.fill[i]; x == x {
			f.Fill[i] = &x
		}
	}
	for i, w := range m.enc.grams {
		if w != 0 {
			f.Slots, f.Weights = append(f.Slots, uint32(i)), append(f.Weights, w)
		}
	}
	var err, err2 error
	f.Ensemble, err = m.ens.MarshalBinary()
	f.Curve, err2 = m.curve.MarshalBinary()
	if err := cmp.Or(err, err2); err != nil {
		return nil, err
	}
	return json.Marshal(f)
}

// Write writes the model, the same bytes for the same model.
func (m *Model) Write(w io.Writer) error {
	body, err := m.body()
	if err != nil {
		return core.NewError(core.CodeInternal, "predict.write", "The model could not be written down. The model in force was kept.", err)
	}
	sum := sha256.Sum256(body)
	if _, err := fmt.Fprintf(w, "%s\n%s\n", modelFormat, hex.EncodeToString(sum[:])); err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

// ReadModel reads what Write wrote. It fails with core.CodeInvalid when that is damaged or of
// another version of the program.
func ReadModel(r io.Reader) (*Model, error) {
	all, err := io.ReadAll(io.LimitReader(r, modelMost+1))
	if err != nil {
		return nil, core.NewError(core.CodeUnavailable, "predict.read", "The file of the model cannot be read. Until it can, the stated rules predict.", err)
	}
	refuse := func(cause error) (*Model, error) {
		return nil, core.NewError(core.CodeInvalid, "predict.read", "The file of the model is damaged, or was written by another version of Deskwatch. The stated rules predict until a model is trained again.", cause)
	}
	format, rest, _ := bytes.Cut(all, []byte("\n"))
	sum, body, ok := bytes.Cut(rest, []byte("\n"))
	if !ok || len(all) > modelMost || string(format) != modelFormat {
		return refuse(errors.New("not a model of this format"))
	}
	if real := sha256.Sum256(body); hex.EncodeToString(real[:]) != string(sum) {
		return refuse(errors.New("the checksum differs"))
	}
	m, err := readBody(body)
	if err != nil {
		return refuse(err)
	}
	return m, nil
}

// readBody reads the JSON of a model and refuses what would not hold together when predicting.
func readBody(body []byte) (*Model, error) {
	var f modelFile
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	m := &Model{version: f.Version, schema: f.Schema, trained: f.Trained, from: f.From, to: f.To, tickets: f.Tickets, bad: f.Bad,
		names: f.Names, reports: f.Features, ens: &boost.Ensemble{}, curve: &calibrate.Curve{}}
	if err := m.ens.UnmarshalBinary(f.Ensemble); err != nil {
		return nil, err
	}
	if err := m.curve.UnmarshalBinary(f.Curve); err != nil {
		return nil, err
	}
	var err error
	if m.enc, err = f.encoder(); err != nil {
		return nil, err
	}
	if m.ens.Features() != m.enc.size() {
		return nil, fmt.Errorf("%d features, the ensemble has %d", m.enc.size(), m.ens.Features())
	}
	m.prepare()
	return m, nil
}

func (f *modelFile) encoder() (*encoder, error) {
	n := &encoder{base: f.Base, words: f.Rates, numbers: int(derivedCount) + len(f.Schema.Numbers)}
	columns := f.Schema.columns()
	if len(f.Names) != columns || len(f.Rates) != columns {
		return nil, errors.New("columns are missing")
	}
	if !(f.Base > 0 && f.Base < 1) || f.Tickets < 0 || f.Bad < 0 || f.Bad > f.Tickets {
		return nil, errors.New("counts that cannot be")
	}
	for c := range f.Names {
		if len(f.Names[c]) != len(f.Rates[c]) || slices.ContainsFunc(f.Rates[c], noShare) {
			return nil, fmt.Errorf("column %d does not hold together", c)
		}
	}
	for _, p := range f.Pairs {
		if p.A < 0 || p.B < 0 || p.A >= columns || p.B >= columns || len(p.Keys) != len(p.Rates) || slices.ContainsFunc(p.Rates, noShare) {
			return nil, errors.New("pairs do not hold together")
		}
		t := pairTable{p.A, p.B, make(map[uint64]float32, len(p.Keys))}
		for i, key := range p.Keys {
			t.cells[key] = p.Rates[i]
		}
		n.pairs = append(n.pairs, t)
	}
	if len(f.Slots) != len(f.Weights) {
		return nil, errors.New("words do not hold together")
	}
	if f.HasWords {
		n.grams = make(gramTable, 1<<gramBits)
		for i, s := range f.Slots {
			if int(s) >= len(n.grams) {
				return nil, errors.New("a word that cannot be")
			}
			n.grams[s] = f.Weights[i]
		}
	}
	if len(f.Fill) != n.size() {
		return nil, errors.New("features are missing")
	}
	n.fill = make([]float32, len(f.Fill))
	for i, x := range f.Fill {
		n.fill[i] = missing
		if x != nil {
			n.fill[i] = *x
		}
	}
	return n, nil
}

// noShare reports whether x is not strictly between nothing and all.
func noShare(x float32) bool { return !(x > 0 && x < 1) || math.IsNaN(float64(x)) }
