package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// minWidth is an invisible object that keeps a stack at least so wide.
func minWidth(w float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(w, 1))
	return r
}

// Wide gives o at least the width w.
func Wide(w float32, o fyne.CanvasObject) *fyne.Container { return container.NewStack(minWidth(w), o) }

// Tall gives o at least the height h.
func Tall(h float32, o fyne.CanvasObject) *fyne.Container {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, h))
	return container.NewStack(r, o)
}

// Padded gives o room on every side.
func Padded(pad float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(pad, pad, pad, pad), o)
}

// Bar is a toolbar: left items stand left, right items right, on one line.
func Bar(left, right []fyne.CanvasObject) *fyne.Container {
	items := append([]fyne.CanvasObject{}, left...)
	items = append(items, layout.NewSpacer())
	return container.NewHBox(append(items, right...)...)
}
