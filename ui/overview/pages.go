package overview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// pages are the two pages of the tab: what needs somebody now, and how good predictions have been.
type pages struct {
	root     *fyne.Container
	nav      *kit.Nav
	body     *fyne.Container
	first    fyne.CanvasObject // what needs somebody now
	report   *reportPage       // nil before it was looked at
	reporter *reporter
}

// pageToday is the page of what needs somebody now; the other one is kit.PlacePredictions.
const pageToday = "today"

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject {
	if t.root != nil {
		return t.root
	}
	t.nav = kit.NewNavAcross([]kit.NavItem{
		{ID: pageToday, Word: kit.T("Today")}, {ID: kit.PlacePredictions, Word: kit.T("Predictions")},
	}, t.Open)
	t.body = container.NewStack()
	t.root = container.NewBorder(kit.Padded(4, t.nav.Container), nil, nil, nil, t.body)
	t.first = t.buildToday()
	ui := t.latch.Guard(t.host.Dispatcher())
	t.reporter = newReporter(t.desk, ui, t)
	t.Open(pageToday)
	t.reporter.start(ui)
	return t.root
}

// Open shows one of the pages.
func (t *Tab) Open(page string) {
	shown := t.first
	if page == kit.PlacePredictions {
		shown = t.openReport()
	} else {
		page = pageToday
	}
	t.nav.SetCurrent(page)
	t.body.Objects = []fyne.CanvasObject{shown}
	t.body.Refresh()
}

func (t *Tab) openReport() fyne.CanvasObject {
	if t.report == nil {
		t.report = newReportPage(t.host, t.desk.Now, t.makeRoom, t.reporter.load)
		if r := t.reporter.report; r != nil {
			t.report.show(*r)
		} else if err := t.reporter.failed; err != nil {
			t.report.showError(err)
		}
	}
	t.reporter.look()
	return t.report.root
}

// looked has what the page of the report shows be how it stands now.
func (t *Tab) looked() {
	if t.report != nil && t.body.Objects[0] == t.report.root {
		t.reporter.look()
	}
}

func (t *Tab) showReport(r core.PredictionReport) {
	t.showRisks(r)
	t.scroll.Content.Refresh()
	if t.report != nil {
		t.report.show(r)
	}
}

func (t *Tab) showReportError(err error) {
	if t.report != nil {
		t.report.showError(err)
	}
}
