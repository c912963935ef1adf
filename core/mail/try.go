package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// step is how far a try has come.
type step int

// The steps, in the order of RFC 5321. Up to stepAuth a failure concerns every message,
// from stepMail on the one that is being sent. From stepEnd on the server has all of it.
const (
	stepConnect step = iota
	stepTLS
	stepGreeting
	stepHello
	stepStartTLS
	stepAuth
	stepMail
	stepRcpt
	stepData
	stepBody
	stepEnd
)

// try is one conversation with the server.
type try struct {
	host               string
	port               int
	settings           core.MailSettings
	password           core.Secret
	roots              *x509.CertPool
	limit              time.Duration // for the whole conversation, for the words only
	senderFromSettings bool
	step               step
}

// run carries the letter and reports. It returns when ctx ends, at the latest.
func (t *try) run(ctx context.Context, l letter) core.SendReport {
	reply, err := t.talk(ctx, l)
	if err != nil {
		report := t.explain(ctx, err)
		if t.step >= stepEnd {
			report.Raw = l.raw
		}
		return report
	}
	return core.SendReport{Outcome: core.OutcomeSent, Reply: reply, Raw: l.raw}
}

// talk holds the conversation and returns the server's reply to the message.
func (t *try) talk(ctx context.Context, l letter) (reply string, err error) {
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(t.host, strconv.Itoa(t.port)))
	if err != nil {
		return "", err
	}
	defer raw.Close()
	// One absolute deadline for everything, the greeting included; and the end of ctx, for
	// whatever reason, wakes whoever waits for the server.
	if deadline, ok := ctx.Deadline(); ok {
		if err := raw.SetDeadline(deadline); err != nil {
			return "", err
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) }) // a failure means it is closed already
	defer stop()

	var conn net.Conn = &boundedConn{Conn: raw, left: maxFromServer}
	secure := &tls.Config{ServerName: t.host, RootCAs: t.roots, MinVersion: tls.VersionTLS12}
	if t.settings.TLS == core.TLSImplicit {
		t.step = stepTLS
		c := tls.Client(conn, secure)
		if err := c.HandshakeContext(ctx); err != nil {
			return "", err
		}
		conn = c
	}

	t.step = stepGreeting
	client, err := smtp.NewClient(conn, t.host)
	if err != nil {
		return "", err
	}
	defer client.Close()
	t.step = stepHello
	if err := client.Hello(addressLiteral(raw.LocalAddr())); err != nil {
		return "", err
	}
	if t.settings.TLS == core.TLSStartTLS {
		t.step = stepStartTLS
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return "", errNoStartTLS
		}
		if err := client.StartTLS(secure); err != nil {
			return "", err
		}
	}
	if t.settings.User != "" {
		t.step = stepAuth
		if err := signIn(client, t.settings.User, t.password); err != nil {
			return "", err
		}
	}
	if reply, err = t.transfer(client, l); err != nil {
		return "", err
	}
	// The server has taken the message: nothing that happens to the farewell changes that,
	// and it is not worth waiting for.
	if stop() {
		if err := raw.SetDeadline(time.Now().Add(time.Second)); err == nil {
			_ = client.Quit()
		}
	}
	return reply, nil
}

// transfer is one mail transaction.
func (t *try) transfer(client *smtp.Client, l letter) (reply string, err error) {
	t.step = stepMail
	if err := client.Mail(l.from.address); err != nil {
		return "", err
	}
	t.step = stepRcpt
	if err := client.Rcpt(l.to.address); err != nil {
		return "", err
	}
	// Client.Data hides the reply to the message, so the command is given here.
	t.step = stepData
	id, err := client.Text.Cmd("DATA")
	if err != nil {
		return "", err
	}
	client.Text.StartResponse(id)
	defer client.Text.EndResponse(id)
	if _, _, err := client.Text.ReadResponse(354); err != nil {
		return "", err
	}
	t.step = stepBody
	w := client.Text.DotWriter()
	if _, err := w.Write(l.raw); err != nil {
		return "", err
	}
	t.step = stepEnd
	if err := w.Close(); err != nil {
		return "", err
	}
	code, text, err := client.Text.ReadResponse(250)
	if err != nil {
		return "", err
	}
	return scrub(serverReply(code, text), t.settings.User, t.password), nil
}

// addressLiteral is how a client without a public name introduces itself, RFC 5321 section 4.1.3.
func addressLiteral(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case tcp.IP.To4() != nil:
		return "[" + tcp.IP.String() + "]"
	}
	return "[IPv6:" + tcp.IP.String() + "]"
}

// serverReply is a reply on one line, as people quote it: "250 2.0.0 OK: queued as 1234".
func serverReply(code int, text string) string {
	return strings.TrimSpace(fmt.Sprintf("%03d %s", code, oneLine(text, 500)))
}

// maxFromServer bounds what a server may say in one conversation, TLS handshake included:
// net/textproto puts no limit on a line.
const maxFromServer = 1 << 20

var (
	errNoStartTLS   = errors.New("the server does not offer STARTTLS")
	errTalksTooMuch = errors.New("the server said more than a mail server says")
)

type boundedConn struct {
	net.Conn
	left int
}

func (c *boundedConn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTalksTooMuch
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}
