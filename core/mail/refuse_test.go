package mail

import (
	"testing"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
)

func TestSMTPRefusesToTryWhatCannotWork(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*core.MailSettings, *core.Message, *core.Secret)
		outcome core.SendOutcome
		words   string
	}{
		"example recipient": {func(_ *core.MailSettings, m *core.Message, _ *core.Secret) { m.To = "support-lead@deskwatch.example" },
			core.OutcomeHeld, "support-lead@deskwatch.example is an example address. Put a real one into the rule's recipients."},
		"example sender": {func(s *core.MailSettings, _ *core.Message, _ *core.Secret) {
			s.From = "Deskwatch <alerts@deskwatch.example>"
		}, core.OutcomeNoService, "The sender alerts@deskwatch.example is an example address. Put a real one into Settings, Mail, From."},
		"no host": {func(s *core.MailSettings, _ *core.Message, _ *core.Secret) { s.Host = "" },
			core.OutcomeNoService, "No mail server is set. Enter its name in Settings, Mail."},
		"no port": {func(s *core.MailSettings, _ *core.Message, _ *core.Secret) { s.Port = 0 },
			core.OutcomeNoService, "0 is not a port. Enter the mail server's port in Settings, Mail; it is usually 587 or 465."},
		"no TLS mode": {func(s *core.MailSettings, _ *core.Message, _ *core.Secret) { s.TLS = "" },
			core.OutcomeNoService, "No protection is chosen for the connection to mail.desk.internal. Choose STARTTLS or TLS in Settings, Mail."},
		"password in clear": {func(s *core.MailSettings, _ *core.Message, p *core.Secret) { s.User, *p = "ana", core.NewSecret("pw") },
			core.OutcomeNoService, "The password would travel to mail.desk.internal unprotected, so it was not sent. Choose STARTTLS or TLS in Settings, Mail."},
		"user without password": {func(s *core.MailSettings, _ *core.Message, _ *core.Secret) { s.User = "ana" },
			core.OutcomeNoService, "There is no password for the user ana of mail.desk.internal. Enter it in Settings, Mail."},
		"address that is none": {func(_ *core.MailSettings, m *core.Message, _ *core.Secret) {
			m.To = "lead@desk.internal\r\nBcc: all@desk.internal"
		}, core.OutcomeHeld, `"lead@desk.internal\r\nBcc: all@desk.internal" is not an e-mail address: it contains a blank or a line break. Correct it in the rule's recipients or in the client.`},
	} {
		t.Run(name, func(t *testing.T) {
			settings, m, password := plain(25), message(), core.Secret{}
			settings.Host = "mail.desk.internal"
			c.change(&settings, &m, &password)
			report := NewSMTP(settings, password).Send(t.Context(), m)
			expect(t, report, c.outcome, c.words)
			if report.Raw != nil {
				t.Error("the report has a message that was never handed over")
			}
		})
	}
}

func TestTestMailIsARealTransaction(t *testing.T) {
	s := sink(t, mailtest.Options{})
	settings := plain(s.Port())
	expect(t, Test(t.Context(), settings, core.Secret{}, "me@desk.internal"), core.OutcomeSent, "250 2.0.0 OK: queued")
	if m := s.Messages(); len(m) != 1 || m[0].To != "me@desk.internal" {
		t.Errorf("mails %+v", m)
	}
	expect(t, Test(t.Context(), settings, core.Secret{}, "me@example.com"), core.OutcomeHeld, "me@example.com is an example address. Enter one that is yours.")

	settings.Mode = core.MailSandbox
	report := Test(t.Context(), settings, core.Secret{}, "me@example.com")
	expect(t, report, core.OutcomeSent, "Kept in the sandbox. No mail left this machine.")
	if report.Via != "sandbox" || len(s.Messages()) != 1 {
		t.Errorf("via %q, %d mails", report.Via, len(s.Messages()))
	}
}
