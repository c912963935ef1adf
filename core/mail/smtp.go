package mail

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"

	"deskwatch/core"
)

// SMTP hands messages to one server, with a connection of its own for each. It is safe for
// concurrent use as long as its fields stay as they are.
type SMTP struct {
	Settings core.MailSettings
	Password core.Secret
	// RootCAs are the authorities trusted to sign the server's certificate; nil means the machine's.
	RootCAs *x509.CertPool
}

// NewSMTP returns a sender for these settings.
func NewSMTP(s core.MailSettings, password core.Secret) *SMTP {
	return &SMTP{Settings: s, Password: password}
}

// Send carries one message within the settings' timeout and ctx, whichever ends first.
func (s *SMTP) Send(ctx context.Context, m core.Message) core.SendReport {
	ownSender := m.From != ""
	if !ownSender {
		m.From = s.Settings.From
	}
	if bad := s.refuse(m); bad != nil {
		bad.Via = viaSMTP
		return *bad
	}
	l, err := compose(m)
	if err != nil {
		return core.SendReport{Outcome: core.OutcomeHeld, Reply: core.ErrorMessage(err), Via: viaSMTP}
	}

	ctx, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	t := &try{
		host: s.Settings.Host, port: s.Settings.Port, settings: s.Settings, password: s.Password, roots: s.RootCAs,
		senderFromSettings: !ownSender,
	}
	if deadline, ok := ctx.Deadline(); ok {
		t.limit = time.Until(deadline)
	}
	report := t.run(ctx, l)
	report.Via = viaSMTP
	return report
}

// refuse names what makes a try pointless, before any connection.
func (s *SMTP) refuse(m core.Message) *core.SendReport {
	if bad := checkParties(m); bad != nil {
		return bad
	}
	to, _ := parseMailbox(m.To) // both were checked above
	from, _ := parseMailbox(m.From)
	set := s.Settings
	noService := func(words string) *core.SendReport {
		return &core.SendReport{Outcome: core.OutcomeNoService, Reply: words}
	}
	switch {
	case IsReserved(to.address):
		return &core.SendReport{Outcome: core.OutcomeHeld, Reply: to.address + " is an example address. Put a real one into the rule's recipients."}
	case IsReserved(from.address):
		return noService("The sender " + from.address + " is an example address. Put a real one into Settings, Mail, From.")
	case set.Host == "":
		return noService("No mail server is set. Enter its name in Settings, Mail.")
	case set.Port < 1 || set.Port > 65535:
		return noService(fmt.Sprintf("%d is not a port. Enter the mail server's port in Settings, Mail; it is usually 587 or 465.", set.Port))
	case set.TLS != core.TLSStartTLS && set.TLS != core.TLSImplicit && set.TLS != core.TLSNone:
		return noService("No protection is chosen for the connection to " + set.Host + ". Choose STARTTLS or TLS in Settings, Mail.")
	case set.User != "" && s.Password.IsZero():
		return noService(fmt.Sprintf("There is no password for the user %s of %s. Enter it in Settings, Mail.", set.User, set.Host))
	case set.User != "" && set.TLS == core.TLSNone && !isLoopback(set.Host):
		return noService("The password would travel to " + set.Host + " unprotected, so it was not sent. Choose STARTTLS or TLS in Settings, Mail.")
	}
	return nil
}

// timeout is the settings' limit for one try; 0 means the default of 30 seconds.
func (s *SMTP) timeout() time.Duration {
	n := s.Settings.TimeoutSeconds
	if n == 0 {
		n = core.DefaultSettings().Mail.TimeoutSeconds
	}
	return time.Duration(min(max(n, 5), 300)) * time.Second
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Test sends a small message with these settings and reports what happened: a real
// transaction in SMTP mode, a message kept in the report in sandbox mode.
func Test(ctx context.Context, settings core.MailSettings, password core.Secret, to string) core.SendReport {
	m := core.Message{
		To:      to,
		Subject: "Test mail from Deskwatch",
		Text:    "This is a test mail from Deskwatch.\n\nThat you read it means that alert mails can reach this address.\n",
		HTML: "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Test mail from Deskwatch</title></head>\n" +
			"<body><p>This is a test mail from Deskwatch.</p>\n<p>That you read it means that alert mails can reach this address.</p></body></html>\n",
		MessageID: "<test." + strings.ToLower(rand.Text()) + "@deskwatch>",
		Date:      time.Now(),
	}
	var report core.SendReport
	if settings.Mode == core.MailSandbox {
		report = NewSandbox(settings).Send(ctx, m)
	} else {
		report = NewSMTP(settings, password).Send(ctx, m)
	}
	if report.Outcome == core.OutcomeHeld && IsReserved(to) {
		report.Reply = to + " is an example address. Enter one that is yours."
	}
	return report
}
