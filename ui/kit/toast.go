package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/async"
)

// Toaster shows one short message at a time at the bottom of what it lies over. It takes no
// focus and stops no work.
type Toaster struct {
	Box
	dispatch async.Dispatcher
	timer    *time.Timer
	number   int // of the message shown, so that an older timer hides nothing newer
}

// How long a toast stays: one with a button gives time to reach it.
const (
	toastTime       = 5 * time.Second
	toastActionTime = 10 * time.Second
)

// NewToaster returns a Toaster; lay its container over the window's content in a Stack.
func NewToaster(d async.Dispatcher) *Toaster {
	t := &Toaster{dispatch: d}
	t.Hold(t, container.New(&toastLayout{}))
	return t
}

// Say shows text, with a button when action is not "".
func (t *Toaster) Say(tone Tone, text, action string, do func()) {
	t.number++
	number, stay := t.number, toastTime
	icon := widget.NewIcon(theme.NewColoredResource(toneIcon(tone), tone.ColorName()))
	right := container.NewHBox()
	if action != "" {
		stay = toastActionTime
		b := widget.NewButton(action, func() { t.Clear(); do() })
		b.Importance = widget.LowImportance
		right.Add(b)
	}
	closer := widget.NewButtonWithIcon("", theme.CancelIcon(), t.Clear)
	closer.Importance = widget.LowImportance
	right.Add(closer)
	row := container.NewBorder(nil, nil, icon, right, Paragraph(text))
	t.Container.Layout = &toastLayout{text: NewLine(text, ToneNormal).MinSize().Width}
	t.Container.Objects = []fyne.CanvasObject{NewCard(container.New(layout.NewCustomPaddedLayout(4, 4, 14, 6), row))}
	t.Refresh()
	if t.timer != nil {
		t.timer.Stop()
	}
	t.timer = time.AfterFunc(stay, func() {
		t.dispatch.Do(func() {
			if t.number == number {
				t.Clear()
			}
		})
	})
}

// Clear takes the message away.
func (t *Toaster) Clear() {
	t.Container.Objects = nil
	t.Refresh()
}

// Close stops the timer.
func (t *Toaster) Close() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

func toneIcon(t Tone) fyne.Resource {
	switch t {
	case ToneGood:
		return theme.ConfirmIcon()
	case ToneWarn:
		return theme.WarningIcon()
	case ToneBad:
		return theme.ErrorIcon()
	}
	return theme.InfoIcon()
}

// toastLayout puts the message in the middle, above the buttons at the foot of a tab, as wide as
// its text where there is room and in several lines where there is not.
type toastLayout struct{ text float32 }

const toastRise float32 = 64

func (*toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l *toastLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, c := range o {
		bare := c.MinSize()
		width := min(bare.Width+l.text+2*theme.InnerPadding(), s.Width-32)
		c.Resize(fyne.NewSize(width, bare.Height)) // the text wraps into this width, and then has its height
		m := fyne.NewSize(width, c.MinSize().Height)
		c.Resize(m)
		c.Move(fyne.NewPos((s.Width-m.Width)/2, s.Height-m.Height-toastRise))
	}
}
