package signin

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"deskwatch/ui/kit"
)

// line is a line to type into, with its name above it and what is wrong, or a hint, below.
type line struct {
	kit.Box
	entry *kit.Answer
	below *kit.Prose
	foot  *fyne.Container // around below
	hint  string
}

func newLine(name, hint string, changed func()) *line {
	return lineAround(kit.NewAnswer(""), name, hint, changed)
}

// newSecretLine returns a line whose text is shown only while one asks for it.
func newSecretLine(name, hint string, changed func()) *line {
	entry := kit.NewAnswer("")
	entry.Password = true // it then brings the button that shows the text
	return lineAround(entry, name, hint, changed)
}

func lineAround(entry *kit.Answer, name, hint string, changed func()) *line {
	l := &line{entry: entry, below: kit.NewProse("", kit.ToneMuted).Small(), hint: hint}
	l.entry.OnChanged = func(string) { changed() }
	l.foot = container.NewStack(flush(l.below))
	l.Hold(l, container.New(layout.NewCustomPaddedVBoxLayout(0), head(kit.NewLine(name, kit.ToneNormal)), l.entry, l.foot))
	l.say("")
	return l
}

// twoLines is the height of two small lines of prose.
const twoLines float32 = 48

// head is a line of text above what it names.
func head(text fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(6, 2, 2, 0), text)
}

// flush takes the room away that prose keeps on its left, so that all text begins in one line.
func flush(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 2-theme.InnerPadding(), 0), o)
}

// buttons stand on the right, in one line with the edge of the lines above.
func buttons(list ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(10, 4, 0, 0), kit.Bar(nil, list))
}

// withRoom keeps two lines free for what is wrong, so that nothing moves when it is said.
func (l *line) withRoom() *line {
	l.foot.Add(kit.Tall(twoLines, container.NewStack()))
	return l
}

// say shows what is wrong; "" shows the hint.
func (l *line) say(wrong string) {
	if wrong != "" {
		l.below.Set(wrong, kit.ToneBad)
	} else {
		l.below.Set(l.hint, kit.ToneMuted)
	}
	l.below.Hidden = l.below.Text() == ""
	l.Refresh()
}

// empty forgets what was typed, and hides what is typed next.
func (l *line) empty() {
	l.entry.Password = true
	l.entry.SetText("")
}

// onKeys has Enter and Escape do something in every line.
func onKeys(enter, escape func(), lines ...*line) {
	for _, l := range lines {
		l.entry.OnSubmitted = func(string) { enter() }
		l.entry.Leave = escape
	}
}

// onEscape has Escape do something while no line has the keyboard.
func onEscape(c fyne.Canvas, do func()) {
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			do()
		}
	})
}
