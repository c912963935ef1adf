package core

// CopyResult is what copying the embedded order book into a database came to. The counts are
// those both books hold afterwards; a difference is a finding that is not OK.
type CopyResult struct {
	Orders    int64     `json:"orders"`
	Customers int64     `json:"customers"`
	Clients   int64     `json:"clients"`
	Findings  []Finding `json:"findings"`
}
