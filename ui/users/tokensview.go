package users

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// tokensView is the page of the API tokens.
type tokensView struct {
	p    *tokens
	root *fyne.Container

	add, revoke, server *press
	buttons             fyne.CanvasObject
	note                *kit.Prose
	off                 *fyne.Container // says that the server is off
	top                 *fyne.Container
	height              float32 // of top, as root was laid out for
	grid                *kit.Grid[core.Token]
	count               *kit.Line
	pane                *kit.Switcher
	edition             int
	// for whom a new token is offered first: the user chosen on the other page
	first func() string
}

func newTokensView(p *tokens, first func() string) *tokensView {
	v := &tokensView{p: p, first: first}
	v.add = major(newPress(kit.T("New token"), theme.ContentAddIcon(), v.create, nil))
	v.revoke = newPress(kit.T("Revoke…"), theme.CancelIcon(), v.revokeOne, nil)
	v.server = newPress(kit.T("Open the settings"), theme.SettingsIcon(), func() { p.host.Go(kit.TabSettings, kit.PlaceServer) }, nil)
	v.buttons = kit.Bar([]fyne.CanvasObject{v.add}, []fyne.CanvasObject{v.revoke})
	v.note = kit.NewProse("", kit.ToneMuted)
	off := kit.NewProse(kit.T("The REST server is off: no token can be used until it is switched on."), kit.ToneWarn)
	v.off = container.NewBorder(nil, nil, nil, container.NewCenter(v.server), off)
	v.count = kit.NewCaption("")
	v.count.Shrink = true
	v.grid = kit.NewGrid(func(t core.Token) string { return strconv.FormatInt(t.ID, 10) }, tokenColumns(p)...)
	v.grid.OnSelect = v.refreshButtons
	v.grid.OnKey = func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyDelete {
			v.revokeOne()
		}
	}
	v.grid.Menu = func(rows []core.Token) *fyne.Menu {
		if len(rows) == 0 || v.revoke.Disabled() {
			return nil
		}
		return fyne.NewMenu("", fyne.NewMenuItem(kit.T("Revoke…"), v.revokeOne))
	}
	v.pane = kit.NewSwitcher(v.grid)
	v.top = container.NewVBox(v.buttons, v.note, v.off)
	v.root = container.NewBorder(kit.Padded(4, v.top), kit.Padded(4, v.count), nil, nil, v.pane.Container)
	p.changed = v.refresh
	v.refresh()
	return v
}

// create asks for a new token, a moment later for the reason formView.focus has.
func (v *tokensView) create() { v.p.ui.Do(func() { openNewToken(v.p, v.first()) }) }

func (v *tokensView) revokeOne() {
	if t, ok := v.grid.Selected(); ok {
		v.p.Revoke(t)
	}
}

func (v *tokensView) refreshButtons() {
	s := v.p.State()
	t, ok := v.grid.Selected()
	kit.Enable(v.add, s.Read && !s.Busy)
	kit.Enable(v.revoke, ok && t.Revoked.IsZero() && !s.Busy)
}

func (v *tokensView) refresh() {
	s := v.p.State()
	if v.edition != s.Edition {
		v.edition = s.Edition
		v.grid.SetRows(append([]core.Token(nil), s.Tokens...))
	}
	v.refreshButtons()
	kit.Show(v.buttons, s.MayEdit)
	note := kit.T("For programs that read or post over the REST server: a token is bound to one user, may do no more than they may, and can be ended by itself.")
	if !s.MayEdit {
		note = kit.T("You may look at the tokens and not change them: your role is %s. Ask an admin of this desk.", kit.RoleName(v.p.desk.Seat().Actor.Role))
	}
	v.note.Set(note, kit.ToneMuted)
	kit.Show(v.off, s.Off && s.Read)
	makeRoom(v.root, v.top, &v.height)
	switch {
	case s.Err != nil && s.Read:
		v.count.Set(kit.ErrorText(s.Err), kit.ToneBad)
	case !s.Read || len(s.Tokens) == 0:
		v.count.SetText("")
	default:
		v.count.Set(kit.N("%s token", "%s tokens", int64(len(s.Tokens))), kit.ToneMuted)
	}
	v.showPane(s)
}

func (v *tokensView) showPane(s tokensState) {
	switch {
	case s.Err != nil && !s.Read:
		v.pane.ShowError(s.Err, v.p.Load)
	case s.Read && len(s.Tokens) == 0 && !s.MayEdit:
		v.pane.ShowKind("none", func() fyne.CanvasObject { return nothingHere(theme.ListIcon(), kit.T("No token yet.")) })
	case s.Read && len(s.Tokens) == 0 && len(v.p.Owners()) == 0:
		v.pane.ShowKind("nobody", func() fyne.CanvasObject {
			return nothingHere(theme.ListIcon(), kit.T("No token yet. A token belongs to a user: add the user first, such as a collector for a program that posts tickets."))
		})
	case s.Read && len(s.Tokens) == 0:
		v.pane.ShowKind("first", func() fyne.CanvasObject {
			return nothingHere(theme.ListIcon(), kit.T("No token yet. Make one for each program, such as a collector, so that it can be ended without a change for the others."),
				major(newPress(kit.T("New token"), theme.ContentAddIcon(), v.create, nil)))
		})
	default:
		v.pane.ShowContent()
	}
}

func (v *tokensView) focus() {
	w := v.p.host.Window()
	switch {
	case w == nil:
	case v.pane.Kind() == "":
		v.grid.Focus()
	case v.buttons.Visible():
		w.Canvas().Focus(v.add)
	}
}
