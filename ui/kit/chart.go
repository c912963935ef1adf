package kit

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Bars is a small bar chart: a group of bars for every step, side by side in the group. The one
// under the pointer is told to OnHover, because bars show a shape and not numbers.
type Bars struct {
	widget.BaseWidget
	pointed

	labels []string
	values [][]int // by series
	tones  []Tone  // by series
}

var _ desktop.Hoverable = (*Bars)(nil)

// NewBars returns an empty chart with so many series as there are tones.
func NewBars(tones ...Tone) *Bars {
	b := &Bars{tones: tones, pointed: pointed{hover: -1}}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows values, by series. Every series has as many as there are labels; a label that does
// not fit is left out.
func (b *Bars) Set(labels []string, values ...[]int) {
	b.labels, b.values, b.hover = labels, values, -1
	b.Refresh()
}

// MouseIn marks the group under the pointer.
func (b *Bars) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved marks the group under the pointer.
func (b *Bars) MouseMoved(e *desktop.MouseEvent) {
	group := -1
	if n := len(b.labels); n > 0 {
		left, width := barsArea(b.Size())
		if at := int(math.Floor(float64((e.Position.X - left) / (width / float32(n))))); at >= 0 && at < n {
			group = at
		}
	}
	b.point(group, b.Refresh)
}

// MouseOut ends MouseIn.
func (b *Bars) MouseOut() { b.point(-1, b.Refresh) }

const (
	barsLeft   float32 = 34 // room for the numbers of the axis
	barsBottom float32 = 18 // room for the labels
	barsTop    float32 = 6
	barsWidest float32 = 26
)

func barsArea(s fyne.Size) (left, width float32) { return barsLeft, max(1, s.Width-barsLeft) }

// barsScale is the number at the top of the axis: 1, 2, 4, 6, 8, 10, 20, 40 … and at least most.
func barsScale(most int) int {
	for step := 1; ; step *= 10 {
		for _, m := range [...]int{1, 2, 4, 6, 8} {
			if step*m >= most || step > math.MaxInt/100 {
				return step * m
			}
		}
	}
}

// CreateRenderer links the chart to its drawing.
func (b *Bars) CreateRenderer() fyne.WidgetRenderer {
	r := &barsRenderer{bars: b, mark: canvas.NewRectangle(nil)}
	for i := range r.lines {
		r.lines[i] = canvas.NewRectangle(nil)
		r.numbers[i] = canvas.NewText("", nil)
		r.numbers[i].Alignment = fyne.TextAlignTrailing
	}
	r.Refresh()
	return r
}

type barsRenderer struct {
	bars    *Bars
	mark    *canvas.Rectangle
	lines   [3]*canvas.Rectangle // none, half and all of the scale
	numbers [3]*canvas.Text
	rects   []*canvas.Rectangle // by group, then by series
	labels  []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *barsRenderer) MinSize() fyne.Size { return fyne.NewSize(160, 110) }

func (r *barsRenderer) Refresh() {
	b := r.bars
	series := len(b.tones)
	for len(r.rects) < series*len(b.labels) {
		rect := canvas.NewRectangle(nil)
		rect.CornerRadius = 2
		r.rects = append(r.rects, rect)
	}
	r.rects = r.rects[:series*len(b.labels)]
	for len(r.labels) < len(b.labels) {
		r.labels = append(r.labels, canvas.NewText("", nil))
	}
	r.labels = r.labels[:len(b.labels)]
	r.mark.FillColor = theme.Color(theme.ColorNameHover)
	for i := range r.lines {
		r.lines[i].FillColor = theme.Color(theme.ColorNameSeparator)
		r.numbers[i].Color, r.numbers[i].TextSize = theme.Color(ColorMuted), theme.Size(theme.SizeNameCaptionText)
	}
	r.objects = []fyne.CanvasObject{r.mark}
	for i := range r.lines {
		r.objects = append(r.objects, r.lines[i], r.numbers[i])
	}
	for i, rect := range r.rects {
		rect.FillColor = b.tones[i%series].color()
		r.objects = append(r.objects, rect)
	}
	for i, l := range r.labels {
		l.Text, l.Color, l.TextSize = b.labels[i], theme.Color(ColorMuted), theme.Size(theme.SizeNameCaptionText)
		r.objects = append(r.objects, l)
	}
	r.Layout(b.Size())
	canvas.Refresh(b)
}

func (r *barsRenderer) Layout(s fyne.Size) {
	b := r.bars
	most := 0
	for _, values := range b.values {
		for _, v := range values {
			most = max(most, v)
		}
	}
	left, width := barsArea(s)
	height := max(1, s.Height-barsTop-barsBottom)
	scale := barsScale(max(most, 1))
	for i, of := range [...]int{0, scale / 2, scale} {
		y := barsTop + height*(1-float32(of)/float32(scale))
		r.lines[i].Move(fyne.NewPos(left, y))
		r.lines[i].Resize(fyne.NewSize(width, 1))
		r.numbers[i].Text = Number(int64(of))
		r.numbers[i].Hidden = i == 1 && scale%2 != 0
		r.lines[i].Hidden = r.numbers[i].Hidden
		text := r.numbers[i].MinSize()
		r.numbers[i].Move(fyne.NewPos(0, y-text.Height/2))
		r.numbers[i].Resize(fyne.NewSize(left-6, text.Height))
	}
	n := len(b.labels)
	r.mark.Hidden = b.hover < 0 || b.hover >= n
	if n == 0 {
		return
	}
	step := width / float32(n)
	if !r.mark.Hidden {
		r.mark.Move(fyne.NewPos(left+float32(b.hover)*step, barsTop))
		r.mark.Resize(fyne.NewSize(step, height))
	}
	series := len(b.tones)
	gap := max(1, step*0.15)
	bar := min(barsWidest, max(1, (step-gap)/float32(series)-1))
	for i, rect := range r.rects {
		group, of := i/series, i%series
		v := 0
		if of < len(b.values) && group < len(b.values[of]) {
			v = b.values[of][group]
		}
		h := height * float32(v) / float32(scale)
		if v > 0 {
			h = max(h, 2) // something is never drawn as nothing
		}
		whole := float32(series)*(bar+1) - 1
		x := left + float32(group)*step + (step-whole)/2 + float32(of)*(bar+1)
		rect.Move(fyne.NewPos(x, barsTop+height-h))
		rect.Resize(fyne.NewSize(bar, h))
		rect.Hidden = v <= 0
	}
	r.layoutLabels(s, left, step)
}

// layoutLabels shows as many labels as fit, evenly, the last one always: it is the newest. It may
// have to move towards the one before, which the room between them allows for.
func (r *barsRenderer) layoutLabels(s fyne.Size, left, step float32) {
	widest := float32(1)
	for _, l := range r.labels {
		widest = max(widest, l.MinSize().Width)
	}
	every := int(math.Ceil(float64((widest + 22) / step)))
	last := len(r.labels) - 1
	for i, l := range r.labels {
		l.Hidden = (last-i)%every != 0
		size := l.MinSize()
		x := left + (float32(i)+0.5)*step - size.Width/2
		x = min(max(x, 0), s.Width-size.Width)
		l.Move(fyne.NewPos(x, s.Height-size.Height))
		l.Resize(size)
	}
}

func (r *barsRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barsRenderer) Destroy()                     {}
