package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// copyLine is a text of the machine's, such as an address, with a button that copies it.
type copyLine struct {
	field *kit.Field
	text  *widget.Label
	copy  *widget.Button
	what  string
	// written is how the text is shown; nil: as it is.
	written func(string) string
}

func newCopyLine(label string) *copyLine {
	c := &copyLine{text: widget.NewLabel("")}
	c.text.Selectable, c.text.Wrapping = true, fyne.TextWrapWord
	c.text.TextStyle.Monospace = true
	c.copy = widget.NewButtonWithIcon(kit.T("Copy"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(c.what)
	})
	c.copy.Importance = widget.LowImportance
	c.field = kit.NewField(label, container.NewBorder(nil, nil, nil, container.NewVBox(c.copy), c.text), "")
	return c
}

// set shows a text, or what there is to say while there is none.
func (c *copyLine) set(what, otherwise string) {
	if c.what == what && c.text.Text != "" {
		return
	}
	c.what = what
	c.text.TextStyle.Monospace = what != ""
	c.copy.Hidden = what == ""
	switch {
	case what == "":
		what = otherwise
	case c.written != nil:
		what = c.written(what)
	}
	c.text.SetText(what)
	c.field.Refresh()
}

// folded is a part of a form that is out of sight until somebody wants it.
type folded struct {
	root   *fyne.Container
	inside *fyne.Container
	handle *widget.Button
	grown  func()
}

func newFolded(word string, grown func(), items ...fyne.CanvasObject) *folded {
	f := &folded{inside: container.NewVBox(items...), grown: grown}
	f.inside.Hide()
	f.handle = widget.NewButtonWithIcon(word, theme.MenuExpandIcon(), func() { f.fold(f.inside.Visible()) })
	f.handle.Importance = widget.LowImportance
	f.root = container.NewVBox(container.NewHBox(f.handle), f.inside)
	return f
}

// fold puts the part out of sight, or back.
func (f *folded) fold(away bool) {
	if away == f.inside.Hidden {
		return
	}
	f.inside.Hidden = away
	icon := theme.MenuDropDownIcon()
	if away {
		icon = theme.MenuExpandIcon()
	}
	f.handle.SetIcon(icon)
	f.grown()
}
