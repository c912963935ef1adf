package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/ui/async"
)

// SidePane shows a list and, beside it, the pane of one thing of it. Where there is no room for
// both, the pane stands in the place of the list.
type SidePane struct {
	Box
	// Changed is called when the width began or ceased to hold both.
	Changed func(wide bool)

	list, pane fyne.CanvasObject
	split      *container.Split
	layout     *sideLayout
	open       bool
}

// NewSidePane returns the list alone. Both stand side by side from a width of wide on, with the
// share of the list as given.
func NewSidePane(d async.Dispatcher, list, pane fyne.CanvasObject, wide float32, share float64) *SidePane {
	s := &SidePane{list: list, pane: pane, Changed: func(bool) {}}
	s.split = container.NewHSplit(list, pane)
	s.split.SetOffset(share)
	s.layout = &sideLayout{wide: wide, turned: func() {
		d.Do(func() { // not while the window lays itself out
			s.arrange()
			s.Changed(s.Wide())
		})
	}}
	s.Hold(s, container.New(s.layout, list))
	return s
}

// Wide reports whether there is room for both.
func (s *SidePane) Wide() bool { return s.layout.isWide }

// Covered reports whether the pane stands in the place of the list.
func (s *SidePane) Covered() bool { return s.open && !s.Wide() }

// SetOpen shows or hides the pane.
func (s *SidePane) SetOpen(open bool) {
	if s.open != open {
		s.open = open
		s.arrange()
	}
}

func (s *SidePane) arrange() {
	show := s.list
	switch {
	case s.open && s.Wide():
		show = s.split
	case s.open:
		show = s.pane
	}
	if s.Container.Objects[0] != show {
		s.Container.Objects = []fyne.CanvasObject{show}
		s.Refresh()
	}
}

type sideLayout struct {
	wide   float32
	isWide bool
	turned func()
}

func (l *sideLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].MinSize()
	return fyne.NewSize(min(m.Width, 480), min(m.Height, 240)) // it can do with less than it would like
}

func (l *sideLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	if wide := s.Width >= l.wide; wide != l.isWide && s.Width > 0 {
		l.isWide = wide
		l.turned()
	}
}
