package kit

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
)

// Calibration compares risks with what became of the tickets: a dot for each group of tickets,
// further right the higher its predicted risk, further up the more of it ended badly, with the
// interval that chance allows for as a whisker. Dots on the line from corner to corner were
// predicted rightly. The number above a dot counts its tickets where there is room.
type Calibration struct {
	widget.BaseWidget
	pointed

	bins []core.CalibrationBin
}

var _ desktop.Hoverable = (*Calibration)(nil)

// NewCalibration returns an empty plot.
func NewCalibration() *Calibration {
	c := &Calibration{pointed: pointed{hover: -1}}
	c.ExtendBaseWidget(c)
	return c
}

// Set shows groups of tickets, the lowest risk first.
func (c *Calibration) Set(bins []core.CalibrationBin) {
	c.bins, c.hover = bins, -1
	c.Refresh()
}

// MouseIn marks the group nearest to the pointer.
func (c *Calibration) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved marks the group nearest to the pointer.
func (c *Calibration) MouseMoved(e *desktop.MouseEvent) {
	plot := plotArea(c.Size(), plotScale(c.bins))
	nearest, far := -1, float32(math.Inf(1))
	for i, b := range c.bins {
		if d := float32(math.Abs(float64(plot.x(b.Predicted) - e.Position.X))); d < far {
			nearest, far = i, d
		}
	}
	c.point(nearest, c.Refresh)
}

// MouseOut ends MouseIn.
func (c *Calibration) MouseOut() { c.point(-1, c.Refresh) }

const (
	plotLeft   float32 = 40 // room for the numbers of the axis up
	plotBottom float32 = 18 // and of the axis to the right
	plotTop    float32 = 38 // for the word of the axis up, and the counts
	plotRight  float32 = 12
	dotLeast   float32 = 6 // diameters
	dotMost    float32 = 13
	whiskerCap float32 = 7
)

// plot is where risks stand on the screen. Both axes have the same scale.
type plot struct {
	left, top, width, height float32
	scale                    float64 // the share at the end of both axes
}

func plotArea(s fyne.Size, scale float64) plot {
	return plot{left: plotLeft, top: plotTop, width: max(1, s.Width-plotLeft-plotRight), height: max(1, s.Height-plotTop-plotBottom), scale: scale}
}

func (p plot) x(share float64) float32 {
	return p.left + p.width*float32(min(max(share/p.scale, 0), 1))
}

func (p plot) y(share float64) float32 {
	return p.top + p.height*float32(1-min(max(share/p.scale, 0), 1))
}

// plotScale ends the axes so that every dot is in sight. A whisker may reach beyond the end: one of
// a few tickets reaches nearly everywhere.
func plotScale(bins []core.CalibrationBin) float64 {
	most := 0.0
	for _, b := range bins {
		most = max(most, b.Predicted, b.Observed)
	}
	for _, s := range [...]float64{0.1, 0.2, 0.4, 0.6, 0.8} {
		if most <= s {
			return s
		}
	}
	return 1
}

// CreateRenderer links the plot to its drawing.
func (c *Calibration) CreateRenderer() fyne.WidgetRenderer {
	r := &plotRenderer{of: c, mark: canvas.NewRectangle(nil), ideal: canvas.NewLine(nil), up: canvas.NewText("", nil), across: canvas.NewText("", nil)}
	for i := range r.lines {
		r.lines[i], r.numbers[i], r.under[i] = canvas.NewRectangle(nil), canvas.NewText("", nil), canvas.NewText("", nil)
		r.numbers[i].Alignment = fyne.TextAlignTrailing
	}
	r.Refresh()
	return r
}

// dot is one group of tickets as it is drawn.
type dot struct {
	circle            *canvas.Circle
	stem, upper, foot *canvas.Rectangle // of the whisker
	count             *canvas.Text
}

type plotRenderer struct {
	of         *Calibration
	mark       *canvas.Rectangle
	ideal      *canvas.Line         // where dots of right predictions lie
	lines      [3]*canvas.Rectangle // at none, half and all of the scale
	numbers    [3]*canvas.Text
	under      [3]*canvas.Text
	up, across *canvas.Text // the words of the axes
	dots       []dot
	objects    []fyne.CanvasObject
}

func (r *plotRenderer) MinSize() fyne.Size { return fyne.NewSize(200, 140) }

func (r *plotRenderer) Refresh() {
	muted, caption := theme.Color(ColorMuted), theme.Size(theme.SizeNameCaptionText)
	for len(r.dots) < len(r.of.bins) {
		r.dots = append(r.dots, dot{canvas.NewCircle(nil), canvas.NewRectangle(nil), canvas.NewRectangle(nil), canvas.NewRectangle(nil), canvas.NewText("", nil)})
	}
	r.dots = r.dots[:len(r.of.bins)]
	r.mark.FillColor = theme.Color(theme.ColorNameHover)
	r.ideal.StrokeColor, r.ideal.StrokeWidth = theme.Color(theme.ColorNameInputBorder), 1.5
	r.objects = []fyne.CanvasObject{r.mark}
	write := func(t *canvas.Text) {
		t.Color, t.TextSize = muted, caption
		r.objects = append(r.objects, t)
	}
	for i := range r.lines {
		r.lines[i].FillColor = theme.Color(theme.ColorNameSeparator)
		r.objects = append(r.objects, r.lines[i])
		write(r.numbers[i])
		write(r.under[i])
	}
	r.up.Text, r.across.Text = T("ended badly"), T("predicted risk")
	write(r.up)
	write(r.across)
	r.objects = append(r.objects, r.ideal)
	accent := theme.Color(theme.ColorNamePrimary)
	for i, d := range r.dots {
		d.circle.FillColor, d.circle.StrokeColor, d.circle.StrokeWidth = accent, theme.Color(theme.ColorNameBackground), 1
		for _, line := range [...]*canvas.Rectangle{d.stem, d.upper, d.foot} {
			line.FillColor = accent
			r.objects = append(r.objects, line)
		}
		d.count.Text = Number(int64(r.of.bins[i].Count))
		r.objects = append(r.objects, d.circle)
		write(d.count)
	}
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *plotRenderer) Layout(s fyne.Size) {
	p := plotArea(s, plotScale(r.of.bins))
	for i := range r.lines {
		share := p.scale * float64(i) / 2
		r.numbers[i].Text = Percent(share)
		r.under[i].Text = r.numbers[i].Text
		r.lines[i].Move(fyne.NewPos(p.left, p.y(share)))
		r.lines[i].Resize(fyne.NewSize(p.width, 1))
		size := r.numbers[i].MinSize()
		r.numbers[i].Move(fyne.NewPos(0, p.y(share)-size.Height/2))
		r.numbers[i].Resize(fyne.NewSize(p.left-6, size.Height))
		r.under[i].Move(fyne.NewPos(min(p.x(share)-size.Width/2, s.Width-size.Width), s.Height-size.Height))
		r.under[i].Resize(size)
	}
	r.under[0].Hidden = true // the axis up says it
	word := r.across.MinSize()
	r.across.Move(fyne.NewPos(p.left+p.width*0.75-word.Width/2, s.Height-word.Height))
	r.across.Resize(word)
	half, end := r.under[1].Position().X+r.under[1].Size().Width, r.under[2].Position().X
	r.across.Hidden = r.across.Position().X < half+4 || r.across.Position().X+word.Width > end-4
	r.up.Move(fyne.NewPos(0, 0))
	r.up.Resize(r.up.MinSize())
	r.ideal.Position1, r.ideal.Position2 = fyne.NewPos(p.x(0), p.y(0)), fyne.NewPos(p.x(p.scale), p.y(p.scale))
	r.layoutDots(p, s)
	h := r.of.hover
	if r.mark.Hidden = h < 0 || h >= len(r.dots); !r.mark.Hidden {
		r.mark.Move(fyne.NewPos(p.x(r.of.bins[h].Predicted)-dotMost, p.top))
		r.mark.Resize(fyne.NewSize(2*dotMost, p.height))
	}
}

func (r *plotRenderer) layoutDots(p plot, s fyne.Size) {
	most := 1
	for _, b := range r.of.bins {
		most = max(most, b.Count)
	}
	free := p.left // from where the row of counts is free
	for i, b := range r.of.bins {
		d, x := r.dots[i], p.x(b.Predicted)
		// The area of a dot, not its width, is what the eye compares.
		size := max(dotLeast, dotMost*float32(math.Sqrt(float64(b.Count)/float64(most))))
		d.circle.Move(fyne.NewPos(x-size/2, p.y(b.Observed)-size/2))
		d.circle.Resize(fyne.NewSquareSize(size))
		top, foot := p.y(b.High), p.y(b.Low)
		d.stem.Move(fyne.NewPos(x-0.75, top))
		d.stem.Resize(fyne.NewSize(1.5, foot-top))
		d.upper.Move(fyne.NewPos(x-whiskerCap/2, top))
		d.upper.Resize(fyne.NewSize(whiskerCap, 1.5))
		d.upper.Hidden = b.High > p.scale // it goes on beyond the end of the axis
		d.foot.Move(fyne.NewPos(x-whiskerCap/2, foot-1.5))
		d.foot.Resize(fyne.NewSize(whiskerCap, 1.5))
		text := d.count.MinSize()
		at := min(max(x-text.Width/2, p.left), s.Width-text.Width)
		if d.count.Hidden = at < free; !d.count.Hidden {
			free = at + text.Width + 8
		}
		d.count.Move(fyne.NewPos(at, p.top-text.Height-2))
		d.count.Resize(text)
	}
}

func (r *plotRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *plotRenderer) Destroy()                     {}
