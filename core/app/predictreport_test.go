package app

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

func TestTheReportSaysHowWarningsAndPredictionsTurnedOut(t *testing.T) {
	d := newDesk(t)
	r, err := d.PredictionReport(t.Context())
	if err != nil || r.Live != nil || r.Backtest != nil || len(r.Sentences) != 1 || r.Sentences[0].Key != core.SentenceNothing || r.Capacity != 5 {
		t.Fatalf("of an empty ledger: %+v, %v", r, err)
	}
	now := d.clock.Now().UTC()
	var made []predict.Made
	var ends []predict.End
	var warned []predict.Warning
	for i := range 12 {
		key := core.TicketKey{Source: "crm", ID: fmt.Sprint(i)}
		m := predict.Made{Key: key, No: uint32(i + 1), At: now, Moment: core.MomentArrival, Basis: core.BasisRules, Risk: float64(i) / 12}
		e := predict.End{Key: key, Outcome: predict.OutcomeGood, Rated: true, At: now.Add(time.Hour)}
		if i >= 9 { // of three bad ends the desk was warned of two
			e.Outcome = predict.OutcomeBad
		}
		if i == 3 || i >= 10 {
			warned = append(warned, predict.Warning{Key: key, Day: core.DayOf(now), At: now.Add(time.Minute), Told: true})
		}
		made, ends = append(made, m), append(ends, e)
	}
	ends = ends[:11] // the end of the last is not known
	if err := d.predictions.Save(t.Context(), nil, made); err != nil {
		t.Fatal(err)
	}
	if err := d.predictions.SetEnds(t.Context(), ends); err != nil {
		t.Fatal(err)
	}
	if err := d.predictions.SaveWarnings(t.Context(), warned); err != nil {
		t.Fatal(err)
	}
	if r, err = d.PredictionReport(t.Context()); err != nil || r.Live == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	var said []string
	for _, s := range r.Sentences {
		said = append(said, s.Text)
	}
	want := []string{
		"We warned of 1 of 2 bad outcomes.", "1 of 2 warnings was wrong.",
		"Only 11 tickets have ended since 2023-07-03 that had a prediction at arrival: too few to say how good predictions are.", "1 predicted ticket has not ended yet.",
	}
	if fmt.Sprint(said) != fmt.Sprint(want) {
		t.Errorf("said %q\nwant %q", said, want)
	}
	if l := r.Live; l.Tickets != 11 || l.Bad != 2 || l.AUC != 1 || l.Warned != 2 || l.Right != 1 || r.Pending != 1 {
		t.Errorf("live %+v, %d pending", l, r.Pending)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}
