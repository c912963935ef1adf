package overview

import "fyne.io/fyne/v2"

// twoColumns puts the first object left and the second right, where there is room for both; one
// under the other else. Its height is that of a width it had last.
type twoColumns struct {
	width float32 // of the last layout
}

const (
	columnsFrom float32 = 700
	columnsGap  float32 = 24
	leftShare   float32 = 0.55
)

func (c *twoColumns) MinSize(o []fyne.CanvasObject) fyne.Size {
	left, right := o[0].MinSize(), o[1].MinSize()
	if c.width >= columnsFrom {
		return fyne.NewSize(300, max(left.Height, right.Height))
	}
	return fyne.NewSize(300, left.Height+columnsGap+right.Height)
}

func (c *twoColumns) Layout(o []fyne.CanvasObject, s fyne.Size) {
	c.width = s.Width
	if s.Width >= columnsFrom {
		left := (s.Width - columnsGap) * leftShare
		o[0].Move(fyne.NewPos(0, 0))
		o[0].Resize(fyne.NewSize(left, s.Height))
		o[1].Move(fyne.NewPos(left+columnsGap, 0))
		o[1].Resize(fyne.NewSize(s.Width-left-columnsGap, s.Height))
		return
	}
	above := o[0].MinSize().Height
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(s.Width, above))
	o[1].Move(fyne.NewPos(0, above+columnsGap))
	o[1].Resize(fyne.NewSize(s.Width, max(0, s.Height-above-columnsGap)))
}
