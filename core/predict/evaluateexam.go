package predict

import (
	"context"
	"time"

	"deskwatch/core"
)

const (
	speedAtLeast = 100 * time.Millisecond // of scoring, for a figure to be one
	speedRounds  = 1000
)

// exam predicts the tickets of one file by a model trained on another.
type exam struct {
	req         *core.EvaluationRequest
	schema      Schema
	model       *Model // nil: the share of bad ends is all there is to say
	train, test []Life

	scorer *Scorer
	probes []event // by test ticket asked of; life counts from the first of train
}

// momentOf is when a ticket is asked of, and after how many of its steps; ok is false where it is not.
func momentOf(req *core.EvaluationRequest, l *Life) (at int64, n int, ok bool) {
	switch req.At {
	case core.MomentTime:
		return standing(l, l.Created+int64(req.After/time.Second))
	case core.MomentReply:
		for i := range l.Steps {
			if l.Steps[i].Kind == StepReplied {
				return max(l.Steps[i].At, l.Created), i + 1, true
			}
		}
	}
	return l.Created, 0, true
}

// asked is of how many tickets something is asked.
func asked(req *core.EvaluationRequest, lives []Life) int {
	n := 0
	for i := range lives {
		if _, _, ok := momentOf(req, &lives[i]); ok {
			n++
		}
	}
	return n
}

// take predicts every ticket asked of at its moment, in the order of the file. What happened before
// that moment is known of all tickets, outcomes of those to learn from only.
func (x *exam) take(ctx context.Context) ([]Scored, error) {
	all := make([]Life, 0, len(x.train)+len(x.test))
	all = append(all, x.train...)
	place := make([]int, 0, len(x.test))
	var scored []Scored
	base := float64(badEnds(x.train)) / float64(len(x.train))
	for i := range x.test {
		l := x.test[i]
		at, n, ok := momentOf(x.req, &l)
		place = append(place, len(scored))
		if ok {
			x.probes = append(x.probes, event{at: at, life: int32(len(all)), n: int16(min(n, viewSteps)), kind: eventProbe})
			scored = append(scored, Scored{Key: l.Key, Risk: base, Bad: l.Outcome == OutcomeBad})
		}
		l.Outcome, l.Level, l.Ended = OutcomeUnknown, 0, 0
		all = append(all, l)
	}
	x.test = all[len(x.train):]
	if x.model == nil {
		return scored, nil
	}
	h := NewHistory(x.schema)
	x.scorer = NewScorer(x.model, h)
	for i, e := range eventsOf(all, x.probes) {
		if i&0xffff == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if e.kind != eventProbe {
			h.feed(&all[e.life], e)
			continue
		}
		scored[place[int(e.life)-len(x.train)]].Risk = x.scorer.RiskAfter(&all[e.life], e.at, int(e.n))
	}
	return scored, nil
}

// speed is how many tickets are scored in a second by one goroutine, all that is known of them in mind.
func (x *exam) speed(clock func() time.Time) float64 {
	if x.scorer == nil {
		return 0
	}
	started, n := clock(), 0
	for range speedRounds {
		for _, e := range x.probes {
			x.scorer.RiskAfter(&x.test[int(e.life)-len(x.train)], e.at, int(e.n))
		}
		n += len(x.probes)
		if took := clock().Sub(started); took >= speedAtLeast {
			return float64(n) / took.Seconds()
		}
	}
	return 0
}

// badEnds is how many lives ended badly.
func badEnds(lives []Life) (n int) {
	for i := range lives {
		if lives[i].Outcome == OutcomeBad {
			n++
		}
	}
	return n
}
