package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"deskwatch/ui/kit"
	"deskwatch/ui/logs"
	"deskwatch/ui/orders"
	"deskwatch/ui/overview"
	"deskwatch/ui/settings"
	"deskwatch/ui/tickets"
	"deskwatch/ui/users"
)

// tab is what the shell needs of a tab.
type tab interface {
	Content() fyne.CanvasObject
	Focus()
	Close()
}

// tabs builds each tab when it is first opened and keeps it.
type tabs struct {
	shell   *Shell
	nav     *kit.Nav
	body    *fyne.Container
	built   map[string]tab
	content map[string]fyne.CanvasObject
	titles  map[string]string // what is open in each
	current string
	orders  *orders.Tab
	tickets *tickets.Tab
}

func newTabs(s *Shell) *tabs {
	t := &tabs{shell: s, body: container.NewStack(), built: map[string]tab{}, content: map[string]fyne.CanvasObject{}, titles: map[string]string{}}
	var items []kit.NavItem
	for _, p := range s.places() {
		items = append(items, kit.NavItem{ID: p.id, Word: p.word, Icon: p.icon})
	}
	t.nav = kit.NewNav(items, func(id string) { t.open(id) })
	return t
}

type place struct {
	id, word string
	icon     fyne.Resource
}

// places are the tabs in the order of the rail.
func places() []place {
	return []place{
		{kit.TabOverview, kit.T("Overview"), theme.HomeIcon()},
		{kit.TabTickets, kit.T("Tickets"), theme.MailComposeIcon()},
		{kit.TabOrders, kit.T("Order alerts"), theme.WarningIcon()},
		{kit.TabUsers, kit.T("Users"), theme.AccountIcon()},
		{kit.TabLogs, kit.T("Logs"), theme.ListIcon()},
		{kit.TabSettings, kit.T("Settings"), theme.SettingsIcon()},
	}
}

// open shows a tab, building it first if nobody has been there, and in it a place if one is
// named.
func (t *tabs) open(id string, place ...string) {
	if t.shell.shut() || !t.shell.opens(id) {
		return
	}
	if t.built[id] == nil {
		b := t.build(id)
		if b == nil {
			return
		}
		t.built[id] = b
		t.content[id] = b.Content()
	}
	t.current = id
	t.showTitle()
	t.nav.SetCurrent(id)
	t.body.Objects = []fyne.CanvasObject{t.content[id]}
	t.body.Refresh()
	if p, ok := t.built[id].(interface{ Open(place string) }); ok && len(place) > 0 && place[0] != "" {
		p.Open(place[0])
	}
	t.built[id].Focus()
	t.seen()
}

func (t *tabs) build(id string) tab {
	switch id {
	case kit.TabOverview:
		return overview.New(t.shell.desk, t.shell)
	case kit.TabTickets:
		t.tickets = tickets.New(t.shell.desk, t.shell)
		return t.tickets
	case kit.TabOrders:
		t.orders = orders.New(t.shell.desk, t.shell)
		return t.orders
	case kit.TabUsers:
		return users.New(t.shell.desk, t.shell)
	case kit.TabLogs:
		return logs.New(t.shell.desk, t.shell)
	case kit.TabSettings:
		return settings.New(t.shell.desk, t.shell)
	}
	return nil
}

// showTitle says in the window's title what is open in the tab shown.
func (t *tabs) showTitle() {
	title := programName
	if open := t.titles[t.current]; open != "" && !t.shell.shut() {
		title = open + " – " + programName
	}
	if t.shell.window.Title() != title {
		t.shell.window.SetTitle(title)
	}
}

// seen takes the badge away once what it is about is in front of somebody.
func (t *tabs) seen() {
	s := t.shell
	if s.hidden || s.shut() {
		return
	}
	switch t.current {
	case kit.TabOrders:
		s.news = false
	case kit.TabTickets:
		s.ticketNews = false
	}
	s.showTray()
}

func (t *tabs) close() {
	for _, b := range t.built {
		b.Close()
	}
}
