package orders

import (
	"fmt"
	"strings"

	"deskwatch/core"
)

// Reading says how the rows of one file become orders.
type Reading struct {
	Header     []string
	Columns    []core.ColumnChoice
	Date       core.DateRead
	Amount     func(cell string) (core.Amount, bool) // how this file writes numbers; may be nil without an amount column
	Vocabulary *Vocabulary
	Identities *Identities
	Rules      []core.StatusRule // tried in order, the first that fits wins over the status column
}

// Missing lists the fields without which the file cannot be imported: order id, customer,
// date, and the status when neither a column nor a value rule gives it.
func (r Reading) Missing() []core.Field {
	var missing []core.Field
	for _, f := range []core.Field{core.FieldID, core.FieldCustomer, core.FieldDate, core.FieldStatus} {
		if r.column(f) < 0 && !(f == core.FieldStatus && len(r.Rules) > 0) {
			missing = append(missing, f)
		}
	}
	return missing
}

// HasLines reports whether the rows carry line ids, for ImportStart.
func (r Reading) HasLines() bool { return r.column(core.FieldLine) >= 0 }

// Check reports, as core.CodeInvalid, why no row can be read this way; nil when rows can.
func (r Reading) Check() error {
	_, err := r.reader()
	return err
}

// column is the index of a field's column, -1 without one.
func (r Reading) column(f core.Field) int {
	for _, c := range r.Columns {
		if c.Field == f {
			return c.Index
		}
	}
	return -1
}

// reader checks the plan and prepares what every row needs.
func (r Reading) reader() (*rowReader, error) {
	if missing := r.Missing(); len(missing) > 0 {
		names := make([]string, len(missing))
		for i, f := range missing {
			names[i] = fieldWords(f)
		}
		return nil, invalidReading(fmt.Sprintf("The file has no column for %s. Choose one, then import again.", strings.Join(names, " and ")))
	}
	for _, c := range r.Columns {
		if c.Index < 0 || c.Index >= len(r.Header) {
			return nil, invalidReading(fmt.Sprintf("The column %q of the mapping is not in this file. Choose another one.", c.Column))
		}
	}
	if r.Date == nil || r.Vocabulary == nil || r.Identities == nil {
		return nil, core.NewError(core.CodeInternal, "orders.read", "The import could not start because of a fault in Deskwatch. Nothing was changed.", nil)
	}
	rules, err := r.rules()
	if err != nil {
		return nil, err
	}
	return newRowReader(r, rules), nil
}

// rules finds the column of every value rule.
func (r Reading) rules() ([]boundRule, error) {
	bound := make([]boundRule, 0, len(r.Rules))
	for _, rule := range r.Rules {
		at := headerIndex(r.Header, rule.Column)
		prefix := trim(rule.Prefix)
		switch {
		case at < 0:
			return nil, invalidReading(fmt.Sprintf("A status rule names the column %q, which is not in this file. Name one of its columns, or remove the rule.", rule.Column))
		case prefix == "":
			return nil, invalidReading(fmt.Sprintf("The status rule on the column %q has no beginning to look for. Write at least one character, or remove the rule.", rule.Column))
		}
		bound = append(bound, boundRule{column: at, prefix: prefix, status: rule.Status})
	}
	return bound, nil
}

// headerIndex finds a column by its exact name, or else by its normal form; -1 without one.
func headerIndex(header []string, name string) int {
	for i, h := range header {
		if h == name {
			return i
		}
	}
	for i, h := range header {
		if fold(h) == fold(name) {
			return i
		}
	}
	return -1
}

func invalidReading(message string) error {
	return core.NewError(core.CodeInvalid, "orders.read", message, nil)
}

// fieldWords is a required field in the words of people.
func fieldWords(f core.Field) string {
	switch f {
	case core.FieldID:
		return "the order id"
	case core.FieldCustomer:
		return "the customer"
	case core.FieldDate:
		return "the date"
	case core.FieldStatus:
		return "the status"
	}
	return string(f)
}

// Preview reads the first records of a file as an import would. Lines of problems are
// those of the records; blank records are left out of both.
func Preview(r Reading, records []core.Record) (read []core.OrderRow, problems []core.Reject, err error) {
	reader, err := r.reader()
	if err != nil {
		return nil, nil, err
	}
	for _, rec := range records {
		var row core.OrderRow
		switch fault, verdict := reader.read(rec, &row); verdict {
		case rowGood:
			read = append(read, row)
		case rowBad:
			problems = append(problems, fault.reject(reader, rec))
		}
	}
	return read, problems, nil
}
