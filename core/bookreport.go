package core

import "time"

// BookReport is what Test connection found out about an order database.
type BookReport struct {
	Server   string        `json:"server"`  // what it is and where: "replica set rs0 at db1:27017, db2:27017"
	Version  string        `json:"version"` // as the server says it
	Latency  time.Duration `json:"latency"` // of one short question, the median of some
	Orders   int64         `json:"order_documents"`
	Clients  int64         `json:"client_documents"`
	Findings []Finding     `json:"findings"`        // rights, fields, indexes, readability
	Missing  []string      `json:"missing_indexes"` // in words; CreateIndexes makes them
}

// OK reports whether Deskwatch can work with the database as it is.
func (r BookReport) OK() bool {
	for _, f := range r.Findings {
		if !f.OK {
			return false
		}
	}
	return true
}
