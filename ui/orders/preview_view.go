package orders

import (
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func folderOf(path string) string { return filepath.Dir(path) }

// previewView shows a file as it will be read, before anything is written.
type previewView struct {
	p    *importing
	root fyne.CanvasObject
	body *kit.Switcher

	name, about *kit.Line
	trouble     *banner
	question    *fyne.Container // day-first or month-first
	reading     *readingForm
	mapping     *mappingForm
	read, raw   *fyne.Container // the first rows: read, or as they are while they cannot be read
	rows        *kit.Grid[previewRow]
	rawRows     *fyne.Container
	problems    *kit.Prose
	statuses    *statusForm
	advanced    *advancedForm
	forecast    *forecastView
	imports     *widget.Button

	found int
	path  string
}

// previewRow is one of the first rows, numbered so that equal ones stay apart.
type previewRow struct {
	n   int
	row core.OrderRow
}

func newPreviewView(p *importing) *previewView {
	v := &previewView{p: p, name: kit.NewTitle(""), about: kit.NewCaption(""), problems: kit.NewProse("", kit.ToneWarn)}
	v.name.Shrink, v.about.Shrink = true, true
	v.trouble = newBanner(kit.ToneBad)
	v.question = container.NewVBox()
	v.reading = newReadingForm(p)
	v.mapping = newMappingForm(p)
	v.statuses = newStatusForm(p)
	v.advanced = newAdvancedForm(p)
	v.forecast = newForecastView(p)
	v.rows = newRowsGrid()
	v.imports = major(widget.NewButtonWithIcon(kit.T("Import"), theme.ConfirmIcon(), p.Import))
	cancel := widget.NewButton(kit.T("Cancel"), p.Leave)
	keys := kit.NewCaption(importKeys())

	v.read = kit.Section(kit.T("The first rows, as they will be read"), "", container.NewStack(minHeight(230), v.rows.Container), v.problems)
	v.rawRows = container.NewStack()
	v.raw = kit.Section(kit.T("The first rows, as they are in the file"), "", v.rawRows)
	advanced := widget.NewAccordion(widget.NewAccordionItem(kit.T("Value rules and customer patterns"), v.advanced.root))
	all := container.NewVBox(
		v.question,
		v.read, v.raw,
		kit.Section(kit.T("Which column is what"), "", v.mapping.root),
		v.statuses.root,
		kit.Section(kit.T("How the file is written"), "", v.reading.root),
		advanced,
	)
	v.body = kit.NewSwitcher(container.NewVScroll(kit.Padded(4, all)))
	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(keys, cancel, v.imports)), kit.Padded(6, container.NewVBox(v.name, v.about)))
	v.trouble.within = container.NewBorder(container.NewVBox(head, v.trouble.Container), kit.Padded(4, v.forecast.root.Container), nil, nil, v.body.Container)
	v.root = v.trouble.within
	return v
}

// importKeys names the shortcut of the menu's item that imports the preview.
func importKeys() string {
	if runtime.GOOS == "darwin" {
		return "⌘↩"
	}
	return kit.T("Ctrl+Enter")
}

func newRowsGrid() *kit.Grid[previewRow] {
	column := func(f core.Field, width, weight float32, text func(core.OrderRow) string) kit.Column[previewRow] {
		return kit.Column[previewRow]{ID: string(f), Title: columnTitle(f), Width: width, Weight: weight, Text: func(r previewRow) string { return text(r.row) }}
	}
	customer := column(core.FieldCustomer, 90, 0.7, func(r core.OrderRow) string { return r.Customer })
	customer.Style = func(r previewRow) kit.Style {
		if !r.row.Recognised {
			return kit.Style{Tone: kit.ToneWarn, Icon: theme.QuestionIcon()}
		}
		return kit.Style{}
	}
	status := column(core.FieldStatus, 100, 0.3, func(r core.OrderRow) string {
		if r.RawStatus != "" && !strings.EqualFold(r.RawStatus, r.Status.String()) {
			return kit.OrderStatus(r.Status) + " (" + r.RawStatus + ")"
		}
		return kit.OrderStatus(r.Status)
	})
	amount := column(core.FieldAmount, 70, 0, func(r core.OrderRow) string {
		if !r.HasAmount {
			return ""
		}
		return r.Amount.String()
	})
	amount.Align = fyne.TextAlignTrailing
	return kit.NewGrid(func(r previewRow) string { return strconv.Itoa(r.n) },
		column(core.FieldID, 90, 0.3, func(r core.OrderRow) string {
			if r.LineID != "" {
				return r.OrderID + " / " + r.LineID
			}
			return r.OrderID
		}),
		customer,
		column(core.FieldDate, 84, 0, func(r core.OrderRow) string { return r.Day.String() }),
		status, amount,
		column(core.FieldName, 60, 0.6, func(r core.OrderRow) string { return r.Name }),
		column(core.FieldEmail, 60, 1.2, func(r core.OrderRow) string { return r.Email }),
	).Height(28)
}

// columnTitle is a field's name, short enough for a narrow column.
func columnTitle(f core.Field) string {
	switch f {
	case core.FieldName:
		return kit.T("Name")
	case core.FieldEmail:
		return kit.T("E-mail")
	}
	return fieldName(f)
}

func (v *previewView) refresh() {
	s := v.p.State()
	v.name.SetText(s.File)
	kit.Enable(v.imports, v.p.CanImport())
	if v.path != s.Path {
		v.path, v.found = s.Path, 0
		v.advanced.reset()
	}
	v.showTrouble(s)
	v.advanced.showProblem(s.PatternErr)
	v.forecast.refresh()
	v.statuses.refresh()
	if s.Preview == nil {
		v.about.SetText("")
		if s.Reading {
			v.about.SetText(kit.T("Reading the file…"))
		}
		v.body.ShowKind("wait", func() fyne.CanvasObject { return container.NewStack() })
		return
	}
	v.body.ShowContent()
	if v.found == s.Found {
		return
	}
	v.found = s.Found
	pre := s.Preview
	about := []string{kit.Bytes(pre.Size)}
	if pre.Remembered {
		about = append(about, kit.T("read as you chose for an earlier file with this header"))
	}
	v.about.SetText(strings.Join(about, " · "))
	v.showQuestion(pre)
	v.reading.fill(pre.Detected, s.Choices)
	v.mapping.fill(pre, s.Choices)
	v.advanced.fill(pre.Header, s.Choices)
	v.showRows(pre)
}

func (v *previewView) showRows(pre *core.ImportPreview) {
	raw := len(pre.Read) == 0 && len(pre.Rows) > 0
	kit.Show(v.read, !raw)
	kit.Show(v.raw, raw)
	if raw {
		v.rawRows.Objects = []fyne.CanvasObject{newRawRows(pre.Header, pre.Rows)}
		v.rawRows.Refresh()
		return
	}
	rows := make([]previewRow, len(pre.Read))
	for i, r := range pre.Read {
		rows[i] = previewRow{i, r}
	}
	v.rows.SetRows(rows)
	v.problems.SetText(kit.RejectLines(pre.Problems))
	kit.Show(v.problems, len(pre.Problems) > 0)
}

// showTrouble says what keeps the file from being imported.
func (v *previewView) showTrouble(s importState) {
	text := ""
	switch {
	case s.PreviewErr != nil:
		text = kit.ErrorText(s.PreviewErr)
	case s.Preview != nil && len(s.Preview.Missing) > 0:
		var names []string
		for _, f := range s.Preview.Missing {
			names = append(names, fieldName(f))
		}
		text = kit.T("No column was recognised for: %s. Choose it below.", strings.Join(names, ", "))
	}
	v.trouble.set(text, text != "")
}

// showQuestion asks how an ambiguous date is meant.
func (v *previewView) showQuestion(pre *core.ImportPreview) {
	v.question.RemoveAll()
	if len(pre.DateChoices) == 0 {
		return
	}
	var buttons []fyne.CanvasObject
	for _, c := range pre.DateChoices {
		buttons = append(buttons, major(widget.NewButton(c.Example, func() {
			v.p.Change(func(ch *importChoices) { ch.Hints.DateFormat = c.Format })
		})))
	}
	ask := newBanner(kit.ToneWarn)
	ask.text.SetText(kit.T("Every date of this file can be read in two ways. Which one is right?"))
	v.question.Add(ask.Container)
	v.question.Add(container.NewHBox(buttons...))
}

func (v *previewView) progress() { v.forecast.progress() }
func (v *previewView) close()    { v.forecast.close() }

// mappingForm says for every field which column it is read from, and why.
type mappingForm struct {
	p       *importing
	root    fyne.CanvasObject
	selects map[core.Field]*widget.Select
	whys    map[core.Field]*kit.Line
	filling bool
}

func newMappingForm(p *importing) *mappingForm {
	f := &mappingForm{p: p, selects: map[core.Field]*widget.Select{}, whys: map[core.Field]*kit.Line{}}
	box := container.NewVBox()
	for _, field := range orderFields() {
		choice := widget.NewSelect(nil, func(text string) {
			if !f.filling {
				f.choose(field, text)
			}
		})
		why := kit.NewCaption("")
		why.Shrink = true
		f.selects[field], f.whys[field] = choice, why
		name := fieldName(field)
		box.Add(container.NewBorder(nil, nil, container.NewHBox(formLabel(140, name), kit.Wide(240, choice)), nil, kit.Padded(6, why)))
	}
	f.root = box
	return f
}

func (f *mappingForm) choose(field core.Field, text string) {
	f.p.Change(func(c *importChoices) {
		if text == noColumnName() {
			c.Map[field] = noColumn
			return
		}
		c.Map[field] = text
	})
}

func noColumnName() string { return kit.T("(no column)") }

func (f *mappingForm) fill(pre *core.ImportPreview, chosen importChoices) {
	f.filling = true
	defer func() { f.filling = false }()
	options := append([]string{noColumnName()}, pre.Header...)
	for _, field := range orderFields() {
		column, why := noColumnName(), ""
		for _, c := range pre.Columns {
			if c.Field == field {
				column, why = c.Column, c.Why
			}
		}
		tone := kit.ToneMuted
		switch {
		case slices.Contains(pre.Missing, field):
			why, tone = kit.T("needed: choose its column"), kit.ToneBad
		case chosen.Map[field] != "":
			why = kit.T("you chose it")
		}
		f.selects[field].SetOptions(options)
		f.selects[field].SetSelected(column)
		f.whys[field].Set(why, tone)
	}
}
