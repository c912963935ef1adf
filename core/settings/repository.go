// Package settings owns the typed settings: it loads, validates, saves and publishes them.
package settings

import "context"

// Repository keeps one JSON text per settings group ("general", "mail", …).
type Repository interface {
	LoadSettings(ctx context.Context) (map[string][]byte, error)
	// SaveSettings replaces the given groups in one transaction.
	SaveSettings(ctx context.Context, groups map[string][]byte) error
}
