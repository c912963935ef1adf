package tray

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// desktopApp is a test app with a tray that records the order of the calls.
type desktopApp struct {
	fyne.App
	calls []string
	menu  *fyne.Menu
	icon  string
}

func (a *desktopApp) SetSystemTrayMenu(m *fyne.Menu) { a.calls = append(a.calls, "menu"); a.menu = m }
func (a *desktopApp) SetSystemTrayIcon(r fyne.Resource) {
	a.calls = append(a.calls, "icon")
	a.icon = r.Name()
}
func (a *desktopApp) SetSystemTrayWindow(fyne.Window) { a.calls = append(a.calls, "window") }

func TestTrayIsSetUpInTheOrderTheDriverNeeds(t *testing.T) {
	a := &desktopApp{App: test.NewTempApp(t)}
	quit := 0
	New(a, nil, Actions{Quit: func() { quit++ }})
	if len(a.calls) != 3 || a.calls[0] != "menu" || a.calls[1] != "icon" || a.calls[2] != "window" {
		t.Errorf("calls %v, want menu, icon, window", a.calls)
	}
	last := a.menu.Items[len(a.menu.Items)-1]
	if !last.IsQuit {
		t.Error("without IsQuit the driver adds a Quit of its own that skips our shutdown")
	}
	last.Action()
	if quit != 1 {
		t.Error("Quit did not quit")
	}
}

func TestTrayShowsTheBadgeAndOffersTheOppositeOfPaused(t *testing.T) {
	a := &desktopApp{App: test.NewTempApp(t)}
	var asked []bool
	tr := New(a, nil, Actions{Pause: func(p bool) { asked = append(asked, p) }})
	tr.Show(State{Badge: true})
	if a.icon != "tray-badge.svg" {
		t.Errorf("icon %s, want the badge", a.icon)
	}
	tr.pause.Action()
	tr.Show(State{Paused: true, Badge: true})
	if a.icon != "tray-paused.svg" || tr.pause.Label != "Resume alerts" {
		t.Errorf("paused: icon %s, item %q", a.icon, tr.pause.Label)
	}
	tr.pause.Action()
	if len(asked) != 2 || !asked[0] || asked[1] {
		t.Errorf("asked %v, want pause then resume", asked)
	}
}

func TestTrayDoesNothingWhereThereIsNone(t *testing.T) {
	tr := New(plainApp{test.NewTempApp(t)}, nil, Actions{})
	tr.Show(State{Paused: true})
	if tr.Present() {
		t.Error("a tray where there is none")
	}
}

// plainApp hides whatever tray methods the test app has.
type plainApp struct{ fyne.App }
