package settings

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// uploadList shows what collectors posted, the latest first.
type uploadList struct {
	p    *serverPresenter
	rows *fyne.Container
	pane *kit.Pane
}

func newUploadList(p *serverPresenter) *uploadList {
	l := &uploadList{p: p, rows: container.NewVBox()}
	l.pane = kit.NewPane(l.rows)
	return l
}

func (t *Tab) showUploads(list []core.Upload, more bool) {
	l := t.server.uploads
	l.rows.RemoveAll()
	for _, u := range list {
		l.rows.Add(l.row(u))
	}
	if len(list) == 0 {
		l.rows.Add(kit.Note(kit.T("Nothing was posted yet.")))
	}
	if more {
		b := widget.NewButtonWithIcon(kit.T("Show more"), theme.MenuExpandIcon(), l.p.moreUploads)
		b.Importance = widget.LowImportance
		l.rows.Add(container.NewHBox(b))
	}
	l.pane.ShowContent()
	t.body.Refresh() // the page is longer or shorter now
}

func (t *Tab) showUploadsError(err error) {
	t.server.uploads.pane.ShowError(err, t.server.p.load)
	t.body.Refresh()
}

// row shows one post: how it ended, who posted what, and why it was refused.
func (l *uploadList) row(u core.Upload) fyne.CanvasObject {
	word, tone := uploadResult(u)
	chip := container.NewGridWrap(fyne.NewSize(96, 30), kit.NewChip(word, tone))
	head := kit.NewLine(uploadHead(u, l.p.desk.Now()), kit.ToneNormal)
	head.Shrink = true
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-12), kit.Padded(6, head), kit.Note(uploadText(u)))
	var save fyne.CanvasObject
	if u.Kept && l.p.host.May(core.EditServer) {
		save = container.NewVBox(widget.NewButtonWithIcon(kit.T("Save document…"), theme.DocumentSaveIcon(), func() { l.save(u) }))
	}
	row := container.NewBorder(nil, widget.NewSeparator(), chip, save, lines)
	return container.New(layout.NewCustomPaddedLayout(0, 0, theme.InnerPadding(), 0), row)
}

// save asks where to write a refused document.
func (l *uploadList) save(u core.Upload) {
	fail := func(err error) {
		l.p.host.Fail(core.NewError(core.CodeDenied, "settings.upload", kit.T("That file cannot be written. Choose another folder."), err))
	}
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil {
			fail(err)
			return
		}
		if w == nil {
			return
		}
		path := w.URI().Path()
		if err := w.Close(); err != nil {
			fail(err)
			return
		}
		l.p.saveUpload(u.ID, path)
	}, l.p.host.Window())
	d.SetFileName(fmt.Sprintf("upload-%d.json", u.ID))
	d.Show()
}
