package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Switcher shows one of several things in one place. A thing is built when it becomes the one
// shown, so that a reload leaves the keyboard's focus where it is.
type Switcher struct {
	*fyne.Container
	content fyne.CanvasObject
	kind    string
}

// NewSwitcher returns a switcher that shows content. Its Container goes into the tree.
func NewSwitcher(content fyne.CanvasObject) *Switcher {
	return &Switcher{Container: container.NewStack(content), content: content}
}

// Kind names what stands in the place; "" is the content.
func (s *Switcher) Kind() string { return s.kind }

// Stale has the next ShowKind build anew what stands there already.
func (s *Switcher) Stale() { s.kind = "stale" }

// ShowKind puts what build makes in the place, unless that kind stands there already.
func (s *Switcher) ShowKind(kind string, build func() fyne.CanvasObject) {
	if s.kind == kind {
		return
	}
	s.kind = kind
	s.Objects = []fyne.CanvasObject{build()}
	s.Refresh()
}

// ShowContent puts the content back.
func (s *Switcher) ShowContent() { s.ShowKind("", func() fyne.CanvasObject { return s.content }) }

// ShowError says what happened, with Try again unless retry is nil.
func (s *Switcher) ShowError(err error, retry func()) {
	s.ShowKind("error "+err.Error(), func() fyne.CanvasObject { return ErrorState(err, retry) })
}
