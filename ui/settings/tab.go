package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// Tab is the Settings tab. All methods belong to the UI goroutine.
type Tab struct {
	host  kit.Host
	desk  Desk
	p     *presenter
	latch async.Latch

	root    fyne.CanvasObject
	nav     *kit.Nav
	body    *fyne.Container
	scroll  *container.Scroll
	groups  map[string]fyne.CanvasObject
	bounds  []bound
	secrets map[string]*passwordField
	filling bool
	save    *widget.Button
	revert  *widget.Button
	state   *kit.Line

	mail  mailGroup
	place placeGroup
	tools toolGroup
	order orderGroup
	alert alertGroup
	clock clockGroup

	notices    noticeGroup
	prediction predictionGroup
	data       dataGroup

	sources *sourcesPage
	server  serverGroup
	signIn  signInGroup

	adminOnly []fyne.CanvasObject // what only an admin may use, besides the settings
}

// The groups, in the order shown.
const (
	groupGeneral = "general"
	groupMail    = kit.PlaceMailSettings
	groupOrders  = "orders"
	groupAlerts  = "alerts"
	groupClock   = kit.PlaceClock
	groupNotices = "notices"
	groupPredict = kit.PlacePrediction
	groupServer  = kit.PlaceServer
	groupSignIn  = "sign_in"
	groupData    = "data"
)

// New returns the tab; nothing is read before Content.
func New(desk Desk, host kit.Host) *Tab {
	t := &Tab{host: host, desk: desk, groups: map[string]fyne.CanvasObject{}, secrets: map[string]*passwordField{}}
	t.p = newPresenter(desk, host, t.latch.Guard(host.Dispatcher()))
	return t
}

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject {
	if t.root != nil {
		return t.root
	}
	t.nav = kit.NewNav(t.items(), t.Open)
	t.groups[groupGeneral] = t.buildGeneral()
	t.groups[groupMail] = t.buildMail()
	t.groups[groupOrders] = t.buildOrders()
	t.groups[groupAlerts] = t.buildAlerts()
	t.groups[groupClock] = t.buildClock()
	t.groups[groupNotices] = t.buildNotices()
	t.groups[groupPredict] = t.buildPrediction()
	t.groups[groupServer] = t.buildServer()
	t.groups[groupSignIn] = t.buildSignIn()
	t.groups[groupData] = t.buildData()
	t.sources = newSourcesPage(newSourcesPresenter(t.p))
	t.groups[groupSources] = t.sources.root

	t.save = widget.NewButton(kit.T("Save"), t.p.save)
	t.save.Importance = widget.HighImportance
	t.revert = widget.NewButton(kit.T("Revert"), t.p.revert)
	t.state = kit.NewCaption("")
	t.state.Shrink = true
	foot := container.NewBorder(widget.NewSeparator(), nil, nil, nil,
		container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), container.NewBorder(nil, nil, nil, container.NewHBox(t.revert, t.save), t.state)))

	t.body = container.NewStack()
	left := kit.Wide(150, t.nav)
	t.scroll = container.NewVScroll(container.New(readable{}, t.body))
	room := container.New(layout.NewCustomPaddedLayout(0, 0, 24, 0), kit.Form(t.scroll))
	t.root = container.NewBorder(nil, foot, left, nil, room)
	t.Open(groupGeneral)
	t.p.start(t)
	t.restrict()
	return t.root
}

// Open shows a group, or the first one when that is not for whoever sits here.
func (t *Tab) Open(group string) {
	if !t.offers(group) {
		group = groupGeneral
	}
	t.nav.SetCurrent(group)
	t.body.Objects = []fyne.CanvasObject{t.groups[group]}
	t.body.Refresh()
	t.scroll.ScrollToTop()
	switch group {
	case groupSources:
		t.sources.p.start(t.sources)
	case groupServer, groupSignIn:
		t.server.p.start(t)
	case groupClock:
		t.p.openClock()
	case groupPredict:
		t.prediction.p.start(t)
	case groupNotices:
		t.showMe(t.desk.Seat())
		t.p.loadNames()
	}
}

func (t *Tab) showSettings(s core.Settings) {
	t.filling = true
	for _, b := range t.bounds {
		b.fill(s)
	}
	t.filling = false
}

func (t *Tab) showForm(f formState) {
	for i := range t.bounds {
		if b := &t.bounds[i]; b.wrong != b.problem(f.Problems) {
			b.wrong = b.problem(f.Problems)
			b.field.SetProblem(b.wrong)
		}
	}
	kit.Enable(t.save, f.Dirty && !f.Saving && len(f.Problems) == 0)
	kit.Enable(t.revert, f.Dirty && !f.Saving)
	switch {
	case f.Saving:
		t.state.Set(kit.T("Saving…"), kit.ToneMuted)
	case len(f.Problems) > 0:
		t.state.Set(kit.N("%s setting cannot be used as it is", "%s settings cannot be used as they are", int64(len(f.Problems))), kit.ToneBad)
	case f.Dirty:
		t.state.Set(kit.T("Not saved yet"), kit.ToneWarn)
	default:
		t.state.Set(kit.T("Everything is saved"), kit.ToneMuted)
	}
	t.showMailMode(t.p.draft.Mail.Mode)
	t.showBookKind(t.p.draft.OrderBook.Kind)
	t.showClock(t.p.draft.Clock)
	t.showServerDraft(t.p.draft.Server, f.Problems)
	t.showSignInDraft(t.p.draft.SignIn)
	t.unfoldProblem(f.Problems)
	t.showStatuses(t.p.draft.Orders.Statuses)
	t.tryValue()
}

// reveal scrolls until o begins where the form begins, unless all of it is in sight.
func (t *Tab) reveal(o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	y := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(t.scroll).Y
	if y < 0 || y+o.MinSize().Height > t.scroll.Size().Height {
		t.scroll.ScrollToOffset(fyne.NewPos(0, t.scroll.Offset.Y+y))
	}
}

// Focus does nothing yet to the keyboard: the first Tab key reaches the first group.
func (t *Tab) Focus() {
	if w := t.host.Window(); w != nil {
		w.Canvas().Unfocus()
	}
}

// Close ends what is loading.
func (t *Tab) Close() {
	t.latch.Close()
	if t.sources != nil {
		t.sources.p.close()
	}
	if t.server.p != nil {
		t.server.p.close()
	}
	if t.prediction.p != nil {
		t.prediction.p.close()
	}
	t.p.close()
}

// readable keeps the forms from growing wider than one reads.
type readable struct{}

const readableWidth float32 = 800

func (readable) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, c := range o {
		c.Resize(fyne.NewSize(min(s.Width-theme.Padding()*3, readableWidth), s.Height))
		c.Move(fyne.NewPos(0, 0))
	}
}

func (readable) MinSize(o []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, c := range o {
		m = m.Max(c.MinSize())
	}
	return m
}
