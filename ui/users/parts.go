package users

import (
	"deskwatch/ui/kit"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// nothingHere is kit.NothingHere with room at its sides: beside an open pane the list is narrow.
func nothingHere(icon fyne.Resource, sentence string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return kit.Padded(24, kit.NothingHere(icon, sentence, buttons...))
}

// makeRoom lays root out anew when what stands above its list came to need another height, which
// it had before; a container alone does not.
func makeRoom(root, top *fyne.Container, before *float32) {
	top.Refresh()
	if h := top.MinSize().Height; h != *before {
		*before = h
		root.Refresh()
	}
}

// major marks the one button a pane is for.
func major(b *press) *press {
	b.Importance = widget.HighImportance
	return b
}
