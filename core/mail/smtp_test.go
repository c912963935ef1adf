package mail

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
)

func message() core.Message {
	return core.Message{
		To: "lead@desk.internal", Subject: "4 orders", Text: "four\n", HTML: "<p>four</p>",
		MessageID: "<r1.acme.2023-06@deskwatch>", Date: time.Date(2023, 7, 1, 8, 0, 0, 0, time.UTC),
	}
}

func sink(t *testing.T, o mailtest.Options) *mailtest.Sink {
	t.Helper()
	s, err := mailtest.NewSink(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func plain(port int) core.MailSettings {
	return core.MailSettings{Mode: core.MailSMTP, Host: "127.0.0.1", Port: port, TLS: core.TLSNone, From: "Deskwatch <alerts@desk.internal>", TimeoutSeconds: 30}
}

// fake is a server that holds the given conversation with one client.
func fake(t *testing.T, talk func(c net.Conn, r *bufio.Reader)) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var conn net.Conn
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		conn = c
		talk(c, bufio.NewReader(c))
		c.Close()
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
		if conn != nil {
			conn.Close()
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

// script answers each line of the client with the next reply; "" drops the connection and
// "hang" waits until the client leaves.
func script(greeting string, replies ...string) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, r *bufio.Reader) {
		next := append([]string{greeting}, replies...)
		for _, reply := range next {
			switch reply {
			case "":
				return
			case "hang":
				for {
					if _, err := r.ReadByte(); err != nil {
						return
					}
				}
			}
			fmt.Fprintf(c, "%s\r\n", reply)
			inData := strings.HasPrefix(reply, "354")
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if !inData || line == ".\r\n" {
					break
				}
			}
		}
	}
}

func send(t *testing.T, s *SMTP, limit time.Duration) core.SendReport {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	start := time.Now()
	report := s.Send(ctx, message())
	if took := time.Since(start); took > limit+500*time.Millisecond {
		t.Errorf("the try took %s, beyond its limit of %s", took, limit)
	}
	if report.Via != "smtp" {
		t.Errorf("via %q", report.Via)
	}
	return report
}

func expect(t *testing.T, got core.SendReport, outcome core.SendOutcome, words string) {
	t.Helper()
	if got.Outcome != outcome || got.Reply != words {
		t.Errorf("got  %d %q\nwant %d %q", got.Outcome, got.Reply, outcome, words)
	}
}

func TestSMTPHandsOverTheMessageAndShowsTheServersLastReply(t *testing.T) {
	s := sink(t, mailtest.Options{})
	report := send(t, NewSMTP(plain(s.Port()), core.Secret{}), 5*time.Second)
	expect(t, report, core.OutcomeSent, "250 2.0.0 OK: queued")
	mails := s.Messages()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	if m.From != "alerts@desk.internal" || m.To != "lead@desk.internal" || m.MessageID != "<r1.acme.2023-06@deskwatch>" {
		t.Errorf("envelope %+v", m)
	}
	if !bytes.Equal(bytes.TrimSpace(m.Raw), bytes.TrimSpace(report.Raw)) {
		t.Error("the server took other bytes than the report keeps")
	}
}

func TestSMTPSaysWhatTheServerRefused(t *testing.T) {
	for name, c := range map[string]struct {
		options mailtest.Options
		outcome core.SendOutcome
		words   string
	}{
		"recipient for good": {
			mailtest.Options{OnRcpt: func(string) error { return mailtest.Refuse(550, [3]int{5, 1, 1}, "No such user") }},
			core.OutcomeRefused, "The server 127.0.0.1 refused the recipient: 550 5.1.1 No such user."},
		"recipient for now": {
			mailtest.Options{OnRcpt: func(string) error { return mailtest.Refuse(451, [3]int{4, 7, 1}, "Greylisted, come back") }},
			core.OutcomeRetry, "The server 127.0.0.1 cannot take the recipient for now: 451 4.7.1 Greylisted, come back."},
		"message for now": {
			mailtest.Options{OnData: func(mailtest.Mail) error { return mailtest.Refuse(452, [3]int{4, 3, 1}, "Disk full") }},
			core.OutcomeRetry, "The server 127.0.0.1 cannot take the message for now: 452 4.3.1 Disk full."},
		"message for good": {
			mailtest.Options{OnData: func(mailtest.Mail) error { return mailtest.Refuse(554, [3]int{5, 7, 1}, "Spam") }},
			core.OutcomeRefused, "The server 127.0.0.1 refused the message: 554 5.7.1 Spam."},
		"sender of the settings": {
			mailtest.Options{OnMail: func(string) error { return mailtest.Refuse(550, [3]int{5, 7, 1}, "Not your address") }},
			core.OutcomeNoService, "The server 127.0.0.1 refused the sender: 550 5.7.1 Not your address. Check the sender in Settings, Mail."},
		"sign-in wanted": {
			mailtest.Options{User: "ana", Password: "x"},
			core.OutcomeNoService, "The server 127.0.0.1 wants the user to sign in first, or in another way: 530 5.7.0 Authentication required. Check the user and the protection in Settings, Mail."},
	} {
		t.Run(name, func(t *testing.T) {
			s := sink(t, c.options)
			expect(t, send(t, NewSMTP(plain(s.Port()), core.Secret{}), 5*time.Second), c.outcome, c.words)
			if n := len(s.Messages()); n != 0 {
				t.Errorf("the server kept %d mails", n)
			}
		})
	}
}

func TestSMTPRefusesForGoodWhenTheMessagesOwnSenderIsRefused(t *testing.T) {
	s := sink(t, mailtest.Options{OnMail: func(string) error { return mailtest.Refuse(550, [3]int{5, 7, 1}, "Not yours") }})
	m := message()
	m.From = "other@desk.internal"
	expect(t, NewSMTP(plain(s.Port()), core.Secret{}).Send(t.Context(), m), core.OutcomeRefused,
		"The server 127.0.0.1 refused the sender: 550 5.7.1 Not yours.")
}

func TestSMTPEndsWithinItsDeadlineWhateverTheServerDoes(t *testing.T) {
	const ehlo = "250 fake"
	const limit = 400 * time.Millisecond
	for name, c := range map[string]struct {
		talk    func(net.Conn, *bufio.Reader)
		outcome core.SendOutcome
		words   string
	}{
		"silent at greeting":  {script("hang"), core.OutcomeNoService, "127.0.0.1 did not answer within 1 second."},
		"silent after hello":  {script("220 fake", "hang"), core.OutcomeNoService, "127.0.0.1 did not answer within 1 second."},
		"silent after sender": {script("220 fake", ehlo, "hang"), core.OutcomeRetry, "127.0.0.1 did not answer within 1 second."},
		"silent after data": {script("220 fake", ehlo, "250 ok", "250 ok", "354 go", "hang"), core.OutcomeRetry,
			"127.0.0.1 did not say within 1 second whether it took the message. It may have arrived. The next try carries the same Message-ID, by which mailboxes recognise a message they have."},
		"drops at greeting": {script(""), core.OutcomeNoService, "127.0.0.1 closed the connection."},
		"drops after recipient": {script("220 fake", ehlo, "250 ok", ""), core.OutcomeRetry,
			"127.0.0.1 closed the connection. The message was not taken."},
		"drops after data": {script("220 fake", ehlo, "250 ok", "250 ok", "354 go", ""), core.OutcomeRetry,
			"The connection to 127.0.0.1 broke after the message was handed over. It may have arrived. The next try carries the same Message-ID, by which mailboxes recognise a message they have."},
		"refuses at greeting":     {script("554 5.7.1 go\x07 away"), core.OutcomeNoService, "The server 127.0.0.1 refused the connection: 554 5.7.1 go away."},
		"too busy at greeting":    {script("421 4.3.2 busy"), core.OutcomeNoService, "The server 127.0.0.1 cannot take the connection for now: 421 4.3.2 busy."},
		"taken, then no farewell": {script("220 fake", ehlo, "250 ok", "250 ok", "354 go", "250 2.0.0 OK: queued as 1234", ""), core.OutcomeSent, "250 2.0.0 OK: queued as 1234"},
		"reply of several lines":  {script("220 fake", ehlo, "250 ok", "550-5.1.1 No such\r\n550 5.1.1 user here"), core.OutcomeRefused, "The server 127.0.0.1 refused the recipient: 550 5.1.1 No such 5.1.1 user here."},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, send(t, NewSMTP(plain(fake(t, c.talk)), core.Secret{}), limit), c.outcome, c.words)
		})
	}
	t.Run("no mail server", func(t *testing.T) {
		port := fake(t, script("HTTP/1.1 400 Bad Request"))
		expect(t, send(t, NewSMTP(plain(port), core.Secret{}), limit), core.OutcomeNoService,
			fmt.Sprintf("127.0.0.1 does not answer on port %d as a mail server does.", port))
	})
	t.Run("endless greeting", func(t *testing.T) {
		port := fake(t, func(c net.Conn, _ *bufio.Reader) {
			for {
				if _, err := c.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		})
		expect(t, send(t, NewSMTP(plain(port), core.Secret{}), 5*time.Second), core.OutcomeNoService,
			fmt.Sprintf("127.0.0.1 does not answer on port %d as a mail server does.", port))
	})
}

func TestSMTPStopsWhenItIsCancelled(t *testing.T) {
	for name, c := range map[string]struct {
		talk    func(net.Conn, *bufio.Reader)
		outcome core.SendOutcome
		words   string
	}{
		"before the message": {script("220 fake", "hang"), core.OutcomeNoService, "Sending was stopped before 127.0.0.1 took the message."},
		"after the message": {script("220 fake", "250 ok", "250 ok", "250 ok", "354 go", "hang"), core.OutcomeRetry,
			"Sending was stopped while 127.0.0.1 was taking the message. It may have arrived. The next try carries the same Message-ID, by which mailboxes recognise a message they have."},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			time.AfterFunc(100*time.Millisecond, cancel)
			start := time.Now()
			expect(t, NewSMTP(plain(fake(t, c.talk)), core.Secret{}).Send(ctx, message()), c.outcome, c.words)
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestSMTPNamesAServerThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	expect(t, send(t, NewSMTP(plain(port), core.Secret{}), 2*time.Second), core.OutcomeNoService,
		fmt.Sprintf("127.0.0.1 refused the connection on port %d. Check the port in Settings, Mail, and that the server runs.", port))

	missing := &try{host: "mail.desk.internal", port: 587}
	expect(t, missing.explain(t.Context(), &net.OpError{Op: "dial", Err: &net.DNSError{Name: "mail.desk.internal", IsNotFound: true}}), core.OutcomeNoService,
		"There is no server named mail.desk.internal. Check the name in Settings, Mail.")
}

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
