package kit

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestWhatDoesNotFitEndsInAnEllipsisAndLeavesNoRoom(t *testing.T) {
	test.NewTempApp(t)
	wide := func(s string) float32 { return fyne.MeasureText(s, 14, fyne.TextStyle{}).Width }
	for _, text := range []string{"", "a", "Driver stops without a message", "iiiiiiiiiiiiiiiiiiiiWWWWWWWWWWWWWWWWWWWW", "WWWWWWWWWWWWWWWWWWWWiiiiiiiiiiiiiiiiiiii",
		"Ñandú: ¿por qué se detiene la actualización?", strings.Repeat("a subject nobody reads to its end ", 3000)} {
		for _, width := range []float32{4, 30, 101.5, 250} {
			got := fitting(text, width, 14, fyne.TextStyle{})
			if wide(text[:min(len(text), 400)]) <= width {
				if got != text {
					t.Errorf("%q fits into %v, shown is %q", text, width, got)
				}
				continue
			}
			begin, cut := strings.CutSuffix(got, "…")
			if !cut || !strings.HasPrefix(text, begin) || begin != "" && wide(got) > width {
				t.Errorf("%.40q in %v is %q, %v wide", text, width, got, wide(got))
			}
			next := strings.TrimPrefix(text, begin)
			if more := []rune(strings.TrimLeft(next, " ")); wide(begin+next[:len(next)-len(strings.TrimLeft(next, " "))]+string(more[:1])+"…") <= width {
				t.Errorf("%.40q in %v is %q although more would fit", text, width, got)
			}
		}
	}
}

func TestACellThatIsTooNarrowSaysThatItsTextGoesOn(t *testing.T) {
	test.NewTempApp(t)
	for name, s := range map[string]Style{
		"text": {}, "bold": {Bold: true}, "icon": {Icon: sortIcon(true)}, "chip": {Chip: true}, "note": {Note: "given here by somebody"},
	} {
		c := newGridCell()
		c.set("Corvanfell Outfitters", s, fyne.TextAlignLeading)
		c.place(span{w: 100}, 36, fyne.TextAlignLeading)
		if !strings.HasSuffix(c.text.Text, "…") || c.text.Position().X+c.text.MinSize().Width > 100 {
			t.Errorf("%s: %q ends at %v of 100", name, c.text.Text, c.text.Position().X+c.text.MinSize().Width)
		}
		if s.Note != "" && !c.note.Hidden {
			t.Error("a note stands where there is no room for it")
		}
		c.place(span{w: 260}, 36, fyne.TextAlignLeading)
		if c.text.Text != "Corvanfell Outfitters" {
			t.Errorf("%s: %q although there is room", name, c.text.Text)
		}
		if s.Note != "" && (c.note.Hidden || !strings.HasSuffix(c.note.Text, "…") || c.note.Position().X+c.note.MinSize().Width > 260) {
			t.Errorf("a note that is too long reads %q at %v", c.note.Text, c.note.Position().X)
		}
		c.set("7", Style{}, fyne.TextAlignTrailing)
		if c.text.Text != "7" || c.text.Position().X+c.text.MinSize().Width != 260 {
			t.Errorf("%s: then %q at %v", name, c.text.Text, c.text.Position().X)
		}
	}
}

func TestATitleMakesRoomForTheArrow(t *testing.T) {
	g := NewGrid(func(i item) string { return i.id }, Column[item]{ID: "n", Title: "Satisfacción prevista", Width: 90, Sorts: true, Text: func(i item) string { return i.id }})
	shown(t, g)
	r := test.WidgetRenderer(g.core.header).(*headerRenderer)
	g.SortBy("n", false)
	if end := r.arrow.Position().X + r.arrow.Size().Width; !strings.HasSuffix(r.titles[0].Text, "…") || end > g.core.spans(g.core.header.Size().Width)[0].x+90 {
		t.Errorf("the title reads %q, its arrow ends at %v", r.titles[0].Text, end)
	}
}

// BenchmarkRows shows rows of long texts in a grid one after the other, as scrolling does.
func BenchmarkRows(b *testing.B) {
	test.NewTempApp(b)
	g := NewGrid(func(i item) string { return i.id }, Column[item]{ID: "id", Title: "Subject", Width: 170, Text: func(i item) string { return i.id }},
		Column[item]{ID: "c", Title: "Customer", Width: 110, Text: func(i item) string { return "Customer " + i.id }})
	rows := make([]item, 100_000)
	for i := range rows {
		rows[i].id = fmt.Sprintf("Question about the tax number %d of an invoice that came yesterday again", i)
	}
	g.SetRows(rows)
	r := newGridRow(g.core)
	r.Resize(fyne.NewSize(320, 36))
	i := 0
	for b.Loop() {
		r.show(i % len(rows))
		i++
	}
}
