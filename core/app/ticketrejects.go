package app

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tabular"
)

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

// mostReasons lists reasons, the most frequent first.
func mostReasons(counts map[string]int64) []core.ReasonCount {
	var list []core.ReasonCount
	for reason, n := range counts {
		list = append(list, core.ReasonCount{Reason: reason, Count: n})
	}
	slices.SortFunc(list, func(a, b core.ReasonCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}
