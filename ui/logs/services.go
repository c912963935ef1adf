// Package logs is the Logs tab: the live log with pause, level and text filter, and export.
package logs

import (
	"context"

	"deskwatch/core"
)

// Desk is what this tab needs of the core.
type Desk interface {
	// LogLines answers from memory.
	LogLines(q core.LogQuery) []core.LogLine
	// LogNotify calls f, on any goroutine, after lines were added; at most ten times a second.
	LogNotify(f func()) (cancel func())
	// ExportLog writes the lines of the log files and the live log that match into a file.
	ExportLog(ctx context.Context, path string, q core.LogQuery) (lines int, err error)
	LogPath() string
}
