package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"sync"

	"deskwatch/core"
	"deskwatch/core/source"
)

// keptFiles is how many files that are no longer in the folder are remembered: one may come back
// as it was.
const keptFiles = 1000

// folderWatch is a folder being watched.
type folderWatch struct {
	source core.Source
	stop   context.CancelFunc
}

// seenFiles remembers which files of a folder were read.
type seenFiles struct {
	mu   sync.Mutex
	list map[string]core.FolderFile // by name
}

func (f *seenFiles) has(file core.FolderFile) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	old, ok := f.list[file.Name]
	return ok && old.Same(file)
}

func (f *seenFiles) add(file core.FolderFile) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list[file.Name] = file
}

// startFolders watches the folders of the enabled sources, and only those. It is called when
// watching begins and whenever the sources changed.
func (a *App) startFolders(ctx context.Context) error {
	list, err := a.registry.Sources(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]core.Source{}
	for _, s := range list {
		if s.Kind == core.SourceFolder && s.Enabled {
			wanted[s.Name] = s
		}
	}
	r := &a.sourceRuns
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.folders == nil {
		r.folders = map[string]folderWatch{}
	}
	for name, f := range r.folders {
		if s, ok := wanted[name]; ok && reflect.DeepEqual(s, f.source) {
			delete(wanted, name) // goes on
			continue
		}
		f.stop()
		delete(r.folders, name)
	}
	for name, s := range wanted {
		watching, stop := context.WithCancel(a.work)
		r.folders[name] = folderWatch{s, stop}
		a.background(func(context.Context) {
			defer stop()
			a.watchFolder(watching, s)
			r.mu.Lock()
			defer r.mu.Unlock()
			if watching.Err() == nil { // it could not begin: the next look for folders tries again
				delete(r.folders, name)
			}
		})
	}
	return nil
}

// watchFolder takes what is dropped into a folder until ctx ends.
func (a *App) watchFolder(ctx context.Context, s core.Source) {
	seen, isNew, err := a.seenFiles(ctx, s.Name)
	if err != nil {
		a.tellSource(s, err, true)
		return
	}
	began, troubled := a.now(), false
	source.Folder{
		Path: s.Folder, Known: seen.has,
		Take: func(ctx context.Context, path string, file core.FolderFile) {
			if !a.sourceRuns.begin(s.Name) {
				return // read by hand at the moment; what is left is met at the next look
			}
			defer a.sourceRuns.end(s.Name)
			// What went wrong is in the source's state, and was told.
			_, _ = a.takeFolderFile(ctx, s, seen, path, file, isNew && file.Changed.Before(began))
		},
		Trouble: func(err error) {
			if err == nil && troubled {
				troubled = false
				if err := a.changeState(ctx, s.Name, func(state *core.SourceState) { state.LastError, state.Failures = "", 0 }); err != nil {
					a.log.Warn("the state of a source was not kept", "source", s.Name, "err", err)
				}
			} else if err != nil {
				troubled = true
				_ = a.runFailed(ctx, s, err)
			}
		},
	}.Watch(ctx)
}

// seenFiles returns what is known of a folder. isNew says that nothing of it was ever taken: what
// is in it by now is its first load, be it one file or many.
func (a *App) seenFiles(ctx context.Context, name string) (seen *seenFiles, isNew bool, err error) {
	states, err := a.registry.States(ctx)
	if err != nil {
		return nil, false, err
	}
	r := &a.sourceRuns
	r.mu.Lock()
	defer r.mu.Unlock()
	if seen = r.seen[name]; seen == nil {
		seen = &seenFiles{list: map[string]core.FolderFile{}}
		for _, f := range states[name].Files {
			seen.list[f.Name] = f
		}
		if r.seen == nil {
			r.seen = map[string]*seenFiles{}
		}
		r.seen[name] = seen
	}
	return seen, states[name].LastSuccess.IsZero(), nil
}

// readFolder reads the files of a folder that were not read yet, the oldest first.
func (a *App) readFolder(ctx context.Context, s core.Source) error {
	files, err := source.Files(s.Folder)
	if err != nil {
		return a.runFailed(ctx, s, err)
	}
	seen, isNew, err := a.seenFiles(ctx, s.Name)
	if err != nil {
		return err
	}
	var errs []error
	var sum core.SnapshotCounts
	for _, file := range slices.Backward(files) {
		if ctx.Err() != nil {
			return stoppedRun(ctx.Err())
		}
		if !seen.has(file) {
			counts, err := a.takeFolderFile(ctx, s, seen, filepath.Join(s.Folder, file.Name), file, isNew)
			errs = append(errs, err)
			sum = added(sum, counts)
		}
	}
	failed := filesFailed(errs)
	return joinErrors(failed, a.changeState(ctx, s.Name, func(state *core.SourceState) {
		state.LastRun, state.Counts = a.now(), sum
		if failed == nil {
			state.LastError, state.Failures = "", 0 // the folder is there again
		} else {
			state.LastError = core.ErrorMessage(failed)
		}
	}))
}

// filesFailed is what went wrong with the files of a folder, told of all of them.
func filesFailed(errs []error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	const told = 5
	said := fmt.Sprintf("%d files were not taken.", len(errs))
	for _, err := range errs[:min(len(errs), told)] {
		said += " " + core.ErrorMessage(err)
	}
	if more := len(errs) - told; more > 0 {
		said += fmt.Sprintf(" And %d more.", more)
	}
	return core.NewError(core.ErrorCode(errs[0]), "app.folder", said, errors.Join(errs...))
}

// takeFolderFile takes one file. One that cannot be read as it is, is left alone until it
// changes; where the reason may pass, it is tried again. silent: nobody is told of its tickets.
func (a *App) takeFolderFile(ctx context.Context, s core.Source, seen *seenFiles, path string, file core.FolderFile, silent bool) (core.SnapshotCounts, error) {
	a.bus.Publish(core.SourcesChanged{})
	res, err := a.importTickets(ctx, core.TicketImportRequest{Path: path, Source: s.Name, Full: s.Full, Silent: silent}, new(core.Progress))
	switch core.ErrorCode(err) {
	case "":
		seen.add(file)
		note := ""
		if res.Rejected > 0 {
			note = fmt.Sprintf("Records of %q that could not be read: %d. They are in %q of the data folder's rejects.", file.Name, res.Rejected, filepath.Base(res.RejectsFile))
		}
		return res.SnapshotCounts, joinErrors(a.runDone(ctx, s, res.SnapshotCounts, note, a.now()), a.keepSeen(ctx, s, file))
	case core.CodeCanceled:
		return core.SnapshotCounts{}, err
	case core.CodeInvalid, core.CodeAmbiguous, core.CodeNewer:
		seen.add(file)
		why := core.NewError(core.ErrorCode(err), "app.folder", fmt.Sprintf("The file %q was not taken. %s", file.Name, core.ErrorMessage(err)), err)
		kept := a.changeState(ctx, s.Name, func(state *core.SourceState) {
			state.Failures, state.LastRun, state.LastError = 1, a.now(), why.Message
		})
		a.tellSource(s, why, true)
		return core.SnapshotCounts{}, joinErrors(why, joinErrors(kept, a.keepSeen(ctx, s, file)))
	}
	return core.SnapshotCounts{}, a.runFailed(ctx, s, err)
}

// added is what two snapshots did together.
func added(a, b core.SnapshotCounts) core.SnapshotCounts {
	return core.SnapshotCounts{
		Tickets: a.Tickets + b.Tickets, New: a.New + b.New, Changed: a.Changed + b.Changed, Unchanged: a.Unchanged + b.Unchanged,
		Stale: a.Stale + b.Stale, Gone: a.Gone + b.Gone, Events: a.Events + b.Events,
	}
}

// keepSeen remembers that a file was read, over restarts.
func (a *App) keepSeen(ctx context.Context, s core.Source, file core.FolderFile) error {
	return a.changeState(ctx, s.Name, func(state *core.SourceState) {
		state.Files = slices.DeleteFunc(state.Files, func(f core.FolderFile) bool { return f.Name == file.Name })
		state.Files = append(state.Files, file)
		if len(state.Files) <= keptFiles {
			return
		}
		there, err := source.Files(s.Folder)
		if err != nil {
			return // nothing is forgotten of a folder that cannot be looked at
		}
		names := map[string]bool{}
		for _, f := range there {
			names[f.Name] = true
		}
		state.Files = slices.DeleteFunc(state.Files, func(f core.FolderFile) bool { return !names[f.Name] })
	})
}
