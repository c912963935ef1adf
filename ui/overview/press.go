package overview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"deskwatch/ui/kit"
)

// press makes what it holds something to press, by the mouse or by the keyboard.
type press struct {
	kit.Box
	ground           *kit.Ground
	rest             fyne.ThemeColorName // the ground's colour while nobody is on it
	do               func()
	hovered, focused bool
}

var (
	_ fyne.Tappable      = (*press)(nil)
	_ fyne.Focusable     = (*press)(nil)
	_ desktop.Hoverable  = (*press)(nil)
	_ desktop.Cursorable = (*press)(nil)
)

func newPress(rest fyne.ThemeColorName, o fyne.CanvasObject, do func()) *press {
	p := &press{ground: kit.NewGround(rest), rest: rest, do: do}
	p.ground.Radius = 6
	p.Hold(p, container.NewStack(p.ground, o))
	return p
}

func (p *press) paint() {
	p.ground.Color, p.ground.Stroke = p.rest, ""
	if p.hovered {
		p.ground.Color = kit.ColorAccentSoft
	}
	if p.focused {
		p.ground.Stroke = theme.ColorNamePrimary
	}
	p.ground.Refresh()
}

// Tapped does it.
func (p *press) Tapped(*fyne.PointEvent) { p.do() }

// TypedKey takes Space and Enter for a press.
func (p *press) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.do()
	}
}

// TypedRune takes no text.
func (p *press) TypedRune(rune) {}

// FocusGained shows where the keyboard is.
func (p *press) FocusGained() { p.focused = true; p.paint() }

// FocusLost ends FocusGained.
func (p *press) FocusLost() { p.focused = false; p.paint() }

// MouseIn shows that it can be pressed.
func (p *press) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.paint() }

// MouseMoved changes nothing.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (p *press) MouseOut() { p.hovered = false; p.paint() }

// Cursor is the hand.
func (p *press) Cursor() desktop.Cursor { return desktop.PointerCursor }
