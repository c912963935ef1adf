package mail

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
)

func TestSMTPInsistsOnTLS(t *testing.T) {
	next := time.Now().Add(24 * time.Hour)
	for name, c := range map[string]struct {
		mode     core.TLSMode
		names    []string // of the certificate; nil: the server has no TLS
		implicit bool
		expired  bool
		trust    bool
		outcome  core.SendOutcome
		words    string // PORT stands for the port
	}{
		"STARTTLS":                       {mode: core.TLSStartTLS, names: []string{"127.0.0.1"}, trust: true, outcome: core.OutcomeSent, words: "250 2.0.0 OK: queued"},
		"TLS from the first byte":        {mode: core.TLSImplicit, names: []string{"127.0.0.1"}, implicit: true, trust: true, outcome: core.OutcomeSent, words: "250 2.0.0 OK: queued"},
		"no STARTTLS offered":            {mode: core.TLSStartTLS, outcome: core.OutcomeNoService, words: "127.0.0.1 does not offer STARTTLS on port PORT, so nothing was sent. Choose TLS, or another port, in Settings, Mail."},
		"unknown authority":              {mode: core.TLSStartTLS, names: []string{"127.0.0.1"}, outcome: core.OutcomeNoService, words: "The certificate of 127.0.0.1 is signed by nobody this machine trusts. Nothing was sent. Install its authority's certificate, or tell whoever runs the server."},
		"unknown authority at once":      {mode: core.TLSImplicit, names: []string{"127.0.0.1"}, implicit: true, outcome: core.OutcomeNoService, words: "The certificate of 127.0.0.1 is signed by nobody this machine trusts. Nothing was sent. Install its authority's certificate, or tell whoever runs the server."},
		"certificate of another":         {mode: core.TLSStartTLS, names: []string{"other.name"}, trust: true, outcome: core.OutcomeNoService, words: "The server's certificate is for other.name, not 127.0.0.1. Nothing was sent. Check the name in Settings, Mail."},
		"expired certificate":            {mode: core.TLSStartTLS, names: []string{"127.0.0.1"}, trust: true, expired: true, outcome: core.OutcomeNoService, words: "The certificate of 127.0.0.1 has expired or is not valid yet. Nothing was sent. Check this machine's clock, or tell whoever runs the server."},
		"TLS wanted, clear text offered": {mode: core.TLSImplicit, outcome: core.OutcomeNoService, words: "127.0.0.1 does not speak TLS from the first byte on port PORT. Choose STARTTLS, or port 465, in Settings, Mail."},
	} {
		t.Run(name, func(t *testing.T) {
			options := mailtest.Options{Implicit: c.implicit}
			until := next
			if c.expired {
				until = time.Now().Add(-time.Hour)
			}
			roots := x509.NewCertPool()
			if c.names != nil {
				config, pool, err := mailtest.NewCertificate(until, c.names...)
				if err != nil {
					t.Fatal(err)
				}
				options.TLS = config
				if c.trust {
					roots = pool
				}
			}
			s := sink(t, options)
			settings := plain(s.Port())
			settings.TLS = c.mode
			sender := NewSMTP(settings, core.Secret{})
			sender.RootCAs = roots
			report := send(t, sender, 5*time.Second)
			expect(t, report, c.outcome, strings.ReplaceAll(c.words, "PORT", fmt.Sprint(s.Port())))
			if got, want := len(s.Messages()), map[bool]int{true: 1}[c.outcome == core.OutcomeSent]; got != want {
				t.Errorf("%d mails, want %d", got, want)
			}
		})
	}
	t.Run("silent in clear text where TLS is wanted first", func(t *testing.T) {
		settings := plain(fake(t, script("hang")))
		settings.TLS = core.TLSImplicit
		expect(t, send(t, NewSMTP(settings, core.Secret{}), 300*time.Millisecond), core.OutcomeNoService, "127.0.0.1 did not answer within 1 second.")
	})
}
