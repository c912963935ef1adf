package core

import "time"

// TLSChoice says how the REST server protects its connections.
type TLSChoice string

// The choices. Beyond loopback TLSOff is refused, unless InsecureHTTP was said in so many words.
const (
	TLSOff       TLSChoice = "off"
	TLSFiles     TLSChoice = "files"     // a certificate and its key from files
	TLSGenerated TLSChoice = "generated" // a certificate of the desk's own; others pin its fingerprint
)

// ServerSettings are about the REST server. It runs in the process that watches.
type ServerSettings struct {
	Enabled      bool      `json:"enabled"`
	Address      string    `json:"address"` // host:port to listen on
	TLS          TLSChoice `json:"tls"`
	CertFile     string    `json:"cert_file"`
	KeyFile      string    `json:"key_file"`
	InsecureHTTP bool      `json:"insecure_http"` // beyond loopback without TLS: passwords travel readable
	Hosts        []string  `json:"hosts"`         // other names this machine is called by, for the Host header
	TokenSeconds int       `json:"token_seconds"` // a signed token is good for, 60..86400
	MaxUploadMB  int       `json:"max_upload_mb"` // of one post, 1..1024
}

// DefaultServerSettings are off, and on this machine only.
func DefaultServerSettings() ServerSettings {
	return ServerSettings{Address: "127.0.0.1:8750", TLS: TLSOff, Hosts: []string{}, TokenSeconds: 600, MaxUploadMB: 64}
}

// SecretServerTLS is the vault's name of the certificate the desk made for itself, with its key;
// SecretTokenKey that of the key signed tokens are signed with.
const (
	SecretServerTLS = "server-tls"
	SecretTokenKey  = "token-key"
)

// ServerState is how the REST server is doing.
type ServerState struct {
	Running     bool      `json:"running"`
	URL         string    `json:"url"`         // "https://desk.example:8750"; "" while it does not run
	Fingerprint string    `json:"fingerprint"` // SHA-256 of the certificate, in hex with colons; "" without TLS
	Problem     string    `json:"problem"`     // why it does not run although it should, for people
	Since       time.Time `json:"since,omitzero"`
}

// Upload is one post of a collector, as it ended.
type Upload struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	User    string    `json:"user"`
	Address string    `json:"address"` // it came from, without the port
	Size    int64     `json:"size"`
	Status  int       `json:"status"` // of the answer: 200, 400, …
	Reason  string    `json:"reason"` // for people; "" accepted
	Agent   string    `json:"agent"`  // as the post names it
	Kept    bool      `json:"kept"`   // the refused document is kept aside
	SnapshotCounts
}

// SharedMarks is what people said of tickets and customers on a desk, whole.
type SharedMarks struct {
	Attention []Attention `json:"attention"`
	Flags     []ToughFlag `json:"flags"`
}

// MarkRequest acknowledges or snoozes tickets, or takes that back.
type MarkRequest struct {
	Kind    AttentionKind `json:"kind" enum:"ack,snooze"`
	Tickets []TicketKey   `json:"tickets" minItems:"1" maxItems:"1000"`
	Comment string        `json:"comment,omitempty" maxLength:"2000"`
	Until   time.Time     `json:"until,omitzero"`
	Remove  bool          `json:"remove,omitempty"`
}

// Figure is one number a monitoring system asks for.
type Figure struct {
	Name  string // as Prometheus spells it, without the program's name: `tickets`, `outbox{state="queued"}`
	Value float64
}

// Predictions are open tickets by the risk that they end badly, the highest first.
type Predictions struct {
	Basis PredictionBasis `json:"basis"`
	Total int64           `json:"total"` // open tickets
	Items []AtRisk        `json:"items"`
	Next  string          `json:"next"` // "" on the last page
}
