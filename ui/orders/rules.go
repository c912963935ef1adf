package orders

import (
	"cmp"
	"context"
	"reflect"
	"strconv"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// The fields of the rule form, by the names Desk.CheckRule uses.
const (
	ruleName      = "name"
	ruleStatuses  = "statuses"
	ruleThreshold = "threshold"
	ruleDays      = "days"
	ruleStep      = "step"
	ruleFixed     = "to_fixed"
	ruleCap       = "cap"
	ruleSchedule  = "schedule"
	ruleMinutes   = "schedule.minutes"
	ruleDay       = "schedule.day"
	ruleHour      = "schedule.hour"
	ruleMinute    = "schedule.minute"
)

// rulesState is all the view shows.
type rulesState struct {
	Loading bool
	Err     error
	Rules   []core.Rule
	Edition int // grows when Rules changes
	// Draft is the rule in the form; Texts are its number fields as they were typed.
	Draft    *core.Rule
	InDays   bool // the draft counts over days in a row, whatever stands in their field
	Texts    map[string]string
	Problems map[string]string // by field
	Sentence string
	Dirty    bool
	Saving   bool
	// Form grows whenever the form must be filled anew, and not when the user types.
	Form int
}

// rules is the presenter of the Rules sub-tab.
type rules struct {
	*bench
	changed func()
	state   rulesState
	saved   core.Rule // what the draft began as
	load    *async.Loader[[]core.Rule]
	test    *backTest
}

func newRules(b *bench) *rules {
	p := &rules{bench: b, changed: func() {}, load: async.NewLoader[[]core.Rule](b.ui)}
	p.test = newBackTest(b, func() { p.changed() })
	return p
}

// State is what the view shows now.
func (p *rules) State() rulesState { return p.state }

// Load reads the rules anew. A form with changes keeps them.
func (p *rules) Load() { p.loadAnd(0) }

func (p *rules) loadAnd(choose int64) {
	p.state.Loading = true
	p.changed()
	p.load.Load(p.desk.Rules, func(list []core.Rule, err error) {
		p.state.Loading, p.state.Err = false, err
		if err == nil {
			p.state.Rules = list
			p.state.Edition++
			p.settle(choose)
		}
		p.changed()
	})
}

// settle chooses what the form shows after a load.
func (p *rules) settle(choose int64) {
	if choose == 0 && p.state.Draft != nil {
		if p.state.Dirty || p.state.Draft.ID == 0 {
			return
		}
		choose = p.state.Draft.ID
	}
	for _, r := range p.state.Rules {
		if r.ID == choose {
			if p.state.Draft == nil || !reflect.DeepEqual(r, p.saved) || p.state.Dirty {
				p.edit(r)
			}
			return
		}
	}
	if len(p.state.Rules) > 0 {
		p.edit(p.state.Rules[0])
		return
	}
	p.state.Draft = nil
	p.state.Form++
}

// Select puts a rule of the list into the form. Changes of the one before are dropped only
// after asking.
func (p *rules) Select(id int64) {
	if p.state.Draft != nil && p.state.Draft.ID == id {
		return
	}
	p.leave(func() {
		for _, r := range p.state.Rules {
			if r.ID == id {
				p.edit(r)
			}
		}
		p.changed()
	})
}

// leave runs next, after asking when the form holds changes.
func (p *rules) leave(next func()) {
	if p.state.Draft == nil || !p.state.Dirty {
		next()
		return
	}
	p.host.Confirm(kit.Question{
		Title: kit.T("Drop the changes?"),
		Text:  kit.T("What you changed in the rule %s is not saved.", p.state.Draft.Name),
		Yes:   kit.T("Drop changes"), Danger: true,
	}, next)
	p.changed() // the list marks the rule in the form again
}

// New puts a new rule into the form, with the default rule's values.
func (p *rules) New() {
	p.leave(func() {
		r := core.DefaultRule()
		r.Name = kit.T("New rule")
		p.edit(r)
		p.state.Dirty = true
		p.changed()
	})
}

func (p *rules) edit(r core.Rule) {
	p.saved = r
	draft := r
	draft.ToFixed = append([]string(nil), r.ToFixed...)
	p.state.Draft, p.state.Dirty, p.state.InDays = &draft, false, r.Days != 0
	p.state.Texts = map[string]string{
		ruleDays:      strconv.Itoa(cmp.Or(r.Days, usualDays)),
		ruleThreshold: strconv.Itoa(r.Threshold), ruleStep: strconv.Itoa(r.Step), ruleCap: strconv.Itoa(r.Cap),
		ruleMinutes: strconv.Itoa(max(1, r.Schedule.Minutes)), ruleDay: strconv.Itoa(max(1, r.Schedule.Day)),
		ruleHour: strconv.Itoa(r.Schedule.Hour), ruleMinute: strconv.Itoa(r.Schedule.Minute),
		ruleFixed: strings.Join(r.ToFixed, ", "),
	}
	p.state.Form++
	p.check()
	p.test.follow(draft, len(p.state.Problems) == 0, 0)
}

// Change applies one change of the form to the draft and validates.
func (p *rules) Change(f func(r *core.Rule)) {
	if p.state.Draft == nil {
		return
	}
	f(p.state.Draft)
	p.touched()
}

// usualDays stand in the field of a rule that counts calendar months.
const usualDays = 30

// CountInDays makes the draft count over days in a row, or over a calendar month.
func (p *rules) CountInDays(inDays bool) {
	if p.state.Draft == nil || p.state.InDays == inDays {
		return
	}
	p.state.InDays = inDays
	p.touched()
}

// Type takes what was typed into a text field.
func (p *rules) Type(field, text string) {
	if p.state.Draft == nil || p.state.Texts[field] == text {
		return
	}
	p.state.Texts[field] = text
	p.touched()
}

func (p *rules) touched() {
	p.check()
	p.test.follow(*p.state.Draft, len(p.state.Problems) == 0, p.test.pause)
	p.state.Dirty = p.state.Draft.ID == 0 || !p.sameAsSaved()
	p.changed()
}

func (p *rules) sameAsSaved() bool {
	a, b := *p.state.Draft, p.saved
	if len(a.ToFixed) == 0 && len(b.ToFixed) == 0 {
		a.ToFixed, b.ToFixed = nil, nil
	}
	if a.Schedule.Kind == b.Schedule.Kind {
		// Fields the kind does not use are only shown with their defaults.
		a.Schedule, b.Schedule = usedFields(a.Schedule), usedFields(b.Schedule)
	}
	return reflect.DeepEqual(a, b) && p.state.InDays == (b.Days != 0) && !p.unread()
}

// unread reports whether a number field holds something that is not a number.
func (p *rules) unread() bool {
	for field := range p.state.Problems {
		if text, ok := p.state.Texts[field]; ok && field != ruleFixed {
			if _, err := strconv.Atoi(strings.TrimSpace(text)); err != nil {
				return true
			}
		}
	}
	return false
}

func usedFields(s core.Schedule) core.Schedule {
	u := core.Schedule{Kind: s.Kind}
	switch s.Kind {
	case core.ScheduleMinutes:
		u.Minutes = s.Minutes
	case core.ScheduleHourly:
		u.Minute = s.Minute
	case core.ScheduleDaily:
		u.Hour, u.Minute = s.Hour, s.Minute
	case core.ScheduleMonthly:
		u.Day, u.Hour, u.Minute = s.Day, s.Hour, s.Minute
	}
	return u
}

// check reads the typed numbers into the draft and asks the core what is wrong with it.
func (p *rules) check() {
	d := p.state.Draft
	problems := map[string]string{}
	read := func(field string, into *int) {
		n, err := strconv.Atoi(strings.TrimSpace(p.state.Texts[field]))
		if err != nil {
			problems[field] = kit.T("Write a whole number.")
			return
		}
		*into = n
	}
	read(ruleThreshold, &d.Threshold)
	d.Days = 0
	if p.state.InDays {
		d.Days = -1 // a field without a number is no calendar month
		if read(ruleDays, &d.Days); d.Days == 0 {
			problems[ruleDays] = kit.T("Write how many days in a row, or choose calendar months.")
		}
	}
	read(ruleStep, &d.Step)
	read(ruleCap, &d.Cap)
	switch d.Schedule.Kind {
	case core.ScheduleMinutes:
		read(ruleMinutes, &d.Schedule.Minutes)
	case core.ScheduleHourly:
		read(ruleMinute, &d.Schedule.Minute)
	case core.ScheduleDaily:
		read(ruleHour, &d.Schedule.Hour)
		read(ruleMinute, &d.Schedule.Minute)
	case core.ScheduleMonthly:
		read(ruleDay, &d.Schedule.Day)
		read(ruleHour, &d.Schedule.Hour)
		read(ruleMinute, &d.Schedule.Minute)
	}
	d.ToFixed = splitAddresses(p.state.Texts[ruleFixed])
	for _, problem := range p.desk.CheckRule(*d) {
		if problems[problem.Name] == "" {
			problems[problem.Name] = problem.Message
		}
	}
	p.state.Problems = problems
	p.state.Sentence = ruleSentence(*d)
}

func splitAddresses(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\t'
	})
}

// CanSave reports whether Save has something to save and nothing is wrong.
func (p *rules) CanSave() bool {
	return p.state.Draft != nil && p.state.Dirty && len(p.state.Problems) == 0 && !p.state.Saving
}

// Save stores the draft.
func (p *rules) Save() {
	if !p.CanSave() {
		return
	}
	p.state.Saving = true
	p.changed()
	r := *p.state.Draft
	do(p.bench, func(ctx context.Context) (core.Rule, error) { return p.desk.SaveRule(ctx, r) },
		func(saved core.Rule, err error) {
			p.state.Saving = false
			if err == nil {
				p.say(kit.T("The rule %s is saved.", saved.Name))
				p.state.Dirty = false
				p.edit(saved)
				p.loadAnd(saved.ID)
			}
			p.changed()
		})
}

// Revert takes back what was typed since the last save.
func (p *rules) Revert() {
	if p.state.Draft == nil {
		return
	}
	if p.state.Draft.ID == 0 {
		p.state.Draft = nil
		p.state.Dirty = false
		p.settle(0)
	} else {
		p.edit(p.saved)
	}
	p.changed()
}

// Delete removes the rule in the form, after asking.
func (p *rules) Delete() {
	if p.state.Draft == nil || p.state.Draft.ID == 0 {
		return
	}
	r := p.saved
	p.host.Confirm(kit.Question{
		Title: kit.T("Delete the rule %s?", r.Name),
		Text:  kit.T("It is not checked any more, and what it mailed is forgotten: a new rule begins with a first check. Its history and its mails stay."),
		Yes:   kit.T("Delete rule"), Danger: true,
	}, func() { p.remove(r) })
}

func (p *rules) remove(r core.Rule) {
	do(p.bench, func(ctx context.Context) (struct{}, error) { return struct{}{}, p.desk.DeleteRule(ctx, r.ID) },
		func(_ struct{}, err error) {
			if err == nil {
				p.say(kit.T("The rule %s is deleted. Mails that are queued already stay in Mail.", r.Name))
				p.state.Draft, p.state.Dirty = nil, false
			}
			p.Load()
		})
}

// Close ends what is loading.
func (p *rules) Close() {
	p.load.Close()
	p.test.load.Close()
}
