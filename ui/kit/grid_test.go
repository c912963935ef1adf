package kit

import (
	"cmp"
	"fmt"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

type item struct {
	id string
	n  int
}

func itemGrid() *Grid[item] {
	return NewGrid(func(i item) string { return i.id },
		Column[item]{ID: "id", Title: "Order", Weight: 1, Width: 80, Text: func(i item) string { return i.id }},
		Column[item]{ID: "n", Title: "Count", Width: 90, Align: fyne.TextAlignTrailing,
			Text:    func(i item) string { return strconv.Itoa(i.n) },
			Style:   func(i item) Style { return Style{Tone: ToneBad, Chip: i.n > 3} },
			Compare: func(a, b item) int { return cmp.Compare(a.n, b.n) }},
	)
}

func items(ns ...int) []item {
	var out []item
	for _, n := range ns {
		out = append(out, item{fmt.Sprintf("o%d", n), n})
	}
	return out
}

func shown(t *testing.T, g *Grid[item]) fyne.Window {
	t.Helper()
	test.NewTempApp(t)
	w := test.NewTempWindow(t, g)
	w.Resize(fyne.NewSize(600, 300))
	return w
}

func ids(rows []item) string {
	s := ""
	for _, r := range rows {
		s += r.id + " "
	}
	return s
}

func press(g *Grid[item], row int, m fyne.KeyModifier) {
	g.core.pressed(row, &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: m})
}

func TestGridKeepsTheSelectionOverAReload(t *testing.T) {
	g := itemGrid()
	shown(t, g)
	g.SetRows(items(1, 2, 3))
	if !g.SelectKey("o2") {
		t.Fatal("o2 is not there")
	}
	calls := 0
	g.OnSelect = func() { calls++ }
	g.SetRows(items(9, 8, 2))
	if r, ok := g.Selected(); !ok || r.id != "o2" || calls != 0 {
		t.Fatalf("selected %v %v after %d calls, want o2 and none", r, ok, calls)
	}
	g.SetRows(items(9))
	if _, ok := g.Selected(); ok || calls != 1 {
		t.Fatalf("a row that went is still selected, or OnSelect was called %d times", calls)
	}
}

func TestGridSortsByAClickOnTheTitleAndTurnsOnTheSecond(t *testing.T) {
	g := itemGrid()
	shown(t, g)
	g.SetRows(items(2, 3, 1))
	title := fyne.NewPos(g.core.header.Size().Width-40, 10)
	g.core.header.Tapped(&fyne.PointEvent{Position: title})
	if got := ids(g.Rows()); got != "o1 o2 o3 " {
		t.Fatalf("after one click %s", got)
	}
	g.core.header.Tapped(&fyne.PointEvent{Position: title})
	if got := ids(g.Rows()); got != "o3 o2 o1 " {
		t.Fatalf("after two clicks %s", got)
	}
	g.core.header.Tapped(&fyne.PointEvent{Position: fyne.NewPos(20, 10)})
	if got := ids(g.Rows()); got != "o3 o2 o1 " {
		t.Fatalf("a column without Compare sorted: %s", got)
	}
	g.SetRows(items(1, 5, 4))
	if got := ids(g.Rows()); got != "o5 o4 o1 " {
		t.Fatalf("a reload lost the order: %s", got)
	}
}

func TestGridMovesAndOpensByKeyboard(t *testing.T) {
	g := itemGrid()
	shown(t, g)
	g.SetRows(items(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
	opened := ""
	g.OnOpen = func(i item) { opened = i.id }
	key := func(k fyne.KeyName) { g.core.list.TypedKey(&fyne.KeyEvent{Name: k}) }
	at := func(want string) {
		t.Helper()
		if r, _ := g.Selected(); r.id != want {
			t.Fatalf("on %q, want %q", r.id, want)
		}
	}
	key(fyne.KeyDown)
	at("o1")
	key(fyne.KeyDown)
	at("o2")
	key(fyne.KeyUp)
	key(fyne.KeyUp)
	at("o1")
	key(fyne.KeyEnd)
	at("o12")
	key(fyne.KeyDown)
	at("o12")
	key(fyne.KeyHome)
	key(fyne.KeyPageDown)
	if r, _ := g.Selected(); r.n < 4 {
		t.Fatalf("a page down went to %s only", r.id)
	}
	key(fyne.KeyEnd)
	key(fyne.KeyReturn)
	if opened != "o12" {
		t.Fatalf("Enter opened %q", opened)
	}
}

func TestGridSelectsSeveralWithShiftControlAndAll(t *testing.T) {
	g := itemGrid().Multi()
	shown(t, g)
	g.SetRows(items(1, 2, 3, 4, 5))
	press(g, 1, 0)
	press(g, 3, fyne.KeyModifierShift)
	if got := ids(g.SelectedRows()); got != "o2 o3 o4 " {
		t.Fatalf("shift: %s", got)
	}
	press(g, 2, fyne.KeyModifierShortcutDefault)
	if got := ids(g.SelectedRows()); got != "o2 o4 " {
		t.Fatalf("control: %s", got)
	}
	g.core.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	press(g, 0, fyne.KeyModifierShortcutDefault)
	if got := ids(g.SelectedRows()); got != "o2 o3 o4 o5 " {
		t.Fatalf("all but one: %s", got)
	}
	g.SetRows(items(5, 6, 7))
	if got := ids(g.SelectedRows()); got != "o5 " {
		t.Fatalf("rows that came after Select all are selected: %s", got)
	}
}

func TestGridSelectsOneOnlyWithoutMulti(t *testing.T) {
	g := itemGrid()
	shown(t, g)
	g.SetRows(items(1, 2, 3))
	press(g, 0, 0)
	press(g, 2, fyne.KeyModifierShift)
	g.core.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := ids(g.SelectedRows()); got != "o3 " {
		t.Fatalf("selected %s", got)
	}
}

func TestGridColumnsShareTheWidthAndStandInLineWithTheHeader(t *testing.T) {
	g := itemGrid()
	shown(t, g)
	g.SetRows(items(1, 2, 3))
	if h, l := g.core.header.Size().Width, g.core.list.Size().Width; h != l {
		t.Fatalf("header is %v wide, the rows %v", h, l)
	}
	s := g.core.spans(600)
	if end := s[1].x + s[1].w; end != 600-gridEdge || s[1].w != 90 {
		t.Fatalf("columns end at %v, the fixed one is %v wide", end, s[1].w)
	}
}

func TestGridOpensAMillionRowsAtOnce(t *testing.T) {
	g := itemGrid()
	shown(t, g)
	rows := make([]item, 1_000_000)
	for i := range rows {
		rows[i] = item{strconv.Itoa(i), i}
	}
	start := time.Now()
	g.SetRows(rows)
	g.core.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if took := time.Since(start); took > time.Second {
		t.Errorf("showing a million rows and going to the end took %v", took)
	}
	if r, _ := g.Selected(); r.n != 999_999 || !g.AtBottom() {
		t.Errorf("End went to row %d", r.n)
	}
	g.Multi()
	g.core.list.TypedShortcut(&fyne.ShortcutSelectAll{})
	if n := g.sel.count(len(rows)); n != 1_000_000 || len(g.sel.keys) != 0 {
		t.Errorf("Select all chose %d and remembers %d keys", n, len(g.sel.keys))
	}
}
