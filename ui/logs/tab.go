package logs

import (
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// Tab is the Logs tab. All methods belong to the UI goroutine.
type Tab struct {
	host  kit.Host
	desk  Desk
	p     *presenter
	latch async.Latch

	root   *fyne.Container
	grid   *kit.Grid[core.LogLine]
	pane   *kit.Pane
	level  *widget.Select
	search *widget.Entry
	pause  *widget.Button
	state  *kit.Line
	detail *lineView
	levels []string // by the index of level
	wait   int
	count  int
	follow bool
}

// New returns the tab; nothing is read before Content.
func New(desk Desk, host kit.Host) *Tab {
	t := &Tab{host: host, desk: desk, follow: true}
	t.p = newPresenter(desk, t.latch.Guard(host.Dispatcher()))
	return t
}

// Content builds the tab on its first call.
func (t *Tab) Content() fyne.CanvasObject {
	if t.root != nil {
		return t.root
	}
	t.grid = kit.NewGrid(lineKey,
		kit.Column[core.LogLine]{ID: "time", Title: kit.T("Time"), Width: 108, Text: lineTime, Style: mono},
		kit.Column[core.LogLine]{ID: "level", Title: kit.T("Level"), Width: 92, Text: levelWord, Style: levelStyle},
		kit.Column[core.LogLine]{ID: "where", Title: kit.T("Where"), Width: 150, Weight: 1, Text: func(l core.LogLine) string { return l.Where }, Style: where},
		kit.Column[core.LogLine]{ID: "text", Title: kit.T("Message"), Width: 200, Weight: 4, Text: func(l core.LogLine) string { return l.Text }, Style: mono},
	).Height(20)
	t.grid.OnSelect = t.showDetail
	t.pane = kit.NewPane(t.grid)
	t.detail = newLineView(t.copyLine, func() { t.grid.ClearSelection() })

	t.root = container.NewBorder(t.toolbar(), t.detail.Container, nil, nil, t.pane)
	t.detail.within = t.root
	t.p.start(t)
	return t.root
}

func (t *Tab) toolbar() fyne.CanvasObject {
	t.levels = []string{"", "INFO", "WARN", "ERROR"}
	t.level = widget.NewSelect([]string{kit.T("All levels"), kit.T("Info and above"), kit.T("Warnings and errors"), kit.T("Errors only")}, nil)
	t.level.SetSelectedIndex(0)
	t.level.OnChanged = func(string) { t.filter() }
	t.search = widget.NewEntry()
	t.search.SetPlaceHolder(kit.T("Filter by text"))
	t.search.OnChanged = func(string) { t.filter() }
	t.pause = widget.NewButtonWithIcon(kit.T("Pause"), theme.MediaPauseIcon(), t.togglePause)
	latest := widget.NewButtonWithIcon(kit.T("Latest"), theme.MoveDownIcon(), func() { t.grid.ScrollToBottom() })
	export := kit.NewBusy(kit.T("Export…"), kit.T("Exporting…"), theme.DocumentSaveIcon(), t.askExport)
	t.state = kit.NewCaption("")
	left := []fyne.CanvasObject{kit.Wide(170, t.level), kit.Wide(200, t.search), t.state}
	return kit.Bar(left, []fyne.CanvasObject{latest, t.pause, export})
}

func (t *Tab) filter() {
	t.follow = true
	t.p.setFilter(t.levels[t.level.SelectedIndex()], t.search.Text)
}

func (t *Tab) togglePause() {
	t.p.setPaused(!t.p.paused)
	if t.p.paused {
		t.pause.SetText(kit.T("Resume"))
		t.pause.SetIcon(theme.MediaPlayIcon())
	} else {
		t.pause.SetText(kit.T("Pause"))
		t.pause.SetIcon(theme.MediaPauseIcon())
	}
	t.showState()
}

// showLines shows the log and stays at its end, unless somebody has scrolled away from it.
func (t *Tab) showLines(lines []core.LogLine, filtered bool) {
	t.follow = t.follow || t.grid.AtBottom()
	t.count = len(lines)
	t.grid.SetRows(lines)
	switch {
	case len(lines) > 0:
		t.pane.ShowContent()
	case filtered:
		t.pane.ShowEmpty(theme.SearchIcon(), kit.T("No line of the log matches the filter."), kit.T("Show all lines"), t.clearFilter)
	default:
		t.pane.ShowEmpty(theme.ListIcon(), kit.T("Nothing has been logged yet. What Deskwatch does from now on appears here."), "", nil)
	}
	if t.follow {
		t.grid.ScrollToBottom()
		t.follow = false
	}
	t.showState()
}

func (t *Tab) clearFilter() {
	t.level.SetSelectedIndex(0)
	t.search.SetText("")
}

func (t *Tab) showWaiting(n int) {
	t.wait = n
	t.showState()
}

func (t *Tab) showState() {
	switch {
	case t.p.paused && t.wait > 0:
		t.state.Set(kit.T("Paused · %s", kit.N("%s new line", "%s new lines", int64(t.wait))), kit.ToneWarn)
	case t.p.paused:
		t.state.Set(kit.T("Paused"), kit.ToneWarn)
	default:
		t.state.Set(kit.N("%s line", "%s lines", int64(t.count)), kit.ToneMuted)
	}
}

// showDetail shows the chosen line whole: the grid clips long ones.
func (t *Tab) showDetail() {
	l, ok := t.grid.Selected()
	if !ok {
		t.detail.hide()
		return
	}
	t.detail.show(l)
}

func (t *Tab) copyLine(l core.LogLine) {
	fyne.CurrentApp().Clipboard().SetContent(wholeLine(l))
	t.host.Toast(kit.ToneMuted, kit.T("The line is copied."))
}

func (t *Tab) askExport(done func()) {
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil || w == nil {
			done()
			if err != nil {
				t.host.Fail(core.NewError(core.CodeDenied, "logs.export", kit.T("That file cannot be written. Choose another folder."), err))
			}
			return
		}
		path := w.URI().Path()
		if err := w.Close(); err != nil {
			done()
			t.host.Fail(core.NewError(core.CodeDenied, "logs.export", kit.T("That file cannot be written. Choose another folder."), err))
			return
		}
		t.p.export(path, done)
	}, t.host.Window())
	d.SetFileName("deskwatch-log-" + time.Now().Format("2006-01-02-1504") + ".txt")
	d.Show()
}

func (t *Tab) showExport(n int, path string, err error) {
	if err != nil {
		t.host.Fail(err)
		return
	}
	t.host.Toast(kit.ToneGood, kit.T("%s written to %s.", kit.N("%s line", "%s lines", int64(n)), filepath.Base(path)))
}

// Focus gives the keyboard to the filter.
func (t *Tab) Focus() {
	if w := t.host.Window(); w != nil && t.search != nil {
		w.Canvas().Focus(t.search)
	}
}

// Close stops following the log.
func (t *Tab) Close() {
	t.latch.Close()
	t.p.close()
}
