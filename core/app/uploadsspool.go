package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"deskwatch/core"
)

const (
	uploadsFolder = "uploads"
	arrivingName  = "arriving-*.tmp"
)

// spooledPost is a post in a file of its own.
type spooledPost struct {
	path string // "" when there is none
	size int64
	tag  string // its SHA-256 in hex; "" when it did not arrive whole
}

func (d *spooledPost) remove(log *slog.Logger) {
	if d.path == "" {
		return
	}
	if err := os.Remove(d.path); err != nil {
		log.Warn("a post that is not needed any more cannot be removed", "file", filepath.Base(d.path), "err", err)
	}
}

// spoolPost writes a post to a file in the data folder as it arrives. What arrived of one that
// breaks off, or is too large, is in the file, too.
func (a *App) spoolPost(ctx context.Context, p core.Post) (doc *spooledPost, err error) {
	doc = new(spooledPost)
	limit := int64(a.settings.Current().Server.MaxUploadMB) << 20
	if p.Length > limit {
		doc.size = p.Length
		return doc, postTooLarge(limit)
	}
	folder := filepath.Join(a.dataDir, uploadsFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return doc, spoolPostFailed(err)
	}
	a.uploads.clear.Do(func() { a.clearArriving(folder) })
	file, err := os.CreateTemp(folder, arrivingName)
	if err != nil {
		return doc, spoolPostFailed(err)
	}
	doc.path = file.Name()
	defer func() {
		if closed := file.Close(); err == nil && closed != nil {
			err = spoolPostFailed(closed)
		}
	}()
	hash := sha256.New()
	n, err := io.CopyBuffer(io.MultiWriter(unpackedFile{file}, hash), io.LimitReader(untilDone{ctx, p.Body}, limit+1), make([]byte, 128<<10))
	doc.size = n
	var full writeError
	switch {
	case errors.As(err, &full):
		return doc, spoolPostFailed(full.error)
	case err != nil:
		return doc, postBrokeOff(err)
	case n > limit:
		return doc, postTooLarge(limit)
	}
	if err := file.Sync(); err != nil {
		return doc, spoolPostFailed(err)
	}
	doc.tag = hex.EncodeToString(hash.Sum(nil))
	return doc, nil
}

// clearArriving removes what a crash left behind. Only the process that watches takes posts.
func (a *App) clearArriving(folder string) {
	left, err := filepath.Glob(filepath.Join(folder, arrivingName))
	if err != nil {
		return
	}
	for _, path := range left {
		(&spooledPost{path: path}).remove(a.log)
	}
}

// untilDone ends reading with its context.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Reader.Read(p)
}

func postBrokeOff(err error) error {
	var told *core.Error
	if errors.As(err, &told) {
		return err
	}
	return core.NewError(core.CodeInvalid, "app.post", "The post broke off before its end. Nothing was kept. Send it again as a whole.", err)
}

func postTooLarge(limit int64) error {
	return core.NewError(core.CodeTooLarge, "app.post", fmt.Sprintf("The post is larger than %d MB, the most this desk takes. Nothing was kept. Send it in parts, or have an admin raise the limit in Settings.", limit>>20), nil)
}

func spoolPostFailed(cause error) error {
	return core.NewError(core.CodeUnavailable, "app.post", "The post cannot be written to the data folder of this desk. Nothing was kept. Check that there is room on its disk.", cause)
}
