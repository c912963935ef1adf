package core

import "time"

// MailMode says where alert mails go.
type MailMode string

// The mail modes.
const (
	MailSandbox MailMode = "sandbox" // kept inside Deskwatch
	MailSMTP    MailMode = "smtp"
)

// TLSMode says how the connection to the mail server is protected.
type TLSMode string

// The TLS modes.
const (
	TLSStartTLS TLSMode = "starttls" // required, not opportunistic
	TLSImplicit TLSMode = "tls"      // from the first byte, usually port 465
	TLSNone     TLSMode = "none"     // only for servers on this machine or a trusted network
)

// Settings is everything a person can set, but for rules, clients and secrets.
// The dotted name of a setting ("mail.host") is its JSON path.
type Settings struct {
	General GeneralSettings `json:"general"`
	Mail    MailSettings    `json:"mail"`
	Orders  OrderSettings   `json:"orders"`
	Alerts  AlertSettings   `json:"alerts"`

	OrderBook OrderBookSettings `json:"order_book"`

	Clock  ClockSettings  `json:"clock"`
	Notify NotifySettings `json:"notify"`

	Predict PredictionSettings `json:"predict"`

	Server ServerSettings `json:"server"`
	SignIn SignInSettings `json:"sign_in"`
}

// GeneralSettings is about the window and the log.
type GeneralSettings struct {
	Theme         string `json:"theme"`         // "system", "light", "dark"
	Notifications bool   `json:"notifications"` // show desktop notifications
	LogLevel      string `json:"log_level"`     // "debug", "info", "warn", "error"
}

// MailSettings is about sending. The password is in the vault under SecretSMTP.
type MailSettings struct {
	Mode           MailMode `json:"mode"`
	Host           string   `json:"host"`
	Port           int      `json:"port"`
	TLS            TLSMode  `json:"tls"`
	User           string   `json:"user"`
	From           string   `json:"from"`            // an address, or "Name <address>"
	TimeoutSeconds int      `json:"timeout_seconds"` // for one whole try, 5..300
	Language       string   `json:"language"`        // of the mails: "en" or "es"
}

// OrderSettings is about reading orders files.
type OrderSettings struct {
	// CustomerPatterns are regular expressions; a customer value that one of them matches as a
	// whole is an identity. A group named "name" gives the client's name.
	CustomerPatterns []string `json:"customer_patterns"`
	// Statuses are spellings the user assigned, on top of the known table.
	Statuses map[string]Status `json:"statuses"`
}

// OrderBookKind says what keeps the orders.
type OrderBookKind string

// The kinds of order book.
const (
	BookSQLite  OrderBookKind = "sqlite"  // a file in the data folder
	BookMongoDB OrderBookKind = "mongodb" // a database of the team's
)

// OrderBookSettings is about where the orders are kept. All but Kind is for MongoDB; the
// password is in the vault under SecretOrderBook, never in URI.
type OrderBookSettings struct {
	Kind     OrderBookKind `json:"kind"`
	URI      string        `json:"uri"` // mongodb://user@host:27017/?tls=true
	Database string        `json:"database"`
	Orders   string        `json:"orders"`  // collection
	Clients  string        `json:"clients"` // collection
	// The names of the fields there.
	OrderID              string `json:"order_id_field"`
	Date                 string `json:"date_field"`
	Status               string `json:"status_field"`
	Customer             string `json:"customer_field"`
	ClientCustomer       string `json:"client_name_field"` // holds what Customer holds
	ClientEmail          string `json:"client_email_field"`
	ClientIdentification string `json:"client_identification_field"`
	TimeoutSeconds       int    `json:"timeout_seconds"` // for finding the server, 1..120; a question to it may take ten times as long
}

// AlertSettings is about all rules together.
type AlertSettings struct {
	Paused      bool      `json:"paused"`
	PausedUntil time.Time `json:"paused_until"` // zero: until resumed
	// BacklogDeclined is when the user last chose not to be mailed what was there before a
	// rule's first check; the window asks about later first checks only.
	BacklogDeclined time.Time `json:"backlog_declined"`
	SendSeconds     int       `json:"send_seconds"` // how often the outbox is looked at, 5..3600
}

// SecretSMTP is the vault's name of the SMTP password.
const SecretSMTP = "smtp"

// SecretOrderBook is the vault's name of the order database's password.
const SecretOrderBook = "order-book"

// DefaultCustomerPatterns accept name_digits and 24 letters and digits.
func DefaultCustomerPatterns() []string {
	return []string{`(?P<name>.+)_\d+`, `[A-Za-z0-9]{24}`}
}

// DefaultSettings is what a new data folder starts with.
func DefaultSettings() Settings {
	return Settings{
		General: GeneralSettings{Theme: "system", Notifications: true, LogLevel: "info"},
		Mail:    MailSettings{Mode: MailSandbox, Port: 587, TLS: TLSStartTLS, From: "Deskwatch <alerts@deskwatch.example>", TimeoutSeconds: 30, Language: "en"},
		Orders:  OrderSettings{CustomerPatterns: DefaultCustomerPatterns(), Statuses: map[string]Status{}},
		Alerts:  AlertSettings{SendSeconds: 30},
		OrderBook: OrderBookSettings{
			Kind: BookSQLite, URI: "mongodb://localhost:27017", Database: "RocketfyProject", Orders: "Orders", Clients: "Clients",
			OrderID: "shipping_id", Date: "shipping_date", Status: "shipping_status", Customer: "order_vendor_dbname",
			ClientCustomer: "name", ClientEmail: "email", ClientIdentification: "identificationNumber", TimeoutSeconds: 10,
		},
		Clock: DefaultClockSettings(), Notify: DefaultNotifySettings(), Predict: DefaultPredictionSettings(),
		Server: DefaultServerSettings(), SignIn: DefaultSignInSettings(),
	}
}

// SettingProblem is one setting that cannot be used as it is.
type SettingProblem struct {
	Name    string // dotted: "mail.port"
	Message string // a sentence for people
}
