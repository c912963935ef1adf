package tabular

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"deskwatch/core"
)

// The bounds of one record. They keep memory constant whatever a file holds.
const (
	bufferSize  = 256 << 10
	maxRecord   = 8 << 20 // longer lines are not a table
	maxField    = 1 << 20 // a quote that has not closed after this many bytes …
	maxLines    = 10_000  // … or lines never does
	maxCells    = 16_384  // as many columns as the largest spreadsheet
	shortField  = 8 << 10 // the bound of a field once many quotes did not close
	wasteBudget = 16 << 20
)

// scanner splits decoded text into records. The buffer always holds one whole record, so
// that cells are slices of one string made per record.
type scanner struct {
	ctx   context.Context
	src   io.Reader
	d     dialect
	latin bool // the text is Windows-1252
	width int  // cells a record should have, 0 unknown

	buf  []byte
	r, w int
	eof  bool
	line int // physical line of the next record, 1-based
	read int64

	cells   []string
	ends    []int
	scratch []byte
	decoded []byte

	wasted   int // bytes looked through for quotes that never closed
	unclosed int // quotes that never closed
	oddities int // records whose quotes do not follow the dialect
}

func newScanner(ctx context.Context, src io.Reader, d dialect, latin bool) *scanner {
	return &scanner{ctx: ctx, src: src, d: d, latin: latin, buf: make([]byte, bufferSize), line: 1}
}

// scanBytes scans text that is already in memory; text is not changed.
func scanBytes(text []byte, d dialect, latin bool) *scanner {
	return &scanner{ctx: context.Background(), d: d, latin: latin, buf: text, w: len(text), eof: true, line: 1}
}

// fill makes room and reads until the buffer is full or the input ends.
func (s *scanner) fill() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.r > 0 {
		copy(s.buf, s.buf[s.r:s.w])
		s.w -= s.r
		s.r = 0
	}
	if s.w == len(s.buf) {
		if len(s.buf) >= maxRecord {
			return core.NewError(core.CodeInvalid, "tabular.read",
				fmt.Sprintf("Line %d is longer than 8 million characters, so this is not a table of orders. Nothing was changed. Check that the file is complete and in CSV form.", s.line), nil)
		}
		bigger := make([]byte, 2*len(s.buf))
		copy(bigger, s.buf[:s.w])
		s.buf = bigger
	}
	for idle := 0; s.w < len(s.buf); {
		n, err := s.src.Read(s.buf[s.w:])
		s.w += n
		s.read += int64(n)
		switch {
		case err == io.EOF:
			s.eof = true
			return nil
		case err != nil:
			return err
		case n > 0:
			idle = 0
		default:
			if idle++; idle > 100 {
				return io.ErrNoProgress
			}
		}
	}
	return nil
}

// skip drops n bytes of text.
func (s *scanner) skip(n int64) error {
	for n > 0 {
		if s.r == s.w {
			if s.eof {
				return nil
			}
			if err := s.fill(); err != nil {
				return err
			}
		}
		k := min(n, int64(s.w-s.r))
		s.r += int(k)
		n -= k
	}
	return nil
}

// offset is how many bytes of text were taken so far.
func (s *scanner) offset() int64 { return s.read - int64(s.w-s.r) }

// next returns the next record that is not blank, or io.EOF.
func (s *scanner) next() (core.Record, error) {
	for {
		data := s.buf[s.r:s.w]
		end := bytes.IndexByte(data, s.d.newline)
		taken := end + 1
		if end < 0 {
			if !s.eof {
				if err := s.fill(); err != nil {
					return core.Record{}, err
				}
				continue
			}
			if len(data) == 0 {
				return core.Record{}, io.EOF
			}
			end, taken = len(data), len(data)
		}
		line := trimReturn(data[:end])
		at := s.line
		if s.blank(line) {
			s.r += taken
			s.line++
			continue
		}
		if bytes.IndexByte(line, s.d.quote) < 0 {
			s.r += taken
			s.line++
			return core.Record{Line: at, Cells: s.split(line)}, nil
		}
		taken, lines, ok := s.quoted(data)
		if !ok {
			if err := s.fill(); err != nil {
				return core.Record{}, err
			}
			continue
		}
		s.r += taken
		s.line += lines
		return core.Record{Line: at, Cells: s.cut()}, nil
	}
}

// trimReturn drops the CR of CRLF, and the two of CRCRLF, which copying a file in text mode makes.
func trimReturn(line []byte) []byte {
	for i := 0; i < 2 && len(line) > 0 && line[len(line)-1] == '\r'; i++ {
		line = line[:len(line)-1]
	}
	return line
}

// blank reports whether a line holds nothing but blanks and delimiters: spreadsheets
// export the empty rows below a table like that.
func (s *scanner) blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != s.d.delimiter {
			return false
		}
	}
	return true
}

// split cuts a line without quotes into cells.
func (s *scanner) split(line []byte) []string {
	var text string
	if s.latin || !utf8.Valid(line) {
		s.decoded = appendLatinOrKeep(s.decoded[:0], line, s.latin)
		text = string(s.decoded)
	} else {
		text = string(line)
	}
	cells := s.cells[:0]
	for len(cells) < maxCells-1 {
		i := strings.IndexByte(text, s.d.delimiter)
		if i < 0 {
			break
		}
		cells = append(cells, text[:i])
		text = text[i+1:]
		if s.d.padded && len(text) > 0 && text[0] == ' ' {
			text = text[1:]
		}
	}
	s.cells = append(cells, text)
	return s.cells
}

// cut makes the cells of the record that quoted left in scratch and ends.
func (s *scanner) cut() []string {
	cells := s.cells[:0]
	if s.latin || !utf8.Valid(s.scratch) {
		start := 0
		for _, end := range s.ends {
			s.decoded = appendLatinOrKeep(s.decoded[:0], s.scratch[start:end], s.latin)
			cells = append(cells, string(s.decoded))
			start = end
		}
		s.cells = cells
		return cells
	}
	text := string(s.scratch)
	start := 0
	for _, end := range s.ends {
		cells = append(cells, text[start:end])
		start = end
	}
	s.cells = cells
	return cells
}

// appendLatinOrKeep decodes Windows-1252. In a file that is UTF-8 as a whole (latin is false)
// valid characters are kept, and only the bytes that are not UTF-8 are read as Windows-1252:
// files joined from two exports look like that.
func appendLatinOrKeep(dst, src []byte, latin bool) []byte {
	if latin {
		return appendLatin(dst, src)
	}
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n == 1 {
			dst = appendLatin(dst, src[:1])
		} else {
			dst = append(dst, src[:n]...)
		}
		src = src[n:]
	}
	return dst
}
