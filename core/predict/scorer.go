package predict

// Scorer scores open tickets. One goroutine at a time may use it, and its history.
type Scorer struct {
	m       *Model
	h       *History
	view    view
	numbers []float32
	codes   []int32
	row     []float32
	adds    []float64
	groups  []group
}

// NewScorer scores by a model and what was learned up to now. Every life must have been fed to the
// history before it is scored, with its steps.
func NewScorer(m *Model, h *History) *Scorer {
	return &Scorer{m: m, h: h, view: newView(m.schema), numbers: make([]float32, m.enc.numbers), codes: make([]int32, len(m.enc.words)),
		row: make([]float32, m.enc.size()), adds: make([]float64, m.enc.size())}
}

// Risk is how likely a ticket ends badly, 0 to 1, as it stands at a moment (seconds since 1970).
// It allocates nothing worth noticing.
func (s *Scorer) Risk(l *Life, at int64) float64 {
	s.view.see(l, at)
	return s.risk()
}

// RiskAfter is Risk with the first n steps only, whatever their time: the risk right after a step of
// a life that is known further.
func (s *Scorer) RiskAfter(l *Life, at int64, n int) float64 {
	s.view.seeSteps(l, at, n)
	return s.risk()
}

// risk is the risk of the ticket in view.
func (s *Scorer) risk() float64 { return s.m.curve.Risk(s.margin()) }

func (s *Scorer) margin() float64 {
	s.h.derive(&s.view, s.numbers)
	for i, x := range s.view.numbers {
		s.numbers[int(derivedCount)+i] = float32(x)
	}
	for c, w := range s.view.words {
		code, ok := s.m.codes[c][w]
		if !ok {
			code = -1
		}
		s.codes[c] = code
	}
	s.m.enc.encode(s.numbers, s.codes, s.view.life.Facts.Text.Grams, s.row)
	return s.m.ens.Margin(s.row)
}
