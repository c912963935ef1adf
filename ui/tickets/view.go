package tickets

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// arrowRest is how long the arrow keys must rest on a row before its ticket is read.
const arrowRest = 60 * time.Millisecond

// sideBySide is the width from which the pane stands beside the grid.
const sideBySide = 880

// view is the widgets of the tab.
type view struct {
	*bench
	list       *list
	detail     *detail
	predicting *predicting
	marks      *marks
	files      *importing

	filter                *kit.Suggest
	filters               *widget.Button
	problem               *kit.Prose
	count, keys           *kit.Line
	ack, snooze, assign   *widget.Button
	toggle, bring, export *widget.Button
	grid                  *kit.LazyGrid[ticketRow]
	pane                  *kit.Switcher
	side                  *kit.SidePane
	ticket                *ticketView
	top                   *fyne.Container
	root                  fyne.CanvasObject

	edition int
	sorted  string // the order the numbers shown are in
	open    bool   // the pane is wanted
	filling bool
	waits   bool // the filter has the keyboard only until the list comes
	called  bool // the ticket in the pane was opened by its number, and not by a row: it stays whatever the filter finds
}

func newView(b *bench, l *list, d *detail, p *predicting, m *marks, f *importing) *view {
	v := &view{bench: b, list: l, detail: d, predicting: p, marks: m, files: f}
	v.newFilter()
	v.newButtons()
	v.newGrid()
	v.ticket = newTicketView(v)
	v.side = kit.NewSidePane(b.ui, v.grid, v.ticket.root, sideBySide, 0.6)
	v.side.Changed = func(wide bool) {
		v.open = wide && d.State().No != 0
		v.refreshDetail()
	}
	v.pane = kit.NewSwitcher(v.side)
	v.problem = kit.NewProse("", kit.ToneBad)
	v.count, v.keys = kit.NewCaption(""), kit.NewCaption(kit.T("Enter details · A acknowledge · S snooze · O assign · Ctrl+F filter · Esc back"))
	v.count.Shrink, v.keys.Shrink = false, true
	v.keys.Align = fyne.TextAlignTrailing

	first := container.NewBorder(nil, nil, kit.Wide(170, v.filters), nil, v.filter)
	buttons := kit.Bar([]fyne.CanvasObject{v.ack, v.snooze, v.assign}, append(append([]fyne.CanvasObject{v.toggle}, kit.Allowed(v.host, core.ImportFiles, v.bring)...), v.export))
	v.top = container.NewVBox(first, v.problem, buttons)
	v.problem.Hide()
	foot := kit.Padded(4, container.NewBorder(nil, nil, v.count, nil, v.keys))
	body := container.NewBorder(v.top, foot, nil, nil, v.pane.Container)
	v.root = container.NewStack(body, kit.SuggestLayer(v.filter))

	l.changed, l.pages.changed, d.changed = v.refresh, v.rowsCame, v.refreshDetail
	p.changed = v.predictionsChanged
	v.refresh()
	v.refreshDetail()
	return v
}

func (v *view) newFilter() {
	v.filter = kit.NewSuggest(kit.T("Filter: status:new priority:>=high tough:yes due:<1h words"))
	v.filter.Complete = func(text string, cursor int) []core.Completion {
		list := v.desk.CompleteQuery(text, cursor)
		for i := range list {
			if h := list[i].Hint; strings.Trim(h, "0123456789") != "" { // not the number of tickets
				list[i].Hint = kit.Said(core.Phrase{Format: h})
			}
		}
		return list
	}
	v.filter.Typed = func(text string) { v.waits = false; v.list.Type(text) }
	v.filter.Enter = func() { v.list.Enter(); v.focusGrid() }
	v.filter.Leave = v.focusGrid
	v.filter.Down = v.focusGrid
	v.filter.Pressed = func() { v.ui.Do(func() { v.filter.Resume(v.host.Window().Canvas()) }) }
	v.filter.Put(v.list.Text())
	v.filters = widget.NewButtonWithIcon("", theme.MenuDropDownIcon(), v.showFilters)
	v.filters.IconPlacement = widget.ButtonIconTrailingText
}

func (v *view) newButtons() {
	v.ack = widget.NewButtonWithIcon(kit.T("Acknowledge…"), theme.ConfirmIcon(), func() { v.askAttention(core.Acknowledge) })
	v.snooze = widget.NewButtonWithIcon(kit.T("Snooze…"), theme.VolumeMuteIcon(), func() { v.askAttention(core.Snooze) })
	v.assign = widget.NewButtonWithIcon(kit.T("Assign…"), theme.AccountIcon(), v.askOwner)
	v.toggle = widget.NewButtonWithIcon(kit.T("Details"), theme.InfoIcon(), func() { v.setOpen(!v.open) })
	v.bring = widget.NewButtonWithIcon(kit.T("Import tickets…"), theme.DownloadIcon(), v.files.choose)
	v.export = widget.NewButtonWithIcon(kit.T("Export…"), theme.DocumentSaveIcon(), v.askExport)
}

func (v *view) newGrid() {
	v.grid = kit.NewLazyGrid(v.list.pages.Row, columns(v.desk, v.predicting.Bar)...)
	v.grid.OnSee = v.list.pages.See
	v.grid.OnSort = v.list.SetSort
	v.grid.OnSelect = v.selected
	v.grid.OnOpen = func(no uint32) { v.detail.Show(no, 0); v.setOpen(true) }
	v.grid.OnRune = v.letter
	v.grid.OnKey = func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			v.setOpen(false)
		}
	}
	v.grid.OnShortcut = v.shortcut
	v.grid.Menu = v.menu
	v.showSort()
}

// letter does what a letter stands for while the grid has the keyboard.
func (v *view) letter(r rune) {
	switch r {
	case 'a', 'A':
		v.askAttention(core.Acknowledge)
	case 's', 'S':
		v.askAttention(core.Snooze)
	case 'o', 'O':
		v.askOwner()
	case '/':
		v.find()
	}
}

func (v *view) shortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && c.KeyName == fyne.KeyF && c.Modifier == fyne.KeyModifierShortcutDefault {
		v.find()
	}
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		v.copyNumber()
	}
}

// find gives the keyboard to the filter.
func (v *view) find() {
	if w := v.host.Window(); w != nil {
		w.Canvas().Focus(v.filter)
		v.filter.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// focus gives the keyboard to the grid, or to the filter while the grid is empty.
func (v *view) focus() {
	s := v.list.State()
	v.waits = len(s.Nos) == 0 && s.Edition == 0
	if len(s.Nos) == 0 {
		v.find()
		return
	}
	v.focusGrid()
}

// endWait gives the keyboard to the list that came, unless somebody works in the filter by now.
func (v *view) endWait() {
	if w := v.host.Window(); v.waits && w != nil && len(v.list.State().Nos) > 0 {
		v.waits = false
		if w.Canvas().Focused() == fyne.Focusable(v.filter) && !v.called {
			v.focusGrid()
		}
	}
}

// focusGrid gives the keyboard to the grid, or to the pane where that stands in its place.
func (v *view) focusGrid() {
	w := v.host.Window()
	switch {
	case w == nil || v.pane.Kind() != "":
	case v.side.Covered():
		w.Canvas().Focus(v.ticket.root)
	default:
		v.grid.Focus(w.Canvas())
	}
}

// selected follows the selection of the grid.
func (v *view) selected() {
	if v.filling {
		return
	}
	v.called = false
	no := v.grid.Current()
	if no != 0 && !v.open && v.side.Wide() && v.detail.State().No == 0 {
		v.open = true // the first one chosen shows that there is a pane
	}
	v.detail.Show(no, arrowRest)
	v.refreshButtons()
}

// setOpen shows or hides the pane of the ticket.
func (v *view) setOpen(open bool) {
	v.open = open
	v.refreshDetail()
	if !open || v.side.Covered() {
		v.focusGrid()
	}
}

// targets are the tickets that what is pressed is about: those selected, or the one in the pane.
func (v *view) targets() []uint32 {
	if v.grid.Count() > 0 {
		return v.grid.Selected()
	}
	if no := v.detail.State().No; no != 0 {
		return []uint32{no}
	}
	return nil
}

// openTicket shows a ticket, whether the filter finds it or not.
func (v *view) openTicket(no uint32) {
	v.filling = true
	if !v.grid.Select(no) {
		v.grid.Clear()
	}
	v.filling = false
	v.called = true
	v.detail.Show(no, 0)
	v.setOpen(true)
	v.refreshButtons()
}

// setFilter puts a filter, wherever it comes from.
func (v *view) setFilter(f core.SavedFilter) {
	v.filter.Put(f.Text)
	v.list.SetFilter(f.Text, f.Sort)
}

func (v *view) refresh() {
	s := v.list.State()
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.showSort()
		v.filling = true
		v.grid.SetNumbers(s.Nos, s.Stay)
		if no := v.detail.State().No; no != 0 && v.grid.Count() == 0 && !s.Stay && !v.called {
			v.detail.Show(0, 0) // the ticket went with the filter that found it
		}
		v.filling = false
		v.ui.Do(v.selectCalled) // once the rows have their place
	}
	name := nameOf(v.list.Text(), s.Saved)
	if name == "" {
		name = kit.T("Filters")
	}
	if v.filters.Text != name {
		v.filters.SetText(name)
	}
	v.showProblem(s)
	v.showCount(s)
	v.refreshButtons()
	v.showPane(s)
	v.endWait()
}

// selectCalled selects the ticket that was opened by its number before its row was there.
func (v *view) selectCalled() {
	if no := v.detail.State().No; no != 0 && v.called && v.grid.Count() == 0 {
		v.filling = true
		v.grid.Select(no)
		v.filling = false
	}
	v.ticket.refresh() // it says whether the filter finds its ticket
}

// rowsCame draws the rows in sight that were read.
func (v *view) rowsCame() {
	v.grid.RefreshRows()
	v.showProblem(v.list.State())
}

// predictionsChanged draws anew what depends on what predicts here.
func (v *view) predictionsChanged() {
	v.grid.RefreshRows()
	v.ticket.built = "" // the pane says by what
	v.ticket.refresh()
}

func (v *view) showSort() {
	if v.sorted != v.list.Sort() {
		v.sorted = v.list.Sort()
		v.grid.ShowSort(parseSort(v.sorted))
	}
}

// showProblem says under the filter what is wrong with it, where, or what went wrong.
func (v *view) showProblem(s listState) {
	text, tone := "", kit.ToneBad
	switch {
	case s.Problem != nil:
		text = s.Problem.Message
		if s.Problem.Phrase.Format != "" {
			text = kit.Said(s.Problem.Phrase)
		}
		if part := problemPart(v.list.Text(), s.Problem); part != "" && !strings.Contains(s.Problem.Message, "“"+strings.TrimSuffix(part, ":")) {
			text = kit.T("At %s: %s", "“"+part+"”", text)
		}
		if s.Found != strings.TrimSpace(v.list.Text()) && len(s.Nos) > 0 {
			text += " " + kit.T("The list still shows what was found before.")
		}
	case s.Err != nil && len(s.Nos) > 0:
		text = kit.ErrorText(s.Err)
	case v.list.pages.Err() != nil:
		text = kit.ErrorText(v.list.pages.Err())
	case len(s.Notes) > 0:
		tone = kit.ToneMuted
		for _, n := range s.Notes {
			text = strings.TrimLeft(text+" "+kit.Said(n), " ")
		}
	}
	if text == v.problem.Text() && text != "" == v.problem.Visible() {
		return
	}
	v.problem.Set(text, tone)
	kit.Show(v.problem, text != "")
	v.top.Refresh() // it may wrap
	v.root.Refresh()
}

// problemPart is the part of a filter a problem is about.
func problemPart(text string, p *core.QueryProblem) string {
	if p.Start < 0 || p.End > len(text) || p.Start >= p.End {
		return ""
	}
	part := []rune(text[p.Start:p.End])
	if len(part) > 30 {
		return string(part[:30]) + "…"
	}
	return string(part)
}

// wordBegun is the filter that also finds words of which the last one is the beginning; "" where
// the filter does not end with a word to be found whole.
func wordBegun(text string) string {
	word := lastPart(text)
	if len(word) < 2 || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) ||
		strings.Count(text, `"`)%2 == 1 {
		return ""
	}
	return text + "*"
}

// lastPart is what stands behind the last space of a filter.
func lastPart(text string) string { return text[strings.LastIndex(text, " ")+1:] }

func (v *view) showCount(s listState) {
	text := countText(len(s.Nos))
	switch {
	case s.Edition == 0:
		text = kit.T("Loading…")
	case v.grid.Count() > 1:
		text += " · " + kit.T("%s selected", kit.Number(int64(v.grid.Count())))
	}
	v.count.SetText(text)
}

func (v *view) refreshButtons() {
	s := v.list.State()
	some := v.grid.Count() > 0 || v.detail.State().No != 0
	kit.Enable(v.ack, some)
	kit.Enable(v.snooze, some)
	kit.Enable(v.assign, some)
	kit.Enable(v.toggle, v.detail.State().No != 0)
	kit.Enable(v.export, len(s.Nos) > 0)
	v.showCount(s)
}

func (v *view) refreshDetail() {
	v.side.SetOpen(v.open && v.detail.State().No != 0)
	v.ticket.refresh()
	v.host.Title(kit.TabTickets, openTicket(v.detail.State()))
	v.refreshButtons()
}

func (v *view) showPane(s listState) {
	switch {
	case s.Err != nil && s.Edition == 0:
		v.pane.ShowError(s.Err, v.list.Start)
	case !s.Ready && s.Edition == 0 && (!s.Loading || v.pane.Kind() == "reading"):
		v.pane.ShowKind("reading", func() fyne.CanvasObject {
			return kit.NothingHere(theme.HistoryIcon(), kit.T("Reading tickets…"))
		})
	case s.Empty && s.Edition > 0 && v.detail.State().No == 0:
		v.pane.ShowKind("empty", v.noTickets)
	case len(s.Nos) == 0 && s.Edition > 0 && v.detail.State().No == 0:
		v.pane.ShowKind("none "+s.Found, func() fyne.CanvasObject {
			var more []fyne.CanvasObject
			if begun := wordBegun(s.Found); begun != "" {
				more = append(more, major(widget.NewButton(kit.T("Search for words that begin so: %s", lastPart(begun)), func() {
					v.setFilter(core.SavedFilter{Text: begun})
					v.filter.Resume(v.host.Window().Canvas())
				})))
			}
			return kit.NothingHere(theme.SearchIcon(), kit.T("No ticket fits this filter."), append(more,
				widget.NewButton(kit.T("Show open tickets"), func() { v.setFilter(firstFilter()) }),
				widget.NewButton(kit.T("Show all tickets"), func() { v.setFilter(core.SavedFilter{Sort: "-updated"}) }))...)
		})
	case v.pane.Kind() != "":
		v.pane.ShowContent()
		v.ui.Do(func() { // what stood there may have taken the keyboard with it
			if w := v.host.Window(); w != nil && w.Canvas().Focused() == nil {
				v.focusGrid()
			}
		})
	}
}

// noTickets is the beginning of everything.
func (v *view) noTickets() fyne.CanvasObject {
	if !v.host.May(core.ImportFiles) {
		return kit.NothingHere(theme.MailAttachmentIcon(), kit.T("No tickets yet. A lead or an admin of this desk imports them, or connects a source."))
	}
	return kit.NothingHere(theme.MailAttachmentIcon(),
		kit.T("No tickets yet. Import a file of tickets, drop one on this window, or connect a source such as Salesforce in the settings. The sample tickets are there to look around."),
		major(widget.NewButtonWithIcon(kit.T("Import tickets…"), theme.DownloadIcon(), v.files.choose)),
		widget.NewButton(kit.T("Load sample tickets"), v.files.LoadSample),
		widget.NewButton(kit.T("Sources…"), func() { v.host.Go(kit.TabSettings, kit.PlaceSources) }))
}

// openTicket names the ticket in the pane for the window's title; "" none.
func openTicket(s detailState) string {
	if s.Detail == nil {
		return ""
	}
	return strings.TrimSpace(s.Detail.Number + " " + s.Detail.Subject)
}
