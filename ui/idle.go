package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// idleBeat is how often it is looked whether nobody uses the window any more.
const idleBeat = 2 * time.Second

// idle locks the desk when nobody has used the window for so long as the seat says.
//
// Fyne tells nobody of all the keys and of all that the pointer does. What can be seen is this:
//   - Movements of the pointer over the desk. While it moves, the driver asks every object under it
//     that has a cursor which one, the lowest first, and takes the last answer. This object lies
//     below everything, is asked always and decides nothing.
//   - Keys typed into a line of text, because its caret moves; keys in a grid or a text, which count
//     them; shortcuts, which hang on the menu; and the keyboard moving from one widget to another.
//   - The window coming to the front.
//
// What cannot be seen are movements over the menu and over a dialog, and the wheel or a button
// pressed with a pointer that stays where it is to the pixel. Who does only that for the whole time
// is locked out: the safe side, and nothing is lost by it. In the background nothing counts: the
// pointer may rest on the window while its owner has gone to another.
type idle struct {
	widget.BaseWidget
	shell *Shell

	last    time.Time // the window was used, on the wall
	sight   sight
	behind  bool // the window is in the background
	locking bool
}

// sight is what typing changes.
type sight struct {
	focused fyne.Focusable
	at      int
}

var _ desktop.Cursorable = (*idle)(nil)

func newIdle(s *Shell) *idle {
	i := &idle{shell: s}
	i.last = i.now()
	i.ExtendBaseWidget(i)
	return i
}

// now is the time on the wall: a machine that sleeps stops the other clock, and its sleep counts.
func (i *idle) now() time.Time { return i.shell.desk.Now().Round(0) }

// CreateRenderer draws nothing.
func (i *idle) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}

// Cursor notes that the pointer moves.
func (i *idle) Cursor() desktop.Cursor {
	if !i.behind {
		i.used()
	}
	return desktop.DefaultCursor
}

// front notes that the window came to the front or left it.
func (i *idle) front(on bool) {
	if on {
		i.used()
	}
	i.behind = !on
	i.sight = i.look()
}

// tick looks whether somebody typed, or nobody has used the window for too long.
func (i *idle) tick() {
	now := i.look()
	if now != i.sight && !i.behind {
		i.used()
	}
	i.sight = now
	i.check()
}

// used notes that the window is used. It comes too late after a sleep of the machine.
func (i *idle) used() {
	if !i.check() {
		i.last = i.now()
	}
}

// check locks the desk when it is time, and reports whether it was.
func (i *idle) check() bool {
	seat, now := i.shell.seat, i.now()
	if !seat.Required || i.shell.shut() || seat.LockAfter <= 0 {
		i.locking = false
		i.last = now
		return false
	}
	if now.Before(i.last) {
		i.last = now // the clock was set back
	}
	if now.Sub(i.last) < seat.LockAfter {
		return false
	}
	if !i.locking {
		i.locking = true
		// Not at once: the driver may be walking through what the lock takes away.
		i.shell.ui.Do(func() { i.shell.leave(i.shell.desk.Lock, i.again) })
	}
	return true
}

// again lets a lock that failed be tried at the next look.
func (i *idle) again(err error) {
	i.locking = false
	i.shell.status.failed(kit.ErrorText(err))
}

// look is what typing changes in whatever has the keyboard.
func (i *idle) look() sight {
	see := sight{focused: i.shell.window.Canvas().Focused()}
	switch f := see.focused.(type) {
	case interface{ CursorTextOffset() int }: // a line of text
		see.at = f.CursorTextOffset()
	case interface{ Typed() int }:
		see.at = f.Typed()
	}
	return see
}
