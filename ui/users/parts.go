package users

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// nothingHere says why a list is empty and offers what to do next, in the middle.
func nothingHere(icon fyne.Resource, sentence string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	picture := container.NewGridWrap(fyne.NewSquareSize(40), widget.NewIcon(theme.NewColoredResource(icon, kit.ColorMuted)))
	items := []fyne.CanvasObject{container.NewCenter(picture), kit.Paragraph(sentence).Centered()}
	if len(buttons) > 0 {
		items = append(items, container.NewCenter(container.NewHBox(buttons...)))
	}
	return container.NewVBox(layout.NewSpacer(), kit.Padded(24, container.NewVBox(items...)), layout.NewSpacer(), layout.NewSpacer())
}

// show hides or shows o.
func show(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

// enable turns a widget on or off.
func enable(w fyne.Disableable, on bool) {
	if on {
		w.Enable()
	} else {
		w.Disable()
	}
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
