package predict

import (
	"context"
	"fmt"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict/measure"
)

// Scored is what was predicted of one ticket of a file, and what became of it.
type Scored struct {
	Key  string
	Risk float64
	Bad  bool
}

// EvaluateTables trains a model on one file and measures how well it predicts the tickets of another,
// from what was known at the moment asked for. Labels of the latter are used for nothing else. It
// fails with core.CodeInvalid where the request does not fit the files. clock tells how long work
// takes.
func EvaluateTables(ctx context.Context, req core.EvaluationRequest, train, test *Table, clock func() time.Time, p *core.Progress) (core.Evaluation, []Scored, error) {
	out := core.Evaluation{Warnings: []string{}}
	started := clock()
	number := req.Map["number"]
	log := number != "" && (train.repeats(train.column(number)) || test.repeats(test.column(number)))
	plan, err := newPlan(&req, train, log)
	if err != nil {
		return out, nil, err
	}
	opt, err := plan.options(&req)
	if err != nil {
		return out, nil, err
	}
	here, missing, err := plan.bind(train)
	if err != nil {
		return out, nil, err
	}
	lives := here.lives()
	if err := bothKinds(train, &plan.label, lives); err != nil {
		return out, nil, err
	}
	there, missingThere, err := plan.bind(test)
	if err != nil {
		return out, nil, err
	}
	out.Warnings = append(out.Warnings, slices.Concat(plan.notes, missing, missingThere)...)
	learned := clock()
	trained, err := Train(ctx, plan.schema, lives, opt, p)
	if err != nil {
		return out, nil, err
	}
	out.TrainSeconds = clock().Sub(learned).Seconds() + learned.Sub(started).Seconds()
	out.Warnings = append(out.Warnings, trained.Warnings...)
	out.Refused, out.Reason = trained.Refused != "", trained.Text

	tests := there.lives()
	if err := bothKinds(test, &plan.label, tests); err != nil {
		return out, nil, err
	}
	out.Warnings = append(out.Warnings, overlap(lives, tests, number != "")...)
	p.SetPhase("Measuring")
	x := exam{req: &req, schema: plan.schema, model: trained.Model, train: lives, test: tests}
	scored, err := x.take(ctx)
	if err != nil {
		return out, nil, err
	}
	out.RowsTrain, out.RowsTest = asked(&req, lives), len(scored)
	if err := fill(&out, scored, test); err != nil {
		return out, nil, err
	}
	out.ScoreRowsPerSecond = x.speed(clock)
	return out, scored, nil
}

// options are how to train for what is asked. What is to be predicted after the first reply is
// learned on arrival, too: of some tickets nobody knows when they were answered.
func (p *plan) options(req *core.EvaluationRequest) (Options, error) {
	opt := Options{Now: time.Unix(0, 0).UTC(), Version: 1, Capacity: core.DefaultPredictionSettings().Capacity}
	_, created := p.fields["created"]
	_, replied := p.fields["replied"]
	switch {
	case req.At == core.MomentArrival:
		opt.Moments = []core.Moment{core.MomentArrival}
	case !created:
		return opt, invalidRequest("Which column tells when a ticket was created? Predictions at another moment than the arrival need it: map created.")
	case req.At == core.MomentReply && !replied:
		return opt, invalidRequest("Which column tells when a ticket was first answered? Predictions after the first reply need it: map replied.")
	case req.At == core.MomentReply:
		opt.Moments = []core.Moment{core.MomentArrival, core.MomentReply}
	case req.At == core.MomentTime && req.After > 0:
		opt.Moments, opt.After = []core.Moment{core.MomentTime}, req.After
	default:
		return opt, invalidRequest("There is no moment %q to predict at. Choose arrival, first-reply, or a length of time such as 24h.", req.At)
	}
	return opt, nil
}

// bothKinds refuses a file whose label tells nothing.
func bothKinds(t *Table, l *label, lives []Life) error {
	bad := badEnds(lives)
	told := fmt.Sprintf("%s %s %s", l.column, l.op, l.value)
	switch {
	case len(lives) == 0:
		return invalidRequest("No row of %s has a value in %q that can be compared with %s. There is nothing to learn from and nothing to measure.", t.Name, l.column, l.value)
	case bad == 0:
		return invalidRequest("Of the %d tickets of %s none has %s. Predictions need both ends.", len(lives), t.Name, told)
	case bad == len(lives):
		return invalidRequest("All %d tickets of %s have %s. Predictions need both ends.", len(lives), t.Name, told)
	}
	return nil
}

// overlap warns of tickets that were learned from and are to be predicted, as far as numbers tell them
// apart, and of files that do not follow each other.
func overlap(train, test []Life, numbered bool) []string {
	known := make(map[string]int64, len(train))
	for i := range train {
		known[train[i].Key] = train[i].Created
	}
	same, before, latest := 0, 0, int64(0)
	for i := range train {
		latest = max(latest, train[i].Created)
	}
	for i := range test {
		if created, ok := known[test[i].Key]; numbered && ok && created == test[i].Created {
			same++
		}
		before += int(one(test[i].Created > 0 && test[i].Created < latest))
	}
	var warnings []string
	if same > 0 {
		warnings = append(warnings, fmt.Sprintf("%s of the file to measure on stand in the file to learn from, too. The figures are too good.", counted(same, "ticket", "tickets")))
	}
	if 20*before > len(test) {
		warnings = append(warnings, fmt.Sprintf("%s of the file to measure on came before the last ticket of the file to learn from.", counted(before, "ticket", "tickets")))
	}
	return warnings
}

// fill measures what was predicted.
func fill(out *core.Evaluation, scored []Scored, test *Table) error {
	scores, bad := make([]float64, len(scored)), make([]bool, len(scored))
	for i, s := range scored {
		scores[i], bad[i] = s.Risk, s.Bad
	}
	bads := countBad(bad)
	if bads == 0 || bads == len(scored) {
		return invalidRequest("Of the tickets of %s that stood open at the moment asked for, %d ended badly and %d well. Figures need both ends.", test.Name, bads, len(scored)-bads)
	}
	out.BaseRate = float64(bads) / float64(len(scored))
	var m core.Measured
	figures(&m, scores, bad)
	out.AUC, out.AUCInterval = m.AUC, [2]float64{0, 1}
	if min(bads, len(scored)-bads) >= 2 { // of fewer there is no interval
		out.AUCInterval = [2]float64{m.AUCLow, m.AUCHigh}
	}
	out.AveragePrecision, out.Brier, out.ECE = m.AveragePrecision, m.Brier, m.ECE
	out.TopDecilePrecision, out.WorkloadReduction = m.Top, m.Reduction
	out.RecallAtReduction = measure.RecallAtReduction(scores, bad, 0.8)
	return nil
}
