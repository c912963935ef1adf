package core

import "time"

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryQueued  DeliveryState = "queued"  // waits for its turn, or for its next try
	DeliverySending DeliveryState = "sending" // leased by the sender
	DeliverySent    DeliveryState = "sent"    // the server took it, or the sandbox keeps it
	DeliveryFailed  DeliveryState = "failed"  // the last try failed; another one follows
	DeliveryHeld    DeliveryState = "held"    // waits for a person: example address, refused configuration
	DeliveryDead    DeliveryState = "dead"    // given up: refused for good, or tried too often
)

// Delivery is one message to one recipient.
type Delivery struct {
	ID        int64         `json:"id"`
	MessageID string        `json:"message_id"` // stable over every try
	RuleID    int64         `json:"rule_id"`
	Customer  string        `json:"customer"`
	Period    Month         `json:"period"`
	Count     int           `json:"count"`
	Recipient string        `json:"recipient"`
	Subject   string        `json:"subject"`
	State     DeliveryState `json:"state"`
	Via       string        `json:"via"` // "sandbox" or "smtp", once sent
	Attempts  int           `json:"attempts"`
	NextTry   time.Time     `json:"next_try,omitzero"`
	LastReply string        `json:"last_reply"` // what happened the last time, in words, with the server's reply
	CreatedAt time.Time     `json:"created_at"`
	SentAt    time.Time     `json:"sent_at,omitzero"`
}

// Message is the content of a delivery, written when it was queued.
type Message struct {
	From      string // "Name <address>" or address; "" when it is taken from the settings at sending
	To        string
	Subject   string
	Text      string
	HTML      string
	MessageID string
	Date      time.Time
}

// DeliveryDetail is a delivery with its content.
type DeliveryDetail struct {
	Delivery
	Message Message
	Raw     []byte // the mail as it was sent or kept by the sandbox; nil before
}

// NewDelivery is what an alert run queues.
type NewDelivery struct {
	MessageID string
	RuleID    int64
	Customer  string
	Period    Month
	Count     int
	Message   Message
}

// DeliveryQuery selects deliveries, newest first.
type DeliveryQuery struct {
	State  DeliveryState // "" all
	Text   string        // in customer, recipient or subject
	Limit  int           // clamped to 1..1000, 0 means 100
	Before int64         // only ids below; 0 from the newest
}

// DeliveryCounts counts the outbox by state.
type DeliveryCounts map[DeliveryState]int64

// SendResult is the outcome of one pass over the outbox.
type SendResult struct {
	Sent   int `json:"sent"`
	Failed int `json:"failed"` // will be tried again
	Held   int `json:"held"`
	Dead   int `json:"dead"`
	Left   int `json:"left"` // still queued for later
}

// SendOutcome classifies one try of a Sender.
type SendOutcome int

// The outcomes of a try.
const (
	OutcomeSent      SendOutcome = iota
	OutcomeRetry                 // this message: try again later
	OutcomeRefused               // this message: never
	OutcomeHeld                  // this message: a person has to change something about it
	OutcomeNoService             // the server or the configuration: no message can go now
)

// SendReport is what a Sender says about one try.
type SendReport struct {
	Outcome SendOutcome
	Reply   string // in words for people, the server's own reply included
	Via     string // "sandbox" or "smtp"
	Raw     []byte // the message as it was handed over; nil when it never got so far
}
