package kit

import "fyne.io/fyne/v2"

// ScrollRoom is the layout of what scrolls up and down: it keeps the one object clear of the
// scroll bar and asks for no width.
type ScrollRoom struct{}

const scrollBarRoom float32 = 10

// MinSize is the object's height.
func (ScrollRoom) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, o[0].MinSize().Height)
}

// Layout gives the object the width but for the bar's.
func (ScrollRoom) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width-scrollBarRoom, s.Height))
}
