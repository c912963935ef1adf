package core

import (
	"fmt"
	"strconv"
	"time"
)

// Amount is money in thousandths of the file's own currency unit.
type Amount int64

// String writes the amount with two or three decimals: "647.62".
func (a Amount) String() string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	if a%10 == 0 {
		return fmt.Sprintf("%s%d.%02d", sign, a/1000, a%1000/10)
	}
	return fmt.Sprintf("%s%d.%03d", sign, a/1000, a%1000)
}

// MarshalJSON writes a plain JSON number.
func (a Amount) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(a)/1000, 'f', -1, 64), nil
}

// OrderRow is one row of an orders file that passed every check.
type OrderRow struct {
	OrderID    string
	LineID     string // "" when the file has no line column
	Customer   string // the identity, exactly as the file carries it, trimmed
	Recognised bool   // Customer matches one of the identity patterns
	Name       string // customer name, when the file carries one
	Email      string // customer e-mail, when the file carries one
	Day        Day
	Status     Status
	RawStatus  string // the spelling in the file; "" when a rule or the default gave the status
	Amount     Amount
	HasAmount  bool
}

// Order is one order id as the book keeps it.
type Order struct {
	OrderID   string    `json:"order_id"`
	Customer  string    `json:"customer"`
	Day       Day       `json:"date"`
	Statuses  StatusSet `json:"-"`      // of all its lines
	Status    Status    `json:"status"` // of the last row that named it
	RawStatus string    `json:"raw_status,omitempty"`
	Amount    Amount    `json:"amount"`
	HasAmount bool      `json:"-"`
	Lines     int       `json:"lines"` // 0 when the file had no line column
}

// OrderQuery selects orders of one customer, newest first, by pages.
type OrderQuery struct {
	Customer string
	From, To Day       // inclusive; zero To means no upper bound
	Statuses StatusSet // 0 means all
	Limit    int       // clamped to 1..1000, 0 means 100
	After    string    // OrderPage.Next of the page before
}

// OrderPage is one page of orders. Next is "" on the last one.
type OrderPage struct {
	Orders []Order
	Total  int64
	Next   string
}

// Client is the order-side record of a customer.
type Client struct {
	Customer       string       `json:"customer"` // the identity its orders carry
	Name           string       `json:"name"`
	Email          string       `json:"email"`
	Identification string       `json:"identification,omitempty"`
	Origin         ClientOrigin `json:"origin"`
	CreatedAt      time.Time    `json:"created_at"`
	Orders         int64        `json:"orders"` // distinct orders in the book, filled by Clients
}

// ClientOrigin says how a client came to be.
type ClientOrigin string

// The origins of a client.
const (
	OriginSeed   ClientOrigin = "seed"   // made from a customer of the orders
	OriginSample ClientOrigin = "sample" // made by Load sample data
	OriginHand   ClientOrigin = "hand"   // written or changed by a person
	OriginOther  ClientOrigin = "other"  // written by another program into a shared database; never changed there
)

// ClientPatch changes the fields that are not nil.
type ClientPatch struct {
	Name, Email, Identification *string
}

// ClientQuery selects clients whose identity, name or e-mail contains Text.
type ClientQuery struct {
	Text  string
	Limit int    // clamped to 1..1000, 0 means 100
	After string // ClientPage.Next of the page before
}

// ClientPage is one page of clients, sorted by identity. Next is "" on the last one.
type ClientPage struct {
	Clients []Client
	Total   int64
	Next    string
}

// Customer is one customer value the orders carry.
type Customer struct {
	Customer   string `json:"customer"`
	Recognised bool   `json:"recognised"`
	HasClient  bool   `json:"has_client"`
	Name       string `json:"name,omitempty"`  // from the orders file
	Email      string `json:"email,omitempty"` // from the orders file
	Orders     int64  `json:"orders"`
}

// CustomerQuery selects customers, sorted by identity.
type CustomerQuery struct {
	Recognised *bool // nil: both
	HasClient  *bool // nil: both
	Limit      int   // clamped to 1..10,000, 0 means 100
	After      string
}

// CustomerPage is one page of customers. Next is "" on the last one.
type CustomerPage struct {
	Customers []Customer
	Total     int64
	Next      string
}

// SeedResult says what seeding clients did.
type SeedResult struct {
	Created  int64          `json:"created"`
	Existing int64          `json:"existing"`
	Skipped  []SkippedEntry `json:"skipped"` // at most the first 1,000
	SkippedN int64          `json:"skipped_total"`
}

// SkippedEntry names something left out, and why.
type SkippedEntry struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// BreachQuery is a rule's condition put to an order book.
type BreachQuery struct {
	Statuses  StatusSet
	Threshold int      // distinct orders, at least 1
	Days      int      // 0: the orders of a calendar month; else of any so many days in a row, counted in the month they end in
	From, To  Month    // inclusive; 0 means unbounded
	Customers []string // nil: all recognised customers
	OrderIDs  int      // how many ids to list per breach; 0 none; clamped to 1,000
}

// Breach is a customer whose distinct matching orders reached the threshold: those of one
// month, or of the days in a row that end in that month and hold the most (of equals the last).
type Breach struct {
	Customer string   `json:"customer"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Period   Month    `json:"period"`
	From     Day      `json:"from,omitempty"` // of the first of these orders, when BreachQuery.Days is not 0
	To       Day      `json:"to,omitempty"`   // of the last
	Count    int      `json:"count"`
	OrderIDs []string `json:"order_ids"` // sorted; the first BreachQuery.OrderIDs of them
}

// InWindow reports whether the breach is one of days in a row, and not of a calendar month.
func (b Breach) InWindow() bool { return b.From != 0 || b.To != 0 }

// Days are the first and the last day its orders lie on: of the window, or of the month.
func (b Breach) Days() (first, last Day) {
	if b.InWindow() {
		return b.From, b.To
	}
	return b.Period.First(), b.Period.Last()
}

// BookCounts says how much an order book holds.
type BookCounts struct {
	Orders       int64 `json:"orders"`
	Customers    int64 `json:"customers"`
	Unrecognised int64 `json:"unrecognised_customers"`
	Clients      int64 `json:"clients"`
	FirstDay     Day   `json:"first_day"`
	LastDay      Day   `json:"last_day"`
	// Unreadable counts the documents of a shared database that are no order: no order id,
	// customer or status, or a date the calendar does not have.
	Unreadable int64 `json:"unreadable,omitempty"`
}
