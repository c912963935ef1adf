package predict

import (
	"context"
	"math"
	"runtime"
	"testing"
	"time"

	"deskwatch/core"
)

// sameFeatures reports whether two frames agree on the examples up to a moment.
func sameFeatures(t *testing.T, a, b *frame, until int64) (compared int) {
	t.Helper()
	for e := range a.life {
		if a.at[e] >= until {
			continue
		}
		compared++
		for c := range a.numbers {
			if x, y := a.numbers[c][e], b.numbers[c][e]; x != y && (x == x || y == y) {
				t.Fatalf("example %d, feature %d: %v, but %v with another future", e, c, x, y)
			}
		}
		for c := range a.words {
			if a.names[c][a.words[c][e]] != b.names[c][b.words[c][e]] {
				t.Fatalf("example %d, column %d differs", e, c)
			}
		}
	}
	return compared
}

func TestTheFutureChangesNothingBefore(t *testing.T) {
	lives := madeLives(600, 1)
	cut := lives[300].Created
	other := append([]Life(nil), lives...)
	later := madeLives(600, 99)
	for i := range other {
		switch {
		case i >= 300:
			other[i].Facts, other[i].Steps, other[i].Outcome = later[i].Facts, nil, OutcomeBad
		case other[i].Ended >= cut: // what became of it was not known
			other[i].Outcome = OutcomeBad
		}
	}
	frames := make([]*frame, 2)
	for i, l := range [][]Life{lives, other} {
		f, err := newFrame(context.Background(), madeSchema, l, &Options{Moments: []core.Moment{core.MomentArrival, core.MomentReply}}, &core.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		frames[i] = f
	}
	if n := sameFeatures(t, frames[0], frames[1], cut); n < 400 {
		t.Errorf("compared %d examples only", n)
	}
}

func TestALiveHistoryIsWhatAReplayIs(t *testing.T) {
	lives := madeLives(300, 2)
	whole := NewHistory(madeSchema)
	whole.Replay(lives)
	live := NewHistory(madeSchema)
	for _, e := range eventsOf(lives, nil) {
		l := lives[e.life]
		switch e.kind {
		case eventArrived:
			l.Steps = nil
			live.Arrived(&l)
		case eventStep:
			l.Steps = l.Steps[:e.n]
			live.Stepped(&l)
		case eventEnded:
			live.Ended(&l)
		}
	}
	v := newView(madeSchema)
	a, b := make([]float32, derivedCount), make([]float32, derivedCount)
	for i := range lives {
		v.see(&lives[i], lives[i].Ended)
		whole.derive(&v, a)
		live.derive(&v, b)
		for c := range a {
			if a[c] != b[c] && (a[c] == a[c] || b[c] == b[c]) {
				t.Fatalf("feature %d: %v replayed, %v live", c, a[c], b[c])
			}
		}
	}
}

func TestRepliesThatCannotBeTrueAreMissing(t *testing.T) {
	const midnight = int64(1_700_006_400)
	for _, c := range []struct {
		created, replied int64
		known            bool
	}{{midnight + 50, midnight + 200, true}, {midnight + 50, midnight, false}, {midnight + 50, midnight + daySeconds, false}, {midnight - 60, midnight, false}, {0, midnight + 5, false}} {
		if got := replyWait(c.created, c.replied); math.IsNaN(got) == c.known {
			t.Errorf("from %d to %d: %v", c.created, c.replied, got)
		}
	}
}

func TestAQuietCustomerAndABusyOwnerAreSeen(t *testing.T) {
	h := NewHistory(Schema{})
	at := madeStart
	for i := range int64(30) {
		h.Arrived(&Life{Key: "x", Created: at + i*daySeconds, Facts: Facts{Customer: "Acme", Owner: "Ana"}})
	}
	v := newView(Schema{})
	out := make([]float32, derivedCount)
	last := Life{Key: "y", Created: at + 40*daySeconds, Facts: Facts{Customer: "Acme", Owner: "Ana"}}
	h.Arrived(&last)
	v.see(&last, last.Created)
	h.derive(&v, out)
	if want := float32(math.Log1p(11 * 24)); math.Abs(float64(out[dCustomerGap]-want)) > 1e-4 {
		t.Errorf("gap %v, want %v", out[dCustomerGap], want)
	}
	calm := out[dOwnerBusy]
	for range 20 {
		h.Arrived(&Life{Key: "z", Created: last.Created, Facts: Facts{Owner: "Ana"}})
	}
	h.derive(&v, out)
	if out[dOwnerBusy] < 3*calm {
		t.Errorf("busy %v after twenty tickets at once, %v before", out[dOwnerBusy], calm)
	}
}

func TestAHistoryDoesNotHoldOnToTheLivesItWasTold(t *testing.T) {
	h := NewHistory(Schema{})
	gone := make(chan struct{})
	func() {
		lives := make([]Life, 2)
		for i := range lives {
			lives[i] = Life{Key: "k", Created: int64(i + 1), Ended: int64(i + 10), Outcome: OutcomeGood}
		}
		runtime.AddCleanup(&lives[0], func(done chan struct{}) { close(done) }, gone)
		h.Replay(lives)
	}()
	for range 100 {
		runtime.GC()
		select {
		case <-gone:
			runtime.KeepAlive(h)
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("lives are still held")
}
