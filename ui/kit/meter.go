package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Meter is a bar that is filled as far as a number of 0 to 100 says. It shows what stands beside
// it in figures, too.
type Meter struct {
	widget.BaseWidget
	Value int
	Tone  Tone
}

// NewMeter returns a meter.
func NewMeter(value int, tone Tone) *Meter {
	m := &Meter{Value: value, Tone: tone}
	m.ExtendBaseWidget(m)
	return m
}

const meterHeight float32 = 8

// CreateRenderer links the meter to its drawing.
func (m *Meter) CreateRenderer() fyne.WidgetRenderer {
	r := &meterRenderer{meter: m, ground: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil)}
	r.ground.CornerRadius, r.bar.CornerRadius = meterHeight/2, meterHeight/2
	r.paint()
	return r
}

type meterRenderer struct {
	meter       *Meter
	ground, bar *canvas.Rectangle
}

func (r *meterRenderer) paint() {
	r.ground.FillColor, r.bar.FillColor = theme.Color(theme.ColorNameSeparator), r.meter.Tone.color()
}

func (r *meterRenderer) Layout(s fyne.Size) {
	y := (s.Height - meterHeight) / 2
	r.ground.Move(fyne.NewPos(0, y))
	r.ground.Resize(fyne.NewSize(s.Width, meterHeight))
	r.bar.Move(fyne.NewPos(0, y))
	// Something is never drawn as nothing, and a bar is at least as wide as it is round.
	width := s.Width * float32(min(max(r.meter.Value, 0), 100)) / 100
	r.bar.Resize(fyne.NewSize(min(max(width, meterHeight), s.Width), meterHeight))
	r.bar.Hidden = r.meter.Value <= 0
}

func (r *meterRenderer) MinSize() fyne.Size { return fyne.NewSize(80, meterHeight) }

func (r *meterRenderer) Refresh() {
	r.paint()
	r.Layout(r.meter.Size())
	canvas.Refresh(r.meter)
}

func (r *meterRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ground, r.bar} }
func (r *meterRenderer) Destroy()                     {}
