package core

import "time"

// SourceKind is what a ticket source is.
type SourceKind string

// The kinds of source. They are stored: never rename one.
const (
	SourceFile       SourceKind = "file"       // files picked, dropped or imported by a command
	SourceFolder     SourceKind = "folder"     // a folder that is watched
	SourceSalesforce SourceKind = "salesforce" // SOQL over REST
	SourceDesk       SourceKind = "desk"       // another Deskwatch server
	SourceCollector  SourceKind = "collector"  // posts of a collector
)

// SalesforceGrant is how Salesforce is signed in to.
type SalesforceGrant string

// The grants (OAuth 2.0: RFC 6749, 4.4 and 4.3; Salesforce appends the security token to the
// password).
const (
	GrantClient   SalesforceGrant = "client_credentials"
	GrantPassword SalesforceGrant = "password"
)

// Source is one place ticket snapshots come from. Its secrets are in the vault under
// SourceSecret(Name).
type Source struct {
	Name    string     `json:"name"` // unique, never changes: it is part of every ticket's key
	Kind    SourceKind `json:"kind"`
	Enabled bool       `json:"enabled"`
	Minutes int        `json:"minutes"` // how often it is asked, 1..1440; 0: only when told, or when something arrives
	Full    bool       `json:"full"`    // what it gives is all there is: a ticket that is missing is gone

	Folder string `json:"folder,omitempty"` // watched; files are read when they are complete

	Address  string          `json:"address,omitempty"` // https://…: of Salesforce's sign-in, or of the other Deskwatch
	Grant    SalesforceGrant `json:"grant,omitempty"`
	ClientID string          `json:"client_id,omitempty"`
	User     string          `json:"user,omitempty"`
	// Of another Deskwatch: the SHA-256 of its certificate, in hex with colons, when nobody this
	// machine trusts has signed it; and that its password may travel readable beyond this machine.
	Fingerprint  string `json:"fingerprint,omitempty"`
	InsecureHTTP bool   `json:"insecure_http,omitempty"`

	Query string `json:"query,omitempty"` // SOQL without the condition on LastModifiedDate, which is added; "" the default

	Mapping TicketMapping `json:"mapping"`
	URL     string        `json:"url,omitempty"` // of a ticket in the source system: "https://acme.my.salesforce.com/{id}", with {id} and {number}
}

// TicketMapping says how the fields and words of a source are read, where the known tables are
// silent or wrong. Keys are compared without case.
type TicketMapping struct {
	Fields     map[Field]string        `json:"fields,omitempty"`     // field → the source's name of it, "Account.Name" for a nested one; "-" for none
	Statuses   map[string]TicketStatus `json:"statuses,omitempty"`   // spelling → status
	Priorities map[string]Priority     `json:"priorities,omitempty"` // spelling → priority
	DateFormat string                  `json:"date_format,omitempty"`
	Zone       string                  `json:"zone,omitempty"` // of times that name none; "" this machine's
}

// SourceSecret is the vault's name of a source's secret: the client secret, or the password with
// the security token behind it; SourceClientSecret the client secret beside a password.
func SourceSecret(name string) string { return "source:" + name }

// SourceClientSecret is the vault's name of the client secret of a source with GrantPassword.
func SourceClientSecret(name string) string { return "source:" + name + ":client" }

// SourceState is how a source is doing.
type SourceState struct {
	Name        string         `json:"name"`
	Running     bool           `json:"running"`
	LastRun     time.Time      `json:"last_run,omitzero"`
	LastSuccess time.Time      `json:"last_success,omitzero"`
	LastError   string         `json:"last_error"` // for people; "" when the last run went well
	Counts      SnapshotCounts `json:"counts"`     // of the last run that went well
	Tickets     int64          `json:"tickets"`    // kept from it
	NextRun     time.Time      `json:"next_run,omitzero"`
	Since       time.Time      `json:"since,omitzero"`  // what changed up to then is known: the next run asks for later
	Note        string         `json:"note"`            // about the last run that went well, for people: records that could not be read
	Failures    int            `json:"failures"`        // runs that failed since the last one that went well
	Files       []FolderFile   `json:"files,omitempty"` // of a folder: what was read of it, the newest last

	// Of another Deskwatch: its events are followed, so that what happens there is here at once;
	// otherwise it is asked every now and then. LiveNote says why not, for people. Seq is
	// its last ticket event that is known here.
	Live      bool      `json:"live,omitempty"`
	LiveSince time.Time `json:"live_since,omitzero"`
	LiveNote  string    `json:"live_note,omitempty"`
	Seq       int64     `json:"seq,omitempty"`
}

// FolderFile is a file of a watched folder as it was when it was read.
type FolderFile struct {
	Name    string    `json:"name"`
	Size    int64     `json:"size"`
	Changed time.Time `json:"changed"`
}

// Same reports whether both are the same state of the same file.
func (f FolderFile) Same(o FolderFile) bool {
	return f.Name == o.Name && f.Size == o.Size && f.Changed.Equal(o.Changed)
}

// SourceReport is a source with its state.
type SourceReport struct {
	Source
	State SourceState `json:"state"`
}

// TicketImportRequest says which file to read tickets from, and how.
type TicketImportRequest struct {
	Path        string
	Source      string // "" is "file"
	Full        bool   // the file is all there is: tickets of the source that are missing are gone
	Replay      bool   // the rows are states of tickets at a time: taken in time order, as successive snapshots
	Hints       TableHints
	Mapping     TicketMapping
	Silent      bool   // part of a source's first load: nobody is told
	RejectsPath string // "": in the data folder's rejects folder
	DryRun      bool
}

// TicketImportResult is the outcome of a ticket import; its JSON is the headless contract.
type TicketImportResult struct {
	Source string `json:"source"`
	Rows   int64  `json:"rows"` // records read, rejected ones included
	SnapshotCounts
	Rejected    int64    `json:"rejected"`
	RejectsFile string   `json:"rejects_file"` // "" when nothing was rejected
	Baseline    bool     `json:"baseline"`     // the source's first load: nobody was told
	Format      string   `json:"format"`       // for people: "CSV, comma", "Zendesk tickets"
	Detected    Detected `json:"detected"`     // for CSV
	Seconds     float64  `json:"seconds"`

	Columns           []ColumnChoice `json:"-"`
	UnknownStatuses   []WordCount    `json:"-"` // spellings no table knows, most frequent first, at most 50
	UnknownPriorities []WordCount    `json:"-"`
	RejectReasons     []ReasonCount  `json:"-"`
	FirstRejects      []Reject       `json:"-"` // at most 100
}

// WordCount is one spelling, and how often it occurs.
type WordCount struct {
	Raw   string
	Count int64
}

// TicketPreview is what the window shows before a file's tickets are kept.
type TicketPreview struct {
	Path        string
	Size        int64
	Format      string
	Detected    Detected
	Header      []string // of CSV
	Columns     []ColumnChoice
	Missing     []Field
	Tickets     []Ticket // the first, as they will be kept
	Problems    []Reject
	DateChoices []DateChoice
}
