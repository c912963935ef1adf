package alert

import (
	"testing"
	"time"

	"deskwatch/core"
)

var noon = time.Date(2023, 7, 1, 12, 0, 0, 0, time.UTC)

func seasonedRule() core.Rule {
	r := core.DefaultRule()
	r.ID, r.BaselineAt = 1, &noon
	return r
}

func breach(customer string, month, count int) core.Breach {
	return core.Breach{Customer: customer, Period: core.NewMonth(2023, month), Count: count}
}

func TestDecideGivesEveryReason(t *testing.T) {
	mailed := func(n int) *core.Alerted { return &core.Alerted{Count: n, Mailed: true, At: noon} }
	baseline := func(n int) *core.Alerted { return &core.Alerted{Count: n, At: noon} }
	with := func(change func(*core.Rule)) core.Rule { r := seasonedRule(); change(&r); return r }
	rule := seasonedRule()
	step2 := with(func(r *core.Rule) { r.Step = 2 })
	step0 := with(func(r *core.Rule) { r.Step = 0 })
	fresh := with(func(r *core.Rule) { r.BaselineAt = nil })
	lonely := with(func(r *core.Rule) { r.ToFixed = nil; r.ToCustomer = true })

	for _, tt := range []struct {
		name   string
		rule   core.Rule
		count  int
		last   *core.Alerted
		muted  bool
		opt    Options
		action core.Action
		reason core.Reason
	}{
		{"never seen", rule, 3, nil, false, Options{}, core.ActionSend, core.ReasonNew},
		{"same count", rule, 3, mailed(3), false, Options{}, core.ActionSkip, core.ReasonAlreadyMailed},
		{"grown by the step", rule, 4, mailed(3), false, Options{}, core.ActionSend, core.ReasonGrown},
		{"grown by less", step2, 4, mailed(3), false, Options{}, core.ActionSkip, core.ReasonGrownTooFew},
		{"grown by exactly two", step2, 5, mailed(3), false, Options{}, core.ActionSend, core.ReasonGrown},
		{"step 0 never mails again", step0, 90, mailed(3), false, Options{}, core.ActionSkip, core.ReasonGrownTooFew},
		{"step 0 and the same", step0, 3, mailed(3), false, Options{}, core.ActionSkip, core.ReasonAlreadyMailed},
		{"fewer", rule, 3, mailed(5), false, Options{}, core.ActionSkip, core.ReasonShrunk},
		{"mailed ones are no backlog", rule, 3, mailed(3), false, Options{SendBacklog: true}, core.ActionSkip, core.ReasonAlreadyMailed},
		{"baseline", rule, 3, baseline(3), false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"baseline shrunk", rule, 3, baseline(5), false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"baseline grown", rule, 4, baseline(3), false, Options{}, core.ActionSend, core.ReasonGrown},
		{"baseline grown by less", step2, 4, baseline(3), false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"baseline with step 0", step0, 9, baseline(3), false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"backlog asked for", rule, 3, baseline(3), false, Options{SendBacklog: true}, core.ActionSend, core.ReasonBacklog},
		{"backlog asked for before", step0, 3, baseline(0), false, Options{}, core.ActionSend, core.ReasonBacklog},
		{"first run", fresh, 3, nil, false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"first run with backlog", fresh, 3, nil, false, Options{SendBacklog: true}, core.ActionSend, core.ReasonBacklog},
		{"begun anew, mailed before", fresh, 5, mailed(3), false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"begun anew, known before", fresh, 5, baseline(3), false, Options{}, core.ActionHold, core.ReasonBaseline},
		{"begun anew, same as mailed", fresh, 3, mailed(3), false, Options{}, core.ActionSkip, core.ReasonAlreadyMailed},
		{"begun anew, asked for before", fresh, 5, baseline(0), false, Options{}, core.ActionSend, core.ReasonBacklog},
		{"muted", rule, 3, nil, true, Options{}, core.ActionSkip, core.ReasonMuted},
		{"muted comes first", fresh, 3, mailed(3), true, Options{Paused: true}, core.ActionSkip, core.ReasonMuted},
		{"paused", rule, 3, nil, false, Options{Paused: true}, core.ActionHold, core.ReasonPaused},
		{"paused keeps history", rule, 3, mailed(3), false, Options{Paused: true}, core.ActionSkip, core.ReasonAlreadyMailed},
		{"nobody to tell", lonely, 3, nil, false, Options{}, core.ActionHold, core.ReasonNoRecipient},
	} {
		action, reason := Decide(tt.rule, breach("ana_1", 6, tt.count), tt.last, tt.muted, tt.opt)
		if action != tt.action || reason != tt.reason {
			t.Errorf("%s: got %s/%s, want %s/%s", tt.name, action, reason, tt.action, tt.reason)
		}
	}
}

func TestRecipientsAreTheCustomerThenFixedEachMailboxOnce(t *testing.T) {
	r := seasonedRule()
	r.ToCustomer, r.ToFixed = true, []string{" Lead@Example.com ", "ANA@example.com", "not an address", "Lead <lead2@example.com>"}
	b := breach("ana_1", 6, 3)
	b.Email = "ana@example.com"
	got := Recipients(r, b)
	if len(got) != 2 || got[0] != "ana@example.com" || got[1] != "Lead@Example.com" {
		t.Errorf("got %q", got)
	}
	b.Email = "ana@example.com\r\nBcc: all@example.com"
	if got := Recipients(r, b); len(got) != 2 || got[0] != "Lead@Example.com" {
		t.Errorf("an address with a line break was kept: %q", got)
	}
}

func TestMessageIDDiffersWithEveryPartOfTheAlert(t *testing.T) {
	b := breach("ana_1", 6, 3)
	base := MessageID("desk", 1, b, "a@example.com")
	if base != MessageID("desk", 1, b, "a@example.com") {
		t.Fatal("the same alert has two names")
	}
	others := []string{
		MessageID("desk2", 1, b, "a@example.com"), MessageID("desk", 2, b, "a@example.com"),
		MessageID("desk", 1, breach("ana_2", 6, 3), "a@example.com"), MessageID("desk", 1, breach("ana_1", 7, 3), "a@example.com"),
		MessageID("desk", 1, breach("ana_1", 6, 4), "a@example.com"), MessageID("desk", 1, b, "b@example.com"),
	}
	for _, days := range [][2]core.Day{{0, 19500}, {19490, 19500}, {19491, 19500}, {19490, 19501}} {
		b.From, b.To = days[0], days[1]
		others = append(others, MessageID("desk", 1, b, "a@example.com"))
	}
	seen := map[string]bool{base: true}
	for i, o := range others {
		if seen[o] {
			t.Errorf("alert %d has the name of another", i)
		}
		seen[o] = true
	}
}

func TestTheMessageIDOfAMonthStaysWhatItWas(t *testing.T) {
	// It is in the outboxes of installations: another one would mail the same alert again.
	const want = "<405a178cb7516d7bdac3b0b1120091f0@deskwatch.local>"
	if got := MessageID("desk", 1, breach("ana_1", 6, 3), "a@example.com"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestARuleCountsAMonthOrTwoDaysToALeapYear(t *testing.T) {
	for days, right := range map[int]bool{-1: false, 0: true, 1: false, 2: true, 30: true, 366: true, 367: false} {
		r := core.DefaultRule()
		r.Days = days
		if p := CheckRule(r); (p == nil) != right || !right && p[0].Name != "days" {
			t.Errorf("%d days: %v", days, p)
		}
		if Query(r).Days != days {
			t.Errorf("the order book is asked for %d days, not for %d", Query(r).Days, days)
		}
	}
}

func TestCheckRuleNamesEveryFieldThatIsWrong(t *testing.T) {
	if p := CheckRule(core.DefaultRule()); p != nil {
		t.Fatalf("the default rule is refused: %v", p)
	}
	for name, change := range map[string]func(*core.Rule){
		"name":             func(r *core.Rule) { r.Name = " " },
		"statuses":         func(r *core.Rule) { r.Statuses = 0 },
		"threshold":        func(r *core.Rule) { r.Threshold = 0 },
		"step":             func(r *core.Rule) { r.Step = -1 },
		"cap":              func(r *core.Rule) { r.Cap = 1001 },
		"to_fixed":         func(r *core.Rule) { r.ToFixed = []string{"lead at example.com"} },
		"schedule.kind":    func(r *core.Rule) { r.Schedule.Kind = "yearly" },
		"schedule.minutes": func(r *core.Rule) { r.Schedule = core.Schedule{Kind: core.ScheduleMinutes} },
		"schedule.day":     func(r *core.Rule) { r.Schedule.Day = 32 },
		"schedule.hour":    func(r *core.Rule) { r.Schedule = core.Schedule{Kind: core.ScheduleDaily, Hour: 24} },
		"schedule.minute":  func(r *core.Rule) { r.Schedule = core.Schedule{Kind: core.ScheduleHourly, Minute: 60} },
	} {
		r := core.DefaultRule()
		change(&r)
		p := CheckRule(r)
		if len(p) != 1 || p[0].Name != name || p[0].Message == "" {
			t.Errorf("%s: got %v", name, p)
		}
	}
	r := core.DefaultRule()
	r.ToFixed = nil
	if p := CheckRule(r); len(p) != 1 || p[0].Name != "to_fixed" {
		t.Errorf("a rule that tells nobody: %v", p)
	}
}

func TestViewsShowWhatARunWouldDecide(t *testing.T) {
	r := seasonedRule()
	r.Cap = 1
	p := Picture{
		Rules:    []core.Rule{r},
		Breaches: map[int64][]core.Breach{1: {breach("a_1", 5, 3), breach("b_1", 6, 3), breach("c_1", 6, 9), breach("d_1", 6, 4)}},
		Alerted:  map[int64]map[Key]core.Alerted{1: {{"b_1", core.NewMonth(2023, 6)}: {Count: 3, Mailed: true, At: noon}}},
		Mutes:    []core.Mute{{Customer: "d_1"}, {Customer: "c_1", Until: noon}},
		Now:      noon,
	}
	views := Views(p)
	want := []struct {
		customer string
		state    core.Reason
	}{{"c_1", core.ReasonNew}, {"d_1", core.ReasonMuted}, {"b_1", core.ReasonAlreadyMailed}, {"a_1", core.ReasonOverCap}}
	if len(views) != len(want) {
		t.Fatalf("got %d views", len(views))
	}
	for i, w := range want {
		if views[i].Customer != w.customer || views[i].State != w.state || views[i].RuleName != r.Name {
			t.Errorf("view %d: got %s %s, want %s %s", i, views[i].Customer, views[i].State, w.customer, w.state)
		}
	}
	if !views[1].Muted || !views[2].LastAt.Equal(noon) || !views[0].LastAt.IsZero() {
		t.Errorf("mute or time of the last mail is missing: %+v", views)
	}
	if n := Forecast(p, nil); n != 2 {
		t.Errorf("forecast %d, want 2 (the new ones, cap or not)", n)
	}
	p.Rules[0].BaselineAt = nil
	if n := Forecast(p, nil); n != 2 {
		t.Errorf("forecast before the first run %d, want 2 newly held", n)
	}
}
