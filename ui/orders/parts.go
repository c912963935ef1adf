package orders

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/kit"
)

// banner is a sentence on a soft ground with its buttons; it stands above what it is about.
type banner struct {
	*fyne.Container
	ground *canvas.Rectangle
	text   *kit.Prose
	tone   kit.Tone
	// within is laid out anew when the banner comes or goes; a container alone does not.
	within *fyne.Container
}

func newBanner(tone kit.Tone, buttons ...fyne.CanvasObject) *banner {
	b := &banner{tone: tone, ground: canvas.NewRectangle(theme.Color(tone.SoftName())), text: kit.Paragraph("")}
	b.ground.CornerRadius = 6
	var right fyne.CanvasObject
	if len(buttons) > 0 {
		right = container.NewCenter(container.NewHBox(buttons...))
	}
	b.Container = container.NewStack(b.ground, kit.Padded(4, container.NewBorder(nil, nil, nil, right, b.text)))
	return b
}

func (b *banner) set(text string, shown bool) {
	b.ground.FillColor = theme.Color(b.tone.SoftName())
	b.text.SetText(text)
	if shown == b.Visible() {
		return
	}
	kit.Show(b.Container, shown)
	if b.within != nil {
		b.within.Refresh()
	}
}

// searchBox is a one-line filter.
func searchBox(hint string, changed func(string)) *widget.Entry {
	e := widget.NewEntry()
	e.PlaceHolder = hint
	e.OnChanged = changed
	return e
}

// major marks the one button a pane is for.
func major(b *widget.Button) *widget.Button {
	b.Importance = widget.HighImportance
	return b
}

// indent stands o in one line with the text of labels above and below it.
func indent(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(2, 2, theme.InnerPadding(), 2), o)
}

// formLabel names an input to its right.
func formLabel(width float32, text string) fyne.CanvasObject {
	return indent(kit.Wide(width, kit.NewLine(text, kit.ToneNormal)))
}
