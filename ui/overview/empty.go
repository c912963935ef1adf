package overview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// emptyDesk is what a desk without tickets and orders shows: the ways to begin.
type emptyDesk struct {
	root   *fyne.Container
	sample *widget.Button
}

func newEmptyDesk(host kit.Host, sample func()) *emptyDesk {
	e := &emptyDesk{sample: widget.NewButton(kit.T("Load sample data"), sample)}
	e.sample.Importance = widget.HighImportance
	icon := widget.NewIcon(theme.NewColoredResource(theme.HomeIcon(), kit.ColorMuted))
	text := kit.T("No tickets yet. A lead or an admin of this desk imports them, or connects a source.")
	if host.May(core.ImportFiles) {
		text = kit.T("No tickets yet. Import a ticket file, connect a source, or look around with sample data: tickets and orders of the same customers.")
	}
	buttons := append(kit.Allowed(host, core.ImportFiles, e.sample,
		widget.NewButton(kit.T("Import tickets…"), func() { host.Go(kit.TabTickets, kit.PlaceImport) })),
		kit.Allowed(host, core.EditSources,
			widget.NewButton(kit.T("Connect a source…"), func() { host.Go(kit.TabSettings, kit.PlaceSources) }))...)
	e.root = container.NewVBox(layout.NewSpacer(),
		container.NewCenter(container.NewGridWrap(fyne.NewSize(40, 40), icon)),
		kit.NewProse(text, kit.ToneNormal).Centered(),
		container.NewCenter(container.NewHBox(buttons...)),
		layout.NewSpacer(), layout.NewSpacer())
	return e
}

func (e *emptyDesk) setBusy(busy bool) {
	if busy {
		e.sample.Disable()
	} else {
		e.sample.Enable()
	}
}
