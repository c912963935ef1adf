package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/api"
)

const (
	// serverJob names the REST server in the log and the status line.
	serverJob = "REST server"
	// retryServer is how often a server that cannot listen tries again.
	retryServer = 15 * time.Second
	// stopServerWithin bounds how long requests in work may take to end; what is left of
	// stopWithin is for everything else.
	stopServerWithin = 3 * time.Second
)

// server is the REST server of this process.
type server struct {
	changing sync.Mutex // one start or stop at a time

	mu      sync.Mutex
	run     *core.ServerSettings // what this run of the program wants, instead of the settings
	now     *api.Server          // nil while none runs
	with    listening            // what it runs with
	cert    int                  // how often the certificate was made anew
	problem string
	nobody  bool // nobody can sign in
	ended   bool // it is not to be started again

	failing outage
	poked   chan struct{} // wakes keepServing
}

// listening is what of the settings a running server has to be started anew for.
type listening struct {
	enabled       bool
	address       string
	tls           core.TLSChoice
	certFile, key string
	insecure      bool
	cert          int
}

func listeningOf(s core.ServerSettings, cert int) listening {
	return listening{s.Enabled, s.Address, s.TLS, s.CertFile, s.KeyFile, s.InsecureHTTP, cert}
}

// ServeREST has the REST server run as s says as long as this process watches, whatever the
// settings say. It is called before StartWatching, and fails when s cannot be used as it is.
func (a *App) ServeREST(ctx context.Context, s core.ServerSettings) error {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return err
	}
	s.Enabled = true
	after := a.settings.Current()
	after.Server = s
	for _, p := range a.CheckSettings(after) {
		return core.NewError(core.CodeInvalid, "app.server", p.Message, nil)
	}
	o, err := a.listenOptions(ctx, s)
	if err == nil {
		err = api.CheckAddress(o)
	}
	if err != nil {
		return err
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.run = &s
	return nil
}

// serverSettings are those in force in this process.
func (a *App) serverSettings() core.ServerSettings {
	set := a.settings.Current().Server
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	if a.server.run == nil {
		return set
	}
	run := *a.server.run
	run.TokenSeconds, run.MaxUploadMB = set.TokenSeconds, set.MaxUploadMB // no flag says these
	return run
}

// keepServing starts, restarts and stops the REST server as the settings change, until ctx ends.
func (a *App) keepServing(ctx context.Context) {
	events, cancel := a.bus.Subscribe(64)
	defer cancel()
	retry := time.NewTicker(a.retryServer)
	defer retry.Stop()
	for {
		a.serveAsWanted(ctx)
		for again := false; !again; {
			select {
			case <-ctx.Done():
				return
			case <-retry.C:
				again = true
			case <-a.server.poked:
				again = true
			case e, open := <-events:
				if !open {
					return
				}
				switch e.(type) {
				case core.SettingsChanged, core.UsersChanged:
					again = true
				}
			}
		}
	}
}

// serveAsWanted makes the server run as the settings say. What fails is tried again.
func (a *App) serveAsWanted(ctx context.Context) {
	a.server.changing.Lock()
	defer a.server.changing.Unlock()
	set := a.serverSettings()
	a.server.mu.Lock()
	now, with, ended, before := a.server.now, a.server.with, a.server.ended, a.server.problem
	want := listeningOf(set, a.server.cert)
	a.server.mu.Unlock()
	if ended || ctx.Err() != nil {
		return
	}
	running := now != nil && now.State().Running
	if now != nil && (want != with || !running) {
		a.stopServing(ctx)
		running = false
	}
	var err error
	if set.Enabled && !running {
		err = a.startServing(ctx, set, want)
	}
	nobody := false
	if set.Enabled {
		nobody = a.nobodySignsIn(ctx)
	}
	problem := core.ErrorMessage(err)
	a.server.mu.Lock()
	changed := before != problem || a.server.nobody != nobody
	a.server.problem, a.server.nobody = problem, nobody
	a.server.mu.Unlock()
	switch {
	case err == nil:
		a.server.failing.end()
	case ctx.Err() == nil && (a.server.failing.first() || before != problem):
		a.jobFailed(serverJob, err)
	}
	if changed {
		a.bus.Publish(core.ServerChanged{})
	}
}

func (a *App) startServing(ctx context.Context, set core.ServerSettings, want listening) error {
	o, err := a.listenOptions(ctx, set)
	if err != nil {
		return err
	}
	s, err := api.New(api.Options{
		Desk: a, Guard: a.auth, Log: a.log, Now: a.now, Settings: a.serverSettings, Version: Version,
		Changed: func() { a.bus.Publish(core.ServerChanged{}) },
	})
	if err != nil {
		return err
	}
	if err := s.Start(ctx, o); err != nil {
		return joinErrors(err, s.Stop(ctx))
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.server.now, a.server.with = s, want
	return nil
}

// stopServing ends the server that runs, if one does.
func (a *App) stopServing(ctx context.Context) {
	a.server.mu.Lock()
	now := a.server.now
	a.server.now = nil
	a.server.mu.Unlock()
	if now == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopServerWithin)
	defer cancel()
	if err := now.Stop(ctx); err != nil {
		a.log.Warn("the REST server did not end in time", "err", err)
	}
}

// endServing ends the server for good: the desk is closing, and nothing may ask it any more.
// What is in work then may end first.
func (a *App) endServing(ctx context.Context) {
	a.server.mu.Lock()
	a.server.ended = true
	a.server.mu.Unlock()
	a.stopServing(ctx)
	// One may have been starting in the same moment.
	a.server.changing.Lock()
	defer a.server.changing.Unlock()
	a.stopServing(ctx)
}

func (a *App) pokeServer() {
	select {
	case a.server.poked <- struct{}{}:
	default: // it is awake already
	}
}

// listenOptions say where to listen, and with which certificate.
func (a *App) listenOptions(ctx context.Context, set core.ServerSettings) (api.ListenOptions, error) {
	o := api.ListenOptions{Address: set.Address, AllowInsecure: set.InsecureHTTP}
	switch set.TLS {
	case core.TLSFiles:
		o.Certificate = api.NewFileCertificate(set.CertFile, set.KeyFile, a.now).Get
		_, err := o.Certificate()
		return o, err
	case core.TLSGenerated:
		c, err := a.ownCertificate(ctx, set)
		o.Certificate = func() (*tls.Certificate, error) { return c, nil }
		return o, err
	}
	return o, nil
}

// ownCertificate is the certificate the desk made for itself; it is made on first use.
func (a *App) ownCertificate(ctx context.Context, set core.ServerSettings) (*tls.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, vaultWait)
	defer cancel()
	text, ok, err := a.vault.Get(ctx, core.SecretServerTLS)
	if err == nil && !ok {
		text, err = a.newCertificate(ctx, set)
	}
	if err != nil {
		return nil, err
	}
	return api.ParseCertificate(text)
}

func (a *App) newCertificate(ctx context.Context, set core.ServerSettings) (core.Secret, error) {
	names := []string{"localhost", "127.0.0.1", "::1"}
	if own, err := os.Hostname(); err == nil {
		names = append(names, own)
	}
	names = append(names, set.Hosts...)
	if host := api.HostOf(set.Address); host != "" {
		names = append(names, host)
	}
	slices.Sort(names)
	text, err := api.NewCertificate(slices.Compact(names), a.now())
	if err != nil {
		return core.Secret{}, err
	}
	if err := a.vault.Set(ctx, core.SecretServerTLS, text); err != nil {
		return core.Secret{}, err
	}
	a.log.Info("a certificate for the REST server was made")
	return text, nil
}

// NewServerCertificate replaces the certificate the desk made for itself; those who pinned the
// old one have to pin the new.
func (a *App) NewServerCertificate(ctx context.Context) error {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return err
	}
	if _, err := a.newCertificate(ctx, a.serverSettings()); err != nil {
		return err
	}
	a.log.Info("the certificate of the REST server was replaced", "by", a.actor(ctx).Name)
	a.server.mu.Lock()
	a.server.cert++
	a.server.mu.Unlock()
	a.pokeServer()
	a.bus.Publish(core.ServerChanged{})
	return nil
}

// nobodyText is what to do while the server runs and nobody can sign in.
const nobodyText = "Nobody can sign in to the REST server yet. Add a user with a password, or a token."

// nobodySignsIn reports whether no user has a password, and no program a token.
func (a *App) nobodySignsIn(ctx context.Context) bool {
	known, err := a.users.Credentials(ctx)
	if err != nil {
		a.log.Warn("who can sign in is not known", "err", err)
		return false
	}
	if slices.ContainsFunc(usersOf(known), func(u core.User) bool { return u.Active && u.HasPassword }) {
		return false
	}
	tokens, err := a.users.Tokens(ctx)
	if err != nil {
		a.log.Warn("who has a token is not known", "err", err)
		return false
	}
	now := a.now()
	for _, t := range tokens {
		if t.Revoked.IsZero() && (t.Expires.IsZero() || now.Before(t.Expires)) {
			return false
		}
	}
	return true
}

// ServerState says how the REST server is doing.
func (a *App) ServerState() core.ServerState {
	set := a.serverSettings()
	a.server.mu.Lock()
	now, problem, nobody := a.server.now, a.server.problem, a.server.nobody
	a.server.mu.Unlock()
	var st core.ServerState
	if now != nil {
		st = now.State()
	}
	st.Problem = cmp.Or(st.Problem, problem)
	if st.Problem == "" && st.Running && nobody {
		st.Problem = nobodyText
	}
	if st.Problem == "" && set.Enabled && !st.Running {
		a.watch.mu.Lock()
		note := a.watch.note
		a.watch.mu.Unlock()
		if note != "" {
			st.Problem = "The REST server runs in the process that watches this data folder, and that is another one."
		}
	}
	return st
}

// serverFinding says for the doctor whether the REST server can run as it is set up.
func (a *App) serverFinding(ctx context.Context) core.Finding {
	f := core.Finding{Check: serverJob, OK: true, Message: "off"}
	set := a.serverSettings()
	if !set.Enabled {
		return f
	}
	f.Message = "on, at " + set.Address + " without TLS"
	if set.TLS != core.TLSOff {
		f.Message = "on, at " + set.Address + " with TLS"
	}
	if err := a.checkServer(set); err != nil {
		f.OK, f.Message = false, core.ErrorMessage(err)
	} else if a.nobodySignsIn(ctx) {
		f.OK, f.Message = false, nobodyText
	}
	return f
}

// checkServer looks at everything that can be known without listening. It makes nothing.
func (a *App) checkServer(set core.ServerSettings) error {
	o := api.ListenOptions{Address: set.Address, AllowInsecure: set.InsecureHTTP}
	if set.TLS == core.TLSFiles {
		if _, err := api.NewFileCertificate(set.CertFile, set.KeyFile, a.now).Get(); err != nil {
			return err
		}
	}
	if set.TLS != core.TLSOff {
		o.Certificate = func() (*tls.Certificate, error) { return nil, errors.ErrUnsupported } // only that there is one counts
	}
	return api.CheckAddress(o)
}
