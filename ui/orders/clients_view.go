package orders

import (
	"cmp"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type clientsView struct {
	p    *clients
	root fyne.CanvasObject

	filter               *widget.Entry
	seed, strange        *widget.Button
	loadSample, dropSamp *widget.Button
	count                *kit.Line
	more                 *widget.Button
	grid                 *kit.Grid[core.Client]
	strangers            *kit.Grid[core.Customer]
	pane, side           *kit.Switcher
	split                *container.Split
	title, facts         *kit.Line
	entries              map[string]*widget.Entry
	problem              *kit.Prose // of the e-mail
	save, revert         *widget.Button
	form, seeded         fyne.CanvasObject
	seedText             *kit.Prose
	skipped              *kit.Grid[core.SkippedEntry]
	seedShown            *core.SeedResult
	edition, formEdition int
	filling              bool
}

func newClientsView(p *clients) *clientsView {
	v := &clientsView{p: p, entries: map[string]*widget.Entry{}}
	v.filter = searchBox(kit.T("Filter: name, identity, e-mail"), p.Filter)
	v.seed = major(widget.NewButtonWithIcon(kit.T("Seed clients"), theme.AccountIcon(), p.SeedClients))
	v.strange = widget.NewButton("", func() { p.ShowUnrecognised(!p.State().Unrecognised) })
	v.loadSample = widget.NewButton(kit.T("Load sample data"), p.sample.Load)
	v.dropSamp = widget.NewButton(kit.T("Remove sample data…"), p.sample.Remove)
	v.count = kit.NewCaption("")
	v.count.Shrink = true
	v.more = widget.NewButton(kit.T("Show more clients"), p.More)
	v.grid = v.newGrid()
	v.strangers = kit.NewGrid(func(c core.Customer) string { return c.Customer },
		kit.Column[core.Customer]{ID: "value", Title: kit.T("Customer value in the orders"), Width: 160, Weight: 1,
			Text:    func(c core.Customer) string { return c.Customer },
			Compare: func(a, b core.Customer) int { return strings.Compare(a.Customer, b.Customer) }},
		kit.Column[core.Customer]{ID: "orders", Title: kit.T("Orders"), Width: 80, Align: fyne.TextAlignTrailing,
			Text:    func(c core.Customer) string { return kit.Number(c.Orders) },
			Compare: func(a, b core.Customer) int { return cmp.Compare(a.Orders, b.Orders) }})
	v.newForm()
	v.newSeeded()
	v.side = kit.NewSwitcher(v.form)
	v.split = container.NewHSplit(container.NewBorder(nil, v.more, nil, nil, v.grid.Container), v.side.Container)
	v.split.SetOffset(0.66)
	v.pane = kit.NewSwitcher(v.split)

	bar := container.NewBorder(nil, nil, container.NewHBox(append(kit.Allowed(p.host, core.ImportFiles, v.seed), v.strange)...),
		container.NewHBox(kit.Allowed(p.host, core.ImportFiles, v.loadSample, v.dropSamp)...), nil)
	second := container.NewBorder(nil, nil, kit.Wide(270, v.filter), nil, v.count)
	v.root = container.NewBorder(kit.Padded(4, container.NewVBox(bar, second)), nil, nil, nil, v.pane.Container)
	p.changed = v.refresh
	v.refresh()
	return v
}

func (v *clientsView) newGrid() *kit.Grid[core.Client] {
	type row = core.Client
	column := func(id, title string, weight float32, text func(row) string) kit.Column[row] {
		return kit.Column[row]{ID: id, Title: title, Width: 80, Weight: weight, Text: text,
			Compare: func(a, b row) int { return strings.Compare(strings.ToLower(text(a)), strings.ToLower(text(b))) }}
	}
	g := kit.NewGrid(func(c row) string { return c.Customer },
		column("name", kit.T("Name"), 0.5, func(c row) string { return c.Name }),
		column("identity", kit.T("Identity"), 1.4, func(c row) string { return c.Customer }),
		column("email", kit.T("E-mail"), 1.6, func(c row) string { return c.Email }),
		kit.Column[row]{ID: "orders", Title: kit.T("Orders"), Width: 60, Align: fyne.TextAlignTrailing,
			Text:    func(c row) string { return kit.Number(c.Orders) },
			Compare: func(a, b row) int { return cmp.Compare(a.Orders, b.Orders) }})
	g.OnSelect = func() {
		if v.filling {
			return
		}
		c, _ := g.Selected()
		v.p.Select(c.Customer)
	}
	return g
}

func (v *clientsView) newForm() {
	v.title, v.facts = kit.NewTitle(""), kit.NewCaption("")
	v.title.Shrink, v.facts.Shrink = true, true
	entry := func(field string) *widget.Entry {
		e := widget.NewEntry()
		e.OnChanged = func(s string) { v.p.Type(field, s) }
		e.OnSubmitted = func(string) { v.p.Save() }
		v.entries[field] = e
		return e
	}
	box := func(label string, input fyne.CanvasObject) fyne.CanvasObject {
		return container.NewVBox(kit.Padded(2, kit.NewLine(label, kit.ToneMuted)), input)
	}
	v.problem = kit.NewProse("", kit.ToneBad).Small()
	v.save = major(widget.NewButtonWithIcon(kit.T("Save"), theme.DocumentSaveIcon(), v.p.Save))
	v.revert = widget.NewButton(kit.T("Revert"), v.p.Revert)
	v.form = kit.Form(container.NewVScroll(kit.Padded(8, container.NewVBox(v.title, v.facts,
		box(kit.T("Name"), entry(clientName)),
		box(kit.T("E-mail"), container.NewVBox(entry(clientEmail), v.problem)),
		box(kit.T("Identification"), entry(clientIdent)),
		container.NewHBox(kit.Allowed(v.p.host, core.ImportFiles, v.save, v.revert)...)))))
	if !v.p.host.May(core.ImportFiles) {
		for _, e := range v.entries {
			e.Disable()
		}
	}
}

func (v *clientsView) newSeeded() {
	v.seedText = kit.Paragraph("")
	v.skipped = kit.NewGrid(func(e core.SkippedEntry) string { return e.Name },
		kit.Column[core.SkippedEntry]{ID: "name", Title: kit.T("Skipped"), Width: 60, Weight: 0.2,
			Text:    func(e core.SkippedEntry) string { return e.Name },
			Compare: func(a, b core.SkippedEntry) int { return strings.Compare(a.Name, b.Name) }},
		kit.Column[core.SkippedEntry]{ID: "why", Title: kit.T("Why"), Width: 90, Weight: 1, Text: func(e core.SkippedEntry) string { return e.Reason }})
	whole := kit.Note("") // the chosen entry, which a narrow window clips
	v.skipped.OnSelect = func() {
		if e, ok := v.skipped.Selected(); ok {
			whole.SetText(e.Name + ": " + e.Reason)
		} else {
			whole.SetText("")
		}
	}
	foot := container.NewVBox(whole, container.NewHBox(widget.NewButton(kit.T("Close"), v.p.PutSeedAway)))
	v.seeded = container.NewBorder(v.seedText, foot, nil, nil, v.skipped.Container)
}

func (v *clientsView) refresh() {
	v.filling = true
	defer func() { v.filling = false }()
	s := v.p.State()
	kit.Enable(v.seed, !s.Busy && (s.Status.Book.Customers > 0 || !s.Status.Counted()))
	v.strange.SetText(kit.T("Unrecognised customers (%s)", kit.Number(s.Status.Book.Unrecognised)))
	if s.Unrecognised {
		v.strange.SetText(kit.T("Back to the clients"))
	}
	kit.Show(v.strange, s.Unrecognised || s.Status.Book.Unrecognised > 0)
	kit.Show(v.loadSample, !s.Status.Sample && s.Edition > 0)
	kit.Show(v.dropSamp, s.Status.Sample)
	kit.Show(v.filter, !s.Unrecognised)
	kit.Show(v.more, s.More)
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.grid.SetRows(append([]core.Client(nil), s.Rows...))
		v.strangers.SetRows(append([]core.Customer(nil), s.Strangers...))
	}
	v.showCount(s)
	v.markClient(s)
	v.showSide(s)
	v.showPane(s)
}

func (v *clientsView) showCount(s clientsState) {
	switch {
	case s.Unrecognised, s.Err != nil && len(s.Rows) == 0:
		v.count.Set("", kit.ToneMuted)
	case s.Err != nil: // the rows are those that were read before
		v.count.Set(kit.ErrorText(s.Err), kit.ToneBad)
	case int64(len(s.Rows)) < s.Total:
		v.count.Set(kit.T("%s of %s clients", kit.Number(int64(len(s.Rows))), kit.Number(s.Total)), kit.ToneMuted)
	default:
		v.count.Set(kit.N("%s client", "%s clients", s.Total), kit.ToneMuted)
	}
}

func (v *clientsView) markClient(s clientsState) {
	want := ""
	if s.Selected != nil {
		want = s.Selected.Customer
	}
	if c, _ := v.grid.Selected(); c.Customer != want {
		if want == "" || !v.grid.SelectKey(want) {
			v.grid.ClearSelection()
		}
	}
}

func (v *clientsView) showSide(s clientsState) {
	if s.Seed != nil {
		if v.seedShown != s.Seed {
			v.seedShown = s.Seed
			v.seedText.SetText(seedText(*s.Seed))
			v.skipped.SetRows(append([]core.SkippedEntry(nil), s.Seed.Skipped...))
		}
		v.side.ShowKind("seeded", func() fyne.CanvasObject { return v.seeded })
		return
	}
	if s.Selected == nil {
		v.side.ShowKind("empty", func() fyne.CanvasObject {
			return kit.NothingHere(theme.AccountIcon(), kit.T("Choose a client to change its name, e-mail or identification."))
		})
		return
	}
	v.side.ShowContent()
	v.title.SetText(cmp.Or(s.Selected.Name, s.Selected.Customer))
	v.facts.SetText(s.Selected.Customer + " · " + originText(s.Selected.Origin) + " · " + kit.N("%s order", "%s orders", s.Selected.Orders))
	if v.formEdition != s.Form {
		v.formEdition = s.Form
		for field, e := range v.entries {
			e.SetText(s.Texts[field])
		}
	}
	v.problem.SetText(s.Problem)
	kit.Show(v.problem, s.Problem != "")
	kit.Enable(v.save, v.p.CanSave())
	kit.Enable(v.revert, s.Dirty && !s.Busy)
}

func originText(o core.ClientOrigin) string {
	switch o {
	case core.OriginSeed:
		return kit.T("made from the orders")
	case core.OriginSample:
		return kit.T("sample data")
	case core.OriginOther:
		return kit.T("another program's")
	}
	return kit.T("changed by hand")
}

func (v *clientsView) showPane(s clientsState) {
	switch {
	case s.Unrecognised && s.StrangersErr != nil:
		v.pane.ShowError(s.StrangersErr, v.p.Load)
	case s.Unrecognised:
		v.pane.ShowKind("strangers", func() fyne.CanvasObject {
			return container.NewBorder(kit.Note(kit.T("These values match no customer pattern. Their orders are kept, and raise no alerts. Settings › Order book has the patterns.")),
				nil, nil, nil, v.strangers.Container)
		})
	case s.Err != nil && len(s.Rows) == 0:
		v.pane.ShowError(s.Err, v.p.Load)
	case s.Edition > 0 && s.Total == 0 && s.Text == "" && s.Seed == nil:
		v.pane.ShowKind(fmt.Sprint("no clients ", s.Status.Book.Customers > 0, s.Status.Counted()), func() fyne.CanvasObject { return v.noClients(s) })
	default:
		v.pane.ShowContent()
	}
}

func (v *clientsView) noClients(s clientsState) fyne.CanvasObject {
	if !v.p.host.May(core.ImportFiles) {
		return kit.NothingHere(theme.AccountIcon(), kit.T("No clients yet. A lead or an admin of this desk makes them of the orders."))
	}
	if s.Status.Book.Customers > 0 || !s.Status.Counted() {
		return kit.NothingHere(theme.AccountIcon(),
			kit.T("No clients yet. Seed clients makes one of every customer the orders name; it invents nothing."),
			major(widget.NewButton(kit.T("Seed clients"), v.p.SeedClients)))
	}
	return kit.NothingHere(theme.AccountIcon(),
		kit.T("No clients yet. Import an orders file first, or load the sample data to look around."),
		major(widget.NewButton(kit.T("Load sample data"), v.p.sample.Load)))
}

func (v *clientsView) content() fyne.CanvasObject { return v.root }
func (v *clientsView) focus() fyne.Focusable      { return v.filter }
func (v *clientsView) load()                      { v.p.Load() }
func (v *clientsView) close()                     {}
