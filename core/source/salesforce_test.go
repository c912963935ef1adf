package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

const (
	secretWord = "hunter2-TOKEN"
	clientWord = "client-s3cret"
)

var noon = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

// org is a Salesforce organisation as the REST API shows it. The fields are hooks of the tests.
type org struct {
	*httptest.Server
	mu      sync.Mutex
	signIns []url.Values
	queries []string // of first pages
	served  int      // pages
	token   string

	records int                                                  // in all
	perPage int                                                  // at most
	refuse  func(w http.ResponseWriter, form url.Values) bool    // of a sign-in
	page    func(w http.ResponseWriter, n int, body []byte) bool // answers the n-th page request itself
	next    func(from int) string
}

func newOrg(t *testing.T) *org {
	t.Helper()
	o := &org{records: 5, perPage: 2}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", o.signIn)
	mux.HandleFunc("GET "+salesforcePath, o.query)
	mux.HandleFunc("GET "+salesforcePath+"/{from}", o.query)
	o.Server = httptest.NewServer(mux)
	t.Cleanup(o.Close)
	return o
}

func (o *org) signIn(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	o.signIns = append(o.signIns, r.PostForm)
	w.Header().Set("Content-Type", "application/json")
	if o.refuse != nil && o.refuse(w, r.PostForm) {
		return
	}
	o.token = fmt.Sprintf("00D!token%d", len(o.signIns))
	fmt.Fprintf(w, `{"access_token":%q,"instance_url":%q,"token_type":"Bearer","issued_at":"1"}`, o.token, o.URL)
}

func (o *org) query(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	if r.Header.Get("Authorization") != "Bearer "+o.token || o.token == "" {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`)
		return
	}
	from := 0
	if text := r.PathValue("from"); text != "" {
		fmt.Sscanf(text, "01gX-%d", &from)
	} else {
		o.queries = append(o.queries, r.URL.Query().Get("q"))
	}
	to := min(from+o.perPage, o.records)
	answer := map[string]any{"totalSize": o.records, "done": to == o.records}
	if to < o.records {
		answer["nextRecordsUrl"] = fmt.Sprintf("%s/01gX-%d", salesforcePath, to)
		if o.next != nil {
			answer["nextRecordsUrl"] = o.next(to)
		}
	}
	records := []any{}
	for i := from; i < to; i++ {
		records = append(records, map[string]any{
			"attributes": map[string]any{"type": "Case", "url": "/x"}, "Id": fmt.Sprintf("500%04d", i), "CaseNumber": fmt.Sprintf("%08d", i), "Subject": "s",
			"Status": "New", "IsEscalated": false, "Account": map[string]any{"Name": "Acme"}, "Owner": nil, "LastModifiedDate": noon.Add(time.Duration(i) * time.Minute).Format("2006-01-02T15:04:05.000-0700"),
		})
	}
	answer["records"] = records
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	o.served++
	if o.page != nil && o.page(w, o.served, body) {
		return
	}
	w.Write(body)
}

// pages is how many were asked for. A cut connection ends for its reader before the server's
// side of it does.
func (o *org) pages() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.served
}

func (o *org) source() core.Source {
	return core.Source{Name: "sf", Kind: core.SourceSalesforce, Address: o.URL, Grant: core.GrantClient, ClientID: "app"}
}

func (o *org) open(t *testing.T, ctx context.Context, src core.Source, since time.Time) Stream {
	t.Helper()
	r := Remote{Secret: core.NewSecret(secretWord), ClientSecret: core.NewSecret(clientWord), Now: func() time.Time { return noon }, Pause: time.Microsecond}
	s, err := OpenSalesforce(ctx, src, r, dictionary(t, core.TicketMapping{}), since)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// end reads a stream until it ends.
func end(s Stream) (tickets int, err error) {
	for {
		_, err := s.Next()
		if err == io.EOF {
			return tickets, nil
		}
		if err != nil {
			return tickets, err
		}
		tickets++
	}
}

// wantFault checks the code and the sentence, and that no secret shows.
func wantFault(t *testing.T, err error, code core.Code, says string) {
	t.Helper()
	if core.ErrorCode(err) != code || !strings.Contains(core.ErrorMessage(err), says) {
		t.Errorf("got %v, want %s with %q", err, code, says)
	}
	if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, secretWord) || strings.Contains(text, clientWord) || strings.Contains(text, "00D!") {
		t.Errorf("a secret shows in %s", text)
	}
}

func TestEveryPageIsReadUntilTheLast(t *testing.T) {
	o := newOrg(t)
	list, rejects := readAll(t, o.open(t, t.Context(), o.source(), time.Time{}))
	if len(list) != 5 || len(rejects) > 0 || o.pages() != 3 || len(o.signIns) != 1 {
		t.Errorf("%d tickets, rejects %v, %d pages, %d sign-ins", len(list), rejects, o.pages(), len(o.signIns))
	}
	got := list[4]
	if got.Key() != (core.TicketKey{Source: "sf", ID: "5000004"}) || got.Number != "00000004" || got.Customer != "Acme" || got.Status != core.TicketNew || !got.UpdatedAt.Equal(noon.Add(4*time.Minute)) {
		t.Errorf("%+v", got)
	}
}

func TestBothGrantsSignIn(t *testing.T) {
	o := newOrg(t)
	o.records = 0
	password := o.source()
	password.Grant, password.User = core.GrantPassword, "ana@acme.com"
	for _, src := range []core.Source{o.source(), password} {
		if n, err := end(o.open(t, t.Context(), src, time.Time{})); n != 0 || err != nil {
			t.Fatal(n, err)
		}
	}
	c, p := o.signIns[0], o.signIns[1]
	if c.Get("grant_type") != "client_credentials" || c.Get("client_id") != "app" || c.Get("client_secret") != secretWord {
		t.Errorf("client credentials sent %v", c)
	}
	if p.Get("grant_type") != "password" || p.Get("username") != "ana@acme.com" || p.Get("password") != secretWord || p.Get("client_id") != "app" || p.Get("client_secret") != clientWord {
		t.Errorf("password sent %v", p)
	}
}

func TestATokenThatRunsOutBetweenPagesIsRenewedOnce(t *testing.T) {
	o := newOrg(t)
	o.page = func(_ http.ResponseWriter, n int, _ []byte) bool {
		if n == 1 {
			o.token = "revoked" // behind this page
		}
		return false
	}
	if n, err := end(o.open(t, t.Context(), o.source(), time.Time{})); n != 5 || err != nil || len(o.signIns) != 2 {
		t.Errorf("%d tickets, %v, %d sign-ins", n, err, len(o.signIns))
	}
	// A token that is refused although it is new is no matter of time.
	o = newOrg(t)
	o.page = func(w http.ResponseWriter, n int, _ []byte) bool {
		if n == 1 {
			return false
		}
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`)
		return true
	}
	_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeDenied, "Session expired or invalid")
	if len(o.signIns) != 2 {
		t.Errorf("%d sign-ins", len(o.signIns))
	}
}

func TestALimitSaysWhenToComeBack(t *testing.T) {
	for name, tt := range map[string]struct {
		status       int
		header, body string
		until        time.Time
	}{
		"Salesforce's own":        {http.StatusForbidden, "", `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`, noon.Add(defaultWait)},
		"too many, in seconds":    {http.StatusTooManyRequests, "120", ``, noon.Add(2 * time.Minute)},
		"too many, with a date":   {http.StatusTooManyRequests, noon.Add(time.Hour).Format(http.TimeFormat), `x`, noon.Add(time.Hour)},
		"too many, for ever":      {http.StatusTooManyRequests, "999999999999", ``, noon.Add(longestWait)},
		"closed, with a time":     {http.StatusServiceUnavailable, "30", `<html>`, noon.Add(30 * time.Second)},
		"too many, without sense": {http.StatusTooManyRequests, "soon", ``, noon.Add(defaultWait)},
	} {
		o := newOrg(t)
		o.page = func(w http.ResponseWriter, n int, _ []byte) bool {
			if n != 2 {
				return false
			}
			if tt.header != "" {
				w.Header().Set("Retry-After", tt.header)
			}
			w.WriteHeader(tt.status)
			fmt.Fprint(w, tt.body)
			return true
		}
		_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
		wantFault(t, err, core.CodeUnavailable, "again at "+tt.until.Format("2006-01-02 15:04"))
		if at, ok := RetryAt(err); !ok || !at.Equal(tt.until) {
			t.Errorf("%s: not before %v %v, want %v", name, at, ok, tt.until)
		}
		if o.pages() != 2 {
			t.Errorf("%s: it was asked %d times", name, o.pages())
		}
	}
}

func TestWrongCredentialsAreToldInTheServersWords(t *testing.T) {
	o := newOrg(t)
	o.refuse = func(w http.ResponseWriter, form url.Values) bool {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"authentication failure for %s"}`, form.Get("client_secret"))
		return true
	}
	_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeDenied, "authentication failure for …” (invalid_grant)")
	if len(o.signIns) != 1 {
		t.Errorf("signed in %d times: that locks people out", len(o.signIns))
	}
	o.refuse = func(w http.ResponseWriter, _ url.Values) bool { fmt.Fprint(w, `{"hello":"world"}`); return true }
	_, err = end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeInvalid, "does not sign in as Salesforce does")
	o.refuse = func(w http.ResponseWriter, _ url.Values) bool {
		w.Header().Set("Location", "https://login.example/")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
	_, err = end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeInvalid, "another address")
}

// cut sends only a part of a page, in one of the ways that happens.
func cut(how string, w http.ResponseWriter, body []byte) {
	switch how {
	case "a length that is not kept":
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.Write(body[:len(body)/2])
		panic(http.ErrAbortHandler)
	case "a chunk that is missing":
		w.Write(body[:len(body)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case "an end too early":
		w.Write(body[:len(body)/2])
	}
}

func TestAHalfSentPageIsAskedForAgainThenToldAndNothingOfItIsGiven(t *testing.T) {
	for _, how := range []string{"a length that is not kept", "a chunk that is missing", "an end too early"} {
		o := newOrg(t)
		o.page = func(w http.ResponseWriter, n int, body []byte) bool {
			if n != 2 {
				return false
			}
			cut(how, w, body)
			return true
		}
		if n, err := end(o.open(t, t.Context(), o.source(), time.Time{})); n != 5 || err != nil || o.pages() != 4 {
			t.Errorf("%s, once: %d tickets, %v, %d pages", how, n, err, o.pages())
		}
		o = newOrg(t)
		o.page = func(w http.ResponseWriter, n int, body []byte) bool {
			if n == 1 {
				return false
			}
			cut(how, w, body)
			return true
		}
		n, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
		wantFault(t, err, core.CodeUnavailable, "only a part of a page, 3 times")
		if n != 2 || o.pages() < 1+pageTries { // net/http itself tries once more where nothing had come yet
			t.Errorf("%s, always: %d tickets of whole pages, %d pages", how, n, o.pages())
		}
		if s, err := Spool(t.Context(), o.open(t, t.Context(), o.source(), time.Time{}), nil); s != nil || err == nil {
			t.Errorf("%s: a part was set aside as if it were all", how)
		}
	}
}

func TestAServerOutOfOrderIsAskedAgain(t *testing.T) {
	o := newOrg(t)
	o.page = func(w http.ResponseWriter, n int, _ []byte) bool {
		if n > 2 {
			return false
		}
		w.WriteHeader(http.StatusBadGateway)
		return true
	}
	if n, err := end(o.open(t, t.Context(), o.source(), time.Time{})); n != 5 || err != nil {
		t.Error(n, err)
	}
	o.page = func(w http.ResponseWriter, _ int, _ []byte) bool { w.WriteHeader(http.StatusBadGateway); return true }
	_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeUnavailable, "out of order (status 502)")
}

func TestASlowServerEndsWithTheContext(t *testing.T) {
	o := newOrg(t)
	release := make(chan struct{})
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	o.page = func(_ http.ResponseWriter, _ int, _ []byte) bool { cancel(); <-release; return true }
	started := time.Now()
	_, err := end(o.open(t, ctx, o.source(), time.Time{}))
	wantFault(t, err, core.CodeCanceled, "stopped as you asked")
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestTheNextPageStaysOnTheInstance(t *testing.T) {
	for _, elsewhere := range []string{"https://evil.example" + salesforcePath + "/01gX-2", "//evil.example" + salesforcePath + "/x", "/other", "http://u:p@127.0.0.1:1" + salesforcePath} {
		o := newOrg(t)
		o.next = func(int) string { return elsewhere }
		_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
		wantFault(t, err, core.CodeInvalid, "not its own")
	}
	o := newOrg(t)
	o.next = func(int) string { return salesforcePath + "/01gX-2" }
	_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeInvalid, "circle")
	o = newOrg(t)
	o.next = func(int) string { return "" }
	_, err = end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeInvalid, "there is more and not where")
}

func TestAWrongQueryAndAForbiddenOneAreToldInTheServersWords(t *testing.T) {
	o := newOrg(t)
	o.page = func(w http.ResponseWriter, _ int, _ []byte) bool {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `[{"message":"No such column 'Colour' on entity 'Case'","errorCode":"INVALID_FIELD"}]`)
		return true
	}
	_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeInvalid, "No such column 'Colour' on entity 'Case'” (INVALID_FIELD)")
	o.page = func(w http.ResponseWriter, _ int, _ []byte) bool {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `[{"message":"The REST API is not enabled for this Organization.","errorCode":"API_DISABLED_FOR_ORG"}]`)
		return true
	}
	_, err = end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeDenied, "not enabled")
}

func TestOnlyWhatChangedIsAskedFor(t *testing.T) {
	o := newOrg(t)
	if _, err := end(o.open(t, t.Context(), o.source(), noon)); err != nil {
		t.Fatal(err)
	}
	if want := "FROM Case WHERE LastModifiedDate >= 2024-03-01T11:50:00Z ORDER BY LastModifiedDate"; !strings.HasSuffix(o.queries[0], want) {
		t.Errorf("asked %q", o.queries[0])
	}
	const cond = "LastModifiedDate >= 2024-03-01T11:50:00Z"
	const fields = "SELECT Id, LastModifiedDate FROM Case"
	for query, want := range map[string]string{
		fields:                            fields + " WHERE " + cond + " ORDER BY LastModifiedDate",
		fields + " LIMIT 10 ;":            fields + " WHERE " + cond + " ORDER BY LastModifiedDate LIMIT 10",
		fields + "  where A = 1 OR B = 2": fields + "  where (A = 1 OR B = 2) AND " + cond + " ORDER BY LastModifiedDate",
		fields + "\nWHERE A='x WHERE y ORDER BY'\nLIMIT 5": fields + "\nWHERE (A='x WHERE y ORDER BY') AND " + cond + " ORDER BY LastModifiedDate LIMIT 5",
		fields + ` WHERE A = 'it\'s' ORDER BY A DESC`:      fields + ` WHERE (A = 'it\'s') AND ` + cond + " ORDER BY A DESC",
		fields + " WHERE Id IN (SELECT X FROM Y WHERE Z = 1 LIMIT 3) ORDER BY CreatedDate LIMIT 9 OFFSET 2": fields +
			" WHERE (Id IN (SELECT X FROM Y WHERE Z = 1 LIMIT 3)) AND " + cond + " ORDER BY CreatedDate LIMIT 9 OFFSET 2",
		fields + " WITH SECURITY_ENFORCED FOR VIEW": fields + " WHERE " + cond + " WITH SECURITY_ENFORCED ORDER BY LastModifiedDate FOR VIEW",
	} {
		if got, err := soqlSince(query, noon); err != nil || got != want {
			t.Errorf("%q became\n%q, %v, want\n%q", query, got, err, want)
		}
	}
	if got, err := soqlSince(fields+" WHERE A = 1", time.Time{}); err != nil || got != fields+" WHERE A = 1 ORDER BY LastModifiedDate" {
		t.Errorf("without a time: %q %v", got, err)
	}
}

func TestAQueryThatCannotWorkIsToldBeforeItIsSent(t *testing.T) {
	for query, says := range map[string]string{
		"DELETE FROM Case": "SELECT", "SELECT Id FROM Case": "LastModifiedDate", "SELECT LastModifiedDate FROM Case": "Id",
		"SELECT Id, LastModifiedDate FROM Case WHERE A = 'x": "closing quote", "SELECT (Id, LastModifiedDate FROM Case": "bracket", "SELECT Id) FROM Case": "bracket",
	} {
		wantFault(t, CheckSOQL(query), core.CodeInvalid, says)
	}
	for _, query := range []string{"", defaultSOQL, "select FIELDS(ALL) from Case LIMIT 200", "SELECT id,\tlastmodifieddate,(SELECT Id FROM Tasks)\nFROM Case"} {
		if err := CheckSOQL(query); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	}
}

func TestASecretNeverGoesOutInTheClear(t *testing.T) {
	for address, says := range map[string]string{
		"http://acme.my.salesforce.com": "in the clear", "": "no address", "https://u:p@acme.com": "own fields", "ftp://acme.com": "no address", "https://acme.com/?x=1": "what follows",
	} {
		_, err := OpenSalesforce(t.Context(), core.Source{Address: address}, Remote{}, nil, time.Time{})
		wantFault(t, err, core.CodeInvalid, says)
	}
	// What signs in may not lead the token to a server without encryption.
	o := newOrg(t)
	o.refuse = func(w http.ResponseWriter, _ url.Values) bool {
		fmt.Fprint(w, `{"access_token":"00D!x","instance_url":"http://acme.my.salesforce.com"}`)
		return true
	}
	_, err := end(o.open(t, t.Context(), o.source(), time.Time{}))
	wantFault(t, err, core.CodeInvalid, "no usable address")
}
