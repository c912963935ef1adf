package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// memoryLedger keeps what Checker uses of a Ledger, with Record's promises.
type memoryLedger struct {
	Ledger    // nil: any other call is a fault of the test
	rules     []core.Rule
	mutes     []core.Mute
	alerted   map[Key]core.Alerted
	decisions []core.Decision
	queued    map[string]core.NewDelivery
	records   int
	fail      error
}

func (l *memoryLedger) Rules(context.Context) ([]core.Rule, error) { return slices.Clone(l.rules), nil }
func (l *memoryLedger) Mutes(context.Context) ([]core.Mute, error) { return l.mutes, nil }
func (l *memoryLedger) Alerted(context.Context, int64) (map[Key]core.Alerted, error) {
	return maps.Clone(l.alerted), nil
}
func (l *memoryLedger) LatestDecisions(context.Context, int64) (map[Key]core.Decision, error) {
	m := map[Key]core.Decision{}
	for _, d := range l.decisions {
		m[Key{d.Customer, d.Period}] = d
	}
	return m, nil
}
func (l *memoryLedger) Record(_ context.Context, run RunRecord) error {
	if l.fail != nil {
		return l.fail
	}
	l.records++
	l.decisions = append(l.decisions, run.Decisions...)
	for _, a := range run.Alerted {
		l.alerted[Key{a.Customer, a.Period}] = a
	}
	for _, d := range run.Deliveries {
		if _, ok := l.queued[d.MessageID]; !ok {
			l.queued[d.MessageID] = d
		}
	}
	if run.BaselineAt != nil {
		l.rules[0].BaselineAt = run.BaselineAt
	}
	return nil
}

// desk is a checker over breaches a test can change.
type desk struct {
	*Checker
	ledger   *memoryLedger
	breaches []core.Breach
	paused   bool
}

func newDesk(rule core.Rule, breaches ...core.Breach) *desk {
	d := &desk{ledger: &memoryLedger{rules: []core.Rule{rule}, alerted: map[Key]core.Alerted{}, queued: map[string]core.NewDelivery{}}, breaches: breaches}
	d.Checker = &Checker{
		Ledger:   d.ledger,
		Breaches: func(context.Context, core.BreachQuery) ([]core.Breach, error) { return d.breaches, nil },
		Orders: func(_ context.Context, q core.OrderQuery) (core.OrderPage, error) {
			return core.OrderPage{Orders: []core.Order{{OrderID: "o1", Customer: q.Customer, Day: q.From}}, Total: 1}, nil
		},
		Render: func(in AlertInput) (core.Message, error) {
			return core.Message{Subject: fmt.Sprintf("%s %s %d", in.Breach.Customer, in.Breach.Period, in.Breach.Count)}, nil
		},
		Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
		Paused: func() bool { return d.paused }, InstallID: "test",
	}
	return d
}

// run checks and compares queued and skipped ("already_mailed:2 over_cap:1").
func (d *desk) run(t *testing.T, req core.CheckRequest, queued int, skipped string) core.CheckResult {
	t.Helper()
	res, err := d.Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	total := res.Queued
	for _, r := range slices.Sorted(maps.Keys(res.Skipped)) {
		words = append(words, fmt.Sprintf("%s:%d", r, res.Skipped[r]))
		total += res.Skipped[r]
	}
	if got := strings.Join(words, " "); res.Queued != queued || got != skipped {
		t.Errorf("queued %d, skipped %q; want %d, %q", res.Queued, got, queued, skipped)
	}
	if total != res.Breaches {
		t.Errorf("%d breaches, but %d queued or skipped", res.Breaches, total)
	}
	return res
}

func TestABreachIsMailedOnceAndAgainWhenItGrew(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3), breach("b_1", 6, 3))
	if res := d.run(t, core.CheckRequest{}, 2, ""); len(res.NewBreaches) != 2 || res.Deliveries != 2 {
		t.Errorf("result %+v", res)
	}
	if res := d.run(t, core.CheckRequest{}, 0, "already_mailed:2"); len(res.NewBreaches) != 0 {
		t.Errorf("known breaches are announced again: %v", res.NewBreaches)
	}
	d.breaches[1].Count = 4
	previous := -1
	render := d.Render
	d.Render = func(in AlertInput) (core.Message, error) { previous = in.Previous; return render(in) }
	d.run(t, core.CheckRequest{}, 1, "already_mailed:1")
	if previous != 3 {
		t.Errorf("the mail says it was %d before, not 3", previous)
	}
	d.breaches[1].Count = 3
	d.run(t, core.CheckRequest{}, 0, "already_mailed:1 shrunk:1")
	if len(d.ledger.queued) != 3 {
		t.Errorf("%d deliveries, want 3", len(d.ledger.queued))
	}
}

func TestOnlyChangedDecisionsAreStored(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3), breach("b_1", 6, 3))
	for range 5 {
		if _, err := d.Run(t.Context(), core.CheckRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.ledger.decisions) != 4 || d.ledger.records != 2 {
		t.Errorf("%d decisions in %d records, want 4 (sent, then already mailed) in 2", len(d.ledger.decisions), d.ledger.records)
	}
	d.ledger.rules[0].Step = 5
	for _, count := range []int{4, 5, 5} {
		d.breaches[0].Count = count
		d.run(t, core.CheckRequest{}, 0, "already_mailed:1 grown_too_few:1")
	}
	if len(d.ledger.decisions) != 6 {
		t.Errorf("%d decisions, want 6: the same reason over another count is news", len(d.ledger.decisions))
	}
}

func TestTheCapTakesTheNewestMonthThenTheLargestCount(t *testing.T) {
	r := seasonedRule()
	r.Cap = 2
	d := newDesk(r, breach("a_1", 5, 9), breach("b_1", 6, 3), breach("c_1", 6, 4), breach("d_1", 6, 3))
	res := d.run(t, core.CheckRequest{}, 2, "over_cap:2")
	if res.Decisions[0].Customer != "c_1" || res.Decisions[1].Customer != "b_1" || res.Decisions[1].Action != core.ActionSend {
		t.Errorf("order of decisions: %+v", res.Decisions)
	}
	if res := d.run(t, core.CheckRequest{}, 2, "already_mailed:2"); len(res.NewBreaches) != 0 {
		t.Errorf("breaches held by the cap were announced twice: %v", res.NewBreaches)
	}
	d = newDesk(r, breach("a_1", 5, 9), breach("b_1", 6, 3), breach("c_1", 6, 4))
	d.run(t, core.CheckRequest{Limit: 1}, 1, "over_cap:2")
}

func TestTheFirstRunTakesWhatIsThereAsKnown(t *testing.T) {
	r := seasonedRule()
	r.BaselineAt = nil
	d := newDesk(r, breach("a_1", 5, 3), breach("b_1", 6, 3))
	d.ledger.mutes = []core.Mute{{Customer: "b_1"}}
	if res := d.run(t, core.CheckRequest{}, 0, "baseline:1 muted:1"); !res.BaselineFirst {
		t.Error("nobody is asked about the backlog")
	}
	if d.ledger.rules[0].BaselineAt == nil || len(d.ledger.alerted) != 2 {
		t.Fatalf("baseline not recorded: %+v", d.ledger)
	}
	d.ledger.mutes = nil
	d.breaches = append(d.breaches, breach("c_1", 6, 3))
	d.breaches[0].Count = 4
	if res := d.run(t, core.CheckRequest{}, 2, "baseline:1"); res.BaselineFirst {
		t.Error("asked a second time")
	}
}

func TestARuleThatBeginsAnewMeasuresGrowthFromThere(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 5, 3), breach("b_1", 6, 9))
	d.run(t, core.CheckRequest{}, 2, "")
	// Now it counts returned orders too, and no longer the cancelled ones of b_1.
	d.ledger.rules[0].BaselineAt = nil
	d.breaches[0].Count, d.breaches[1].Count = 7, 4
	res := d.run(t, core.CheckRequest{}, 0, "baseline:1 shrunk:1")
	if !res.BaselineFirst {
		t.Error("nobody is asked about what the rule finds now")
	}
	for _, dec := range res.Decisions {
		if !dec.LastAt.Equal(noon) {
			t.Errorf("%s: it is forgotten when it was mailed: %v", dec.Customer, dec.LastAt)
		}
	}
	d.run(t, core.CheckRequest{}, 0, "already_mailed:2")
	d.breaches[1].Count = 5
	d.run(t, core.CheckRequest{}, 1, "already_mailed:1")
}

func TestTheBacklogGoesOutInPortionsUntilAllIsSent(t *testing.T) {
	many := func() (list []core.Breach) {
		for i := range 12 {
			list = append(list, breach(fmt.Sprintf("c_%02d", i), 6, 3))
		}
		return list
	}
	fresh := seasonedRule()
	fresh.BaselineAt = nil

	t.Run("asked at the first run, and once more", func(t *testing.T) {
		d := newDesk(fresh, many()...)
		d.run(t, core.CheckRequest{SendBacklog: true}, 5, "over_cap:7")
		d.run(t, core.CheckRequest{SendBacklog: true}, 5, "already_mailed:5 over_cap:2")
		d.run(t, core.CheckRequest{SendBacklog: true}, 2, "already_mailed:10")
		d.run(t, core.CheckRequest{SendBacklog: true}, 0, "already_mailed:12")
	})
	t.Run("asked once after the baseline, plain runs do the rest", func(t *testing.T) {
		d := newDesk(fresh, many()...)
		d.run(t, core.CheckRequest{}, 0, "baseline:12")
		d.run(t, core.CheckRequest{}, 0, "baseline:12")
		d.run(t, core.CheckRequest{SendBacklog: true}, 5, "over_cap:7")
		d.run(t, core.CheckRequest{}, 5, "already_mailed:5 over_cap:2")
		d.run(t, core.CheckRequest{}, 2, "already_mailed:10")
		if len(d.ledger.queued) != 12 {
			t.Errorf("%d of 12 queued", len(d.ledger.queued))
		}
	})
	t.Run("asked while paused", func(t *testing.T) {
		d := newDesk(fresh, many()[:2]...)
		d.paused = true
		d.run(t, core.CheckRequest{SendBacklog: true}, 0, "paused:2")
		d.paused = false
		d.run(t, core.CheckRequest{}, 2, "")
	})
}

func TestAMutedCustomerIsMailedAfterTheMute(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3))
	d.ledger.mutes = []core.Mute{{Customer: "a_1", Until: noon.Add(time.Hour)}}
	d.run(t, core.CheckRequest{}, 0, "muted:1")
	d.Now = func() time.Time { return noon.Add(time.Hour) }
	d.run(t, core.CheckRequest{}, 1, "")
}

func TestADryRunStoresNothing(t *testing.T) {
	fresh := seasonedRule()
	fresh.BaselineAt = nil
	for _, rule := range []core.Rule{fresh, seasonedRule()} {
		d := newDesk(rule, breach("a_1", 6, 3))
		res, err := d.Run(t.Context(), core.CheckRequest{DryRun: true})
		if err != nil || res.Breaches != 1 || d.ledger.records != 0 {
			t.Errorf("result %+v, err %v, %d records", res, err, d.ledger.records)
		}
	}
}

func TestAFailingRecordQueuesNothing(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3))
	d.ledger.fail = core.NewError(core.CodeUnavailable, "store", "The disk is full.", nil)
	res, err := d.Run(t.Context(), core.CheckRequest{})
	if core.ErrorCode(err) != core.CodeUnavailable || res.Queued != 0 || res.Breaches != 0 {
		t.Errorf("result %+v, err %v", res, err)
	}
	d.ledger.fail = nil
	d.run(t, core.CheckRequest{}, 1, "")
}

func TestAMailThatCannotBeWrittenFailsTheRuleAsAWhole(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3))
	d.Render = func(AlertInput) (core.Message, error) { return core.Message{}, errors.New("template") }
	_, err := d.Run(t.Context(), core.CheckRequest{})
	if err == nil || d.ledger.records != 0 || !strings.Contains(core.ErrorMessage(err), "a_1") {
		t.Errorf("err %v, %d records", err, d.ledger.records)
	}
}

func TestEachRecipientGetsADeliveryOfItsOwn(t *testing.T) {
	r := seasonedRule()
	r.ToCustomer = true
	b := breach("a_1", 6, 3)
	b.Email = "a@example.com"
	d := newDesk(r, b)
	if res := d.run(t, core.CheckRequest{}, 1, ""); res.Deliveries != 2 {
		t.Errorf("%d deliveries, want 2", res.Deliveries)
	}
	for id, n := range d.ledger.queued {
		if n.Message.MessageID != id || n.Message.To == "" || n.Count != 3 || n.RuleID != 1 || !n.Message.Date.Equal(noon) {
			t.Errorf("delivery %q: %+v", id, n)
		}
	}
}

func TestAMailListsTheOrdersOfItsWindow(t *testing.T) {
	rule := seasonedRule()
	rule.Days = 30
	april, may := core.NewMonth(2023, 4), core.NewMonth(2023, 5)
	b := breach("a_1", 5, 3)
	b.From, b.To = april.First()+11, may.First()+7
	d := newDesk(rule, b, breach("month_2", 5, 3))
	var asked []core.OrderQuery
	find := d.Checker.Orders
	d.Checker.Orders = func(ctx context.Context, q core.OrderQuery) (core.OrderPage, error) {
		asked = append(asked, q)
		return find(ctx, q)
	}
	d.run(t, core.CheckRequest{}, 2, "")
	if len(asked) != 2 || asked[0].From != b.From || asked[0].To != b.To || asked[1].From != may.First() || asked[1].To != may.Last() {
		t.Errorf("asked %+v", asked)
	}
	// The window moves on with the same number of orders: it is known. It grows: it is news.
	d.breaches[0].From, d.breaches[0].To = b.From+3, b.To+3
	d.run(t, core.CheckRequest{}, 0, "already_mailed:2")
	d.breaches[0].Count = 4
	d.run(t, core.CheckRequest{}, 1, "already_mailed:1")
}

func TestOneRuleCanBeAskedForByItself(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3))
	other := seasonedRule()
	other.ID, other.Enabled = 2, false
	d.ledger.rules = append(d.ledger.rules, other)
	d.run(t, core.CheckRequest{RuleID: 1, DryRun: true}, 1, "")
	d.run(t, core.CheckRequest{DryRun: true}, 1, "")
	if _, err := d.Run(t.Context(), core.CheckRequest{RuleID: 2}); core.ErrorCode(err) != core.CodeConflict {
		t.Errorf("a rule that is off: %v", err)
	}
	if _, err := d.Run(t.Context(), core.CheckRequest{RuleID: 3}); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("a rule that is gone: %v", err)
	}
}

func TestARunWaitsForItsTurnOnlyAsLongAsItsContext(t *testing.T) {
	d := newDesk(seasonedRule(), breach("a_1", 6, 3))
	inside, leave := make(chan struct{}), make(chan struct{})
	find := d.Checker.Breaches
	d.Checker.Breaches = func(ctx context.Context, q core.BreachQuery) ([]core.Breach, error) {
		inside <- struct{}{}
		<-leave
		return find(ctx, q)
	}
	done := make(chan error)
	go func() { _, err := d.Run(t.Context(), core.CheckRequest{}); done <- err }()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Run(ctx, core.CheckRequest{}); core.ErrorCode(err) != core.CodeCanceled {
		t.Errorf("second run: %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
