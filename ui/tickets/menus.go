package tickets

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"context"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// showFilters opens the menu of the filters.
func (v *view) showFilters() {
	now := v.list.Text()
	choice := func(f core.SavedFilter) *fyne.MenuItem {
		i := fyne.NewMenuItem(f.Name, func() { v.setFilter(f); v.focusGrid() })
		i.Checked = f.Text == now
		return i
	}
	var items []*fyne.MenuItem
	for _, f := range builtInFilters() {
		items = append(items, choice(f))
	}
	saved := v.list.State().Saved
	if len(saved) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	var gone []*fyne.MenuItem
	for _, f := range saved {
		items = append(items, choice(f))
		gone = append(gone, fyne.NewMenuItem(f.Name, func() { v.list.Delete(f) }))
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItemWithIcon(kit.T("Save this filter…"), theme.DocumentSaveIcon(), v.askSave))
	if len(gone) > 0 {
		drop := fyne.NewMenuItemWithIcon(kit.T("Delete a filter"), theme.DeleteIcon(), nil)
		drop.ChildMenu = fyne.NewMenu("", gone...)
		items = append(items, drop)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v.filters)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), v.host.Window().Canvas(), at.AddXY(0, v.filters.Size().Height+2))
}

// menu is what a right click on rows offers.
func (v *view) menu() *fyne.Menu {
	one := v.grid.Count() == 1
	item := func(word string, key fyne.KeyName, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(word, do)
		if key != "" {
			i.Shortcut = &desktop.CustomShortcut{KeyName: key}
		}
		return i
	}
	var known *core.TicketView
	if one {
		known, _ = v.list.pages.Row(v.grid.Current())
	}
	off := func(i *fyne.MenuItem, off bool) *fyne.MenuItem { i.Disabled = off; return i }
	return fyne.NewMenu("",
		off(item(kit.T("Details"), fyne.KeyReturn, func() { v.setOpen(true) }), !one),
		off(item(kit.T("Copy the number"), "", v.copyNumber), !one),
		fyne.NewMenuItemSeparator(),
		item(kit.T("Acknowledge…"), fyne.KeyA, func() { v.askAttention(core.Acknowledge) }),
		off(item(kit.T("Take the acknowledgement back"), "", func() { v.marks.Unmark(core.Acknowledge, v.targets()) }), known != nil && known.Acknowledged == nil),
		item(kit.T("Snooze…"), fyne.KeyS, func() { v.askAttention(core.Snooze) }),
		off(item(kit.T("End the snooze"), "", func() { v.marks.Unmark(core.Snooze, v.targets()) }), known != nil && known.Snoozed == nil),
		item(kit.T("Assign…"), fyne.KeyO, v.askOwner),
		off(item(kit.T("Take the assignment back"), "", func() { v.marks.Assign(v.targets(), "") }), known != nil && known.Assigned == ""),
	)
}

// copyNumber copies what people call the ticket.
func (v *view) copyNumber() {
	number := ""
	if d := v.detail.State().Detail; d != nil {
		number = d.Number
	} else if r, ok := v.list.pages.Row(v.grid.Current()); ok {
		number = r.Number
	}
	if number != "" {
		fyne.CurrentApp().Clipboard().SetContent(number)
		v.host.Toast(kit.ToneMuted, kit.T("%s is copied.", number))
	}
}

// askExport writes what is shown as CSV.
func (v *view) askExport() {
	q, n := v.list.Query(), len(v.list.State().Nos)
	fault := func(err error) {
		v.host.Fail(core.NewError(core.CodeDenied, "tickets.export", kit.T("That file cannot be written. Choose another folder."), err))
	}
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil {
			fault(err)
			return
		}
		if w == nil {
			return
		}
		path := w.URI().Path()
		if err := w.Close(); err != nil { // the core writes the path itself
			fault(err)
			return
		}
		v.exportTo(q, path, n)
	}, v.host.Window())
	d.SetFileName("tickets-" + v.desk.Now().Local().Format("2006-01-02-1504") + ".csv")
	d.Show()
}

func (v *view) exportTo(q core.TicketQuery, path string, n int) {
	long(v.bench, kit.T("Exporting %s", countText(n)), func(ctx context.Context, p *core.Progress) (int, error) {
		return v.desk.ExportTickets(ctx, q, path, p)
	}, func(n int, err error) {
		if err == nil {
			v.host.Toast(kit.ToneGood, kit.T("%s written to %s.", countText(n), filepath.Base(path)))
		}
	})
}
