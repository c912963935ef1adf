package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"deskwatch/core"
	"deskwatch/core/store"
)

const acceptedName = "accepted.json"

// lastPosted is the last accepted document.
type lastPosted struct {
	mu  sync.RWMutex // shared while the file is opened, so that it is the one doc is about
	doc *postedDocument
}

// postedDocument is what is known of the accepted document.
type postedDocument struct {
	tag     string
	size    int64
	at      time.Time
	cases   atomic.Pointer[postedCases] // nil: not looked for yet, as after a start
	looking sync.Mutex                  // for them
}

// becomeLast has what was just taken handed out from now on. The file is its own no more.
func (a *App) becomeLast(doc *spooledPost, cases *postedCases) error {
	last := &a.uploads.last
	last.mu.Lock()
	defer last.mu.Unlock()
	path := filepath.Join(a.dataDir, uploadsFolder, acceptedName)
	if err := os.Rename(doc.path, path); err != nil {
		return err
	}
	doc.path = ""
	kept := &postedDocument{tag: doc.tag, size: doc.size, at: a.now()}
	kept.cases.Store(cases)
	if info, err := os.Stat(path); err == nil {
		kept.at = info.ModTime() // as it will be after a restart
	}
	last.doc = kept
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes sure that a new name in a folder outlives a power cut.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil // there are systems that do this by themselves
	}
	return errors.Join(err, dir.Close())
}

// openLast opens the last accepted document; core.CodeNotFound when there is none.
func (a *App) openLast() (*postedDocument, *os.File, error) {
	last := &a.uploads.last
	last.mu.RLock()
	if last.doc != nil {
		defer last.mu.RUnlock()
		file, err := openAccepted(a.dataDir)
		return last.doc, file, err
	}
	last.mu.RUnlock()
	last.mu.Lock()
	defer last.mu.Unlock()
	file, err := openAccepted(a.dataDir)
	if err != nil || last.doc != nil {
		return last.doc, file, err
	}
	hash := sha256.New()
	info, err := file.Stat()
	if err == nil {
		_, err = io.Copy(hash, file)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, nil, errors.Join(unreadable(file.Name(), err), file.Close())
	}
	last.doc = &postedDocument{tag: hex.EncodeToString(hash.Sum(nil)), size: info.Size(), at: info.ModTime()}
	return last.doc, file, nil
}

func openAccepted(dataDir string) (*os.File, error) {
	file, err := os.Open(filepath.Join(dataDir, uploadsFolder, acceptedName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, core.NewError(core.CodeNotFound, "app.posted", "No collector has posted anything yet.", err)
	case err != nil:
		return nil, core.NewError(core.CodeUnavailable, "app.posted", "The last posted document cannot be read from the data folder of this desk. Try again later.", err)
	}
	return file, nil
}

// LastPosted opens the last accepted document, as it was posted; core.CodeNotFound when there is
// none.
func (a *App) LastPosted(ctx context.Context) (core.PostedDocument, error) {
	if err := a.allow(ctx, core.ReadPosted); err != nil {
		return core.PostedDocument{}, err
	}
	doc, file, err := a.openLast()
	if err != nil {
		return core.PostedDocument{}, err
	}
	return core.PostedDocument{Content: file, Size: doc.size, Tag: doc.tag, At: doc.at, Name: acceptedName}, nil
}

// PostedCases opens the cases of a product in the last accepted document, each as it was posted,
// as a JSON list; an empty one when it has none. Values narrow it to the cases that carry one of
// them as their id, number or owner, or in a field whose name has "retain" in it; a value that no
// case of the product carries, and true, false, 1 and 0, narrow nothing.
func (a *App) PostedCases(ctx context.Context, product string, retain []string) (core.PostedDocument, error) {
	if err := a.allow(ctx, core.ReadPosted); err != nil {
		return core.PostedDocument{}, err
	}
	doc, cases, err := a.lastCases(ctx)
	if core.ErrorCode(err) == core.CodeNotFound {
		return emptyList(), nil
	}
	if err != nil {
		return core.PostedDocument{}, err
	}
	p := cases.products[productKey(product)]
	if p == nil {
		return emptyList(), nil
	}
	some, narrowedBy := cases.retained(p, retain)
	tag := p.tag
	if p.whole == nil {
		tag = tagOf(doc.tag, productKey(product))
	}
	if len(narrowedBy) > 0 {
		tag = tagOf(append(narrowedBy, tag)...)
	}
	answer := core.PostedDocument{Tag: tag, At: doc.at}
	switch {
	case p.whole == nil:
		now, file, err := a.openLast()
		if err != nil {
			return core.PostedDocument{}, err
		}
		if now != doc { // another one was accepted at this moment
			if err := file.Close(); err != nil {
				return core.PostedDocument{}, unreadable(file.Name(), err)
			}
			return a.PostedCases(ctx, product, retain)
		}
		list := newCaseList(file, some)
		answer.Content, answer.Size = sectionOf{io.NewSectionReader(list, 0, list.size), file}, list.size
	case len(narrowedBy) > 0:
		list := newCaseList(bytes.NewReader(p.whole), some)
		answer.Content, answer.Size = sectionOf{io.NewSectionReader(list, 0, list.size), inMemory{}}, list.size
	default:
		answer.Content, answer.Text, answer.Size = inMemory{bytes.NewReader(p.whole)}, p.whole, int64(len(p.whole))
	}
	return answer, nil
}

// lastCases returns the last accepted document and where its cases stand.
func (a *App) lastCases(ctx context.Context) (*postedDocument, *postedCases, error) {
	last := &a.uploads.last
	last.mu.RLock()
	doc := last.doc
	last.mu.RUnlock()
	if doc != nil {
		if cases := doc.cases.Load(); cases != nil {
			return doc, cases, nil
		}
	}
	doc, file, err := a.openLast()
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	doc.looking.Lock()
	defer doc.looking.Unlock()
	if cases := doc.cases.Load(); cases != nil {
		return doc, cases, nil
	}
	cases, err := a.readCases(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	doc.cases.Store(cases)
	return doc, cases, nil
}

// readCases finds the cases of a document that was accepted before this process began.
func (a *App) readCases(ctx context.Context, file *os.File) (*postedCases, error) {
	ctx = context.WithoutCancel(ctx) // others want it, too
	user := ""
	if u, err := store.NewUploads(a.desk).LastAccepted(ctx); err == nil {
		user = u.User
	}
	s, _, err := a.sourceOfPosts(ctx, user)
	if err != nil {
		return nil, err
	}
	stream, cases, err := a.openPosted(s, file)
	if err != nil {
		return nil, err
	}
	for err == nil {
		_, err = stream.Next()
	}
	if err != io.EOF {
		return nil, err // it was taken once, so that this is the disk's fault, or of a mapping since then
	}
	return cases, cases.finish(file)
}

func emptyList() core.PostedDocument {
	list := []byte("[]")
	return core.PostedDocument{Content: inMemory{bytes.NewReader(list)}, Size: int64(len(list)), Tag: tagOf("[]")}
}

// inMemory is a document that needs no closing.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// sectionOf is a document made of parts of a file.
type sectionOf struct {
	*io.SectionReader
	io.Closer
}
