package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestOnlyRequestsMeantForThisServerAreAnswered(t *testing.T) {
	ts := newTestServer(t)
	ts.hostName = "pluto"
	ts.set.Address, ts.set.Hosts = "192.0.2.10:8750", []string{"desk.example"}
	for host, want := range map[string]int{
		"127.0.0.1:8750": 200, "localhost": 200, "[::1]:8750": 200, "192.0.2.10:8750": 200, "pluto:8750": 200, "DESK.example.": 200,
		"evil.example": 421, "desk.example.evil.example": 421, "192.0.2.11": 421, "": 421, "127.0.0.1.evil.example": 421,
	} {
		w := ts.ask("admin", "GET", "/api/v1/me", "", func(r *http.Request) { r.Host = host })
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
		if want != 200 {
			checkProblem(t, w.Body.Bytes(), w.Header(), want)
		}
	}
	// On every address of the machine it is called by any of them, and by no other name.
	ts.set.Address = "0.0.0.0:8750"
	for host, want := range map[string]int{"192.0.2.11:8750": 200, "evil.example": 421} {
		if w := ts.ask("admin", "GET", "/api/v1/me", "", func(r *http.Request) { r.Host = host }); w.Code != want {
			t.Errorf("Host %q on every address: %d, want %d", host, w.Code, want)
		}
	}
}

// TestHostAndOriginAreLookedAtBeforeAnybodyIsAskedWhoTheyAre breaks when a stranger's page can
// try passwords.
func TestHostAndOriginAreLookedAtBeforeAnybodyIsAskedWhoTheyAre(t *testing.T) {
	ts := newTestServer(t)
	for name, change := range map[string]func(*http.Request){
		"another name":    func(r *http.Request) { r.Host = "evil.example" },
		"another's page":  func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"another port":    func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:9999") },
		"a file":          func(r *http.Request) { r.Header.Set("Origin", "null") },
		"a preflight":     func(r *http.Request) { r.Method = http.MethodOptions; r.Header.Set("Origin", "https://evil.example") },
		"one of two":      func(r *http.Request) { r.Header["Origin"] = []string{"http://127.0.0.1:8750", "https://evil.example"} },
		"another's https": func(r *http.Request) { r.Header.Set("Origin", "https://127.0.0.1:8750") },
	} {
		w := ts.ask("nobody", "GET", "/api/v1/me", "", change)
		if w.Code != http.StatusMisdirectedRequest && w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
		for h := range w.Header() {
			if strings.HasPrefix(h, "Access-Control-") {
				t.Errorf("%s: the answer lets pages of others in: %s", name, h)
			}
		}
	}
	if w := ts.ask("admin", "GET", "/api/v1/me", "", func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:8750") }); w.Code != 200 {
		t.Errorf("a page of this server: %d", w.Code)
	}
}

func TestATokenIsTakenInEveryWayThereIs(t *testing.T) {
	ts := newTestServer(t)
	for name, change := range map[string]func(*http.Request){
		"name and password":    func(r *http.Request) { r.SetBasicAuth("lead", "right") },
		"token as the name":    func(r *http.Request) { r.SetBasicAuth("token-lead", "whatever") },
		"bearer":               func(r *http.Request) { r.Header.Set("Authorization", "Bearer token-lead") },
		"bearer in small caps": func(r *http.Request) { r.Header.Set("Authorization", "bearer token-lead") },
	} {
		w := ts.ask("", "GET", "/api/v1/me", "", change)
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"name":"lead"`) || !strings.Contains(w.Body.String(), `"display_name":"Ana Ruiz"`) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	for name, header := range map[string]string{"nothing": "", "another scheme": "Digest x", "no base64": "Basic §§§", "a token nobody has": "Bearer x"} {
		w := ts.ask("", "GET", "/api/v1/me", "", func(r *http.Request) { r.Header.Set("Authorization", header) })
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestTooManyFailedTriesAre429(t *testing.T) {
	ts := newTestServer(t)
	ts.guard.busy = true
	w := ts.ask("admin", "GET", "/api/v1/me", "")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusTooManyRequests)
}

func TestEveryFailureOfTheDeskHasItsStatusAndOneShape(t *testing.T) {
	ts := newTestServer(t)
	for code, want := range map[core.Code]int{
		core.CodeInvalid: 400, core.CodeNotFound: 404, core.CodeConflict: 409, core.CodeAmbiguous: 409, core.CodeUnavailable: 503, core.CodeBusy: 503,
		core.CodeDenied: 502, core.CodeInternal: 500, core.CodeNewer: 500, core.CodeForbidden: 403, core.CodeTooLarge: 413, core.CodeCanceled: 503,
	} {
		ts.desk.err = core.NewError(code, "secret.op", "It went wrong.", errors.New("a cause nobody sees"))
		w := ts.ask("admin", "GET", "/api/v1/overview", "")
		if w.Code != want {
			t.Errorf("%s: %d, want %d", code, w.Code, want)
		}
		p := checkProblem(t, w.Body.Bytes(), w.Header(), want)
		if p.Type != "urn:deskwatch:"+string(code) || p.Detail != "It went wrong." || strings.Contains(w.Body.String(), "cause") || strings.Contains(w.Body.String(), "secret.op") {
			t.Errorf("%s: %s", code, w.Body)
		}
		if want >= 500 && code != core.CodeCanceled && !strings.Contains(ts.log.String(), "a cause nobody sees") {
			t.Errorf("%s: the cause is not in the log", code)
		}
	}
}

func TestWhatCannotBeUnderstoodIs400AndNothingOfItIsEchoed(t *testing.T) {
	ts := newTestServer(t)
	for name, c := range map[string]struct{ method, target, body, location string }{
		"an unknown field":      {"POST", "/api/v1/assign", `{"tickets":[{"source":"a","id":"b"}],"owner":"x","hunter2":1}`, "body"},
		"a missing field":       {"POST", "/api/v1/assign", `{"owner":"x"}`, "body"},
		"no JSON":               {"POST", "/api/v1/assign", `{"owner":`, "body"},
		"an empty body":         {"POST", "/api/v1/assign", ``, "body"},
		"a word that is none":   {"POST", "/api/v1/marks", `{"kind":"hunter2","tickets":[{"source":"a","id":"b"}]}`, "body.kind"},
		"no tickets":            {"POST", "/api/v1/marks", `{"kind":"ack","tickets":[]}`, "body.tickets"},
		"a password as a table": {"POST", "/api/v1/users", `{"name":"x","role":"lead","password":{"hunter2":1}}`, "body.password"},
		"a password too long":   {"POST", "/api/v1/users", `{"name":"x","role":"lead","password":"` + strings.Repeat("hunter2", 1000) + `"}`, "body.password"},
		"a number that is none": {"GET", "/api/v1/tickets?limit=hunter2", "", "query.limit"},
		"an id that is none":    {"DELETE", "/api/v1/users/hunter2", "", "path.id"},
		"no customer":           {"GET", "/api/v1/orders", "", "query.customer"},
		"a day that is none":    {"GET", "/api/v1/orders?customer=x&from=2023-02-31", "", ""},
		"a status that is none": {"GET", "/api/v1/orders?customer=x&status=lost", "", ""},
		"a cursor that is none": {"GET", "/api/v1/alerts?after=x", "", ""},
		"another customer":      {"PUT", "/api/v1/customers/a/b/flag", `{"tough":true,"customer":{"source":"a","id":"c"}}`, ""},
		"a setting of nothing":  {"PATCH", "/api/v1/settings", `{"mail.host":null}`, ""},
	} {
		w := ts.ask("admin", c.method, c.target, c.body)
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
			continue
		}
		p := checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusBadRequest)
		if c.location != "" && (len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Location, c.location)) {
			t.Errorf("%s: %s, want an error at %s", name, w.Body, c.location)
		}
		if got := ts.desk.lastAsked(); got != "" {
			t.Errorf("%s: the desk was asked for %s", name, got)
		}
		if text := strings.ReplaceAll(w.Body.String(), "body.hunter2", ""); strings.Contains(text, "hunter2") && c.method != "PATCH" {
			t.Errorf("%s: what was sent is echoed: %s", name, w.Body)
		}
		if strings.Contains(ts.log.String(), "hunter2") {
			t.Errorf("%s: what was sent is in the log: %s", name, ts.log)
		}
	}
}

func TestWhatThereIsNotIsSaidInTheSameShape(t *testing.T) {
	ts := newTestServer(t)
	w := ts.ask("", "GET", "/api/v1/nothing", "")
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusNotFound)
	w = ts.ask("", "PATCH", "/api/v1/users/3", "")
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusMethodNotAllowed)
	if allow := w.Header().Get("Allow"); w.Code != http.StatusMethodNotAllowed || allow != "PUT, DELETE" {
		t.Errorf("%d, Allow %q", w.Code, allow)
	}
}

func TestLimitsOfPagesAreTakenForTheNearest(t *testing.T) {
	ts := newTestServer(t)
	for ask, want := range map[string]string{"": "100", "limit=0": "1", "limit=-5": "1", "limit=7": "7", "limit=100000": "1000"} {
		if w := ts.ask("engineer", "GET", "/api/v1/tickets?query=x&sort=-due&after=abc&"+ask, ""); w.Code != 200 {
			t.Errorf("%s: %d %s", ask, w.Code, w.Body)
		}
		if got := ts.desk.lastAsked(); got != "Tickets x -due "+want+" abc" {
			t.Errorf("%s: the desk was asked for %q", ask, got)
		}
	}
}

func TestTheDeskIsAskedForWhatWasAskedFor(t *testing.T) {
	ts := newTestServer(t)
	for _, c := range []struct{ method, target, body, want string }{
		{"GET", "/api/v1/tickets/salesforce:a%2Fb", "", "FindTicket salesforce:a/b"},
		{"POST", "/api/v1/marks", `{"kind":"ack","tickets":[{"source":"salesforce","id":"1"}],"comment":"on it"}`, "MarkByKey ack salesforce:1 on it"},
		{"GET", "/api/v1/customers/salesforce/a%2Fb", "", "CustomerCard salesforce:a/b"},
		{"PUT", "/api/v1/customers/salesforce/0012/flag", `{"customer":{"source":"salesforce","id":"0012"},"tough":true,"note":"n","at":"2026-03-14T12:00:00Z","by":"somebody"}`, "SaveFlag salesforce:0012 n"},
		{"GET", "/api/v1/orders?customer=c&from=2026-03-01&to=2026-03-31&status=returned,Cancelled", "", "Orders c 2026-03-01 2026-03-31 cancelled, returned"},
		{"GET", "/api/v1/breaches?from=2026-01", "", "Breaches cancelled, returned 3 0 2026-01"},
		{"GET", "/api/v1/breaches?rule=1&threshold=9", "", "Breaches cancelled, returned 5 0 0000-01"},
		{"POST", "/api/v1/users", `{"name":"x","role":"lead"}`, "SaveUser 0 x lead"},
		{"PUT", "/api/v1/users/3", `{"name":"x","role":"lead","password":""}`, "SaveUser 3 x lead with the password "},
		{"PATCH", "/api/v1/settings", `{"mail.port":25,"mail.host":"a=b","server.hosts":["a","b"],"alerts.paused":true}`, `SetSettings alerts.paused=true mail.host=a=b mail.port=25 server.hosts=["a","b"]`},
		{"GET", "/api/v1/logs?level=warn&limit=5", "", "ReadLog warn 5"},
	} {
		ts.desk.asked = nil
		w := ts.ask("admin", c.method, c.target, c.body)
		if w.Code < 200 || w.Code > 299 {
			t.Errorf("%s: %d %s", c.target, w.Code, w.Body)
		}
		found := false
		for _, a := range ts.desk.asked {
			found = found || a == c.want
		}
		if !found {
			t.Errorf("%s %s: the desk was asked for %q, want %q", c.method, c.target, ts.desk.asked, c.want)
		}
	}
	w := ts.ask("admin", "GET", "/api/v1/breaches?rule=77", "")
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusNotFound)
}

func TestTheMarksAreSentAgainOnlyWhenTheyChanged(t *testing.T) {
	ts := newTestServer(t)
	first := ts.ask("engineer", "GET", "/api/v1/marks", "")
	tag := first.Header().Get("ETag")
	if first.Code != 200 || strings.TrimSpace(first.Body.String()) != `{"attention":[],"flags":[]}` || !regexp.MustCompile(`^"[0-9a-f]{32}"$`).MatchString(tag) {
		t.Fatalf("%d %s, ETag %s", first.Code, first.Body, tag)
	}
	with := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("If-None-Match", value) }
	}
	for _, header := range []string{tag, `"other", ` + tag, "W/" + tag, "*"} {
		if w := ts.ask("engineer", "GET", "/api/v1/marks", "", with(header)); w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d %q", header, w.Code, w.Body)
		}
	}
	ts.desk.marks.Flags = []core.ToughFlag{{Customer: aCustomer(), Tough: true, At: noon}}
	if w := ts.ask("engineer", "GET", "/api/v1/marks", "", with(tag)); w.Code != 200 || w.Header().Get("ETag") == tag || !strings.Contains(w.Body.String(), `"tough":true`) {
		t.Errorf("after a change: %d %s", w.Code, w.Body)
	}
}

func TestABrokenHandlerBreaksItsOwnRequestOnly(t *testing.T) {
	ts := newTestServer(t)
	ts.desk.onTicket = func(context.Context) { panic("oh dear") }
	w := ts.ask("engineer", "GET", "/api/v1/tickets", "")
	p := checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusInternalServerError)
	if p.Type != "urn:deskwatch:internal" || strings.Contains(w.Body.String(), "oh dear") || !strings.Contains(ts.log.String(), "oh dear") {
		t.Errorf("%s\n%s", w.Body, ts.log)
	}
	if len(ts.work) != 0 {
		t.Error("its place is still taken")
	}
	if w := ts.ask("engineer", "GET", "/api/v1/me", ""); w.Code != 200 {
		t.Errorf("the next one: %d", w.Code)
	}
}

func TestMoreRequestsThanThereAreplacesForAreAskedToComeLater(t *testing.T) {
	ts := newTestServer(t)
	for range inWork {
		ts.work.take(t.Context(), 0)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	w := ts.ask("engineer", "GET", "/api/v1/me", "", func(r *http.Request) { *r = *r.WithContext(ctx) })
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") == "" {
		t.Error("nobody says when to come again")
	}
	if w := ts.ask("", "GET", "/healthz", ""); w.Code != 200 {
		t.Errorf("a busy server does not say that it lives: %d", w.Code)
	}
	ts.work.leave()
	if w := ts.ask("engineer", "GET", "/api/v1/me", ""); w.Code != 200 {
		t.Errorf("with a place free: %d", w.Code)
	}
}

func TestALargeBodyIsRefusedBeforeItIsRead(t *testing.T) {
	ts := newTestServer(t)
	large := `{"owner":"` + strings.Repeat("x", maxBody) + `","tickets":[]}`
	w := ts.ask("engineer", "POST", "/api/v1/assign", large)
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusRequestEntityTooLarge)
	// One that does not say how long it is.
	w = ts.ask("engineer", "POST", "/api/v1/assign", large, func(r *http.Request) { r.ContentLength = -1 })
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusRequestEntityTooLarge)
}

func TestTheLogSaysWhoAskedForWhatAndNoSecret(t *testing.T) {
	ts := newTestServer(t)
	ts.ask("", "GET", "/api/v1/tickets?query=hunter2", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer token-lead") })
	ts.ask("", "GET", "/api/v1/tickets/hunter2", "", func(r *http.Request) { r.SetBasicAuth("hunter2", "hunter2") })
	ts.ask("admin", "POST", "/api/v1/users", `{"name":"x","role":"lead","password":"hunter2"}`)
	ts.ask("admin", "HUNTER2", "/hunter2", "")
	log := ts.log.String()
	if strings.Contains(strings.ToLower(log), "hunter2") || strings.Contains(log, "token-lead") {
		t.Errorf("a secret is in the log:\n%s", log)
	}
	for _, want := range []string{`level=DEBUG msg=request method=GET route="GET /api/v1/tickets" status=200`, `user=lead address=192.0.2.1`, `level=INFO msg=request method=GET route="GET /api/v1/tickets/{key}" status=401`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

func TestMetricsCountWhatHappened(t *testing.T) {
	ts := newTestServer(t)
	ts.ask("engineer", "GET", "/api/v1/tickets/7", "")
	ts.ask("engineer", "GET", "/api/v1/tickets/8", "")
	ts.ask("nobody", "GET", "/api/v1/tickets/8", "")
	if w := ts.ask("", "GET", "/metrics", ""); w.Code != http.StatusUnauthorized {
		t.Errorf("from another machine, without a name: %d", w.Code)
	}
	w := ts.ask("", "GET", "/metrics", "", func(r *http.Request) { r.RemoteAddr = "127.0.0.1:1234" })
	for _, want := range []string{
		`deskwatch_http_requests_total{route="GET /api/v1/tickets/{key}",status="200"} 2`, `deskwatch_http_requests_total{route="GET /api/v1/tickets/{key}",status="401"} 1`,
		`deskwatch_sign_in_failures_total 1`, `deskwatch_http_request_seconds_bucket{route="GET /api/v1/tickets/{key}",le="+Inf"} 3`, `deskwatch_http_request_seconds_count{route="GET /api/v1/tickets/{key}"} 3`,
		"deskwatch_event_streams 0", "deskwatch_tickets 6\n", `deskwatch_outbox{state="queued"} 2`, "go_goroutines",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the metrics lack %s:\n%s", want, w.Body)
		}
	}
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"} {
		if w := ts.ask("", "GET", "/metrics", "", func(r *http.Request) { r.RemoteAddr = "127.0.0.1:1234"; r.Header.Set(header, "192.0.2.1") }); w.Code != http.StatusUnauthorized {
			t.Errorf("passed on by a proxy on this machine, which says so in %s: %d", header, w.Code)
		}
	}
	if who := ts.desk.actors[len(ts.desk.actors)-1]; who == "" {
		t.Error("the desk was asked for nobody")
	}
}

func TestReadySaysWhenTheDeskIsNot(t *testing.T) {
	ts := newTestServer(t)
	if w := ts.ask("", "GET", "/readyz", ""); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	ts.desk.err = core.NewError(core.CodeUnavailable, "test", "The tickets are being read.", nil)
	w := ts.ask("", "GET", "/readyz", "")
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusServiceUnavailable)
	if w := ts.ask("", "GET", "/healthz", ""); w.Code != 200 {
		t.Errorf("the process lives all the same: %d", w.Code)
	}
}

// TestTheDocsLoadNothing demands that the page holds its own style, which the policy lets in by
// its hash, and nothing of anybody else's.
func TestTheDocsLoadNothing(t *testing.T) {
	ts := newTestServer(t)
	w := ts.ask("", "GET", "/docs", "")
	page := w.Body.String()
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("the policy does not let the style in: %s", policy)
	}
	for _, no := range []string{"<script", "src=", "http://", "https://", "@import", "url(", "ZgotmplZ"} {
		if strings.Contains(page, no) {
			t.Errorf("the page holds %q", no)
		}
	}
	for _, rt := range ts.routes {
		if !strings.Contains(page, rt.method+" "+rt.path+"<") {
			t.Errorf("the page lacks %s", rt.pattern())
		}
	}
}

// deadlines records until when a body may arrive.
type deadlines struct {
	*httptest.ResponseRecorder
	read time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.read = t; return nil }

// TestAStrangersPostIsNotWaitedForLong breaks when whoever reaches the server can keep a connection
// for as long as a collector may take to send a large post.
func TestAStrangersPostIsNotWaitedForLong(t *testing.T) {
	ts := newTestServer(t)
	for who, long := range map[string]bool{"nobody": false, "engineer": false, "collector": true} {
		r := httptest.NewRequest(http.MethodPost, "/SF", strings.NewReader("{}"))
		r.Host = "127.0.0.1:8750"
		r.SetBasicAuth(who, "right")
		w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
		ts.Handler().ServeHTTP(w, r)
		if got := time.Until(w.read) > readBody; got != long {
			t.Errorf("%s (%d) is waited for %v", who, w.Code, time.Until(w.read))
		}
	}
}
