package mail

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
)

func TestSMTPSignsIn(t *testing.T) {
	config, pool, err := mailtest.NewCertificate(time.Now().Add(time.Hour), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	s := sink(t, mailtest.Options{TLS: config, User: "ana", Password: "s3cret-word"})
	settings := plain(s.Port())
	settings.TLS, settings.User = core.TLSStartTLS, "ana"
	sender := NewSMTP(settings, core.NewSecret("s3cret-word"))
	sender.RootCAs = pool
	expect(t, send(t, sender, 5*time.Second), core.OutcomeSent, "250 2.0.0 OK: queued")

	sender.Password = core.NewSecret("wr0ng-word")
	report := send(t, sender, 5*time.Second)
	expect(t, report, core.OutcomeNoService, "The server 127.0.0.1 refused the user or the password: 535 5.7.8 Authentication failed.")
	if len(s.Messages()) != 1 {
		t.Errorf("%d mails", len(s.Messages()))
	}
}

func TestSMTPSignsInByOlderWays(t *testing.T) {
	for name, c := range map[string]struct{ offer, challenge string }{
		"LOGIN":    {"250-fake\r\n250 AUTH LOGIN", "334 " + base64.StdEncoding.EncodeToString([]byte("Password:"))},
		"CRAM-MD5": {"250-fake\r\n250 AUTH CRAM-MD5", "334 " + base64.StdEncoding.EncodeToString([]byte("<1@fake>"))},
	} {
		t.Run(name, func(t *testing.T) {
			settings := plain(fake(t, script("220 fake", c.offer, c.challenge, "235 ok", "250 ok", "250 ok", "354 go", "250 taken", "221 bye")))
			settings.User = "ana"
			expect(t, send(t, NewSMTP(settings, core.NewSecret("pw")), 2*time.Second), core.OutcomeSent, "250 taken")
		})
	}
	for name, c := range map[string]struct{ offer, words string }{
		"none":    {"250 fake", "127.0.0.1 does not ask users to sign in on port PORT. Leave the user empty, or choose another port, in Settings, Mail."},
		"unknown": {"250-fake\r\n250 AUTH XOAUTH2", "127.0.0.1 offers only ways to sign in that Deskwatch does not speak (XOAUTH2)."},
	} {
		t.Run(name, func(t *testing.T) {
			settings := plain(fake(t, script("220 fake", c.offer)))
			settings.User = "ana"
			expect(t, send(t, NewSMTP(settings, core.NewSecret("pw")), 2*time.Second), core.OutcomeNoService,
				strings.ReplaceAll(c.words, "PORT", fmt.Sprint(settings.Port)))
		})
	}
}

func TestSMTPNeverRepeatsThePassword(t *testing.T) {
	const password = "hunter2-hunter2"
	echo := func(c net.Conn, r *bufio.Reader) {
		fmt.Fprint(c, "220 fake\r\n")
		r.ReadString('\n')
		fmt.Fprint(c, "250-fake\r\n250 AUTH PLAIN\r\n")
		line, _ := r.ReadString('\n')
		fmt.Fprintf(c, "535 5.7.8 not %s nor %s\r\n", strings.TrimSpace(line), password)
		r.ReadString('\n')
	}
	settings := plain(fake(t, echo))
	settings.User = "ana"
	report := send(t, NewSMTP(settings, core.NewSecret(password)), 2*time.Second)
	if report.Outcome != core.OutcomeNoService || !strings.Contains(report.Reply, "535 5.7.8 not AUTH PLAIN [secret] nor [secret]") {
		t.Errorf("report %+v", report)
	}
	for _, leak := range []string{password, base64.StdEncoding.EncodeToString([]byte("\x00ana\x00" + password))} {
		if strings.Contains(fmt.Sprintf("%+v %#v", report, report), leak) {
			t.Errorf("the report leaks %q", leak)
		}
	}
	if s := fmt.Sprintf("%+v %#v", *NewSMTP(settings, core.NewSecret(password)), NewSMTP(settings, core.NewSecret(password))); strings.Contains(s, password) {
		t.Error("printing the sender leaks the password")
	}
}
