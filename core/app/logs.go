package app

import (
	"context"
	"log/slog"
	"path/filepath"

	"deskwatch/core"
	"deskwatch/core/logbook"
)

func (a *App) openLog(cfg Config) error {
	level := cfg.LogLevel
	if level == "" {
		level = core.DefaultSettings().General.LogLevel
	}
	logs, err := logbook.Open(filepath.Join(a.dataDir, "logs"), level)
	if err != nil {
		return err
	}
	a.logs, a.log = logs, slog.New(logs.Handler())
	a.onStop("log", logs.Close)
	return nil
}

// LogLines answers from the live log in memory.
func (a *App) LogLines(q core.LogQuery) []core.LogLine { return a.logs.Lines(q) }

// LogNotify calls f after lines were added, at most ten times a second.
func (a *App) LogNotify(f func()) (cancel func()) { return a.logs.Notify(f) }

// ExportLog writes the matching lines of the log into a file.
func (a *App) ExportLog(ctx context.Context, path string, q core.LogQuery) (lines int, err error) {
	if err := a.allow(ctx, core.ReadLogs); err != nil {
		return lines, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	return a.logs.Export(ctx, path, q)
}

// LogPath is the log file.
func (a *App) LogPath() string { return a.logs.Path() }
