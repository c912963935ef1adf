package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// gridModel is the typed half of a Grid as its widgets see it.
type gridModel interface {
	length() int
	cell(row, col int) (string, Style)
	rowSelected(row int) bool
	selectRange(from, to int)
	toggle(row int)
	selectAll()
	open(row int)
	menu() *fyne.Menu
	clickSort(id string)
}

type gridColumn struct {
	id, title     string
	width, weight float32
	align         fyne.TextAlign
	drop          int
	sorts         bool
	descends      bool
}

// gridCore is the half of a Grid that does not know the type of its rows.
type gridCore struct {
	model     gridModel
	columns   []gridColumn
	rowHeight float32
	multi     bool
	header    *gridHeader
	list      *gridList

	current, anchor int // rows; -1 none
	focused         bool
	sortID          string
	descending      bool

	// What a grid may hear besides; nil: nothing.
	onShow     func(row int)          // a row came into sight
	onKey      func(e *fyne.KeyEvent) // a key the grid has no use for itself
	onRune     func(r rune)
	onShortcut func(s fyne.Shortcut)
}

func newGridCore(m gridModel) *gridCore {
	c := &gridCore{model: m, rowHeight: RowHeight, current: -1, anchor: -1}
	c.header = newGridHeader(c)
	c.list = newGridList(c)
	return c
}

const (
	gridEdge float32 = 10 // left and right of a row; the right one holds the scroll bar
	gridGap  float32 = 12 // between two columns
)

// spans gives every column its place in a row of the given width: x and width in turn. Header
// and rows both use it, and that alone keeps them in line. A column that is left out has no
// width.
func (c *gridCore) spans(width float32) []span {
	out := make([]span, len(c.columns))
	least := c.dropped(width)
	free, weights := width-2*gridEdge+gridGap, float32(0)
	for _, col := range c.columns {
		if !col.shown(least) {
			continue
		}
		free -= col.width + gridGap
		weights += col.weight
	}
	x := gridEdge
	for i, col := range c.columns {
		if !col.shown(least) {
			continue
		}
		w := col.width
		if weights > 0 && free > 0 {
			w += free * col.weight / weights
		}
		out[i] = span{x, w}
		x += w + gridGap
	}
	return out
}

type span struct{ x, w float32 }

func (c gridColumn) shown(least int) bool { return c.drop == 0 || c.drop < least }

// dropped is the least Drop of the columns that a row of this width has no room for; columns of
// an equal Drop come and go together.
func (c *gridCore) dropped(width float32) (least int) {
	for _, col := range c.columns {
		least = max(least, col.drop+1)
	}
	for least > 1 && c.widthBelow(least) > width {
		least--
	}
	return least
}

// widthBelow is what the columns with a Drop below least need.
func (c *gridCore) widthBelow(least int) float32 {
	w := 2*gridEdge - gridGap
	for _, col := range c.columns {
		if col.shown(least) {
			w += max(col.width, 24) + gridGap
		}
	}
	return w
}

func (c *gridCore) minWidth() float32 { return c.widthBelow(1) }

func (c *gridCore) refresh() {
	c.header.Refresh()
	c.list.Refresh()
}

// moveTo goes to a row with the keyboard or the mouse: selects it, or everything from the
// anchor to it.
func (c *gridCore) moveTo(row int, extend bool) {
	n := c.model.length()
	if n == 0 {
		return
	}
	row = max(0, min(row, n-1))
	from := row
	if extend && c.multi && c.anchor >= 0 && c.anchor < n {
		from = c.anchor
	} else {
		c.anchor = row
	}
	c.current = row
	c.list.ScrollTo(row)
	c.model.selectRange(from, row)
	c.list.Refresh()
}

// pressed is a mouse button going down on a row.
func (c *gridCore) pressed(row int, e *desktop.MouseEvent) {
	c.focus()
	if row >= c.model.length() {
		return
	}
	secondary := e.Button == desktop.MouseButtonSecondary
	switch {
	case secondary && c.model.rowSelected(row):
		c.current = row
	case c.multi && e.Modifier&fyne.KeyModifierShortcutDefault != 0:
		c.current, c.anchor = row, row
		c.model.toggle(row)
		c.list.Refresh()
	default:
		c.moveTo(row, e.Modifier&fyne.KeyModifierShift != 0)
	}
	if secondary {
		c.showMenu(e.AbsolutePosition)
	}
}

func (c *gridCore) showMenu(at fyne.Position) {
	m := c.model.menu()
	canvas := fyne.CurrentApp().Driver().CanvasForObject(c.list)
	if m == nil || canvas == nil {
		return
	}
	widget.ShowPopUpMenuAtPosition(m, canvas, at)
}

func (c *gridCore) focus() {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(c.list); canvas != nil {
		canvas.Focus(c.list)
	}
}

// page is how many whole rows are in sight.
func (c *gridCore) page() int {
	return max(1, int(c.list.Size().Height/c.pitch()))
}

func (c *gridCore) pitch() float32 { return c.rowHeight + theme.Padding() }

func (c *gridCore) atBottom() bool {
	bottom := float32(c.model.length())*c.pitch() - theme.Padding()
	return c.list.GetScrollOffset()+c.list.Size().Height >= bottom-c.pitch()
}

// gridList is the List with a keyboard of our own. List's own focus mark is not used: rows
// draw theirs.
type gridList struct {
	widget.List
	core  *gridCore
	shift bool
	typed int
}

// Resize shows the row the keyboard is on where there was no room for any row before.
func (l *gridList) Resize(size fyne.Size) {
	had := l.Size().Height >= l.core.rowHeight
	l.List.Resize(size)
	if !had && size.Height >= l.core.rowHeight && l.core.current >= 0 && l.core.current < l.core.model.length() {
		l.ScrollTo(l.core.current)
	}
}

func newGridList(c *gridCore) *gridList {
	l := &gridList{core: c}
	l.Length = c.model.length
	l.CreateItem = func() fyne.CanvasObject { return newGridRow(c) }
	l.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		o.(*gridRow).show(i)
		if c.onShow != nil {
			c.onShow(i)
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

// FocusGained marks the current row.
func (l *gridList) FocusGained() {
	l.core.focused = true
	l.Refresh()
}

// FocusLost takes the mark away.
func (l *gridList) FocusLost() {
	l.core.focused, l.shift = false, false
	l.Refresh()
}

// KeyDown notes Shift, which TypedKey does not tell.
func (l *gridList) KeyDown(e *fyne.KeyEvent) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		l.shift = true
	}
}

// KeyUp notes Shift.
func (l *gridList) KeyUp(e *fyne.KeyEvent) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		l.shift = false
	}
}

// Typed counts the keys typed here.
func (l *gridList) Typed() int { return l.typed }

// TypedKey moves, opens and toggles.
func (l *gridList) TypedKey(e *fyne.KeyEvent) {
	c := l.core
	l.typed++
	switch e.Name {
	case fyne.KeyDown:
		c.moveTo(c.current+1, l.shift)
	case fyne.KeyUp:
		c.moveTo(c.current-1, l.shift)
	case fyne.KeyHome:
		c.moveTo(0, l.shift)
	case fyne.KeyEnd:
		c.moveTo(c.model.length()-1, l.shift)
	case fyne.KeyPageDown:
		c.moveTo(c.current+c.page(), l.shift)
	case fyne.KeyPageUp:
		c.moveTo(c.current-c.page(), l.shift)
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.current >= 0 && c.current < c.model.length() {
			c.model.open(c.current)
		}
	case fyne.KeySpace:
		if c.multi && c.current >= 0 && c.current < c.model.length() {
			c.model.toggle(c.current)
			l.Refresh()
		}
	default:
		if c.onKey != nil {
			c.onKey(e)
		}
	}
}

// TypedRune passes letters on.
func (l *gridList) TypedRune(r rune) {
	if l.core.onRune != nil {
		l.core.onRune(r)
	}
}

// TypedShortcut selects all, and passes the others on.
func (l *gridList) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutSelectAll); ok && l.core.multi && l.core.model.length() > 0 {
		l.core.model.selectAll()
		l.Refresh()
		return
	}
	if l.core.onShortcut != nil {
		l.core.onShortcut(s)
	}
}
