package ui

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// after lets so much time pass on the wall, and looks as the beat does.
func (d *fakeDesk) after(l *loop, s *Shell, t time.Duration) {
	d.mu.Lock()
	if d.now.IsZero() {
		d.now = noon
	}
	d.now = d.now.Add(t)
	d.mu.Unlock()
	s.idle.tick()
	l.idle()
}

// idleShell is a window at which Ana signed in, that locks after 15 minutes.
func idleShell(t *testing.T) (*fakeDesk, *loop, *Shell) {
	t.Helper()
	d, _, l, s := shell(t)
	d.seatIs(seated(1, "Ana", core.RoleAdmin))
	l.until(t, "Ana at the desk", func() bool { return s.turn.actor.UserID == 1 })
	return d, l, s
}

func TestAWindowNobodyUsesLocksItself(t *testing.T) {
	d, l, s := idleShell(t)
	d.after(l, s, 14*time.Minute)
	if s.shut() {
		t.Fatal("locked too early")
	}
	d.after(l, s, time.Minute)
	l.until(t, "the lock", s.shut)
	if d.locks != 1 {
		t.Errorf("%d locks", d.locks)
	}
}

func TestUseKeepsTheWindowOpen(t *testing.T) {
	for name, use := range map[string]func(s *Shell){
		"the pointer moves": func(s *Shell) { s.idle.Cursor() },
		"a shortcut":        func(s *Shell) { s.menu.view.Items[1].Action() },
		"a letter": func(s *Shell) {
			s.window.Canvas().Focused().TypedRune('x')
			s.idle.tick()
		},
		"a key in a grid": func(s *Shell) {
			pane := kit.NewKeyPane(widget.NewLabel("text"))
			s.tabs.body.Add(pane)
			s.window.Canvas().Focus(pane)
			s.idle.tick()
			pane.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
			s.idle.tick()
		},
		"coming to the front": func(s *Shell) { s.idle.front(false); s.idle.front(true) },
	} {
		t.Run(name, func(t *testing.T) {
			d, l, s := idleShell(t)
			entry := widget.NewEntry()
			s.tabs.body.Add(entry)
			s.window.Canvas().Focus(entry)
			d.after(l, s, 0)
			d.after(l, s, 14*time.Minute)
			use(s)
			s.idle.tick()
			d.after(l, s, 14*time.Minute)
			if s.shut() {
				t.Fatal("locked although it was used 14 minutes ago")
			}
			d.after(l, s, 2*time.Minute)
			l.until(t, "the lock 16 minutes after the last use", s.shut)
		})
	}
}

func TestTheBackgroundCountsAsIdle(t *testing.T) {
	d, l, s := idleShell(t)
	s.idle.front(false)
	d.after(l, s, 14*time.Minute)
	s.idle.Cursor() // the pointer passes over a window behind
	d.after(l, s, time.Minute)
	l.until(t, "the lock of a window in the background", s.shut)
}

func TestTheFirstMoveAfterASleepComesTooLate(t *testing.T) {
	d, l, s := idleShell(t)
	d.mu.Lock()
	d.now = noon.Add(8 * time.Hour)
	d.mu.Unlock()
	s.idle.Cursor() // before any beat
	l.until(t, "the lock for the sleep of the machine", s.shut)
}

func TestALockThatFailsIsTriedAgain(t *testing.T) {
	d, l, s := idleShell(t)
	d.lockBy = core.NewError(core.CodeInternal, "test", "It cannot be locked.", errors.New("disk"))
	locks := func() int { d.mu.Lock(); defer d.mu.Unlock(); return d.locks }
	d.after(l, s, 20*time.Minute)
	l.until(t, "the first try", func() bool { return locks() == 1 && !s.idle.locking })
	d.after(l, s, 2*time.Second)
	l.until(t, "the second try", func() bool { return locks() == 2 })
	if kit.Asking(s.window) {
		t.Error("a dialog asks nobody")
	}
}

func TestADeskWithoutSignInNeverLocks(t *testing.T) {
	d, _, l, s := shell(t)
	d.after(l, s, 100*time.Hour)
	if s.shut() || d.locks != 0 {
		t.Error("a desk without users was locked")
	}
}

func TestTheDeskIsLockedOverADialogThatWaits(t *testing.T) {
	d, _, l, s := shell(t)
	d.seatIs(seated(1, "Ana", core.RoleAdmin))
	l.until(t, "Ana at the desk", func() bool { return s.turn.actor.UserID == 1 })
	s.Confirm(kit.Question{Title: "Undo the import?", Yes: "Undo"}, func() {})
	for _, i := range s.menu.main.Items[0].Items {
		if i.Label == "Lock now" {
			i.Action()
		}
	}
	l.until(t, "the lock", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return d.locks == 1 })
}
