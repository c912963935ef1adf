package tabular

import (
	"context"
	"errors"
	"fmt"
	"io"

	"deskwatch/core"
)

// Reader reads the data records of a sheet in order. It holds one buffer of 256 KiB,
// more only while a longer record passes.
type Reader struct {
	scan   *scanner
	raw    *countedReader
	header []string // a line that repeats it is not data
	wide   bool     // the text is UTF-16: bytes of text are not bytes of the file
	bom    int64
}

// Rows returns a Reader at the first data record. Next fails with ctx's error soon after ctx ends.
func (s *Sheet) Rows(ctx context.Context) (*Reader, error) {
	raw := &countedReader{src: io.NewSectionReader(s.file, int64(s.bom), s.size-int64(s.bom)), left: s.size - int64(s.bom)}
	scan := newScanner(ctx, decodedReader(raw, s.encoding), s.d, s.latin())
	scan.width = s.width
	if err := scan.skip(s.skip); err != nil {
		return nil, plain(1, err)
	}
	scan.line = s.first
	wide := s.encoding == encUTF16LE || s.encoding == encUTF16BE
	return &Reader{scan: scan, raw: raw, header: s.raw, wide: wide, bom: int64(s.bom)}, nil
}

// Next returns the next record, and io.EOF after the last one. Its Cells are overwritten by the
// following call; the strings may be kept. Blank lines and repetitions of the header are
// passed over. A record may have fewer or more cells than the header.
func (r *Reader) Next() (core.Record, error) {
	for {
		rec, err := r.scan.next()
		if err != nil {
			return rec, plain(r.scan.line, err)
		}
		if len(r.header) > 0 && rec.Cells[0] == r.header[0] && sameCells(rec.Cells, r.header) {
			continue
		}
		return rec, nil
	}
}

// BytesRead is how much of the file was consumed, in bytes.
func (r *Reader) BytesRead() int64 {
	if r.wide {
		return r.bom + r.raw.n
	}
	return r.bom + r.scan.offset()
}

// Close ends the reading. The file stays open until the sheet is closed.
func (r *Reader) Close() error {
	r.scan.eof, r.scan.r, r.scan.w = true, 0, 0
	return nil
}

// plain makes an error of reading one for people; io.EOF and the end of a context stay as they are.
func plain(line int, err error) error {
	var known *core.Error
	switch {
	case err == io.EOF, errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return readError(line, err)
}

// countedReader counts the bytes of the file, and notices when it has become shorter.
type countedReader struct {
	src     io.Reader
	n, left int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n += int64(n)
	c.left -= int64(n)
	if err == io.EOF && c.left > 0 {
		return n, core.NewError(core.CodeConflict, "tabular.read",
			fmt.Sprintf("The file became %d bytes shorter while it was being read. Nothing was changed. Wait until it is complete, then try again.", c.left), nil)
	}
	return n, err
}
