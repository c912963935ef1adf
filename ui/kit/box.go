package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Box makes a widget of a container. A type that merely embeds a *fyne.Container looks like a
// canvas object and is never drawn: the drivers know containers and widgets by their own types
// only. Either the widget or its Container goes into the tree, not both.
type Box struct {
	widget.BaseWidget
	Container *fyne.Container
}

// CreateRenderer draws the container.
func (b *Box) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.Container) }

// Refresh lays the container out again and redraws it.
func (b *Box) Refresh() {
	b.Container.Refresh()
	b.BaseWidget.Refresh()
}

// Hide hides it, whichever of the two is in the tree.
func (b *Box) Hide() {
	b.Container.Hide()
	b.BaseWidget.Hide()
}

// Show ends Hide.
func (b *Box) Show() {
	b.Container.Show()
	b.BaseWidget.Show()
}

// Hold gives the box its container; self is the type that embeds the box.
func (b *Box) Hold(self fyne.Widget, c *fyne.Container) {
	b.Container = c
	b.ExtendBaseWidget(self)
}
