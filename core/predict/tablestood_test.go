package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// updatedRows are tickets of a row each, updated last so long after they came.
func updatedRows(n int, after func(i int) time.Duration) *Table {
	start := time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC)
	var lines []string
	for i := range n {
		came := start.Add(time.Duration(i) * 7 * time.Minute)
		updated := ""
		if d := after(i); d > 0 {
			updated = came.Add(d).Format(tableTime)
		}
		lines = append(lines, fmt.Sprintf("C%d|%s|%s|%d|agent %d|%d", i, came.Format(tableTime), updated, i%13, i%5, i%2))
	}
	table := tableOf("no|came_at|updated_at|reopen count|agent|missed", lines...)
	table.Called = map[string]string{"updated": "updated_at"}
	return table
}

var (
	withinADay = func(i int) time.Duration { return time.Duration(i*37%1440+1) * time.Minute }
	untilDone  = func(i int) time.Duration {
		return time.Duration(-math.Log(float64(i*37%1000+1)/1001)*1000) * time.Minute
	}
	weekAtMost = func(i int) time.Duration { return min(10*untilDone(i), 7*24*time.Hour) }
	neverSaid  = func(int) time.Duration { return 0 }
)

func TestRowsThatAllStandAtOneMomentTellWhatWasKnownThen(t *testing.T) {
	table := updatedRows(1000, withinADay)
	for name, mapped := range map[string]map[string]string{
		"mapped": {"number": "no", "created": "came_at", "updated": "updated_at"}, "by name": {"number": "no", "created": "came_at"},
	} {
		req := core.EvaluationRequest{Map: mapped, Label: "missed=1", At: core.MomentArrival}
		p, err := newPlan(&req, table, false)
		if err != nil {
			t.Fatal(err)
		}
		if p.stood != daySeconds || !slices.Contains(p.schema.Numbers, "updated_at") || !slices.Contains(slices.Concat(p.schema.Words, p.schema.Numbers), "reopen count") {
			t.Errorf("%s: stood %d, words %q, numbers %q", name, p.stood, p.schema.Words, p.schema.Numbers)
		}
		if len(p.notes) != 1 || !strings.Contains(p.notes[0], "24h0m0s") {
			t.Errorf("%s: notes %q", name, p.notes)
		}
		l := livesOf(t, table, req)[3]
		if got, want := l.Facts.Numbers[slices.Index(p.schema.Numbers, "updated_at")], -withinADay(3).Hours()/24; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: updated %v days before it came, want %v", name, got, want)
		}
		if l.Ended != l.Created+2*daySeconds {
			t.Errorf("%s: the end is known %d seconds after the arrival", name, l.Ended-l.Created)
		}
	}
}

func TestRowsWrittenWhenTicketsHadEndedTellNothingOfTheWay(t *testing.T) {
	req := core.EvaluationRequest{Map: map[string]string{"number": "no", "created": "came_at", "updated": "updated_at"}, Label: "missed=1", At: core.MomentArrival}
	for name, after := range map[string]func(int) time.Duration{"until done": untilDone, "never said": neverSaid, "closed after a week": weekAtMost} {
		p, err := newPlan(&req, updatedRows(1000, after), false)
		if err != nil {
			t.Fatal(err)
		}
		if p.stood != 0 || slices.Contains(slices.Concat(p.schema.Words, p.schema.Numbers), "reopen count") || slices.Contains(p.schema.Numbers, "updated_at") {
			t.Errorf("%s: stood %d, words %q, numbers %q", name, p.stood, p.schema.Words, p.schema.Numbers)
		}
	}
}

func TestRowsAreTakenAsTheyStoodAtTheMomentAskedForUnlessTheySayOtherwise(t *testing.T) {
	req := core.EvaluationRequest{Map: map[string]string{"number": "no", "created": "came_at"}, Label: "missed=1", At: core.MomentTime, After: 8 * time.Hour}
	for _, l := range livesOf(t, updatedRows(300, neverSaid), req) {
		if at, _, open := momentOf(&req, &l); !open || at != l.Created+8*hourSeconds {
			t.Fatalf("asked %d seconds after the arrival: %v", at-l.Created, open)
		}
	}
	_, err := newPlan(&req, updatedRows(300, withinADay), false)
	if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), "Map closed") {
		t.Errorf("rows updated after the moment asked for: %v", err)
	}
}
