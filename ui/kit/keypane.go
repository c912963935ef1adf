package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// KeyPane lets something that has no input of its own, such as a text to read, be reached by the
// keyboard, and passes on what is typed there.
type KeyPane struct {
	widget.BaseWidget
	OnKey      func(e *fyne.KeyEvent)
	OnRune     func(r rune)
	OnShortcut func(s fyne.Shortcut)

	content *fyne.Container
	mark    *canvas.Rectangle
	focused bool
	typed   int
}

// NewKeyPane returns a pane around content.
func NewKeyPane(content fyne.CanvasObject) *KeyPane {
	p := &KeyPane{mark: canvas.NewRectangle(color.Transparent)}
	p.mark.SetMinSize(fyne.NewSize(2, 2))
	p.content = container.NewBorder(p.mark, nil, nil, nil, content)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer draws the content under a line that shows the focus.
func (p *KeyPane) CreateRenderer() fyne.WidgetRenderer {
	return &keyPaneRenderer{WidgetRenderer: widget.NewSimpleRenderer(p.content), pane: p}
}

type keyPaneRenderer struct {
	fyne.WidgetRenderer
	pane *KeyPane
}

func (r *keyPaneRenderer) Refresh() {
	r.pane.mark.FillColor = color.Transparent
	if r.pane.focused {
		r.pane.mark.FillColor = theme.Color(theme.ColorNamePrimary)
	}
	r.pane.mark.Refresh()
	r.WidgetRenderer.Refresh()
}

// FocusGained shows the focus.
func (p *KeyPane) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost hides it.
func (p *KeyPane) FocusLost() { p.focused = false; p.Refresh() }

// Typed counts the keys typed here.
func (p *KeyPane) Typed() int { return p.typed }

// TypedKey passes keys on.
func (p *KeyPane) TypedKey(e *fyne.KeyEvent) {
	p.typed++
	if p.OnKey != nil {
		p.OnKey(e)
	}
}

// TypedRune passes letters on.
func (p *KeyPane) TypedRune(r rune) {
	if p.OnRune != nil {
		p.OnRune(r)
	}
}

// TypedShortcut passes shortcuts on.
func (p *KeyPane) TypedShortcut(s fyne.Shortcut) {
	if p.OnShortcut != nil {
		p.OnShortcut(s)
	}
}
