package orders

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// breachLinks lead from the breaches to other sub-tabs.
type breachLinks struct {
	importFile func()
	rules      func()
	mail       func(customer string)
}

type breachesView struct {
	p      *breaches
	sample *sample
	links  breachLinks

	run        *widget.Button
	status     *kit.Line
	filter     *widget.Entry
	banner     *banner
	mailThem   *widget.Button
	grid       *kit.Grid[core.BreachView]
	detail     *breachDetailView
	pane       *kit.Switcher
	root       fyne.CanvasObject
	edition    int
	refreshing bool
}

func newBreachesView(p *breaches, s *sample, links breachLinks) *breachesView {
	v := &breachesView{p: p, sample: s, links: links}
	v.run = major(widget.NewButtonWithIcon(kit.T("Run check now"), theme.MediaPlayIcon(), p.RunCheck))
	v.status = kit.NewCaption("")
	v.status.Shrink = true
	v.filter = searchBox(kit.T("Filter: customer, rule, month, state"), p.Filter)
	v.mailThem = widget.NewButton("", p.MailBaseline)
	v.banner = newBanner(kit.ToneAccent, kit.Allowed(p.host, core.EditAlerts, v.mailThem, widget.NewButton(kit.T("Only new ones from now on"), p.OnlyNew))...)
	v.grid = v.newGrid()
	v.detail = newBreachDetailView(p, links.mail)

	split := container.NewHSplit(v.grid.Container, v.detail.root)
	split.SetOffset(0.65)
	v.pane = kit.NewSwitcher(split)
	top := container.NewBorder(nil, nil, container.NewHBox(kit.Allowed(p.host, core.EditAlerts, v.run)...), kit.Wide(270, v.filter), v.status)
	v.banner.within = container.NewBorder(container.NewVBox(kit.Padded(4, top), v.banner.Container), nil, nil, nil, v.pane.Container)
	v.root = v.banner.within
	p.changed = v.refresh
	v.refresh()
	return v
}

func (v *breachesView) newGrid() *kit.Grid[core.BreachView] {
	type row = core.BreachView
	g := kit.NewGrid(rowKey,
		kit.Column[row]{ID: "customer", Title: kit.T("Customer"), Width: 90, Weight: 0.8, Text: breachTitle,
			Compare: func(a, b row) int {
				return strings.Compare(strings.ToLower(breachTitle(a)), strings.ToLower(breachTitle(b)))
			}},
		kit.Column[row]{ID: "month", Title: kit.T("When"), Width: 118, Weight: 0.4,
			Text: func(r row) string { return kit.BreachPeriod(r.Breach, v.p.desk.Now()) },
			Compare: func(a, b row) int {
				_, x := a.Days()
				_, y := b.Days()
				return cmp.Compare(x, y)
			}},
		kit.Column[row]{ID: "count", Title: kit.T("Orders"), Width: 56, Align: fyne.TextAlignTrailing,
			Text:    func(r row) string { return kit.Number(int64(r.Count)) },
			Compare: func(a, b row) int { return cmp.Compare(a.Count, b.Count) }},
		kit.Column[row]{ID: "rule", Title: kit.T("Rule"), Width: 52, Weight: 1.2,
			Text:    func(r row) string { return r.RuleName },
			Compare: func(a, b row) int { return strings.Compare(a.RuleName, b.RuleName) }},
		kit.Column[row]{ID: "state", Title: kit.T("State"), Width: 146, Weight: 0.2,
			Text:    func(r row) string { return stateText(r, v.p.desk.Now()) },
			Style:   func(r row) kit.Style { return kit.Style{Chip: true, Tone: stateTone(r)} },
			Compare: compareStates},
	)
	g.OnSelect = func() {
		if v.refreshing {
			return
		}
		key := ""
		if r, ok := g.Selected(); ok {
			key = rowKey(r)
		}
		v.p.Select(key)
	}
	return g
}

func (v *breachesView) refresh() {
	v.refreshing = true
	defer func() { v.refreshing = false }()
	s := v.p.State()
	kit.Enable(v.run, !s.Checking)
	v.status.SetText(v.statusText(s))
	v.banner.set(kit.N("%s breach was there before this rule's first check. Nothing was mailed for it.",
		"%s breaches were there before this rule's first check. Nothing was mailed for them.", int64(s.Baseline)), s.Baseline > 0)
	v.mailThem.SetText(kit.T("Mail them, %d at a time", s.Cap))
	kit.Enable(v.mailThem, !s.Checking)
	if v.filter.Text != v.p.FilterText() {
		v.filter.SetText(v.p.FilterText())
	}
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.grid.SetRows(s.Rows)
	}
	if key := v.p.SelectedKey(); key != v.gridKey() {
		if key == "" || !v.grid.SelectKey(key) {
			v.grid.ClearSelection()
		}
	}
	v.detail.refresh()
	v.showPane(s)
}

func (v *breachesView) gridKey() string {
	if r, ok := v.grid.Selected(); ok {
		return rowKey(r)
	}
	return ""
}

func (v *breachesView) statusText(s breachesState) string {
	switch {
	case s.Checking:
		return kit.T("Checking…")
	case s.LastText != "":
		return s.LastText
	case s.Edition == 0:
		return kit.T("Loading…")
	case s.Status.LastCheck.IsZero():
		return kit.T("No check has run yet.")
	}
	text := kit.T("Last check: %s.", kit.When(s.Status.LastCheck, v.p.desk.Now()))
	if !s.Status.NextCheck.IsZero() {
		text += " " + kit.T("Next: %s.", kit.When(s.Status.NextCheck, v.p.desk.Now()))
	}
	return text
}

func (v *breachesView) showPane(s breachesState) {
	switch {
	case s.Err != nil && s.Total == 0:
		v.pane.ShowError(s.Err, v.p.Load)
	case s.Total > 0 || s.Edition == 0:
		v.pane.ShowContent()
	case s.Orders == 0 && !s.Status.BookDown.IsZero():
		v.pane.ShowKind("away", func() fyne.CanvasObject {
			return kit.NothingHere(theme.WarningIcon(), kit.T("The order database cannot be reached. What it holds is not known now."))
		})
	case s.Orders == 0 && !s.Status.Counted():
		v.pane.ShowKind("counting", func() fyne.CanvasObject {
			return kit.NothingHere(theme.SearchIcon(), kit.T("The orders are still being counted. No breach is known yet."))
		})
	case s.Orders == 0:
		v.pane.ShowKind("no orders", func() fyne.CanvasObject {
			if !v.p.host.May(core.ImportFiles) {
				return kit.NothingHere(theme.DocumentIcon(), kit.T("No orders yet. A lead or an admin of this desk imports them."))
			}
			return kit.NothingHere(theme.DocumentIcon(), kit.T("No orders yet: import an orders file, or load the sample data to look around."),
				major(widget.NewButtonWithIcon(kit.T("Import orders…"), theme.DownloadIcon(), v.links.importFile)),
				widget.NewButton(kit.T("Load sample data"), v.sample.Load))
		})
	default:
		v.pane.ShowKind("no breach", func() fyne.CanvasObject {
			return kit.NothingHere(theme.ConfirmIcon(), kit.T("No customer reached a rule's threshold."),
				widget.NewButton(kit.T("Look at the rules"), v.links.rules))
		})
	}
}

func (v *breachesView) content() fyne.CanvasObject { return v.root }
func (v *breachesView) focus() fyne.Focusable      { return v.filter }
func (v *breachesView) load()                      { v.p.Load() }
func (v *breachesView) close()                     {}
