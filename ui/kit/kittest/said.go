package kittest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// Said is all that is written in an object, a line for each text; buttons stand in brackets.
func Said(o fyne.CanvasObject) string {
	var list []string
	for _, c := range test.LaidOutObjects(o) {
		switch w := c.(type) {
		case *kit.Line:
			list = append(list, w.Text)
		case *kit.Chip:
			list = append(list, w.Text)
		case *kit.Prose:
			list = append(list, w.Text())
		case *widget.Button:
			list = append(list, "["+w.Text+"]")
		}
	}
	return strings.Join(list, "\n")
}
