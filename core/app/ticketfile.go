package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tabular"
	"deskwatch/core/tickets"
)

// ticketFile is an opened ticket file, JSON or CSV, with everything known about how to read it.
type ticketFile struct {
	req      core.TicketImportRequest // with what its source is mapped to filled in
	size     int64                    // of the file, packed or not
	path     string                   // of what is read
	unpacked string                   // "" when nothing was
	file     *os.File                 // of JSON
	length   int64                    // of it
	words    *tickets.Dictionary

	sheet      *tabular.Sheet // of CSV; nil for JSON
	sample     []core.Record
	columns    []core.ColumnChoice
	dateFormat string            // "" when undecided
	dates      []core.DateChoice // what a person has to choose from, when undecided
}

// Close closes the file and removes what was unpacked of it.
func (f *ticketFile) Close() error {
	var errs []error
	if f.file != nil {
		errs = append(errs, f.file.Close())
	}
	if f.sheet != nil {
		errs = append(errs, f.sheet.Close())
	}
	if f.unpacked != "" {
		errs = append(errs, os.Remove(f.unpacked))
	}
	return errors.Join(errs...)
}

// openTicketFile opens a file of tickets, unpacks it when it is packed, and finds out how to read
// it: what the request says comes first, then what its source is mapped to, then what names and
// contents tell.
func (a *App) openTicketFile(ctx context.Context, req core.TicketImportRequest, p *core.Progress) (*ticketFile, error) {
	f := &ticketFile{req: req, path: req.Path}
	inherited, err := a.inheritMapping(ctx, &f.req)
	if err != nil {
		return nil, err
	}
	if f.words, err = ticketDictionary(f.req.Mapping, f.req.Mapping.DateFormat); err != nil {
		return nil, err
	}
	isJSON, err := a.lookAt(ctx, f, p)
	if err == nil && isJSON {
		err = f.openJSON()
	} else if err == nil {
		err = f.openTable(ctx, inherited)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// lookAt opens the file, unpacks it where needed, and tells JSON from tables by how it begins.
func (a *App) lookAt(ctx context.Context, f *ticketFile, p *core.Progress) (isJSON bool, err error) {
	file, head, err := openHead(f.req.Path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, unreadable(f.req.Path, err)
	}
	f.size = info.Size()
	if !bytes.HasPrefix(head, []byte{0x1F, 0x8B}) { // RFC 1952, 2.3.1
		return beginsJSON(head), nil
	}
	if f.unpacked, err = a.unpack(ctx, file, f.size, p); err != nil {
		return false, err
	}
	f.path = f.unpacked
	inside, head, err := openHead(f.path)
	if err != nil {
		return false, err
	}
	return beginsJSON(head), inside.Close()
}

func (f *ticketFile) openJSON() error {
	file, err := os.Open(f.path)
	if err != nil {
		return unreadable(f.path, err)
	}
	f.file = file
	info, err := file.Stat()
	if err != nil {
		return unreadable(f.path, err)
	}
	f.length = info.Size()
	return nil
}

// openTable opens CSV and finds the columns. A field the source's mapping names need not be in
// every file; one the request names has to.
func (f *ticketFile) openTable(ctx context.Context, inherited []core.Field) (err error) {
	if f.sheet, err = tabular.Open(f.path, f.req.Hints); err != nil {
		return err
	}
	header := f.sheet.Header()
	for _, field := range inherited {
		name := f.req.Mapping.Fields[field]
		if name != tabular.NoColumn && !slices.ContainsFunc(header, func(h string) bool { return strings.EqualFold(h, name) }) {
			delete(f.req.Mapping.Fields, field)
		}
	}
	if f.sample, err = f.sheet.Sample(sampleRows); err != nil {
		return err
	}
	f.columns, _, err = tabular.Recognise(header, f.sample, f.words.Specs(), f.req.Mapping.Fields)
	return err
}

// column is the index of a field's column, -1 without one.
func (f *ticketFile) column(field core.Field) int {
	for _, c := range f.columns {
		if c.Field == field {
			return c.Index
		}
	}
	return -1
}

// readDates decides how the time columns are read, all in the same way. When the beginning of the
// file leaves day-first and month-first open, the whole of them is looked at.
func (f *ticketFile) readDates(ctx context.Context) error {
	if f.sheet == nil {
		return nil
	}
	if f.dateFormat = f.req.Mapping.DateFormat; f.dateFormat != "" {
		return nil // the dictionary has it already
	}
	var columns []int
	for _, field := range []core.Field{core.FieldCreated, core.FieldUpdated, core.FieldFirstReply, core.FieldClosed} {
		if at := f.column(field); at >= 0 {
			columns = append(columns, at)
		}
	}
	var d tabular.TimeDetector
	add := func(cell string) { d.Add(tickets.Given(cell)) }
	for _, rec := range f.sample {
		for _, at := range columns {
			if at < len(rec.Cells) {
				add(rec.Cells[at])
			}
		}
	}
	if !d.Decided() && len(f.sample) >= sampleRows && len(columns) > 0 {
		if err := eachCell(ctx, f.sheet, columns, d.Decided, add); err != nil {
			return err
		}
	}
	var err error
	if f.dateFormat, f.dates, err = d.Result(); err != nil || f.dateFormat == "" {
		return err
	}
	f.words, err = ticketDictionary(f.req.Mapping, f.dateFormat)
	return err
}

// missing lists what still needs a column.
func (f *ticketFile) missing() []core.Field {
	if f.sheet == nil || tickets.Enough(func(field core.Field) bool { return f.column(field) >= 0 }) {
		return nil
	}
	return []core.Field{core.FieldID}
}

// ready fails with a sentence that says what a person has to decide before this file can be
// imported.
func (f *ticketFile) ready() error {
	switch {
	case len(f.missing()) > 0:
		return core.NewError(core.CodeInvalid, "app.tickets", fmt.Sprintf(
			"No column of the file looks like the id or the number of a ticket. Nothing was imported. Choose its column (on the command line: --map id=COLUMN or --map number=COLUMN). The columns are: %s.",
			strings.Join(f.sheet.Header(), ", ")), nil)
	case f.sheet != nil && f.dateFormat == "":
		return ambiguousDates(f.dates)
	}
	return nil
}

// detected is what is told about how a table is read; zero for JSON.
func (f *ticketFile) detected() core.Detected {
	if f.sheet == nil {
		return core.Detected{Map: map[core.Field]string{}} // a list of its own in JSON, not null
	}
	return detectedBy(f.sheet, f.dateFormat, f.columns)
}

// stream reads the file from its beginning.
func (f *ticketFile) stream(ctx context.Context, p *core.Progress) (source.Stream, error) {
	if f.sheet != nil {
		rows, err := f.sheet.Rows(ctx)
		if err != nil {
			return nil, err
		}
		return newTicketRows(f, rows, p), nil
	}
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return nil, unreadable(f.path, err)
	}
	return source.OpenJSON(bufio.NewReader(f.file), f.req.Source, f.words, func(n int64) { p.SetBytes(n, f.length) })
}
