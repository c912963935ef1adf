package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/async"
)

// answerButton is a button of a dialog: Enter presses it, as Space does, and Escape leaves.
type answerButton struct {
	widget.Button
	leave func()
}

func newAnswerButton(word string, tapped, leave func()) *answerButton {
	b := &answerButton{leave: leave}
	b.Text, b.OnTapped = word, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey takes Escape and Enter.
func (b *answerButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		b.leave()
	case fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		b.Button.TypedKey(e)
	}
}

// Confirm puts q over the window; yes runs when it is confirmed.
func Confirm(w fyne.Window, q Question, yes func()) {
	ok := newAnswerButton(q.Yes, nil, nil)
	ok.Importance = widget.HighImportance
	if q.Danger {
		ok.Importance = widget.DangerImportance
	}
	d := show(w, q.Title, T("Cancel"), Wide(420, Paragraph(q.Text)), ok)
	ok.OnTapped, ok.leave = func() { d.Hide(); yes() }, d.Hide
}

// Fail shows err's sentence for people over the window; a cancelled operation shows nothing.
func Fail(w fyne.Window, err error) {
	if err == nil || async.Canceled(err) || Canceled(err) {
		return
	}
	Tell(w, T("That did not work"), Wide(420, Paragraph(ErrorText(err))))
}

// Tell shows content over the window until it is closed.
func Tell(w fyne.Window, title string, content fyne.CanvasObject) {
	show(w, title, T("Close"), content)
}

// Read shows something long over the window, in so much room as there is up to size, until it is
// closed.
func Read(w fyne.Window, title string, content fyne.CanvasObject, size fyne.Size) {
	room := w.Canvas().Size()
	show(w, title, T("Close"), content).Resize(size.Min(room.SubtractWidthHeight(60, 60)))
}

// Answer is the line of text a dialog asks for: Enter gives the answer, Escape leaves.
type Answer struct {
	widget.Entry
	Leave func()
}

// NewAnswer returns an empty line.
func NewAnswer(hint string) *Answer {
	a := &Answer{}
	a.PlaceHolder, a.Wrapping, a.Scroll = hint, fyne.TextWrapOff, fyne.ScrollHorizontalOnly
	a.ExtendBaseWidget(a)
	return a
}

// TypedKey takes Escape for leaving.
func (a *Answer) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && a.Leave != nil {
		a.Leave()
		return
	}
	a.Entry.TypedKey(e)
}

// Asking reports whether something, such as a dialog, stands over the window.
func Asking(w fyne.Window) bool { return w.Canvas().Overlays().Top() != nil }

// show gives the keyboard to the button that changes nothing.
func show(w fyne.Window, title, leave string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) *dialog.CustomDialog {
	d := dialog.NewCustomWithoutButtons(title, content, w)
	out := newAnswerButton(leave, d.Hide, d.Hide)
	d.SetButtons(append([]fyne.CanvasObject{out}, buttons...))
	d.Show()
	w.Canvas().Focus(out)
	escape(w.Canvas(), d)
	return d
}

// escape has Escape leave d also while nothing in it has the keyboard, as after a click beside its
// fields.
func escape(c fyne.Canvas, d *dialog.CustomDialog) {
	shown, before := c.Overlays().Top(), c.OnTypedKey()
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape && c.Overlays().Top() == shown {
			d.Hide()
		}
	})
	d.SetOnClosed(func() { c.SetOnTypedKey(before) })
}
