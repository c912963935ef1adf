package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskwatch/core"
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

	quit := item(kit.T("Quit"), fyne.KeyQ, s.Quit)
	quit.IsQuit = true
	if s.shut() {
		m.main = fyne.NewMainMenu(fyne.NewMenu(kit.T("File"), quit))
		return m
	}
	file := fyne.NewMenu(kit.T("File"))
	add := func(to *fyne.Menu, needs core.Permission, items ...*fyne.MenuItem) {
		if s.May(needs) {
			to.Items = append(to.Items, items...)
		}
	}
	add(file, core.ImportFiles,
		item(kit.T("Import tickets…"), fyne.KeyT, s.unasked(func() { s.openTickets("") })),
		item(kit.T("Import orders…"), fyne.KeyO, s.unasked(func() { s.openOrders("") })),
		item(kit.T("Import the file in the preview"), fyne.KeyReturn, s.unasked(func() {
			if s.tabs.current == kit.TabOrders {
				s.tabs.orders.ConfirmImport()
			}
		})),
		fyne.NewMenuItemSeparator())
	if s.seat.Required {
		file.Items = append(file.Items, item(kit.T("Lock now"), fyne.KeyL, s.lock), // over a dialog, too: it waits there
			fyne.NewMenuItem(kit.T("Sign out"), s.unasked(s.signOut)), fyne.NewMenuItemSeparator())
	}
	file.Items = append(file.Items, quit)

	m.alerts = fyne.NewMenu(kit.T("Alerts"))
	m.pause = fyne.NewMenuItem(kit.T("Pause alerts"), nil)
	m.pause.ChildMenu = fyne.NewMenu("",
		fyne.NewMenuItem(kit.T("For one hour"), func() { s.pause(true, time.Hour) }),
		fyne.NewMenuItem(kit.T("For eight hours"), func() { s.pause(true, 8*time.Hour) }),
		fyne.NewMenuItem(kit.T("Until resumed"), func() { s.pause(true, 0) }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(kit.T("Resume"), func() { s.pause(false, 0) }),
	)
	add(m.alerts, core.EditAlerts, item(kit.T("Run alert check"), fyne.KeyR, s.unasked(s.runCheck)), m.pause)

	m.view = fyne.NewMenu(kit.T("View"))
	for i, p := range s.places() {
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
		m.themes[t.id] = fyne.NewMenuItem(t.word, s.unasked(func() { s.chooseTheme(t.id) }))
		look.ChildMenu.Items = append(look.ChildMenu.Items, m.themes[t.id])
	}
	m.view.Items = append(m.view.Items, fyne.NewMenuItemSeparator())
	add(m.view, core.ReadTickets, find)
	add(m.view, core.SetOwnWindow, look)

	help := fyne.NewMenu(kit.T("Help"), fyne.NewMenuItem(kit.T("About Deskwatch"), s.unasked(s.about)))
	m.main = fyne.NewMainMenu(file)
	for _, menu := range []*fyne.Menu{m.alerts, m.view, help} {
		if len(menu.Items) > 0 {
			m.main.Items = append(m.main.Items, menu)
		}
	}
	m.showTheme(s.desk.Settings().General.Theme)
	m.showPaused(s.desktop.Paused)
	return m
}

// unasked does something unless a dialog waits for its answer: shortcuts reach the menu even
// then.
func (s *Shell) unasked(do func()) func() {
	return func() {
		s.idle.used()
		if !kit.Asking(s.window) && !s.shut() {
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
	if m.view == nil {
		return
	}
	for id, i := range m.themes {
		i.Checked = id == choice
	}
	m.view.Refresh()
}

func (m *menu) showPaused(paused bool) {
	if m.pause == nil {
		return
	}
	items := m.pause.ChildMenu.Items
	resume := items[len(items)-1]
	if resume.Disabled == !paused {
		return
	}
	resume.Disabled = !paused
	m.alerts.Refresh()
}
