package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	chipHeight float32 = 20
	chipPad    float32 = 8
)

func newClip(o fyne.CanvasObject) *container.Clip { return container.NewClip(o) }

// Chip is a word on a soft ground of its tone's colour.
type Chip struct {
	widget.BaseWidget
	Text string
	Tone Tone
}

// NewChip returns a chip.
func NewChip(text string, tone Tone) *Chip {
	c := &Chip{Text: text, Tone: tone}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes word and tone.
func (c *Chip) Set(text string, tone Tone) {
	c.Text, c.Tone = text, tone
	c.Refresh()
}

// CreateRenderer links the chip to its drawing.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &chipRenderer{chip: c, ground: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	r.ground.CornerRadius = chipHeight / 2
	r.text.Alignment = fyne.TextAlignCenter
	r.apply()
	return r
}

type chipRenderer struct {
	chip   *Chip
	ground *canvas.Rectangle
	text   *canvas.Text
}

func (r *chipRenderer) apply() {
	r.ground.FillColor = r.chip.Tone.soft()
	r.text.Text, r.text.Color = r.chip.Text, r.chip.Tone.color()
	r.text.TextSize = theme.Size(theme.SizeNameCaptionText)
}

func (r *chipRenderer) Layout(s fyne.Size) {
	w := min(s.Width, r.MinSize().Width)
	y := (s.Height - chipHeight) / 2
	r.ground.Resize(fyne.NewSize(w, chipHeight))
	r.ground.Move(fyne.NewPos(0, y))
	r.text.Resize(fyne.NewSize(w, chipHeight))
	r.text.Move(fyne.NewPos(0, y))
}

func (r *chipRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.text.MinSize().Width+2*chipPad, chipHeight)
}

func (r *chipRenderer) Refresh() {
	r.apply()
	r.Layout(r.chip.BaseWidget.Size())
	r.ground.Refresh()
	r.text.Refresh()
}

func (r *chipRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ground, r.text} }
func (r *chipRenderer) Destroy()                     {}
