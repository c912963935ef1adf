package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/ui/async"
	"deskwatch/ui/kit"
)

// stopWait is a little more than the core's own bound, so that the core's answer is heard.
const stopWait = 6 * time.Second

// The window's only preferences: where they are lost nothing is.
const (
	prefWidth  = "window.width"
	prefHeight = "window.height"
	prefTold   = "tray.told"
)

// Quit ends the app in this order: the latch, so that nothing late touches a widget; the core,
// off the UI goroutine and bounded; then the app itself. A second call does nothing.
func (s *Shell) Quit() {
	if !s.latch.Close() {
		return
	}
	s.keepSize()
	s.showClosing()
	s.closeWindowSide()
	async.Go(s.raw, func() {
		s.stopCore()
		// Not App.Quit, which closes windows first: a signal may have ended the loop, and its
		// windows, while the core stopped.
		s.raw.Do(s.app.Driver().Quit)
	})
}

// finish is for the ways out that skip Quit, such as Ctrl-C in a terminal. It waits until the
// core has stopped.
func (s *Shell) finish() error {
	if s.latch.Close() {
		s.closeWindowSide()
		s.stopCore()
	}
	<-s.ended
	return s.endErr
}

// stopCore stops the core and does not wait for one that does not obey.
func (s *Shell) stopCore() {
	ctx, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- s.desk.Stop(ctx) }()
	select {
	case s.endErr = <-result:
	case <-ctx.Done():
		s.endErr = ctx.Err()
	}
	close(s.ended)
}

func (s *Shell) closeWindowSide() {
	s.works.cancelAll()
	s.cancel()
	for _, stop := range s.stops {
		stop()
	}
	s.toaster.Close()
	s.end()
	s.door.Close()
}

func (s *Shell) showClosing() {
	bar := widget.NewProgressBarInfinite()
	text := kit.NewTitle(kit.T("Closing…"))
	text.Align = fyne.TextAlignCenter
	note := kit.Note(kit.T("What is under way is ended cleanly. This takes five seconds at most.")).Centered()
	box := container.NewVBox(text, kit.Wide(420, note), container.NewGridWrap(fyne.NewSize(420, 6), bar))
	widget.NewModalPopUp(kit.Padded(12, box), s.window.Canvas()).Show()
}

// closeWindow is the window's close button: the tray keeps watching. It is said once.
func (s *Shell) closeWindow() {
	s.keepSize()
	if !s.tray.Present() {
		s.Quit()
		return
	}
	prefs := s.app.Preferences()
	if !prefs.Bool(prefTold) {
		prefs.SetBool(prefTold, true)
		s.notify(kit.T("Deskwatch keeps watching"), kit.T("It is in the tray. Click its icon to come back; choose Quit there to end it."), s.Raise)
	}
	s.hidden = true
	s.looked()
	s.window.Hide()
}

func (s *Shell) keepSize() {
	size := s.window.Canvas().Size()
	s.app.Preferences().SetFloat(prefWidth, float64(size.Width))
	s.app.Preferences().SetFloat(prefHeight, float64(size.Height))
}

// savedSize is the size of the last time, or 1200×800. A size nobody can work in is not taken.
func (s *Shell) savedSize() fyne.Size {
	w := s.app.Preferences().FloatWithFallback(prefWidth, 1200)
	h := s.app.Preferences().FloatWithFallback(prefHeight, 800)
	if w < 640 || h < 400 || w > 10000 || h > 10000 {
		w, h = 1200, 800
	}
	return fyne.NewSize(float32(w), float32(h))
}
