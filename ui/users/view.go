package users

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// view is the page of the users: the list, and beside it the pane of the one chosen.
type view struct {
	*bench
	list *list
	root *fyne.Container

	note                             *kit.Prose // why nothing can be changed, or what holds of them all
	add, edit, active, reset, remove *press
	buttons, filter                  fyne.CanvasObject
	search                           *kit.Answer
	role                             *choice
	count                            *kit.Line
	grid                             *kit.Grid[core.User]
	side                             *kit.SidePane
	pane                             *kit.Switcher
	form                             *formView
	facts                            *factsView
	first                            *press // adds the first admin; nil until it is needed
	opened, closed                   bool   // the pane was asked for; was shut
	waits                            bool   // the keyboard goes to the list once it is read
	filling                          bool
	edition                          int
	top                              *fyne.Container
	height                           float32 // of top, as root was laid out for
}

// sideBySide is the width that holds the list and the pane.
const sideBySide float32 = 1000

func newView(l *list) *view {
	v := &view{bench: l.bench, list: l}
	v.note = kit.NewProse("", kit.ToneMuted)
	v.newButtons()
	v.newFilter()
	v.grid = newUserGrid(v.desk)
	v.grid.OnSelect = v.selected
	v.grid.OnOpen = func(core.User) { v.open() }
	v.grid.OnKey = func(e *fyne.KeyEvent) {
		switch e.Name {
		case fyne.KeyEscape:
			v.leave()
		case fyne.KeyDelete:
			l.Remove()
		}
	}
	v.grid.Menu = func([]core.User) *fyne.Menu { return v.menu() }
	v.form, v.facts = newFormView(l, v.leave), newFactsView(v.leave)
	var beside fyne.CanvasObject = v.form.root
	if !v.mayEdit() {
		beside = v.facts
	}
	v.side = kit.NewSidePane(v.ui, v.grid, beside, sideBySide, 0.56)
	v.side.Changed = func(bool) { v.refresh() }
	v.pane = kit.NewSwitcher(v.side)

	v.filter = container.NewBorder(nil, nil, container.NewHBox(kit.Wide(230, v.search), kit.Wide(180, v.role)), nil, container.New(layout.NewCustomPaddedLayout(0, 0, 6, 0), v.count))
	v.top = container.NewVBox(v.buttons, v.filter, v.note)
	v.root = container.NewBorder(kit.Padded(4, v.top), nil, nil, nil, v.pane.Container)
	l.changed = v.refresh
	v.refresh()
	return v
}

func (v *view) newButtons() {
	l := v.list
	v.add = major(newPress(kit.T("Add user"), theme.ContentAddIcon(), v.addOne, nil))
	v.edit = newPress(kit.T("Change"), theme.DocumentCreateIcon(), v.open, nil)
	v.active = newPress("", nil, func() {
		if u, ok := l.Chosen(); ok {
			l.SetActive(!u.Active)
		}
	}, nil)
	v.reset = newPress(kit.T("New password…"), theme.ViewRefreshIcon(), l.Reset, nil)
	v.remove = newPress(kit.T("Remove…"), theme.DeleteIcon(), l.Remove, nil)
	v.buttons = kit.Bar([]fyne.CanvasObject{v.add, v.edit}, []fyne.CanvasObject{v.active, v.reset, v.remove})
}

func (v *view) newFilter() {
	v.search = kit.NewAnswer(kit.T("Find a name, address or product"))
	v.search.OnChanged = v.list.Find
	v.search.Leave = func() { v.search.SetText(""); v.grid.Focus() }
	v.search.OnSubmitted = func(string) { v.grid.Focus() }
	words := []string{kit.T("All roles")}
	for _, r := range core.Roles() {
		words = append(words, kit.RoleName(r))
	}
	v.role = newChoice(words, func(at int) {
		if at > 0 {
			v.list.Filter(core.Roles()[at-1])
		} else {
			v.list.Filter("")
		}
	})
	v.role.SetSelectedIndex(0)
	v.count = kit.NewCaption("")
	v.count.Shrink = true
}

func (v *view) menu() *fyne.Menu {
	u, ok := v.list.Chosen()
	if !ok || !v.mayEdit() {
		return nil
	}
	items := []*fyne.MenuItem{fyne.NewMenuItem(kit.T("Change"), v.open), fyne.NewMenuItem(kit.T("New password…"), v.list.Reset)}
	if u.HasPassword {
		items = append(items, fyne.NewMenuItem(kit.T("Take password away…"), v.list.Bar))
	}
	items = append(items, fyne.NewMenuItem(activeWord(u), func() { v.list.SetActive(!u.Active) }), fyne.NewMenuItemSeparator(), fyne.NewMenuItem(kit.T("Remove…"), v.list.Remove))
	return fyne.NewMenu("", items...)
}

func activeWord(u core.User) string {
	if u.Active {
		return kit.T("Disable…")
	}
	return kit.T("Enable")
}

// selected follows the selection of the grid.
func (v *view) selected() {
	if !v.filling {
		u, _ := v.grid.Selected()
		v.list.Choose(u.ID)
	}
}

// open shows the pane of the chosen user and gives it the keyboard.
func (v *view) open() {
	if _, ok := v.list.Chosen(); ok {
		v.opened, v.closed = true, false
		v.refresh()
		v.focusPane()
	}
}

func (v *view) addOne() {
	v.list.Add()
	if u := v.list.form.State().User; u != nil && u.ID == 0 {
		v.opened, v.closed = true, false
		v.refresh()
		v.focusPane()
	}
}

// leave shuts the pane, after asking when it holds changes.
func (v *view) leave() {
	v.list.form.Leave(func() {
		v.opened, v.closed = false, true
		v.refresh()
		v.focusList()
	})
}

func (v *view) focusPane() {
	w := v.host.Window()
	if w == nil {
		return
	}
	if !v.mayEdit() {
		w.Canvas().Focus(v.facts)
		return
	}
	v.form.scroll.ScrollToTop()
	v.form.focus(fieldName)
}

// focusList gives the keyboard to the list, or to the pane where that stands in its place.
func (v *view) focusList() {
	w := v.host.Window()
	switch {
	case w == nil:
	case !v.list.State().Read:
		v.waits = true
	case v.pane.Kind() == nobody && v.first != nil:
		w.Canvas().Focus(v.first)
	case v.pane.Kind() != "":
		w.Canvas().Focus(v.search)
	case v.side.Covered():
		v.focusPane()
	default:
		v.grid.Focus()
	}
}

func (v *view) refresh() {
	v.filling = true
	defer func() { v.filling = false }()
	s, may := v.list.State(), v.mayEdit()
	u, chosen := v.list.Chosen()
	kit.Show(v.buttons, may && (!s.Read || len(s.All) > 0 || v.list.form.State().User != nil))
	kit.Enable(v.add, s.Read && !s.Busy)
	for _, b := range []*press{v.edit, v.active, v.reset, v.remove} {
		kit.Enable(b, chosen && !s.Busy)
	}
	u.Active = u.Active || !chosen
	v.active.SetText(activeWord(u))
	kit.Show(v.filter, len(s.All) > 0 || !s.Read)
	v.showNote(s, may)
	v.showCount(s)
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.grid.SetRows(append([]core.User(nil), s.Users...))
	}
	v.mark()
	v.form.refresh()
	v.facts.show(v.list.form.State())
	open := v.list.form.State().User != nil && (v.opened || v.side.Wide() && !v.closed)
	v.side.SetOpen(open)
	v.showPane(s, may)
	if v.waits && s.Read {
		v.waits = false
		v.focusList()
	}
}

// nobody is what stands in the place of a list without users.
const nobody = "nobody"

// showNote says what concerns the whole list.
func (v *view) showNote(s listState, may bool) {
	text := ""
	switch {
	case !may:
		text = kit.T("You may look at the users and not change them: your role is %s. Ask an admin of this desk.", kit.RoleName(v.desk.Seat().Actor.Role))
	case s.Read && len(s.All) > 0 && v.list.Unsigned():
		text = kit.T("Nobody has a password, so nobody is asked who they are. The first one has to be an admin's.")
	}
	v.note.SetText(text)
	kit.Show(v.note, text != "")
	makeRoom(v.root, v.top, &v.height)
}

func (v *view) showCount(s listState) {
	switch {
	case s.Err != nil && s.Read: // the rows are those that were read before
		v.count.Set(kit.ErrorText(s.Err), kit.ToneBad)
	case s.Err != nil || !s.Read:
		v.count.SetText("")
	case len(s.Users) < len(s.All):
		v.count.Set(kit.T("%s of %s users", kit.Number(int64(len(s.Users))), kit.Number(int64(len(s.All)))), kit.ToneMuted)
	default:
		v.count.Set(kit.N("%s user", "%s users", int64(len(s.All))), kit.ToneMuted)
	}
}

// mark has the grid mark the user in the form.
func (v *view) mark() {
	want := int64(0)
	if u := v.list.form.State().User; u != nil {
		want = u.ID
	}
	if u, _ := v.grid.Selected(); u.ID != want {
		if want == 0 || !v.grid.SelectKey(strconv.FormatInt(want, 10)) {
			v.grid.ClearSelection()
		}
	}
}

func (v *view) showPane(s listState, may bool) {
	switch {
	case s.Err != nil && !s.Read:
		v.pane.ShowError(s.Err, v.list.Load)
	case s.Read && len(s.All) == 0 && v.list.form.State().User == nil:
		v.pane.ShowKind(nobody, func() fyne.CanvasObject {
			text := kit.T("Nobody yet. Users are told of their tickets, by mail or on the desktop; those with a password sign in at this window and at the REST server; a collector is a program that posts tickets.\n\nAdd yourself first, as an admin. Nothing is asked at this window until a second user has a password.")
			if !may {
				return nothingHere(theme.AccountIcon(), kit.T("Nobody yet."))
			}
			v.first = major(newPress(kit.T("Add the first admin"), theme.ContentAddIcon(), v.addOne, nil))
			return nothingHere(theme.AccountIcon(), text, v.first)
		})
	case s.Read && len(s.All) > 0 && len(s.Users) == 0 && !v.side.Covered() && v.list.form.State().User == nil:
		v.pane.ShowKind("no match", func() fyne.CanvasObject {
			return nothingHere(theme.SearchIcon(), kit.T("No user matches."), newPress(kit.T("Show all users"), nil, func() {
				v.search.SetText("")
				v.role.SetSelectedIndex(0)
			}, nil))
		})
	default:
		v.pane.ShowContent()
	}
}

// newUserGrid is the list with its columns.
func newUserGrid(desk Desk) *kit.Grid[core.User] {
	return kit.NewGrid(func(u core.User) string { return strconv.FormatInt(u.ID, 10) }, userColumns(desk)...)
}
