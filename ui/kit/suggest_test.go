package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
)

func suggest(t *testing.T) (*Suggest, *string) {
	t.Helper()
	s := NewSuggest("")
	s.Complete = func(text string, cursor int) (out []core.Completion) {
		from := strings.LastIndexByte(text[:cursor], ' ') + 1
		for _, word := range []string{"status:", "status:new", "source:"} {
			if part := text[from:cursor]; part != "" && strings.HasPrefix(word, part) {
				out = append(out, core.Completion{Text: word, Start: from, End: cursor})
			}
		}
		return out
	}
	typed := ""
	s.Typed = func(text string) { typed = text }
	test.NewTempApp(t)
	w := test.NewTempWindow(t, container.NewStack(container.NewVBox(s), SuggestLayer(s)))
	w.Resize(fyne.NewSize(400, 300))
	w.Canvas().Focus(s)
	return s, &typed
}

func key(s *Suggest, k fyne.KeyName) { s.TypedKey(&fyne.KeyEvent{Name: k}) }

func TestSuggestTakesTheFirstWithTabAndGoesOn(t *testing.T) {
	s, typed := suggest(t)
	test.Type(s, "é st")
	if !s.AcceptsTab() || !s.List.Visible() {
		t.Fatal("nothing is suggested")
	}
	key(s, fyne.KeyTab)
	if s.Text != "é status:" || *typed != s.Text || s.CursorColumn != 9 || !s.List.open() {
		t.Fatalf("the line says %q, said was %q, cursor at %d", s.Text, *typed, s.CursorColumn)
	}
	key(s, fyne.KeyDown)
	key(s, fyne.KeyDown)
	key(s, fyne.KeyReturn)
	if s.Text != "é status:new" || s.List.open() {
		t.Fatalf("the line says %q", s.Text)
	}
}

func TestSuggestEnterAndEscapeCloseTheListFirst(t *testing.T) {
	s, _ := suggest(t)
	entered, left := 0, 0
	s.Enter, s.Leave = func() { entered++ }, func() { left++ }
	test.Type(s, "so")
	key(s, fyne.KeyEscape)
	if left != 0 || s.List.open() {
		t.Fatal("Escape did not just close the list")
	}
	key(s, fyne.KeyEscape)
	test.Type(s, "u")
	key(s, fyne.KeyReturn)
	if left != 1 || entered != 1 || s.Text != "sou" || s.List.open() {
		t.Fatalf("left %d, entered %d, text %q", left, entered, s.Text)
	}
}
