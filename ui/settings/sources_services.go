package settings

import (
	"context"

	"deskwatch/core"
)

// SourceDesk is what the page of the sources needs of the core. All methods block and are never
// called on the UI goroutine.
type SourceDesk interface {
	// Sources lists the sources by name, with how they are doing.
	Sources(ctx context.Context) ([]core.SourceReport, error)
	// SaveSource adds a source, or changes the one with its name. A nil secret leaves the stored
	// one as it is, a zero one removes it.
	SaveSource(ctx context.Context, s core.Source, secret, clientSecret *core.Secret) error
	// DeleteSource forgets a source and its secrets; the tickets that came from it stay.
	DeleteSource(ctx context.Context, name string) error
	// TestSource reads the first tickets of a source, saved or not, keeps nothing, and says what
	// it met. A nil secret is the stored one.
	TestSource(ctx context.Context, s core.Source, secret, clientSecret *core.Secret) (sentence string, err error)
	// RunSource asks a source now, or reads what is new in its folder.
	RunSource(ctx context.Context, name string) error
}
