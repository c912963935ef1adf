// Package source turns bytes from outside into ticket snapshots: the collector's JSON, ticket
// files, Salesforce, another Deskwatch, a watched folder. It declares Registry, where the
// sources and how they are doing are kept.
package source

import (
	"context"

	"deskwatch/core"
)

// Registry keeps the sources and their states. Errors are *core.Error.
type Registry interface {
	Sources(ctx context.Context) ([]core.Source, error) // by name
	// SaveSource adds the source, or replaces the one with its name.
	SaveSource(ctx context.Context, s core.Source) error
	// DeleteSource forgets the source and its state; core.CodeNotFound without it.
	DeleteSource(ctx context.Context, name string) error
	States(ctx context.Context) (map[string]core.SourceState, error)
	// SaveState replaces the state of a source, of one that is not in the registry too.
	SaveState(ctx context.Context, s core.SourceState) error
}
