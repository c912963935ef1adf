package predict

import (
	"fmt"
	"slices"
	"strings"

	"deskwatch/core"
)

// Table is a file of tickets for Evaluate: one row for each ticket, or, where numbers come again, an
// event log with a row for each state of a ticket.
type Table struct {
	Name    string // of the file, for people
	Columns []string
	Rows    [][]string      // as long as Columns or shorter
	Times   []core.TimeRead // by column; nil where its cells are no times
	// Called are the columns that people call the creation and the last update, which hold times, and
	// the number: the column by field, where there is one.
	Called map[string]string
	// Closed says whether a status means that a ticket is done; nil: none does.
	Closed func(status string) bool
}

// column is the index of a column, -1 without one of that name. Blanks around a name do not matter,
// nor does case where there is no other column of the same letters.
func (t *Table) column(name string) int {
	name = strings.TrimSpace(name)
	same := func(c string) bool { return strings.TrimSpace(c) == name }
	if at := slices.IndexFunc(t.Columns, same); at >= 0 {
		return at
	}
	return slices.IndexFunc(t.Columns, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), name) })
}

// need is column for one that was asked for.
func (t *Table) need(name string) (int, error) {
	at := t.column(name)
	if at < 0 {
		return at, core.NewError(core.CodeInvalid, "predict.evaluate", fmt.Sprintf("%s has no column %q. Its columns are: %s.", t.Name, name, strings.Join(t.Columns, ", ")), nil)
	}
	return at, nil
}

// cell is what a row says in a column, "" where it says nothing.
func cell(row []string, at int) string {
	if at < 0 || at >= len(row) {
		return ""
	}
	s := strings.TrimSpace(row[at])
	if len(s) <= 4 {
		switch strings.ToLower(s) {
		case "?", "-", "--", "na", "n/a", "#n/a", "nan", "nat", "none", "null", "nil":
			return ""
		}
	}
	return s
}

// time is the moment a row says in a column, 0 where it says none that can be read.
func (t *Table) time(row []string, at int) int64 {
	s := cell(row, at)
	if s == "" || t.Times[at] == nil {
		return 0
	}
	m, err := t.Times[at](s)
	if err != nil {
		return 0
	}
	return m.Unix()
}

// repeats reports whether the values of a column come again.
func (t *Table) repeats(at int) bool {
	if at < 0 {
		return false
	}
	seen := make(map[string]struct{}, len(t.Rows))
	for _, row := range t.Rows {
		s := cell(row, at)
		if s == "" {
			continue
		}
		if _, again := seen[s]; again {
			return true
		}
		seen[s] = struct{}{}
	}
	return false
}
