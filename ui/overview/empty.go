package overview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// emptyDesk is what a desk without tickets and orders shows: the ways to begin.
type emptyDesk struct {
	root   *fyne.Container
	sample *widget.Button
}

func newEmptyDesk(sample, tickets, sources func()) *emptyDesk {
	e := &emptyDesk{sample: widget.NewButton(kit.T("Load sample data"), sample)}
	e.sample.Importance = widget.HighImportance
	icon := widget.NewIcon(theme.NewColoredResource(theme.HomeIcon(), kit.ColorMuted))
	e.root = container.NewVBox(layout.NewSpacer(),
		container.NewCenter(container.NewGridWrap(fyne.NewSize(40, 40), icon)),
		kit.NewProse(kit.T("No tickets yet. Import a ticket file, connect a source, or look around with sample data: tickets and orders of the same customers."), kit.ToneNormal).Centered(),
		container.NewCenter(container.NewHBox(e.sample,
			widget.NewButton(kit.T("Import tickets…"), tickets), widget.NewButton(kit.T("Connect a source…"), sources))),
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
