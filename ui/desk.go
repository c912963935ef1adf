// Package ui is the shell of the desktop app: the window with its rail and status line, the
// menu, shortcuts, the tray and quitting. Every tab is a package of its own.
package ui

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/ui/logs"
	"deskwatch/ui/orders"
	"deskwatch/ui/overview"
	"deskwatch/ui/settings"
	"deskwatch/ui/signin"
	"deskwatch/ui/tickets"
	"deskwatch/ui/users"
)

// Desk is all the window needs of the core.
type Desk interface {
	overview.Desk
	tickets.Desk
	orders.Desk
	users.Desk
	settings.Desk
	logs.Desk
	signin.Desk

	// HoldsTickets guesses whether a file is one of tickets rather than of orders.
	HoldsTickets(ctx context.Context, path string) (bool, error)
	SetPaused(ctx context.Context, paused bool, until time.Time) error
	// Stop ends the core: schedules, sending, open work. It is idempotent and bounded (5 s).
	Stop(ctx context.Context) error
	// Notify shows a desktop notification; open is called, on any goroutine, when it is clicked.
	Notify(ctx context.Context, title, text string, open func()) error
	// Raised delivers the wish of a second start: come to the front, and open the file if any.
	Raised() <-chan core.Raise
}
