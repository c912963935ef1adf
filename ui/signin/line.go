package signin

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"deskwatch/ui/kit"
)

// line is a line to type into, with its name above it and what is wrong, or a hint, below.
type line struct {
	kit.Box
	entry *kit.Answer
	below *kit.Prose
	hint  string
}

func newLine(name, hint string, changed func()) *line {
	l := &line{entry: kit.NewAnswer(""), below: kit.NewProse("", kit.ToneMuted).Small(), hint: hint}
	l.entry.OnChanged = func(string) { changed() }
	label := kit.NewLine(name, kit.ToneNormal)
	head := container.New(layout.NewCustomPaddedLayout(6, 2, 2, 0), label)
	l.Hold(l, container.New(layout.NewCustomPaddedVBoxLayout(0), head, l.entry, l.below))
	l.say("")
	return l
}

// newSecretLine returns a line whose text is shown only while one asks for it.
func newSecretLine(name, hint string, changed func()) *line {
	l := newLine(name, hint, changed)
	l.entry.Password = true // the entry then brings the button that shows the text
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
