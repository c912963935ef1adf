package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// Asked is a dialog that asks for something.
type Asked struct {
	dialog *dialog.CustomDialog
	yes    *answerButton
	Leave  func() // closes it without an answer
	Yes    func() // gives the answer, as the button does
}

// Ask puts content over the window, with a button that gives the answer: answer reports whether
// the dialog is done with. The keyboard goes to first, or to the button that leaves when it is
// nil.
func Ask(w fyne.Window, title, yes string, content fyne.CanvasObject, first fyne.Focusable, answer func() bool) *Asked {
	a := &Asked{}
	a.yes = newAnswerButton(yes, nil, nil)
	a.yes.Importance = widget.HighImportance
	a.dialog = show(w, title, T("Cancel"), content, a.yes)
	a.Leave = a.dialog.Hide
	a.Yes = func() {
		if !a.yes.Disabled() && answer() {
			a.dialog.Hide()
		}
	}
	a.yes.OnTapped, a.yes.leave = a.Yes, a.Leave
	if first != nil {
		w.Canvas().Focus(first)
	}
	return a
}

// Enable says whether an answer can be given now.
func (a *Asked) Enable(on bool) {
	if on {
		a.yes.Enable()
	} else {
		a.yes.Disable()
	}
}

// Size gives the dialog so much room as there is, up to size.
func (a *Asked) Size(w fyne.Window, size fyne.Size) *Asked {
	if room := w.Canvas().Size(); room.Width > 120 && room.Height > 120 { // else the window was not laid out yet
		size = size.Min(room.SubtractWidthHeight(60, 60))
	}
	a.dialog.Resize(size)
	return a
}

// Answers has Enter give the answer and Escape leave from each of these lines.
func (a *Asked) Answers(lines ...*Answer) {
	for _, l := range lines {
		l.Leave, l.OnSubmitted = a.Leave, func(string) { a.Yes() }
	}
}

// OnClosed is called when the dialog has gone, however it went.
func (a *Asked) OnClosed(f func()) { a.dialog.SetOnClosed(f) }
