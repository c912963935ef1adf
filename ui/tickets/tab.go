package tickets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/ui/kit"
)

// Tab is the Tickets tab. Its methods belong to the UI goroutine.
type Tab struct {
	desk Desk
	host kit.Host
}

// New returns the tab. Nothing is built or read before it is shown.
func New(desk Desk, host kit.Host) *Tab { return &Tab{desk: desk, host: host} }

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject { return container.NewStack() }

// Focus gives the keyboard to the tab.
func (t *Tab) Focus() {}

// Open shows what another tab leads to: a ticket, or a filter.
func (t *Tab) Open(place string) {}

// OpenFile begins the import of a file of tickets.
func (t *Tab) OpenFile(path string) {}

// Find gives the keyboard to the filter.
func (t *Tab) Find() {}

// Close ends what is loading and what is running; nothing reaches the window afterwards.
func (t *Tab) Close() {}
