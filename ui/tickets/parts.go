package tickets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// nothingHere says why a list is empty and offers what to do next, in the middle.
func nothingHere(icon fyne.Resource, sentence string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	picture := container.NewGridWrap(fyne.NewSquareSize(40), widget.NewIcon(theme.NewColoredResource(icon, kit.ColorMuted)))
	items := []fyne.CanvasObject{container.NewCenter(picture), kit.Paragraph(sentence).Centered()}
	if len(buttons) > 0 {
		items = append(items, container.NewCenter(container.NewHBox(buttons...)))
	}
	return container.NewVBox(layout.NewSpacer(), container.NewVBox(items...), layout.NewSpacer(), layout.NewSpacer())
}

// show hides or shows o and reports whether that changed anything.
func show(o fyne.CanvasObject, shown bool) (changed bool) {
	if o.Visible() == shown {
		return false
	}
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}

// enable turns a widget on or off.
func enable(w fyne.Disableable, on bool) {
	if on == !w.Disabled() {
		return
	}
	if on {
		w.Enable()
	} else {
		w.Disable()
	}
}

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
