package predict

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// madeRows are contacts whose end depends on who looks after them and on how long they waited.
// telling false leaves it to chance.
func madeRows(from, n int, telling bool) *Table {
	r := rand.New(rand.NewPCG(7, uint64(from)))
	start := time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(from) * 7 * time.Minute)
	var lines []string
	for i := range n {
		came := start.Add(time.Duration(i) * 7 * time.Minute)
		agent, topic := r.IntN(12), r.IntN(6)
		wait := r.IntN(90)
		chance := 0.08
		if agent < 3 {
			chance += 0.3
		}
		if topic == 2 {
			chance += 0.15
		}
		if wait > 60 {
			chance += 0.35
		}
		if !telling {
			chance = 0.25
		}
		mark := "5"
		if r.Float64() < chance {
			mark = "1"
		}
		lines = append(lines, fmt.Sprintf("C%d|%s|%s|agent %d|topic %d|%d|%s", from+i, came.Format(tableTime), came.Add(time.Duration(wait+1)*time.Minute).Format(tableTime), agent, topic, r.IntN(1000), mark))
	}
	return tableOf("no|came_at|answered_at|agent|topic|price|mark", lines...)
}

var madeMap = map[string]string{"number": "no", "created": "came_at", "replied": "answered_at", "owner": "agent", "category": "topic"}

func evaluated(t *testing.T, req core.EvaluationRequest, train, test *Table) (core.Evaluation, []Scored) {
	t.Helper()
	e, scored, err := EvaluateTables(context.Background(), req, train, test, time.Now, &core.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	return e, scored
}

func TestWhatCanBeSeenIsPredicted(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	train, test := madeRows(0, 1000, true), madeRows(1000, 500, true)
	req := core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentArrival}
	arrival, scored := evaluated(t, req, train, test)
	if arrival.Warnings == nil || len(arrival.Warnings) > 0 { // an empty list in JSON, too
		t.Errorf("warnings %#v", arrival.Warnings)
	}
	if arrival.RowsTrain != 1000 || arrival.RowsTest != 500 || len(scored) != 500 || arrival.Refused || arrival.Reason != "" {
		t.Errorf("%+v", arrival)
	}
	if arrival.AUC < 0.62 || arrival.AUCInterval[0] > arrival.AUC || arrival.AUCInterval[1] < arrival.AUC || arrival.TrainSeconds <= 0 || arrival.ScoreRowsPerSecond <= 0 {
		t.Errorf("%+v", arrival)
	}
	req.At = core.MomentReply
	replied, _ := evaluated(t, req, train, test)
	if replied.AUC < arrival.AUC+0.03 || replied.Brier >= arrival.Brier {
		t.Errorf("AUC %.3f after the reply, %.3f on arrival: the wait tells more", replied.AUC, arrival.AUC)
	}
}

func TestShuffledLabelsAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	e, scored := evaluated(t, core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentReply}, madeRows(0, 1000, false), madeRows(1000, 500, false))
	if !e.Refused || e.Reason == "" || len(scored) != 500 {
		t.Errorf("%+v", e)
	}
	if e.AUC > 0.6 || e.AUC < 0.4 {
		t.Errorf("AUC %.3f of nothing", e.AUC)
	}
}

func TestFewTicketsAreRefused(t *testing.T) {
	e, scored := evaluated(t, core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentArrival}, madeRows(0, 150, true), madeRows(150, 100, true))
	if !e.Refused || e.Reason == "" || e.AUC != 0.5 || e.RowsTest != 100 {
		t.Errorf("%+v", e)
	}
	if scored[0].Risk <= 0 || scored[0].Risk != scored[99].Risk {
		t.Errorf("risks %v and %v, want the share of bad ends of all", scored[0].Risk, scored[99].Risk)
	}
}

func TestLabelsOfTheTestChangeNoPrediction(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	train, test := madeRows(0, 800, true), madeRows(700, 300, true) // a hundred came before the last learned from
	req := core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentReply}
	e, before := evaluated(t, req, train, test)
	if !slices.ContainsFunc(e.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "100 tickets") && strings.Contains(w, "learn from, too")
	}) {
		t.Errorf("warnings %q", e.Warnings)
	}
	turned := *test
	turned.Rows = nil
	for _, row := range test.Rows {
		row = slices.Clone(row)
		row[6] = map[string]string{"1": "5", "5": "1"}[row[6]]
		turned.Rows = append(turned.Rows, row)
	}
	_, after := evaluated(t, req, train, &turned)
	for i := range before {
		if before[i].Risk != after[i].Risk || before[i].Bad == after[i].Bad {
			t.Fatalf("%d: %+v, then %+v", i, before[i], after[i])
		}
	}
}

func TestAnUnansweredTicketIsPredictedAsOfItsArrival(t *testing.T) {
	train, test := madeRows(0, 600, true), madeRows(600, 300, true)
	for i, row := range test.Rows {
		if i%3 == 0 {
			row[2] = row[1][:11] + "00:00" // before it came, and midnight
		}
	}
	e, scored := evaluated(t, core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentReply}, train, test)
	if e.RowsTest != 300 {
		t.Errorf("%d tested, want all", e.RowsTest)
	}
	sum := 0.0
	for i := 0; i < len(scored); i += 3 {
		sum += scored[i].Risk
	}
	if mean := sum / 100; mean < e.BaseRate/2 || mean > e.BaseRate*1.5 {
		t.Errorf("a mean risk of %.2f for those whose reply is unknown, usual is %.2f", mean, e.BaseRate)
	}
}

func TestColumnsInAnotherOrderAndWithoutOneAreTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("trains several models; not in the short run")
	}
	train, test := madeRows(0, 600, true), madeRows(600, 200, true)
	req := core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentArrival, Exclude: []string{"price"}}
	_, want := evaluated(t, req, train, test)
	turned := &Table{Name: "turned.csv"}
	order := []int{6, 4, 3, 2, 1, 0}
	for _, c := range order {
		turned.Columns = append(turned.Columns, test.Columns[c])
		turned.Times = append(turned.Times, test.Times[c])
	}
	for _, row := range test.Rows {
		var cells []string
		for _, c := range order {
			cells = append(cells, row[c])
		}
		turned.Rows = append(turned.Rows, cells)
	}
	_, got := evaluated(t, req, train, turned)
	if !slices.Equal(got, want) {
		t.Error("the order of columns changes predictions")
	}
	req.Exclude = nil
	e, _ := evaluated(t, req, train, turned)
	if !slices.ContainsFunc(e.Warnings, func(w string) bool { return strings.Contains(w, `no column "price"`) }) {
		t.Errorf("warnings %q", e.Warnings)
	}
}

func TestWhatCannotBeEvaluatedIsASentence(t *testing.T) {
	train := madeRows(0, 300, true)
	one := madeRows(0, 30, true)
	for _, row := range one.Rows {
		row[6] = "5"
	}
	good := core.EvaluationRequest{Map: madeMap, Label: "mark<=2", At: core.MomentArrival}
	with := func(change func(*core.EvaluationRequest)) core.EvaluationRequest {
		r := good
		change(&r)
		return r
	}
	for want, c := range map[string]struct {
		req         core.EvaluationRequest
		train, test *Table
	}{
		`no column "nobody"`: {with(func(r *core.EvaluationRequest) { r.Map = map[string]string{"owner": "nobody"} }), train, train},
		`no field "boss"`:    {with(func(r *core.EvaluationRequest) { r.Map = map[string]string{"boss": "agent"} }), train, train},
		"no times":           {with(func(r *core.EvaluationRequest) { r.Map = map[string]string{"created": "agent"} }), train, train},
		"none has mark <= 2": {good, one, train},
		"need both ends":     {good, train, one},
		"can be compared":    {with(func(r *core.EvaluationRequest) { r.Label = "agent<=2" }), train, train},
		"map replied": {with(func(r *core.EvaluationRequest) {
			r.At, r.Map = core.MomentReply, map[string]string{"created": "came_at"}
		}), train, train},
		"map created":           {with(func(r *core.EvaluationRequest) { r.At, r.Map = core.MomentReply, nil }), train, train},
		`no moment "yesterday"`: {with(func(r *core.EvaluationRequest) { r.At = "yesterday" }), train, train},
	} {
		_, _, err := EvaluateTables(context.Background(), c.req, c.train, c.test, time.Now, &core.Progress{})
		if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
