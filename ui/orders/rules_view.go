package orders

import (
	"cmp"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type rulesView struct {
	p    *rules
	root fyne.CanvasObject
	pane *kit.Switcher
	list *kit.Grid[core.Rule]

	name, fixed          *widget.Entry
	numbers              map[string]*widget.Entry
	enabled, to, onOrder *widget.Check
	statuses             map[core.Status]*widget.Check
	kind, window         *widget.Select
	days                 fyne.CanvasObject // behind window
	every, day, at, past fyne.CanvasObject // parts of the schedule row
	fields               map[string]*kit.Field
	says                 *banner // the rule in plain words
	test                 *backTestView
	other                *kit.Prose // problems no field claims
	save, revert, remove *widget.Button

	edition, form int
	filling       bool
}

func newRulesView(p *rules) *rulesView {
	v := &rulesView{p: p, numbers: map[string]*widget.Entry{}, statuses: map[core.Status]*widget.Check{}, fields: map[string]*kit.Field{}}
	v.list = kit.NewGrid(func(r core.Rule) string { return strconv.FormatInt(r.ID, 10) },
		kit.Column[core.Rule]{ID: "name", Title: kit.T("Rule"), Width: 100, Weight: 1, Text: func(r core.Rule) string { return r.Name }},
		kit.Column[core.Rule]{ID: "window", Title: kit.T("Window"), Width: 54, Text: func(r core.Rule) string { return windowName(r.Days) },
			Compare: func(a, b core.Rule) int { return cmp.Compare(a.Days, b.Days) }},
		kit.Column[core.Rule]{ID: "on", Title: kit.T("State"), Width: 52,
			Text: func(r core.Rule) string {
				if r.Enabled {
					return kit.T("on")
				}
				return kit.T("off")
			},
			Style: func(r core.Rule) kit.Style {
				if r.Enabled {
					return kit.Style{Chip: true, Tone: kit.ToneGood}
				}
				return kit.Style{Chip: true, Tone: kit.ToneMuted}
			}})
	v.list.OnSelect = func() {
		if r, ok := v.list.Selected(); ok && !v.filling {
			p.Select(r.ID)
		}
	}
	add := widget.NewButtonWithIcon(kit.T("New rule"), theme.ContentAddIcon(), p.New)
	left := container.NewBorder(kit.Padded(4, container.NewVBox(kit.Allowed(p.host, core.EditAlerts, add)...)), nil, nil, nil, v.list.Container)
	v.pane = kit.NewSwitcher(v.newForm())
	split := container.NewHSplit(left, v.pane.Container)
	split.SetOffset(0.31)
	v.root = split
	p.changed = v.refresh
	v.refresh()
	return v
}

func (v *rulesView) newForm() fyne.CanvasObject {
	change := func(f func(r *core.Rule)) {
		if !v.filling {
			v.p.Change(f)
		}
	}
	v.name = widget.NewEntry()
	v.name.OnChanged = func(s string) { change(func(r *core.Rule) { r.Name = s }) }
	v.enabled = widget.NewCheck(kit.T("Check this rule"), func(on bool) { change(func(r *core.Rule) { r.Enabled = on }) })
	boxes := container.NewGridWithColumns(3)
	for _, st := range core.Statuses() {
		box := widget.NewCheck(kit.OrderStatus(st), func(on bool) {
			change(func(r *core.Rule) {
				r.Statuses &^= core.NewStatusSet(st)
				if on {
					r.Statuses |= core.NewStatusSet(st)
				}
			})
		})
		v.statuses[st] = box
		boxes.Add(box)
	}
	v.to = widget.NewCheck(kit.T("The customer, when an e-mail is known"), func(on bool) { change(func(r *core.Rule) { r.ToCustomer = on }) })
	v.fixed = widget.NewEntry()
	v.fixed.PlaceHolder = kit.T("name@company.com, other@company.com")
	v.fixed.OnChanged = func(s string) { v.p.Type(ruleFixed, s) }
	v.onOrder = widget.NewCheck(kit.T("Also after every import"), func(on bool) { change(func(r *core.Rule) { r.OnImport = on }) })

	v.other = kit.NewProse("", kit.ToneBad)
	v.save = major(widget.NewButtonWithIcon(kit.T("Save"), theme.DocumentSaveIcon(), v.p.Save))
	v.revert = widget.NewButton(kit.T("Revert"), v.p.Revert)
	v.remove = widget.NewButtonWithIcon(kit.T("Delete…"), theme.DeleteIcon(), v.p.Delete)

	form := container.NewVBox(
		v.field(ruleName, kit.T("Name"), v.name, ""),
		v.field("enabled", "", v.enabled, ""),
		v.field(ruleStatuses, kit.T("Orders that count"), boxes, ""),
		v.field(ruleThreshold, kit.T("Alert from"), v.number(ruleThreshold, kit.T("orders of one customer")), ""),
		v.field(ruleDays, kit.T("Counted over"), v.newWindow(), ""),
		v.field(ruleStep, kit.T("Alert again after"), v.number(ruleStep, kit.T("more orders (0: never again)")), ""),
		v.field("to_customer", kit.T("Who is told"), v.to, ""),
		v.field(ruleFixed, kit.T("Fixed addresses"), v.fixed, kit.T("Separate several with commas.")),
		v.field(ruleCap, kit.T("At most"), v.number(ruleCap, kit.T("alerts a run; the rest waits for the next one")), ""),
		v.field(ruleSchedule, kit.T("When it is checked"), v.newSchedule(), ""),
		v.field("on_import", "", v.onOrder, ""),
		v.other,
	)
	v.says = newBanner(kit.ToneMuted)
	v.test = newBackTestView(v.p.test)
	buttons := kit.Bar(kit.Allowed(v.p.host, core.EditAlerts, v.save, v.revert), kit.Allowed(v.p.host, core.EditAlerts, v.remove))
	return container.NewBorder(nil, kit.Padded(6, container.NewVBox(v.says.Container, v.test.root, buttons)), nil, nil, kit.Form(container.NewVScroll(kit.Padded(6, form))))
}

func (v *rulesView) field(name, label string, input fyne.CanvasObject, hint string) fyne.CanvasObject {
	f := kit.NewField(label, input, hint)
	v.fields[name] = f
	return f.Container
}

// number is a short field for a whole number, with what is counted behind it.
func (v *rulesView) number(name, unit string) fyne.CanvasObject {
	e := widget.NewEntry()
	e.OnChanged = func(s string) { v.p.Type(name, s) }
	v.numbers[name] = e
	words := kit.NewLine(unit, kit.ToneMuted)
	words.Shrink = true
	return container.NewBorder(nil, nil, kit.Wide(64, e), nil, words)
}

func (v *rulesView) newWindow() fyne.CanvasObject {
	v.window = widget.NewSelect([]string{kit.T("A calendar month"), kit.T("Any days in a row")}, func(string) {
		if !v.filling {
			v.p.CountInDays(v.window.SelectedIndex() == 1)
		}
	})
	v.days = v.number(ruleDays, kit.T("days"))
	return container.NewBorder(nil, nil, kit.Wide(190, v.window), nil, v.days)
}

func (v *rulesView) newSchedule() fyne.CanvasObject {
	kinds := scheduleKinds()
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = scheduleName(k)
	}
	v.kind = widget.NewSelect(names, func(string) {
		if i := v.kind.SelectedIndex(); i >= 0 && !v.filling {
			v.p.Change(func(r *core.Rule) { r.Schedule.Kind = kinds[i] })
		}
	})
	v.every = v.number(ruleMinutes, kit.T("minutes"))
	v.past = container.NewHBox(kit.NewLine(kit.T("at minute"), kit.ToneMuted))
	v.day = container.NewHBox(kit.NewLine(kit.T("on day"), kit.ToneMuted), v.short(ruleDay))
	v.at = container.NewHBox(kit.NewLine(kit.T("at"), kit.ToneMuted), v.short(ruleHour), kit.NewLine(":", kit.ToneMuted))
	minute := v.short(ruleMinute)
	clock := container.NewHBox(v.past, v.day, v.at, minute)
	return container.NewVBox(v.kind, container.NewStack(v.every, clock))
}

// short is a number field of two digits.
func (v *rulesView) short(name string) fyne.CanvasObject {
	e := widget.NewEntry()
	e.OnChanged = func(s string) { v.p.Type(name, s) }
	v.numbers[name] = e
	return kit.Wide(48, e)
}

func scheduleKinds() []core.ScheduleKind {
	return []core.ScheduleKind{core.ScheduleOff, core.ScheduleMinutes, core.ScheduleHourly, core.ScheduleDaily, core.ScheduleMonthly}
}

func scheduleName(k core.ScheduleKind) string {
	switch k {
	case core.ScheduleMinutes:
		return kit.T("Every few minutes")
	case core.ScheduleHourly:
		return kit.T("Hourly")
	case core.ScheduleDaily:
		return kit.T("Daily")
	case core.ScheduleMonthly:
		return kit.T("Monthly")
	}
	return kit.T("Not by itself")
}

func (v *rulesView) refresh() {
	v.filling = true
	defer func() { v.filling = false }()
	s := v.p.State()
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.list.SetRows(append([]core.Rule(nil), s.Rules...))
	}
	if s.Draft == nil {
		v.list.ClearSelection()
		switch {
		case s.Err != nil:
			v.pane.ShowError(s.Err, v.p.Load)
		case s.Edition > 0:
			v.pane.ShowKind("none", func() fyne.CanvasObject {
				return kit.NothingHere(theme.ListIcon(), kit.T("No rule yet. A rule says which customers are alerts, and who is told."), kit.Allowed(v.p.host, core.EditAlerts, major(widget.NewButton(kit.T("New rule"), v.p.New)))...)
			})
		}
		return
	}
	v.pane.ShowContent()
	v.markRule(s.Draft.ID)
	if v.form != s.Form {
		v.form = s.Form
		v.fill(s)
	}
	kit.Show(v.days, s.InDays)
	v.showSchedule(s.Draft.Schedule.Kind)
	v.showProblems(s)
	v.says.set(s.Sentence, true)
	v.test.refresh()
	kit.Enable(v.save, v.p.CanSave())
	kit.Enable(v.revert, s.Dirty && !s.Saving)
	kit.Enable(v.remove, s.Draft.ID != 0 && !s.Saving)
}

func (v *rulesView) markRule(id int64) {
	if r, ok := v.list.Selected(); ok && r.ID == id {
		return
	}
	if id == 0 || !v.list.SelectKey(strconv.FormatInt(id, 10)) {
		v.list.ClearSelection()
	}
}

// fill puts the draft into the widgets.
func (v *rulesView) fill(s rulesState) {
	d := s.Draft
	v.name.SetText(d.Name)
	v.enabled.SetChecked(d.Enabled)
	for st, box := range v.statuses {
		box.SetChecked(d.Statuses.Has(st))
	}
	v.window.SetSelectedIndex(0)
	if s.InDays {
		v.window.SetSelectedIndex(1)
	}
	v.to.SetChecked(d.ToCustomer)
	v.fixed.SetText(s.Texts[ruleFixed])
	v.onOrder.SetChecked(d.OnImport)
	for name, e := range v.numbers {
		e.SetText(s.Texts[name])
	}
	for i, k := range scheduleKinds() {
		if k == d.Schedule.Kind {
			v.kind.SetSelectedIndex(i)
		}
	}
}

func (v *rulesView) showSchedule(k core.ScheduleKind) {
	kit.Show(v.every, k == core.ScheduleMinutes)
	kit.Show(v.past, k == core.ScheduleHourly)
	kit.Show(v.day, k == core.ScheduleMonthly)
	kit.Show(v.at, k == core.ScheduleDaily || k == core.ScheduleMonthly)
	kit.Show(v.numbers[ruleMinute], k == core.ScheduleHourly || k == core.ScheduleDaily || k == core.ScheduleMonthly)
}

func (v *rulesView) showProblems(s rulesState) {
	rest := ""
	byField := map[string]string{}
	for name, text := range s.Problems {
		field := name
		if _, ok := v.fields[field]; !ok {
			field = ruleSchedule
			if len(name) < len(ruleSchedule) || name[:len(ruleSchedule)] != ruleSchedule {
				rest = text
				continue
			}
		}
		byField[field] = text
	}
	for name, f := range v.fields {
		f.SetProblem(byField[name])
	}
	v.other.SetText(rest)
	kit.Show(v.other, rest != "")
}

func (v *rulesView) content() fyne.CanvasObject { return v.root }
func (v *rulesView) focus() fyne.Focusable      { return v.name }
func (v *rulesView) load()                      { v.p.Load() }
func (v *rulesView) close()                     {}
