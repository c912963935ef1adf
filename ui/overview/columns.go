package overview

import "fyne.io/fyne/v2"

// twoColumns puts the first object left and the second right, where there is room for both; one
// under the other else. Its height is that of a width it had last.
type twoColumns struct {
	width  float32 // of the last layout
	turned func()  // called when that made another arrangement: what is around has to make room
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
	turned := (c.width >= columnsFrom) != (s.Width >= columnsFrom)
	if c.width = s.Width; turned {
		c.turned()
	}
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

// tiles lays objects out in one row, or in two where that would make them narrow.
type tiles struct {
	width  float32 // of the last layout
	turned func()  // as twoColumns.turned
}

const (
	tilesFrom float32 = 960
	tilesGap  float32 = 6
)

func (t *tiles) columns(n int) int {
	if t.width >= tilesFrom {
		return n
	}
	return (n + 1) / 2
}

func (t *tiles) MinSize(o []fyne.CanvasObject) fyne.Size {
	columns := t.columns(len(o))
	rows := (len(o) + columns - 1) / columns
	return fyne.NewSize(300, float32(rows)*(o[0].MinSize().Height+tilesGap)-tilesGap)
}

func (t *tiles) Layout(o []fyne.CanvasObject, s fyne.Size) {
	turned := (t.width >= tilesFrom) != (s.Width >= tilesFrom)
	if t.width = s.Width; turned {
		t.turned()
	}
	columns := t.columns(len(o))
	width, height := (s.Width-tilesGap*float32(columns-1))/float32(columns), o[0].MinSize().Height
	for i, tile := range o {
		tile.Move(fyne.NewPos(float32(i%columns)*(width+tilesGap), float32(i/columns)*(height+tilesGap)))
		tile.Resize(fyne.NewSize(width, height))
	}
}
