package api

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// The limits of connections.
const (
	maxConnections = 2048
	// Above so many, connections that are idle are closed: somebody who only keeps them open
	// keeps nobody else out.
	crowded      = maxConnections * 3 / 4
	readHeader   = 5 * time.Second
	idle         = 60 * time.Second
	maxHeader    = 16 << 10
	maxH2Streams = 64
)

// ListenOptions say where to listen.
type ListenOptions struct {
	Address string // host:port; port 0 is any free one
	// Certificate gives the certificate of a new connection; nil is HTTP without TLS.
	Certificate func() (*tls.Certificate, error)
	// AllowInsecure listens beyond loopback without TLS: passwords travel readable.
	AllowInsecure bool
}

// Start listens and answers until Stop. It fails with core.CodeInvalid when the address cannot
// be used as it is, and with core.CodeConflict when another program listens there. A server is
// started once.
func (s *Server) Start(ctx context.Context, o ListenOptions) error {
	s.listening.Lock()
	defer s.listening.Unlock()
	if s.http != nil || s.quit.Err() != nil {
		return core.NewError(core.CodeConflict, "api.start", "The REST server runs already, or has ended.", nil)
	}
	if err := CheckAddress(o); err != nil {
		return err
	}
	state := core.ServerState{Running: true, Since: s.Now()}
	if o.Certificate != nil {
		cert, err := o.Certificate()
		if err != nil {
			return err
		}
		state.Fingerprint = Fingerprint(cert)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.Address)
	if err != nil {
		return cannotListen(o.Address, err)
	}
	state.URL = s.urlOf(l.Addr(), o)
	s.serve(atMost(l, maxConnections), o, state)
	return nil
}

func (s *Server) serve(l net.Listener, o ListenOptions, state core.ServerState) {
	s.http = &http.Server{
		Handler: s.handler, ReadHeaderTimeout: readHeader, IdleTimeout: idle, MaxHeaderBytes: maxHeader,
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: maxH2Streams, SendPingTimeout: idle, WriteByteTimeout: writeLimit},
		ErrorLog: log.New(complaints{s.Log}, "", 0), ConnState: s.watchConnection,
	}
	if o.Certificate != nil {
		s.http.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return o.Certificate() }}
	}
	s.state, s.ended = state, make(chan struct{})
	go func(h *http.Server, ended chan struct{}) {
		defer close(ended)
		var err error
		if o.Certificate != nil {
			err = h.ServeTLS(l, "", "")
		} else {
			err = h.Serve(l)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			s.broke(err)
		}
	}(s.http, s.ended)
	s.Log.Info("the REST server listens", "url", state.URL, "fingerprint", state.Fingerprint)
	s.Changed()
}

// watchConnection counts connections, and closes idle ones while there are many.
func (s *Server) watchConnection(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.tally.connections.Inc()
	case http.StateClosed, http.StateHijacked:
		s.tally.connections.Dec()
	case http.StateIdle:
		if s.tally.connections.n.Load() > crowded {
			_ = c.Close()
		}
	}
}

// broke says that the server ended by itself.
func (s *Server) broke(err error) {
	s.Log.Error("the REST server ended", "err", err)
	s.listening.Lock()
	s.state.Running, s.state.URL = false, ""
	s.state.Problem = "The REST server ended by itself. The log has the details."
	s.listening.Unlock()
	s.Changed()
}

// State says how the server is doing.
func (s *Server) State() core.ServerState {
	s.listening.Lock()
	defer s.listening.Unlock()
	return s.state
}

// Stop ends the streams of events, lets what is being answered end within ctx, and closes what is
// left then. It is idempotent.
func (s *Server) Stop(ctx context.Context) error {
	s.endQuit()
	s.listening.Lock()
	h, ended := s.http, s.ended
	s.listening.Unlock()
	if h == nil {
		return nil
	}
	err := h.Shutdown(ctx)
	if err != nil {
		err = errors.Join(core.NewError(core.CodeUnavailable, "api.stop", "Some requests were not answered in time and were broken off.", err), h.Close())
	}
	<-ended
	s.listening.Lock()
	was := s.state.Running
	s.state = core.ServerState{}
	s.listening.Unlock()
	if was {
		s.Log.Info("the REST server ended")
		s.Changed()
	}
	return err
}

// HostOf is the host an address names; "" for every address of the machine.
func HostOf(address string) string {
	host := hostOnly(address)
	if isUnspecified(host) {
		return ""
	}
	return host
}

// CheckAddress refuses to listen beyond this machine without TLS, unless it was said in so many
// words.
func CheckAddress(o ListenOptions) error {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil || port == "" {
		return core.NewError(core.CodeInvalid, "api.start", fmt.Sprintf("%q is not an address to listen on. Write it as host:port, such as 127.0.0.1:8750. The REST server was not started.", o.Address), err)
	}
	if o.Certificate != nil || o.AllowInsecure || loopbackHost(host) {
		return nil
	}
	return core.NewError(core.CodeInvalid, "api.start", fmt.Sprintf(
		"Others could reach this desk at %s, and passwords would travel readable. The REST server was not started. Choose a certificate (your own files, or one the desk makes for itself), listen on 127.0.0.1 only, or allow HTTP without TLS in so many words.", o.Address), nil)
}

func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func cannotListen(address string, err error) error {
	if addressInUse(err) {
		return core.NewError(core.CodeConflict, "api.start", fmt.Sprintf("Another program listens on %s already. The REST server waits for it to end. Or choose another port.", address), err)
	}
	return core.NewError(core.CodeUnavailable, "api.start", fmt.Sprintf("The REST server cannot listen on %s. Check that the address is one of this machine's, and that the port is above 1023.", address), err)
}

// urlOf is how the server is reached: by the name it was told to listen on, or, on every address
// of the machine, by the first of the names others call it by.
func (s *Server) urlOf(a net.Addr, o ListenOptions) string {
	scheme := "http"
	if o.Certificate != nil {
		scheme = "https"
	}
	_, port, _ := net.SplitHostPort(a.String()) // of a listener it is whole
	host := HostOf(o.Address)
	if host == "" {
		host = cmp.Or(slices.Concat(s.Settings().Hosts, []string{s.hostName, "localhost"})...)
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// address is the one it listens on, or would.
func (s *Server) address(set core.ServerSettings) string { return set.Address }

// complaints are what net/http has to say of connections: strangers cause most of it.
type complaints struct{ log *slog.Logger }

func (c complaints) Write(b []byte) (int, error) {
	c.log.Debug("connection", "said", strings.TrimSpace(string(b)))
	return len(b), nil
}
