package app

import (
	"sync"

	"deskwatch/core"
)

// seat is who sits at this process.
type seat struct {
	mu   sync.Mutex
	seat core.Seat
}

// Seat says who sits at this workstation.
func (a *App) Seat() core.Seat {
	a.seat.mu.Lock()
	defer a.seat.mu.Unlock()
	return a.seat.seat
}

// sitting is for whom work is done that names nobody. It fails while the desk is locked.
func (a *App) sitting() (core.Actor, error) {
	s := a.Seat()
	switch {
	case s.Locked:
		return core.Actor{}, core.NewError(core.CodeSignIn, "app.seat", "This desk is locked. Nothing was changed. Sign in first.", nil)
	case s.Required:
		return s.Actor, nil
	}
	return core.FolderOwner(), nil
}
