package orders

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// importView is the Import sub-tab: the list of imports with what is going on above it, or
// the preview of a file in the place of both.
type importView struct {
	p      *importing
	sample *sample
	root   *kit.Switcher
	// breaches leads to the Breaches sub-tab.
	breaches func()

	now      *kit.Switcher // idle, running or done
	row      *kit.ProgressRow
	list     *kit.Grid[core.ImportRecord]
	open     *widget.Button
	undo     *widget.Button
	loadIt   *widget.Button // of the sample data
	listPane *kit.Switcher
	preview  *previewView
	edition  int
	result   *core.ImportResult
}

func newImportView(p *importing, s *sample, breaches func()) *importView {
	v := &importView{p: p, sample: s, breaches: breaches}
	v.list = v.newList()
	v.undo = widget.NewButtonWithIcon(kit.T("Undo…"), theme.ContentUndoIcon(), func() {
		if r, ok := v.list.Selected(); ok && r.State == core.ImportDone {
			p.AskUndo(r)
		}
	})
	v.list.OnSelect = v.refresh
	v.now = kit.NewSwitcher(v.newIdle())
	v.listPane = kit.NewSwitcher(v.list.Container)
	head := container.NewBorder(nil, nil, kit.Padded(8, kit.NewTitle(kit.T("Earlier imports"))), v.undo)
	v.root = kit.NewSwitcher(container.NewBorder(container.NewVBox(kit.Padded(6, v.now.Container), head), nil, nil, nil, v.listPane.Container))
	v.preview = newPreviewView(p)
	p.changed, p.moved = v.refresh, v.progress
	v.refresh()
	return v
}

func (v *importView) newIdle() fyne.CanvasObject {
	v.open = major(widget.NewButtonWithIcon(kit.T("Import orders…"), theme.DownloadIcon(), v.choose))
	v.loadIt = widget.NewButton(kit.T("Load sample data"), v.sample.Load)
	hint := kit.Note(kit.T("Or drop a CSV file on this window. Nothing is written before you have seen what will be read."))
	return container.NewBorder(nil, nil, container.NewHBox(v.open, v.loadIt), nil, hint)
}

func (v *importView) newList() *kit.Grid[core.ImportRecord] {
	type row = core.ImportRecord
	count := func(id, title string, width float32, n func(row) int64) kit.Column[row] {
		return kit.Column[row]{ID: id, Title: title, Width: width, Align: fyne.TextAlignTrailing, Text: func(r row) string { return kit.Number(n(r)) }}
	}
	return kit.NewGrid(func(r row) string { return strconv.FormatInt(r.ID, 10) },
		kit.Column[row]{ID: "file", Title: kit.T("File"), Width: 120, Weight: 1, Text: func(r row) string {
			if r.Kind == core.ImportSample {
				return kit.T("Sample data")
			}
			return r.File
		}},
		kit.Column[row]{ID: "when", Title: kit.T("When"), Width: 122, Text: func(r row) string { return longTime(r.At) }},
		count("rows", kit.T("Rows"), 76, func(r row) int64 { return r.Rows }),
		count("new", kit.T("New"), 70, func(r row) int64 { return r.OrdersNew }),
		count("changed", kit.T("Changed"), 70, func(r row) int64 { return r.OrdersChanged }),
		count("rejected", kit.T("Rejected"), 66, func(r row) int64 { return r.Rejected }),
		kit.Column[row]{ID: "state", Title: kit.T("State"), Width: 92,
			Text: func(r row) string {
				switch {
				case r.ID == v.p.State().Undoing:
					return kit.T("undoing…")
				case r.State == core.ImportUndone:
					return kit.T("undone")
				}
				return kit.T("imported")
			},
			Style: func(r row) kit.Style {
				if r.State == core.ImportUndone || r.ID == v.p.State().Undoing {
					return kit.Style{Chip: true, Tone: kit.ToneMuted}
				}
				return kit.Style{Chip: true, Tone: kit.ToneGood}
			}})
}

func (v *importView) refresh() {
	s := v.p.State()
	if s.Stage == stagePreview {
		v.preview.refresh()
		v.root.ShowKind("preview", func() fyne.CanvasObject { return v.preview.root })
	} else {
		v.root.ShowContent()
	}
	v.showNow(s)
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.list.SetRows(append([]core.ImportRecord(nil), s.Imports...))
	}
	r, ok := v.list.Selected()
	kit.Show(v.loadIt, s.Edition > 0 && !sampleLoaded(s.Imports))
	kit.Enable(v.undo, ok && r.State == core.ImportDone && s.Undoing == 0 && s.Stage != stageRunning)
	switch {
	case s.Err != nil && len(s.Imports) == 0:
		v.listPane.ShowError(s.Err, v.p.Load)
	case s.Edition > 0 && len(s.Imports) == 0:
		v.listPane.ShowKind("none", func() fyne.CanvasObject {
			return kit.NothingHere(theme.HistoryIcon(), kit.T("Nothing was imported yet. Every import is listed here and can be undone."))
		})
	default:
		v.listPane.ShowContent()
	}
}

// sampleLoaded reports whether the sample data is in the book.
func sampleLoaded(list []core.ImportRecord) bool {
	return slices.ContainsFunc(list, func(r core.ImportRecord) bool {
		return r.Kind == core.ImportSample && r.State == core.ImportDone
	})
}

func (v *importView) showNow(s importState) {
	switch s.Stage {
	case stageRunning:
		v.now.ShowKind("running", func() fyne.CanvasObject {
			v.row = kit.NewProgressRow(kit.T("Importing %s", s.File), v.p.Cancel)
			return v.row.Container
		})
	case stageDone:
		if v.result != s.Result {
			v.result = s.Result
			v.now.Stale()
		}
		v.now.ShowKind("done", func() fyne.CanvasObject { return v.newDone(s) })
	default:
		v.now.ShowContent()
	}
	if s.Stage != stageRunning && v.row != nil {
		v.row.Stop()
		v.row = nil
	}
}

// progress moves the bars, and nothing else.
func (v *importView) progress() {
	s := v.p.State()
	if v.row != nil {
		v.row.Set(s.Progress, s.Elapsed)
	}
	v.preview.progress()
}

// newDone sums up a finished import.
func (v *importView) newDone(s importState) fyne.CanvasObject {
	r := *s.Result
	text := kit.T("%s is imported: %s.", s.File, countsText(r.ImportCounts)) + " " +
		kit.T("%s read in %s s.", kit.N("%s row", "%s rows", r.Rows), kit.Decimal(r.Seconds, 1))
	if r.UnrecognisedCustomers > 0 {
		text += " " + kit.N("%s customer value matches no pattern; see Clients.", "%s customer values match no pattern; see Clients.", r.UnrecognisedCustomers)
	}
	buttons := container.NewHBox(
		major(widget.NewButtonWithIcon(kit.T("Show the breaches"), theme.WarningIcon(), func() {
			v.p.Leave()
			v.breaches()
		})),
		widget.NewButton(kit.T("Done"), v.p.Leave),
		widget.NewButtonWithIcon(kit.T("Undo this import…"), theme.ContentUndoIcon(), func() {
			v.p.AskUndo(core.ImportRecord{ID: r.ImportID, File: s.File, ImportCounts: r.ImportCounts})
		}),
		widget.NewButtonWithIcon(kit.T("Import another file…"), theme.DownloadIcon(), v.choose),
	)
	good := newBanner(kit.ToneGood)
	good.text.SetText(text)
	box := container.NewVBox(good.Container)
	if r.RejectsFile != "" {
		warn := newBanner(kit.ToneWarn,
			widget.NewButton(kit.T("Open the file"), func() { openPath(v.p.host, r.RejectsFile) }),
			widget.NewButton(kit.T("Open its folder"), func() { openPath(v.p.host, folderOf(r.RejectsFile)) }))
		warn.text.SetText(kit.N("%s row was not imported. It is in a file of its own, with the reason: correct it there and import that file.",
			"%s rows were not imported. They are in a file of their own, each with its reason: correct them there and import that file.", r.Rejected))
		box.Add(warn.Container)
	}
	box.Add(buttons)
	return box
}

// choose asks for a file.
func (v *importView) choose() {
	if v.p.busy() {
		return
	}
	open := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			v.p.host.Fail(core.NewError(core.CodeDenied, "orders.choose", kit.T("This file cannot be opened. Choose another one, or drop it on the window."), err))
			return
		}
		if f == nil {
			return
		}
		path := f.URI().Path()
		_ = f.Close() // nothing was read from it; the core opens the path itself
		v.p.Open(path)
	}, v.p.host.Window())
	open.SetFilter(storage.NewExtensionFileFilter([]string{".csv", ".txt", ".tsv", ".CSV", ".TXT", ".TSV"}))
	size := v.p.host.Window().Canvas().Size()
	open.SetView(dialog.ListView) // whole file names
	open.Show()                   // before Resize, which wants the dialog to be there
	open.Resize(fyne.NewSize(min(900, size.Width-40), min(640, size.Height-40)))
}

func (v *importView) content() fyne.CanvasObject { return v.root.Container }
func (v *importView) focus() fyne.Focusable {
	switch v.p.State().Stage {
	case stageIdle:
		return v.open
	case stagePreview:
		return v.preview.imports
	}
	return nil
}
func (v *importView) load() { v.p.Load() }
func (v *importView) close() {
	if v.row != nil {
		v.row.Stop()
	}
	v.preview.close()
}
