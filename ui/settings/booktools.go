package settings

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// toolGroup is what can be done with the database: test it, index it, fill it.
type toolGroup struct {
	all      *fyne.Container
	answer   *kit.Prose
	facts    *kit.Prose
	findings *fyne.Container
	missing  *kit.Field
	index    *widget.Button
	saveIt   *kit.Prose // before indexing and copying
	copy     *widget.Button
	ended    *kit.Prose
	compared *fyne.Container
	remove   *widget.Button
	shown    *bookState // nil before the first
}

func (t *Tab) buildTools() fyne.CanvasObject {
	g := &t.tools
	test := kit.NewBusy(kit.T("Test connection"), kit.T("Testing…"), theme.SearchIcon(), func(done func()) {
		t.p.testBook(func() { done(); t.reveal(g.all) })
	})
	t.adminOnly = append(t.adminOnly, test)
	g.answer, g.facts, g.findings = kit.NewProse("", kit.ToneMuted), kit.Paragraph(""), container.NewVBox()
	g.index = widget.NewButtonWithIcon(kit.T("Create indexes…"), theme.ContentAddIcon(), t.p.createIndexes)
	g.missing = kit.NewField("", container.NewHBox(g.index), "")
	g.saveIt = kit.Note(kit.T("Save first: indexes are made, and orders copied, in the database that is in use."))
	g.copy = widget.NewButtonWithIcon(kit.T("Copy orders to MongoDB…"), theme.UploadIcon(), t.p.copyOrders)
	g.ended, g.compared = kit.NewProse("", kit.ToneMuted), container.NewVBox()
	g.remove = widget.NewButtonWithIcon(kit.T("Remove the old file…"), theme.DeleteIcon(), t.p.removeOldBook)
	g.all = container.NewVBox(
		kit.Section(kit.T("Connection"), kit.T("Tests what stands above, saved or not. Nothing is changed in the database."),
			kit.NewField("", container.NewHBox(test), ""), g.answer, g.facts, g.findings,
			g.missing, g.saveIt),
		kit.Section(kit.T("Move to MongoDB"), kit.T("Copies the orders and clients of the file in the data folder. The file stays until you remove it."),
			kit.NewField("", container.NewHBox(g.copy, g.remove), ""), g.ended, g.compared),
	)
	return g.all
}

func (t *Tab) showBook(s bookState) {
	g := &t.tools
	if g.shown != nil && reflect.DeepEqual(*g.shown, s) {
		return // most keys typed change nothing here
	}
	g.shown = &s
	note := s.Note
	if note == "" {
		note = t.place.hint
	}
	t.place.uri.SetHint(note)
	say(g.answer, s.Test)
	say(g.facts, outcome{s.Facts, kit.ToneNormal})
	g.findings.Objects = findingRows(s.Findings)
	g.missing.Show()
	if len(s.Missing) == 0 {
		g.missing.Hide()
	}
	kit.Enable(g.index, s.CanIndex)
	g.saveIt.Hidden = !s.Unsaved
	kit.Enable(g.copy, s.CanCopy)
	say(g.ended, s.Copy)
	g.compared.Objects = findingRows(s.Compared)
	g.remove.Hidden = !s.CanRemove
	g.all.Refresh()
	t.body.Refresh()
}

// say shows how something ended, or nothing.
func say(p *kit.Prose, o outcome) {
	p.Set(o.Text, o.Tone)
	p.Hidden = o.Text == ""
}
