package core

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Field is what a column of an orders file means.
type Field string

// The fields of an orders file, in the words `--map` takes.
const (
	FieldID       Field = "id"
	FieldLine     Field = "line"
	FieldCustomer Field = "customer"
	FieldDate     Field = "date"
	FieldStatus   Field = "status"
	FieldAmount   Field = "amount"
	FieldName     Field = "name"
	FieldEmail    Field = "email"
)

// Fields lists every field, in the order the window shows them.
func Fields() []Field {
	return []Field{FieldID, FieldLine, FieldCustomer, FieldDate, FieldStatus, FieldAmount, FieldName, FieldEmail}
}

// ParseField reads a field's word.
func ParseField(s string) (Field, error) {
	f := Field(strings.ToLower(strings.TrimSpace(s)))
	if slices.Contains(Fields(), f) {
		return f, nil
	}
	return "", NewError(CodeInvalid, "core.field", fmt.Sprintf("%q is not a field. The fields are id, line, customer, date, status, amount, name and email.", s), nil)
}

// ContentKind says what the cells of a field look like, for recognising a column by its content.
type ContentKind string

// The kinds of content.
const (
	ContentAny    ContentKind = "any"
	ContentID     ContentKind = "id" // mostly distinct, short, no blanks
	ContentDate   ContentKind = "date"
	ContentNumber ContentKind = "number"
	ContentEmail  ContentKind = "email"
	ContentWords  ContentKind = "words" // few distinct values, taken from Vocabulary
	ContentMatch  ContentKind = "match" // cells satisfy Accepts
)

// FieldSpec tells the recogniser how to find the column of one field.
type FieldSpec struct {
	Field    Field
	Required bool
	// Names are known headers in their normal form: lower case, letters and digits only,
	// without accents ("InvoiceNo" and "invoice_no" are both "invoiceno"). Earlier ones weigh more.
	Names   []string
	Content ContentKind
	// Accepts reports whether a cell looks like this field; used by ContentWords and ContentMatch.
	Accepts func(cell string) bool
}

// ColumnChoice says which column a field was found in, and why.
type ColumnChoice struct {
	Field  Field  `json:"field"`
	Column string `json:"column"`
	Index  int    `json:"index"` // 0-based
	Why    string `json:"why"`   // for people: "the name order_id", "98 % of its cells are dates"
}

// TableHints are what the user says about a file; zero values mean: find out.
type TableHints struct {
	Encoding   string // "utf-8", "utf-16le", "utf-16be", "windows-1252"
	Delimiter  string // one character, or "tab"
	HeaderLine int    // 1-based physical line; 0 find out; -1 the file has no header
	DateFormat string // "iso", "day-first", "month-first", "excel", or a Go layout
}

// Detected is what was found out about a file, or told by TableHints.
type Detected struct {
	Encoding   string           `json:"encoding"` // utf-8, utf-8-bom, utf-16le, utf-16be, windows-1252
	Delimiter  string           `json:"delimiter"`
	HeaderLine int              `json:"header_line"` // 1-based physical line, 0 without header
	DateFormat string           `json:"date_format"` // iso, day-first, month-first, excel, or a Go layout
	Map        map[Field]string `json:"map"`
}

// Record is one logical row of a file. Cells is only valid until the next record is read;
// the strings in it may be kept.
type Record struct {
	Line  int // 1-based physical line the row begins on
	Cells []string
}

// TimeRead is how a date format turns a cell into a moment. The error is a sentence for people.
type TimeRead func(cell string) (time.Time, error)

// DateRead is how a date format turns a cell into a day. The error is a sentence for people.
type DateRead func(cell string) (Day, error)
