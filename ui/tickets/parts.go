package tickets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// major marks the one button a pane is for.
func major(b *widget.Button) *widget.Button {
	b.Importance = widget.HighImportance
	return b
}

// minor makes a button quiet.
func minor(b *widget.Button) *widget.Button {
	b.Importance = widget.LowImportance
	return b
}

// shrinking lets a line become narrower than its text.
func shrinking(l *kit.Line) *kit.Line {
	l.Shrink = true
	return l
}

// indent stands o in one line with the text of paragraphs above and below it.
func indent(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(1, 1, theme.InnerPadding(), theme.InnerPadding()), o)
}

// fact is a name and what it is, in two columns.
func fact(name string, value fyne.CanvasObject) fyne.CanvasObject {
	return indent(container.NewBorder(nil, nil, kit.Wide(104, kit.NewLine(name, kit.ToneMuted)), nil, value))
}
