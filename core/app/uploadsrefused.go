package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/store"
)

const (
	refusedFolder = "refused"
	// Of what was refused the newest files are kept, up to a size of all; of a large one, or one
	// that did not arrive whole, the beginning.
	refusedFiles = 50
	refusedBytes = 200 << 20
	refusedPart  = 16 << 20
	partMark     = ".part.json"
)

// keepRefused keeps a refused document aside for the admin and returns its name there, "" when it
// could not be kept or was empty. whole is false when only its beginning is kept.
func (a *App) keepRefused(doc *spooledPost, at time.Time) (name string, whole bool) {
	if doc.size == 0 || doc.path == "" { // nothing arrived, or what did was not taken in
		return "", false
	}
	random, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(doc.path), strings.TrimSuffix(arrivingName, "*.tmp")), ".")
	name, whole = at.UTC().Format("20060102-150405")+"-"+random+".json", true
	err := os.MkdirAll(a.refusedPath(), 0o700)
	if info, stat := os.Stat(doc.path); err == nil && stat == nil && (doc.tag == "" || info.Size() > refusedPart) {
		name, whole = strings.TrimSuffix(name, ".json")+partMark, false
		err = os.Truncate(doc.path, min(info.Size(), refusedPart))
	}
	if err == nil {
		err = os.Rename(doc.path, filepath.Join(a.refusedPath(), name))
	}
	if err != nil {
		a.log.Error("a refused post cannot be kept aside", "err", err)
		return "", false
	}
	doc.path = ""
	if err := a.pruneRefused(); err != nil {
		a.log.Warn("old refused posts cannot be removed", "err", err)
	}
	return name, whole
}

func (a *App) refusedPath() string { return filepath.Join(a.dataDir, uploadsFolder, refusedFolder) }

// refusedFile is a document that was kept aside.
type refusedFile struct {
	name string
	size int64
}

// refusedFilesKept lists the documents kept aside, the newest first.
func (a *App) refusedFilesKept() ([]refusedFile, error) {
	entries, err := os.ReadDir(a.refusedPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, core.NewError(core.CodeUnavailable, "app.refused", "The refused posts cannot be read from the data folder. Check its disk and permissions.", err)
	}
	var list []refusedFile
	for _, e := range slices.Backward(entries) { // their names begin with the time
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			list = append(list, refusedFile{e.Name(), info.Size()})
		}
	}
	return list, nil
}

// pruneRefused removes what is too much, the oldest first.
func (a *App) pruneRefused() error {
	list, err := a.refusedFilesKept()
	var errs []error
	var total int64
	for i, f := range list {
		if total += f.size; i >= refusedFiles || total > refusedBytes {
			errs = append(errs, os.Remove(filepath.Join(a.refusedPath(), f.name)))
		}
	}
	return errors.Join(append(errs, err)...)
}

// UploadDocument opens the document of a refused upload, as far as it was kept aside;
// core.CodeNotFound when it was not, or is not any more.
func (a *App) UploadDocument(ctx context.Context, id int64) (core.PostedDocument, error) {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return core.PostedDocument{}, err
	}
	u, err := store.NewUploads(a.desk).Upload(ctx, id)
	if err != nil {
		return core.PostedDocument{}, err
	}
	var file *os.File
	if err = fs.ErrNotExist; u.Document != "" {
		file, err = os.Open(filepath.Join(a.refusedPath(), filepath.Base(u.Document)))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return core.PostedDocument{}, core.NewError(core.CodeNotFound, "app.refused", "The document of this upload is not kept. Those of the newest refused ones are.", err)
	}
	if err != nil {
		return core.PostedDocument{}, unreadable(u.Document, err)
	}
	info, err := file.Stat()
	if err != nil {
		return core.PostedDocument{}, errors.Join(unreadable(u.Document, err), file.Close())
	}
	return core.PostedDocument{Content: file, Size: info.Size(), At: u.At, Name: u.Document}, nil
}

// SaveUpload writes the document of a refused upload to a file, which appears whole or not at all.
func (a *App) SaveUpload(ctx context.Context, id int64, path string) error {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return err
	}
	doc, err := a.UploadDocument(ctx, id)
	if err != nil {
		return err
	}
	defer doc.Content.Close()
	out, err := os.CreateTemp(filepath.Dir(path), ".deskwatch-upload-*")
	if err != nil {
		return saveUploadFailed(err)
	}
	defer os.Remove(out.Name()) // gone already once it is renamed
	_, err = io.Copy(out, doc.Content)
	if err = errors.Join(err, out.Sync(), out.Close()); err == nil {
		err = os.Rename(out.Name(), path)
	}
	if err != nil {
		return saveUploadFailed(err)
	}
	return nil
}

func saveUploadFailed(cause error) error {
	return core.NewError(core.CodeUnavailable, "app.refused", "The document could not be written; what was there is as it was. Check that the folder exists, that you may write there and that there is room on the disk.", cause)
}
