package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const headerHeight float32 = 32

// gridHeader shows the titles. A click on one sorts by it, a second one turns the order.
type gridHeader struct {
	widget.BaseWidget
	core *gridCore
	over int // the column under the pointer; -1 none
}

func newGridHeader(c *gridCore) *gridHeader {
	h := &gridHeader{core: c, over: -1}
	h.ExtendBaseWidget(h)
	return h
}

func (h *gridHeader) columnAt(x float32) int {
	for i, s := range h.core.spans(h.Size().Width) {
		if s.w > 0 && x >= s.x-gridGap/2 && x < s.x+s.w+gridGap/2 {
			return i
		}
	}
	return -1
}

// Tapped sorts.
func (h *gridHeader) Tapped(e *fyne.PointEvent) {
	if i := h.columnAt(e.Position.X); i >= 0 && h.core.columns[i].sorts {
		h.core.model.clickSort(h.core.columns[i].id)
	}
}

// MouseIn and MouseMoved show which title would sort.
func (h *gridHeader) MouseIn(e *desktop.MouseEvent) { h.MouseMoved(e) }

// MouseMoved follows the pointer.
func (h *gridHeader) MouseMoved(e *desktop.MouseEvent) {
	i := h.columnAt(e.Position.X)
	if i >= 0 && !h.core.columns[i].sorts {
		i = -1
	}
	if i != h.over {
		h.over = i
		h.Refresh()
	}
}

// MouseOut ends it.
func (h *gridHeader) MouseOut() { h.over = -1; h.Refresh() }

// Cursor is a hand over a title that sorts.
func (h *gridHeader) Cursor() desktop.Cursor {
	if h.over >= 0 {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// CreateRenderer links the header to its drawing.
func (h *gridHeader) CreateRenderer() fyne.WidgetRenderer {
	h.ExtendBaseWidget(h)
	r := &headerRenderer{header: h, line: canvas.NewRectangle(color.Transparent), arrow: widget.NewIcon(nil)}
	r.objects = []fyne.CanvasObject{r.line, r.arrow}
	for _, c := range h.core.columns {
		t := canvas.NewText(c.title, color.Transparent)
		t.Alignment = c.align
		r.titles = append(r.titles, t)
		r.objects = append(r.objects, newClip(t))
	}
	r.paint()
	return r
}

type headerRenderer struct {
	header  *gridHeader
	line    *canvas.Rectangle
	arrow   *widget.Icon
	titles  []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *headerRenderer) Layout(s fyne.Size) {
	const arrowSize float32 = 14
	r.line.Move(fyne.NewPos(0, s.Height-1))
	r.line.Resize(fyne.NewSize(s.Width, 1))
	r.arrow.Hide()
	for i, sp := range r.header.core.spans(s.Width) {
		col := r.header.core.columns[i]
		clip := r.objects[2+i]
		if sp.w <= 0 {
			clip.Hide()
			continue
		}
		clip.Show()
		room, t, sorted := sp.w, r.titles[i], col.id == r.header.core.sortID && col.sorts
		if sorted {
			room -= arrowSize + 2
		}
		if title := fitting(col.title, room, t.TextSize, t.TextStyle); title != t.Text {
			t.Text = title
			t.Refresh()
		}
		if sorted {
			w := t.MinSize().Width
			x := sp.x + w + 2
			if col.align == fyne.TextAlignTrailing {
				x = sp.x + sp.w - w - arrowSize - 2
			}
			r.arrow.Move(fyne.NewPos(x, (s.Height-arrowSize)/2))
			r.arrow.Resize(fyne.NewSquareSize(arrowSize))
			r.arrow.Show()
		}
		clip.Move(fyne.NewPos(sp.x, 0))
		clip.Resize(fyne.NewSize(sp.w, s.Height))
	}
}

func (r *headerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.header.core.minWidth(), headerHeight)
}

func (r *headerRenderer) paint() {
	r.line.FillColor = theme.Color(theme.ColorNameSeparator)
	r.arrow.SetResource(theme.NewColoredResource(sortIcon(r.header.core.descending), ColorMuted))
	for i, t := range r.titles {
		t.TextSize = theme.Size(theme.SizeNameCaptionText)
		t.TextStyle = fyne.TextStyle{Bold: true}
		t.Color = theme.Color(ColorMuted)
		if i == r.header.over || r.header.core.columns[i].id == r.header.core.sortID && r.header.core.columns[i].sorts {
			t.Color = theme.Color(theme.ColorNameForeground)
		}
	}
}

func (r *headerRenderer) Refresh() {
	r.paint()
	r.Layout(r.header.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *headerRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *headerRenderer) Destroy()                     {}
