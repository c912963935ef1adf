package predict

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"deskwatch/core"
)

// madeModel is trained once for all tests: it does not change.
var madeModel = sync.OnceValues(func() (Trained, error) {
	return Train(context.Background(), madeSchema, madeLives(1200, 1), madeOptions, nil)
})

// madeScorer scores by a model trained on made lives, which are returned, too.
func madeScorer(t testing.TB) (*Scorer, []Life) {
	lives := madeLives(1200, 1)
	out, err := madeModel()
	if err != nil {
		t.Fatal(err)
	}
	h := NewHistory(madeSchema)
	h.Replay(lives)
	return NewScorer(out.Model, h), lives
}

func TestReasonsNameTheCause(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	s, lives := madeScorer(t)
	end := lives[len(lives)-1].Created + 50_000
	life := Life{Key: "new", Created: end, Facts: lives[0].Facts}
	life.Facts.Owner, life.Facts.Text = "Bad Owner", Digest("Question", "How do I change the setting of the lamp?")
	s.h.Arrived(&life)
	reasons, _ := s.Explain(&life, end, nil)
	i := slices.IndexFunc(reasons, func(r core.NamedReason) bool { return r.Reason == ReasonOwner })
	if i != 0 || reasons[i].Points >= 0 || reasons[i].Subject != "Bad Owner" {
		t.Errorf("the owner is not the first reason: %+v", reasons)
	}
	if len(reasons) > 3 {
		t.Errorf("%d reasons", len(reasons))
	}
	life.Facts.Owner = "Owner 4"
	life.Steps = []Step{{At: end + 200_000, Kind: StepReplied}}
	s.h.Stepped(&life)
	reasons, _ = s.Explain(&life, end+200_001, nil)
	if len(reasons) == 0 || reasons[0].Reason != ReasonReplyWait || reasons[0].Points >= 0 || reasons[0].Ratio < 10 || !strings.Contains(reasons[0].Text, "usual") {
		t.Errorf("the late reply is not the first reason: %+v", reasons)
	}
}

func TestPointsAreWhatTheSatisfactionWouldBeWithout(t *testing.T) {
	s, lives := madeScorer(t)
	for i := range 50 {
		l := &lives[1000+i]
		s.view.see(l, l.Created)
		margin := s.margin()
		s.m.ens.Contributions(s.row, s.adds)
		sum := s.m.ens.Intercept()
		for _, x := range s.adds {
			sum += x
		}
		if math.Abs(sum-margin) > 1e-6 {
			t.Fatalf("the contributions add up to %v, the margin is %v", sum, margin)
		}
		reasons, _ := s.Explain(l, l.Created, nil)
		for k, r := range reasons {
			if r.Points == 0 || r.Text == "" || strings.Contains(r.Text, "  ") {
				t.Errorf("reason %d: %+v", k, r)
			}
		}
	}
}

func TestHelpPointsTheRightWay(t *testing.T) {
	s, lives := madeScorer(t)
	l := lives[1000]
	l.Key, l.Steps, l.Ended, l.Outcome = "waits", nil, 0, OutcomeUnknown
	l.Created = lives[len(lives)-1].Created + 50_000
	l.Facts.Owner = "Bad Owner"
	s.h.Arrived(&l)
	_, help := s.Explain(&l, l.Created+600, []string{"Owner 3", "Owner 5", "Bad Owner", "Nobody Knows"})
	found := map[core.HelpAction]core.Help{}
	for _, h := range help {
		found[h.Action] = h
		if h.To <= h.From || !strings.Contains(h.Text, "→") {
			t.Errorf("%+v helps nobody", h)
		}
	}
	if a := found[core.HelpAssign]; a.Subject != "Owner 3" && a.Subject != "Owner 5" {
		t.Errorf("another owner was not found: %+v", help)
	}
	if !slices.IsSortedFunc(help, func(a, b core.Help) int { return b.To - a.To }) || len(help) > 3 {
		t.Errorf("not the best first: %+v", help)
	}
	if h, ok := found[core.HelpReply]; !ok || h.From != found[core.HelpAssign].From {
		t.Errorf("replying was not found: %+v", help)
	}
}

func TestScoringAllocatesNothing(t *testing.T) {
	s, lives := madeScorer(t)
	i := 0
	if n := testing.AllocsPerRun(500, func() { s.Risk(&lives[i%100], lives[i%100].Created+3600); i++ }); n > 0 {
		t.Errorf("%v allocations for one ticket", n)
	}
}

func TestAModelsFileComesBack(t *testing.T) {
	s, lives := madeScorer(t)
	var b bytes.Buffer
	if err := s.m.Write(&b); err != nil {
		t.Fatal(err)
	}
	m, err := ReadModel(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	again := NewScorer(m, s.h)
	for i := range 100 {
		l := &lives[i*10]
		if x, y := s.Risk(l, l.Created+60), again.Risk(l, l.Created+60); x != y {
			t.Fatalf("ticket %d: %v, %v when read back", i, x, y)
		}
	}
	var c bytes.Buffer
	if err := m.Write(&c); err != nil || !bytes.Equal(b.Bytes(), c.Bytes()) {
		t.Error("written again it is another file")
	}
	if m.Version() != 3 || m.BaseRate() != s.m.BaseRate() || len(m.Features()) == 0 {
		t.Errorf("version %d, base rate %v, %d features", m.Version(), m.BaseRate(), len(m.Features()))
	}
	file := b.Bytes()
	for _, bad := range [][]byte{nil, []byte("x"), file[:len(file)/2], append(slices.Clone(file), ' '), bytes.Replace(file, []byte("model 1"), []byte("model 9"), 1), bytes.Replace(file, []byte(`"Bad":`), []byte(`"Bod":`), 1)} {
		if _, err := ReadModel(bytes.NewReader(bad)); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%.40q…: %v", bad, err)
		}
	}
}

// FuzzReadModel feeds the part after the checksum, which a damaged file does not get past.
func FuzzReadModel(f *testing.F) {
	out := trained(f, madeLives(300, 1), madeOptions)
	body, err := out.Model.body()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"Base":0.5}`))
	life := madeLives(1, 1)[0]
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := readBody(body)
		if err != nil {
			return
		}
		h := NewHistory(m.Schema())
		h.Arrived(&life)
		s := NewScorer(m, h)
		s.Risk(&life, life.Created)
		s.Explain(&life, life.Created, []string{"Ana"})
	})
}
