package mail

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/mail/mailtest"
)

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
