package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func TestANarrowStatusLineClipsWhatIsReadLast(t *testing.T) {
	test.NewTempApp(t)
	l := newStatusLine(func() {})
	st := quietStatus()
	st.BookKind, st.BookDown, st.MailMode, st.MailHost = core.BookMongoDB, noon, core.MailSMTP, "smtp.a-company-with-a-long-name.example"
	l.show(wordsFor(st, noon))
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(620, 40))
	if full := l.book.MinSize().Width; l.book.Size().Width < full || l.mail.Size().Width >= l.mail.MinSize().Width {
		t.Errorf("the warning has %v of %v, the mail %v of %v", l.book.Size().Width, full, l.mail.Size().Width, l.mail.MinSize().Width)
	}
	l.showWork(&work{title: "Copying orders to MongoDB", cancel: func() {}, counter: &core.Progress{}}, 0)
	right := func(o fyne.CanvasObject) float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).X + o.Size().Width
	}
	if from := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.row).X; from < right(l.mail) || right(l.row) > w.Canvas().Size().Width {
		t.Errorf("the work from %v to %v, the mail to %v", from, right(l.row), right(l.mail))
	}
	if l.book.line.Tone != kit.ToneWarn {
		t.Error("the warning has no colour")
	}
}
