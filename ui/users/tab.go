package users

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// Tab is the Users tab. Its methods belong to the UI goroutine.
type Tab struct {
	b      *bench
	cancel context.CancelFunc
	latch  async.Latch
	stop   func() // of the subscription; nil before the first Content
	fresh  *async.Coalescer

	list   *list
	tokens *tokens

	root   *fyne.Container
	bar    *kit.Nav
	pages  *kit.Switcher
	users  *view
	keys   *tokensView // nil until somebody looks there
	onKeys bool
}

// The pages, from left to right.
const (
	pageUsers  = "users"
	pageTokens = "tokens"
)

// New returns the tab. Nothing is built or read before it is shown.
func New(desk Desk, host kit.Host) *Tab {
	t := &Tab{}
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	t.b = &bench{desk: desk, host: host, ui: t.latch.Guard(host.Dispatcher()), ctx: ctx,
		showOnce: func(title, sentence, text string) { tellOnce(host, title, sentence, text) }}
	t.list, t.tokens = newList(t.b), newTokens(t.b)
	return t
}

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject {
	if t.root != nil {
		return t.root
	}
	t.users = newView(t.list)
	t.pages = kit.NewSwitcher(t.users.root)
	t.bar = kit.NewNavAcross([]kit.NavItem{{ID: pageUsers, Word: kit.T("Users")}, {ID: pageTokens, Word: kit.T("API tokens")}}, t.Open)
	t.bar.SetCurrent(pageUsers)
	t.root = container.NewBorder(kit.Padded(4, t.bar.Container), nil, nil, nil, t.pages.Container)
	t.fresh = async.NewCoalescer(t.b.ui, t.reload)
	t.stop = async.Listen(t.b.ui, t.b.desk.Subscribe, t.hear)
	t.list.Load()
	return t.root
}

// Open shows a page.
func (t *Tab) Open(page string) {
	t.Content()
	t.onKeys = page == pageTokens
	if !t.onKeys {
		t.bar.SetCurrent(pageUsers)
		t.pages.ShowContent()
		return
	}
	if t.keys == nil {
		t.keys = newTokensView(t.tokens, func() string {
			u, _ := t.list.Chosen()
			return u.Name
		})
		t.tokens.Load()
	}
	t.bar.SetCurrent(pageTokens)
	t.pages.ShowKind(pageTokens, func() fyne.CanvasObject { return t.keys.root })
}

func (t *Tab) reload() {
	t.list.Load()
	if t.keys != nil {
		t.tokens.Load()
	}
}

// hear has what is shown read anew after an event that concerns it.
func (t *Tab) hear(e core.Event) {
	switch e.(type) {
	case core.UsersChanged, core.SeatChanged, core.SettingsChanged:
		t.fresh.Poke()
	}
}

// Focus gives the keyboard to the list shown.
func (t *Tab) Focus() {
	switch {
	case t.root == nil:
	case t.onKeys:
		t.keys.focus()
	default:
		t.users.focusList()
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
	if t.fresh != nil {
		t.fresh.Close()
	}
	t.list.Close()
	t.tokens.Close()
	t.cancel()
}
