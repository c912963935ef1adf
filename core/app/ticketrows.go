package app

import (
	"errors"
	"fmt"
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

// notedTickets passes a stream on and counts the spellings no table knows.
type notedTickets struct {
	source.Stream
	words                *tickets.Dictionary
	statuses, priorities map[string]int64
}

// maxNoted is how many different spellings are told apart.
const maxNoted = 200

func noteTickets(s source.Stream, words *tickets.Dictionary) *notedTickets {
	return &notedTickets{s, words, map[string]int64{}, map[string]int64{}}
}

func (n *notedTickets) Next() (core.Ticket, error) {
	t, err := n.Stream.Next()
	if err != nil {
		return t, err
	}
	if t.Status == core.TicketOther {
		if _, known := n.words.Status(t.RawStatus); !known {
			note(n.statuses, t.RawStatus)
		}
	}
	if t.Priority == core.PriorityNone {
		if _, known := n.words.Priority(t.RawPriority); !known {
			note(n.priorities, t.RawPriority)
		}
	}
	return t, nil
}

func note(counts map[string]int64, raw string) {
	if _, seen := counts[raw]; seen || len(counts) < maxNoted {
		counts[strings.Clone(raw)]++
	}
}

// rejectedTickets writes the records that cannot be tickets to a file and counts them.
type rejectedTickets struct {
	file    rejectsFile // nil: they are only counted
	reasons map[string]int64
	first   []core.Reject
	count   int64
}

// rejectsFile is a tabular.Rejects, or a file of JSON records.
type rejectsFile interface {
	Add(*source.Rejected) error
	Close() (written int64, err error)
	Abort() error
}

// maxReasons is how many different reasons are counted apart.
const maxReasons = 50

func (r *rejectedTickets) add(rejected *source.Rejected) error {
	r.count++
	reason := withoutQuotes(rejected.Reason)
	if _, seen := r.reasons[reason]; !seen && len(r.reasons) >= maxReasons {
		reason = "other reasons"
	}
	r.reasons[reason]++
	if len(r.first) < 100 {
		r.first = append(r.first, core.Reject{Line: rejected.Line, Column: rejected.Column, Reason: rejected.Reason})
	}
	if r.file == nil {
		return nil
	}
	return r.file.Add(rejected)
}

// withoutQuotes leaves out what a reason quotes from its record, so that reasons can be counted.
func withoutQuotes(reason string) string {
	before, rest, quoted := strings.Cut(reason, `"`)
	if !quoted {
		return reason
	}
	end := strings.LastIndex(rest, `"`)
	if end < 0 {
		return reason
	}
	return before + "…" + rest[end+1:]
}

// tableRejects keeps rejected rows in a table of the same columns.
type tableRejects struct{ *tabular.Rejects }

func (t tableRejects) Add(r *source.Rejected) error {
	return t.Rejects.Add(core.Record{Line: r.Line, Cells: r.Cells}, r.Column, r.Reason)
}

// full says why a snapshot cannot be taken as all there is.
func (r *rejectedTickets) full() error {
	if r.count == 0 {
		return nil
	}
	where := ""
	if len(r.first) > 0 {
		where = fmt.Sprintf(" The first is record %d: %s", r.first[0].Line, strings.TrimSuffix(r.first[0].Reason, ".")+".")
	}
	return core.NewError(core.CodeInvalid, "app.tickets", fmt.Sprintf(
		"%d records of the file cannot be read, so nobody knows which tickets are missing from it. Nothing was imported.%s Mend the file, or import it without saying that it holds all tickets.", r.count, where),
		errors.New("full snapshot with rejects"))
}
