package predict

import (
	"context"
	"math"
	"slices"
	"time"

	"deskwatch/core/predict/measure"
)

const (
	// recentShare of the tickets whose end is known, the newest, is what two models are compared on.
	recentShare = 0.2
	// recentUnseen is from how many of those, that the model in force cannot have learned from, they
	// alone count.
	recentUnseen = 100
)

// Recent says on which tickets two models are to be compared.
type Recent struct {
	Cut    int64 // seconds since 1970: what was known by then a candidate may learn from
	Tests  []int // of the lives, those whose end became known after the cut
	Unseen bool  // the model in force cannot have learned from any of them
}

// RecentOf chooses the newest fifth of the lives whose end is known, by when it became known. Where
// at least a hundred of them, ten of each kind of end, ended after a model was trained, they alone
// count: on the others it would only repeat what it was told.
func RecentOf(lives []Life, trained time.Time) Recent {
	var known []int
	for i := range lives {
		if lives[i].Outcome != OutcomeUnknown && lives[i].Ended > 0 {
			known = append(known, i)
		}
	}
	slices.SortStableFunc(known, func(a, b int) int { return int(lives[a].Ended - lives[b].Ended) })
	tests := known[int(float64(len(known))*(1-recentShare)):]
	r := Recent{}
	first, _ := slices.BinarySearchFunc(tests, trained.Unix(), func(i int, at int64) int { return int(lives[i].Ended - at - 1) })
	if unseen := tests[first:]; len(unseen) >= recentUnseen && min(kindsOf(lives, unseen)) >= neededOfKind {
		tests, r.Unseen = unseen, true
	}
	if len(tests) > 0 {
		r.Cut = lives[tests[0]].Ended - 1
	}
	for _, i := range tests {
		if lives[i].Ended > r.Cut {
			r.Tests = append(r.Tests, i)
		}
	}
	return r
}

func kindsOf(lives []Life, of []int) (good, bad int) {
	for _, i := range of {
		if lives[i].Outcome == OutcomeBad {
			bad++
		} else {
			good++
		}
	}
	return good, bad
}

// Until is what was known of lives at a moment; those that had not come yet are left out.
func Until(lives []Life, moment int64) []Life {
	known := make([]Life, 0, len(lives))
	for i := range lives {
		if lives[i].Created <= moment {
			known = append(known, lives[i].At(moment))
		}
	}
	return known
}

// Compared is how two models did on the same tickets.
type Compared struct {
	Tickets, Bad     int
	OldAUC, NewAUC   float64
	OldLoss, NewLoss float64 // the mean logarithmic loss of a ticket
}

// Better reports whether the new one is.
func (c Compared) Better() bool { return c.Tickets > 0 && c.NewLoss < c.OldLoss }

// Compare has two models predict the same tickets at the same moments, those at which models learn,
// with what was known then of all lives. Every ticket counts once, with the mean of its moments. The
// better one has the smaller logarithmic loss, which asks for the right order and for honest
// percentages alike.
func Compare(ctx context.Context, old, next *Model, lives []Life, tests []int) (Compared, error) {
	var probes []event
	for _, i := range tests {
		probes = probesOf(&lives[i], int32(i), &Options{}, probes)
	}
	h := NewHistory(next.Schema())
	scorers := [2]*Scorer{NewScorer(old, h), NewScorer(next, h)}
	type said struct {
		n          int
		risk, loss [2]float64
	}
	sums := make(map[int32]*said, len(tests))
	for n, e := range eventsOf(lives, probes) {
		if n%10_000 == 0 && ctx.Err() != nil {
			return Compared{}, ctx.Err()
		}
		l := &lives[e.life]
		if e.kind != eventProbe {
			h.feed(l, e)
			continue
		}
		s := sums[e.life]
		if s == nil {
			s = &said{}
			sums[e.life] = s
		}
		s.n++
		for k, scorer := range scorers {
			risk := scorer.RiskAfter(l, e.at, int(e.n))
			s.risk[k] += risk
			s.loss[k] += lossOf(risk, l.Outcome == OutcomeBad)
		}
	}
	var c Compared
	var risks [2][]float64
	var bad []bool
	for _, i := range tests {
		s := sums[int32(i)]
		if s == nil {
			continue
		}
		c.Tickets++
		bad = append(bad, lives[i].Outcome == OutcomeBad)
		c.Bad += int(one(lives[i].Outcome == OutcomeBad))
		for k := range risks {
			risks[k] = append(risks[k], s.risk[k]/float64(s.n))
		}
		c.OldLoss += s.loss[0] / float64(s.n)
		c.NewLoss += s.loss[1] / float64(s.n)
	}
	c.OldLoss, c.NewLoss = c.OldLoss/float64(max(c.Tickets, 1)), c.NewLoss/float64(max(c.Tickets, 1))
	c.OldAUC, c.NewAUC = measure.AUC(risks[0], bad), measure.AUC(risks[1], bad)
	return c, nil
}

func lossOf(risk float64, bad bool) float64 {
	const least = 1e-6
	if !bad {
		risk = 1 - risk
	}
	return -math.Log(max(risk, least))
}
