package predict

import "math"

// A tally forgets: it is worth at most so many outcomes, waits and days.
const (
	tallyOutcomes = 400
	tallyWaits    = 400
	heatFast      = 1 * daySeconds // half-life of what is going on now
	heatSlow      = 28 * daySeconds
)

// tally is what the tickets so far say of one customer, owner, team or topic.
type tally struct {
	outcomes, bad         float32 // of ended tickets
	escalated, reopened   float32
	waits, waitSum        float32 // first replies; the sum of the logarithms of their seconds
	fast, slow            float32 // arrivals, fading
	heatAt                int64   // as of
	last, before          int64   // the two arrivals before; 0 none
	arrived, open, closed int32
}

// arrive counts a ticket that came at a moment.
func (t *tally) arrive(at int64) {
	t.warm(at)
	t.before, t.last = t.last, at
	t.arrived++
	t.open++
}

// warm counts work that came at a moment.
func (t *tally) warm(at int64) {
	t.cool(at)
	t.fast++
	t.slow++
}

func (t *tally) cool(at int64) {
	if at <= t.heatAt {
		return
	}
	if t.heatAt > 0 {
		t.fast, t.slow = t.heat(at)
	}
	t.heatAt = at
}

// heat is how much came lately, in the short and in the long run, as it stands at a moment.
func (t *tally) heat(at int64) (fast, slow float32) {
	if t.heatAt == 0 || at <= t.heatAt {
		return t.fast, t.slow
	}
	d := float64(at - t.heatAt)
	return t.fast * float32(math.Exp2(-d/heatFast)), t.slow * float32(math.Exp2(-d/heatSlow))
}

// leave says that a ticket went to another owner, or was closed.
func (t *tally) leave(closed bool) {
	if t.open > 0 {
		t.open--
	}
	if closed {
		t.closed++
	}
}

// wait counts a first reply after so many seconds.
func (t *tally) wait(seconds float64) {
	keep := float32(1)
	if t.waits >= tallyWaits {
		keep = 1 - 1.0/tallyWaits
	}
	t.waits = t.waits*keep + 1
	t.waitSum = t.waitSum*keep + float32(logWait(seconds))
}

// usualWait is the mean logarithm of the seconds to a first reply, drawn towards what is usual
// elsewhere as if that had been seen weight times. own, if not NaN, is a wait to leave out.
func (t *tally) usualWait(own, elsewhere, weight float64) float64 {
	n, sum := float64(t.waits), float64(t.waitSum)
	if !math.IsNaN(own) && n >= 1 {
		n, sum = n-1, sum-own
	}
	if math.IsNaN(elsewhere) {
		if n < 1 {
			return math.NaN()
		}
		return sum / n
	}
	return (sum + weight*elsewhere) / (n + weight)
}

// end counts an outcome.
func (t *tally) end(bad, escalated, reopened bool) {
	if t.outcomes >= tallyOutcomes {
		const keep = 1 - 1.0/tallyOutcomes
		t.outcomes *= keep
		t.bad *= keep
		t.escalated *= keep
		t.reopened *= keep
	}
	t.outcomes++
	t.bad += one(bad)
	t.escalated += one(escalated)
	t.reopened += one(reopened)
}

// badRate is the share of bad ends, drawn towards a share elsewhere as if that had been seen weight
// times.
func (t *tally) badRate(elsewhere, weight float64) float64 {
	return (float64(t.bad) + weight*elsewhere) / (float64(t.outcomes) + weight)
}

func one(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// logWait is the logarithm of seconds; the first minute is as good as none.
func logWait(seconds float64) float64 { return math.Log(seconds + 60) }
