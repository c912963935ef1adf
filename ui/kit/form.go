package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Field is one row of a form: a label on the left, the input on the right, and below it either
// what is wrong or, when nothing is, the hint.
type Field struct {
	Box
	below   *Prose
	hint    string
	problem bool
}

// NewField returns a row. hint may be empty.
func NewField(label string, input fyne.CanvasObject, hint string) *Field {
	name := widget.NewLabel(label)
	name.Wrapping = fyne.TextWrapWord
	f := &Field{below: NewProse("", ToneMuted), hint: hint}
	f.below.Small()
	right := container.New(layout.NewCustomPaddedVBoxLayout(-4), input, f.below)
	f.Hold(f, container.New(fieldLayout{}, name, right))
	f.SetProblem("")
	return f
}

// SetProblem shows what is wrong; "" shows the hint again.
func (f *Field) SetProblem(text string) {
	f.problem = text != ""
	tone := ToneBad
	if !f.problem {
		text, tone = f.hint, ToneMuted
	}
	f.below.Set(text, tone)
	f.below.Hidden = text == ""
	f.Refresh()
}

// SetHint changes the hint.
func (f *Field) SetHint(text string) {
	f.hint = text
	if !f.problem {
		f.SetProblem("")
	}
}

// fieldLayout gives the label a fixed column, so that the inputs of a form stand in one line.
type fieldLayout struct{}

const (
	fieldLabelWidth float32 = 190
	fieldMaxWidth   float32 = 560 // of the input: longer ones are hard to read
)

func (fieldLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(fieldLabelWidth, s.Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(min(s.Width-fieldLabelWidth, fieldMaxWidth), s.Height))
	o[1].Move(fyne.NewPos(fieldLabelWidth, 0))
}

func (fieldLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(fieldLabelWidth+max(o[1].MinSize().Width, 160), max(o[0].MinSize().Height, o[1].MinSize().Height))
}

// Section is a titled group: the title, an optional sentence, and what belongs to it.
func Section(title, sentence string, items ...fyne.CanvasObject) *fyne.Container {
	head := []fyne.CanvasObject{padX(NewTitle(title))}
	if sentence != "" {
		head = append(head, Note(sentence))
	}
	return container.NewVBox(append(head, items...)...)
}

// padX indents o as labels indent their text, so that both stand in one line.
func padX(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(theme.InnerPadding(), 2, theme.InnerPadding(), theme.InnerPadding()), o)
}
