package core

// CopyResult is the outcome of copying the embedded order book into a MongoDB database; its
// JSON is the headless contract.
type CopyResult struct {
	From   string `json:"from"` // the file
	To     string `json:"to"`   // the database and its server
	Orders int64  `json:"orders"`
	ImportCounts
	Customers int64 `json:"customers"` // of the orders that were copied
	Clients   int64 `json:"clients"`   // added; those that were there stay as they are

	Embedded BookCounts `json:"embedded"` // counted after the copy
	MongoDB  BookCounts `json:"mongodb"`
	Equal    bool       `json:"equal"`    // both books count the same and have the same breaches
	Findings []Finding  `json:"findings"` // what was compared, in words
	Seconds  float64    `json:"seconds"`
}
