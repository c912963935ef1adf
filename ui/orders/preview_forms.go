package orders

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// minHeight is an invisible object that keeps a stack at least so high.
func minHeight(h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, h))
	return r
}

// readingForm shows how the file was found to be written; every finding can be overridden.
type readingForm struct {
	root                                fyne.CanvasObject
	encoding, delimiter, header, format *hintSelect
}

// hintSelect offers what was found, then the values to choose instead.
type hintSelect struct {
	*widget.Select
	values  []string
	names   []string
	filling bool
}

func newHintSelect(values, names []string, choose func(value string)) *hintSelect {
	h := &hintSelect{values: values, names: names}
	h.Select = widget.NewSelect(append([]string{""}, names...), func(string) {
		if i := h.SelectedIndex(); i >= 0 && !h.filling {
			if i == 0 {
				choose("")
			} else {
				choose(values[i-1])
			}
		}
	})
	return h
}

func (h *hintSelect) fill(found, chosen string) {
	h.filling = true
	defer func() { h.filling = false }()
	h.SetOptions(append([]string{kit.T("as found: %s", found)}, h.names...))
	index := 0
	for i, v := range h.values {
		if v == chosen && chosen != "" {
			index = i + 1
		}
	}
	h.SetSelectedIndex(index)
}

func newReadingForm(p *importing) *readingForm {
	f := &readingForm{}
	change := func(set func(h *core.TableHints, value string)) func(string) {
		return func(value string) { p.Change(func(c *importChoices) { set(&c.Hints, value) }) }
	}
	encodings := []string{"utf-8", "utf-16le", "utf-16be", "windows-1252"}
	f.encoding = newHintSelect(encodings, encodings, change(func(h *core.TableHints, v string) { h.Encoding = v }))

	delimiters := []string{",", ";", "tab", "|"}
	f.delimiter = newHintSelect(delimiters, eachName(delimiters, delimiterName), change(func(h *core.TableHints, v string) { h.Delimiter = v }))

	lines := []int{-1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	var lineNames []string
	for _, n := range lines {
		lineNames = append(lineNames, headerName(n))
	}
	f.header = newHintSelect(lineNames, lineNames, change(func(h *core.TableHints, v string) {
		h.HeaderLine = 0
		for i, name := range lineNames {
			if name == v {
				h.HeaderLine = lines[i]
			}
		}
	}))

	formats := []string{"iso", "day-first", "month-first", "excel"}
	f.format = newHintSelect(formats, eachName(formats, dateFormatName), change(func(h *core.TableHints, v string) { h.DateFormat = v }))

	cell := func(label string, s *hintSelect) fyne.CanvasObject {
		return container.NewBorder(nil, nil, formLabel(90, label), nil, s)
	}
	f.root = container.NewGridWithColumns(2,
		cell(kit.T("Encoding"), f.encoding), cell(kit.T("Delimiter"), f.delimiter),
		cell(kit.T("Header"), f.header), cell(kit.T("Dates"), f.format))
	return f
}

func eachName(values []string, name func(string) string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = name(v)
	}
	return out
}

func (f *readingForm) fill(d core.Detected, chosen importChoices) {
	h := chosen.Hints
	f.encoding.fill(d.Encoding, h.Encoding)
	f.delimiter.fill(delimiterName(d.Delimiter), h.Delimiter)
	line := ""
	if h.HeaderLine != 0 {
		line = headerName(h.HeaderLine)
	}
	f.header.fill(headerName(d.HeaderLine), line)
	f.format.fill(dateFormatName(d.DateFormat), h.DateFormat)
}

// statusForm lists the spellings of the file's statuses; unknown ones can be assigned.
type statusForm struct {
	p     *importing
	root  *fyne.Container
	shown string // what the list shows, to leave it alone while nothing changed
}

func newStatusForm(p *importing) *statusForm {
	return &statusForm{p: p, root: container.NewVBox()}
}

// spellings are what the forecast saw, unknown and assigned ones first.
func spellings(s importState) (open, known []core.StatusCount) {
	if s.Forecast == nil {
		return nil, nil
	}
	r := s.Forecast.Result
	seen := map[string]bool{}
	for _, c := range append(append([]core.StatusCount(nil), r.UnknownStatuses...), r.SeenStatuses...) {
		if seen[c.Raw] {
			continue
		}
		seen[c.Raw] = true
		if _, assigned := s.Choices.Statuses[c.Raw]; assigned || !c.Known {
			open = append(open, c)
		} else {
			known = append(known, c)
		}
	}
	return open, known
}

func (f *statusForm) refresh() {
	s := f.p.State()
	if s.Counting {
		return // the list of the forecast before stays until the new one is made
	}
	open, known := spellings(s)
	key := strings.Builder{}
	for _, c := range append(append([]core.StatusCount(nil), open...), known...) {
		st, chosen := s.Choices.Statuses[c.Raw]
		key.WriteString(c.Raw + "\x00" + c.Status.String() + kit.Number(c.Count))
		if chosen {
			key.WriteString(st.String())
		}
	}
	if key.String() == f.shown {
		return
	}
	f.shown = key.String()
	f.root.RemoveAll()
	if len(open)+len(known) == 0 {
		return
	}
	sentence := ""
	if len(open) > 0 {
		sentence = kit.T("Some spellings are not known and count as other. Say what they mean; it is remembered for every later file.")
	}
	box := container.NewVBox()
	for _, c := range open {
		box.Add(f.row(c, s.Choices.Statuses))
	}
	var words []string
	for _, c := range known {
		words = append(words, c.Raw+" = "+kit.OrderStatus(c.Status)+" ("+kit.Number(c.Count)+")")
	}
	if len(words) > 0 {
		box.Add(kit.Note(strings.Join(words, "  ·  ")))
	}
	f.root.Add(kit.Section(kit.T("Statuses of this file"), sentence, box))
	f.root.Refresh()
}

func (f *statusForm) row(c core.StatusCount, chosen map[string]core.Status) fyne.CanvasObject {
	names := []string{kit.T("not known: other")}
	index := 0
	for i, st := range core.Statuses() {
		names = append(names, kit.OrderStatus(st))
		if s, ok := chosen[c.Raw]; ok && s == st {
			index = i + 1
		}
	}
	pick := widget.NewSelect(names, nil)
	pick.SetSelectedIndex(index)
	pick.OnChanged = func(string) {
		if i := pick.SelectedIndex(); i > 0 {
			st := core.Statuses()[i-1]
			f.p.Assign(c.Raw, &st)
		} else {
			f.p.Assign(c.Raw, nil)
		}
	}
	name := kit.NewLine(c.Raw, kit.ToneNormal)
	name.Shrink = true
	count := kit.NewLine(kit.Number(c.Count), kit.ToneMuted)
	count.Align = fyne.TextAlignTrailing
	return container.NewBorder(nil, nil, nil, container.NewHBox(kit.Wide(80, count), kit.Wide(200, pick)), indent(name))
}

// advancedForm holds the value rules and the customer patterns.
type advancedForm struct {
	p        *importing
	root     fyne.CanvasObject
	rules    *fyne.Container
	column   *widget.Select
	prefix   *widget.Entry
	status   *widget.Select
	patterns *widget.Entry
	problem  *kit.Prose
	filling  bool
}

func newAdvancedForm(p *importing) *advancedForm {
	f := &advancedForm{p: p, rules: container.NewVBox(), prefix: widget.NewEntry(), patterns: widget.NewMultiLineEntry(), problem: kit.NewProse("", kit.ToneBad)}
	f.column = widget.NewSelect(nil, nil)
	f.column.PlaceHolder = kit.T("column")
	f.prefix.PlaceHolder = "C"
	var names []string
	for _, st := range core.Statuses() {
		names = append(names, kit.OrderStatus(st))
	}
	f.status = widget.NewSelect(names, nil)
	f.status.SetSelectedIndex(int(core.StatusCancelled))
	add := widget.NewButtonWithIcon(kit.T("Add"), theme.ContentAddIcon(), f.add)
	line := container.NewHBox(indent(kit.NewLine(kit.T("Rows whose"), kit.ToneNormal)), kit.Wide(150, f.column),
		kit.NewLine(kit.T("begins with"), kit.ToneNormal), kit.Wide(70, f.prefix),
		kit.NewLine(kit.T("are"), kit.ToneNormal), kit.Wide(110, f.status), add)
	f.patterns.SetMinRowsVisible(2)
	f.patterns.PlaceHolder = kit.T("as in the settings")
	f.patterns.OnChanged = func(s string) {
		if !f.filling {
			p.Change(func(c *importChoices) { c.Patterns = s })
		}
	}
	f.root = container.NewVBox(
		kit.Note(kit.T("A value rule gives a status by the beginning of a cell, such as an invoice number with a C in front.")),
		line, f.rules,
		kit.Note(kit.T("Customer patterns for this file: regular expressions, one a line. A value that one of them matches as a whole is a customer.")),
		f.patterns, f.problem)
	return f
}

func (f *advancedForm) add() {
	if f.column.Selected == "" || f.prefix.Text == "" || f.status.SelectedIndex() < 0 {
		f.p.host.Toast(kit.ToneWarn, kit.T("Choose a column and write how its cells begin."))
		return
	}
	rule := core.StatusRule{Column: f.column.Selected, Prefix: f.prefix.Text, Status: core.Statuses()[f.status.SelectedIndex()]}
	f.prefix.SetText("")
	f.p.Change(func(c *importChoices) { c.Rules = append(c.Rules[:len(c.Rules):len(c.Rules)], rule) })
}

// reset empties the form for another file.
func (f *advancedForm) reset() {
	f.filling = true
	f.patterns.SetText("")
	f.prefix.SetText("")
	f.column.ClearSelected()
	f.filling = false
}

func (f *advancedForm) fill(header []string, chosen importChoices) {
	f.column.SetOptions(header)
	f.rules.RemoveAll()
	for i, r := range chosen.Rules {
		text := kit.NewLine(kit.T("Rows whose %s begins with %s are %s", r.Column, r.Prefix, kit.OrderStatus(r.Status)), kit.ToneNormal)
		remove := widget.NewButtonWithIcon(kit.T("Remove"), theme.DeleteIcon(), func() {
			f.p.Change(func(c *importChoices) {
				c.Rules = append(append([]core.StatusRule(nil), c.Rules[:i]...), c.Rules[i+1:]...)
			})
		})
		f.rules.Add(container.NewHBox(indent(text), remove))
	}
	f.rules.Refresh()
}

// showProblem says what is wrong with the patterns.
func (f *advancedForm) showProblem(text string) {
	f.problem.SetText(text)
	kit.Show(f.problem, text != "")
}
