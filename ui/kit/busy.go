package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Busy is a button that cannot be pressed again while what it started is under way.
type Busy struct {
	widget.Button
	text    string
	working string
}

// NewBusy returns a button; press must call done, on the UI goroutine, when it has ended.
// working is the text meanwhile ("Sending…"); "" keeps the text.
func NewBusy(text, working string, icon fyne.Resource, press func(done func())) *Busy {
	b := &Busy{text: text, working: working}
	b.Text, b.Icon = text, icon
	b.OnTapped = func() {
		if b.Disabled() {
			return
		}
		b.Disable()
		if b.working != "" {
			b.SetText(b.working)
		}
		press(func() {
			b.SetText(b.text)
			b.Enable()
		})
	}
	b.ExtendBaseWidget(b)
	return b
}
