package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"deskwatch/ui/kit"
)

// pressLine is a line of the status line that tells more when it is pressed, by the mouse or by
// the keyboard.
type pressLine struct {
	kit.Box
	line   *kit.Line
	under  *canvas.Rectangle
	press  func()
	marked bool // the pointer or the keyboard is on it
}

var (
	_ fyne.Tappable      = (*pressLine)(nil)
	_ fyne.Focusable     = (*pressLine)(nil)
	_ desktop.Hoverable  = (*pressLine)(nil)
	_ desktop.Cursorable = (*pressLine)(nil)
)

func newPressLine(press func()) *pressLine {
	l := &pressLine{line: kit.NewCaption(""), press: press, under: canvas.NewRectangle(nil)}
	l.under.SetMinSize(fyne.NewSize(1, 1))
	l.Hold(l, container.NewStack(l.line, container.NewBorder(nil, l.under, nil, nil)))
	l.mark(false)
	return l
}

func (l *pressLine) set(text string, tone kit.Tone) {
	l.line.Set(text, tone)
	l.mark(l.marked)
}

func (l *pressLine) mark(on bool) {
	l.marked = on
	l.under.FillColor = theme.Color(l.line.Tone.ColorName())
	l.under.Hidden = !on
	l.Refresh()
}

// Tapped tells more.
func (l *pressLine) Tapped(*fyne.PointEvent) { l.press() }

// TypedKey takes Space and Enter for a press.
func (l *pressLine) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		l.press()
	}
}

// TypedRune takes no text.
func (l *pressLine) TypedRune(rune) {}

// FocusGained underlines the line.
func (l *pressLine) FocusGained() { l.mark(true) }

// FocusLost ends FocusGained.
func (l *pressLine) FocusLost() { l.mark(false) }

// MouseIn underlines the line.
func (l *pressLine) MouseIn(*desktop.MouseEvent) { l.mark(true) }

// MouseMoved changes nothing.
func (l *pressLine) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (l *pressLine) MouseOut() { l.mark(false) }

// Cursor is the hand.
func (l *pressLine) Cursor() desktop.Cursor { return desktop.PointerCursor }
