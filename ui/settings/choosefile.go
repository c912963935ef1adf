package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// file binds the path of a file that is there already.
func (t *Tab) file(name, label, hint string, endings []string, at func(s *core.Settings) *string) *kit.Field {
	e := widget.NewEntry()
	e.OnChanged = t.typed(func(v string) {
		t.p.edit(name, func(s *core.Settings) string { *at(s) = strings.TrimSpace(v); return "" })
	})
	f := kit.NewField(label, t.chooser(e, endings...), hint)
	t.bind(name, f, func(s core.Settings) {
		if v := *at(&s); strings.TrimSpace(e.Text) != v {
			e.SetText(v)
		}
	})
	return f
}

// chooser is a line for a path with a button to choose a file with one of the endings.
func (t *Tab) chooser(path *widget.Entry, endings ...string) *fyne.Container {
	choose := widget.NewButton(kit.T("Choose…"), func() { t.chooseFile(endings, path.SetText) })
	return container.NewBorder(nil, nil, nil, choose, path)
}

func (t *Tab) chooseFile(endings []string, use func(path string)) {
	open := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			t.host.Fail(core.NewError(core.CodeDenied, "settings.choose", kit.T("This file cannot be opened. Choose another one."), err))
			return
		}
		if f == nil {
			return
		}
		path := f.URI().Path()
		_ = f.Close() // nothing was read from it; the core opens the path itself
		use(path)
	}, t.host.Window())
	for _, e := range slices.Clone(endings) {
		endings = append(endings, strings.ToUpper(e))
	}
	open.SetFilter(storage.NewExtensionFileFilter(endings))
	size := t.host.Window().Canvas().Size()
	open.SetView(dialog.ListView) // whole file names
	open.Show()                   // before Resize, which wants the dialog to be there
	open.Resize(fyne.NewSize(min(900, size.Width-40), min(640, size.Height-40)))
}
