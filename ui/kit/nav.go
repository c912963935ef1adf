package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NavItem is one place to go.
type NavItem struct {
	ID   string
	Word string
	Icon fyne.Resource // nil: the word alone
}

// Nav is a list of places, one of them current: the rail of the window, the groups of the
// settings. Down: one under the other; across: side by side, as tabs are.
type Nav struct {
	Box
	onGo  func(id string)
	items []*navButton
}

// NewNav returns a vertical list. onGo is called when a person chooses another place.
func NewNav(items []NavItem, onGo func(id string)) *Nav {
	n := &Nav{onGo: onGo}
	n.Hold(n, container.NewVBox())
	n.add(items)
	return n
}

// NewNavAcross returns a row of places.
func NewNavAcross(items []NavItem, onGo func(id string)) *Nav {
	n := &Nav{onGo: onGo}
	n.Hold(n, container.NewHBox())
	n.add(items)
	return n
}

func (n *Nav) add(items []NavItem) {
	for _, it := range items {
		b := newNavButton(it, func() { n.onGo(it.ID) })
		n.items = append(n.items, b)
		n.Container.Add(b)
	}
}

// SetCurrent marks a place; it does not call onGo.
func (n *Nav) SetCurrent(id string) {
	for _, b := range n.items {
		if on := b.item.ID == id; on != b.current {
			b.current = on
			b.Refresh()
		}
	}
}

// navButton draws one place.
type navButton struct {
	widget.BaseWidget
	item                      NavItem
	tap                       func()
	current, hovered, focused bool
}

func newNavButton(it NavItem, tap func()) *navButton {
	b := &navButton{item: it, tap: tap}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped goes there.
func (b *navButton) Tapped(*fyne.PointEvent) { b.tap() }

// MouseIn shows that it can be pressed.
func (b *navButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved does nothing; the driver wants it.
func (b *navButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (b *navButton) MouseOut() { b.hovered = false; b.Refresh() }

// FocusGained shows the focus.
func (b *navButton) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost hides it.
func (b *navButton) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune does nothing; the driver wants it.
func (b *navButton) TypedRune(rune) {}

// TypedKey goes there.
func (b *navButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.tap()
	}
}

// CreateRenderer links the item to its drawing.
func (b *navButton) CreateRenderer() fyne.WidgetRenderer {
	r := &navRenderer{button: b, ground: canvas.NewRectangle(color.Transparent), icon: widget.NewIcon(nil), text: canvas.NewText("", color.Transparent)}
	r.paint()
	return r
}

type navRenderer struct {
	button *navButton
	ground *canvas.Rectangle
	icon   *widget.Icon
	text   *canvas.Text
}

const (
	navHeight float32 = 34
	navPad    float32 = 10
	navIcon   float32 = 18
)

func (r *navRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	x := navPad
	if r.button.item.Icon != nil {
		r.icon.Move(fyne.NewPos(x, (s.Height-navIcon)/2))
		r.icon.Resize(fyne.NewSquareSize(navIcon))
		x += navIcon + 10
	}
	r.text.Move(fyne.NewPos(x, 0))
	r.text.Resize(fyne.NewSize(s.Width-x-navPad, s.Height))
}

func (r *navRenderer) MinSize() fyne.Size {
	bold := fyne.MeasureText(r.button.item.Word, theme.TextSize(), fyne.TextStyle{Bold: true})
	w := bold.Width + 2*navPad
	if r.button.item.Icon != nil {
		w += navIcon + 10
	}
	return fyne.NewSize(w, navHeight)
}

func (r *navRenderer) paint() {
	b := r.button
	tone := ToneMuted
	r.ground.CornerRadius = theme.Size(theme.SizeNameSelectionRadius)
	r.ground.FillColor, r.ground.StrokeWidth = color.Transparent, 0
	switch {
	case b.current:
		tone = ToneAccent
		r.ground.FillColor = ToneAccent.soft()
	case b.hovered:
		tone = ToneNormal
		r.ground.FillColor = theme.Color(theme.ColorNameHover)
	}
	if b.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = theme.Color(theme.ColorNamePrimary), 1
	}
	r.text.Text, r.text.TextSize, r.text.Color = b.item.Word, theme.TextSize(), tone.color()
	r.text.TextStyle = fyne.TextStyle{Bold: b.current}
	if b.item.Icon != nil {
		r.icon.SetResource(theme.NewColoredResource(b.item.Icon, tone.ColorName()))
	}
}

func (r *navRenderer) Refresh() {
	r.paint()
	r.ground.Refresh()
	r.icon.Refresh()
	r.text.Refresh()
}

func (r *navRenderer) Objects() []fyne.CanvasObject {
	if r.button.item.Icon == nil {
		return []fyne.CanvasObject{r.ground, r.text}
	}
	return []fyne.CanvasObject{r.ground, r.icon, r.text}
}
func (r *navRenderer) Destroy() {}
