package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// RowHeight is the height of a grid row; four more separate it from the next.
const RowHeight float32 = 36

// Style is how a cell looks.
type Style struct {
	Tone       Tone
	Bold, Mono bool
	Icon       fyne.Resource // before the text, in the tone's colour
	Chip       bool          // the text as a chip
	Note       string        // muted, behind the text
}

// Column describes one column of rows of type T. Text and Style are called on every redraw:
// they read memory and nothing else.
type Column[T any] struct {
	ID      string  // stable name for sorting
	Title   string  // as shown
	Width   float32 // fixed; or
	Weight  float32 // the share of what the fixed columns leave, with Width as the least
	Align   fyne.TextAlign
	Text    func(row T) string
	Style   func(row T) Style // nil: plain
	Compare func(a, b T) int  // compares as cmp.Compare does; nil: not sorted by this column
	Drop    int               // 0: always shown; else left out where width is short, the highest first

	// Of a LazyGrid, which sorts elsewhere:
	Sorts    bool // sorted by a click on the title
	Descends bool // the first click gives the highest first
}

func (c Column[T]) untyped() gridColumn {
	return gridColumn{id: c.ID, title: c.Title, width: c.Width, weight: c.Weight, align: c.Align, drop: c.Drop,
		sorts: c.Sorts || c.Compare != nil, descends: c.Descends}
}

// Grid shows rows in columns. It stands on a List, so that a million rows open at once; the
// selection is kept by key and survives a reload. All methods belong to the UI goroutine.
type Grid[T any] struct {
	Box
	// OnSelect is called after a person, SelectKey or a reload changed the selection.
	OnSelect func()
	// OnOpen is called for Enter and a double click.
	OnOpen func(row T)
	// OnSort, when set, sorts elsewhere: the grid shows the arrow and keeps the order it is
	// given. Otherwise the grid sorts its rows itself.
	OnSort func(column string, descending bool)
	// Menu, when set, gives the menu of a right click on the selected rows.
	Menu func(rows []T) *fyne.Menu
	// OnKey hears the keys that are of no use to the grid.
	OnKey func(e *fyne.KeyEvent)

	key     func(T) string
	columns []Column[T]
	rows    []T // in the order shown
	sel     selection
	core    *gridCore
}

// NewGrid returns an empty grid. key names a row for ever; it decides what a selection means.
func NewGrid[T any](key func(T) string, columns ...Column[T]) *Grid[T] {
	g := &Grid[T]{key: key, columns: columns, sel: newSelection()}
	g.core = newGridCore(g)
	g.core.onKey = func(e *fyne.KeyEvent) {
		if g.OnKey != nil {
			g.OnKey(e)
		}
	}
	for _, c := range columns {
		g.core.columns = append(g.core.columns, c.untyped())
	}
	g.Hold(g, container.NewBorder(g.core.header, nil, nil, nil, g.core.list))
	return g
}

// Multi lets several rows be selected: Ctrl and Shift with a click, Ctrl+A.
func (g *Grid[T]) Multi() *Grid[T] { g.core.multi = true; return g }

// Height sets another row height; call it before the grid is shown.
func (g *Grid[T]) Height(h float32) *Grid[T] { g.core.rowHeight = h; return g }

// SetRows shows rows, which the grid owns from now on. What was selected and is still there
// stays selected; OnSelect is called when something of it went.
func (g *Grid[T]) SetRows(rows []T) {
	if g.sel.all {
		g.sel.materialise(len(g.rows), func(i int) string { return g.key(g.rows[i]) })
	}
	current := ""
	if g.core.current >= 0 && g.core.current < len(g.rows) {
		current = g.key(g.rows[g.core.current])
	}
	g.rows = rows
	g.sort()
	lost := false
	if len(g.sel.keys) > 0 {
		found := newSelection()
		for _, r := range rows {
			if k := g.key(r); g.sel.keys[k] {
				found.keys[k] = true
			}
		}
		lost = len(found.keys) != len(g.sel.keys)
		g.sel = found
	}
	g.core.current = g.find(current)
	g.core.anchor = g.core.current
	g.core.refresh()
	if lost {
		g.changed()
	}
}

// Rows are the rows in the order shown. Do not change them.
func (g *Grid[T]) Rows() []T { return g.rows }

// Selected returns the row the keyboard is on, if it is selected, or else the first selected.
func (g *Grid[T]) Selected() (row T, ok bool) {
	if i := g.core.current; i >= 0 && i < len(g.rows) && g.rowSelected(i) {
		return g.rows[i], true
	}
	if g.sel.count(len(g.rows)) > 0 {
		for i := range g.rows {
			if g.rowSelected(i) {
				return g.rows[i], true
			}
		}
	}
	return row, false
}

// SelectedRows returns the selected rows in the order shown.
func (g *Grid[T]) SelectedRows() []T {
	if g.sel.count(len(g.rows)) == 0 {
		return nil
	}
	var out []T
	for i, r := range g.rows {
		if g.rowSelected(i) {
			out = append(out, r)
		}
	}
	return out
}

// SelectKey selects the row with this key alone, scrolls to it and reports whether it is there.
func (g *Grid[T]) SelectKey(key string) bool {
	i := g.find(key)
	if i < 0 {
		return false
	}
	g.core.moveTo(i, false)
	return true
}

// ClearSelection selects nothing.
func (g *Grid[T]) ClearSelection() {
	g.sel, g.core.current, g.core.anchor = newSelection(), -1, -1
	g.core.refresh()
	g.changed()
}

// SortBy sorts by the column with this id, as a click on its title would.
func (g *Grid[T]) SortBy(column string, descending bool) {
	g.core.sortID, g.core.descending = column, descending
	if g.OnSort != nil {
		g.OnSort(column, descending)
	} else {
		current := ""
		if i := g.core.current; i >= 0 && i < len(g.rows) {
			current = g.key(g.rows[i])
		}
		g.sort()
		g.core.current = g.find(current)
		g.core.anchor = g.core.current
	}
	g.core.refresh()
}

// ScrollToBottom shows the last row.
func (g *Grid[T]) ScrollToBottom() {
	if n := len(g.rows); n > 0 {
		g.core.list.ScrollTo(n - 1)
	}
}

// AtBottom reports whether the last row is in sight.
func (g *Grid[T]) AtBottom() bool { return g.core.atBottom() }

// Focus gives the keyboard to the grid.
func (g *Grid[T]) Focus() { g.core.focus() }

func (g *Grid[T]) sort() {
	if g.OnSort != nil {
		return
	}
	for _, c := range g.columns {
		if c.ID == g.core.sortID && c.Compare != nil {
			less := c.Compare
			if g.core.descending {
				less = func(a, b T) int { return c.Compare(b, a) }
			}
			slices.SortStableFunc(g.rows, less)
		}
	}
}

func (g *Grid[T]) find(key string) int {
	if key == "" {
		return -1
	}
	return slices.IndexFunc(g.rows, func(r T) bool { return g.key(r) == key })
}

func (g *Grid[T]) changed() {
	if g.OnSelect != nil {
		g.OnSelect()
	}
}

// The methods below are what gridCore asks.

func (g *Grid[T]) length() int { return len(g.rows) }

func (g *Grid[T]) cell(row, col int) (string, Style) {
	c, r := &g.columns[col], g.rows[row]
	var s Style
	if c.Style != nil {
		s = c.Style(r)
	}
	return c.Text(r), s
}

func (g *Grid[T]) rowSelected(i int) bool { return g.sel.has(g.key(g.rows[i])) }

func (g *Grid[T]) selectRange(from, to int) {
	g.sel = newSelection()
	for i := min(from, to); i <= max(from, to); i++ {
		g.sel.keys[g.key(g.rows[i])] = true
	}
	g.changed()
}

func (g *Grid[T]) toggle(i int) { g.sel.toggle(g.key(g.rows[i])); g.changed() }

func (g *Grid[T]) selectAll() {
	g.sel = selection{all: true, keys: map[string]bool{}}
	g.changed()
}

func (g *Grid[T]) open(i int) {
	if g.OnOpen != nil {
		g.OnOpen(g.rows[i])
	}
}

func (g *Grid[T]) menu() *fyne.Menu {
	if g.Menu == nil {
		return nil
	}
	return g.Menu(g.SelectedRows())
}

func (g *Grid[T]) clickSort(id string) {
	g.SortBy(id, g.core.sortID == id && !g.core.descending)
}

// sortIcon is the arrow of a sorted column.
func sortIcon(descending bool) fyne.Resource {
	if descending {
		return theme.MoveDownIcon()
	}
	return theme.MoveUpIcon()
}
