package ui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/async"
	"deskwatch/ui/kit"
	"deskwatch/ui/tray"
)

// runCheck runs every enabled rule now.
func (s *Shell) runCheck() {
	turn := s.turn
	if turn.checking || s.latch.Closed() || s.shut() || !s.May(core.EditAlerts) {
		return
	}
	turn.checking = true
	ctx, cancel := context.WithCancel(turn.ctx)
	done := s.Work(kit.T("Checking for alerts"), cancel, nil)
	async.Run(ctx, turn.ui, func(ctx context.Context) (core.CheckResult, error) {
		return s.desk.RunCheck(ctx, core.CheckRequest{Cause: "user"})
	}, func(r core.CheckResult, err error) {
		turn.checking = false
		cancel()
		done()
		if err != nil {
			s.Fail(err)
			return
		}
		s.tellCheck(r)
	})
}

func (s *Shell) tellCheck(r core.CheckResult) {
	see := func() { s.tabs.open(kit.TabOrders) }
	found := kit.N("%s breach", "%s breaches", int64(r.Breaches))
	switch {
	case r.BaselineFirst:
		s.ToastAction(kit.ToneWarn, kit.T("First run: %s were there already and wait for your decision.", found), kit.T("Review"), see)
	case r.Breaches == 0 && s.desktop.Book.Orders == 0 && s.desktop.Counted():
		s.ToastAction(kit.ToneWarn, kit.T("There are no orders to check yet."), kit.T("Import orders…"), func() { s.openOrders("") })
	case r.Breaches == 0:
		s.Toast(kit.ToneGood, kit.T("No customer has reached a rule's threshold."))
	case r.Queued == 0 && s.desktop.Paused:
		s.Toast(kit.ToneWarn, kit.T("%s found. Nothing is mailed while alerts are paused.", found))
	default:
		s.ToastAction(kit.ToneGood, kit.T("%s found, %s queued.", found, kit.N("%s alert", "%s alerts", int64(r.Queued))), kit.T("Show"), see)
	}
}

// pause stops or resumes the mailing of alerts; d 0 means until resumed.
func (s *Shell) pause(pause bool, d time.Duration) {
	if s.latch.Closed() || s.shut() || !s.May(core.EditAlerts) {
		return
	}
	var until time.Time
	if pause && d > 0 {
		until = s.desk.Now().Add(d)
	}
	async.Run(s.turn.ctx, s.turn.ui, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.desk.SetPaused(ctx, pause, until)
	}, func(_ struct{}, err error) {
		switch {
		case err != nil:
			s.Fail(err)
		case pause:
			s.ToastAction(kit.ToneWarn, kit.T("Alerts are paused. New breaches are still found and listed."), kit.T("Resume"), func() { s.pause(false, 0) })
		default:
			s.Toast(kit.ToneGood, kit.T("Alerts are mailed again."))
		}
	})
}

// chooseTheme saves and shows a theme.
func (s *Shell) chooseTheme(choice string) {
	set := s.desk.Settings()
	set.General.Theme = choice
	s.applyTheme(choice)
	async.Run(s.turn.ctx, s.turn.ui, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.desk.SaveSettings(ctx, set)
	}, func(_ struct{}, err error) {
		if err != nil {
			s.applyTheme(s.desk.Settings().General.Theme)
			s.Fail(err)
		}
	})
}

func (s *Shell) applyTheme(choice string) {
	if t, ok := s.app.Settings().Theme().(*kit.Theme); ok && t.Choice == choice {
		return
	}
	s.app.Settings().SetTheme(kit.NewTheme(choice))
	s.menu.showTheme(choice)
}

// about tells the version and where the data is.
func (s *Shell) about() {
	icon := widget.NewIcon(s.app.Icon())
	title := kit.NewTitle("Deskwatch " + s.desk.Version())
	title.Align = fyne.TextAlignCenter
	folder := widget.NewLabel(s.desk.DataDir())
	folder.Selectable = true
	folder.Alignment = fyne.TextAlignCenter
	text := kit.Note(kit.T("Who is waiting, who is about to be unhappy, and whose orders went wrong too often this month.")).Centered()
	box := container.NewVBox(container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(64), icon)), title,
		kit.Wide(420, text), kit.Note(kit.T("Data folder")).Centered(), folder)
	kit.Tell(s.window, kit.T("About Deskwatch"), box)
}

func trayState(paused, news bool, failed int64) tray.State {
	return tray.State{Paused: paused, Badge: news || failed > 0}
}

// speak loads the window's words. English is in the code; a broken file leaves the window
// English and says so in the log.
func speak() {
	if err := loadWords("es"); err != nil {
		fyne.LogError("translations", fmt.Errorf("the Spanish words cannot be read: %w", err))
	}
}
