package core

import "time"

// CustomerKey names a customer as one ticket source knows it. Order customers have the source
// "orders" and their identity as the id.
type CustomerKey struct {
	Source string `json:"source"`
	ID     string `json:"id"`
}

// OrdersSource is the Source of the CustomerKey of an order customer.
const OrdersSource = "orders"

// String is the form a person may type.
func (k CustomerKey) String() string { return k.Source + ":" + k.ID }

// TicketCustomer is a customer as the tickets of one source tell of it.
type TicketCustomer struct {
	No    uint32 // the desk's own number, from 1
	Key   CustomerKey
	Name  string
	Email string
}

// JoinBasis is why two customers are taken for the same.
type JoinBasis string

// The bases of a join, the surest first. They are stored: never rename one.
const (
	JoinByHand   JoinBasis = "hand"
	JoinByID     JoinBasis = "id"
	JoinByEmail  JoinBasis = "email"
	JoinByDomain JoinBasis = "domain"
	JoinByName   JoinBasis = "name"
)

// LinkState says whether a link counts.
type LinkState string

// The states of a link. They are stored: never rename one.
const (
	LinkSure     LinkState = "sure"     // found, and sure enough to count
	LinkProposed LinkState = "proposed" // found, waits for a person
	LinkMade     LinkState = "made"     // by a person, or confirmed by one
	LinkRefused  LinkState = "refused"  // a person said no; never proposed again
)

// CustomerLink joins a customer of the tickets with one of the orders.
type CustomerLink struct {
	Customer   CustomerKey `json:"customer"` // of the tickets
	Order      string      `json:"order_customer"`
	State      LinkState   `json:"state"`
	Basis      JoinBasis   `json:"basis"`
	Confidence int         `json:"confidence"` // percent
	Why        string      `json:"why"`        // for people: "the same e-mail, ana@acme.com"
	At         time.Time   `json:"at,omitzero"`
}

// Counts reports whether the two are one customer.
func (l CustomerLink) Counts() bool { return l.State == LinkSure || l.State == LinkMade }

// ToughFlag is a person's own word on a customer. It wins over the score.
type ToughFlag struct {
	Customer CustomerKey `json:"customer"`
	Tough    bool        `json:"tough"` // false: not tough, whatever the score says
	Note     string      `json:"note"`
	At       time.Time   `json:"at"`
	Until    time.Time   `json:"until,omitzero"` // zero: until taken back
	By       string      `json:"by,omitempty"`   // the user who said so; "" the owner of the data folder
}

// Holds reports whether the flag still counts at now.
func (f ToughFlag) Holds(now time.Time) bool { return f.Until.IsZero() || now.Before(f.Until) }

// CustomerCard is one customer: its tickets, its orders, one risk line, one timeline.
type CustomerCard struct {
	Key          CustomerKey     `json:"key"`
	Name         string          `json:"name"`
	Email        string          `json:"email"`
	OrderIDs     []string        `json:"order_customers"` // the order customers joined with it
	Links        []CustomerLink  `json:"links"`           // all, the proposed and refused ones too
	Tickets      int             `json:"tickets"`
	Open         int             `json:"open"`
	Escalations  int             `json:"escalations"`
	Reopenings   int             `json:"reopenings"`
	Ratings      [6]int          `json:"ratings"` // how many of each, by rating; [0] unrated
	FirstSeen    time.Time       `json:"first_seen,omitzero"`
	Tough        int             `json:"tough"` // 0..100, without the flag
	IsTough      bool            `json:"is_tough"`
	Reasons      []NamedReason   `json:"reasons"`
	Flag         *ToughFlag      `json:"flag,omitempty"`
	Health       CustomerHealth  `json:"health"`
	Orders       int64           `json:"orders"`     // all of its orders
	BadOrders    int             `json:"bad_orders"` // cancelled or returned this month
	Breaches     []Breach        `json:"breaches"`   // newest first, at most 24
	OrdersError  string          `json:"orders_error,omitempty"`
	Timeline     []TimelineEntry `json:"timeline"` // newest first, at most 200
	LatestTicket []TicketSummary `json:"latest_tickets"`
}

// TimelineEntry is one line of a customer's timeline.
type TimelineEntry struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // "ticket", "escalated", "reopened", "rated", "closed", "order", "breach"
	Text   string    `json:"text"`
	Ticket uint32    `json:"ticket,omitempty"` // to open
	Order  string    `json:"order,omitempty"`
	Bad    bool      `json:"bad"`
}

// CustomerSummary is one row of the list of customers.
type CustomerSummary struct {
	Key       CustomerKey `json:"key"`
	Name      string      `json:"name"`
	Email     string      `json:"email"`
	Tickets   int         `json:"tickets"`
	Open      int         `json:"open"`
	Tough     int         `json:"tough"`
	IsTough   bool        `json:"is_tough"`
	BadOrders int         `json:"bad_orders"`
	OrderIDs  []string    `json:"order_customers"`
	Proposed  int         `json:"proposed"` // links that wait for a person
}

// CardQuery selects customers of the tickets, the toughest first.
type CardQuery struct {
	Text     string // in key, name or e-mail
	Proposed bool   // only those with a link that waits for a person
	Limit    int    // clamped to 1..1000, 0 means 100
	After    string
}

// CardPage is one page of customers; its JSON is the headless contract.
type CardPage struct {
	Total int64             `json:"total"`
	Items []CustomerSummary `json:"items"`
	Next  string            `json:"next"`
}
