package orders

import (
	"errors"
	"strings"

	"deskwatch/core"
)

// boundRule is a value rule whose column was found.
type boundRule struct {
	column int
	prefix string
	status core.Status
}

// verdict is what became of one record.
type verdict uint8

const (
	rowGood  verdict = iota
	rowBad           // goes to the rejects
	rowBlank         // nothing in it
)

// fault is why a row is rejected. kind is the stable sentence that rejects are counted by;
// detail, when there is one, is what a person reads about this row.
type fault struct {
	field  core.Field // "" for the row as a whole
	kind   string
	detail string
}

func (f fault) reason() string {
	if f.detail != "" {
		return f.detail
	}
	return f.kind
}

func (f fault) reject(r *rowReader, rec core.Record) core.Reject {
	return core.Reject{Line: rec.Line, Column: r.columnName(f.field), Reason: f.reason()}
}

// rowReader turns records into order rows. Cells repeat a lot, so it remembers what it made
// of dates, customers, e-mails and statuses; every memory is bounded. Not for several goroutines.
type rowReader struct {
	plan                                                  Reading
	rules                                                 []boundRule
	id, line, customer, date, status, amount, name, email int
	dates                                                 memo[dateSeen]
	customers                                             memo[*customerSeen]
	emails                                                memo[string]
	tally                                                 tally
}

type dateSeen struct {
	day   core.Day
	fault string // "" for a good date
}

type customerSeen struct {
	value      string // one copy for all the rows that carry it
	recognised bool
}

func newRowReader(plan Reading, rules []boundRule) *rowReader {
	return &rowReader{
		plan: plan, rules: rules,
		id: plan.column(core.FieldID), line: plan.column(core.FieldLine), customer: plan.column(core.FieldCustomer), date: plan.column(core.FieldDate),
		status: plan.column(core.FieldStatus), amount: plan.column(core.FieldAmount), name: plan.column(core.FieldName), email: plan.column(core.FieldEmail),
		dates: newMemo[dateSeen](8192), customers: newMemo[*customerSeen](65536), emails: newMemo[string](65536),
		tally: newTally(),
	}
}

func (r *rowReader) columnName(f core.Field) string {
	if i := r.plan.column(f); i >= 0 {
		return r.plan.Header[i]
	}
	return ""
}

// cell returns a trimmed cell; a column the row is too short for, or the file lacks, is empty.
func cell(rec core.Record, column int) string {
	if column < 0 || column >= len(rec.Cells) {
		return ""
	}
	return trim(rec.Cells[column])
}

// read fills row from a record. The first fault found rejects it.
func (r *rowReader) read(rec core.Record, row *core.OrderRow) (fault, verdict) {
	id, customer := cell(rec, r.id), cell(rec, r.customer)
	if id == "" && isBlankRecord(rec) {
		return fault{}, rowBlank
	}
	r.tally.rows++
	if f, bad := r.fill(rec, row, id, customer); bad {
		r.tally.reject(f.reject(r, rec), f.kind)
		return f, rowBad
	}
	return fault{}, rowGood
}

func (r *rowReader) fill(rec core.Record, row *core.OrderRow, id, customer string) (f fault, bad bool) {
	for i := len(r.plan.Header); i < len(rec.Cells); i++ {
		if trim(rec.Cells[i]) != "" {
			return fault{kind: "more cells than columns"}, true
		}
	}
	if id == "" {
		return fault{field: core.FieldID, kind: "no order id"}, true
	}
	if why := identityFault(id); why != "" {
		return fault{field: core.FieldID, kind: "the order id " + why}, true
	}
	line := cell(rec, r.line)
	if why := identityFault(line); why != "" {
		return fault{field: core.FieldLine, kind: "the line id " + why}, true
	}
	if customer == "" {
		return fault{field: core.FieldCustomer, kind: "no customer"}, true
	}
	date := cell(rec, r.date)
	if date == "" {
		return fault{field: core.FieldDate, kind: "no date"}, true
	}
	day := r.readDate(date)
	if day.fault != "" {
		return fault{field: core.FieldDate, kind: "not a date", detail: day.fault}, true
	}
	// The customer comes last, because reading it counts it: only those of good rows shall count.
	who, why := r.readCustomer(customer)
	if why != "" {
		return fault{field: core.FieldCustomer, kind: "the customer " + why}, true
	}
	*row = core.OrderRow{OrderID: id, LineID: line, Customer: who.value, Recognised: who.recognised, Day: day.day}
	row.Status, row.RawStatus = r.readStatus(rec)
	if name := cell(rec, r.name); name != "" {
		row.Name = plain(name, maxName)
	}
	if email := cell(rec, r.email); email != "" {
		row.Email = r.readEmail(email)
	}
	if amount := cell(rec, r.amount); amount != "" && r.plan.Amount != nil {
		row.Amount, row.HasAmount = r.plan.Amount(amount)
		if !row.HasAmount {
			row.Amount = 0
			r.tally.amounts++
		}
	}
	return fault{}, false
}

func isBlankRecord(rec core.Record) bool {
	for _, c := range rec.Cells {
		if trim(c) != "" {
			return false
		}
	}
	return true
}

// readCustomer checks and recognises a customer value. A value is counted as unrecognised
// when it is met for the first time.
func (r *rowReader) readCustomer(value string) (seen *customerSeen, why string) {
	if seen, ok := r.customers.get(value); ok {
		return seen, ""
	}
	if why := identityFault(value); why != "" {
		return nil, why
	}
	value = strings.Clone(value)
	seen = &customerSeen{value: value, recognised: r.plan.Identities.Recognises(value)}
	if !seen.recognised {
		r.tally.strangers.add(value)
	}
	r.customers.put(value, seen)
	return seen, ""
}

func (r *rowReader) readDate(text string) dateSeen {
	if seen, ok := r.dates.get(text); ok {
		return seen
	}
	var seen dateSeen
	day, err := r.plan.Date(text)
	if err != nil {
		seen.fault = dateFault(err)
	}
	seen.day = day
	if len(text) <= 64 {
		r.dates.put(strings.Clone(text), seen)
	}
	return seen
}

// dateFault is the sentence of a DateRead error, on one line and not longer than a line.
func dateFault(err error) string {
	text := err.Error()
	var e *core.Error
	if errors.As(err, &e) {
		text = e.Message
	}
	if text = plain(text, 200); text == "" {
		return "not a date"
	}
	return text
}

// readStatus applies the value rules, then the status column. Upper and lower case do not
// matter to a rule: UCI's own text says that cancelled invoices begin with c, its file has C.
func (r *rowReader) readStatus(rec core.Record) (status core.Status, raw string) {
	for _, rule := range r.rules {
		if v := cell(rec, rule.column); len(v) >= len(rule.prefix) && strings.EqualFold(v[:len(rule.prefix)], rule.prefix) {
			return rule.status, ""
		}
	}
	return r.tally.statuses.read(cell(rec, r.status), r.plan.Vocabulary)
}

func (r *rowReader) readEmail(text string) string {
	email, ok := r.emails.get(text)
	if !ok {
		email = mailAddress(text)
		if len(text) <= 2*maxEmail {
			r.emails.put(strings.Clone(text), email)
		}
	}
	if email == "" {
		r.tally.emails++
	}
	return email
}
