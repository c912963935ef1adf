package orders

import (
	"strconv"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// newRawRows shows rows as they are in the file, every column of them: one scrolls to the right
// for those that do not fit.
func newRawRows(header []string, rows []core.Record) fyne.CanvasObject {
	columns := []kit.Column[core.Record]{{ID: "line", Title: kit.T("Line"), Width: 36, Align: fyne.TextAlignTrailing,
		Text:  func(r core.Record) string { return strconv.Itoa(r.Line) },
		Style: func(core.Record) kit.Style { return kit.Style{Tone: kit.ToneMuted} }}}
	for i, title := range header {
		cell := func(r core.Record) string {
			if i < len(r.Cells) {
				return r.Cells[i]
			}
			return ""
		}
		longest := utf8.RuneCountInString(title)
		for _, r := range rows {
			longest = max(longest, utf8.RuneCountInString(cell(r)))
		}
		columns = append(columns, kit.Column[core.Record]{ID: strconv.Itoa(i), Title: title, Width: rawWidth(longest), Text: cell})
	}
	grid := kit.NewGrid(func(r core.Record) string { return strconv.Itoa(r.Line) }, columns...).Height(28)
	grid.SetRows(append([]core.Record(nil), rows...))
	return container.NewStack(minHeight(230), container.NewHScroll(grid.Container))
}

// rawWidth is room for so many characters, within what leaves the next columns in sight.
func rawWidth(characters int) float32 { return min(max(float32(characters)*7.5, 60), 220) }
