package app

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"deskwatch/core"
)

const (
	maxUnpacked    = 4 << 30 // bytes of a packed file when it is unpacked
	unpackChunk    = 1 << 20
	unpackedName   = "unpacked-*.tmp"
	unpackedKeptOn = 24 * time.Hour // how long a crash may leave one behind
)

// unpack writes what a .gz file holds to a file in the data folder, for reading it more than
// once. It belongs to the caller, who removes it.
func (a *App) unpack(ctx context.Context, packed *os.File, size int64, p *core.Progress) (path string, err error) {
	p.SetPhase("Unpacking")
	a.clearUnpacked()
	counted := &countedBytes{Reader: packed}
	in, err := gzip.NewReader(counted)
	if err != nil {
		return "", brokenPack(packed.Name(), err)
	}
	out, err := os.CreateTemp(a.dataDir, unpackedName)
	if err != nil {
		return "", unpackFailed(err)
	}
	defer func() {
		if closed := out.Close(); err == nil && closed != nil {
			err = unpackFailed(closed)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	for total := int64(0); ; {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		n, err := io.CopyN(unpackedFile{out}, in, unpackChunk)
		p.SetBytes(counted.n, size)
		total += n
		var full writeError
		switch {
		case errors.Is(err, io.EOF):
			return out.Name(), nil
		case errors.As(err, &full):
			return "", unpackFailed(full.error)
		case err != nil:
			return "", brokenPack(packed.Name(), err)
		case total > maxUnpacked:
			return "", core.NewError(core.CodeInvalid, "app.unpack", fmt.Sprintf("%q holds more than %d GB. Nothing was imported. Unpack it and split it into smaller files.", filepath.Base(packed.Name()), maxUnpacked>>30), nil)
		}
	}
}

// clearUnpacked removes what a crash left behind. Younger files may be another process's.
func (a *App) clearUnpacked() {
	left, err := filepath.Glob(filepath.Join(a.dataDir, unpackedName))
	if err != nil {
		return
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && a.now().Sub(info.ModTime()) > unpackedKeptOn {
			if err := os.Remove(path); err != nil {
				a.log.Warn("an unpacked file from earlier cannot be removed", "file", filepath.Base(path), "err", err)
			}
		}
	}
}

// writeError tells a full disk from a broken file.
type writeError struct{ error }

type unpackedFile struct{ file *os.File }

func (f unpackedFile) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	if err != nil {
		err = writeError{err}
	}
	return n, err
}

// countedBytes counts what was read.
type countedBytes struct {
	io.Reader
	n int64
}

func (c *countedBytes) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

func brokenPack(path string, cause error) error {
	return core.NewError(core.CodeInvalid, "app.unpack", fmt.Sprintf("%q cannot be unpacked: it is damaged or incomplete. Nothing was imported. Fetch it again, or unpack it yourself.", filepath.Base(path)), cause)
}

func unpackFailed(cause error) error {
	return core.NewError(core.CodeUnavailable, "app.unpack", "The file cannot be unpacked into the data folder. Nothing was imported. Check that there is room on the disk.", cause)
}
