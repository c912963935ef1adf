package orders

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// page is one sub-tab.
type page interface {
	content() fyne.CanvasObject
	focus() fyne.Focusable // what gets the keyboard; nil for nothing
	load()
	close()
}

// Tab is the Order alerts tab. Its methods belong to the UI goroutine.
type Tab struct {
	b      *bench
	cancel context.CancelFunc
	latch  async.Latch
	stop   func() // of the subscription; nil before the first Content
	fresh  [pageCount]*async.Coalescer

	sample    *sample
	breaches  *breaches
	rules     *rules
	mail      *mail
	importing *importing
	clients   *clients

	root  *fyne.Container
	bar   *kit.Nav
	body  *fyne.Container
	pages [pageCount]page
	now   int
}

// The sub-tabs, from left to right.
const (
	pageBreaches = iota
	pageRules
	pageMail
	pageImport
	pageClients
	pageCount
)

func navID(page int) string { return strconv.Itoa(page) }

// New returns the tab. Nothing is built or read before it is shown.
func New(desk Desk, host kit.Host) *Tab {
	t := &Tab{}
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	ui := t.latch.Guard(host.Dispatcher())
	t.b = &bench{desk: desk, host: host, ui: ui, ctx: ctx, tick: everyTenth(ctx, ui)}
	t.sample = &sample{bench: t.b}
	t.breaches = newBreaches(t.b)
	t.rules = newRules(t.b)
	t.mail = newMail(t.b)
	t.importing = newImporting(t.b)
	t.clients = newClients(t.b, t.sample)
	return t
}

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject {
	if t.root != nil {
		return t.root
	}
	words := [pageCount]string{kit.T("Breaches"), kit.T("Rules"), kit.T("Mail"), kit.T("Import"), kit.T("Clients")}
	var items []kit.NavItem
	for i, word := range words {
		if t.opens(i) {
			items = append(items, kit.NavItem{ID: navID(i), Word: word})
		}
	}
	t.bar = kit.NewNavAcross(items, func(id string) { t.open(int(id[0] - '0')) })
	t.body = container.NewStack()
	t.root = container.NewBorder(kit.Padded(4, t.bar.Container), nil, nil, nil, t.body)
	for i := range t.fresh {
		t.fresh[i] = async.NewCoalescer(t.b.ui, func() {
			if t.pages[i] != nil {
				t.pages[i].load()
			}
		})
	}
	t.stop = async.Listen(t.b.ui, t.b.desk.Subscribe, t.hear)
	t.open(pageBreaches)
	return t.root
}

// opens reports whether a sub-tab has something for who sits here.
func (t *Tab) opens(i int) bool {
	switch i {
	case pageMail:
		return t.b.host.May(core.WorkMail)
	case pageImport:
		return t.b.host.May(core.ImportFiles)
	}
	return true
}

// open shows a sub-tab, building it on its first selection.
func (t *Tab) open(i int) {
	if !t.opens(i) {
		return
	}
	if t.pages[i] == nil {
		t.pages[i] = t.build(i)
		t.pages[i].load()
	}
	t.now = i
	t.bar.SetCurrent(navID(i))
	t.body.Objects = []fyne.CanvasObject{t.pages[i].content()}
	t.body.Refresh()
}

func (t *Tab) build(i int) page {
	switch i {
	case pageRules:
		return newRulesView(t.rules)
	case pageMail:
		return newMailView(t.mail)
	case pageImport:
		return newImportView(t.importing, t.sample, func() { t.open(pageBreaches) })
	case pageClients:
		return newClientsView(t.clients)
	}
	return newBreachesView(t.breaches, t.sample, breachLinks{
		importFile: func() { t.OpenImport("") },
		rules:      func() { t.open(pageRules) },
		mail: func(customer string) {
			t.open(pageMail)
			t.mail.ShowCustomer(customer)
		},
	})
}

// Open shows the sub-tab that another tab leads to.
func (t *Tab) Open(place string) {
	switch place {
	case kit.PlaceRules:
		t.open(pageRules)
	case kit.PlaceMails:
		t.open(pageMail)
	case kit.PlaceImport:
		t.OpenImport("")
	}
}

// hear has the sub-tabs that show what an event is about read it anew.
func (t *Tab) hear(e core.Event) {
	switch e.(type) {
	case core.OrdersChanged:
		t.poke(pageBreaches, pageImport, pageClients)
		t.rules.test.Again()
	case core.AlertsChecked:
		t.poke(pageBreaches, pageMail, pageRules)
	case core.AlertsChanged:
		t.poke(pageBreaches, pageRules)
	case core.OutboxChanged:
		t.poke(pageMail)
	case core.SettingsChanged:
		t.poke(pageBreaches, pageMail)
	case core.StatusChanged:
		t.retry()
	}
}

// retry has read anew what could not be read, and what was read before the order book was
// counted: a database may be back.
func (t *Tab) retry() {
	stale := func(loading bool, err error, read bool, st core.DeskStatus) bool {
		return !loading && (err != nil || read && !st.Counted())
	}
	if s := t.breaches.state; stale(s.Loading, s.Err, s.Edition > 0, s.Status) {
		t.poke(pageBreaches)
	}
	if s := t.rules.test.state; stale(s.Loading, s.Err, false, core.DeskStatus{}) {
		t.rules.test.Again()
	}
	if s := t.importing.state; stale(s.Loading, s.Err, false, core.DeskStatus{}) {
		t.poke(pageImport)
	}
	if s := t.clients.state; stale(s.Loading, s.Err, s.Edition > 0, s.Status) {
		t.poke(pageClients)
	}
}

func (t *Tab) poke(pages ...int) {
	for _, i := range pages {
		t.fresh[i].Poke()
	}
}

// OpenImport shows the Import sub-tab and previews the file, or asks for one when path is "".
func (t *Tab) OpenImport(path string) {
	t.Content()
	if !t.opens(pageImport) {
		return
	}
	t.open(pageImport)
	if path == "" {
		t.pages[pageImport].(*importView).choose()
		return
	}
	t.importing.Open(path)
}

// ConfirmImport imports the file in the preview, as its button does; without one it does nothing.
func (t *Tab) ConfirmImport() {
	if t.root != nil && t.now == pageImport {
		t.importing.Import()
	}
}

// OpenBreach shows the Breaches sub-tab with this breach selected. A ruleID of 0 means any rule.
func (t *Tab) OpenBreach(customer string, period core.Month, ruleID int64) {
	t.Content()
	t.open(pageBreaches)
	t.breaches.Open(customer, period, ruleID)
}

// Focus gives the keyboard to the sub-tab shown.
func (t *Tab) Focus() {
	if t.root == nil || t.b.host.Window() == nil {
		return
	}
	if f := t.pages[t.now].focus(); f != nil {
		t.b.host.Window().Canvas().Focus(f)
	}
}

// Close ends what is loading and what is running; nothing reaches the window afterwards.
func (t *Tab) Close() {
	if !t.latch.Close() {
		return
	}
	if t.stop != nil {
		t.stop()
	}
	for _, c := range t.fresh {
		if c != nil {
			c.Close()
		}
	}
	for _, p := range t.pages {
		if p != nil {
			p.close()
		}
	}
	t.breaches.Close()
	t.rules.Close()
	t.mail.Close()
	t.importing.Close()
	t.clients.Close()
	t.cancel()
}
