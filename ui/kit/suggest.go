package kit

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
)

// Suggest is a line of text that offers ways to go on typing. Tab takes the first one, or the
// one the arrow keys are on; Enter takes that one too; Escape closes the list. The list is an
// object of its own, to be put over what is below (SuggestLayer) or under the line: it takes no
// focus, so typing goes on.
type Suggest struct {
	widget.Entry
	List *SuggestList
	// Complete gives the ways to go on; it only reads memory. cursor is a byte offset.
	Complete func(text string, cursor int) []core.Completion
	// Typed is called when the text changed, by a person or by taking a suggestion.
	Typed func(text string)
	// Enter is called for Enter with no suggestion chosen, Leave for Escape with no list shown,
	// and Down for the arrow key where there is nothing to suggest. Each may be nil.
	Enter, Leave, Down func()
	// Pressed is called when a suggestion was taken with the mouse, which takes the keyboard away
	// from the line: have Resume called once that has happened.
	Pressed func()
	// Shortcut hears the shortcuts an entry has no use for.
	Shortcut func(s fyne.Shortcut)

	setting bool
}

// NewSuggest returns an empty line.
func NewSuggest(hint string) *Suggest {
	s := &Suggest{}
	s.PlaceHolder, s.Wrapping, s.Scroll = hint, fyne.TextWrapOff, fyne.ScrollHorizontalOnly
	s.List = newSuggestList(func(c core.Completion) {
		s.take(c)
		if s.Pressed != nil {
			s.Pressed()
		}
	})
	s.OnChanged = func(text string) {
		if s.setting {
			return
		}
		if s.Typed != nil {
			s.Typed(text)
		}
		s.suggest()
	}
	s.ExtendBaseWidget(s)
	return s
}

// Resume gives the keyboard back to the line.
func (s *Suggest) Resume(c fyne.Canvas) {
	c.Focus(s)
	if strings.HasSuffix(s.Text[:s.cursor()], ":") {
		s.suggest()
	}
}

// Offer shows what there is to suggest for the text as it stands.
func (s *Suggest) Offer() { s.suggest() }

// Put sets the text without calling Typed.
func (s *Suggest) Put(text string) {
	if s.Text == text {
		return
	}
	s.setting = true
	s.SetText(text)
	s.setting = false
	s.cursorTo(len(text))
	s.List.show(nil)
}

func (s *Suggest) cursorTo(offset int) {
	s.CursorRow, s.CursorColumn = 0, utf8.RuneCountInString(s.Text[:offset])
	s.Refresh()
}

// cursor is the place of the cursor as a byte offset.
func (s *Suggest) cursor() int {
	offset := 0
	for range s.CursorColumn {
		_, size := utf8.DecodeRuneInString(s.Text[offset:])
		offset += size
	}
	return offset
}

func (s *Suggest) suggest() {
	if s.Complete == nil {
		return
	}
	cursor := s.cursor()
	list := s.Complete(s.Text, cursor)
	if len(list) == 1 && list[0].Start >= 0 && list[0].End <= len(s.Text) && s.Text[list[0].Start:list[0].End] == list[0].Text {
		list = nil // it stands there already
	}
	s.List.show(list)
}

// take puts a suggestion in place of the part it is about.
func (s *Suggest) take(c core.Completion) {
	if c.Start < 0 || c.End > len(s.Text) || c.Start > c.End {
		return // of a text that is no more
	}
	end := c.Start + len(c.Text)
	s.setting = true
	s.SetText(s.Text[:c.Start] + c.Text + s.Text[c.End:])
	s.setting = false
	s.cursorTo(end)
	s.List.show(nil)
	if s.Typed != nil {
		s.Typed(s.Text)
	}
	if strings.HasSuffix(c.Text, ":") {
		s.suggest()
	}
}

// AcceptsTab takes Tab from the focus while the list is shown.
func (s *Suggest) AcceptsTab() bool { return s.List.open() }

// TypedKey moves in the list, takes from it and leaves it.
func (s *Suggest) TypedKey(e *fyne.KeyEvent) {
	l := s.List
	switch e.Name {
	case fyne.KeyDown:
		if !l.open() {
			s.suggest()
		}
		if l.open() {
			l.move(1)
		} else if s.Down != nil {
			s.Down()
		}
		return
	case fyne.KeyUp:
		if l.open() {
			l.move(-1)
			return
		}
	case fyne.KeyTab:
		if l.open() {
			s.take(l.items[max(0, l.current)])
			return
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.open() && l.current >= 0 {
			s.take(l.items[l.current])
			return
		}
		l.show(nil)
		if s.Enter != nil {
			s.Enter()
		}
		return
	case fyne.KeyEscape:
		if l.open() {
			l.show(nil)
		} else if s.Leave != nil {
			s.Leave()
		}
		return
	}
	s.Entry.TypedKey(e)
}

// TypedShortcut passes on what an entry does not know.
func (s *Suggest) TypedShortcut(short fyne.Shortcut) {
	if _, ok := short.(*desktop.CustomShortcut); ok && s.Shortcut != nil {
		s.Shortcut(short)
	}
	s.Entry.TypedShortcut(short)
}

// FocusLost closes the list. A press on one of its rows has taken the row before.
func (s *Suggest) FocusLost() {
	s.List.show(nil)
	s.Entry.FocusLost()
}

// SuggestMost is how many suggestions are shown at once.
const SuggestMost = 8

// SuggestList shows suggestions.
type SuggestList struct {
	Box
	take    func(core.Completion)
	items   []core.Completion
	current int
	rows    [SuggestMost]*suggestRow
	resized func()
}

func newSuggestList(take func(core.Completion)) *SuggestList {
	l := &SuggestList{take: take, current: -1, resized: func() {}}
	box := container.New(tight{})
	for i := range l.rows {
		l.rows[i] = newSuggestRow(func() {
			if i < len(l.items) {
				l.take(l.items[i])
			}
		})
		l.rows[i].Hide()
		box.Add(l.rows[i])
	}
	l.Hold(l, NewCard(Padded(3, box)))
	l.Hide()
	return l
}

func (l *SuggestList) open() bool { return len(l.items) > 0 }

func (l *SuggestList) show(items []core.Completion) {
	items = items[:min(len(items), SuggestMost)]
	if len(items) == 0 && len(l.items) == 0 {
		return
	}
	l.items, l.current = items, -1
	for i, r := range l.rows {
		r.Hidden = i >= len(items)
		if !r.Hidden {
			r.item, r.chosen = items[i], false
			r.Refresh()
		}
	}
	if len(items) == 0 {
		l.Hide()
	} else {
		l.Show()
	}
	l.resized()
	l.Refresh()
}

func (l *SuggestList) move(by int) {
	n := len(l.items)
	if l.current < 0 && by < 0 {
		l.current = 0
	}
	l.current = (l.current + by + n) % n
	for i, r := range l.rows {
		if chosen := i == l.current; r.chosen != chosen {
			r.chosen = chosen
			r.Refresh()
		}
	}
}

// SuggestLayer holds the list of s over what lies below it in a Stack, right under the line.
func SuggestLayer(s *Suggest) *fyne.Container {
	layer := container.New(&suggestLayout{s: s}, s.List)
	s.List.resized = layer.Refresh
	return layer
}

type suggestLayout struct{ s *Suggest }

func (*suggestLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l *suggestLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	d := fyne.CurrentApp().Driver()
	at := d.AbsolutePositionForObject(l.s).Subtract(d.AbsolutePositionForObject(l.s.List).Subtract(o[0].Position()))
	min := o[0].MinSize()
	width := min.Width
	if most := size.Width - at.X; width > most {
		width = most
	}
	o[0].Resize(fyne.NewSize(max(width, 320), min.Height))
	o[0].Move(fyne.NewPos(at.X, at.Y+l.s.Size().Height+2))
}

// tight puts its objects one under the other without room between them.
type tight struct{}

func (tight) MinSize(o []fyne.CanvasObject) (s fyne.Size) {
	for _, c := range o {
		if c.Visible() {
			m := c.MinSize()
			s = fyne.NewSize(max(s.Width, m.Width), s.Height+m.Height)
		}
	}
	return s
}

func (tight) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for _, c := range o {
		if c.Visible() {
			h := c.MinSize().Height
			c.Move(fyne.NewPos(0, y))
			c.Resize(fyne.NewSize(s.Width, h))
			y += h
		}
	}
}

// suggestRow is one suggestion. It takes the press and not the release, which comes after the
// line has lost the keyboard.
type suggestRow struct {
	widget.BaseWidget
	item            core.Completion
	chosen, hovered bool
	press           func()
}

func newSuggestRow(press func()) *suggestRow {
	r := &suggestRow{press: press}
	r.ExtendBaseWidget(r)
	return r
}

// MouseDown takes the suggestion.
func (r *suggestRow) MouseDown(*desktop.MouseEvent) { r.press() }

// MouseUp does nothing; the driver wants it.
func (r *suggestRow) MouseUp(*desktop.MouseEvent) {}

// MouseIn shows that it can be taken.
func (r *suggestRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

// MouseMoved does nothing; the driver wants it.
func (r *suggestRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends MouseIn.
func (r *suggestRow) MouseOut() { r.hovered = false; r.Refresh() }

// CreateRenderer links the row to its drawing.
func (r *suggestRow) CreateRenderer() fyne.WidgetRenderer {
	rr := &suggestRenderer{row: r, ground: canvas.NewRectangle(nil), text: canvas.NewText("", nil), hint: canvas.NewText("", nil)}
	rr.paint()
	return rr
}

type suggestRenderer struct {
	row        *suggestRow
	ground     *canvas.Rectangle
	text, hint *canvas.Text
}

func (rr *suggestRenderer) paint() {
	r := rr.row
	rr.ground.CornerRadius = theme.Size(theme.SizeNameSelectionRadius)
	rr.ground.FillColor = theme.Color(theme.ColorNameOverlayBackground)
	if r.chosen {
		rr.ground.FillColor = theme.Color(theme.ColorNameSelection)
	} else if r.hovered {
		rr.ground.FillColor = theme.Color(theme.ColorNameHover)
	}
	rr.text.Text, rr.text.Color, rr.text.TextSize = r.item.Text, ToneNormal.color(), theme.TextSize()
	rr.hint.Text, rr.hint.Color, rr.hint.TextSize = r.item.Hint, ToneMuted.color(), theme.Size(theme.SizeNameCaptionText)
}

func (rr *suggestRenderer) Layout(s fyne.Size) {
	rr.ground.Resize(s)
	w := rr.text.MinSize().Width
	rr.text.Move(fyne.NewPos(8, 0))
	rr.text.Resize(fyne.NewSize(w, s.Height))
	rr.hint.Move(fyne.NewPos(8+w+12, 0))
	rr.hint.Resize(fyne.NewSize(rr.hint.MinSize().Width, s.Height))
}

func (rr *suggestRenderer) MinSize() fyne.Size {
	return fyne.NewSize(8+rr.text.MinSize().Width+12+rr.hint.MinSize().Width+8, 26)
}

func (rr *suggestRenderer) Refresh() {
	rr.paint()
	rr.Layout(rr.row.Size())
	rr.ground.Refresh()
	rr.text.Refresh()
	rr.hint.Refresh()
}

func (rr *suggestRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{rr.ground, rr.text, rr.hint}
}
func (rr *suggestRenderer) Destroy() {}
