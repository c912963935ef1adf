package app

import (
	"context"

	"deskwatch/core"
	"deskwatch/core/instance"
)

// Notify shows a desktop notification; open is called when it is clicked. It fails with
// core.CodeUnavailable where the desktop has no notifications Deskwatch can use.
func (a *App) Notify(ctx context.Context, title, text string, open func()) error {
	if !a.settings.Current().General.Notifications {
		return nil
	}
	return a.notifier.Show(ctx, title, text, open)
}

// FirstOrRaise makes this process the one window of the data folder, or hands the wish to
// the one there is and returns first false.
func (a *App) FirstOrRaise(wish core.Raise) (first bool, err error) {
	reached, err := instance.Raise(a.dataDir, wish)
	if err != nil || reached {
		return false, err
	}
	closer, err := instance.Listen(a.dataDir, func(r core.Raise) {
		select {
		case a.raised <- r:
		default: // the window is busy with earlier wishes; this one adds nothing
		}
	})
	if err != nil {
		return false, err
	}
	a.onStop("window socket", closer.Close)
	return true, nil
}

// Raised delivers the wishes of later starts.
func (a *App) Raised() <-chan core.Raise { return a.raised }
