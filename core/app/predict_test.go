package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

// ofSample is what the sample tickets teach: they are the same on every desk whose clock begins as
// the tests' does, so that one training is enough.
var ofSample struct {
	once    sync.Once
	trained predict.Trained
	err     error
}

func trainOnSample(_ context.Context, s predict.Schema, lives []predict.Life, opt predict.Options, p *core.Progress) (predict.Trained, error) {
	ofSample.once.Do(func() { ofSample.trained, ofSample.err = predict.Train(context.Background(), s, lives, opt, p) })
	return ofSample.trained, ofSample.err
}

// trained is a desk with the sample tickets and a model that learned from them.
func trained(t *testing.T) (*desk, core.TrainingResult) {
	t.Helper()
	d := newDesk(t)
	if _, err := d.LoadSampleTickets(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	d.trainOn = trainOnSample
	res, err := d.TrainModel(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d, res
}

func (d *desk) state(t *testing.T) core.ModelState {
	t.Helper()
	s, err := d.ModelState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *desk) numberOf(t *testing.T, text string) uint32 {
	t.Helper()
	no, err := d.FindTicket(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return no
}

func TestWithoutRatingsTheRulesPredictAndSayWhy(t *testing.T) {
	d := newDesk(t)
	now := d.clock.Now()
	d.take(t, "cases", core.Ticket{ID: "A", CreatedAt: now, Priority: core.PriorityUrgent}, core.Ticket{ID: "B", CreatedAt: now, Owner: "ana"}, core.Ticket{ID: "C", Status: core.TicketClosed, CreatedAt: now})
	s := d.state(t)
	if s.Basis != core.BasisRules || s.Why != core.WhyFewRated || !strings.Contains(s.WhyText, "200") || s.Needed != 200 || s.Rated != 0 {
		t.Errorf("state %+v", s)
	}
	p, err := d.Prediction(t.Context(), 1)
	if err != nil || p.Basis != core.BasisRules || p.Satisfaction >= 90 || len(p.Reasons) == 0 || p.Reasons[0].Points >= 0 {
		t.Errorf("prediction %+v, %v", p, err)
	}
	list, err := d.PredictTickets(t.Context(), core.TicketQuery{Text: "owner:ana or priority:urgent or status:closed"})
	if err != nil || list.Total != 2 || list.Items[0].Number != "A" || list.Items[0].Satisfaction != p.Satisfaction {
		t.Errorf("list %+v, %v", list, err)
	}
	res, err := d.TrainModel(t.Context(), nil)
	if err != nil || res.Accepted || res.Reason != core.WhyFewRated || res.Text == "" {
		t.Errorf("training %+v, %v", res, err)
	}
	if n, err := d.ScoreNow(t.Context(), nil); err != nil || n != 2 {
		t.Errorf("%d scored, %v", n, err)
	}
	if p, err = d.Prediction(t.Context(), 1); err != nil || len(p.History) != 1 || p.History[0].Basis != core.BasisRules {
		t.Errorf("after scoring %+v, %v", p, err)
	}
}

func TestADeskWithASignalTrainsAndItsModelPredicts(t *testing.T) {
	d, res := trained(t)
	if !res.Accepted || res.Reason != trainedFirst || res.Version != 1 || res.Measured == nil || res.Measured.AUCLow <= 0.5 {
		t.Fatalf("training %+v", res)
	}
	s := d.state(t)
	if s.Basis != core.BasisModel || s.Why != "" || s.Version != 1 || len(s.Checksum) != 64 || len(s.Features) == 0 || s.Tickets < 200 || s.LastTry == nil || s.Training {
		t.Errorf("state %+v", s)
	}
	if m, err := d.backtest(t.Context()); err != nil || m == nil || m.AUC != res.Measured.AUC {
		t.Errorf("backtest %+v, %v", m, err)
	}
	if list, err := d.Figures(t.Context()); err != nil || !slices.Contains(list, core.Figure{Name: "model_version", Value: 1}) || !slices.Contains(list, core.Figure{Name: "model_auc", Value: res.Measured.AUC}) {
		t.Errorf("figures %+v, %v", list, err)
	}
	list, err := d.PredictTickets(t.Context(), core.TicketQuery{Limit: 1000})
	if err != nil || list.Basis != core.BasisModel || list.Total == 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	for i, v := range list.Items {
		p, err := d.Prediction(t.Context(), v.No)
		if err != nil || p.Basis != core.BasisModel || p.Model != 1 || p.Satisfaction != v.Satisfaction || v.Satisfaction != 100-v.Risk || len(p.History) == 0 && !v.Escalated {
			t.Errorf("prediction of %s, listed with %d: %+v, %v", v.Number, v.Satisfaction, p, err)
		}
		for _, r := range slices.Concat(p.Reasons, v.Reasons) {
			if key := v.CustomerKey.String(); strings.Contains(r.Text+r.Subject, key) {
				t.Errorf("%s: a reason has the customer's key in place of its name: %+v", v.Number, r)
			}
		}
		if i > 0 && v.Risk > list.Items[i-1].Risk {
			t.Errorf("%s is riskier than the one before", v.Number)
		}
	}
	other := d.open(t) // another process reads what this one has scored
	theirs, err := other.PredictTickets(t.Context(), core.TicketQuery{Limit: 1000})
	if err != nil || !slices.EqualFunc(theirs.Items, list.Items, func(a, b core.AtRisk) bool {
		return a.No == b.No && a.Risk == b.Risk && slices.Equal(a.Reasons, b.Reasons)
	}) {
		t.Errorf("another process says %+v, %v", theirs, err)
	}
	// What the training had read says what reading anew does.
	d.score(t, other)
	if theirs, err = other.PredictTickets(t.Context(), core.TicketQuery{Limit: 1000}); err != nil || !slices.EqualFunc(theirs.Items, list.Items, func(a, b core.AtRisk) bool { return a.No == b.No && a.Risk == b.Risk }) {
		t.Errorf("scored anew by another process: %+v, %v", theirs, err)
	}
	// The settings can do without.
	if _, err := d.SetSettings(t.Context(), []string{"predict.model=false"}); err != nil {
		t.Fatal(err)
	}
	if s := d.state(t); s.Basis != core.BasisRules || s.Why != core.WhyOff {
		t.Errorf("turned off: %+v", s)
	}
	if p, err := d.Prediction(t.Context(), list.Items[0].No); err != nil || p.Basis != core.BasisRules {
		t.Errorf("turned off: %+v, %v", p, err)
	}
}

func TestATicketIsScoredOnItsArrivalAndItsEndIsKept(t *testing.T) {
	d, _ := trained(t)
	now := d.clock.Now().Truncate(time.Second)
	d.take(t, "cases", core.Ticket{ID: "N0", Subject: "It came while nobody watched", CreatedAt: now, UpdatedAt: now, RawStatus: "New"})
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.scoredAfter(t, time.Time{})
	if h := d.points(t, "N0"); len(h) != 1 || h[0].Moment != core.MomentArrival || h[0].Basis != core.BasisModel {
		t.Errorf("what came while nobody watched: %+v", h)
	}
	d.take(t, "cases", core.Ticket{ID: "N1", Subject: "Angry: this is broken again", CreatedAt: now, UpdatedAt: now, RawStatus: "New"})
	no := d.numberOf(t, "N1")
	points := func() []core.ScorePoint { return d.points(t, "N1") }
	eventually(t, "the arrival is scored", func() bool { return len(points()) == 1 })
	p, err := d.Prediction(t.Context(), no)
	if err != nil || p.Basis != core.BasisModel || p.History[0].Moment != core.MomentArrival || p.History[0].Model != 1 || len(p.Reasons) == 0 {
		t.Errorf("arrived: %+v, %v", p, err)
	}
	eventually(t, "the list shows it", func() bool {
		v, err := d.TicketViews(t.Context(), []uint32{no})
		return err == nil && v[0].Satisfaction == p.Satisfaction
	})
	d.clock.advance(scoreAgain / 2) // sooner than time alone has it scored
	later := now.Add(scoreAgain / 2)
	d.take(t, "cases", core.Ticket{ID: "N1", UpdatedAt: later, FirstReplyAt: later, RawStatus: "Open", Status: core.TicketOpen})
	eventually(t, "the reply is scored", func() bool { return len(points()) >= 2 })
	if h := points(); h[len(h)-1].Moment != core.MomentReply {
		t.Errorf("history %+v", h)
	}
	d.take(t, "cases", core.Ticket{ID: "N1", UpdatedAt: later.Add(time.Minute), RawStatus: "Closed", Status: core.TicketClosed})
	d.take(t, "cases", core.Ticket{ID: "N1", UpdatedAt: later.Add(2 * time.Minute), RawStatus: "Closed", Status: core.TicketClosed, Rating: 1})
	eventually(t, "the end is kept", func() bool {
		found := false
		err := d.predictions.Told(t.Context(), time.Time{}, func(x predict.Told) error {
			found = found || x.Key.ID == "N1" && x.Outcome == predict.OutcomeBad && x.Rated && x.Arrival != nil && x.Last.Moment == core.MomentReply
			return nil
		})
		return err == nil && found
	})
	if p, err := d.Prediction(t.Context(), no); err != nil || p.Satisfaction != 100 || len(p.Reasons) != 0 || len(p.History) < 2 {
		t.Errorf("done: %+v, %v", p, err)
	}
	before := d.clock.Now()
	d.clock.advance(scoreAgain)
	d.scoredAfter(t, before)
}

// scoredAfter waits until the process that watches has scored all open tickets after a moment.
func (d *desk) scoredAfter(t *testing.T, moment time.Time) {
	t.Helper()
	eventually(t, "all are scored", func() bool {
		release, err := d.scoring(t.Context())
		if err != nil {
			return false
		}
		defer release()
		return d.predicting.desk != nil && d.predicting.desk.scored.After(moment)
	})
}

func TestWhatBecomesOfAModelInForce(t *testing.T) {
	d, _ := trained(t)
	if !testing.Short() { // another training
		t.Run("a worse one is not taken", func(t *testing.T) { aWorseModelIsNotTaken(t, d) })
	}
	t.Run("a cancelled training keeps it", func(t *testing.T) { aCancelledTrainingKeepsIt(t, d) })
	t.Run("one that cannot be written keeps it", func(t *testing.T) { aFullDiskKeepsIt(t, d) })
	t.Run("what ends in between leaves it whole", func(t *testing.T) { whatEndsInBetweenLeavesItWhole(t, d) })
	t.Run("damaged, it leaves the rules to predict", func(t *testing.T) { damagedItLeavesTheRules(t, d) })
	t.Run("it goes with the sample tickets it learned from", func(t *testing.T) { itGoesWithTheSample(t, d) })
}

func TestWhereNothingCanBeLearnedAnyMoreTheRulesPredictAgain(t *testing.T) {
	d, first := trained(t)
	if !first.Accepted {
		t.Fatalf("the first model was not taken: %+v", first)
	}
	d.trainOn = func(context.Context, predict.Schema, []predict.Life, predict.Options, *core.Progress) (predict.Trained, error) {
		return predict.Trained{Refused: core.WhyNoSignal, Text: "No better than chance."}, nil
	}
	res, err := d.TrainModel(t.Context(), nil)
	if err != nil || res.Accepted || res.Reason != core.WhyNoSignal {
		t.Fatalf("training %+v, %v", res, err)
	}
	if s := d.state(t); s.Basis != core.BasisRules || s.Why != core.WhyNoSignal || s.Version != 0 {
		t.Errorf("state %+v", s)
	}
	list, err := d.PredictTickets(t.Context(), core.TicketQuery{Limit: 5})
	if err != nil || list.Basis != core.BasisRules || len(list.Items) == 0 {
		t.Fatalf("list %+v, %v", list, err)
	}
	for _, v := range list.Items {
		if risk, _ := d.index.Risk(v.No); risk != v.Risk {
			t.Errorf("%s has the risk %d, by the rules %d", v.Number, v.Risk, risk)
		}
	}
}

func TestATrainingIsDueWhenEnoughTicketsEndedOrItsDaysAreOver(t *testing.T) {
	now := newClock().Now()
	try := func(ago time.Duration, tickets int) *core.TrainingResult {
		return &core.TrainingResult{At: now.Add(-ago), Tickets: tickets}
	}
	none := time.Time{}
	days := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	for _, c := range []struct {
		name    string
		trained time.Time
		last    *core.TrainingResult
		known   int
		want    bool
	}{
		{"few ended", none, nil, 199, false},
		{"enough ended", none, nil, 200, true},
		{"tried in vain an hour ago", none, try(time.Hour, 200), 250, false},
		{"and many more ended since", none, try(time.Hour, 200), 300, true},
		{"tried in vain yesterday", none, try(25*time.Hour, 200), 201, true},
		{"tried in vain tomorrow, by a clock that was set back", none, try(-24*time.Hour, 200), 201, true},
		{"the model of an hour ago is lost", none, &core.TrainingResult{At: now.Add(-time.Hour), Tickets: 200, Accepted: true}, 201, true},
		{"it is lost as soon as it is there", none, &core.TrainingResult{At: now, Tickets: 200, Accepted: true}, 201, false},
		{"trained six days ago", days(6), nil, 900, false},
		{"trained a week ago", days(7), nil, 900, true},
		{"trained a week ago, and tried yesterday", days(7), try(24*time.Hour, 200), 900, false},
		{"trained next year, by a clock that was set back", days(-365), nil, 900, true},
		{"and tried since in vain", days(-365), try(time.Hour, 200), 900, false},
	} {
		if got := trainingDue(now, 7, c.trained, c.last, c.known); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTheHealthOfACustomerAddsUpWhatSpeaksForAndAgainstIt(t *testing.T) {
	calm := health(&core.CustomerCard{}, nil, 70)
	if calm.Score != healthCalm || len(calm.Reasons) != 0 {
		t.Errorf("of nobody in particular: %+v", calm)
	}
	card := core.CustomerCard{Tough: 50, BadOrders: 7, Ratings: [6]int{9, 1, 0, 0, 1, 1}}
	h := health(&card, []int{20, 80}, 70)
	if h.AtRisk != 1 || len(h.Reasons) != 3 {
		t.Errorf("%+v", h)
	}
	told := fmt.Sprint(h.Reasons[0].Points, h.Reasons[1].Points, h.Reasons[2].Points)
	if told != "-29 -20 -18" || h.Score != 26 {
		t.Errorf("points %s, score %d", told, h.Score)
	}
	card.Flag = &core.ToughFlag{Tough: false}
	if f := health(&card, []int{20, 80}, 70); f.Score != 44 {
		t.Errorf("with a person's word for it: %d", f.Score)
	}
}
