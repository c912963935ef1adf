package ui

import "fyne.io/fyne/v2"

// statusLayout puts the words of the status line in one row and what is under way, the last
// object, into the rest. Where the window is too narrow for all of it, words are clipped, those
// first that are read last.
type statusLayout struct {
	clipped []fyne.CanvasObject // may become narrower, in this order
}

const (
	statusGap    float32 = 4
	workGap      float32 = 12  // before what is under way
	statusFloor  float32 = 24  // of a clipped object
	statusNarrow float32 = 600 // all of the line at least
)

func (l statusLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := fyne.NewSize(statusNarrow, 0)
	for _, c := range o {
		m.Height = max(m.Height, c.MinSize().Height)
	}
	return m
}

func (l statusLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	words, work := o[:len(o)-1], o[len(o)-1]
	width := make(map[fyne.CanvasObject]float32, len(words))
	over, high := workGap+work.MinSize().Width-s.Width, float32(0)
	for _, c := range words {
		if !c.Visible() {
			continue
		}
		m := c.MinSize()
		width[c], high = m.Width, max(high, m.Height)
		over += width[c] + statusGap
	}
	for _, c := range l.clipped {
		if give := min(over, width[c]-statusFloor); give > 0 {
			width[c] -= give
			over -= give
		}
	}
	x := float32(0)
	for _, c := range words {
		if !c.Visible() {
			continue
		}
		c.Resize(fyne.NewSize(width[c], high))
		c.Move(fyne.NewPos(x, (s.Height-high)/2))
		x += width[c] + statusGap
	}
	x += workGap
	work.Resize(fyne.NewSize(max(0, s.Width-x), s.Height))
	work.Move(fyne.NewPos(x, 0))
}
