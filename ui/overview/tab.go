package overview

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// noGround is no colour: a row that is not a tile shows a ground only while somebody is on it.
const noGround fyne.ThemeColorName = theme.ColorNameScrollBarBackground

// Tab is the Overview tab. All methods belong to the UI goroutine.
type Tab struct {
	host  kit.Host
	desk  Desk
	p     *presenter
	latch async.Latch

	pages
	today     *fyne.Container // the page of what needs somebody now
	pane      *kit.Pane
	scroll    *container.Scroll
	at        *kit.Line
	figures   *figures
	troubles  *panel
	due, risk *panel
	news      *panel
	days      *chart
	months    *chart
	risks     *plot
	empty     *emptyDesk
}

// New returns the tab; nothing is read before Content.
func New(desk Desk, host kit.Host) *Tab {
	t := &Tab{host: host, desk: desk}
	t.p = newPresenter(desk, host, t.latch.Guard(host.Dispatcher()))
	return t
}

// buildToday builds the page of what needs somebody now.
func (t *Tab) buildToday() fyne.CanvasObject {
	t.at = kit.NewCaption("")
	t.figures = newFigures(t.host, t.makeRoom)
	t.troubles = newPanel(kit.T("What does not work"))
	t.due, t.risk = newPanel(kit.T("Replies due first")), newPanel(kit.T("At risk today"))
	t.news = newPanel("")
	t.days, t.months, t.risks = newDaysChart(), newMonthsChart(), newRisksPlot()
	t.empty = newEmptyDesk(t.host, t.p.loadSample)

	left := container.NewVBox(t.troubles.card, t.due.card, t.risk.card)
	right := container.NewVBox(t.news.card, t.days.panel.card, t.risks.panel.card, t.months.panel.card)
	head := container.NewBorder(nil, nil, kit.NewTitle(kit.T("What needs me now")), t.at)
	body := container.NewVBox(kit.Padded(4, head), t.figures.row, kit.Tall(6, layout.NewSpacer()), container.New(&twoColumns{width: columnsFrom, turned: t.makeRoom}, left, right))
	// The bar of the scroller lies over what is scrolled: it gets room of its own.
	t.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, 12), body))
	t.pane = kit.NewPane(t.scroll)
	t.today = container.NewStack(t.pane)
	t.pane.Hide() // until something is known, so that no dashes flash by
	t.p.start(t)
	return t.today
}

func (t *Tab) show(o today) {
	t.pane.Show()
	if isEmpty(o.Overview) {
		t.today.Objects = []fyne.CanvasObject{t.empty.root}
		t.today.Refresh()
		return
	}
	if t.today.Objects[0] != t.pane {
		t.today.Objects = []fyne.CanvasObject{t.pane}
		t.today.Refresh()
	}
	t.pane.ShowContent()
	now := t.desk.Now()
	t.at.SetText(kit.N("%s ticket", "%s tickets", o.Tickets))
	t.figures.show(o.Overview)
	t.showDue(o.Due, now)
	t.showRisk(o.risk, o.model, o.Open)
	t.showNews(o.Overview, now)
	t.showTroubles(troubles(o.Overview))
	t.showDays(o.Days, now)
	t.showMonths(o.Overview)
	t.scroll.Content.Refresh()
	t.makeRoom() // what wraps knows its height once it was laid out
}

// makeRoom lays everything out again, after the layout that is under way.
func (t *Tab) makeRoom() {
	t.latch.Guard(t.host.Dispatcher()).Do(func() {
		if t.scroll != nil {
			t.scroll.Content.Refresh()
			t.scroll.Refresh()
		}
	})
}

// isEmpty reports whether there is nothing to look at.
func isEmpty(o core.Overview) bool {
	broken := slices.ContainsFunc(o.MonthCounts, func(m core.MonthCount) bool { return m.Count > 0 })
	return o.Tickets == 0 && !broken && o.MailTrouble == 0 && o.SourcesError == 0 && o.OrdersError == ""
}

func (t *Tab) showTroubles(list []trouble) {
	if len(list) == 0 {
		t.troubles.card.Hide()
		return
	}
	t.troubles.card.Show()
	said := make([]string, len(list))
	for i, tr := range list {
		said[i] = tr.text
	}
	t.troubles.set(said, func(i int) fyne.CanvasObject {
		tr := list[i]
		do := widget.NewButton(tr.action, func() {
			if tr.source != "" {
				t.p.runSource(tr.source)
				return
			}
			t.host.Go(tr.tab, tr.place)
		})
		right := container.NewCenter(kit.Allowed(t.host, tr.needs, do)...)
		return container.NewBorder(nil, nil, nil, right, kit.NewProse(tr.text, kit.ToneBad))
	})
}

func (t *Tab) showError(err error) {
	t.pane.Show()
	t.pane.ShowError(err, t.p.load)
}

func (t *Tab) showBusy(busy bool) { t.empty.setBusy(busy) }

// Focus is called when the tab comes into sight. The keyboard reaches everything here by Tab.
func (t *Tab) Focus() { t.looked() }

// Close stops following the desk.
func (t *Tab) Close() {
	t.latch.Close()
	if t.reporter != nil {
		t.reporter.close()
	}
	t.p.close()
}
