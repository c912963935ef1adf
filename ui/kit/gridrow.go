package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// gridRow draws one row. It selects when the button goes down, not when it comes up: a widget
// that also knows a double click gets its single clicks late.
type gridRow struct {
	widget.BaseWidget
	core    *gridCore
	row     int
	hovered bool
	cells   []*gridCell
}

func newGridRow(c *gridCore) *gridRow {
	r := &gridRow{core: c, row: -1}
	for range c.columns {
		r.cells = append(r.cells, newGridCell())
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *gridRow) show(row int) {
	r.row = row
	r.Refresh()
}

// MouseDown selects.
func (r *gridRow) MouseDown(e *desktop.MouseEvent) { r.core.pressed(r.row, e) }

// MouseUp does nothing; the driver wants it.
func (r *gridRow) MouseUp(*desktop.MouseEvent) {}

// DoubleTapped opens.
func (r *gridRow) DoubleTapped(*fyne.PointEvent) {
	if r.row >= 0 && r.row < r.core.model.length() {
		r.core.model.open(r.row)
	}
}

// MouseIn shows that the row can be chosen.
func (r *gridRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

// MouseMoved does nothing; the driver wants it.
func (r *gridRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (r *gridRow) MouseOut() { r.hovered = false; r.Refresh() }

// CreateRenderer links the row to its drawing.
func (r *gridRow) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	rr := &gridRowRenderer{row: r, ground: canvas.NewRectangle(color.Transparent), mark: canvas.NewRectangle(color.Transparent)}
	rr.objects = []fyne.CanvasObject{rr.ground, rr.mark}
	for _, c := range r.cells {
		rr.objects = append(rr.objects, c.clip)
	}
	rr.paint()
	return rr
}

type gridRowRenderer struct {
	row          *gridRow
	ground, mark *canvas.Rectangle
	objects      []fyne.CanvasObject
}

func (rr *gridRowRenderer) Layout(s fyne.Size) {
	rr.ground.Resize(fyne.NewSize(s.Width-gridEdge/2, s.Height))
	rr.mark.Resize(fyne.NewSize(3, s.Height-12))
	rr.mark.Move(fyne.NewPos(0, 6))
	came := false
	for i, sp := range rr.row.core.spans(s.Width) {
		cell := rr.row.cells[i]
		if cell.clip.Hidden != (sp.w <= 0) {
			came = came || cell.clip.Hidden
			cell.clip.Hidden = sp.w <= 0
		}
		if sp.w > 0 {
			cell.place(sp, s.Height, rr.row.core.columns[i].align)
		}
	}
	if came { // a column there was no room for before has an old text, or none
		rr.paint()
	}
}

func (rr *gridRowRenderer) MinSize() fyne.Size {
	return fyne.NewSize(rr.row.core.minWidth(), rr.row.core.rowHeight)
}

func (rr *gridRowRenderer) Refresh() {
	rr.paint()
	rr.ground.Refresh()
	rr.mark.Refresh()
	canvas.Refresh(rr.row)
}

func (rr *gridRowRenderer) paint() {
	r, c := rr.row, rr.row.core
	selected := r.row >= 0 && r.row < c.model.length() && c.model.rowSelected(r.row)
	rr.ground.CornerRadius, rr.mark.CornerRadius = theme.Size(theme.SizeNameSelectionRadius), 1.5
	rr.ground.FillColor, rr.mark.FillColor = color.Transparent, color.Transparent
	switch {
	case selected:
		rr.ground.FillColor = theme.Color(theme.ColorNameSelection)
	case r.hovered:
		rr.ground.FillColor = theme.Color(theme.ColorNameHover)
	}
	if c.focused && r.row == c.current && r.row >= 0 {
		rr.mark.FillColor = theme.Color(theme.ColorNamePrimary)
	}
	if r.row < 0 || r.row >= c.model.length() {
		return
	}
	for i, cell := range r.cells {
		if cell.clip.Hidden {
			continue
		}
		text, style := c.model.cell(r.row, i)
		cell.set(text, style, c.columns[i].align)
	}
}

func (rr *gridRowRenderer) Objects() []fyne.CanvasObject { return rr.objects }
func (rr *gridRowRenderer) Destroy()                     {}

// gridCell is a clipped piece of a row: an icon, a text, and under the text the ground of a
// chip.
type gridCell struct {
	clip   *container.Clip
	whole  string // what it says, of which text draws what fits
	text   *canvas.Text
	ground *canvas.Rectangle
	icon   *widget.Icon
	note   *canvas.Text // nil until a cell has one
	style  Style
	box    *fyne.Container
}

func newGridCell() *gridCell {
	c := &gridCell{text: canvas.NewText("", color.Transparent), ground: canvas.NewRectangle(color.Transparent), icon: widget.NewIcon(nil)}
	c.ground.CornerRadius = chipHeight / 2
	c.icon.Hide()
	c.ground.Hide()
	c.box = container.NewWithoutLayout(c.ground, c.icon, c.text)
	c.clip = newClip(c.box)
	return c
}

func (c *gridCell) set(text string, s Style, align fyne.TextAlign) {
	tone := s.Tone.color()
	size := theme.TextSize()
	if s.Chip {
		size = theme.Size(theme.SizeNameCaptionText)
	}
	style := fyne.TextStyle{Bold: s.Bold, Monospace: s.Mono}
	if c.whole == text && c.text.Color == tone && c.text.TextSize == size && c.text.TextStyle == style && c.style == s {
		return
	}
	if s.Icon != c.style.Icon || s.Tone != c.style.Tone {
		if s.Icon == nil {
			c.icon.Hide()
		} else {
			c.icon.SetResource(theme.NewColoredResource(s.Icon, s.Tone.ColorName()))
			c.icon.Show()
		}
	}
	c.style = s
	c.whole, c.text.Color, c.text.TextSize, c.text.TextStyle = text, tone, size, style
	if c.note == nil && s.Note != "" {
		c.note = canvas.NewText("", color.Transparent)
		c.box.Add(c.note)
	}
	if c.note != nil {
		c.note.Color, c.note.TextSize = ToneMuted.color(), theme.Size(theme.SizeNameCaptionText)
	}
	c.ground.Hidden = !s.Chip || text == ""
	c.ground.FillColor = s.Tone.soft()
	c.arrange(align)
	c.ground.Refresh()
}

func (c *gridCell) place(sp span, height float32, align fyne.TextAlign) {
	c.clip.Move(fyne.NewPos(sp.x, 0))
	c.clip.Resize(fyne.NewSize(sp.w, height))
	c.arrange(align)
}

// arrange puts icon, chip and text into the cell's present size. What does not fit ends in "…".
func (c *gridCell) arrange(align fyne.TextAlign) {
	const iconSize float32 = 16
	s := c.clip.Size()
	x := float32(0)
	if c.style.Icon != nil {
		c.icon.Resize(fyne.NewSquareSize(iconSize))
		c.icon.Move(fyne.NewPos(0, (s.Height-iconSize)/2))
		x = iconSize + 6
	}
	pad := float32(0)
	if c.style.Chip {
		pad = chipPad
	}
	c.text.Text = c.whole
	if room := s.Width - x - 2*pad; room > 0 {
		c.text.Text = fitting(c.whole, room, c.text.TextSize, c.text.TextStyle)
	}
	w := c.text.MinSize().Width + 2*pad
	switch align {
	case fyne.TextAlignTrailing:
		x = s.Width - w
	case fyne.TextAlignCenter:
		x += (s.Width - x - w) / 2
	}
	c.ground.Move(fyne.NewPos(x, (s.Height-chipHeight)/2))
	c.ground.Resize(fyne.NewSize(w, chipHeight))
	c.text.Move(fyne.NewPos(x+pad, 0))
	c.text.Resize(fyne.NewSize(w-2*pad, s.Height))
	c.text.Refresh()
	c.placeNote(x+w+6, s)
}

// placeNote puts the note at x, behind the text, or leaves it out where there is hardly room.
func (c *gridCell) placeNote(x float32, s fyne.Size) {
	const least float32 = 40
	if c.note == nil {
		return
	}
	if c.note.Hidden = c.style.Note == "" || s.Width-x < least; !c.note.Hidden {
		c.note.Text = fitting(c.style.Note, s.Width-x, c.note.TextSize, c.note.TextStyle)
		c.note.Move(fyne.NewPos(x, 0))
		c.note.Resize(fyne.NewSize(s.Width-x, s.Height))
	}
	c.note.Refresh()
}
