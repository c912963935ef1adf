package predict

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"deskwatch/core"
)

const (
	planColumns = 200   // further columns are looked at, at most
	planChanges = 0.005 // of the tickets of an event log whose column changes: it was written as it came
)

// wordsOf are the fields of a map that are facts in words, in the order of Facts.
var wordsOf = [...]string{"customer", "owner", "team", "product", "category", "channel", "priority", "status"}

// timeFields are the fields of a map that are times.
var timeFields = [...]string{"created", "replied", "updated", "closed"}

// plan is how the columns of two files become lives, made from the one to learn from.
type plan struct {
	fields  map[string]string // column by field
	label   label
	replied bool  // what is known after the first reply may be looked at
	log     bool  // a row for each state of a ticket, not for each ticket
	stood   int64 // seconds after their arrival that tickets of a row each stand as it says; 0 nothing tells
	schema  Schema
	kinds   []columnKind // by number of the schema: kindNumber or kindTime
	texts   []string     // columns of sentences beside subject and description
	notes   []string     // for people: what is not looked at, and how rows are taken
}

// newPlan decides what is made of each column of the file to learn from.
func newPlan(req *core.EvaluationRequest, train *Table, log bool) (*plan, error) {
	p := &plan{fields: map[string]string{}, log: log, replied: req.At == core.MomentReply}
	taken := map[int]bool{}
	for _, field := range slices.Sorted(maps.Keys(req.Map)) {
		if !slices.Contains(core.EvaluationFields(), field) {
			return nil, invalidRequest("There is no field %q. The fields are: %s.", field, strings.Join(core.EvaluationFields(), " "))
		}
		at, err := train.need(req.Map[field])
		if err != nil {
			return nil, err
		}
		p.fields[field] = train.Columns[at]
		taken[at] = true
	}
	var err error
	if p.label, err = readLabel(req.Label, train); err != nil {
		return nil, err
	}
	labelAt := train.column(p.label.column)
	for _, field := range slices.Sorted(maps.Keys(p.fields)) {
		if column := p.fields[field]; column == p.label.column {
			delete(p.fields, field)
			p.note("The column %q is not the ticket's %s: the label is told by it.", column, field)
		}
	}
	p.mappedAfterwards(train)
	taken[labelAt] = true
	for _, name := range req.Exclude {
		at := train.column(name)
		if at < 0 {
			p.note("%s has no column %q to leave out.", train.Name, name)
			continue
		}
		if !taken[at] || labelAt == at {
			taken[at] = true
			continue
		}
		for field, column := range p.fields {
			if train.column(column) == at {
				delete(p.fields, field)
			}
		}
	}
	for _, field := range timeFields {
		if column, ok := p.fields[field]; ok {
			if err := train.needs(column, field); err != nil {
				return nil, err
			}
		}
	}
	p.called(train, taken)
	if err := p.stand(train, req); err != nil {
		return nil, err
	}
	if column, ok := p.fields["updated"]; ok && p.stood > 0 {
		taken[train.column(column)] = false // how long before that it was updated is a fact like others
	}
	p.further(train, taken)
	return p, nil
}

// called takes the column people call the creation, and in a log that of the update, for what nobody
// mapped: without them nobody knows what came before what.
func (p *plan) called(t *Table, taken map[int]bool) {
	for _, field := range []string{"created", "updated"} {
		column, ok := t.Called[field]
		at := t.column(column)
		if _, mapped := p.fields[field]; mapped || !ok || taken[at] || field == "updated" && !p.log {
			continue
		}
		p.fields[field], taken[at] = column, true
		p.note("The column %q is taken as %s, to which nothing is mapped.", column, field)
	}
	if column, ok := t.Called["number"]; ok && p.fields["number"] == "" && t.repeats(t.column(column)) {
		p.note("Values of the column %q come again, and each row is taken as a ticket. Where rows are states of one, map number.", column)
	}
}

// column is the column of a file that is taken as a field, -1 where none is.
func (p *plan) column(t *Table, field string) int {
	if name, ok := p.fields[field]; ok {
		return t.column(name)
	}
	return -1
}

// mappedAfterwards refuses fields whose column is filled in afterwards, as if it were not mapped.
func (p *plan) mappedAfterwards(t *Table) {
	number := p.column(t, "number")
	for _, field := range append(wordsOf[:], "subject", "description") {
		column, ok := p.fields[field]
		if !ok {
			continue
		}
		if why := p.refuses(t, t.column(column), number); why != "" {
			delete(p.fields, field)
			p.note("The column %q is not looked at, though it is mapped to %s: %s.", column, field, why)
		}
	}
}

// further decides about the columns that are neither mapped nor the label nor excluded.
func (p *plan) further(t *Table, taken map[int]bool) {
	number := p.column(t, "number")
	key := func(row int) string {
		if s := cell(t.Rows[row], number); s != "" {
			return s
		}
		return "row " + strconv.Itoa(row)
	}
	for at, name := range t.Columns {
		if taken[at] || strings.TrimSpace(name) == "" {
			continue
		}
		if len(p.schema.Words)+len(p.schema.Numbers) >= planColumns {
			p.note("Only the first %d further columns are looked at.", planColumns)
			return
		}
		if why := p.refuses(t, at, number); why != "" {
			p.note("The column %q is not looked at: %s.", name, why)
			continue
		}
		switch kind := t.kindOf(at, key); kind {
		case kindWords:
			p.schema.Words = append(p.schema.Words, name)
		case kindNumber, kindTime:
			p.schema.Numbers = append(p.schema.Numbers, name)
			p.kinds = append(p.kinds, kind)
		case kindText:
			p.texts = append(p.texts, name)
		}
	}
}

// refuses says why a column must not be looked at, "" where it may. One that is written as a log goes
// on is not filled in afterwards, rows that all stand at one moment count until then, and after the
// first reply it is known what it was like.
func (p *plan) refuses(t *Table, at, number int) string {
	why := RefusedColumn(t.Columns[at])
	switch {
	case why == whyCounts && p.stood > 0, why == whyReply && (p.replied || p.stood > 0), why != "" && p.log && t.changes(at, number):
		return ""
	}
	return why
}

// changes reports whether a column says different things of one ticket as time goes by. One that is
// filled in afterwards never does.
func (t *Table) changes(at, number int) bool {
	first, changed := map[string]string{}, map[string]bool{}
	for _, row := range t.Rows {
		key, s := cell(row, number), cell(row, at)
		if key == "" {
			continue
		}
		if was, seen := first[key]; !seen {
			first[key] = s
		} else if was != s {
			changed[key] = true
		}
	}
	return float64(len(changed)) >= planChanges*float64(len(first))
}

// needs is why a column cannot be a field, nil where it can.
func (t *Table) needs(column, field string) error {
	at, err := t.need(column)
	if err == nil && t.Times[at] == nil && slices.Contains(timeFields[:], field) {
		err = invalidRequest("The column %q of %s holds no times that Deskwatch can read. Choose another column for %s.", column, t.Name, field)
	}
	return err
}

func (p *plan) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

func invalidRequest(format string, args ...any) error {
	return core.NewError(core.CodeInvalid, "predict.evaluate", fmt.Sprintf(format, args...), nil)
}

// bound is a plan with the places of its columns in one file.
type bound struct {
	*plan
	t       *Table
	fields  map[string]int // -1 not mapped
	facts   []int          // of words: those of wordsOf, then the schema's
	numbers []int
	texts   []int
	label   int
}

// bind finds the columns of a plan in a file. That of the label must be there, and those without
// which nobody knows what came before what; another one that is missing is unknown of every ticket.
func (p *plan) bind(t *Table) (*bound, []string, error) {
	b := &bound{plan: p, t: t, fields: map[string]int{}}
	var missing []string
	find := func(name string) int {
		at := t.column(name)
		if at < 0 {
			missing = append(missing, fmt.Sprintf("%s has no column %q; it is unknown of every ticket there.", t.Name, name))
		}
		return at
	}
	for _, field := range core.EvaluationFields() {
		b.fields[field] = -1
		column, ok := p.fields[field]
		if !ok {
			continue
		}
		if field == "created" || p.log && (field == "number" || field == "updated") {
			if err := t.needs(column, field); err != nil {
				return nil, nil, err
			}
		}
		b.fields[field] = find(column)
	}
	var err error
	if b.label, err = t.need(p.label.column); err != nil {
		return nil, nil, err
	}
	for _, field := range wordsOf {
		b.facts = append(b.facts, b.fields[field])
	}
	for _, name := range p.schema.Words {
		b.facts = append(b.facts, find(name))
	}
	for _, name := range p.schema.Numbers {
		b.numbers = append(b.numbers, find(name))
	}
	for _, name := range p.texts {
		b.texts = append(b.texts, find(name))
	}
	return b, missing, nil
}

// number is what a row says in the schema's number i. A time counts as the days from then to the
// arrival; one that had not come when the row was written says nothing.
func (b *bound) number(row []string, i int, created, now int64) float64 {
	at := b.numbers[i]
	s := cell(row, at)
	if s == "" {
		return math.NaN()
	}
	if b.kinds[i] == kindNumber {
		if x, ok := readNumber(s); ok {
			return x
		}
		return math.NaN()
	}
	m := b.t.time(row, at)
	if m == 0 || created == 0 || m > max(created, now) {
		return math.NaN()
	}
	return float64(created-m) / daySeconds
}
