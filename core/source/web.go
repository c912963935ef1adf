package source

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"deskwatch/core"
)

const (
	maxPage     = 64 << 20 // bytes of one page
	maxRefusal  = 64 << 10 // bytes read of an answer that is no page
	userAgent   = "Deskwatch"
	maxWords    = 300 // of a server's own words told to people
	pageTries   = 3   // for one page that arrives in part
	pageTimeout = 2 * time.Minute
	defaultWait = 5 * time.Minute // where a server asks for less traffic and does not say for how long
	longestWait = 24 * time.Hour
)

// Remote is what asking a server needs besides the source.
type Remote struct {
	Secret       core.Secret // the client secret of GrantClient, else the password, or a token of another Deskwatch
	ClientSecret core.Secret // beside a password
	Now          func() time.Time
	Pause        time.Duration // before a page is asked for again; 0 is a second
	Silence      time.Duration // after which a stream of events is given up; 0 is 45 seconds
}

// web asks one server for pages.
type web struct {
	who    string // "Salesforce", for people
	client *http.Client
	now    func() time.Time
	pause  time.Duration

	hiding  sync.Mutex
	secrets []string // never told, even when the server repeats them
	tokens  []string // the last ones that were signed in for; neither are these
}

func newWeb(who string, r Remote) *web {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = pageTimeout
	w := &web{who: who, now: r.Now, pause: r.Pause, client: &http.Client{
		Transport: transport,
		Timeout:   2 * pageTimeout,
		// A redirect would carry the secret, or the questions, to whoever it names.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if w.pause == 0 {
		w.pause = time.Second
	}
	for _, s := range []core.Secret{r.Secret, r.ClientSecret} {
		if !s.IsZero() {
			w.secrets = append(w.secrets, s.Reveal())
		}
	}
	return w
}

func (w *web) close() { w.client.CloseIdleConnections() }

// mostTokens is how many tokens are remembered: one may still be in use when the next has come.
const mostTokens = 4

// hide makes sure that a token is never told.
func (w *web) hide(token string) {
	w.hiding.Lock()
	defer w.hiding.Unlock()
	if w.tokens = append(w.tokens, token); len(w.tokens) > mostTokens {
		w.tokens = w.tokens[1:]
	}
}

// refusal is an answer that is no page.
type refusal struct {
	status int
	words  string // the server's own
	code   string // Salesforce's word for it
	after  time.Time
}

func (r *refusal) Error() string { return fmt.Sprintf("status %d %s: %s", r.status, r.code, r.words) }

// later is the cause of an error after which a server wants to be left in peace until a time.
type later struct {
	until time.Time
	cause error
}

func (l *later) Error() string { return "not before " + l.until.UTC().Format(time.RFC3339) }
func (l *later) Unwrap() error { return l.cause }

// RetryAt is when a server that asked for less traffic may be asked again; ok is false for any
// other error.
func RetryAt(err error) (at time.Time, ok bool) {
	var l *later
	if errors.As(err, &l) {
		return l.until, true
	}
	return time.Time{}, false
}

// page fetches one page of JSON whole. One that arrives in part, and a server that is out of
// order for a moment, is asked again. request is called for every try.
func (w *web) page(ctx context.Context, request func() (*http.Request, error)) ([]byte, error) {
	for try := 1; ; try++ {
		body, err := w.once(ctx, request)
		if err == nil || ctx.Err() != nil || try == pageTries || !passing(err) {
			return body, err
		}
		timer := time.NewTimer(time.Duration(try) * w.pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		case <-timer.C:
		}
	}
}

// passing reports whether asking again at once may help.
func passing(err error) bool {
	var r *refusal
	var told *core.Error
	switch {
	case errors.As(err, &r):
		return r.status >= 500 && r.after.IsZero()
	case errors.As(err, &told), distrusted(err):
		return false // it is understood, and wrong
	}
	return true
}

var errHalf = errors.New("the answer is not complete")

// reply is what a server answered.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// exchange asks once. What is not answered with 2xx, or 304 where the question allows it, is a
// *refusal.
func (w *web) exchange(ctx context.Context, req *http.Request) (reply, error) {
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", userAgent)
	resp, err := w.client.Do(req.WithContext(ctx))
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	same := resp.StatusCode == http.StatusNotModified && req.Header.Get("If-None-Match") != ""
	if resp.StatusCode/100 != 2 && !same {
		return reply{}, w.refusedBy(resp)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage+1))
	switch {
	case err != nil:
		return reply{}, err
	case len(body) > maxPage:
		return reply{}, core.NewError(core.CodeInvalid, "source.page", fmt.Sprintf("A page of %s is larger than 64 MiB. Nothing was kept. Ask for fewer fields or smaller pages.", w.who), nil)
	}
	return reply{resp.StatusCode, resp.Header, body}, nil
}

func (w *web) once(ctx context.Context, request func() (*http.Request, error)) ([]byte, error) {
	req, err := request()
	if err != nil {
		return nil, err
	}
	r, err := w.exchange(ctx, req)
	switch {
	case err != nil:
		return nil, err
	case r.status != http.StatusOK:
		return nil, &refusal{status: r.status}
	case !json.Valid(r.body):
		if trimmed := strings.TrimSpace(string(r.body[:min(len(r.body), 64)])); trimmed != "" && trimmed[0] != '{' && trimmed[0] != '[' {
			return nil, core.NewError(core.CodeInvalid, "source.page", fmt.Sprintf("What answers at %s is not %s: it sent no JSON. Nothing was kept. Check the address.", req.URL.Host, w.who), nil)
		}
		return nil, errHalf
	}
	return r.body, nil
}

// refusedBy reads an answer that is no page.
func (w *web) refusedBy(resp *http.Response) *refusal {
	head, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	if err != nil {
		head = nil // its status says enough
	}
	return w.refused(resp.StatusCode, resp.Header, head)
}

// refused reads an answer that is no page.
func (w *web) refused(status int, header http.Header, body []byte) *refusal {
	r := &refusal{status: status}
	var list []struct {
		Message   string `json:"message"`
		ErrorCode string `json:"errorCode"`
	}
	var one struct {
		Error       any    `json:"error"`
		Description string `json:"error_description"`
		Message     string `json:"message"`
		Detail      string `json:"detail"`
	}
	switch {
	case json.Unmarshal(body, &list) == nil && len(list) > 0: // the REST API's form
		r.code, r.words = list[0].ErrorCode, list[0].Message
	case json.Unmarshal(body, &one) == nil: // RFC 6749, 5.2, or RFC 9457, 3
		r.code, _ = one.Error.(string)
		r.words = cmp.Or(one.Description, one.Message, one.Detail)
	}
	r.words, r.code = w.harmless(r.words), w.harmless(r.code)
	if text := header.Get("Retry-After"); text != "" {
		r.after = w.retryAfter(text)
	}
	return r
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3), and believes neither a year.
func (w *web) retryAfter(text string) time.Time {
	now := w.now()
	at := now.Add(defaultWait)
	if seconds, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && seconds >= 0 {
		at = now.Add(time.Duration(min(seconds, int(longestWait/time.Second))) * time.Second)
	} else if date, err := http.ParseTime(text); err == nil {
		at = date
	}
	if at.Before(now) {
		return now
	}
	if at.After(now.Add(longestWait)) {
		return now.Add(longestWait)
	}
	return at
}

// harmless makes a server's words fit to be shown: short, on one line, without our secrets.
func (w *web) harmless(text string) string {
	w.hiding.Lock()
	secrets := slices.Concat(w.secrets, w.tokens)
	w.hiding.Unlock()
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, "…")
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxWords {
		text = strings.ToValidUTF8(text[:maxWords], "") + "…"
	}
	return text
}

// fault makes a sentence of what ended a question.
func (w *web) fault(ctx context.Context, err error) error {
	var told *core.Error
	var r *refusal
	var netErr net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return core.NewError(core.CodeCanceled, "source.page", "Asking "+w.who+" was stopped as you asked. Nothing was kept.", ctx.Err())
	case ctx.Err() != nil:
		return core.NewError(core.CodeUnavailable, "source.page", w.who+" answers too slowly, and the run was stopped. Nothing was kept. It is tried again.", ctx.Err())
	case errors.As(err, &told):
		return err
	case errors.As(err, &r):
		return w.refusedFault(r)
	case errors.Is(err, errHalf), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return core.NewError(core.CodeUnavailable, "source.page", fmt.Sprintf("%s sent only a part of a page, %d times. Nothing was kept. It is tried again at the next run.", w.who, pageTries), unexpected(err))
	case errors.As(err, &netErr) && netErr.Timeout():
		return core.NewError(core.CodeUnavailable, "source.page", w.who+" does not answer in time. Nothing was kept. It is tried again at the next run.", err)
	}
	return core.NewError(core.CodeUnavailable, "source.page", w.who+" cannot be reached. Nothing was kept. Check the address and the network; it is tried again at the next run.", w.quiet(err))
}

// unexpected is err, or what an end too early is: an io.EOF in the chain of an error would be
// taken for the end of the tickets.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// quiet is err without the address asked, which carries the query and is of no use in a log.
func (w *web) quiet(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (w *web) refusedFault(r *refusal) error {
	said := ""
	if r.words != "" || r.code != "" {
		said = fmt.Sprintf(" It says: “%s”", r.words)
		if r.code != "" {
			said = strings.TrimSuffix(said, "“”")
			said += " (" + r.code + ")"
		}
		said += "."
	}
	limited := r.code == "REQUEST_LIMIT_EXCEEDED" || r.status == http.StatusTooManyRequests
	switch {
	case limited || r.status == http.StatusServiceUnavailable && !r.after.IsZero():
		until := r.after
		if until.IsZero() {
			until = w.now().Add(defaultWait)
		}
		why := "asks to be left in peace for a while"
		if limited {
			why = "takes no more questions for now"
		}
		return core.NewError(core.CodeUnavailable, "source.limit", fmt.Sprintf("%s %s.%s Nothing was kept. It is asked again at %s.", w.who, why, said, until.In(w.now().Location()).Format("2006-01-02 15:04")), &later{until, r})
	case r.status == http.StatusUnauthorized:
		return core.NewError(core.CodeDenied, "source.sign in", fmt.Sprintf("%s refuses the sign-in.%s Nothing was kept. Check the user and the secret of this source.", w.who, said), r)
	case r.status == http.StatusForbidden:
		return core.NewError(core.CodeDenied, "source.page", fmt.Sprintf("%s refuses access.%s Nothing was kept. Have its administrator allow this user to read tickets by API.", w.who, said), r)
	case r.status >= 500:
		return core.NewError(core.CodeUnavailable, "source.page", fmt.Sprintf("%s is out of order (status %d).%s Nothing was kept. It is tried again at the next run.", w.who, r.status, said), r)
	case r.status >= 300 && r.status < 400:
		return core.NewError(core.CodeInvalid, "source.page", fmt.Sprintf("%s wants to be asked at another address (status %d). Nothing was kept. Enter that address for this source.", w.who, r.status), r)
	}
	return core.NewError(core.CodeInvalid, "source.page", fmt.Sprintf("%s does not understand the question (status %d).%s Nothing was kept. Check the address and the query of this source.", w.who, r.status, said), r)
}

// parseAddress checks the address of a server: https, but for one on this machine, or where
// readable says that the secret may travel so.
func parseAddress(text string, readable bool) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if text != "" && !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, core.NewError(core.CodeInvalid, "source.address", fmt.Sprintf("%q is no address of a server. Write one such as https://acme.my.salesforce.com.", text), nil)
	case u.User != nil:
		return nil, core.NewError(core.CodeInvalid, "source.address", "An address must not carry a user or a password. Enter them in their own fields.", nil)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, core.NewError(core.CodeInvalid, "source.address", "Write the address without what follows a ? or #.", nil)
	case u.Scheme == "http" && !readable && !loopback(u.Hostname()):
		return nil, core.NewError(core.CodeInvalid, "source.address", fmt.Sprintf("%q would send the password in the clear. Write https:// in front.", text), nil)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckAddress says what is wrong with the address of a server.
func CheckAddress(text string) error {
	_, err := parseAddress(text, false)
	return err
}
