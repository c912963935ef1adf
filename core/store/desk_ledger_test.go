package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"deskwatch/core"
	"deskwatch/core/alert"
)

var june = core.NewMonth(2023, 6)

func delivery(n int) core.NewDelivery {
	id := fmt.Sprintf("<m%d@deskwatch.example>", n)
	return core.NewDelivery{
		MessageID: id, RuleID: 1, Customer: fmt.Sprintf("shop_%d", n), Period: june, Count: 3,
		Message: core.Message{
			From: "Desk <desk@deskwatch.example>", To: "lead@deskwatch.example", Subject: fmt.Sprintf("Three orders of shop_%d", n),
			Text: "text", HTML: "<p>html</p>", MessageID: id, Date: noon,
		},
	}
}

func TestANewFolderHasTheDefaultRuleOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), DeskFile)
	ctx := t.Context()
	db, err := Open(ctx, path, KindDesk)
	must(t, err)
	l := NewLedger(db)
	rules, err := l.Rules(ctx)
	must(t, err)
	want := core.DefaultRule()
	want.ID = 1
	if diff := cmp.Diff([]core.Rule{want}, rules); diff != "" {
		t.Errorf("the migration and core.DefaultRule differ:\n%s", diff)
	}
	must(t, l.DeleteRule(ctx, 1))
	must(t, db.Close())
	l = NewLedger(openAt(t, path, KindDesk))
	if rules, err := l.Rules(ctx); err != nil || len(rules) != 0 {
		t.Errorf("after deleting it and a restart: %v, %v", rules, err)
	}
	added, err := l.SaveRule(ctx, core.Rule{Name: "next"})
	if err != nil || added.ID != 2 {
		t.Errorf("the id of a deleted rule was given again: %+v, %v", added, err)
	}
}

func TestARuleComesBackAsItWasSaved(t *testing.T) {
	l := NewLedger(newDesk(t))
	ctx := t.Context()
	at := noon
	r := core.Rule{
		Name: "Devueltos «ñ»", Enabled: true, Statuses: core.NewStatusSet(core.StatusReturned, core.StatusOther), Threshold: 7, Days: 30, Step: 2,
		ToCustomer: true, ToFixed: []string{"a@deskwatch.example", "b@deskwatch.example"}, Cap: 9, OnImport: true,
		Schedule: core.Schedule{Kind: core.ScheduleDaily, Hour: 7, Minute: 30}, BaselineAt: &at,
	}
	saved, err := l.SaveRule(ctx, r)
	must(t, err)
	r.ID = 2
	if diff := cmp.Diff(r, saved); diff != "" {
		t.Error(diff)
	}
	// Every field back to its zero value, to see that a replacement leaves nothing behind.
	emptied, err := l.SaveRule(ctx, core.Rule{ID: 2, ToFixed: []string{}})
	must(t, err)
	rules, err := l.Rules(ctx)
	must(t, err)
	if diff := cmp.Diff(core.Rule{ID: 2, ToFixed: []string{}}, rules[1]); diff != "" || len(rules) != 2 {
		t.Errorf("%d rules; %s", len(rules), diff)
	}
	if diff := cmp.Diff(emptied, rules[1]); diff != "" {
		t.Error(diff)
	}
	_, err = l.SaveRule(ctx, core.Rule{ID: 99})
	wantCode(t, err, core.CodeNotFound)
	wantCode(t, l.DeleteRule(ctx, 99), core.CodeNotFound)
}

func TestARuleOfAnOldFileCountsCalendarMonths(t *testing.T) {
	path := filepath.Join(t.TempDir(), DeskFile)
	ctx := t.Context()
	// The first two are what the file was before rules had days.
	olderDesk(t, path, 2, "UPDATE rules SET name = 'Ours', threshold = 4, baseline_at = 1000")

	rules, err := NewLedger(openAt(t, path, KindDesk)).Rules(ctx)
	must(t, err)
	want := core.DefaultRule()
	at := time.UnixMilli(1000).UTC()
	want.ID, want.Name, want.Threshold, want.BaselineAt = 1, "Ours", 4, &at
	if diff := cmp.Diff([]core.Rule{want}, rules); diff != "" {
		t.Error(diff)
	}
}

func TestMutesAreReplacedAndLifted(t *testing.T) {
	l := NewLedger(newDesk(t))
	ctx := t.Context()
	must(t, l.SaveMute(ctx, core.Mute{Customer: "b_2", Note: "old", Until: noon}))
	must(t, l.SaveMute(ctx, core.Mute{Customer: "b_2", Note: "new"}))
	must(t, l.SaveMute(ctx, core.Mute{Customer: "a_1", Until: noon}))
	mutes, err := l.Mutes(ctx)
	must(t, err)
	if diff := cmp.Diff([]core.Mute{{Customer: "a_1", Until: noon}, {Customer: "b_2", Note: "new"}}, mutes); diff != "" {
		t.Error(diff)
	}
	must(t, l.DeleteMute(ctx, "a_1"))
	must(t, l.DeleteMute(ctx, "a_1"))
	if mutes, err := l.Mutes(ctx); err != nil || len(mutes) != 1 {
		t.Errorf("%v, %v", mutes, err)
	}
}

func testRun() alert.RunRecord {
	at := noon
	return alert.RunRecord{
		RuleID: 1, At: noon,
		Decisions: []core.Decision{
			{At: noon, RuleID: 1, RuleName: "Cancelled or returned", Customer: "shop_1", Period: june, Count: 3, Action: core.ActionSend, Reason: core.ReasonNew},
			{At: noon, RuleID: 1, RuleName: "Cancelled or returned", Customer: "shop_2", Period: june, Count: 4, Action: core.ActionSkip, Reason: core.ReasonMuted, LastAt: noon.Add(-time.Hour)},
		},
		Alerted:    []core.Alerted{{RuleID: 1, Customer: "shop_1", Period: june, Count: 3, At: noon, Mailed: true}},
		Deliveries: []core.NewDelivery{delivery(1)},
		BaselineAt: &at,
	}
}

func TestARunIsRecordedWhole(t *testing.T) {
	db := newDesk(t)
	l, q := NewLedger(db), NewQueue(db)
	ctx := t.Context()
	run := testRun()
	must(t, l.Record(ctx, run))

	known, err := l.Alerted(ctx, 1)
	must(t, err)
	if diff := cmp.Diff(map[alert.Key]core.Alerted{{Customer: "shop_1", Period: june}: run.Alerted[0]}, known); diff != "" {
		t.Error(diff)
	}
	history, err := l.Decisions(ctx, core.DecisionQuery{})
	must(t, err)
	first, second := run.Decisions[0], run.Decisions[1]
	first.ID, second.ID = 1, 2
	if diff := cmp.Diff([]core.Decision{second, first}, history); diff != "" {
		t.Error(diff)
	}
	d, err := q.Delivery(ctx, 1)
	must(t, err)
	want := core.DeliveryDetail{
		Delivery: core.Delivery{
			ID: 1, MessageID: run.Deliveries[0].MessageID, RuleID: 1, Customer: "shop_1", Period: june, Count: 3,
			Recipient: "lead@deskwatch.example", Subject: "Three orders of shop_1", State: core.DeliveryQueued, CreatedAt: noon,
		},
		Message: run.Deliveries[0].Message,
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	rules, err := l.Rules(ctx)
	must(t, err)
	if rules[0].BaselineAt == nil || !rules[0].BaselineAt.Equal(noon) {
		t.Errorf("baseline at %v", rules[0].BaselineAt)
	}

	// The next run replaces what is alerted and leaves the baseline.
	must(t, l.Record(ctx, alert.RunRecord{RuleID: 1, At: noon, Alerted: []core.Alerted{{Customer: "shop_1", Period: june, Count: 5}}}))
	known, err = l.Alerted(ctx, 1)
	must(t, err)
	rules, err = l.Rules(ctx)
	must(t, err)
	if a := known[alert.Key{Customer: "shop_1", Period: june}]; a.Count != 5 || a.Mailed || !a.At.IsZero() || rules[0].BaselineAt == nil {
		t.Errorf("after the next run: %+v, baseline %v", a, rules[0].BaselineAt)
	}
}

func TestAMessageIsQueuedOnce(t *testing.T) {
	db := newDesk(t)
	l, q := NewLedger(db), NewQueue(db)
	ctx := t.Context()
	again := delivery(1)
	again.Message.Subject = "changed"
	must(t, l.Record(ctx, alert.RunRecord{RuleID: 1, At: noon, Deliveries: []core.NewDelivery{delivery(1), again}}))
	must(t, l.Record(ctx, alert.RunRecord{RuleID: 1, At: noon, Deliveries: []core.NewDelivery{again, delivery(2)}}))
	list, err := q.Deliveries(ctx, core.DeliveryQuery{})
	must(t, err)
	if len(list) != 2 || list[0].MessageID != delivery(2).MessageID || list[1].Subject != delivery(1).Message.Subject {
		t.Errorf("queued %+v", list)
	}
}

func TestARunThatFailsHalfwayLeavesNothing(t *testing.T) {
	for _, table := range []string{"alerted", "deliveries", "decisions"} {
		t.Run(table, func(t *testing.T) {
			db := newDesk(t)
			l := NewLedger(db)
			ctx := t.Context()
			_, err := db.wsql.Exec("CREATE TRIGGER broken BEFORE INSERT ON " + table + " BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END")
			must(t, err)
			err = l.Record(ctx, testRun())
			wantCode(t, err, core.CodeInternal)
			if m := core.ErrorMessage(err); strings.Contains(m, "on purpose") || !strings.Contains(m, "nothing was queued") {
				t.Errorf("message %q", m)
			}
			var kept int
			must(t, db.rsql.QueryRow(`SELECT (SELECT count(*) FROM alerted) + (SELECT count(*) FROM decisions) + (SELECT count(*) FROM deliveries)
				+ (SELECT count(*) FROM rules WHERE baseline_at IS NOT NULL)`).Scan(&kept))
			if kept != 0 {
				t.Errorf("%d rows were kept", kept)
			}
		})
	}
}

func TestARunOfADeletedRuleIsRefused(t *testing.T) {
	db := newDesk(t)
	l := NewLedger(db)
	ctx := t.Context()
	must(t, l.Record(ctx, testRun()))
	must(t, l.DeleteRule(ctx, 1))
	wantCode(t, l.Record(ctx, testRun()), core.CodeNotFound)
	known, err := l.Alerted(ctx, 1)
	must(t, err)
	history, err := l.Decisions(ctx, core.DecisionQuery{RuleID: 1})
	must(t, err)
	counts, err := NewQueue(db).Counts(ctx)
	must(t, err)
	if len(known) != 0 || len(history) != 2 || counts[core.DeliveryQueued] != 1 {
		t.Errorf("alerted %d, decisions %d, deliveries %v; want what was alerted gone and the rest kept", len(known), len(history), counts)
	}
}

func TestDecisionsAreFilteredPagedAndClamped(t *testing.T) {
	l := NewLedger(newDesk(t))
	ctx := t.Context()
	_, err := l.SaveRule(ctx, core.Rule{Name: "second"})
	must(t, err)
	for rule := int64(1); rule <= 2; rule++ {
		run := alert.RunRecord{RuleID: rule, At: noon}
		for i := range 1200 {
			run.Decisions = append(run.Decisions, core.Decision{At: noon, Customer: fmt.Sprintf("shop_%d", i%3), Period: june, Count: i})
		}
		must(t, l.Record(ctx, run))
	}
	for _, c := range []struct {
		q           core.DecisionQuery
		n           int
		first, last int64
	}{
		{core.DecisionQuery{}, 100, 2400, 2301},
		{core.DecisionQuery{Limit: 5000}, 1000, 2400, 1401},
		{core.DecisionQuery{Limit: -1}, 1, 2400, 2400},
		{core.DecisionQuery{RuleID: 1, Limit: 2}, 2, 1200, 1199},
		{core.DecisionQuery{RuleID: 1, Limit: 2, Before: 1199}, 2, 1198, 1197},
		{core.DecisionQuery{Customer: "shop_0", Limit: 2}, 2, 2398, 2395},
		{core.DecisionQuery{RuleID: 1, Customer: "shop_0", Limit: 2}, 2, 1198, 1195},
	} {
		got, err := l.Decisions(ctx, c.q)
		must(t, err)
		if len(got) != c.n || got[0].ID != c.first || got[len(got)-1].ID != c.last {
			t.Errorf("%+v: %d from %d to %d, want %d from %d to %d", c.q, len(got), got[0].ID, got[len(got)-1].ID, c.n, c.first, c.last)
		}
	}
	latest, err := l.LatestDecisions(ctx, 1)
	must(t, err)
	if len(latest) != 3 || latest[alert.Key{Customer: "shop_2", Period: june}].ID != 1200 {
		t.Errorf("latest %+v", latest)
	}
}

func TestTheHistoryKeepsTheNewestDecisions(t *testing.T) {
	db := newDesk(t)
	l := NewLedger(db)
	ctx := t.Context()
	must(t, l.Record(ctx, testRun()))
	_, err := db.wsql.Exec("UPDATE sqlite_sequence SET seq = ? WHERE name = 'decisions'", keptDecisions)
	must(t, err)
	must(t, l.Record(ctx, alert.RunRecord{RuleID: 1, Decisions: []core.Decision{{Customer: "shop_3"}}}))
	history, err := l.Decisions(ctx, core.DecisionQuery{})
	must(t, err)
	if len(history) != 2 || history[1].ID != 2 {
		t.Errorf("kept %+v, want the oldest gone", history)
	}
}

func TestForgettingThousandsOfCustomersLeavesTheOthers(t *testing.T) {
	db := newDesk(t)
	l := NewLedger(db)
	ctx := t.Context()
	run := alert.RunRecord{RuleID: 1, At: noon}
	var names []string
	for i := range 5000 {
		name := fmt.Sprintf("sample \"%d\" ñ_%d", i, i)
		names = append(names, name)
		run.Alerted = append(run.Alerted, core.Alerted{Customer: name, Period: june})
		run.Decisions = append(run.Decisions, core.Decision{Customer: name, Period: june})
	}
	d := delivery(1)
	d.Customer = names[4999]
	run.Deliveries = []core.NewDelivery{d}
	must(t, l.Record(ctx, run))
	must(t, l.SaveMute(ctx, core.Mute{Customer: names[1]}))
	must(t, l.SaveMute(ctx, core.Mute{Customer: "shop_2"}))
	kept := testRun()
	kept.Deliveries[0] = delivery(2)
	must(t, l.Record(ctx, kept))

	must(t, l.ForgetCustomers(ctx, nil))
	must(t, l.ForgetCustomers(ctx, names))
	for table, want := range map[string]int{"alerted": 1, "decisions": 2, "mutes": 1, "deliveries": 1} {
		var n int
		must(t, db.rsql.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		if n != want {
			t.Errorf("%s holds %d, want the %d of others", table, n, want)
		}
	}
}

func TestLedgerQueriesUseTheirIndexes(t *testing.T) {
	db := newDesk(t)
	for query, index := range map[string]string{
		"SELECT * FROM decisions WHERE rule_id = 1 ORDER BY id DESC LIMIT 100":         "decisions_rule",
		"SELECT * FROM decisions WHERE customer = 'a' ORDER BY id DESC LIMIT 100":      "decisions_customer",
		"SELECT * FROM decisions WHERE rule_id = 1 ORDER BY id":                        "decisions_rule",
		"SELECT * FROM alerted WHERE rule_id = 1":                                      "PRIMARY KEY",
		"DELETE FROM alerted WHERE customer IN (SELECT value FROM json_each('[]'))":    "alerted_customer",
		"DELETE FROM deliveries WHERE customer IN (SELECT value FROM json_each('[]'))": "deliveries_customer",
		"DELETE FROM decisions WHERE customer IN (SELECT value FROM json_each('[]'))":  "decisions_customer",
	} {
		if p := plan(t, db, query); !strings.Contains(p, index) || strings.Contains(p, "TEMP B-TREE") {
			t.Errorf("%s\n  is answered by %s", query, p)
		}
	}
}
