package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
	"deskwatch/core/predict"
)

func ticketKey(n int) core.TicketKey {
	return core.TicketKey{Source: "crm", ID: fmt.Sprint("T", n)}
}

func scoreOf(n int, risk float64) predict.Score {
	return predict.Score{Key: ticketKey(n), No: uint32(n), Risk: risk, Basis: core.BasisRules, At: noon, Moment: core.MomentArrival}
}

func madeOf(n int, at time.Time, moment core.Moment, risk float64) predict.Made {
	return predict.Made{Key: ticketKey(n), No: uint32(n), At: at, Moment: moment, Basis: core.BasisModel, Model: 3, Risk: risk}
}

// follower takes scores over as another process does.
type follower struct {
	rev   int64
	risks map[core.TicketKey]float64
	anew  int
	rows  int
}

func (f *follower) follow(t *testing.T, p *Predictions) {
	t.Helper()
	rev, err := p.Scores(t.Context(), f.rev, func(batch []predict.Score, anew bool) error {
		if anew {
			f.anew++
			f.risks = map[core.TicketKey]float64{}
		}
		for _, s := range batch {
			f.rows++
			if f.risks[s.Key] = s.Risk; s.Removed {
				delete(f.risks, s.Key)
			}
		}
		return nil
	})
	must(t, err)
	head, err := p.ScoresRevision(t.Context())
	must(t, err)
	if rev != head {
		t.Errorf("read up to %d, the revision is %d", rev, head)
	}
	f.rev = rev
}

func TestAnotherProcessTakesOverOnlyTheScoresThatChanged(t *testing.T) {
	db := newDesk(t)
	p := NewPredictions(db)
	p.bounds.revisions = 2
	ctx := t.Context()
	var f follower
	f.follow(t, p)
	if f.anew != 1 || len(f.risks) != 0 {
		t.Fatalf("of an empty file: %+v", f)
	}
	var many []predict.Score
	for n := range 1200 {
		many = append(many, scoreOf(n, 0.25))
	}
	must(t, p.Save(ctx, many, nil))
	f.follow(t, p)
	if len(f.risks) != 1200 {
		t.Fatalf("%d scores, want 1200", len(f.risks))
	}
	before := f
	f.rows = 0
	must(t, p.Save(ctx, []predict.Score{scoreOf(7, 0.5), scoreOf(2000, 0.1), scoreOf(7, 0.75)}, nil))
	must(t, p.Remove(ctx, []core.TicketKey{ticketKey(8), {Source: "crm", ID: "nobody"}}))
	f.follow(t, p)
	_, there := f.risks[ticketKey(8)]
	if f.rows != 3 || f.anew != before.anew || f.risks[ticketKey(7)] != 0.75 || there || len(f.risks) != 1200 {
		t.Errorf("took over %d rows, %d times anew; T7 %v, T8 there: %v, %d scores", f.rows, f.anew, f.risks[ticketKey(7)], there, len(f.risks))
	}
	// Of a removal that is forgotten whoever was away learns nothing, and has to begin anew.
	away := follower{rev: 2, risks: map[core.TicketKey]float64{ticketKey(8): 0.25}}
	for range 3 {
		must(t, p.Save(ctx, []predict.Score{scoreOf(1, 0.3)}, nil))
	}
	away.follow(t, p)
	if _, there := away.risks[ticketKey(8)]; away.anew != 1 || there || len(away.risks) != 1200 {
		t.Errorf("away for long: anew %d, %d scores, T8 there: %v", away.anew, len(away.risks), there)
	}
	f.follow(t, p) // saw the removal itself
	if f.anew != before.anew {
		t.Error("who saw the removal began anew")
	}
	other := follower{rev: 1 << 40} // of another file
	if other.follow(t, p); other.anew != 1 || len(other.risks) != 1200 {
		t.Errorf("of another file: %d, %d scores", other.anew, len(other.risks))
	}
	must(t, p.Save(ctx, []predict.Score{scoreOf(8, 0.9)}, nil)) // open again
	if f.follow(t, p); f.risks[ticketKey(8)] != 0.9 {
		t.Errorf("the reopened ticket: %v", f.risks[ticketKey(8)])
	}
}

func TestAScoreKeepsItsReasonsAndHelp(t *testing.T) {
	db := newDesk(t)
	p := NewPredictions(db)
	ctx := t.Context()
	want := scoreOf(1, 0.42)
	want.Model, want.Basis = 3, core.BasisModel
	want.Reasons = []core.NamedReason{{Reason: "reply_wait", Text: "first reply took 3.2× the usual", Points: -18, Ratio: 3.2, Subject: "acme"}}
	want.Help = []core.Help{{Action: core.HelpReply, Text: "reply now: 42 → 58", From: 42, To: 58}}
	must(t, p.Save(ctx, []predict.Score{want, scoreOf(2, 0.1), scoreOf(3, 0.1)}, nil))
	must(t, p.Remove(ctx, []core.TicketKey{ticketKey(3)}))
	got, err := p.ScoresOf(ctx, []core.TicketKey{ticketKey(1), ticketKey(3), ticketKey(4)})
	must(t, err)
	want.Rev = 1
	if diff := cmp.Diff(map[core.TicketKey]predict.Score{want.Key: want}, got); diff != "" {
		t.Error(diff)
	}
	_, err = p.ScoresOf(ctx, make([]core.TicketKey, maxScores+1))
	wantCode(t, err, core.CodeInvalid)
}

func TestTheHistoryOfAScoreIsItsNewestPointsOldestFirst(t *testing.T) {
	p := NewPredictions(newDesk(t))
	var made []predict.Made
	for i := range shownPoints + 5 {
		made = append(made, madeOf(1, noon.Add(time.Duration(i)*time.Minute), core.MomentEvent, 0.3), madeOf(2, noon, core.MomentArrival, 0.9))
	}
	must(t, p.Save(t.Context(), nil, made))
	points, err := p.Points(t.Context(), ticketKey(1))
	must(t, err)
	if len(points) != shownPoints || !points[0].At.Equal(noon.Add(5*time.Minute)) || !points[shownPoints-1].At.After(points[0].At) {
		t.Fatalf("%d points from %v", len(points), points[0].At)
	}
	if diff := cmp.Diff(core.ScorePoint{At: noon.Add(5 * time.Minute), Moment: core.MomentEvent, Basis: core.BasisModel, Model: 3, Satisfaction: 70}, points[0]); diff != "" {
		t.Error(diff)
	}
	if points, err := p.Points(t.Context(), ticketKey(9)); err != nil || points == nil || len(points) != 0 {
		t.Errorf("of a ticket nobody knows: %v, %v", points, err)
	}
}

func toldOf(t *testing.T, p *Predictions, since time.Time) []predict.Told {
	t.Helper()
	var list []predict.Told
	must(t, p.Told(t.Context(), since, func(x predict.Told) error { list = append(list, x); return nil }))
	return list
}

func TestEveryPredictionMeetsItsOutcome(t *testing.T) {
	p := NewPredictions(newDesk(t))
	ctx := t.Context()
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	must(t, p.Save(ctx, nil, []predict.Made{
		madeOf(1, at(0), core.MomentArrival, 0.2), madeOf(2, at(0), core.MomentEvent, 0.5), madeOf(3, at(0), core.MomentArrival, 0.3),
		madeOf(4, at(0), core.MomentArrival, 0.3), madeOf(5, at(9), core.MomentArrival, 0.3), madeOf(6, at(0), core.MomentArrival, 0.3),
		madeOf(1, at(2), core.MomentReply, 0.6), madeOf(1, at(4), core.MomentEvent, 0.9),
	}))
	must(t, p.SaveWarnings(ctx, []predict.Warning{
		{Key: ticketKey(1), Day: core.DayOf(noon), At: at(1), Told: true}, {Key: ticketKey(1), Day: core.DayOf(noon), At: at(2), Told: true},
		{Key: ticketKey(2), Day: core.DayOf(noon), At: at(8), Told: true}, // after its end
	}))
	must(t, p.SetEnds(ctx, []predict.End{
		{Key: ticketKey(1), Outcome: predict.OutcomeBad, At: at(4)}, {Key: ticketKey(2), Outcome: predict.OutcomeGood, At: at(3), Rated: true},
		{Key: ticketKey(3), Outcome: predict.OutcomeUnknown, At: at(3)},
		{Key: ticketKey(5), Outcome: predict.OutcomeBad, At: at(5)},                      // known before anything was predicted
		{Key: ticketKey(6), Outcome: predict.OutcomeBad, At: at(5)}, {Key: ticketKey(6)}, // reopened
		{Key: ticketKey(77), Outcome: predict.OutcomeBad, At: at(5)},
	}))
	// Said again later: the first time counts.
	must(t, p.SetEnds(ctx, []predict.End{{Key: ticketKey(1), Outcome: predict.OutcomeBad, At: at(50), Rated: true}}))
	arrival := madeOf(1, at(0), core.MomentArrival, 0.2)
	want := []predict.Told{
		{Key: ticketKey(2), Outcome: predict.OutcomeGood, Rated: true, At: at(3), Last: madeOf(2, at(0), core.MomentEvent, 0.5)},
		// What was predicted when it was known already is no prediction.
		{Key: ticketKey(1), Outcome: predict.OutcomeBad, Rated: true, At: at(4), Arrival: &arrival, Last: madeOf(1, at(2), core.MomentReply, 0.6), Warned: at(1)},
	}
	if diff := cmp.Diff(want, toldOf(t, p, time.Time{})); diff != "" {
		t.Error(diff)
	}
	if list := toldOf(t, p, at(4)); len(list) != 1 || list[0].Key != ticketKey(1) {
		t.Errorf("since the fourth hour: %+v", list)
	}
	counts, err := p.Counts(ctx)
	must(t, err)
	if diff := cmp.Diff(predict.Counts{Tickets: 6, Pending: 2, Unknown: 1, First: noon}, counts); diff != "" {
		t.Error(diff)
	}
}

func TestWarningsOutliveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), DeskFile)
	db, err := Open(t.Context(), path, KindDesk)
	must(t, err)
	day := core.DayOf(noon)
	warned := []predict.Warning{
		{Key: ticketKey(1), Day: day, At: noon.Add(-90 * time.Hour), Left: noon.Add(-80 * time.Hour), Told: true},
		{Key: ticketKey(2), Day: day, At: noon.Add(-60 * time.Hour)},
		{Key: ticketKey(1), Day: day, At: noon, Told: true},
	}
	must(t, NewPredictions(db).SaveWarnings(t.Context(), warned))
	must(t, db.Close())
	p := NewPredictions(openAt(t, path, KindDesk))
	list, err := p.Warnings(t.Context(), noon.Add(-time.Hour))
	must(t, err)
	if diff := cmp.Diff(warned[1:], list); diff != "" {
		t.Error(diff)
	}
	warned[1].Left = noon
	must(t, p.SaveWarnings(t.Context(), warned[1:2]))
	if list, err = p.Warnings(t.Context(), noon.Add(-time.Hour)); err != nil || len(list) != 1 || list[0].Key != ticketKey(1) {
		t.Errorf("after the second left: %+v, %v", list, err)
	}
	if list, err = p.Warnings(t.Context(), time.Time{}); err != nil || len(list) != 3 || !list[1].Left.Equal(noon) {
		t.Errorf("all: %+v, %v", list, err)
	}
}

func TestOldPredictionsGoAndWithTheLastOfThemTheTicket(t *testing.T) {
	db := newDesk(t)
	p := NewPredictions(db)
	p.bounds.made = 4
	ctx := t.Context()
	rows := func(table string) (n int) {
		t.Helper()
		must(t, db.rsql.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		return n
	}
	must(t, p.Save(ctx, []predict.Score{scoreOf(2, 0.5)}, []predict.Made{madeOf(1, noon, core.MomentArrival, 0.1), madeOf(2, noon, core.MomentArrival, 0.1)}))
	must(t, p.SetEnds(ctx, []predict.End{{Key: ticketKey(1), Outcome: predict.OutcomeBad, At: noon.Add(time.Hour)}}))
	must(t, p.SaveWarnings(ctx, []predict.Warning{{Key: ticketKey(1), Day: core.DayOf(noon), At: noon}}))
	late := noon.Add(predict.KeptDays * 24 * time.Hour)
	must(t, p.Save(ctx, nil, []predict.Made{madeOf(3, late, core.MomentArrival, 0.1)}))
	if n := rows("predictions"); n != 3 {
		t.Fatalf("%d predictions, want those of 400 days", n)
	}
	must(t, p.Save(ctx, nil, []predict.Made{madeOf(3, late.Add(time.Second), core.MomentEvent, 0.1)}))
	if p, w, n := rows("predictions"), rows("warnings"), rows("predicted_tickets"); p != 2 || w != 0 || n != 2 {
		t.Errorf("%d predictions, %d warnings, %d tickets; want the new ones, and the ticket that has a score", p, w, n)
	}
	for range 9 {
		must(t, p.Save(ctx, nil, []predict.Made{madeOf(4, late, core.MomentEvent, 0.1)}))
	}
	if p, n := rows("predictions"), rows("predicted_tickets"); p != 4 || n != 2 {
		t.Errorf("%d predictions of %d tickets, want four, and the ticket that has a score", p, n)
	}
}

func TestOfAForgottenSourceNothingIsCounted(t *testing.T) {
	db := newDesk(t)
	p := NewPredictions(db)
	ctx := t.Context()
	other := core.TicketKey{Source: "sample", ID: "S1"}
	s, m := scoreOf(9, 0.9), madeOf(9, noon, core.MomentArrival, 0.9)
	s.Key, m.Key = other, other
	must(t, p.Save(ctx, []predict.Score{scoreOf(1, 0.5), s}, []predict.Made{madeOf(1, noon, core.MomentArrival, 0.1), m}))
	must(t, p.SetEnds(ctx, []predict.End{{Key: other, Outcome: predict.OutcomeBad, At: noon.Add(time.Hour)}}))
	must(t, p.SaveWarnings(ctx, []predict.Warning{{Key: other, Day: core.DayOf(noon), At: noon}}))
	var f follower
	f.follow(t, p)
	must(t, p.Forget(ctx, "sample"))
	f.follow(t, p)
	if _, there := f.risks[other]; there || len(f.risks) != 1 {
		t.Errorf("who follows the scores has %v", f.risks)
	}
	counts, err := p.Counts(ctx)
	must(t, err)
	if diff := cmp.Diff(predict.Counts{Tickets: 1, Pending: 1, First: noon}, counts); diff != "" {
		t.Error(diff)
	}
	if list := toldOf(t, p, time.Time{}); len(list) != 0 {
		t.Errorf("told %+v", list)
	}
	for _, table := range []string{"predictions", "scores", "warnings"} {
		n := 0
		if must(t, db.rsql.QueryRow("SELECT count(*) FROM "+table+" WHERE ticket NOT IN (SELECT id FROM predicted_tickets)").Scan(&n)); n != 0 {
			t.Errorf("%d %s of nobody", n, table)
		}
	}
	before := f
	must(t, p.Forget(ctx, "sample"))
	if f.follow(t, p); f.anew != before.anew {
		t.Error("forgetting nothing had everything read anew")
	}
}

func TestALongSilenceDoesNotSlowAScoreDown(t *testing.T) {
	db := newDesk(t)
	for _, query := range []string{oldRemovals, forgetRemovals} {
		if s := plan(t, db, query, 1); !strings.Contains(s, "scores_removed") {
			t.Errorf("%s reads scores that were not removed: %s", query, s)
		}
	}
}

func TestATicketThatOnlyHadAScoreIsForgottenWithItsRemoval(t *testing.T) {
	db := newDesk(t)
	p := NewPredictions(db)
	p.bounds.revisions = 2
	ctx := t.Context()
	must(t, p.Save(ctx, []predict.Score{scoreOf(1, 1), scoreOf(2, 0.5)}, []predict.Made{madeOf(2, noon, core.MomentArrival, 0.5)}))
	must(t, p.Remove(ctx, []core.TicketKey{ticketKey(1), ticketKey(2)}))
	for range 3 {
		must(t, p.Save(ctx, []predict.Score{scoreOf(3, 0.5)}, nil))
	}
	counts, err := p.Counts(ctx)
	must(t, err)
	if counts.Tickets != 2 { // the one of which something was predicted, and the one that has a score
		t.Errorf("%d tickets are kept", counts.Tickets)
	}
}

func TestPredictionsAreSavedWholeOrNotAtAll(t *testing.T) {
	db := newDesk(t)
	p := NewPredictions(db)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantCode(t, p.Save(ctx, []predict.Score{scoreOf(1, 0.5)}, nil), core.CodeCanceled)
	must(t, p.Save(t.Context(), nil, nil))
	if rev, err := p.ScoresRevision(t.Context()); rev != 0 || err != nil {
		t.Errorf("revision %d, %v; want nothing saved", rev, err)
	}
	if s := plan(t, db, toldTickets, 1, 10); !strings.Contains(s, "predicted_tickets_told") || strings.Contains(s, "SCAN predictions") {
		t.Errorf("told by %s", s)
	}
}
