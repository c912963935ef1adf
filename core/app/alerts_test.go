package app

import (
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestTheFirstRunOfARuleIsABaseline(t *testing.T) {
	d := newDesk(t)
	d.imports(t, append(troubled("ana_1", "2023-05", 3), troubled("ben_2", "2023-06", 4)...)...)
	if res := d.check(t, core.CheckRequest{}, 0, "baseline:2"); !res.BaselineFirst {
		t.Error("nobody is asked about what was there")
	}
	d.imports(t, troubled("ana_1", "2023-05", 4)...)
	d.check(t, core.CheckRequest{}, 1, "baseline:1")
	d.check(t, core.CheckRequest{SendBacklog: true}, 1, "already_mailed:1")
	d.check(t, core.CheckRequest{}, 0, "already_mailed:2")
}

func TestACheckOfAnEmptyBookIsNoBaseline(t *testing.T) {
	d := newDesk(t)
	d.check(t, core.CheckRequest{}, 0, "")
	if d.rule(t).BaselineAt != nil {
		t.Error("it counts as the first run")
	}
	if st, err := d.Status(t.Context()); err != nil || !st.LastCheck.IsZero() {
		t.Errorf("it counts as a check: %v, %v", st.LastCheck, err)
	}
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
}

func TestTheStatusSaysWhenTheNewestCheckWas(t *testing.T) {
	d := newDesk(t)
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	before := d.clock.Now()
	d.check(t, core.CheckRequest{DryRun: true}, 0, "baseline:1")
	if st, err := d.Status(t.Context()); err != nil || !st.LastCheck.IsZero() {
		t.Errorf("a dry run counts: %v, %v", st.LastCheck, err)
	}
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
	if st, err := d.Status(t.Context()); err != nil || !st.LastCheck.After(before) || st.LastCheck.After(d.clock.Now()) {
		t.Errorf("after a check by hand: %v, %v", st.LastCheck, err)
	}
}

func (d *desk) loadSample(t *testing.T) {
	t.Helper()
	if _, err := d.LoadSample(t.Context(), new(core.Progress)); err != nil {
		t.Fatal(err)
	}
}

func TestSampleDataFillsTheSandboxAndIsRemovedWithAllThatCameOfIt(t *testing.T) {
	d := newDesk(t)
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, cancel := d.Subscribe(100)
	defer cancel()
	d.loadSample(t)
	var res core.CheckResult
	for e := range events {
		if c, ok := e.(core.AlertsChecked); ok {
			res = c.Result
			break
		}
	}
	if res.Queued != 5 || res.Skipped[core.ReasonOverCap] != res.Breaches-5 || res.Breaches <= 5 {
		t.Errorf("%d breaches, %d queued, %v", res.Breaches, res.Queued, res.Skipped)
	}
	eventually(t, "the five mails are in the sandbox", func() bool {
		counts, err := d.OutboxCounts(t.Context())
		return err == nil && counts[core.DeliverySent] == 5
	})
	if st, err := d.Status(t.Context()); err != nil || !st.Sample {
		t.Errorf("%+v, %v", st, err)
	}
	if lines := d.LogLines(core.LogQuery{Text: "sample data loaded"}); len(lines) != 1 {
		t.Errorf("logged %+v", lines)
	}

	if _, err := d.RemoveSample(t.Context()); err != nil {
		t.Fatal(err)
	}
	decisions, err := d.Decisions(t.Context(), core.DecisionQuery{})
	if err != nil || len(decisions)+len(d.deliveries(t)) > 0 || d.rule(t).BaselineAt != nil || d.orderCount(t) != 0 {
		t.Fatalf("left: %d decisions, %d mails, rule %+v, %d orders, %v", len(decisions), len(d.deliveries(t)), d.rule(t), d.orderCount(t), err)
	}
	if lines := d.LogLines(core.LogQuery{Text: "sample data removed"}); len(lines) != 1 {
		t.Errorf("logged %+v", lines)
	}
	_, err = d.RemoveSample(t.Context())
	wantError(t, err, core.CodeNotFound, "no sample data")
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	d.check(t, core.CheckRequest{}, 0, "baseline:1")
}

func TestSampleDataWaitsWhereRealMailIsSwitchedOn(t *testing.T) {
	d := newDesk(t)
	d.useServer(t, 1)
	d.loadSample(t)
	if err := d.checkNewImports(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.rule(t).BaselineAt == nil || len(d.deliveries(t)) > 0 {
		t.Errorf("rule %+v, mails %+v", d.rule(t), d.deliveries(t))
	}
}

func TestAChangedRuleBeginsAnewWhenItFindsOldBreaches(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*core.Rule)
		anew   bool
	}{
		"other statuses":  {func(r *core.Rule) { r.Statuses = core.NewStatusSet(core.StatusCancelled, core.StatusDelivered) }, true},
		"lower threshold": {func(r *core.Rule) { r.Threshold = 2 }, true},
		"days in a row":   {func(r *core.Rule) { r.Days = 30 }, true},
		"both":            {func(r *core.Rule) { r.Threshold, r.Statuses = 4, core.NewStatusSet(core.StatusDelivered) }, true},
		"higher":          {func(r *core.Rule) { r.Threshold = 4 }, false},
		"recipients":      {func(r *core.Rule) { r.ToFixed = []string{"boss@desk.internal"} }, false},
		"cap and name":    {func(r *core.Rule) { r.Cap, r.Name = 9, "Other" }, false},
		"switched off":    {func(r *core.Rule) { r.Enabled = false }, false},
		// The editor was opened before the rule's first run, or its answer is out of thin air.
		"stale editor":       {func(r *core.Rule) { r.BaselineAt = nil }, false},
		"editor of tomorrow": {func(r *core.Rule) { r.BaselineAt = new(time.Now()); r.Threshold = 2 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.imports(t, troubled("ana_1", "2023-05", 3)...)
			d.check(t, core.CheckRequest{}, 0, "baseline:1")
			before := d.rule(t).BaselineAt
			d.saveRule(t, tt.change)
			after := d.rule(t).BaselineAt
			if tt.anew != (after == nil) || after != nil && !after.Equal(*before) {
				t.Errorf("baseline %v, before it was %v", after, before)
			}
		})
	}
}

func TestOtherStatusesMailNobodyAboutLastYear(t *testing.T) {
	d := newDesk(t)
	d.saveRule(t, func(r *core.Rule) { r.Statuses = core.NewStatusSet(core.StatusCancelled) })
	lines := append(troubled("ana_1", "2022-05", 3), troubled("ben_2", "2022-05", 3)...)
	d.imports(t, lines...)
	d.check(t, core.CheckRequest{}, 0, "baseline:2")
	lines = append(lines, troubled("ana_1", "2022-05", 4)...) // mailed, with 4
	lines = append(lines, strings.ReplaceAll(strings.Join(troubled("ben_2", "2022-06", 5), "\n"), "cancelled", "returned"))
	lines = append(lines, "r1 ana_1 2022-05-20 returned", "r2 ben_2 2022-05-20 returned")
	d.imports(t, lines...)
	d.check(t, core.CheckRequest{}, 1, "baseline:1")
	d.saveRule(t, func(r *core.Rule) { r.Statuses = core.NewStatusSet(core.StatusCancelled, core.StatusReturned) })
	if res := d.check(t, core.CheckRequest{}, 0, "baseline:3"); !res.BaselineFirst {
		t.Error("nobody is asked")
	}
	d.imports(t, "r3 ana_1 2022-05-21 returned")
	d.check(t, core.CheckRequest{}, 1, "baseline:2")
}

func TestAPauseHoldsAndEndsByItself(t *testing.T) {
	d := newDesk(t)
	d.imports(t, "o1 ana_1 2023-05-01 delivered")
	d.check(t, core.CheckRequest{}, 0, "")
	d.imports(t, troubled("ana_1", "2023-05", 3)...)
	if err := d.SetPaused(t.Context(), true, time.Time{}); err != nil {
		t.Fatal(err)
	}
	d.clock.advance(1000 * time.Hour)
	d.check(t, core.CheckRequest{}, 0, "paused:1")
	if err := d.SetPaused(t.Context(), true, d.clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	d.check(t, core.CheckRequest{}, 0, "paused:1")
	if st, err := d.Status(t.Context()); err != nil || !st.Paused || st.PausedUntil.IsZero() {
		t.Errorf("%+v, %v", st, err)
	}
	d.clock.advance(time.Hour)
	if st, err := d.Status(t.Context()); err != nil || st.Paused || !st.PausedUntil.IsZero() {
		t.Errorf("after the pause: %v until %v, %v", st.Paused, st.PausedUntil, err)
	}
	d.check(t, core.CheckRequest{}, 1, "")
	d.imports(t, troubled("ben_2", "2023-05", 3)...)
	for _, paused := range []bool{true, false} {
		if err := d.SetPaused(t.Context(), paused, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	d.check(t, core.CheckRequest{}, 1, "already_mailed:1")
}

func TestABackTestFindsWhatAChecksQueryFindsInTheLastTwelveMonths(t *testing.T) {
	d := newDesk(t)
	r := core.DefaultRule()
	backTest := func() core.BackTest {
		t.Helper()
		got, err := d.BackTest(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := backTest(); got.Months != nil || got.Breaches != 0 {
		t.Errorf("an empty book: %+v", got)
	}
	lines := append(troubled("ana_1", "2023-05", 3), troubled("ben_2", "2023-05", 4)...)
	lines = append(lines, troubled("ana_1", "2022-07", 3)...)
	lines = append(lines, troubled("old_3", "2022-06", 3)...)
	lines = append(lines, troubled("few_4", "2023-05", 2)...)
	d.imports(t, append(lines, "late ana_1 2023-06-30 delivered")...)
	got := backTest()
	if len(got.Months) != 12 || got.Breaches != 3 || got.Customers != 2 || got.Months[0] != (core.MonthCount{Month: core.NewMonth(2022, 7), Count: 1}) ||
		got.Months[10].Count != 2 || got.Months[11] != (core.MonthCount{Month: core.NewMonth(2023, 6)}) {
		t.Errorf("%+v", got)
	}
	r.Threshold = 2
	if got := backTest(); got.Breaches != 4 || got.Customers != 3 {
		t.Errorf("a lower threshold: %+v", got)
	}
	r.Threshold, r.Statuses = 1, core.NewStatusSet(core.StatusDelivered)
	if got := backTest(); got.Breaches != 1 || got.Months[11].Count != 1 {
		t.Errorf("another status: %+v", got)
	}
	r.Statuses = 0
	_, err := d.BackTest(t.Context(), r)
	wantError(t, err, core.CodeInvalid, "status")
}
