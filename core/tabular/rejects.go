package tabular

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"deskwatch/core"
)

// rejectColumns stand behind the original columns of a rejects file. Recognise passes them over.
var rejectColumns = [...]string{"reject_line", "reject_column", "reject_reason"}

func isRejectColumn(name string) bool { return slices.Contains(rejectColumns[:], name) }

// Rejects writes the rows that could not be imported to a file of the same columns, with the
// line, column and reason behind them. Once mended it imports like any other file.
//
// The cells are written exactly as they were, also those a spreadsheet would take for a
// formula (=, +, -, @ in front): an added apostrophe would change customer ids and amounts when the
// file comes back. What Deskwatch adds itself never begins like a formula but for a column's own name.
//
// The file appears under its name only on Close; until then it has a temporary one beside it.
type Rejects struct {
	path    string
	keep    []int // columns of the original that are not reject columns
	header  []string
	columns int // of the original, reject columns included
	comma   rune

	file    *os.File
	out     *csv.Writer
	row     []string
	written int64
}

// NewRejects prepares a rejects file; nothing is created before the first Add. delimiter is
// as core.Detected names it, and a comma when it is not usable.
func NewRejects(path string, header []string, delimiter string) *Rejects {
	r := &Rejects{path: path, columns: len(header), comma: ','}
	if c, ok, err := parseDelimiter(delimiter); err == nil && ok && c != ' ' {
		r.comma = rune(c)
	}
	for i, name := range header {
		if !isRejectColumn(name) {
			r.keep = append(r.keep, i)
			r.header = append(r.header, name)
		}
	}
	return r
}

// Add writes one row. Cells beyond the header are kept behind the reason.
func (r *Rejects) Add(rec core.Record, column, reason string) error {
	if r.file == nil {
		if err := r.create(); err != nil {
			return r.failed(err)
		}
	}
	r.row = r.row[:0]
	for _, i := range r.keep {
		cell := ""
		if i < len(rec.Cells) {
			cell = rec.Cells[i]
		}
		r.row = append(r.row, cell)
	}
	r.row = append(r.row, strconv.Itoa(rec.Line), column, reason)
	if r.columns < len(rec.Cells) {
		r.row = append(r.row, rec.Cells[r.columns:]...)
	}
	if err := r.out.Write(r.row); err != nil {
		return r.failed(err)
	}
	r.written++
	return nil
}

func (r *Rejects) create() error {
	file, err := os.CreateTemp(filepath.Dir(r.path), ".rejects-*.tmp")
	if err != nil {
		return err
	}
	r.file, r.out = file, csv.NewWriter(file)
	r.out.Comma = r.comma
	return r.out.Write(append(slices.Clone(r.header), rejectColumns[:]...))
}

// Close finishes the file under its name and returns how many rows it has. Without any row
// there is no file.
func (r *Rejects) Close() (written int64, err error) {
	if r.file == nil {
		return r.written, nil
	}
	file := r.file
	r.file = nil
	r.out.Flush()
	err = errors.Join(r.out.Error(), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), r.path)
	}
	if err != nil {
		return r.written, errors.Join(r.failed(err), os.Remove(file.Name()))
	}
	return r.written, nil
}

// Abort removes what was written so far. After Close it does nothing.
func (r *Rejects) Abort() error {
	if r.file == nil {
		return nil
	}
	file := r.file
	r.file = nil
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return r.failed(err)
	}
	return nil
}

func (r *Rejects) failed(err error) error {
	return core.NewError(core.CodeUnavailable, "tabular.rejects",
		fmt.Sprintf("The rejects file %q could not be written. Nothing was changed. Check that its folder exists and that there is room on the disk.", filepath.Base(r.path)), err)
}
