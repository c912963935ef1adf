package app

import (
	"context"
	"time"
)

// Where it is remembered when somebody last looked at the desk, and when they last left it.
const (
	lookedMark = "desk looked at"
	leftMark   = "desk left"
)

// leftAfter is how long nobody must look for somebody to have left. A window that is closed and
// opened again at once still shows what its user came to see.
const leftAfter = 5 * time.Minute

// Looked says that somebody looks at the desk now. The window calls it when it is shown or comes
// to the front, when it is hidden or loses the front, and every minute or so in between. The
// last call before a pause of five minutes is when they left, whatever ended it: closing, a
// machine that sleeps, or a crash. Calls out of order, as from a clock set back, change nothing.
func (a *App) Looked(ctx context.Context) error {
	now := a.now()
	last, err := a.memory.LastRun(ctx, lookedMark)
	if err != nil || now.Before(last) {
		return err
	}
	if !last.IsZero() && now.Sub(last) >= leftAfter {
		if err := a.memory.SetLastRun(ctx, leftMark, last); err != nil {
			return err
		}
	}
	return a.memory.SetLastRun(ctx, lookedMark, now)
}

// left is when the desk was last left: what happened since is news. Zero: nobody ever left it.
// It is right also before the window has called Looked.
func (a *App) left(ctx context.Context) (time.Time, error) {
	last, err := a.memory.LastRun(ctx, lookedMark)
	if err != nil {
		return time.Time{}, err
	}
	if !last.IsZero() && a.now().Sub(last) >= leftAfter {
		return last, nil
	}
	return a.memory.LastRun(ctx, leftMark)
}
