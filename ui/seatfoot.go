package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
	"deskwatch/ui/signin"
)

// seatFoot is the foot of the rail: who is signed in, and a small menu to leave by. Where nobody
// has to sign in it is not there.
type seatFoot struct {
	kit.Box
	shell  *Shell
	name   *kit.Line
	role   *kit.Line
	ground *kit.Ground
}

var (
	_ fyne.Tappable      = (*seatFoot)(nil)
	_ fyne.Focusable     = (*seatFoot)(nil)
	_ desktop.Hoverable  = (*seatFoot)(nil)
	_ desktop.Cursorable = (*seatFoot)(nil)
)

func newSeatFoot(s *Shell) *seatFoot {
	f := &seatFoot{shell: s, name: kit.NewLine("", kit.ToneNormal), role: kit.NewCaption(""), ground: kit.NewGround(kit.ColorRail)}
	f.name.Shrink, f.role.Shrink, f.ground.Radius = true, true, 6
	icon := container.NewGridWrap(fyne.NewSquareSize(22), widget.NewIcon(theme.AccountIcon()))
	words := container.New(layout.NewCustomPaddedVBoxLayout(0), f.name, f.role)
	row := container.New(layout.NewCustomPaddedLayout(5, 5, 8, 4), container.NewBorder(nil, nil, container.NewCenter(icon), nil, words))
	f.Hold(f, container.NewStack(f.ground, row))
	return f
}

func (f *seatFoot) show(seat core.Seat) {
	f.name.SetText(seat.Title)
	f.role.SetText(kit.RoleName(seat.Actor.Role))
	if seat.Required {
		f.Show()
	} else {
		f.Hide()
	}
}

// Tapped opens the menu.
func (f *seatFoot) Tapped(*fyne.PointEvent) {
	s := f.shell
	menu := widget.NewPopUpMenu(fyne.NewMenu("",
		fyne.NewMenuItem(kit.T("Lock now"), s.lock),
		fyne.NewMenuItem(kit.T("Change password…"), s.changePassword),
		fyne.NewMenuItem(kit.T("Sign out"), s.signOut),
	), s.window.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(f)
	menu.ShowAtPosition(at.SubtractXY(0, menu.MinSize().Height+4))
}

// TypedKey takes Space and Enter for a press.
func (f *seatFoot) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		f.Tapped(nil)
	}
}

// TypedRune takes no text.
func (f *seatFoot) TypedRune(rune) {}

func (f *seatFoot) mark(on bool, stroke fyne.ThemeColorName) {
	f.ground.Color, f.ground.Stroke = kit.ColorRail, stroke
	if on {
		f.ground.Color = kit.ColorNeutralSoft
	}
	f.ground.Refresh()
}

// FocusGained shows the focus.
func (f *seatFoot) FocusGained() { f.mark(false, theme.ColorNamePrimary) }

// FocusLost hides it.
func (f *seatFoot) FocusLost() { f.mark(false, "") }

// MouseIn shows that it can be pressed.
func (f *seatFoot) MouseIn(*desktop.MouseEvent) { f.mark(true, "") }

// MouseMoved changes nothing.
func (f *seatFoot) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (f *seatFoot) MouseOut() { f.mark(false, "") }

// Cursor is the hand.
func (f *seatFoot) Cursor() desktop.Cursor { return desktop.PointerCursor }

// changePassword asks for the old password and a new one.
func (s *Shell) changePassword() {
	who := s.seat.Actor
	user := core.User{Person: core.Person{ID: who.UserID, Name: who.Name, Role: who.Role}, DisplayName: s.seat.Title, Active: true}
	signin.AskPassword(s.turn.ctx, s.window, s.turn.ui, s.desk, user, func() {
		s.Toast(kit.ToneGood, kit.T("Your password is changed."))
	})
}
