package main

import (
	"strings"
	"testing"

	"deskwatch/core"
)

const fewTickets = `Case Number,Subject,Status,Priority,Created,Product,Owner,Escalated,Rating
T1,Nothing works,New,High,2024-01-02T10:00:00Z,Spark,,true,
T2,Where is the bill,New,Low,2024-01-03T10:00:00Z,Billing,Ana,false,
T3,Too slow,Closed,Low,2024-01-04T10:00:00Z,Spark,Ana,false,1
`

func fewTicketsDesk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var im core.TicketImportResult
	callJSON(t, dir, &im, "tickets", "import", writeFile(t, "cases.csv", fewTickets), "--source", "helpdesk")
	if im.New != 3 || im.Rejected != 0 {
		t.Fatalf("the tickets of the test: %+v", im)
	}
	return dir
}

// checkKeys demands that a result has the keys docs/formats.md promises.
func checkKeys(t *testing.T, what string, got map[string]any, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if _, ok := got[k]; !ok {
			t.Errorf("%s lacks %q: %v", what, k, got)
		}
	}
}

func TestATrainingWithFewRatedTicketsSaysWhyThereIsNoModel(t *testing.T) {
	dir := fewTicketsDesk(t)
	var raw map[string]any
	callJSON(t, dir, &raw, "predict", "train")
	checkKeys(t, "predict train", raw, "at", "version", "accepted", "reason", "text", "tickets", "seconds")
	var r core.TrainingResult
	callJSON(t, dir, &r, "predict", "train")
	if r.Accepted || r.Version != 0 || r.Reason != core.WhyFewRated || !strings.Contains(r.Text, "200") {
		t.Errorf("a training with two known ends: %+v", r)
	}
	if status, out, errs := call(t, dir, "predict", "train"); status != 0 || !strings.HasPrefix(out, "not accepted: "+r.Text) {
		t.Errorf("for people: status %d %q %s", status, out, errs)
	}
}

func TestScoresOfAFilterAreListedTheRiskiestFirst(t *testing.T) {
	dir := fewTicketsDesk(t)
	var list core.Predictions
	callJSON(t, dir, &list, "predict", "score")
	if list.Basis != core.BasisRules || list.Total != 2 || len(list.Items) != 2 || list.Items[0].Number != "T1" || list.Items[1].Number != "T2" || list.Next != "" {
		t.Fatalf("the open tickets: %+v", list)
	}
	for _, item := range list.Items {
		if item.Satisfaction != 100-item.Risk || item.Satisfaction < 1 || len(item.Reasons) == 0 || len(item.Reasons) > 3 {
			t.Errorf("%s: satisfaction %d, risk %d, %d reasons", item.Number, item.Satisfaction, item.Risk, len(item.Reasons))
		}
		for _, r := range item.Reasons {
			if r.Points >= 0 || r.Text == "" {
				t.Errorf("%s: the reason %+v does not take satisfaction away", item.Number, r)
			}
		}
	}
	if first, second := list.Items[0], list.Items[1]; first.Satisfaction >= second.Satisfaction || first.Reasons[0].Reason != "escalated" {
		t.Errorf("the escalated one has %d because of %+v, the other %d", first.Satisfaction, first.Reasons[0], second.Satisfaction)
	}
	callJSON(t, dir, &list, "predict", "score", "--query", "product:billing")
	if list.Total != 1 || list.Items[0].Number != "T2" {
		t.Errorf("of one product: %+v", list)
	}
	callJSON(t, dir, &list, "predict", "score", "--limit", "1")
	if list.Total != 2 || len(list.Items) != 1 || list.Next == "" {
		t.Errorf("one at a time: %+v", list)
	}
	callJSON(t, dir, &list, "predict", "score", "--limit", "1", "--after", list.Next)
	if len(list.Items) != 1 || list.Items[0].Number != "T2" {
		t.Errorf("the next one: %+v", list)
	}
	status, out, _ := call(t, dir, "predict", "score")
	if lines := strings.Split(out, "\n"); status != 0 || !strings.HasPrefix(lines[0], "NUMBER") || !strings.HasPrefix(lines[1], "T1") || !strings.Contains(lines[1], "it is escalated") || !strings.Contains(out, "the stated rules") {
		t.Errorf("for people: status %d\n%s", status, out)
	}
}

func TestAFilterThatFindsThisOrThatFindsOpenTicketsOnly(t *testing.T) {
	dir := fewTicketsDesk(t)
	var list core.Predictions
	callJSON(t, dir, &list, "predict", "score", "--query", "product:billing or product:spark")
	if list.Total != 2 {
		t.Errorf("%d tickets are called open: %+v", list.Total, list.Items)
	}
}

func TestATicketIsExplained(t *testing.T) {
	dir := fewTicketsDesk(t)
	var raw map[string]any
	callJSON(t, dir, &raw, "predict", "explain", "T1")
	checkKeys(t, "predict explain", raw, "basis", "model", "at", "satisfaction", "reasons", "help", "history")
	var p core.Prediction
	callJSON(t, dir, &p, "predict", "explain", "helpdesk:T1")
	if p.Basis != core.BasisRules || p.Satisfaction < 1 || p.Satisfaction > 60 || len(p.Reasons) == 0 || p.Reasons[0].Reason != "escalated" || p.Reasons[0].Points >= 0 {
		t.Errorf("%+v", p)
	}
	var list core.Predictions
	callJSON(t, dir, &list, "predict", "score", "--query", "number:T1")
	if list.Items[0].Satisfaction != p.Satisfaction {
		t.Errorf("the list says %d, the explanation %d", list.Items[0].Satisfaction, p.Satisfaction)
	}
	var d core.TicketDetail
	callJSON(t, dir, &d, "tickets", "show", "T1")
	if d.Satisfaction != p.Satisfaction || d.Prediction.Satisfaction != p.Satisfaction {
		t.Errorf("tickets show says %d and %d, the explanation %d", d.Satisfaction, d.Prediction.Satisfaction, p.Satisfaction)
	}
	status, out, _ := call(t, dir, "predict", "explain", "T1")
	if status != 0 || !strings.Contains(out, "by the stated rules") || !strings.Contains(out, "it is escalated") {
		t.Errorf("for people: status %d\n%s", status, out)
	}
	if status, out, errs := call(t, dir, "predict", "explain", "T9"); status != 1 || out != "" || !strings.Contains(errs, "T9") || strings.Count(strings.TrimSpace(errs), "\n") != 0 {
		t.Errorf("a ticket nobody has: status %d, %q, %q", status, out, errs)
	}
}

func TestWrongUsageOfPredictEndsWithStatusTwo(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{}, {"frobnicate"}, {"train", "now"}, {"score", "T1"}, {"score", "--limit", "0"}, {"score", "--limit", "1001"}, {"explain"}, {"explain", "T1", "T2"}} {
		if status, out, errs := call(t, dir, append([]string{"predict"}, args...)...); status != 2 || out != "" || !strings.Contains(errs, "--help") {
			t.Errorf("predict %q: status %d, stdout %q, stderr %q", args, status, out, errs)
		}
	}
}

func TestTheListAndTheReportSayWhatPredicts(t *testing.T) {
	dir := fewTicketsDesk(t)
	var raw map[string]any
	callJSON(t, dir, &raw, "predict", "list")
	checkKeys(t, "predict list", raw, "basis", "bar", "items")
	var list core.RiskList
	callJSON(t, dir, &list, "predict", "list")
	if list.Basis != core.BasisRules || list.Bar != 70 || len(list.Items) != 0 { // T1 is escalated already, T2 calmer
		t.Errorf("the list of the day: %+v", list)
	}
	callJSON(t, dir, &raw, "predict", "report")
	checkKeys(t, "predict report", raw, "at", "state", "capacity", "pending", "sentences")
	var r core.PredictionReport
	callJSON(t, dir, &r, "predict", "report")
	if r.State.Basis != core.BasisRules || r.State.Why != core.WhyFewRated || r.State.Needed != 200 || r.Capacity != 5 || r.Backtest != nil || r.Live != nil || len(r.Sentences) == 0 || r.Sentences[0].Key != core.SentenceNothing {
		t.Errorf("the report before any ticket ended: %+v", r)
	}
	status, out, _ := call(t, dir, "predict", "report")
	if status != 0 || !strings.HasPrefix(out, r.Sentences[0].Text) || !strings.Contains(out, "the stated rules") || !strings.Contains(out, r.State.WhyText) {
		t.Errorf("for people: status %d\n%s", status, out)
	}
}

// TestTheSampleTrainsAModelThatExplainsItself goes the whole way: load, train, score, explain, report.
func TestTheSampleTrainsAModelThatExplainsItself(t *testing.T) {
	dir := t.TempDir()
	if status, _, errs := call(t, dir, "demo", "load"); status != 0 {
		t.Fatal(errs)
	}
	var r core.TrainingResult
	callJSON(t, dir, &r, "predict", "train")
	if !r.Accepted || r.Version != 1 || r.Reason != "first" || r.Tickets < 200 || r.Measured == nil || r.Measured.AUCLow <= 0.5 || r.Measured.Tickets > r.Tickets {
		t.Fatalf("the first training: %+v %+v", r, r.Measured)
	}
	var list core.Predictions
	callJSON(t, dir, &list, "predict", "score", "--query", "escalated:no", "--limit", "5")
	if list.Basis != core.BasisModel || len(list.Items) != 5 || len(list.Items[0].Reasons) == 0 {
		t.Fatalf("after it: %+v", list)
	}
	for i, item := range list.Items[1:] {
		if item.Satisfaction < list.Items[i].Satisfaction {
			t.Errorf("%s with %d comes after %d", item.Number, item.Satisfaction, list.Items[i].Satisfaction)
		}
	}
	first := list.Items[0]
	var p core.Prediction
	callJSON(t, dir, &p, "predict", "explain", first.Number)
	if p.Basis != core.BasisModel || p.Model != 1 || p.Satisfaction != first.Satisfaction || len(p.History) == 0 || p.Reasons[0].Text != first.Reasons[0].Text {
		t.Errorf("the list says %d because of %+v, the explanation %+v", first.Satisfaction, first.Reasons[0], p)
	}
	for _, h := range p.Help {
		if h.To <= h.From || h.From != p.Satisfaction {
			t.Errorf("it would not help: %+v", h)
		}
	}
	if status, out, _ := call(t, dir, "predict", "explain", first.Number); status != 0 || !strings.Contains(out, "by model 1") || !strings.Contains(out, p.Reasons[0].Text) {
		t.Errorf("for people: status %d\n%s", status, out)
	}
	var report core.PredictionReport
	callJSON(t, dir, &report, "predict", "report")
	s := report.State
	if s.Basis != core.BasisModel || s.Why != "" || s.Version != 1 || len(s.Checksum) != 64 || len(s.Features) == 0 || s.LastTry == nil || report.Backtest == nil || report.Pending != int(list.Total) { // the end of an escalated one is known
		t.Errorf("the report: %+v", report)
	}
	if status, out, _ := call(t, dir, "predict", "report"); status != 0 || !strings.Contains(out, "model 1") || !strings.Contains(out, "AUC") {
		t.Errorf("for people: status %d\n%s", status, out)
	}
}
