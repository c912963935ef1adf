package core

// CopyResult is what copying the embedded order book into a database came to. The counts are
// those both books hold afterwards; a difference is a finding that is not OK.
type CopyResult struct {
	Orders    int64     `json:"orders"`
	Customers int64     `json:"customers"`
	Clients   int64     `json:"clients"`
	Findings  []Finding `json:"findings"`

	From  string       `json:"from"`  // the file
	To    string       `json:"to"`    // the database and its server
	Equal bool         `json:"equal"` // the database has every order and client of the file; it may have more
	Wrote ImportCounts `json:"wrote"` // what the copy added and changed there
	// Added is how many clients the copy added; those that were there stay as they are.
	Added    int64      `json:"clients_added"`
	Embedded BookCounts `json:"embedded"` // each counted after the copy
	MongoDB  BookCounts `json:"mongodb"`
	Seconds  float64    `json:"seconds"`
}

// RemovedBook is the embedded book whose file was removed, and what was in it.
type RemovedBook struct {
	File   string     `json:"file"`
	Bytes  int64      `json:"bytes"`
	Counts BookCounts `json:"counts"`
}
