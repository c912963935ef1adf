package settings

import (
	"net/url"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

type dataGroup struct {
	findings *fyne.Container
}

func (t *Tab) buildData() fyne.CanvasObject {
	path := widget.NewLabel(t.desk.DataDir())
	path.Selectable = true
	path.Wrapping = fyne.TextWrapBreak
	open := widget.NewButtonWithIcon(kit.T("Open the folder"), theme.FolderOpenIcon(), t.openFolder)
	t.data.findings = container.NewVBox()
	examine := kit.NewBusy(kit.T("Run the doctor"), kit.T("Examining…"), theme.SearchIcon(), t.p.doctor)
	return container.NewVBox(
		kit.Section(kit.T("Data folder"), kit.T("Everything Deskwatch keeps is in this folder. Quit Deskwatch before you copy or move it."),
			kit.NewField(kit.T("Folder"), path, ""), kit.NewField("", container.NewHBox(open), ""),
			kit.NewField(kit.T("Version"), widget.NewLabel(t.desk.Version()), "")),
		kit.Section(kit.T("Doctor"), kit.T("Examines the folder, the order book, the rules, the mail settings and the watcher. It changes nothing."),
			kit.NewField("", container.NewHBox(examine), ""), t.data.findings),
	)
}

func (t *Tab) openFolder() {
	u := &url.URL{Scheme: "file", Path: filepath.ToSlash(t.desk.DataDir())}
	if err := fyne.CurrentApp().OpenURL(u); err != nil {
		t.host.Fail(core.NewError(core.CodeUnavailable, "settings.open_folder", kit.T("No program that shows folders could be started. Open the folder by its path."), err))
	}
}

func (t *Tab) showFindings(list []core.Finding) {
	t.data.findings.Objects = findingRows(list)
	t.data.findings.Refresh()
	t.body.Refresh()
}

// findingRows are what was found out, each with a word for how it stands.
func findingRows(list []core.Finding) (rows []fyne.CanvasObject) {
	for _, f := range list {
		word, tone := kit.T("in order"), kit.ToneGood
		if !f.OK {
			word, tone = kit.T("look at this"), kit.ToneBad
		}
		chip := container.NewGridWrap(fyne.NewSize(96, 30), kit.NewChip(word, tone))
		title := kit.NewLine(f.Check, kit.ToneNormal)
		title.Style.Bold = true
		text := container.New(layout.NewCustomPaddedVBoxLayout(-12), kit.Padded(6, title), kit.Note(f.Message))
		row := container.NewBorder(nil, widget.NewSeparator(), chip, nil, text)
		rows = append(rows, container.New(layout.NewCustomPaddedLayout(0, 0, theme.InnerPadding(), 0), row)) // below prose, in line with its text
	}
	return rows
}
