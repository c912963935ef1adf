package logbook

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"deskwatch/core"
)

// Export writes the lines that match q's level and text into the file path, oldest first: those
// of this process's log files, then those only memory has because the file could not take
// them. It returns how many. The file appears as a whole, or not at all.
func (b *Book) Export(ctx context.Context, path string, q core.LogQuery) (lines int, err error) {
	sources, rest, err := b.sources()
	if err != nil {
		return 0, exportError(path, err)
	}
	defer func() {
		for _, s := range sources {
			s.Close()
		}
	}()
	if target, err := os.Stat(path); err == nil {
		for _, s := range sources {
			if own, err := s.Stat(); err == nil && os.SameFile(own, target) {
				return 0, core.NewError(core.CodeConflict, "logbook.export", "That is the log itself. Choose another file; the log was not touched.", nil)
			}
		}
	}
	out, err := os.CreateTemp(filepath.Dir(path), ".deskwatch-log-*")
	if err != nil {
		return 0, exportError(path, err)
	}
	defer os.Remove(out.Name()) // gone already once it is renamed
	defer out.Close()
	w := bufio.NewWriter(out)
	wanted := filter(q)
	put := func(l core.LogLine) error {
		if !wanted(l) {
			return nil
		}
		if lines++; lines%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		text := l.Text
		if l.Level != "" {
			text = line(l)
		}
		_, err := w.WriteString(text + "\n")
		return err
	}
	for _, s := range sources {
		if err := eachLine(ctx, s, put); err != nil {
			return 0, exportError(path, err)
		}
	}
	for _, l := range rest {
		if err := put(l); err != nil {
			return 0, exportError(path, err)
		}
	}
	if err := errors.Join(ctx.Err(), w.Flush(), out.Sync(), out.Close()); err != nil {
		return 0, exportError(path, err)
	}
	if err := os.Rename(out.Name(), path); err != nil {
		return 0, exportError(path, err)
	}
	return lines, nil
}

// source is a log file up to where it ended when the export began.
type source struct {
	*os.File
	size int64
}

// sources opens the log files, oldest first, and copies the lines no file has. Under the lock
// no rotation gets in between.
func (b *Book) sources() (list []source, rest []core.LogLine, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range uint64(len(b.ring)) {
		if e := b.ring[(b.last-uint64(len(b.ring))+i)%kept]; !e.inFile {
			rest = append(rest, e.LogLine)
		}
	}
	if b.file == nil {
		return nil, rest, nil
	}
	dir, base := filepath.Split(b.file.Filename)
	found, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, nil, err
	}
	var names []string
	for _, f := range found {
		// lumberjack's names: the stem, then the time of rotation, whose order is that of the text.
		if ok, _ := filepath.Match(strings.TrimSuffix(base, ".log")+"-????-??-??T??-??-??.???.log", f.Name()); ok {
			names = append(names, filepath.Join(dir, f.Name()))
		}
	}
	for _, name := range append(names, b.file.Filename) {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // nothing written yet, or removed as too old
		}
		var info fs.FileInfo
		if err == nil {
			info, err = f.Stat()
		}
		if err != nil {
			for _, s := range list {
				s.Close()
			}
			return nil, nil, err
		}
		list = append(list, source{f, info.Size()})
	}
	return list, rest, nil
}

// eachLine reads a file line by line. What is longer than any line of ours, as a damaged file
// may have, comes in pieces.
func eachLine(ctx context.Context, s source, put func(core.LogLine) error) error {
	r := bufio.NewReaderSize(io.LimitReader(s, s.size), 4*maxText)
	for n := 1; ; n++ {
		text, _, err := r.ReadLine()
		if err == io.EOF {
			return nil
		}
		if err == nil && n%1000 == 0 {
			err = ctx.Err()
		}
		if err == nil && len(text) > 0 {
			err = put(parse(string(text)))
		}
		if err != nil {
			return err
		}
	}
}

func exportError(path string, cause error) error {
	code, why := core.CodeUnavailable, "The log could not be exported"
	switch {
	case errors.Is(cause, context.Canceled):
		code, why = core.CodeCanceled, "The export was stopped"
	case errors.Is(cause, fs.ErrPermission):
		code = core.CodeDenied
	}
	return core.NewError(code, "logbook.export", fmt.Sprintf("%s; %s was not written or changed. Check the folder and the free space, or choose another file.", why, path), cause)
}
