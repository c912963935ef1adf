package mongotest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Option makes Start give the test a server of its own.
type Option struct {
	args  []string
	query url.Values
}

// WithAuth adds a user; role is "read" or "readWrite", on every database. It may be given
// several times. The URI has no credentials: see As.
func WithAuth(user, password, role string) Option {
	return Option{args: []string{"--auth", user + ":" + password + ":" + role}}
}

// WithTLS makes the server speak TLS with a certificate and key from PEM files, see Certificate.
// The URI trusts that certificate.
func WithTLS(cert, key string) Option {
	return Option{args: []string{"--tls", cert, key}, query: url.Values{"tls": {"true"}, "tlsCAFile": {cert}}}
}

// WithVersion makes the server say that it is of this version, "6.0.1".
func WithVersion(version string) Option { return Option{args: []string{"--version", version}} }

// WithHello adds fields, as a JSON object, to the server's answer to hello.
func WithHello(json string) Option { return Option{args: []string{"--hello", json}} }

// Server is a server of one test's own, which can be stopped and started again.
type Server struct {
	t       testing.TB
	args    []string
	query   url.Values
	port    string
	process *process
}

// New starts a server that ends with the test.
func New(t testing.TB, opts ...Option) *Server {
	t.Helper()
	if Real() {
		t.Skip("This test is about servers it starts itself; " + realServer + " names another one.")
	}
	s := &Server{t: t, query: url.Values{}, port: "0"}
	for _, o := range opts {
		s.args = append(s.args, o.args...)
		for k, v := range o.query {
			s.query[k] = v
		}
	}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// URI is the server's address with the name of a database; it stays the same after Stop and Start.
func (s *Server) URI() string {
	return (&url.URL{Scheme: "mongodb", Host: "127.0.0.1:" + s.port, Path: "/test", RawQuery: s.query.Encode()}).String()
}

// Start starts the server again, on its old port and with nothing in it.
func (s *Server) Start() {
	s.t.Helper()
	p, err := launch(append([]string{"--port", s.port}, s.args...))
	if err != nil {
		absent(s.t, err)
	}
	s.process = p
	s.port = parse(s.t, p.uri).Port()
}

// Stop kills the server, as a crash would.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.kill()
		s.process = nil
	}
}

// process is a running server.
type process struct {
	uri   string
	cmd   *exec.Cmd
	stdin io.Closer // its end is the server's end, also when this process is killed
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	_ = p.stdin.Close()
	_ = p.cmd.Wait()
}

// memory bounds the heap of a server, in MB; a million documents need a quarter of it.
const memory = "--max-old-space-size=8192"

// launch starts a server process and waits until it listens.
func launch(args []string) (*process, error) {
	dir, err := serverDir()
	if err != nil {
		return nil, err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("no program \"node\" (Node.js 18 or newer) was found")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "mingo")); err != nil {
		return nil, fmt.Errorf("its packages are not installed (npm ci --ignore-scripts in %s)", dir)
	}
	cmd := exec.Command(node, append([]string{memory, filepath.Join(dir, "main.mjs")}, args...)...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, stdin: stdin}
	late := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	late.Stop()
	uri, ready := strings.CutPrefix(strings.TrimSpace(line), "READY ")
	if !ready {
		p.kill()
		return nil, fmt.Errorf("it did not start: %q, %v", line, err)
	}
	p.uri = uri
	return p, nil
}

// serverDir finds the server's program by the module's root above the working directory, which
// is the tested package's; the path this file was compiled from may have been trimmed.
func serverDir() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(at, "core", "mongostore", "mongotest", "server"), nil
		}
		up := filepath.Dir(at)
		if up == at {
			return "", errors.New("the module's root was not found above the working directory")
		}
		at = up
	}
}
