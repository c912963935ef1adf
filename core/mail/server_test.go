package mail

import (
	"bufio"
	"context"
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
