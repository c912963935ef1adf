package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"deskwatch/core"
)

const (
	settleLook  = 50 * time.Millisecond
	settleLooks = 3           // a file that stood still for so many looks is complete
	folderEvery = time.Minute // network disks tell nothing of what happens on them
	maxInFolder = 10_000      // files; of more it could not be remembered which were read
)

// Folder watches a folder for ticket files.
type Folder struct {
	Path string
	// Known reports whether a file was read before, with this size and time.
	Known func(f core.FolderFile) bool
	// Take reads a file that is complete. It is called on Watch's goroutine, one file at a time,
	// the oldest first.
	Take func(ctx context.Context, path string, f core.FolderFile)
	// Trouble is told when the folder cannot be looked at, and nil when it can be again.
	Trouble func(error)
	Every   time.Duration // how often to look though nothing was told; 0 is a minute
}

// pendingFile is one that may still be written.
type pendingFile struct {
	file  core.FolderFile
	looks int // at which it stood still
}

// Watch looks at the folder now, whenever something happens in it and every minute, until ctx
// ends. A folder that is missing, or goes away, is waited for.
func (f Folder) Watch(ctx context.Context) {
	if f.Every == 0 {
		f.Every = folderEvery
	}
	for ctx.Err() == nil {
		err := f.watchOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		f.Trouble(err)
		if !wait(ctx, f.Every) {
			return
		}
	}
}

// watchOnce watches until ctx ends, or the folder cannot be watched any more.
func (f Folder) watchOnce(ctx context.Context) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return folderFault(f.Path, err)
	}
	defer watcher.Close()
	if err := watcher.Add(f.Path); err != nil {
		return folderFault(f.Path, err)
	}
	pending := map[string]pendingFile{}
	if err := f.look(pending); err != nil {
		return err
	}
	f.Trouble(nil)
	every := time.NewTicker(f.Every)
	defer every.Stop()
	ticking := false // while files are waited for; not begun anew by each event, which would starve it
	settle := time.NewTicker(settleLook)
	defer settle.Stop()
	for {
		if len(pending) == 0 {
			settle.Stop()
		} else if !ticking {
			settle.Reset(settleLook)
		}
		ticking = len(pending) > 0
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-watcher.Events:
			if !open {
				return folderFault(f.Path, fsnotify.ErrClosed)
			}
			if e.Has(fsnotify.Create | fsnotify.Write | fsnotify.Chmod) {
				f.note(pending, e.Name)
			}
			if filepath.Clean(e.Name) == filepath.Clean(f.Path) && e.Has(fsnotify.Remove|fsnotify.Rename) {
				return folderFault(f.Path, os.ErrNotExist)
			}
		case err := <-watcher.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return folderFault(f.Path, err)
			}
			if err := f.look(pending); err != nil {
				return err
			}
		case <-every.C:
			if err := f.look(pending); err != nil {
				return err
			}
		case <-settle.C:
			f.takeSettled(ctx, pending)
		}
	}
}

// look notes every file of the folder that is not known.
func (f Folder) look(pending map[string]pendingFile) error {
	names, err := namesIn(f.Path)
	if err != nil {
		return err
	}
	for _, name := range names {
		f.note(pending, filepath.Join(f.Path, name))
	}
	return nil
}

// note has a file waited for until it is complete, when it is one of tickets and not known.
func (f Folder) note(pending map[string]pendingFile, path string) {
	if !IsTicketFile(path) {
		return
	}
	file, ok := statFile(path)
	if !ok || f.Known(file) {
		return
	}
	if old, waits := pending[path]; !waits || !old.file.Same(file) {
		pending[path] = pendingFile{file: file}
	}
}

// takeSettled takes the files that stood still.
func (f Folder) takeSettled(ctx context.Context, pending map[string]pendingFile) {
	var ready []string
	for path, p := range pending {
		file, ok := statFile(path)
		switch {
		case !ok:
			delete(pending, path) // gone again
		case !p.file.Same(file):
			pending[path] = pendingFile{file: file}
		case p.looks+1 < settleLooks:
			p.looks++
			pending[path] = p
		default:
			ready = append(ready, path)
		}
	}
	slices.SortFunc(ready, func(a, b string) int {
		if c := pending[a].file.Changed.Compare(pending[b].file.Changed); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	for _, path := range ready {
		if ctx.Err() != nil {
			return
		}
		file := pending[path].file
		delete(pending, path)
		f.Take(ctx, path, file)
	}
}

// Files lists the ticket files of a folder, the newest first.
func Files(folder string) ([]core.FolderFile, error) {
	names, err := namesIn(folder)
	if err != nil {
		return nil, err
	}
	var list []core.FolderFile
	for _, name := range names {
		if file, ok := statFile(filepath.Join(folder, name)); ok && IsTicketFile(name) {
			list = append(list, file)
		}
	}
	slices.SortFunc(list, func(a, b core.FolderFile) int { return b.Changed.Compare(a.Changed) })
	return list, nil
}

// IsTicketFile reports whether a file's name is that of a file of tickets. One whose writer has
// not given it its final name yet, or that is hidden, is not.
func IsTicketFile(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") {
		return false
	}
	switch filepath.Ext(strings.TrimSuffix(name, ".gz")) {
	case ".json", ".ndjson", ".jsonl", ".csv", ".tsv":
		return true
	}
	return false
}

func statFile(path string) (core.FolderFile, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return core.FolderFile{}, false
	}
	return core.FolderFile{Name: filepath.Base(path), Size: info.Size(), Changed: info.ModTime().UTC()}, true
}

// namesIn lists what is in a folder.
func namesIn(folder string) ([]string, error) {
	dir, err := os.Open(folder)
	if err != nil {
		return nil, folderFault(folder, err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(maxInFolder + 1)
	switch {
	case err != nil && !errors.Is(err, io.EOF): // which is said of an empty folder
		return nil, folderFault(folder, err)
	case len(names) > maxInFolder:
		return nil, core.NewError(core.CodeInvalid, "source.folder", fmt.Sprintf("The folder %q holds more than 10,000 files. Move those that were read to another folder.", filepath.Base(folder)), nil)
	}
	return names, nil
}

func folderFault(path string, err error) error {
	name := filepath.Base(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return core.NewError(core.CodeNotFound, "source.folder", fmt.Sprintf("The folder %q is not there. Files in it are read as soon as it is.", name), err)
	case errors.Is(err, os.ErrPermission):
		return core.NewError(core.CodeDenied, "source.folder", fmt.Sprintf("The folder %q may not be read. Give Deskwatch access to it.", name), err)
	}
	return core.NewError(core.CodeUnavailable, "source.folder", fmt.Sprintf("The folder %q cannot be watched. It is tried again in a minute.", name), err)
}

// wait waits for d, and reports false when ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
