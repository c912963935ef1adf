package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// points is how the score of a ticket was told so far.
func (d *desk) points(t *testing.T, id string) []core.ScorePoint {
	t.Helper()
	p, err := d.Prediction(t.Context(), d.numberOf(t, id))
	if err != nil {
		t.Fatal(err)
	}
	return p.History
}

// moments are the moments of the scores of a ticket, in words.
func (d *desk) moments(t *testing.T, id string) string {
	t.Helper()
	var list []string
	for _, p := range d.points(t, id) {
		list = append(list, string(p.Moment))
	}
	return strings.Join(list, " ")
}

func (d *desk) score(t *testing.T, a *App) {
	t.Helper()
	if _, err := a.ScoreNow(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestWhatCameWhileNobodyWatchedArrivesOnceItIsScored(t *testing.T) {
	d := newDesk(t)
	now := d.clock.Now().Truncate(time.Second)
	d.take(t, "cases", core.Ticket{ID: "NEW", CreatedAt: now}, core.Ticket{ID: "OLD", CreatedAt: now.Add(-48 * time.Hour)}, core.Ticket{ID: "REPLIED", CreatedAt: now})
	d.take(t, "cases", core.Ticket{ID: "REPLIED", FirstReplyAt: now.Add(time.Minute), UpdatedAt: now.Add(time.Minute)})
	d.score(t, d.App)
	d.clock.advance(3 * 24 * time.Hour)
	d.take(t, "cases", core.Ticket{ID: "WEEKEND", CreatedAt: now.Add(24 * time.Hour)}, core.Ticket{ID: "LATE", CreatedAt: now.Add(-24 * time.Hour)})
	d.score(t, d.open(t)) // after a start
	d.score(t, d.App)
	for id, want := range map[string]string{"NEW": "arrival", "OLD": "time", "REPLIED": "time", "WEEKEND": "arrival", "LATE": "time"} {
		if got := d.moments(t, id) + " "; !strings.HasPrefix(got, want+" ") || strings.Count(got, "arrival") > 1 {
			t.Errorf("%s was scored at %q, want %q once", id, got, want)
		}
	}
}

func TestTheFirstScoreByTheRulesKnowsTheOrders(t *testing.T) {
	d := newDesk(t)
	d.clock.advance(10 * 24 * time.Hour)
	d.imports(t, troubled("acme_17", month, 3)...)
	d.take(t, "cases", core.Ticket{ID: "A", CustomerID: "acme_17", CreatedAt: d.clock.Now()}, core.Ticket{ID: "B", CustomerID: "other_18", CreatedAt: d.clock.Now()})
	a := d.open(t)
	a.followed.Store(true) // nobody else waits for an order database
	if err := a.needTickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.predictNews(t.Context()); err != nil {
		t.Fatal(err)
	}
	if one, other := d.points(t, "A"), d.points(t, "B"); len(one) != 1 || len(other) != 1 || one[0].Satisfaction >= other[0].Satisfaction {
		t.Errorf("with three cancelled orders %+v, without %+v", one, other)
	}
}

func TestWhatIsKnownIsNotPredicted(t *testing.T) {
	d := newDesk(t)
	now := d.clock.Now().Truncate(time.Second)
	ahead := now.Add(time.Hour) // by the clock of the source
	d.take(t, "cases", core.Ticket{ID: "A", CreatedAt: now}, core.Ticket{ID: "B", CreatedAt: now, UpdatedAt: ahead, Escalated: true})
	d.score(t, d.App)
	d.take(t, "cases", core.Ticket{ID: "A", UpdatedAt: ahead, Escalated: true})
	d.score(t, d.App)
	d.clock.advance(2 * time.Minute)
	d.score(t, d.open(t))
	if a, b := d.moments(t, "A"), d.moments(t, "B"); a != "arrival" || b != "" {
		t.Errorf("of a ticket that was escalated later %q was predicted, of one that came escalated %q", a, b)
	}
	var told []predict.Told
	if err := d.predictions.Told(t.Context(), time.Time{}, func(x predict.Told) error { told = append(told, x); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].Key.ID != "A" || told[0].Arrival == nil || told[0].Last.Risk > 0.5 {
		t.Errorf("told %+v", told)
	}
	if r, err := d.PredictionReport(t.Context()); err != nil || r.Pending != 0 {
		t.Errorf("report %+v, %v", r, err)
	}
}

func TestWhatComesDuringATrainingIsScoredByWhatItTaught(t *testing.T) {
	d := newDesk(t)
	if _, err := d.LoadSampleTickets(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	d.trainOn = func(ctx context.Context, s predict.Schema, lives []predict.Life, opt predict.Options, p *core.Progress) (predict.Trained, error) {
		d.take(t, "cases", core.Ticket{ID: "N", CreatedAt: d.clock.Now()})
		return trainOnSample(ctx, s, lives, opt, p)
	}
	if res, err := d.TrainModel(t.Context(), nil); err != nil || !res.Accepted {
		t.Fatalf("%+v, %v", res, err)
	}
	if h := d.points(t, "N"); len(h) != 1 || h[0].Moment != core.MomentArrival || h[0].Basis != core.BasisModel {
		t.Errorf("scored as %+v", h)
	}
}
