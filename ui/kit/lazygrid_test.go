package kit

import (
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// lazyGrid is a grid of numbers of which only the first known ones were read.
func lazyGrid(t *testing.T, known uint32) (g *LazyGrid[uint32], w fyne.Window) {
	t.Helper()
	g = NewLazyGrid(func(no uint32) (uint32, bool) { return no, no <= known },
		Column[uint32]{ID: "no", Title: "No", Width: 80, Weight: 1, Text: func(no uint32) string { return strconv.Itoa(int(no)) }},
		Column[uint32]{ID: "square", Title: "Square", Width: 90, Drop: 1, Sorts: true, Descends: true, Text: func(no uint32) string { return strconv.Itoa(int(no * no)) }},
		Column[uint32]{ID: "name", Title: "Name", Width: 200, Drop: 2, Text: func(uint32) string { return "name" }},
	)
	test.NewTempApp(t)
	w = test.NewTempWindow(t, g)
	w.Resize(fyne.NewSize(600, 400))
	return g, w
}

func upTo(n uint32) []uint32 {
	nos := make([]uint32, n)
	for i := range nos {
		nos[i] = uint32(i) + 1
	}
	return nos
}

func TestLazyGridShowsAMillionRowsAtOnceAndSaysWhichAreInSight(t *testing.T) {
	g, _ := lazyGrid(t, 50)
	seen := 0
	g.OnSee = func(first, end int) { seen = max(seen, end-first) }
	nos := upTo(1_000_000)
	start := time.Now()
	g.SetNumbers(nos, false)
	g.core.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if took := time.Since(start); took > time.Second {
		t.Errorf("showing a million rows and going to the end took %v", took)
	}
	if first, end := g.Sight(); end != 1_000_000 || end-first > 12 || seen > 12 {
		t.Errorf("in sight are %d to %d, said were up to %d", first, end, seen)
	}
	if text, style := g.cell(999_999, 0); text != "…" || style.Tone != ToneMuted {
		t.Errorf("a row that was not read says %q", text)
	}
	allocated := testing.AllocsPerRun(3, func() { g.core.list.TypedShortcut(&fyne.ShortcutSelectAll{}) })
	if g.Count() != 1_000_000 || allocated > 3000 {
		t.Errorf("Select all chose %d with %v allocations", g.Count(), allocated)
	}
}

func TestLazyGridShowsTheRowThatWasSelectedBeforeItHadAnyRoom(t *testing.T) {
	g := NewLazyGrid(func(no uint32) (uint32, bool) { return no, true }, Column[uint32]{ID: "no", Title: "No", Width: 80, Text: func(no uint32) string { return strconv.Itoa(int(no)) }})
	test.NewTempApp(t)
	g.SetNumbers(upTo(30), false)
	g.Select(3)
	test.NewTempWindow(t, g).Resize(fyne.NewSize(600, 400))
	if first, end := g.Sight(); first > 2 || end <= 2 {
		t.Errorf("row 3 is selected, in sight are %d to %d", first+1, end)
	}
}

func TestLazyGridKeepsThePlaceAndTheSelectionOverAReload(t *testing.T) {
	g, _ := lazyGrid(t, 2000)
	g.SetNumbers(upTo(1000), false)
	g.Select(700)
	g.core.list.ScrollToOffset(500*40 + 8)
	g.core.refresh()
	lost := 0
	g.OnSelect = func() { lost++ }
	g.SetNumbers(append([]uint32{1001, 1002, 1003}, upTo(1000)...), true) // three came in above
	if first, _ := g.Sight(); g.Numbers()[first] != 501 || g.core.list.GetScrollOffset() != 503*40+8 {
		t.Errorf("the first row in sight is %d at %v", g.Numbers()[first], g.core.list.GetScrollOffset())
	}
	if g.Current() != 700 || lost != 0 {
		t.Errorf("selected is %d, lost %d times", g.Current(), lost)
	}
	g.SetNumbers(upTo(600), true) // 700 went
	if g.Count() != 0 || lost != 1 {
		t.Errorf("%d selected, lost %d times", g.Count(), lost)
	}
	g.SetNumbers(upTo(1000), false)
	if first, _ := g.Sight(); first != 0 {
		t.Errorf("another question begins at row %d", first)
	}
	g.SetNumbers(append([]uint32{1001}, upTo(1000)...), true)
	if first, _ := g.Sight(); g.Numbers()[first] != 1001 {
		t.Error("at the top, what comes in above is not shown")
	}
}

func TestLazyGridSelectsSeveralByNumber(t *testing.T) {
	g, _ := lazyGrid(t, 2000)
	g.SetNumbers([]uint32{9, 4, 70, 3, 5}, false)
	press := func(row int, m fyne.KeyModifier) {
		g.core.pressed(row, &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: m})
	}
	want := func(nos ...uint32) {
		t.Helper()
		got := g.Selected()
		same := len(got) == len(nos)
		for i := range nos {
			same = same && got[i] == nos[i]
		}
		if !same {
			t.Fatalf("selected %v, want %v", got, nos)
		}
	}
	press(1, 0)
	press(3, fyne.KeyModifierShift)
	want(4, 70, 3)
	press(2, fyne.KeyModifierShortcutDefault)
	want(4, 3)
	g.SetNumbers([]uint32{3, 70, 4}, true)
	want(3, 4)
	g.Clear()
	want()
}

func TestLazyGridLeavesColumnsOutWhereWidthIsShort(t *testing.T) {
	g, w := lazyGrid(t, 2000)
	g.SetNumbers(upTo(10), false)
	for width, want := range map[float32]int{600: 3, 300: 2, 190: 1} {
		w.Resize(fyne.NewSize(width, 400))
		n := 0
		for _, s := range g.core.spans(g.core.list.Size().Width) {
			if s.w > 0 {
				n++
			}
		}
		if n != want {
			t.Errorf("%d columns in a width of %v, want %d", n, g.core.list.Size().Width, want)
		}
	}
}

func TestLazyGridSortsElsewhereAndTheOtherWayFirstWhereThatIsWanted(t *testing.T) {
	g, _ := lazyGrid(t, 2000)
	var got []bool
	g.OnSort = func(id string, descending bool) { got = append(got, descending) }
	g.clickSort("square")
	g.clickSort("square")
	if len(got) != 2 || !got[0] || got[1] {
		t.Fatalf("descending %v, want true and then false", got)
	}
}
