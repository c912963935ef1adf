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
	}
}

// SettingProblem is one setting that cannot be used as it is.
type SettingProblem struct {
	Name    string // dotted: "mail.port"
	Message string // a sentence for people
}
