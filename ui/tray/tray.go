// Package tray is the icon beside the clock: its menu, its badge, and the click that opens the
// window.
package tray

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskwatch/assets"
	"deskwatch/ui/kit"
)

// Actions is what the menu does.
type Actions struct {
	Open, Check, Quit func()
	Pause             func(pause bool)
}

// State is what the icon shows.
type State struct {
	Paused bool
	Badge  bool // something wants to be looked at: new breaches, or mail that failed
	// OpenOnly offers nothing but opening the window and quitting: the desk is locked, or who sits
	// there may not do the rest.
	OpenOnly bool
}

// Tray drives the system tray. On a system without one every method does nothing.
type Tray struct {
	app   desktop.App
	menu  *fyne.Menu
	check *fyne.MenuItem
	pause *fyne.MenuItem
	state State
}

// New puts the icon into the tray. The caller sets its own close intercept afterwards:
// SetSystemTrayWindow sets one too, and the last one counts.
func New(app fyne.App, window fyne.Window, do Actions) *Tray {
	t := &Tray{check: fyne.NewMenuItem(kit.T("Run alert check"), do.Check)}
	t.pause = fyne.NewMenuItem(kit.T("Pause alerts"), func() { do.Pause(!t.state.Paused) })
	quit := fyne.NewMenuItem(kit.T("Quit"), do.Quit)
	quit.IsQuit = true
	t.menu = fyne.NewMenu("Deskwatch",
		fyne.NewMenuItem(kit.T("Open Deskwatch"), do.Open),
		fyne.NewMenuItemSeparator(),
		t.check,
		t.pause,
		fyne.NewMenuItemSeparator(),
		quit,
	)
	if d, ok := app.(desktop.App); ok {
		t.app = d
		d.SetSystemTrayMenu(t.menu)
		d.SetSystemTrayIcon(iconFor(t.state))
		d.SetSystemTrayWindow(window)
	}
	return t
}

// Present reports whether there is a tray.
func (t *Tray) Present() bool { return t.app != nil }

// Show shows a state. The menu is only rebuilt when its words change: some trays close an open
// menu then.
func (t *Tray) Show(s State) {
	old := t.state
	t.state = s
	if t.app == nil || s == old {
		return
	}
	t.app.SetSystemTrayIcon(iconFor(s))
	if s.Paused != old.Paused || s.OpenOnly != old.OpenOnly {
		t.check.Disabled, t.pause.Disabled = s.OpenOnly, s.OpenOnly
		t.pause.Label = kit.T("Pause alerts")
		if s.Paused {
			t.pause.Label = kit.T("Resume alerts")
		}
		t.menu.Refresh()
	}
}

func iconFor(s State) fyne.Resource {
	switch {
	case s.Paused:
		return fyne.NewStaticResource("tray-paused.svg", assets.TrayPaused)
	case s.Badge:
		return fyne.NewStaticResource("tray-badge.svg", assets.TrayBadge)
	}
	return fyne.NewStaticResource("tray.svg", assets.Icon)
}
