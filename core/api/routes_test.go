package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"deskwatch/core"
)

func itoa(n int) string { return strconv.Itoa(n) }

// asked is how each route of the list is asked for in a way that works: where to and with what.
// A route that is in the list and not here fails the tests.
func asked() map[string][2]string {
	const ticket = `{"source":"salesforce","id":"5001g000009TXIm"}`
	return map[string][2]string{
		"POST /token": {"/token"}, "DELETE /token": {"/token"}, "GET /SF": {"/SF"}, "GET /product/{product}": {"/product/spark"},
		"POST /SF":                                    {"/SF", `{"Agentname":"agent","Updatetime":"2026-03-14 12:00:00","Cases":[]}`},
		"GET /api/v1/me":                              {"/api/v1/me"},
		"GET /api/v1/tickets":                         {"/api/v1/tickets?query=status:new&limit=10"},
		"GET /api/v1/tickets/{key}":                   {"/api/v1/tickets/salesforce:5001g000009TXIm"},
		"GET /api/v1/tickets/{key}/events":            {"/api/v1/tickets/00001026/events"},
		"GET /api/v1/predictions":                     {"/api/v1/predictions?query=product:spark&limit=10"},
		"GET /api/v1/predictions/list":                {"/api/v1/predictions/list"},
		"GET /api/v1/predictions/report":              {"/api/v1/predictions/report"},
		"GET /api/v1/predictions/model":               {"/api/v1/predictions/model"},
		"POST /api/v1/predictions/train":              {"/api/v1/predictions/train"},
		"POST /api/v1/marks":                          {"/api/v1/marks", `{"kind":"ack","tickets":[` + ticket + `],"comment":"on it"}`},
		"GET /api/v1/marks":                           {"/api/v1/marks"},
		"POST /api/v1/assign":                         {"/api/v1/assign", `{"tickets":[` + ticket + `],"owner":"Ana Ruiz"}`},
		"GET /api/v1/customers":                       {"/api/v1/customers?text=acme"},
		"GET /api/v1/customers/{source}/{id}":         {"/api/v1/customers/salesforce/0012"},
		"PUT /api/v1/customers/{source}/{id}/flag":    {"/api/v1/customers/salesforce/0012/flag", `{"tough":true,"note":"asked for the director"}`},
		"DELETE /api/v1/customers/{source}/{id}/flag": {"/api/v1/customers/salesforce/0012/flag"},
		"GET /api/v1/orders":                          {"/api/v1/orders?customer=acme_17&from=2026-03-01"},
		"GET /api/v1/clients":                         {"/api/v1/clients"},
		"GET /api/v1/breaches":                        {"/api/v1/breaches?from=2026-01"},
		"GET /api/v1/rules":                           {"/api/v1/rules"},
		"GET /api/v1/alerts":                          {"/api/v1/alerts"},
		"GET /api/v1/deliveries":                      {"/api/v1/deliveries"},
		"GET /api/v1/deliveries/{id}":                 {"/api/v1/deliveries/5"},
		"GET /api/v1/users":                           {"/api/v1/users"},
		"POST /api/v1/users":                          {"/api/v1/users", `{"name":"ana","role":"engineer","password":"a long enough one"}`},
		"PUT /api/v1/users/{id}":                      {"/api/v1/users/3", `{"name":"ana","role":"lead"}`},
		"DELETE /api/v1/users/{id}":                   {"/api/v1/users/3"},
		"GET /api/v1/tokens":                          {"/api/v1/tokens"},
		"POST /api/v1/tokens":                         {"/api/v1/tokens", `{"user":"madrid","name":"collector in Madrid","scopes":["upload"]}`},
		"DELETE /api/v1/tokens/{id}":                  {"/api/v1/tokens/2"},
		"GET /api/v1/overview":                        {"/api/v1/overview"},
		"GET /api/v1/sources":                         {"/api/v1/sources"},
		"GET /api/v1/logs":                            {"/api/v1/logs?level=warn"},
		"GET /api/v1/settings":                        {"/api/v1/settings"},
		"PATCH /api/v1/settings":                      {"/api/v1/settings", `{"mail.host":"mail.example.org","mail.port":25}`},
		"GET /api/v1/uploads":                         {"/api/v1/uploads"},
		"GET /api/v1/uploads/{id}/document":           {"/api/v1/uploads/1/document"},
		"GET /api/v1/events":                          {"/api/v1/events"},
		"GET /healthz":                                {"/healthz"},
		"GET /readyz":                                 {"/readyz"},
		"GET /metrics":                                {"/metrics"},
		"GET /openapi.json":                           {"/openapi.json"},
		"GET /docs":                                   {"/docs"},
	}
}

// TestEveryRouteLetsInWhoMayAndNobodyElse asks for every route as every role and as nobody.
func TestEveryRouteLetsInWhoMayAndNobodyElse(t *testing.T) {
	ts := newTestServer(t)
	how := asked()
	for _, rt := range ts.routes {
		a, ok := how[rt.pattern()]
		if !ok {
			t.Errorf("%s is not asked for by this test", rt.pattern())
			continue
		}
		for _, who := range append([]core.Role{""}, core.Roles()...) {
			want := http.StatusOK
			switch {
			case rt.who == "":
			case who == "":
				want = http.StatusUnauthorized
			case !who.May(rt.who):
				want = http.StatusForbidden
			}
			w := ts.ask(string(who), rt.method, a[0], a[1], briefly(rt))
			switch {
			case want == http.StatusOK && (w.Code < 200 || w.Code > 299):
				t.Errorf("%s as %q: %d %s, want it to be answered", rt.pattern(), who, w.Code, w.Body)
			case want != http.StatusOK && w.Code != want:
				t.Errorf("%s as %q: %d, want %d", rt.pattern(), who, w.Code, want)
			}
			if want != http.StatusOK {
				checkProblem(t, w.Body.Bytes(), w.Header(), want)
			}
		}
	}
}

// TestWhatIsRefusedNeverReachesTheDesk breaks when the permission is asked for after the work.
func TestWhatIsRefusedNeverReachesTheDesk(t *testing.T) {
	ts := newTestServer(t)
	how := asked()
	for _, rt := range ts.routes {
		if rt.who == "" {
			continue
		}
		a := how[rt.pattern()]
		for _, who := range append([]core.Role{""}, core.Roles()...) {
			if who.May(rt.who) {
				continue
			}
			ts.ask(string(who), rt.method, a[0], a[1])
			if got := ts.desk.lastAsked(); got != "" {
				t.Fatalf("%s as %q asked the desk for %s", rt.pattern(), who, got)
			}
		}
	}
}

func TestANarrowTokenOfAnAdminMayOnlyWhatItIsFor(t *testing.T) {
	ts := newTestServer(t)
	ts.guard.scopes = []core.Scope{core.ScopeRead}
	if w := ts.ask("token-admin", "GET", "/api/v1/tickets", ""); w.Code != http.StatusOK {
		t.Errorf("reading tickets: %d", w.Code)
	}
	w := ts.ask("token-admin", "POST", "/api/v1/assign", asked()["POST /api/v1/assign"][1])
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "token") {
		t.Errorf("assigning: %d %s, want that the token is said to be too narrow", w.Code, w.Body)
	}
}

// TestTheDocumentNamesTheRoutesThereAre compares the list of routes with the OpenAPI document.
func TestTheDocumentNamesTheRoutesThereAre(t *testing.T) {
	ts := newTestServer(t)
	var doc struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	w := ts.ask("", "GET", "/openapi.json", "")
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s, want 3.1", doc.OpenAPI)
	}
	var described, served []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
			var o struct {
				Description string `json:"description"`
				OperationID string `json:"operationId"`
			}
			if err := json.Unmarshal(op, &o); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(o.Description, "Who may: ") {
				t.Errorf("%s %s does not say who may: %q", method, path, o.Description)
			}
		}
	}
	for _, rt := range ts.routes {
		served = append(served, rt.pattern())
	}
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(described, served) {
		t.Errorf("described:\n%s\nserved:\n%s", strings.Join(described, "\n"), strings.Join(served, "\n"))
	}
	for _, rt := range ts.routes {
		if a := asked()[rt.pattern()]; a[0] != "" {
			if _, pattern := ts.mux.Handler(newRequest(rt.method, a[0])); pattern != rt.pattern() {
				t.Errorf("%s is answered by %q", rt.pattern(), pattern)
			}
		}
	}
}

// checkProblem demands the one shape of errors.
func checkProblem(t *testing.T, body []byte, h http.Header, status int) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(body, &p); err != nil {
		t.Errorf("not a problem: %s", body)
		return p
	}
	if ct := h.Get("Content-Type"); ct != problemContent {
		t.Errorf("Content-Type %q", ct)
	}
	if !strings.HasPrefix(p.Type, problemType) || len(p.Type) == len(problemType) || p.Status != status || p.Title != http.StatusText(status) || !strings.HasSuffix(p.Detail, ".") {
		t.Errorf("the problem is %+v, want status %d, a type and a sentence", p, status)
	}
	if (status == http.StatusUnauthorized) != (h.Get("WWW-Authenticate") == `Basic realm="Deskwatch"`) {
		t.Errorf("status %d with WWW-Authenticate %q", status, h.Get("WWW-Authenticate"))
	}
	return p
}

// briefly ends the request of a stream at once: it would never end by itself.
func briefly(rt *route) func(*http.Request) {
	return func(r *http.Request) {
		if rt.path != v1+"/events" {
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		*r = *r.WithContext(ctx)
	}
}

func newRequest(method, target string) *http.Request {
	return httptest.NewRequest(method, target, nil)
}
