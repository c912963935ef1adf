package api

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskwatch/core"
)

func (ts *testServer) start(t *testing.T, o ListenOptions) core.ServerState {
	t.Helper()
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if err := ts.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return ts.State()
}

func generated(t *testing.T, names ...string) *tls.Certificate {
	t.Helper()
	text, err := NewCertificate(append(names, "127.0.0.1"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCertificate(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBeyondThisMachineNothingTravelsReadable(t *testing.T) {
	for address, refused := range map[string]bool{
		"0.0.0.0:0": true, ":0": true, "[::]:0": true, "desk.example:0": true, "192.0.2.1:0": true, "127.0.0.1": true, "": true,
		"127.0.0.1:0": false, "localhost:0": false, "127.0.0.9:0": false,
	} {
		if err := CheckAddress(ListenOptions{Address: address}); refused != (core.ErrorCode(err) == core.CodeInvalid) {
			t.Errorf("%q without TLS: %v", address, err)
		}
	}
	ts := newTestServer(t)
	err := ts.Start(t.Context(), ListenOptions{Address: ":0"})
	if ts.State().Running {
		t.Error("it runs")
	}
	for _, says := range []string{"certificate", "127.0.0.1", "readable"} {
		if !strings.Contains(core.ErrorMessage(err), says) {
			t.Errorf("the sentence does not say %q: %v", says, err)
		}
	}
	ts.set.Hosts = []string{"desk.example"}
	if err := ts.Start(t.Context(), ListenOptions{Address: "0.0.0.0:0", AllowInsecure: true}); err != nil {
		t.Errorf("allowed in so many words: %v", err)
	}
	if url := ts.State().URL; !strings.HasPrefix(url, "http://desk.example:") {
		t.Errorf("others are told to come to %s", url)
	}
}

func TestTheServerRunsUntilItIsStopped(t *testing.T) {
	ts := newTestServer(t)
	var changes atomic.Int32
	ts.Changed = func() { changes.Add(1) }
	st := ts.start(t, ListenOptions{})
	if !st.Running || !strings.HasPrefix(st.URL, "http://127.0.0.1:") || st.Fingerprint != "" || !st.Since.Equal(noon) {
		t.Errorf("%+v", st)
	}
	res, err := http.Get(st.URL + "/healthz")
	if err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	res.Body.Close()
	other := newTestServer(t)
	err = other.Start(t.Context(), ListenOptions{Address: strings.TrimPrefix(st.URL, "http://")})
	if core.ErrorCode(err) != core.CodeConflict || !strings.Contains(core.ErrorMessage(err), "Another program") {
		t.Errorf("a port in use: %v", err)
	}
	for range 2 {
		if err := ts.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if ts.State().Running || changes.Load() != 2 {
		t.Errorf("%+v after %d changes", ts.State(), changes.Load())
	}
	if res, err := http.Get(st.URL + "/healthz"); err == nil {
		res.Body.Close()
		t.Error("it still answers")
	}
}

func TestWhatIsBeingAnsweredMayEnd(t *testing.T) {
	ts := newTestServer(t)
	inside, let := make(chan struct{}), make(chan struct{})
	ts.desk.onTicket = func(context.Context) { close(inside); <-let }
	st := ts.start(t, ListenOptions{})
	got := make(chan int, 1)
	go func() {
		req, _ := http.NewRequest(http.MethodGet, st.URL+"/api/v1/tickets", nil)
		req.SetBasicAuth("lead", "right")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			got <- 0
			return
		}
		res.Body.Close()
		got <- res.StatusCode
	}()
	<-inside
	stopped := make(chan error, 1)
	go func() { stopped <- ts.Stop(context.Background()) }()
	<-ts.quit.Done()
	close(let)
	if code := <-got; code != 200 {
		t.Errorf("%d", code)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestWhatDoesNotEndIsBrokenOff(t *testing.T) {
	ts := newTestServer(t)
	inside := make(chan struct{})
	ts.desk.onTicket = func(ctx context.Context) { close(inside); <-ctx.Done() }
	st := ts.start(t, ListenOptions{})
	go func() {
		req, _ := http.NewRequest(http.MethodGet, st.URL+"/api/v1/tickets", nil)
		req.SetBasicAuth("lead", "right")
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
		}
	}()
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := ts.Stop(ctx); core.ErrorCode(err) != core.CodeUnavailable {
		t.Errorf("%v, want that something was broken off", err)
	}
}

// client connects and believes the certificate with this fingerprint only, as who pins it does.
func pinned(fingerprint string) *http.Client {
	return &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
		sum := sha256.Sum256(raw[0])
		var hex []string
		for _, b := range sum {
			hex = append(hex, fmt.Sprintf("%02X", b))
		}
		if got := strings.Join(hex, ":"); got != fingerprint {
			return fmt.Errorf("the fingerprint is %s", got)
		}
		return nil
	}}}}
}

func TestTheFingerprintShownIsTheOneServed(t *testing.T) {
	ts := newTestServer(t)
	c := generated(t, "desk.example", "::1")
	st := ts.start(t, ListenOptions{Certificate: func() (*tls.Certificate, error) { return c, nil }})
	if !strings.HasPrefix(st.URL, "https://127.0.0.1:") || len(st.Fingerprint) != 32*3-1 {
		t.Fatalf("%+v", st)
	}
	res, err := pinned(st.Fingerprint).Get(st.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.ProtoMajor != 2 || res.TLS.Version < tls.VersionTLS12 {
		t.Errorf("HTTP %d over TLS %x", res.ProtoMajor, res.TLS.Version)
	}
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", strings.TrimPrefix(st.URL, "https://"), old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
	if err := c.Leaf.VerifyHostname("desk.example"); err != nil {
		t.Error(err)
	}
	if err := c.Leaf.VerifyHostname("[::1]"); err != nil {
		t.Error(err)
	}
	if years := c.Leaf.NotAfter.Sub(c.Leaf.NotBefore).Hours() / 24 / 365; years < 9.9 {
		t.Errorf("it is good for %.1f years", years)
	}
}

// files writes a certificate and its key into files.
func files(t *testing.T, dir string, at time.Time) (cert, key string) {
	t.Helper()
	text, err := NewCertificate([]string{"127.0.0.1"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	block, rest := pem.Decode([]byte(text.Reveal()))
	for path, data := range map[string][]byte{cert: pem.EncodeToMemory(block), key: rest} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestACertificateThatWasRenewedIsUsedWithoutARestart(t *testing.T) {
	dir, now := t.TempDir(), noon
	cert, key := files(t, dir, noon)
	f := NewFileCertificate(cert, key, func() time.Time { return now })
	get := func() string {
		t.Helper()
		c, err := f.Get()
		if err != nil {
			t.Fatal(err)
		}
		return Fingerprint(c)
	}
	first := get()
	files(t, dir, noon.Add(time.Minute))
	if get() != first {
		t.Error("the files are looked at all the time")
	}
	now = now.Add(lookAgain)
	second := get()
	if second == first {
		t.Error("the renewed certificate is not used")
	}
	if err := os.WriteFile(cert, []byte("half a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	if now = now.Add(lookAgain); get() != second {
		t.Error("half a certificate took the place of a whole one")
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if now = now.Add(lookAgain); get() != second {
		t.Error("a key that is gone took the certificate away")
	}
	_, err := NewFileCertificate(cert, key, time.Now).Get()
	if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), cert) {
		t.Errorf("files that are none: %v", err)
	}
}

// TestACertificateIsReadFromFilesOnly breaks when the name of a device or a pipe keeps the server
// reading for ever.
func TestACertificateIsReadFromFilesOnly(t *testing.T) {
	dir := t.TempDir()
	cert, key := files(t, dir, noon)
	f, err := os.OpenFile(cert, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(strings.Repeat("\n", largestPEM))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{cert, dir, os.DevNull} {
		if _, err := NewFileCertificate(path, key, time.Now).Get(); core.ErrorCode(err) != core.CodeInvalid {
			t.Errorf("%s was taken: %v", path, err)
		}
	}
}

func dial(t *testing.T, st core.ServerState) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(st.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestSomebodySlowKeepsNobodyElseWaiting has more clients send their body slowly, and fetch their
// answer slowly, than there are places, and asks for something in between.
func TestSomebodySlowKeepsNobodyElseWaiting(t *testing.T) {
	ts := newTestServer(t)
	st := ts.start(t, ListenOptions{})
	const auth = "Authorization: Basic bGVhZDpyaWdodA==\r\n" // lead:right
	for range inWork + 10 {
		slow := dial(t, st)
		fmt.Fprintf(slow, "POST /api/v1/assign HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", auth)
		idle := dial(t, st)
		fmt.Fprintf(idle, "GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n%s", auth) // the head never ends
		deaf := dial(t, st)
		for range 50 { // never reads
			fmt.Fprintf(deaf, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n%s\r\n", auth)
		}
	}
	begin := time.Now()
	for range 20 {
		req, _ := http.NewRequest(http.MethodGet, st.URL+"/api/v1/me", nil)
		req.SetBasicAuth("lead", "right")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != 200 {
			t.Fatalf("%d", res.StatusCode)
		}
	}
	if took := time.Since(begin); took > waitPlace {
		t.Errorf("20 requests took %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_ = ts.Stop(ctx) // the slow ones are broken off
}

func TestAHeadThatIsTooLargeIsRefused(t *testing.T) {
	ts := newTestServer(t)
	st := ts.start(t, ListenOptions{})
	conn := dial(t, st)
	go fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", 4*maxHeader))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(line, "431") {
		t.Errorf("%q %v", line, err)
	}
}
