package tabular

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"deskwatch/core"
)

const headBytes = 1 << 20

// Sheet is an open file and what was found out about it. Its methods may be called from
// several goroutines; a Reader belongs to one.
type Sheet struct {
	file     *os.File
	size     int64
	encoding string
	bom      int
	d        dialect
	header   []string
	raw      []string // header cells as they are in the file, nil without a header
	line     int      // of the header, 0 without one
	skip     int64    // bytes of text above the first data record
	first    int      // physical line of the first data record
	width    int
}

// Open looks at the beginning of a file and finds out how it is written; hints override
// what it finds. Files that are not a table of text are refused with CodeInvalid and a
// sentence that says what to do; CodeNotFound and CodeDenied tell of a file that cannot be opened.
func Open(path string, hints core.TableHints) (*Sheet, error) {
	told, _, err := parseDelimiter(hints.Delimiter)
	if err != nil {
		return nil, err
	}
	file, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	s := &Sheet{file: file, size: size}
	if err := s.sniff(hints, told); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func openRegular(path string) (*os.File, int64, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, 0, refuse(fmt.Sprintf("%q is a folder. Choose the file inside it.", name))
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil, 0, refuse(fmt.Sprintf("%q is not a file that can be read twice. Save it to a file and choose that.", name))
	}
	var file *os.File
	if err == nil {
		file, err = os.Open(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, core.NewError(core.CodeNotFound, "tabular.open", fmt.Sprintf("There is no file %q. Check its name and folder.", name), err)
	case errors.Is(err, fs.ErrPermission):
		return nil, 0, core.NewError(core.CodeDenied, "tabular.open", fmt.Sprintf("The file %q may not be read by you. Ask for access, or copy it to a folder of your own.", name), err)
	case err != nil:
		return nil, 0, core.NewError(core.CodeUnavailable, "tabular.open", fmt.Sprintf("The file %q could not be opened. Check that its disk is connected, then try again.", name), err)
	}
	return file, info.Size(), nil
}

func (s *Sheet) sniff(hints core.TableHints, told byte) error {
	head := make([]byte, min(s.size, headBytes))
	n, err := s.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return readError(1, err)
	}
	head = head[:n]
	if len(bytes.TrimSpace(head)) == 0 && int64(n) == s.size {
		return refuse("This file is empty. Export it again and choose the new one.")
	}
	if err := refuseBinary(head); err != nil {
		return err
	}
	truncated := int64(n) < s.size
	s.encoding, s.bom, err = findEncoding(head, truncated, hints.Encoding)
	if err != nil {
		return err
	}
	text, err := s.headText(head)
	if err != nil {
		return err
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return refuse("This file holds binary data, not a text table. Export the table as CSV and choose that file.")
	}
	return s.arrange(text, truncated, hints, told)
}

// headText is the beginning of the file as the scanner will see it.
func (s *Sheet) headText(head []byte) ([]byte, error) {
	head = head[s.bom:]
	if s.encoding != encUTF16LE && s.encoding != encUTF16BE {
		return head, nil
	}
	text, err := io.ReadAll(decodedReader(bytes.NewReader(head[:len(head)&^1]), s.encoding))
	if err != nil {
		return nil, readError(1, err)
	}
	return text, nil
}

// arrange finds the dialect, the header and the first data record.
func (s *Sheet) arrange(text []byte, truncated bool, hints core.TableHints, told byte) error {
	above := 0 // bytes of text that are certainly above the table
	line := 1
	if c, n := separatorLine(text); n > 0 {
		above, line = n, 2
		if told == 0 {
			told = c
		}
	}
	s.d = findDialect(text[above:], truncated, s.latin(), told)
	if hints.HeaderLine > 0 {
		at, ok := lineOffset(text, hints.HeaderLine, s.d.newline)
		if !ok {
			return refuse(fmt.Sprintf("There is no line %d within the beginning of this file. Give the line the column names are on.", hints.HeaderLine))
		}
		above, line = at, hints.HeaderLine
	}
	body, _ := sniffPart(text[above:], truncated, s.d.newline)
	records := readHead(body, s.d, s.latin(), sniffRecords)
	if len(records) == 0 {
		return refuse("No table was found in this file: it has no rows. Export it again and choose the new one.")
	}
	found := s.place(records, hints.HeaderLine)
	if s.d.delimiter == ' ' && told == 0 && !steady(records[found.first:], found.width) {
		return refuse("The columns of this file are separated by blanks, and there are blanks inside the cells as well, so the columns cannot be told apart. Export it with commas or semicolons.")
	}
	if max(len(found.header), found.width) >= maxCells {
		return refuse(fmt.Sprintf("This file has more than %d columns, so it is not a table of orders.", maxCells-1))
	}
	s.raw, s.width = found.header, found.width
	s.header = usableHeader(found.header, found.width)
	if found.line > 0 {
		s.line = found.line + line - 1
		s.width = len(s.header)
	}
	s.first, s.skip = line, int64(above)
	if found.first > 0 {
		last := records[found.first-1]
		s.first, s.skip = last.nextLine+line-1, int64(above+last.end)
	}
	return nil
}

// place applies what the user said about the header to what the records show.
func (s *Sheet) place(records []rawRecord, headerLine int) layout {
	switch {
	case headerLine > 0:
		width, _ := tableWidth(records)
		return layout{header: records[0].Cells, line: records[0].Line, first: 1, width: width}
	case headerLine < 0:
		width, used := tableWidth(records)
		first := findStart(records, width, used)
		return layout{first: first, width: width}
	}
	return findLayout(records)
}

// steady reports whether nearly all records have the usual number of cells.
func steady(records []rawRecord, width int) bool {
	same := 0
	for _, r := range records {
		if len(r.Cells) == width {
			same++
		}
	}
	return same*10 >= len(records)*9
}

// lineOffset is where a physical line begins in text.
func lineOffset(text []byte, line int, newline byte) (int, bool) {
	at := 0
	for n := 1; n < line; n++ {
		i := bytes.IndexByte(text[at:], newline)
		if i < 0 {
			return 0, false
		}
		at += i + 1
	}
	return at, at < len(text)
}

func (s *Sheet) latin() bool { return s.encoding == encLatin }

// Detected is the encoding, the delimiter and the line of the header.
func (s *Sheet) Detected() core.Detected {
	return core.Detected{Encoding: s.encoding, Delimiter: delimiterName(s.d.delimiter), HeaderLine: s.line}
}

// Header returns the names of the columns, each different from the others.
func (s *Sheet) Header() []string { return append([]string(nil), s.header...) }

// Size is the size of the file in bytes.
func (s *Sheet) Size() int64 { return s.size }

// Sample returns copies of the first n data records, fewer when the file has fewer.
func (s *Sheet) Sample(n int) ([]core.Record, error) {
	r, err := s.Rows(context.Background())
	if err != nil {
		return nil, err
	}
	var list []core.Record
	for len(list) < n {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		rec.Cells = append([]string(nil), rec.Cells...)
		list = append(list, rec)
	}
	return list, r.Close()
}

// Close closes the file. Readers must not be used afterwards.
func (s *Sheet) Close() error { return s.file.Close() }

func readError(line int, err error) error {
	return core.NewError(core.CodeUnavailable, "tabular.read",
		fmt.Sprintf("The file could not be read beyond line %d. Nothing was changed. Check that its disk is connected, then try again.", line), err)
}
