package orders

import (
	"context"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// breachKey names one breach of one rule.
type breachKey struct {
	Customer string
	Period   core.Month
	RuleID   int64
}

func keyOf(v core.BreachView) breachKey { return breachKey{v.Customer, v.Period, v.RuleID} }

// rowKey names a breach for the grid.
func rowKey(v core.BreachView) string {
	return strconv.FormatInt(v.RuleID, 10) + " " + v.Period.String() + " " + v.Customer
}

// breachDetail is what the pane on the right shows.
type breachDetail struct {
	Loading   bool
	Err       error
	Orders    []core.Order
	Total     int64
	Decisions []core.Decision
	Mute      *core.Mute
}

// monthCount is one bar of the months chart.
type monthCount struct {
	Month core.Month
	Count int
}

// breachesState is all the view shows. It changes on the UI goroutine only.
type breachesState struct {
	Loading  bool
	Err      error
	Rows     []core.BreachView // filtered, newest month first
	Edition  int               // grows when Rows changes
	Total    int               // before filtering
	Months   []monthCount      // the last twelve months with breaches, oldest first
	Orders   int64             // in the book
	Status   core.DeskStatus
	Checking bool
	LastText string // how the last check of this session ended
	Baseline int    // breaches that wait for the user's word; 0 hides the banner
	Cap      int    // how many one press mails

	Selected *core.BreachView
	Detail   breachDetail
}

// breaches is the presenter of the Breaches sub-tab.
type breaches struct {
	*bench
	changed func()

	state  breachesState
	all    []core.BreachView
	rules  map[int64]core.Rule
	mutes  map[string]core.Mute
	filter string
	want   *breachKey // to select once it is loaded

	load   *async.Loader[breachesLoad]
	detail *async.Loader[breachDetail]
}

type breachesLoad struct {
	views  []core.BreachView
	rules  []core.Rule
	mutes  []core.Mute
	status core.DeskStatus
}

func newBreaches(b *bench) *breaches {
	return &breaches{
		bench: b, changed: func() {},
		load: async.NewLoader[breachesLoad](b.ui), detail: async.NewLoader[breachDetail](b.ui),
	}
}

// State is what the view shows now.
func (p *breaches) State() breachesState { return p.state }

// Load reads everything anew.
func (p *breaches) Load() {
	p.state.Loading = true
	p.changed()
	p.load.Load(func(ctx context.Context) (l breachesLoad, err error) {
		if l.views, err = p.desk.BreachViews(ctx); err != nil {
			return l, err
		}
		if l.rules, err = p.desk.Rules(ctx); err != nil {
			return l, err
		}
		if l.mutes, err = p.desk.Mutes(ctx); err != nil {
			return l, err
		}
		l.status, err = p.desk.Status(ctx)
		return l, err
	}, p.show)
}

func (p *breaches) show(l breachesLoad, err error) {
	p.state.Loading, p.state.Err = false, err
	if err != nil {
		p.changed()
		return
	}
	p.all, p.state.Status, p.state.Orders = l.views, l.status, l.status.Book.Orders
	p.rules, p.mutes = map[int64]core.Rule{}, map[string]core.Mute{}
	for _, r := range l.rules {
		p.rules[r.ID] = r
	}
	for _, m := range l.mutes {
		p.mutes[m.Customer] = m
	}
	p.state.Months = countMonths(p.all)
	p.countBaseline()
	if p.want != nil {
		p.filter = ""
	}
	p.arrange()
	p.reselect()
	p.changed()
}

func (p *breaches) countBaseline() {
	p.state.Baseline, p.state.Cap = 0, 0
	declined := p.desk.Settings().Alerts.BacklogDeclined
	for _, v := range p.all {
		rule := p.rules[v.RuleID]
		if v.State == core.ReasonBaseline && (rule.BaselineAt == nil || rule.BaselineAt.After(declined)) {
			p.state.Baseline++
			p.state.Cap = max(p.state.Cap, rule.Cap)
		}
	}
}

// reselect keeps the selection over a reload, or makes the one that was asked for.
func (p *breaches) reselect() {
	var key breachKey
	switch {
	case p.want != nil:
		key = *p.want
	case p.state.Selected != nil:
		key = keyOf(*p.state.Selected)
	default:
		return
	}
	for i := range p.all {
		v := p.all[i]
		if k := keyOf(v); k == key || key.RuleID == 0 && k.Customer == key.Customer && k.Period == key.Period {
			p.want = nil
			p.choose(&v)
			return
		}
	}
	if p.want == nil {
		p.choose(nil)
	}
}

// Open selects a breach, now or as soon as it is loaded. A ruleID of 0 means any rule.
func (p *breaches) Open(customer string, period core.Month, ruleID int64) {
	p.want = &breachKey{customer, period, ruleID}
	p.Load()
}

// Filter keeps the rows that contain every word of text.
func (p *breaches) Filter(text string) {
	p.filter = text
	p.arrange()
	p.changed()
}

// FilterText is the filter in force.
func (p *breaches) FilterText() string { return p.filter }

// Select shows the breach with this row key; "" shows none.
func (p *breaches) Select(key string) {
	if p.SelectedKey() == key {
		return
	}
	var found *core.BreachView
	for i := range p.all {
		if rowKey(p.all[i]) == key {
			v := p.all[i]
			found = &v
		}
	}
	p.choose(found)
	p.changed()
}

// SelectedKey is the row key of the selected breach, or "".
func (p *breaches) SelectedKey() string {
	if p.state.Selected == nil {
		return ""
	}
	return rowKey(*p.state.Selected)
}

func (p *breaches) choose(v *core.BreachView) {
	same := v != nil && p.state.Selected != nil && keyOf(*v) == keyOf(*p.state.Selected)
	p.state.Selected = v
	if v == nil {
		p.detail.Cancel()
		p.state.Detail = breachDetail{}
		return
	}
	if !same {
		p.state.Detail = breachDetail{}
	}
	p.state.Detail.Loading = true
	p.state.Detail.Mute = nil
	if m, ok := p.mutes[v.Customer]; ok {
		p.state.Detail.Mute = &m
	}
	key, mute, statuses := keyOf(*v), p.state.Detail.Mute, p.rules[v.RuleID].Statuses
	first, last := v.Days()
	p.detail.Load(func(ctx context.Context) (d breachDetail, err error) {
		page, err := p.desk.Orders(ctx, core.OrderQuery{
			Customer: key.Customer, From: first, To: last, Statuses: statuses, Limit: 1000})
		if err != nil {
			return d, err
		}
		history, err := p.desk.Decisions(ctx, core.DecisionQuery{RuleID: key.RuleID, Customer: key.Customer, Limit: 1000})
		if err != nil {
			return d, err
		}
		d.Orders, d.Total = page.Orders, page.Total
		for _, x := range history {
			if x.Period == key.Period && len(d.Decisions) < 50 {
				d.Decisions = append(d.Decisions, x)
			}
		}
		return d, nil
	}, func(d breachDetail, err error) {
		d.Err, d.Mute = err, mute
		p.state.Detail = d
		p.changed()
	})
}

// RunCheck runs every enabled rule now.
func (p *breaches) RunCheck() { p.check(core.CheckRequest{Cause: "user"}) }

// MailBaseline also mails what was there before the rules' first check, up to their caps.
func (p *breaches) MailBaseline() { p.check(core.CheckRequest{Cause: "user", SendBacklog: true}) }

// OnlyNew leaves what was there before unmailed and puts the banner away for good; the first
// check of a later rule asks again.
func (p *breaches) OnlyNew() {
	s := p.desk.Settings()
	s.Alerts.BacklogDeclined = p.desk.Now()
	do(p.bench, func(ctx context.Context) (struct{}, error) { return struct{}{}, p.desk.SaveSettings(ctx, s) },
		func(struct{}, error) { p.Load() })
}

func (p *breaches) check(req core.CheckRequest) {
	if p.state.Checking {
		return
	}
	p.state.Checking = true
	p.changed()
	do(p.bench, func(ctx context.Context) (core.CheckResult, error) { return p.desk.RunCheck(ctx, req) },
		func(r core.CheckResult, err error) {
			p.state.Checking = false
			if err == nil {
				p.state.LastText = checkText(r)
				p.say(p.state.LastText)
			}
			p.Load()
		})
}

// Mute keeps the selected customer from being mailed; a zero until means until lifted.
func (p *breaches) Mute(note string, until time.Time) {
	if p.state.Selected == nil {
		return
	}
	m := core.Mute{Customer: p.state.Selected.Customer, Note: strings.TrimSpace(note), Until: until}
	do(p.bench, func(ctx context.Context) (struct{}, error) { return struct{}{}, p.desk.SaveMute(ctx, m) },
		func(_ struct{}, err error) {
			if err == nil {
				p.say(kit.T("%s is muted. No alert about this customer is mailed.", m.Customer))
			}
			p.Load()
		})
}

// Unmute lifts the selected customer's mute.
func (p *breaches) Unmute() {
	if p.state.Selected == nil {
		return
	}
	customer := p.state.Selected.Customer
	do(p.bench, func(ctx context.Context) (struct{}, error) { return struct{}{}, p.desk.DeleteMute(ctx, customer) },
		func(_ struct{}, err error) {
			if err == nil {
				p.say(kit.T("%s is no longer muted.", customer))
			}
			p.Load()
		})
}

// Close ends what is loading.
func (p *breaches) Close() { p.load.Close(); p.detail.Close() }
