package app

import (
	"strings"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tabular"
	"deskwatch/core/tickets"
)

// ticketRows reads the rows of a table as tickets.
type ticketRows struct {
	rows    *tabular.Reader
	words   *tickets.Dictionary
	source  string
	header  []string
	columns map[core.Field]int
	format  string

	progress *core.Progress
	size     int64
	record   core.Record // at hand
	values   tickets.Values
}

func newTicketRows(f *ticketFile, rows *tabular.Reader, p *core.Progress) *ticketRows {
	r := &ticketRows{
		rows: rows, words: f.words, source: f.req.Source, header: f.sheet.Header(), columns: map[core.Field]int{},
		format: f.format(), progress: p, size: f.sheet.Size(),
	}
	for _, c := range f.columns {
		r.columns[c.Field] = c.Index
	}
	r.values = func(field core.Field) string {
		if at, ok := r.columns[field]; ok && at < len(r.record.Cells) {
			return r.record.Cells[at]
		}
		return ""
	}
	return r
}

// format is how the table is written, for people.
func (f *ticketFile) format() string {
	delimiter := f.sheet.Detected().Delimiter
	if name, ok := map[string]string{",": "comma", ";": "semicolon", "|": "vertical bar"}[delimiter]; ok {
		delimiter = name
	}
	return "CSV, " + delimiter
}

func (r *ticketRows) Format() string { return r.format }
func (r *ticketRows) Close() error   { return r.rows.Close() }

func (r *ticketRows) Next() (core.Ticket, error) {
	for {
		var err error
		if r.record, err = r.rows.Next(); err != nil {
			return core.Ticket{}, err
		}
		r.progress.SetBytes(r.rows.BytesRead(), r.size)
		if r.blank() {
			continue
		}
		for i := len(r.header); i < len(r.record.Cells); i++ {
			if strings.TrimSpace(r.record.Cells[i]) != "" {
				return core.Ticket{}, r.reject("", "The row has more cells than there are columns.")
			}
		}
		t, fault := r.words.Ticket(r.source, r.values)
		if fault != nil {
			return core.Ticket{}, r.reject(fault.Field, fault.Reason)
		}
		return t, nil
	}
}

func (r *ticketRows) reject(field core.Field, reason string) error {
	rejected := &source.Rejected{Line: r.record.Line, Reason: reason, Cells: r.record.Cells}
	if at, ok := r.columns[field]; ok {
		rejected.Column = r.header[at]
	}
	return rejected
}

func (r *ticketRows) blank() bool {
	for _, c := range r.record.Cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
