package settings

import (
	"context"

	"deskwatch/core"
)

// ServerDesk is what the pages of the REST server and of signing in need of the core. Methods
// with a ctx block and are never called on the UI goroutine.
type ServerDesk interface {
	// ServerState says how the REST server is doing.
	ServerState() core.ServerState
	// Uploads lists what collectors posted, newest first, at most limit (1..1000).
	Uploads(ctx context.Context, limit int) ([]core.Upload, error)
	// SaveUpload writes the document of a refused upload that was kept to a file.
	SaveUpload(ctx context.Context, id int64, path string) error
	// NewServerCertificate replaces the certificate the desk made for itself; those who pinned
	// the old one have to pin the new.
	NewServerCertificate(ctx context.Context) error
	Seat() core.Seat
}
