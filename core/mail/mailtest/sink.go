// Package mailtest is a real SMTP server for tests: it listens on this machine, keeps what it
// takes, and refuses what its hooks tell it to. Imported by tests only.
package mailtest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/mail"
	"slices"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Options says how a Sink behaves. The zero value takes everything in clear on a free port.
type Options struct {
	Addr     string      // where to listen; "" means a free port of 127.0.0.1
	TLS      *tls.Config // nil: no TLS; else STARTTLS is offered
	Implicit bool        // TLS from the first byte instead of STARTTLS

	// User and Password are wanted of clients when User is not "".
	User, Password string

	// The hooks may refuse: return Refuse(550, …). They run on the server's goroutines.
	OnMail func(from string) error
	OnRcpt func(to string) error
	OnData func(Mail) error // after the whole message came; a refused one is not kept
}

// Mail is a message the sink took.
type Mail struct {
	From, To  string // of the envelope
	MessageID string // with its angle brackets; "" when the message has none
	Raw       []byte
}

// Sink is a running server.
type Sink struct {
	options  Options
	server   *smtp.Server
	listener net.Listener
	done     chan struct{}

	mu    sync.Mutex
	mails []Mail
}

// Refuse is the error of a hook that makes the server answer "550 5.1.1 text" and the like.
func Refuse(code int, enhanced [3]int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(enhanced), Message: text}
}

// NewSink starts a server. Close ends it.
func NewSink(o Options) (*Sink, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, err
	}
	s := &Sink{options: o, listener: l, done: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{sink: s}, nil
	}))
	s.server.Domain = "sink"
	s.server.AllowInsecureAuth = true
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	s.server.TLSConfig = o.TLS
	if o.Implicit {
		l = tls.NewListener(l, o.TLS)
	}
	go func() {
		defer close(s.done)
		_ = s.server.Serve(l) // it ends with an error when Close closes the listener
	}()
	return s, nil
}

// Addr is where the sink listens, host:port.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Port is the port of Addr.
func (s *Sink) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Messages returns what was taken so far, in the order it came.
func (s *Sink) Messages() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Close stops the server and its connections. What was taken stays readable.
func (s *Sink) Close() error {
	err := s.server.Close()
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	// Serve may not have taken the listener over yet when the sink lives very briefly.
	if lerr := s.listener.Close(); lerr != nil && !errors.Is(lerr, net.ErrClosed) && err == nil {
		err = lerr
	}
	<-s.done
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// session is one connection's conversation.
type session struct {
	sink     *Sink
	signedIn bool
	from, to string
}

func (s *session) AuthMechanisms() []string {
	if s.sink.options.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.sink.options.User || password != s.sink.options.Password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.sink.options.User != "" && !s.signedIn {
		return Refuse(530, [3]int{5, 7, 0}, "Authentication required")
	}
	s.from = from
	if s.sink.options.OnMail != nil {
		return s.sink.options.OnMail(from)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.sink.options.OnRcpt != nil {
		return s.sink.options.OnRcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := Mail{From: s.from, To: s.to, Raw: raw}
	if parsed, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		m.MessageID = parsed.Header.Get("Message-ID")
	}
	if s.sink.options.OnData != nil {
		if err := s.sink.options.OnData(m); err != nil {
			return err
		}
	}
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mails = append(s.sink.mails, m)
	return nil
}

func (s *session) Reset() { s.from, s.to = "", "" }

func (s *session) Logout() error { return nil }
