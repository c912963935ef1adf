package core

import "time"

// StatusRule gives a status to rows whose Column begins with Prefix.
type StatusRule struct {
	Column string `json:"column"`
	Prefix string `json:"prefix"`
	Status Status `json:"status"`
}

// ImportRequest says which file to import, and how to read it where detection shall not decide.
type ImportRequest struct {
	Path             string
	Hints            TableHints
	Map              map[Field]string  // field → column name; overrides recognition. "-" means: no column
	Statuses         map[string]Status // raw spelling (any case) → status; on top of the known table and the settings
	StatusRules      []StatusRule
	CustomerPatterns []string // regular expressions; empty: the patterns of the settings
	RejectsPath      string   // "" : in the data folder's rejects folder
	DryRun           bool
}

// ImportCounts is what an import did, or would do, to the order book.
type ImportCounts struct {
	OrdersNew       int64 `json:"orders_new"`
	OrdersChanged   int64 `json:"orders_changed"`
	OrdersUnchanged int64 `json:"orders_unchanged"`
}

// ImportResult is the outcome of an import; its JSON is the headless contract.
type ImportResult struct {
	ImportID int64 `json:"import_id"` // 0 for a dry run
	Rows     int64 `json:"rows"`      // data rows read, rejected ones included
	ImportCounts
	Rejected              int64    `json:"rejected"`
	UnrecognisedCustomers int64    `json:"unrecognised_customers"` // distinct values
	RejectsFile           string   `json:"rejects_file"`           // "" when nothing was rejected
	Detected              Detected `json:"detected"`
	Seconds               float64  `json:"seconds"`
	// SampleTickets came with the sample orders; absent for any other import.
	SampleTickets int64 `json:"sample_tickets,omitempty"`

	Columns         []ColumnChoice `json:"-"`
	UnknownStatuses []StatusCount  `json:"-"` // spellings no table knows, imported as other
	SeenStatuses    []StatusCount  `json:"-"` // every spelling, most frequent first, at most 200
	RejectReasons   []ReasonCount  `json:"-"` // most frequent first, at most 50
	FirstRejects    []Reject       `json:"-"` // at most 100
}

// StatusCount is one spelling of a status, and how often a file has it.
type StatusCount struct {
	Raw    string
	Status Status
	Known  bool
	Count  int64
}

// ReasonCount counts rejected rows of one reason.
type ReasonCount struct {
	Reason string
	Count  int64
}

// Reject is a row that was not imported.
type Reject struct {
	Line   int
	Column string
	Reason string
}

// ImportPreview is what the window shows before anything is written. It is made from the
// beginning of the file; the counts come from a dry run afterwards.
type ImportPreview struct {
	Path     string
	Size     int64
	Detected Detected
	Header   []string
	Columns  []ColumnChoice
	Missing  []Field    // required fields without a column
	Rows     []Record   // the first rows as they are in the file
	Read     []OrderRow // the same rows as they will be imported
	Problems []Reject   // of those rows
	// DateChoices lists the formats a person has to choose from ("day-first", "month-first"),
	// each with the first date as it would be read; empty when there is nothing to ask.
	DateChoices []DateChoice
	Remembered  bool // the choices come from an earlier import of a file with this header
}

// DateChoice is one way to read an ambiguous date.
type DateChoice struct {
	Format  string
	Example string // "03/04/2023 is 3 April 2023"
}

// ImportForecast is a dry run's outcome for the preview.
type ImportForecast struct {
	Result ImportResult
	Alerts int // breaches the enabled rules would raise that they have not mailed yet
}

// ImportState says whether an import still counts.
type ImportState string

// The states of an import.
const (
	ImportDone   ImportState = "done"
	ImportUndone ImportState = "undone"
)

// ImportRecord is an import as the book remembers it.
type ImportRecord struct {
	ID       int64       `json:"id"`
	File     string      `json:"file"` // base name; never the whole path
	Kind     string      `json:"kind"` // "file" or "sample"
	At       time.Time   `json:"at"`
	UndoneAt *time.Time  `json:"undone_at,omitempty"`
	State    ImportState `json:"state"`
	Rows     int64       `json:"rows"`
	Rejected int64       `json:"rejected"`
	ImportCounts
}

// The kinds of an import.
const (
	ImportFile   = "file"
	ImportSample = "sample"
	ImportCopy   = "copy" // of another order book
)

// UndoResult says what an undo did.
type UndoResult struct {
	ImportID int64 `json:"import_id"`
	Removed  int64 `json:"orders_removed"`
	Restored int64 `json:"orders_restored"`
	// SampleTickets went out of sight with the sample orders; absent for any other import.
	SampleTickets int64 `json:"sample_tickets,omitempty"`
}

// SavedMapping is how a file with a given header was read the last time a person chose.
type SavedMapping struct {
	Map              map[Field]string
	StatusRules      []StatusRule
	DateFormat       string // only what was chosen, not what was detected
	CustomerPatterns []string
}
