package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// LazyGrid shows rows that are known by a number until they come into sight: a million rows are
// four megabytes. It sorts nothing itself. The selection is kept by number and survives a
// reload, as does the place scrolled to. All methods belong to the UI goroutine.
type LazyGrid[T any] struct {
	Box
	// OnSelect is called after a person, Select or a reload changed the selection.
	OnSelect func()
	// OnOpen is called for Enter and a double click.
	OnOpen func(no uint32)
	// OnSort is called for a click on a title.
	OnSort func(column string, descending bool)
	// OnSee is called when rows came into sight, with all that are: the first, and the one
	// behind the last. It must not change the grid.
	OnSee func(first, end int)
	// OnKey, OnRune and OnShortcut hear what is typed and of no use to the grid.
	OnKey      func(e *fyne.KeyEvent)
	OnRune     func(r rune)
	OnShortcut func(s fyne.Shortcut)
	// Menu, when set, gives the menu of a right click on the selected rows.
	Menu func() *fyne.Menu

	row     func(no uint32) (T, bool)
	columns []Column[T]
	nos     []uint32
	chosen  numberSet
	core    *gridCore
}

// NewLazyGrid returns an empty grid. row gives what is known of a number, false while it is
// still being read; it is called on every redraw and only reads memory.
func NewLazyGrid[T any](row func(no uint32) (T, bool), columns ...Column[T]) *LazyGrid[T] {
	g := &LazyGrid[T]{row: row, columns: columns}
	g.core = newGridCore(g)
	for _, c := range columns {
		g.core.columns = append(g.core.columns, c.untyped())
	}
	g.core.multi = true
	g.core.onShow = func(int) {
		if g.OnSee != nil {
			g.OnSee(g.Sight())
		}
	}
	g.core.onKey = func(e *fyne.KeyEvent) {
		if g.OnKey != nil {
			g.OnKey(e)
		}
	}
	g.core.onRune = func(r rune) {
		if g.OnRune != nil {
			g.OnRune(r)
		}
	}
	g.core.onShortcut = func(s fyne.Shortcut) {
		if g.OnShortcut != nil {
			g.OnShortcut(s)
		}
	}
	g.Hold(g, container.NewBorder(g.core.header, nil, nil, nil, g.core.list))
	return g
}

// SetNumbers shows these rows, which the grid reads and never changes. What was selected and is
// still there stays selected. With stay the rows in sight stay where they are as far as they
// are still there; without, the first row comes into sight.
func (g *LazyGrid[T]) SetNumbers(nos []uint32, stay bool) {
	current, anchor := g.at(g.core.current), g.at(g.core.anchor)
	held, above := g.hold()
	lost := g.chosen.keep(nos)
	g.nos = nos
	g.core.current, g.core.anchor = g.find(current), g.find(anchor)
	offset := float32(0)
	if stay {
		offset = g.core.list.GetScrollOffset()
		if i, at := g.findFirst(held); i >= 0 && offset > 0 {
			offset = max(0, float32(i-at)*g.core.pitch()+above)
		}
	}
	g.core.refresh()
	g.core.list.ScrollToOffset(offset)
	g.core.refresh()
	if lost {
		g.changed()
	}
}

// hold returns the numbers of the rows in sight, and how much of the first one is scrolled away.
func (g *LazyGrid[T]) hold() (nos []uint32, above float32) {
	first, end := g.Sight()
	return g.nos[first:end], g.core.list.GetScrollOffset() - float32(first)*g.core.pitch()
}

// findFirst finds the row of the first of held that is there, and which of held it is.
func (g *LazyGrid[T]) findFirst(held []uint32) (row, which int) {
	at := make(map[uint32]int, len(held))
	for i, no := range held {
		at[no] = i
	}
	row, which = -1, len(held)
	for i, no := range g.nos {
		if h, ok := at[no]; ok && h < which {
			if row, which = i, h; h == 0 {
				break
			}
		}
	}
	return row, which
}

// Sight is the range of the rows in sight.
func (g *LazyGrid[T]) Sight() (first, end int) {
	l, pitch := g.core.list, g.core.pitch()
	first = min(int(l.GetScrollOffset()/pitch), len(g.nos))
	end = min(int((l.GetScrollOffset()+l.Size().Height)/pitch)+1, len(g.nos))
	return max(0, first), max(0, first, end)
}

// RefreshRows draws the rows in sight anew.
func (g *LazyGrid[T]) RefreshRows() { g.core.list.Refresh() }

// Numbers are the rows in the order shown. Do not change them.
func (g *LazyGrid[T]) Numbers() []uint32 { return g.nos }

// Count is how many rows are selected.
func (g *LazyGrid[T]) Count() int { return g.chosen.count }

// Selected returns the selected numbers in the order shown.
func (g *LazyGrid[T]) Selected() []uint32 {
	if g.chosen.count == 0 {
		return nil
	}
	out := make([]uint32, 0, g.chosen.count)
	for _, no := range g.nos {
		if g.chosen.has(no) {
			out = append(out, no)
		}
	}
	return out
}

// Current is the selected row the keyboard is on, or the first selected; 0 for none.
func (g *LazyGrid[T]) Current() uint32 {
	if no := g.at(g.core.current); no != 0 && g.chosen.has(no) {
		return no
	}
	if g.chosen.count > 0 {
		if i := slices.IndexFunc(g.nos, g.chosen.has); i >= 0 {
			return g.nos[i]
		}
	}
	return 0
}

// Select selects the row with this number alone, scrolls to it and reports whether it is there.
func (g *LazyGrid[T]) Select(no uint32) bool {
	i := g.find(no)
	if i < 0 {
		return false
	}
	g.core.moveTo(i, false)
	return true
}

// Step selects the row so many below the one the keyboard is on.
func (g *LazyGrid[T]) Step(by int) { g.core.moveTo(g.core.current+by, false) }

// Clear selects nothing.
func (g *LazyGrid[T]) Clear() {
	had := g.chosen.count > 0
	g.chosen.clear()
	g.core.current, g.core.anchor = -1, -1
	g.core.list.Refresh()
	if had {
		g.changed()
	}
}

// ShowSort shows by which column the rows are sorted.
func (g *LazyGrid[T]) ShowSort(column string, descending bool) {
	if g.core.sortID != column || g.core.descending != descending {
		g.core.sortID, g.core.descending = column, descending
		g.core.header.Refresh()
	}
}

// Focus gives the keyboard to the grid; where nothing is selected, its first row in sight is. It
// wants the canvas, because the driver knows no canvas of what was not drawn yet.
func (g *LazyGrid[T]) Focus(c fyne.Canvas) {
	c.Focus(g.core.list)
	if g.chosen.count == 0 && len(g.nos) > 0 {
		first, _ := g.Sight()
		g.core.moveTo(first, false)
	}
}

func (g *LazyGrid[T]) at(row int) uint32 {
	if row < 0 || row >= len(g.nos) {
		return 0
	}
	return g.nos[row]
}

func (g *LazyGrid[T]) find(no uint32) int {
	if no == 0 {
		return -1
	}
	return slices.Index(g.nos, no)
}

func (g *LazyGrid[T]) changed() {
	if g.OnSelect != nil {
		g.OnSelect()
	}
}

// The methods below are what gridCore asks.

func (g *LazyGrid[T]) length() int { return len(g.nos) }

func (g *LazyGrid[T]) cell(row, col int) (string, Style) {
	c := &g.columns[col]
	r, ok := g.row(g.nos[row])
	if !ok {
		if c.Weight > 0 {
			return "…", Style{Tone: ToneMuted}
		}
		return "", Style{}
	}
	var s Style
	if c.Style != nil {
		s = c.Style(r)
	}
	return c.Text(r), s
}

func (g *LazyGrid[T]) rowSelected(i int) bool { return g.chosen.has(g.nos[i]) }

func (g *LazyGrid[T]) selectRange(from, to int) {
	g.chosen.clear()
	for i := min(from, to); i <= max(from, to); i++ {
		g.chosen.add(g.nos[i])
	}
	g.changed()
}

func (g *LazyGrid[T]) toggle(i int) { g.chosen.toggle(g.nos[i]); g.changed() }

func (g *LazyGrid[T]) selectAll() {
	for _, no := range g.nos {
		g.chosen.add(no)
	}
	g.changed()
}

func (g *LazyGrid[T]) open(i int) {
	if g.OnOpen != nil {
		g.OnOpen(g.nos[i])
	}
}

func (g *LazyGrid[T]) menu() *fyne.Menu {
	if g.Menu == nil {
		return nil
	}
	return g.Menu()
}

func (g *LazyGrid[T]) clickSort(id string) {
	descending := false
	for _, c := range g.columns {
		if c.ID == id {
			descending = c.Descends
		}
	}
	if g.core.sortID == id {
		descending = !g.core.descending
	}
	g.ShowSort(id, descending)
	if g.OnSort != nil {
		g.OnSort(id, descending)
	}
}
