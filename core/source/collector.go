package source

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"deskwatch/core"
)

const (
	collectTries   = 5
	collectWait    = 5 * time.Second // where a busy server does not say for how long it is
	collectLongest = time.Minute
	collectTimeout = 15 * time.Minute
	collectAnswer  = 64 << 10 // bytes read of an answer
)

// Collector posts files to a Deskwatch, or to the older server, the way an agent does: it signs
// in for a token, and posts with that.
type Collector struct {
	Address     string      // of the server: https://desk.example:8750
	User        string      // "" where Secret is a token
	Secret      core.Secret // the password of User, or a token
	Fingerprint string      // of the certificate that is trusted; "" what this machine trusts
	// Insecure posts whatever certificate the server shows, and without TLS: the secret and the
	// tickets may be read on the way.
	Insecure bool
	Now      func() time.Time
	Waiting  func(time.Duration) // told when a busy server is waited for; nil nobody
}

// Post posts a file as it is, packed or not, and returns what the server said. A busy server is
// tried again a few times.
func (c Collector) Post(ctx context.Context, path string) (said string, err error) {
	address, err := parseAddress(c.Address, c.Insecure)
	if err != nil {
		return "", err
	}
	trust, err := pinned(c.Fingerprint)
	if err != nil {
		return "", err
	}
	if trust == nil && c.Insecure {
		trust = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true} // as was said in so many words
	}
	p := &posting{Collector: c, web: newWeb("The server", Remote{Secret: c.Secret, Now: c.Now}), address: address}
	defer p.close()
	p.client.Timeout = collectTimeout
	if transport, ok := p.client.Transport.(*http.Transport); ok && trust != nil {
		transport.TLSClientConfig = trust
	}
	for try := 1; ; try++ {
		said, after, err := p.once(ctx, path)
		if core.ErrorCode(err) != core.CodeBusy || try == collectTries {
			return said, err
		}
		if c.Waiting != nil {
			c.Waiting(after)
		}
		if !wait(ctx, after) {
			return "", core.NewError(core.CodeCanceled, "source.collect", "Posting was stopped as you asked. Nothing was kept.", ctx.Err())
		}
	}
}

// posting is a Collector at work.
type posting struct {
	Collector
	*web
	address *url.URL
	token   string
}

// once signs in where it has to, and posts. A busy server is core.CodeBusy.
func (p *posting) once(ctx context.Context, path string) (said string, after time.Duration, err error) {
	if p.token == "" {
		if p.token = p.Secret.Reveal(); p.User != "" {
			if p.token, after, err = p.signIn(ctx); err != nil {
				return "", after, err
			}
		}
	}
	file, err := os.Open(path)
	if err != nil {
		return "", 0, core.NewError(core.CodeNotFound, "source.collect", fmt.Sprintf("The file %q cannot be read. Nothing was posted. Check its name and whether you may read it.", filepath.Base(path)), err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return "", 0, core.NewError(core.CodeInvalid, "source.collect", fmt.Sprintf("%q is not a file. Nothing was posted.", filepath.Base(path)), err)
	}
	head := make([]byte, 2)
	if n, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", 0, core.NewError(core.CodeUnavailable, "source.collect", fmt.Sprintf("The file %q cannot be read. Nothing was posted.", filepath.Base(path)), err)
	} else {
		head = head[:n]
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address.JoinPath("SF").String(), file)
	if err != nil {
		return "", 0, p.unreached(ctx, err)
	}
	req.ContentLength = info.Size()
	req.Header.Set("Content-Type", "application/json")
	if bytes.Equal(head, []byte{0x1F, 0x8B}) { // RFC 1952, 2.3.1
		req.Header.Set("Content-Encoding", "gzip")
	}
	req.SetBasicAuth(p.token, "x") // a token is the user name, and the password is anything
	body, after, err := p.ask(ctx, req)
	return p.harmless(string(body)), after, err
}

// signIn gets a token for the password.
func (p *posting) signIn(ctx context.Context) (token string, after time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address.JoinPath("token").String(), nil)
	if err != nil {
		return "", 0, p.unreached(ctx, err)
	}
	req.SetBasicAuth(p.User, p.Secret.Reveal())
	body, after, err := p.ask(ctx, req)
	if err != nil {
		return "", after, err
	}
	var issued struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(body, &issued); err != nil || issued.Token == "" {
		return "", 0, core.NewError(core.CodeInvalid, "source.collect", "What answers at this address gives no tokens. Nothing was posted. Check the address.", err)
	}
	p.hide(issued.Token)
	return issued.Token, 0, nil
}

// ask asks once. after is for how long a busy server wants to be left in peace.
func (p *posting) ask(ctx context.Context, req *http.Request) (body []byte, after time.Duration, err error) {
	req.Header.Set("User-Agent", userAgent)
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, 0, p.unreached(ctx, err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, collectAnswer))
	if err != nil {
		return nil, 0, p.unreached(ctx, err)
	}
	if resp.StatusCode == http.StatusOK {
		return body, 0, nil
	}
	err = p.refusedPost(resp, body)
	if after = collectWait; resp.Header.Get("Retry-After") != "" {
		after = p.retryAfter(resp.Header.Get("Retry-After")).Sub(p.now())
	}
	return nil, min(max(after, 0), collectLongest), err
}

// refusedPost says why a server refused, in its own words where it has some.
func (p *posting) refusedPost(resp *http.Response, body []byte) error {
	code, what := core.CodeInvalid, ""
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized:
		code, what = core.CodeSignIn, "The server does not know this user and password, or this token. Nothing was posted."
	case status == http.StatusForbidden:
		code, what = core.CodeForbidden, "This user may not post tickets there. Nothing was kept."
	case status == http.StatusRequestEntityTooLarge:
		code, what = core.CodeTooLarge, "The file is larger than the server takes. Nothing was kept."
	case status == http.StatusTooManyRequests:
		code, what = core.CodeUnavailable, "The server takes no more tries to sign in for a while. Nothing was posted."
	case status == http.StatusServiceUnavailable:
		code, what = core.CodeBusy, "The server has too much to do. Nothing was kept. Try again later."
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status/100 == 3:
		what = "What answers at this address takes no posts of tickets. Nothing was kept. Check the address."
	case status/100 == 4:
		what = "The server refused the file. Nothing was kept."
	default:
		code, what = core.CodeUnavailable, fmt.Sprintf("The server failed (status %d). Ask its administrator whether the file was kept.", status)
	}
	var problem struct {
		Detail string `json:"detail"`
		Errors []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	}
	words := string(body) // the older server says it in plain text
	if json.Unmarshal(body, &problem) == nil {
		words = problem.Detail
	} else if strings.Contains(resp.Header.Get("Content-Type"), "html") {
		words = ""
	}
	if words = p.harmless(words); words != "" && len(problem.Errors) == 0 {
		what += " It says: “" + words + "”"
	}
	for _, e := range problem.Errors {
		what += "\n  " + p.harmless(e.Location) + ": " + p.harmless(e.Message)
	}
	return core.NewError(code, "source.collect", what, fmt.Errorf("status %d", resp.StatusCode))
}

// unreached says why a server was not reached, or did not answer to the end.
func (p *posting) unreached(ctx context.Context, err error) error {
	var other *otherCertificate
	switch {
	case ctx.Err() != nil:
		return core.NewError(core.CodeCanceled, "source.collect", "Posting was stopped as you asked.", ctx.Err())
	case errors.As(err, &other):
		return core.NewError(core.CodeDenied, "source.collect", fmt.Sprintf("The server at %s shows another certificate than the one that is trusted. Nothing was sent to it. Its fingerprint is %s: give that with --fingerprint if the server's administrator says it is right.", p.address.Host, other.shown), err)
	case distrusted(err):
		return core.NewError(core.CodeDenied, "source.collect", fmt.Sprintf("The certificate of the server at %s is not trusted. Nothing was sent to it. Give its fingerprint with --fingerprint, as the server's administrator tells it.", p.address.Host), err)
	}
	return core.NewError(core.CodeUnavailable, "source.collect", fmt.Sprintf("The server at %s cannot be reached, or hung up. Check the address and the network, then try again.", p.address.Host), p.quiet(err))
}
