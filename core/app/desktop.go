package app

import (
	"context"
	"time"

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

// startsTogether bounds how long a start waits for another one that began in the same moment.
const startsTogether = 2 * time.Second

// FirstOrRaise makes this process the one window of the data folder, or hands the wish to
// the one there is and returns first false.
func (a *App) FirstOrRaise(wish core.Raise) (first bool, err error) {
	ctx, end, err := a.begin(context.Background())
	if err != nil {
		return false, err
	}
	defer end()
	for deadline := time.Now().Add(startsTogether); ; {
		reached, err := instance.Raise(a.dataDir, wish)
		if err != nil || reached {
			return false, err
		}
		closer, err := instance.Listen(a.dataDir, a.takeWish)
		if err == nil {
			a.onStop("window socket", closer.Close)
			return true, nil
		}
		// Two starts at once, such as by a double click: the other one is about to listen.
		if core.ErrorCode(err) != core.CodeConflict || time.Now().After(deadline) {
			return false, err
		}
		select {
		case <-ctx.Done():
			return false, err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (a *App) takeWish(r core.Raise) {
	select {
	case a.raised <- r:
	default: // the window is busy with earlier wishes; this one adds nothing
	}
}

// Raised delivers the wishes of later starts.
func (a *App) Raised() <-chan core.Raise { return a.raised }
