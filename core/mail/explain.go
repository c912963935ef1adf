package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"deskwatch/core"
)

// explain says in words why the try ended, and what that means for the message.
func (t *try) explain(ctx context.Context, err error) core.SendReport {
	var reply *textproto.Error
	var lookup *net.DNSError
	var protocol textproto.ProtocolError
	var sign noSignIn
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		if t.step >= stepEnd {
			return t.unknown("Sending was stopped while %s was taking the message.", t.host)
		}
		return noService("Sending was stopped before %s took the message.", t.host)
	case errors.As(err, &reply):
		return t.refusal(reply)
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded):
		return t.silence()
	case errors.Is(err, errNoStartTLS):
		return noService("%s does not offer STARTTLS on port %d, so nothing was sent. Choose TLS, or another port, in Settings, Mail.", t.host, t.port)
	case errors.As(err, &sign):
		if sign.offered == "" {
			return noService("%s does not ask users to sign in on port %d. Leave the user empty, or choose another port, in Settings, Mail.", t.host, t.port)
		}
		return noService("%s offers only ways to sign in that Deskwatch does not speak (%s).", t.host, sign.offered)
	case errors.As(err, &lookup):
		if lookup.IsNotFound {
			return noService("There is no server named %s. Check the name in Settings, Mail.", t.host)
		}
		return noService("The name %s could not be looked up. Check the network connection.", t.host)
	case t.step == stepConnect && errors.Is(err, syscall.ECONNREFUSED):
		return noService("%s refused the connection on port %d. Check the port in Settings, Mail, and that the server runs.", t.host, t.port)
	case t.step == stepConnect:
		return noService("%s could not be reached on port %d. Check the network connection and Settings, Mail.", t.host, t.port)
	}
	if words := t.insecure(err); words != "" {
		return noService("%s", words)
	}
	if errors.As(err, &protocol) || errors.Is(err, errTalksTooMuch) {
		return t.broken("%s does not answer on port %d as a mail server does.", t.host, t.port)
	}
	if t.step == stepAuth {
		return noService("Signing in to %s did not work: the server left the usual way of doing it.", t.host)
	}
	return t.broken("%s closed the connection.", t.host)
}

// refusal is a reply that is not the one hoped for.
func (t *try) refusal(e *textproto.Error) core.SendReport {
	said := sentence(scrub(serverReply(e.Code, e.Msg), t.settings.User, t.password))
	later := e.Code < 500
	what := map[step]string{
		stepGreeting: "connection", stepHello: "greeting", stepStartTLS: "start of TLS", stepAuth: "sign-in",
		stepMail: "sender", stepRcpt: "recipient", stepData: "message", stepBody: "message", stepEnd: "message",
	}[t.step]
	words := fmt.Sprintf("The server %s refused the %s: %s", t.host, what, said)
	if later {
		words = fmt.Sprintf("The server %s cannot take the %s for now: %s", t.host, what, said)
	}
	switch {
	case t.step == stepAuth && e.Code == 535:
		return noService("The server %s refused the user or the password: %s", t.host, said)
	case slices.Contains([]int{530, 534, 535, 538}, e.Code):
		// RFC 4954 section 6: authentication or encryption is required; every message fares the same.
		return noService("The server %s wants the user to sign in first, or in another way: %s Check the user and the protection in Settings, Mail.", t.host, said)
	case t.step < stepMail:
		return noService("%s", words)
	case later:
		return core.SendReport{Outcome: core.OutcomeRetry, Reply: words}
	case t.step == stepMail && t.senderFromSettings:
		// The next message would have the same sender: better none is given up.
		return noService("%s Check the sender in Settings, Mail.", words)
	}
	return core.SendReport{Outcome: core.OutcomeRefused, Reply: words}
}

// silence is a server that did not answer in time.
func (t *try) silence() core.SendReport {
	if t.step >= stepEnd {
		return t.unknown("%s did not say within %s whether it took the message.", t.host, seconds(t.limit))
	}
	words := fmt.Sprintf("%s did not answer within %s.", t.host, seconds(t.limit))
	switch {
	case t.step >= stepMail:
		return core.SendReport{Outcome: core.OutcomeRetry, Reply: words}
	case t.step == stepGreeting && t.settings.TLS != core.TLSImplicit && t.port == 465:
		words += " Port 465 usually wants TLS from the first byte: choose TLS in Settings, Mail."
	}
	return noService("%s", words)
}

// broken is a conversation that ended in the middle.
func (t *try) broken(format string, args ...any) core.SendReport {
	switch {
	case t.step >= stepEnd:
		return t.unknown("The connection to %s broke after the message was handed over.", t.host)
	case t.step >= stepMail:
		return core.SendReport{Outcome: core.OutcomeRetry, Reply: fmt.Sprintf(format, args...) + " The message was not taken."}
	}
	return noService(format, args...)
}

// unknown is a message that was handed over whole, without an answer.
func (t *try) unknown(format string, args ...any) core.SendReport {
	return core.SendReport{
		Outcome: core.OutcomeRetry,
		Reply:   fmt.Sprintf(format, args...) + " It may have arrived. The next try carries the same Message-ID, by which mailboxes recognise a message they have.",
	}
}

// insecure explains a failure of TLS; it returns "" when err is none.
func (t *try) insecure(err error) string {
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &name):
		return fmt.Sprintf("The server's certificate is for %s, not %s. Nothing was sent. Check the name in Settings, Mail.", certificateNames(name.Certificate), t.host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("The certificate of %s has expired or is not valid yet. Nothing was sent. Check this machine's clock, or tell whoever runs the server.", t.host)
	case errors.As(err, &unknown):
		return fmt.Sprintf("The certificate of %s is signed by nobody this machine trusts. Nothing was sent. Install its authority's certificate, or tell whoever runs the server.", t.host)
	case errors.As(err, &verification), errors.As(err, &invalid):
		return fmt.Sprintf("The certificate of %s cannot be trusted. Nothing was sent. Tell whoever runs the server.", t.host)
	case errors.As(err, &record):
		return fmt.Sprintf("%s does not speak TLS from the first byte on port %d. Choose STARTTLS, or port 465, in Settings, Mail.", t.host, t.port)
	case t.step != stepTLS && t.step != stepStartTLS:
		return ""
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return fmt.Sprintf("%s ended the connection on port %d before TLS was agreed on. Nothing was sent.", t.host, t.port)
	}
	return fmt.Sprintf("%s and this machine could not agree on TLS on port %d. Nothing was sent.", t.host, t.port)
}

func certificateNames(c *x509.Certificate) string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	if len(names) == 0 {
		return "no name at all"
	}
	return oneLine(strings.Join(names[:min(len(names), 3)], ", "), 200)
}

func noService(format string, args ...any) core.SendReport {
	return core.SendReport{Outcome: core.OutcomeNoService, Reply: fmt.Sprintf(format, args...)}
}

func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// seconds rounds to whole seconds, at least one.
func seconds(d time.Duration) string {
	n := max(1, int(d.Round(time.Second)/time.Second))
	if n == 1 {
		return "1 second"
	}
	return fmt.Sprintf("%d seconds", n)
}
