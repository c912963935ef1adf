package source

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os"

	"deskwatch/core"
)

// spoolPattern names the temporary files.
const spoolPattern = "deskwatch-tickets-*.tmp"

// Spool reads a stream to its end into a temporary file and returns a stream of the same, so
// that taking it into the pool waits for no network. Nothing is left of it when s ends with an
// error. Close removes the file; s stays the caller's to close. read, which may be nil, is told
// how many records came so far.
func Spool(ctx context.Context, s Stream, read func(records int64)) (Stream, error) {
	file, err := os.CreateTemp("", spoolPattern)
	if err != nil {
		return nil, spoolFault(err)
	}
	spooled := &spool{file: file, format: s.Format()}
	if err := spooled.fill(ctx, s, read); err != nil {
		return nil, errors.Join(err, spooled.Close())
	}
	return spooled, nil
}

// spooledRecord is what a stream gives: a ticket or a record that is none.
type spooledRecord struct {
	Ticket   *core.Ticket
	Rejected *Rejected
}

type spool struct {
	file   *os.File
	dec    *gob.Decoder
	format string
}

func (s *spool) fill(ctx context.Context, from Stream, read func(int64)) error {
	out := bufio.NewWriterSize(s.file, 256<<10)
	enc := gob.NewEncoder(out)
	for n := int64(1); ; n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := from.Next()
		rec := spooledRecord{Ticket: &t}
		var r *Rejected
		switch {
		case err == io.EOF:
			if err := out.Flush(); err != nil {
				return spoolFault(err)
			}
			if _, err := s.file.Seek(0, io.SeekStart); err != nil {
				return spoolFault(err)
			}
			s.dec = gob.NewDecoder(bufio.NewReaderSize(s.file, 256<<10))
			return nil
		case errors.As(err, &r):
			rec = spooledRecord{Rejected: r}
		case err != nil:
			return err
		}
		if err := enc.Encode(rec); err != nil {
			return spoolFault(err)
		}
		if read != nil {
			read(n)
		}
	}
}

func (s *spool) Next() (core.Ticket, error) {
	var rec spooledRecord
	err := s.dec.Decode(&rec)
	switch {
	case errors.Is(err, io.EOF):
		return core.Ticket{}, io.EOF
	case err != nil:
		return core.Ticket{}, spoolFault(err)
	case rec.Rejected != nil:
		return core.Ticket{}, rec.Rejected
	}
	return *rec.Ticket, nil
}

func (s *spool) Format() string { return s.format }

func (s *spool) Close() error {
	if err := errors.Join(s.file.Close(), os.Remove(s.file.Name())); err != nil {
		return spoolFault(err)
	}
	return nil
}

func spoolFault(err error) error {
	return core.NewError(core.CodeUnavailable, "source.spool", "The tickets could not be set aside in a temporary file. Nothing was kept. Check that there is room on the disk.", err)
}
