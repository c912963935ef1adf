package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskwatch/ui/kit"
)

// menu is the main menu. App-wide shortcuts hang on its items: a canvas shortcut is dead while
// an entry has the focus.
type menu struct {
	main   *fyne.MainMenu
	alerts *fyne.Menu
	pause  *fyne.MenuItem
	view   *fyne.Menu
	themes map[string]*fyne.MenuItem
}

func newMenu(s *Shell) *menu {
	m := &menu{themes: map[string]*fyne.MenuItem{}}

	open := item(kit.T("Import orders…"), fyne.KeyO, s.unasked(func() { s.openOrders("") }))
	cases := item(kit.T("Import tickets…"), fyne.KeyT, s.unasked(func() { s.openTickets("") }))
	confirm := item(kit.T("Import the file in the preview"), fyne.KeyReturn, s.unasked(func() {
		if s.tabs.current == kit.TabOrders {
			s.tabs.orders.ConfirmImport()
		}
	}))
	quit := item(kit.T("Quit"), fyne.KeyQ, s.Quit)
	quit.IsQuit = true
	file := fyne.NewMenu(kit.T("File"), cases, open, confirm, fyne.NewMenuItemSeparator(), quit)

	check := item(kit.T("Run alert check"), fyne.KeyR, s.unasked(s.runCheck))
	m.pause = fyne.NewMenuItem(kit.T("Pause alerts"), nil)
	m.pause.ChildMenu = fyne.NewMenu("",
		fyne.NewMenuItem(kit.T("For one hour"), func() { s.pause(true, time.Hour) }),
		fyne.NewMenuItem(kit.T("For eight hours"), func() { s.pause(true, 8*time.Hour) }),
		fyne.NewMenuItem(kit.T("Until resumed"), func() { s.pause(true, 0) }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(kit.T("Resume"), func() { s.pause(false, 0) }),
	)
	m.alerts = fyne.NewMenu(kit.T("Alerts"), check, m.pause)

	m.view = fyne.NewMenu(kit.T("View"))
	for i, p := range places() {
		key := fyne.KeyName(rune('1' + i))
		m.view.Items = append(m.view.Items, item(p.word, key, s.unasked(func() { s.tabs.open(p.id) })))
	}
	find := item(kit.T("Find tickets"), fyne.KeyF, s.unasked(func() {
		s.tabs.open(kit.TabTickets)
		s.tabs.tickets.Find()
	}))
	look := fyne.NewMenuItem(kit.T("Theme"), nil)
	look.ChildMenu = fyne.NewMenu("")
	for _, t := range []struct{ id, word string }{{"system", kit.T("As the system")}, {"light", kit.T("Light")}, {"dark", kit.T("Dark")}} {
		m.themes[t.id] = fyne.NewMenuItem(t.word, func() { s.chooseTheme(t.id) })
		look.ChildMenu.Items = append(look.ChildMenu.Items, m.themes[t.id])
	}
	m.view.Items = append(m.view.Items, fyne.NewMenuItemSeparator(), find, look)

	help := fyne.NewMenu(kit.T("Help"), fyne.NewMenuItem(kit.T("About Deskwatch"), s.about))
	m.main = fyne.NewMainMenu(file, m.alerts, m.view, help)
	m.showTheme(s.desk.Settings().General.Theme)
	m.showPaused(false)
	return m
}

// unasked does something unless a dialog waits for its answer: shortcuts reach the menu even
// then.
func (s *Shell) unasked(do func()) func() {
	return func() {
		if !kit.Asking(s.window) {
			do()
		}
	}
}

func item(word string, key fyne.KeyName, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(word, do)
	i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	return i
}

func (m *menu) showTheme(choice string) {
	for id, i := range m.themes {
		i.Checked = id == choice
	}
	m.view.Refresh()
}

func (m *menu) showPaused(paused bool) {
	items := m.pause.ChildMenu.Items
	resume := items[len(items)-1]
	if resume.Disabled == !paused {
		return
	}
	resume.Disabled = !paused
	m.alerts.Refresh()
}
