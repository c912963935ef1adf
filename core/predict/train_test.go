package predict

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

var madeOptions = Options{Now: time.Unix(madeStart+1e7, 0), Version: 3, Capacity: 5}

func trained(t testing.TB, lives []Life, opt Options) Trained {
	t.Helper()
	out, err := Train(context.Background(), madeSchema, lives, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAPlantedSignalIsLearned(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	out := trained(t, madeLives(1500, 1), madeOptions)
	if out.Refused != "" {
		t.Fatalf("refused: %s %s", out.Refused, out.Text)
	}
	m := out.Measured
	if m.AUC < 0.63 || m.AUCLow >= m.AUC || m.Tickets != 1500 || m.ECE > 0.08 {
		t.Errorf("measured %+v", m)
	}
	var arrival, reply core.MomentReport
	for _, r := range m.Moments {
		switch r.Moment {
		case core.MomentArrival:
			arrival = r
		case core.MomentReply:
			reply = r
		}
	}
	if reply.AUC < arrival.AUC+0.02 {
		t.Errorf("the late reply was not learned: %.3f on arrival, %.3f after the reply", arrival.AUC, reply.AUC)
	}
	if m.Warned == 0 || float64(m.Right)/float64(m.Warned) < 1.5*out.Model.BaseRate() {
		t.Errorf("of %d warned %d right, base rate %.2f", m.Warned, m.Right, out.Model.BaseRate())
	}
	if len(out.Warnings) > 0 {
		t.Errorf("warned of a leak where there is none: %q", out.Warnings)
	}
}

func TestShuffledOutcomesAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	lives := madeLives(800, 2)
	for seed := range uint64(2) {
		out := trained(t, shuffled(lives, seed), madeOptions)
		if out.Refused != core.WhyNoSignal || out.Text == "" {
			t.Errorf("seed %d: accepted with %+v", seed, out.Measured)
		}
		if out.Measured == nil || out.Model == nil {
			t.Error("a refused model is not there to be looked at")
		}
	}
}

func TestFewOutcomesAreRefused(t *testing.T) {
	lives := madeLives(400, 3)
	for i := range lives[199:] {
		lives[199+i].Outcome = OutcomeUnknown
	}
	if out := trained(t, lives, madeOptions); out.Refused != core.WhyFewRated || out.Model != nil || !strings.Contains(out.Text, "199") {
		t.Errorf("%+v", out)
	}
	lives = madeLives(400, 3)
	for i := range lives {
		lives[i].Outcome = OutcomeGood
	}
	if out := trained(t, lives, madeOptions); out.Refused != core.WhyFewRated || out.Model != nil {
		t.Errorf("learned from good ends only: %+v", out)
	}
	if out := trained(t, nil, madeOptions); out.Refused != core.WhyFewRated {
		t.Errorf("learned from nothing: %+v", out)
	}
}

func TestTheSameTicketsMakeTheSameModel(t *testing.T) {
	lives := madeLives(400, 4)
	write := func(lives []Life) []byte {
		var b bytes.Buffer
		if err := trained(t, lives, madeOptions).Model.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first := write(lives)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if !bytes.Equal(first, write(lives)) {
		t.Error("on one core the model is another")
	}
}

func TestANumberOfItsOwnForEveryTicketSaysNothing(t *testing.T) {
	lives := madeLives(800, 5)
	for i := range lives {
		lives[i].Facts.Words = []string{fmt.Sprintf("id %d", i)}
	}
	f, err := newFrame(context.Background(), madeSchema, lives, &Options{Moments: []core.Moment{core.MomentArrival}}, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	l := newLearner(f, f.all())
	s := l.single(wordFields)
	if auc := alone(l.byRow(s.codes, s.out), f.outcomes(f.all())); auc > 0.52 {
		t.Errorf("an id tells bad from good with an AUC of %.3f", auc)
	}
}

func TestLearningTellsAShareUntilAllIsLearned(t *testing.T) {
	late := madeLives(600, 7) // whose ends become known long after
	for i := range late {
		late[i].Ended = late[i].Created + 20*86400
	}
	few := madeLives(250, 8) // too few bad ends in the last part to choose a shape by
	for name, lives := range map[string][]Life{"many": madeLives(900, 6), "late": late, "few": few} {
		f, err := newFrame(t.Context(), madeSchema, lives, &Options{}, &core.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		p := &core.Progress{}
		tr := newTraining(f, madeOptions, p)
		if err := tr.holdOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		half := p.State()
		if half.Done == 0 || half.Done >= half.Total {
			t.Errorf("%s: %d of %d when only the last part was held out", name, half.Done, half.Total)
		}
		if _, err := tr.learn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if end := p.State(); end.Done != end.Total || end.Total != half.Total {
			t.Errorf("%s: %d of %d when all is learned, %d before", name, end.Done, end.Total, half.Total)
		}
	}
}

func TestTrainingStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(ctx, madeSchema, madeLives(300, 6), madeOptions, nil); err == nil {
		t.Error("went on")
	}
}
