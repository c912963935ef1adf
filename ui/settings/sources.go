package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// groupSources is the page of the ticket sources. It is saved by its own forms, not with the
// settings.
const groupSources = kit.PlaceSources

// newSourceMinutes is how often a new source is asked.
const newSourceMinutes = 5

// sourcesPage lists the sources.
type sourcesPage struct {
	p    *sourcesPresenter
	root *fyne.Container
	rows *fyne.Container
	pane *kit.Pane
}

func newSourcesPage(p *sourcesPresenter) *sourcesPage {
	g := &sourcesPage{p: p, rows: container.NewVBox()}
	g.pane = kit.NewPane(g.rows)
	kinds := []core.SourceKind{core.SourceFolder, core.SourceSalesforce, core.SourceDesk, core.SourceCollector}
	add := container.New(layout.NewRowWrapLayout())
	for _, kind := range kinds {
		add.Add(widget.NewButtonWithIcon(sourceKindName(kind), theme.ContentAddIcon(), func() {
			openSourceForm(p, core.Source{Kind: kind, Enabled: true, Minutes: newSourceMinutes})
		}))
	}
	adding := kit.Section(kit.T("Add a source"), "", kit.Padded(6, add))
	adding.Hidden = !p.host.May(core.EditSources)
	g.root = container.NewVBox(
		kit.Section(kit.T("Sources"), kit.T("Where tickets come from. Each is asked by itself; one that fails does not hold up the others."), g.pane), adding)
	return g
}

func (g *sourcesPage) showSourcesError(err error) {
	g.pane.ShowError(err, g.p.load)
	g.root.Refresh()
}

func (g *sourcesPage) showSources(list []core.SourceReport) {
	g.rows.RemoveAll()
	for i, r := range list {
		if i > 0 {
			g.rows.Add(widget.NewSeparator())
		}
		g.rows.Add(g.row(r))
	}
	if len(list) == 0 {
		g.rows.Add(kit.Note(kit.T("No source yet. Add one below, or import a file of tickets in the Tickets tab.")))
	}
	g.pane.ShowContent()
	g.root.Refresh() // the page is longer or shorter now
}

// row shows one source.
func (g *sourcesPage) row(r core.SourceReport) fyne.CanvasObject {
	now := g.p.desk.Now()
	name := kit.NewLine(r.Name, kit.ToneNormal)
	name.Style = fyne.TextStyle{Bold: true}
	place := kit.NewProse(sourcePlace(r.Source), kit.ToneMuted)
	place.Small()
	standing := sourceStanding(r, now)
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-6), container.New(layout.NewCustomPaddedLayout(4, 0, 8, 8), name), place,
		kit.NewProse(standing.Text, standing.Tone))
	if r.State.Note != "" && r.State.LastError == "" {
		lines.Add(kit.NewProse(r.State.Note, kit.ToneWarn))
	}
	if text := deskTrouble(r); text != "" {
		lines.Add(kit.NewProse(text, kit.ToneWarn))
	}
	lines.Add(kit.Note(sourceFacts(r, now)))
	if r.Kind == core.SourceFile || !g.p.host.May(core.EditSources) {
		return lines
	}
	return container.NewVBox(lines, g.buttons(r))
}

func (g *sourcesPage) buttons(r core.SourceReport) fyne.CanvasObject {
	on := widget.NewCheck(kit.T("Switched on"), nil)
	on.SetChecked(r.Enabled)
	on.OnChanged = func(v bool) { g.p.enable(r.Source, v) }
	left := []fyne.CanvasObject{on}
	if r.Kind != core.SourceCollector {
		now := kit.NewBusy(kit.T("Run now"), kit.T("Running…"), theme.MediaPlayIcon(), func(done func()) { g.p.runNow(r.Name, done) })
		if r.State.Running {
			now.Disable()
		}
		left = append(left, now)
	}
	edit := widget.NewButtonWithIcon(kit.T("Change…"), theme.DocumentCreateIcon(), func() { openSourceForm(g.p, r.Source) })
	remove := widget.NewButtonWithIcon(kit.T("Remove…"), theme.DeleteIcon(), func() { g.p.remove(r) })
	return kit.Padded(4, kit.Bar(append(left, edit), []fyne.CanvasObject{remove}))
}
