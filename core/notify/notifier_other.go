//go:build !(linux || freebsd || netbsd || openbsd || dragonfly)

package notify

import "context"

// Notifier shows nothing on this system.
type Notifier struct{}

// New returns a Notifier.
func New(Options) *Notifier { return &Notifier{} }

// Show always fails with core.CodeUnavailable.
func (*Notifier) Show(_ context.Context, _, _ string, _ func()) error { return unavailable(nil) }

// Close does nothing.
func (*Notifier) Close() error { return nil }
