package orders

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func someBreaches() []core.BreachView {
	june := core.NewMonth(2026, 6)
	view := func(customer string, m core.Month, count int, state core.Reason) core.BreachView {
		return core.BreachView{Breach: core.Breach{Customer: customer, Period: m, Count: count}, RuleID: 1, RuleName: "Cancelled", State: state}
	}
	return []core.BreachView{
		view("ana_1", june-2, 3, core.ReasonBaseline), view("bo_2", june, 4, core.ReasonNew),
		view("cy_3", june, 9, core.ReasonBaseline), view("dee_4", june-1, 3, core.ReasonMuted),
	}
}

func loadedBreaches(t *testing.T, f *fakeDesk) *breaches {
	t.Helper()
	f.views = func() ([]core.BreachView, error) { return someBreaches(), nil }
	at := noon()
	f.rules = []core.Rule{{ID: 1, Cap: 5, Statuses: core.NewStatusSet(core.StatusReturned), BaselineAt: &at}}
	b, _ := newBench(t, f)
	p := newBreaches(b)
	p.Load()
	return p
}

func customers(rows []core.BreachView) string {
	var names []string
	for _, r := range rows {
		names = append(names, r.Customer)
	}
	return strings.Join(names, " ")
}

func TestBreachesComeNewestMonthFirst(t *testing.T) {
	p := loadedBreaches(t, &fakeDesk{})
	if got := customers(p.State().Rows); got != "cy_3 bo_2 dee_4 ana_1" {
		t.Errorf("rows: %s", got)
	}
}

func TestBreachFilterWantsEveryWordAndKnowsStatesInWords(t *testing.T) {
	p := loadedBreaches(t, &fakeDesk{})
	p.Filter("2026-06 WAITS")
	if got := customers(p.State().Rows); got != "cy_3" {
		t.Errorf("rows: %s", got)
	}
	if p.State().Total != 4 {
		t.Errorf("total %d, want 4", p.State().Total)
	}
}

func TestSelectingABreachLoadsTheOrdersOfItsMonthAndRule(t *testing.T) {
	f := &fakeDesk{}
	var asked core.OrderQuery
	f.orders = func(q core.OrderQuery) (core.OrderPage, error) {
		asked = q
		return core.OrderPage{Orders: []core.Order{{OrderID: "A1"}}, Total: 1}, nil
	}
	june := core.NewMonth(2026, 6)
	f.decisions = []core.Decision{{Period: june, Count: 9}, {Period: june - 1, Count: 3}}
	p := loadedBreaches(t, f)
	p.Select(rowKey(p.State().Rows[0]))
	want := core.OrderQuery{Customer: "cy_3", From: june.First(), To: june.Last(), Statuses: core.NewStatusSet(core.StatusReturned), Limit: 1000}
	if asked != want {
		t.Errorf("asked %+v, want %+v", asked, want)
	}
	if d := p.State().Detail; len(d.Orders) != 1 || len(d.Decisions) != 1 || d.Decisions[0].Count != 9 || d.Loading {
		t.Errorf("detail: %+v", d)
	}
}

func TestAReloadKeepsTheSelectedBreach(t *testing.T) {
	p := loadedBreaches(t, &fakeDesk{})
	key := rowKey(p.State().Rows[1])
	p.Select(key)
	p.Load()
	if p.SelectedKey() != key {
		t.Errorf("selected %q, want %q", p.SelectedKey(), key)
	}
}

func TestOpenSelectsTheBreachThoughAFilterHidIt(t *testing.T) {
	p := loadedBreaches(t, &fakeDesk{})
	p.Filter("nobody")
	p.Open("dee_4", core.NewMonth(2026, 5), 0)
	if s := p.State().Selected; s == nil || s.Customer != "dee_4" {
		t.Fatalf("selected %v", s)
	}
	if p.FilterText() != "" || len(p.State().Rows) != 4 {
		t.Errorf("the filter %q still hides rows", p.FilterText())
	}
}

func TestTheBannerAsksAboutTheBaselineUntilItIsDeclined(t *testing.T) {
	f := &fakeDesk{}
	p := loadedBreaches(t, f)
	if s := p.State(); s.Baseline != 2 || s.Cap != 5 {
		t.Fatalf("banner for %d, %d at a time; want 2, 5", s.Baseline, s.Cap)
	}
	f.now = noon().Add(time.Minute)
	p.OnlyNew()
	if p.State().Baseline != 0 {
		t.Error("the banner asks again after it was declined")
	}
	if len(f.saved) != 1 || !f.saved[0].Alerts.BacklogDeclined.Equal(f.now) {
		t.Errorf("saved %+v", f.saved)
	}
	later := f.now.Add(time.Hour)
	f.rules[0].BaselineAt = &later
	p.Load()
	if p.State().Baseline != 2 {
		t.Error("a later first check does not ask")
	}
}

func TestMailThemSendsTheBacklog(t *testing.T) {
	f := &fakeDesk{}
	var asked core.CheckRequest
	f.check = func(r core.CheckRequest) (core.CheckResult, error) {
		asked = r
		return core.CheckResult{Breaches: 4, Queued: 2, Skipped: map[core.Reason]int{core.ReasonMuted: 1, core.ReasonOverCap: 1}}, nil
	}
	p := loadedBreaches(t, f)
	p.MailBaseline()
	if !asked.SendBacklog || asked.Cause != "user" {
		t.Errorf("asked %+v", asked)
	}
	if want := "4 breaches: 2 alerts queued; 1 not sent: the customer is muted; 1 held: over this run's limit."; p.State().LastText != want {
		t.Errorf("said %q, want %q", p.State().LastText, want)
	}
}

func TestAFailedCheckIsToldAndTheButtonComesBack(t *testing.T) {
	f := &fakeDesk{}
	f.check = func(core.CheckRequest) (core.CheckResult, error) {
		return core.CheckResult{}, core.NewError(core.CodeConflict, "", "A check is running.", nil)
	}
	f.views = func() ([]core.BreachView, error) { return nil, nil }
	b, host := newBench(t, f)
	p := newBreaches(b)
	p.RunCheck()
	if len(host.Failures) != 1 || p.State().Checking {
		t.Errorf("failures %v, checking %v", host.Failures, p.State().Checking)
	}
}

func TestMonthsAreCountedWithoutGapsForAYearAtMost(t *testing.T) {
	june := core.NewMonth(2026, 6)
	got := countMonths([]core.BreachView{{Breach: core.Breach{Period: june}}, {Breach: core.Breach{Period: june - 2}}, {Breach: core.Breach{Period: june - 40}}})
	want := []monthCount{{june - 2, 1}, {june - 1, 0}, {june, 1}}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("months %v, want %v", got, want)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	at := time.Date(2026, 6, 15, 9, 10, 0, 0, time.Local)
	f := facts{Count: 3, LastAt: at, Now: noon()}
	for reason, want := range map[core.Reason]string{
		core.ReasonNew: "sent: first alert for this month", core.ReasonGrown: "sent: the count grew to 3",
		core.ReasonBacklog:       "sent: it was there before, and you asked for it",
		core.ReasonAlreadyMailed: "not sent: the same 3 orders were mailed 09:10",
		core.ReasonGrownTooFew:   "not sent: it grew by less than the rule's step",
		core.ReasonShrunk:        "not sent: there are fewer orders now than were mailed",
		core.ReasonBaseline:      "held: it was there before this rule's first check",
		core.ReasonOverCap:       "held: over this run's limit", core.ReasonMuted: "not sent: the customer is muted",
		core.ReasonNoRecipient: "held: nobody to send it to", core.ReasonPaused: "held: alerts are paused",
	} {
		if got := outcomeText(actionOf(reason), reason, f); got != want {
			t.Errorf("%s: %q, want %q", reason, got, want)
		}
	}
}

func TestAMailedBreachSaysWhen(t *testing.T) {
	v := core.BreachView{State: core.ReasonAlreadyMailed, LastAt: time.Date(2026, 6, 12, 9, 10, 0, 0, time.Local)}
	if got := stateText(v, noon()); got != "mailed 12 Jun" {
		t.Errorf("this year: %q", got)
	}
	v.LastAt = v.LastAt.AddDate(-1, 0, 0)
	if got := stateText(v, noon()); got != "mailed 12 Jun 2025" {
		t.Errorf("last year: %q", got)
	}
}

func TestABreachIsNamedByItsClientAndFoundByBoth(t *testing.T) {
	f := &fakeDesk{}
	p := loadedBreaches(t, f)
	f.views = func() ([]core.BreachView, error) {
		list := someBreaches()
		list[1].Name = "Bo Toys"
		return list, nil
	}
	p.Load()
	if got := breachTitle(p.State().Rows[1]) + ", " + breachTitle(p.State().Rows[0]); got != "Bo Toys, cy_3" {
		t.Errorf("titles: %s", got)
	}
	for _, words := range []string{"toys", "bo_2"} {
		p.Filter(words)
		if got := customers(p.State().Rows); got != "bo_2" {
			t.Errorf("%q finds %q", words, got)
		}
	}
}

func TestSortingByStatePutsWhatNeedsAWordFirst(t *testing.T) {
	view := func(name string, state core.Reason, last int) core.BreachView {
		v := core.BreachView{Breach: core.Breach{Customer: name}, State: state}
		if last > 0 {
			v.LastAt = noon().AddDate(0, 0, -last)
		}
		return v
	}
	list := []core.BreachView{
		view("muted", core.ReasonMuted, 0), view("known", core.ReasonAlreadyMailed, 0), view("older", core.ReasonAlreadyMailed, 9),
		view("mailed", core.ReasonGrownTooFew, 2), view("new", core.ReasonNew, 0), view("held", core.ReasonPaused, 0), view("waits", core.ReasonBaseline, 0),
	}
	slices.SortFunc(list, compareStates)
	if got := customers(list); got != "waits held new mailed older known muted" {
		t.Errorf("order: %s", got)
	}
}

func TestAnOrderOfSeveralStatusesNamesThemAll(t *testing.T) {
	set := core.NewStatusSet(core.StatusReturned, core.StatusDelivered)
	if got := orderStatus(core.Order{Lines: 2, Status: core.StatusReturned, Statuses: set}); got != "delivered, returned" {
		t.Errorf("%q", got)
	}
	if got := orderStatus(core.Order{Lines: 1, Status: core.StatusReturned}); got != "returned" {
		t.Errorf("%q", got)
	}
}

func TestABreachWithinDaysShowsThemAndTheirOrders(t *testing.T) {
	f := &fakeDesk{}
	var asked core.OrderQuery
	f.orders = func(q core.OrderQuery) (core.OrderPage, error) { asked = q; return core.OrderPage{}, nil }
	p := loadedBreaches(t, f)
	may := core.NewMonth(2026, 5)
	f.rules[0].Days = 30
	f.views = func() ([]core.BreachView, error) {
		list := someBreaches()[:1]
		list[0].Period, list[0].From, list[0].To = may, (may-1).First()+11, may.First()+7
		return list, nil
	}
	p.Load()
	p.Filter("apr 8 2026-05")
	if len(p.State().Rows) != 1 {
		t.Fatalf("%d rows", len(p.State().Rows))
	}
	row := p.State().Rows[0]
	if p.Select(rowKey(row)); asked.From != row.From || asked.To != row.To {
		t.Errorf("asked for orders from %v to %v", asked.From, asked.To)
	}
	if got, want := breachText(row, 30, noon()), "3 orders within 30 days: 12 Apr–8 May · waits for your word"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	row.From, row.To = 0, 0
	if got, want := breachText(row, 0, noon()), "3 orders in 2026-05 · waits for your word"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
