package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// statusWords is what the status line says about a status.
type statusWords struct {
	watcher, checks, book, mail     string
	watcherTone, bookTone, mailTone kit.Tone
}

// wordsFor puts a status into words. The dot before the watcher only colours what the word
// after it says.
func wordsFor(st core.DeskStatus, now time.Time) statusWords {
	var w statusWords
	switch {
	case st.Paused && !st.PausedUntil.IsZero():
		w.watcher, w.watcherTone = kit.T("Alerts are paused until %s", kit.When(st.PausedUntil, now)), kit.ToneWarn
	case st.Paused:
		w.watcher, w.watcherTone = kit.T("Alerts are paused"), kit.ToneWarn
	case st.Watching:
		w.watcher, w.watcherTone = kit.T("Watching"), kit.ToneGood
	case st.WatcherNote != "":
		w.watcher, w.watcherTone = st.WatcherNote, kit.ToneWarn
	default:
		w.watcher, w.watcherTone = kit.T("Not watching"), kit.ToneWarn
	}
	w.checks = kit.T("no check yet")
	if !st.LastCheck.IsZero() {
		w.checks = kit.T("last check %s", kit.When(st.LastCheck, now))
	}
	if !st.NextCheck.IsZero() && !st.Paused {
		w.checks += " · " + kit.T("next %s", kit.When(st.NextCheck, now))
	}
	if !st.BookDown.IsZero() {
		w.checks = "" // there are none until the book answers, and the line is short
	}
	w.book, w.bookTone = bookWords(st, now)
	w.mail, w.mailTone = mailWords(st)
	return w
}

func mailWords(st core.DeskStatus) (string, kit.Tone) {
	parts, tone := []string{kit.T("Sandbox")}, kit.ToneMuted
	if st.MailMode == core.MailSMTP {
		parts[0] = st.MailHost
		if st.MailHost == "" {
			parts[0] = "SMTP"
		}
	}
	var counts []string
	if n := st.Outbox[core.DeliveryQueued] + st.Outbox[core.DeliverySending]; n > 0 {
		counts = append(counts, kit.T("%s queued", kit.Number(n)))
	}
	if n := st.Outbox[core.DeliveryHeld]; n > 0 {
		counts, tone = append(counts, kit.T("%s held", kit.Number(n))), kit.ToneWarn
	}
	if n := st.Outbox[core.DeliveryFailed] + st.Outbox[core.DeliveryDead]; n > 0 {
		counts, tone = append(counts, kit.T("%s failed", kit.Number(n))), kit.ToneBad
	}
	if len(counts) == 0 {
		counts = []string{kit.T("nothing waiting")}
	}
	return parts[0] + " · " + strings.Join(counts, ", "), tone
}

// statusLine is the bottom of the window.
type statusLine struct {
	kit.Box
	dot, watcher, checks, mail *kit.Line
	book                       *pressLine
	work                       *fyne.Container
	row                        *kit.ProgressRow
	shown                      *work
}

// newStatusLine returns the line; tellBook tells more of the order book.
func newStatusLine(tellBook func()) *statusLine {
	l := &statusLine{work: container.NewStack()}
	l.dot = kit.NewLine("●", kit.ToneMuted)
	l.watcher, l.checks, l.mail = kit.NewCaption(""), kit.NewCaption(""), kit.NewCaption("")
	l.book = newPressLine(tellBook)
	pad := layout.NewCustomPaddedLayout(2, 2, 14, 10)
	row := statusLayout{clipped: []fyne.CanvasObject{l.checks, l.mail, l.watcher, l.book}}
	l.Hold(l, container.New(pad, container.New(row, l.dot, l.watcher, l.checks, gap(), l.book, gap(), l.mail, kit.Tall(28, l.work))))
	return l
}

func gap() fyne.CanvasObject {
	return kit.Padded(4, container.NewStack(widget.NewSeparator()))
}

func (l *statusLine) show(w statusWords) {
	l.dot.Set("●", w.watcherTone)
	l.watcher.SetText(w.watcher)
	l.checks.SetText("")
	if w.checks != "" {
		l.checks.SetText("· " + w.checks)
	}
	l.book.set(w.book, w.bookTone)
	l.mail.Set(w.mail, w.mailTone)
	l.Refresh()
}

// failed says that the status itself cannot be read.
func (l *statusLine) failed(sentence string) {
	l.dot.Set("●", kit.ToneBad)
	l.watcher.SetText(sentence)
	l.checks.SetText("")
	l.Refresh()
}

// showWork shows the newest long operation and how many others there are; nil for none.
func (l *statusLine) showWork(w *work, others int) {
	if w != l.shown {
		if l.row != nil {
			l.row.Stop()
		}
		l.shown, l.row, l.work.Objects = w, nil, nil
		if w != nil {
			l.row = kit.NewProgressRow(w.title, w.cancel)
			l.work.Objects = []fyne.CanvasObject{l.row}
		}
		l.checks.Hidden = w != nil // what is under way needs the room
		l.Refresh()
	}
	if w == nil {
		return
	}
	l.row.SetTitle(w.title)
	if others > 0 {
		l.row.SetTitle(kit.T("%s (and %d more)", w.title, others))
	}
	l.row.Set(w.counter.State(), time.Since(w.since))
}
