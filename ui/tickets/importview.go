package tickets

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// importView shows a file of tickets as it will be read, before anything is kept.
type importView struct {
	p     *importing
	asked *kit.Asked

	about    *kit.Line
	trouble  *kit.Prose
	question *fyne.Container // of two readings of a date
	rows     *kit.Grid[previewRow]
	problems *kit.Prose
	columns  *fyne.Container
	mapping  fyne.CanvasObject // the section of the columns
	source   *kit.Answer
	full     *widget.Check
	body     *fyne.Container

	edition int
}

// previewRow is one of the first tickets, numbered so that equal ones stay apart.
type previewRow struct {
	n int
	t core.Ticket
}

// openImport shows the dialog of the file that the presenter has begun.
func openImport(p *importing) {
	if kit.Asking(p.host.Window()) {
		return
	}
	v := &importView{p: p, edition: -1, about: shrinking(kit.NewCaption("")), trouble: kit.NewProse("", kit.ToneBad),
		question: container.NewVBox(), problems: kit.NewProse("", kit.ToneWarn), columns: container.NewVBox()}
	v.rows = newPreviewGrid(p)
	v.source = kit.NewAnswer("file")
	v.full = widget.NewCheck(kit.T("This file is everything: tickets of this source that are not in it are gone"), nil)
	named := container.NewVBox(
		container.NewBorder(nil, nil, indent(kit.NewLine(kit.T("Name of the source"), kit.ToneNormal)), nil, v.source),
		kit.Note(kit.T("Part of what names a ticket for ever. Files of the same system want the same name.")).Small(), v.full)
	v.mapping = kit.Section(kit.T("Which column is what"), "", v.columns)
	v.body = container.NewVBox(v.question,
		kit.Section(kit.T("The first tickets, as they will be kept"), "", kit.Tall(230, v.rows), v.problems),
		kit.Section(kit.T("Where they come from"), "", named),
		v.mapping)
	all := container.NewBorder(container.NewVBox(indent(v.about), v.trouble), nil, nil, nil,
		container.NewVScroll(container.New(kit.ScrollRoom{}, v.body)))
	v.asked = kit.Ask(p.host.Window(), kit.T("Import %s", filepath.Base(p.State().Path)), kit.T("Import"), all, nil, func() bool {
		ready := p.CanImport()
		if ready {
			p.Import(v.source.Text, v.full.Checked)
		}
		return ready
	}).Size(p.host.Window(), fyne.NewSize(900, 700))
	v.source.OnSubmitted = func(string) { v.asked.Yes() }
	v.source.Leave = v.asked.Leave
	v.asked.OnClosed(func() {
		p.changed = func() {}
		p.Leave()
	})
	p.changed = v.refresh
	v.refresh()
}

func newPreviewGrid(p *importing) *kit.Grid[previewRow] {
	column := func(f core.Field, width, weight float32, text func(core.Ticket) string) kit.Column[previewRow] {
		return kit.Column[previewRow]{ID: string(f), Title: kit.TicketField(f), Width: width, Weight: weight, Text: func(r previewRow) string { return text(r.t) }}
	}
	return kit.NewGrid(func(r previewRow) string { return strconv.Itoa(r.n) },
		column(core.FieldNumber, 80, 0.4, func(t core.Ticket) string { return t.Number }),
		column(core.FieldSubject, 120, 2, func(t core.Ticket) string { return t.Subject }),
		kit.Column[previewRow]{ID: "customer", Title: kit.T("Customer"), Width: 80, Weight: 1, Text: func(r previewRow) string { return customerName(&core.TicketView{Ticket: r.t}) }},
		column(core.FieldStatus, 90, 0.4, func(t core.Ticket) string {
			if raw := rawStatus(t); raw != "" {
				return kit.TicketStatus(t.Status) + " (" + raw + ")"
			}
			return kit.TicketStatus(t.Status)
		}),
		column(core.FieldPriority, 62, 0, func(t core.Ticket) string { return kit.TicketPriority(t.Priority) }),
		column(core.FieldOwner, 70, 0.4, func(t core.Ticket) string { return t.Owner }),
		column(core.FieldCreated, 126, 0, func(t core.Ticket) string { return kit.ShortTime(t.CreatedAt, p.desk.Now()) }),
	).Height(28)
}

func (v *importView) refresh() {
	s := v.p.State()
	v.asked.Enable(v.p.CanImport())
	if s.Preview == nil || s.Reading {
		text := ""
		if s.Reading {
			text = kit.T("Reading the file…")
		}
		v.about.SetText(text)
	}
	if v.edition == s.Edition {
		return
	}
	v.edition = s.Edition
	v.showTrouble(s)
	if s.Preview != nil {
		pre := s.Preview
		v.about.SetText(strings.Join([]string{pre.Format, kit.Bytes(pre.Size)}, " · "))
		rows := make([]previewRow, len(pre.Tickets))
		for i, t := range pre.Tickets {
			rows[i] = previewRow{i, t}
		}
		v.rows.SetRows(rows)
		v.problems.SetText(kit.RejectLines(pre.Problems))
		kit.Show(v.problems, len(pre.Problems) > 0)
		v.showQuestion(pre)
		v.showColumns(pre, s.Chosen)
	}
	v.body.Refresh()
}

func (v *importView) showTrouble(s importState) {
	text := ""
	switch {
	case s.Err != nil:
		text = kit.ErrorText(s.Err)
	case s.Preview != nil && len(s.Preview.Missing) > 0:
		var names []string
		for _, f := range s.Preview.Missing {
			names = append(names, kit.TicketField(f))
		}
		text = kit.T("No column was recognised for: %s. Choose it below.", strings.Join(names, ", "))
	}
	v.trouble.SetText(text)
	kit.Show(v.trouble, text != "")
}

// showQuestion asks how an ambiguous date is meant.
func (v *importView) showQuestion(pre *core.TicketPreview) {
	v.question.RemoveAll()
	if len(pre.DateChoices) == 0 {
		return
	}
	buttons := container.NewHBox()
	for _, c := range pre.DateChoices {
		buttons.Add(major(widget.NewButton(c.Example, func() { v.p.Date(c.Format) })))
	}
	v.question.Add(kit.NewProse(kit.T("Every date of this file can be read in two ways. Which one is right?"), kit.ToneWarn))
	v.question.Add(buttons)
}

// showColumns says which column each field is read from, and why. Where the columns have names,
// another one can be chosen.
func (v *importView) showColumns(pre *core.TicketPreview, chosen core.TicketMapping) {
	v.columns.RemoveAll()
	for _, f := range core.TicketFields() {
		column, why, tone := "", "", kit.ToneMuted
		for _, c := range pre.Columns {
			if c.Field == f {
				column, why = c.Column, c.Why
			}
		}
		switch {
		case slices.Contains(pre.Missing, f):
			why, tone = kit.T("needed: choose its column"), kit.ToneBad
		case chosen.Fields[f] != "":
			why = kit.T("you chose it")
		}
		if len(pre.Header) == 0 && column == "" {
			continue
		}
		var where fyne.CanvasObject = shrinking(kit.NewLine(column, kit.ToneNormal))
		if len(pre.Header) > 0 {
			where = v.columnChoice(f, pre.Header, column)
		}
		name := indent(kit.Wide(140, kit.NewLine(kit.TicketField(f), kit.ToneNormal)))
		v.columns.Add(container.NewBorder(nil, nil, container.NewHBox(name, kit.Wide(240, where)), nil,
			kit.Padded(6, shrinking(captionIn(why, tone)))))
	}
}

func captionIn(text string, tone kit.Tone) *kit.Line {
	l := kit.NewCaption(text)
	l.Tone = tone
	return l
}

func (v *importView) columnChoice(f core.Field, header []string, column string) fyne.CanvasObject {
	none := kit.T("(no column)")
	choice := widget.NewSelect(append([]string{none}, header...), nil)
	if column == "" {
		column = none
	}
	choice.SetSelected(column)
	choice.OnChanged = func(text string) {
		switch text {
		case column:
			return
		case none:
			text = noColumn
		}
		v.p.Assign(f, text)
	}
	return choice
}

// pickFile asks for a file of tickets.
func pickFile(p *importing) {
	w := p.host.Window()
	open := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			p.host.Fail(core.NewError(core.CodeDenied, "tickets.choose", kit.T("This file cannot be opened. Choose another one, or drop it on the window."), err))
			return
		}
		if f == nil {
			return
		}
		path := f.URI().Path()
		_ = f.Close() // nothing was read from it; the core opens the path itself
		p.Open(path)
	}, w)
	open.SetFilter(storage.NewExtensionFileFilter([]string{".csv", ".txt", ".tsv", ".json", ".gz", ".CSV", ".TXT", ".TSV", ".JSON", ".GZ"}))
	size := w.Canvas().Size()
	open.SetView(dialog.ListView) // whole file names
	open.Show()                   // before Resize, which wants the dialog to be there
	open.Resize(fyne.NewSize(min(900, size.Width-40), min(640, size.Height-40)))
}

// reportImport shows what an import did not take as it was.
func reportImport(p *importing, r core.TicketImportResult, file string) {
	box := container.NewVBox(kit.Paragraph(kit.T("%s is imported: %s.", file, importedText(r))))
	if r.Rejected > 0 {
		box.Add(kit.NewProse(kit.N("%s row was not taken. It is in a file of its own, with the reason: correct it there and import that file.",
			"%s rows were not taken. They are in a file of their own, each with its reason: correct them there and import that file.", r.Rejected), kit.ToneWarn))
		for _, reason := range r.RejectReasons {
			box.Add(kit.Note(kit.Number(reason.Count) + " × " + reason.Reason))
		}
		if r.RejectsFile != "" {
			box.Add(container.NewHBox(widget.NewButtonWithIcon(kit.T("Open the file"), theme.DocumentIcon(), func() { openPath(p, r.RejectsFile) }),
				widget.NewButtonWithIcon(kit.T("Open its folder"), theme.FolderOpenIcon(), func() { openPath(p, filepath.Dir(r.RejectsFile)) })))
		}
	}
	words := func(title string, list []core.WordCount) {
		if len(list) == 0 {
			return
		}
		var parts []string
		for _, w := range list[:min(len(list), 20)] {
			parts = append(parts, w.Raw+" ("+kit.Number(w.Count)+")")
		}
		box.Add(kit.Section(title, "", kit.Paragraph(strings.Join(parts, ", "))))
	}
	words(kit.T("Statuses that no table knows; they count as open"), r.UnknownStatuses)
	words(kit.T("Priorities that no table knows; they count as none"), r.UnknownPriorities)
	kit.Read(p.host.Window(), kit.T("The import of %s", file), container.NewVScroll(container.New(kit.ScrollRoom{}, box)), fyne.NewSize(640, 460))
}

// openPath opens a file or a folder with the desktop's program for it.
func openPath(p *importing, path string) {
	if err := fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}); err != nil {
		p.host.Fail(core.NewError(core.CodeUnavailable, "tickets.open", kit.T("This desktop has no program to open %s.", path), err))
	}
}
