package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"deskwatch/core"
	"deskwatch/core/app"
)

// serveFlags are about the REST server of this run.
type serveFlags struct {
	addr, cert, key     string
	generated, insecure bool
	hosts               []string
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.addr, "addr", "", "run the REST server at HOST:PORT, whatever the settings say")
	flags.StringVar(&f.cert, "tls-cert", "", "with the certificate in this PEM file, and --tls-key")
	flags.StringVar(&f.key, "tls-key", "", "the key of the certificate")
	flags.BoolVar(&f.generated, "tls-generated", false, "with a certificate the desk makes for itself; its fingerprint is printed")
	flags.BoolVar(&f.insecure, "insecure-http", false, "without TLS also beyond this machine: passwords travel readable")
	flags.StringArrayVar(&f.hosts, "host", nil, "another name this machine is called by; may be given several times")
}

// settings are those of the desk with what the flags say in their place; ok is false when they
// say nothing.
func (f *serveFlags) settings(s core.ServerSettings) (set core.ServerSettings, ok bool, err error) {
	switch {
	case f.addr == "" && f.cert == "" && f.key == "" && !f.generated && !f.insecure && len(f.hosts) == 0:
		return s, false, nil
	case f.addr == "" && !s.Enabled:
		return s, false, usageError{errors.New("the REST server is off in the settings: --addr HOST:PORT runs it")}
	case (f.cert == "") != (f.key == ""):
		return s, false, usageError{errors.New("--tls-cert and --tls-key go together")}
	case f.cert != "" && f.generated:
		return s, false, usageError{errors.New("either --tls-cert and --tls-key, or --tls-generated")}
	}
	if f.addr != "" {
		// What the settings say of another address is not said of this one.
		s.Address, s.TLS, s.InsecureHTTP = f.addr, core.TLSOff, false
	}
	if f.cert != "" {
		s.TLS, s.CertFile, s.KeyFile = core.TLSFiles, f.cert, f.key
	}
	if f.generated {
		s.TLS = core.TLSGenerated
	}
	s.InsecureHTTP = s.InsecureHTTP || f.insecure
	s.Hosts = append(append([]string{}, s.Hosts...), f.hosts...)
	return s, true, nil
}

// apply has the REST server run as the flags say.
func (f *serveFlags) apply(ctx context.Context, desk *app.App) error {
	set, ok, err := f.settings(desk.Settings().Server)
	if err != nil || !ok {
		return err
	}
	return desk.ServeREST(ctx, set)
}

// tellServer says how the REST server is doing where that is other than what was told last.
func (s *session) tellServer(desk *app.App, told *core.ServerState) {
	st := desk.ServerState()
	if st.Running && (st.URL != told.URL || st.Fingerprint != told.Fingerprint) {
		fmt.Fprintf(s.stderr, "The REST server listens at %s\n", st.URL)
		if st.Fingerprint != "" {
			fmt.Fprintf(s.stderr, "The fingerprint of its certificate (SHA-256) is %s\n", st.Fingerprint)
		}
	}
	if !st.Running && told.Running && st.Problem == "" {
		fmt.Fprintln(s.stderr, "The REST server ended.")
	}
	if st.Problem != "" && st.Problem != told.Problem {
		fmt.Fprintln(s.stderr, st.Problem)
	}
	*told = st
}
