package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TrendPoint is a number of 0 to 100 that held from a moment on.
type TrendPoint struct {
	At    time.Time
	Value int
}

// Trend draws how a number of 0 to 100 changed with time, as steps: each value holds until the
// next one. The point under the pointer is told to OnHover, because a line shows a shape and not
// numbers.
type Trend struct {
	widget.BaseWidget
	pointed

	points []TrendPoint
	until  time.Time
}

var _ desktop.Hoverable = (*Trend)(nil)

// NewTrend returns a chart of points, oldest first, the last of which holds until a moment.
func NewTrend(points []TrendPoint, until time.Time) *Trend {
	t := &Trend{points: points, until: until, pointed: pointed{hover: -1}}
	t.ExtendBaseWidget(t)
	return t
}

// MouseIn marks the point under the pointer.
func (t *Trend) MouseIn(e *desktop.MouseEvent) { t.MouseMoved(e) }

// MouseMoved marks the point whose value holds where the pointer is.
func (t *Trend) MouseMoved(e *desktop.MouseEvent) {
	at := -1
	for i := range t.points {
		if i == 0 || t.x(t.points[i].At) <= e.Position.X {
			at = i
		}
	}
	t.point(at, t.Refresh)
}

// MouseOut ends MouseIn.
func (t *Trend) MouseOut() { t.point(-1, t.Refresh) }

const (
	trendLeft  float32 = 30 // room for the numbers of the axis
	trendEdge  float32 = 8  // above and below the lines: half of a number's height
	trendDot   float32 = 6
	trendThick float32 = 2
)

// x is where a moment stands.
func (t *Trend) x(at time.Time) float32 {
	width := t.Size().Width - trendLeft - trendDot
	if len(t.points) == 0 || !t.until.After(t.points[0].At) {
		return trendLeft
	}
	share := float32(at.Sub(t.points[0].At).Seconds() / t.until.Sub(t.points[0].At).Seconds())
	return trendLeft + width*min(max(share, 0), 1)
}

func (t *Trend) y(value int) float32 {
	return trendEdge + (t.Size().Height-2*trendEdge)*float32(100-min(max(value, 0), 100))/100
}

// CreateRenderer links the chart to its drawing.
func (t *Trend) CreateRenderer() fyne.WidgetRenderer {
	r := &trendRenderer{trend: t, mark: canvas.NewCircle(nil)}
	for i := range r.lines {
		r.lines[i], r.numbers[i] = canvas.NewRectangle(nil), canvas.NewText("", nil)
		r.numbers[i].Alignment = fyne.TextAlignTrailing
	}
	for range t.points {
		r.steps = append(r.steps, [2]*canvas.Rectangle{canvas.NewRectangle(nil), canvas.NewRectangle(nil)})
	}
	r.Refresh()
	return r
}

type trendRenderer struct {
	trend   *Trend
	lines   [3]*canvas.Rectangle // at 0, 50 and 100
	numbers [3]*canvas.Text
	steps   [][2]*canvas.Rectangle // by point: up or down to its value, and along it
	mark    *canvas.Circle
}

func (r *trendRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 70) }

func (r *trendRenderer) Refresh() {
	for i := range r.lines {
		r.lines[i].FillColor = theme.Color(theme.ColorNameSeparator)
		r.numbers[i].Color, r.numbers[i].TextSize = theme.Color(ColorMuted), theme.Size(theme.SizeNameCaptionText)
		r.numbers[i].Text = Number(int64(50 * i))
	}
	for _, s := range r.steps {
		s[0].FillColor, s[1].FillColor = ToneAccent.color(), ToneAccent.color()
	}
	r.mark.FillColor = ToneAccent.color()
	r.Layout(r.trend.Size())
	canvas.Refresh(r.trend)
}

func (r *trendRenderer) Layout(s fyne.Size) {
	t := r.trend
	for i := range r.lines {
		y := t.y(50 * i)
		r.lines[i].Move(fyne.NewPos(trendLeft, y))
		r.lines[i].Resize(fyne.NewSize(max(1, s.Width-trendLeft), 1))
		text := r.numbers[i].MinSize()
		r.numbers[i].Move(fyne.NewPos(0, y-text.Height/2))
		r.numbers[i].Resize(fyne.NewSize(trendLeft-6, text.Height))
	}
	for i, step := range r.steps {
		p := t.points[i]
		x, y, end := t.x(p.At), t.y(p.Value), t.x(t.until)
		if i+1 < len(t.points) {
			end = t.x(t.points[i+1].At)
		}
		from := y
		if i > 0 {
			from = t.y(t.points[i-1].Value)
		}
		step[0].Move(fyne.NewPos(x-trendThick/2, min(from, y)-trendThick/2))
		step[0].Resize(fyne.NewSize(trendThick, max(from-y, y-from)+trendThick))
		step[1].Move(fyne.NewPos(x, y-trendThick/2))
		step[1].Resize(fyne.NewSize(max(trendThick, end-x), trendThick))
	}
	shown := t.hover
	if shown < 0 || shown >= len(t.points) {
		shown = len(t.points) - 1 // how it stands
	}
	if r.mark.Hidden = shown < 0; !r.mark.Hidden {
		x := t.x(t.points[shown].At)
		if shown == len(t.points)-1 && t.hover < 0 {
			x = t.x(t.until)
		}
		r.mark.Move(fyne.NewPos(x-trendDot/2, t.y(t.points[shown].Value)-trendDot/2))
		r.mark.Resize(fyne.NewSquareSize(trendDot))
	}
}

func (r *trendRenderer) Objects() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	for i := range r.lines {
		list = append(list, r.lines[i], r.numbers[i])
	}
	for _, s := range r.steps {
		list = append(list, s[0], s[1])
	}
	return append(list, r.mark)
}

func (r *trendRenderer) Destroy() {}
