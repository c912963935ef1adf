package source

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

// fakeDesk answers as another Deskwatch would. The fields are the tests' to change under mu.
type fakeDesk struct {
	*httptest.Server
	mu       sync.Mutex
	tickets  []core.TicketView
	perPage  int
	password string
	tokens   map[string]bool // that are good
	lasts    float64         // seconds a token does
	asked    []url.Values    // pages of tickets
	signIns  int
	said     []string // "POST /api/v1/marks {…}"
	marks    core.SharedMarks
	refuse   func(w http.ResponseWriter, r *http.Request) bool // answers a signed request itself
	events   func(w http.ResponseWriter, r *http.Request)
}

func newFakeDesk(t *testing.T, start func(http.Handler) *httptest.Server) *fakeDesk {
	t.Helper()
	f := &fakeDesk{perPage: 2, tickets: []core.TicketView{}, password: secretWord, tokens: map[string]bool{}, lasts: 600}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /desk/token", f.token)
	mux.HandleFunc("GET /desk/api/v1/tickets", f.page(t))
	mux.HandleFunc("GET /desk/api/v1/marks", func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d-%d"`, len(f.marks.Attention), len(f.marks.Flags))
		if w.Header().Set("ETag", tag); r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_ = json.NewEncoder(w).Encode(f.marks)
	})
	mux.HandleFunc("GET /desk/api/v1/events", func(w http.ResponseWriter, r *http.Request) {
		if f.events == nil {
			problem(w, http.StatusNotFound, "There is nothing here.")
			return
		}
		f.events(w, r)
	})
	note := func(w http.ResponseWriter, r *http.Request) {
		var body json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&body)
		f.said = append(f.said, strings.TrimSpace(r.Method+" "+r.URL.EscapedPath()+" "+string(body)))
		w.WriteHeader(http.StatusNoContent)
	}
	for _, route := range []string{"POST /desk/api/v1/marks", "POST /desk/api/v1/assign", "PUT /desk/api/v1/customers/{source}/{id}/flag", "DELETE /desk/api/v1/customers/{source}/{id}/flag"} {
		mux.HandleFunc(route, note)
	}
	f.Server = start(f.guard(mux))
	t.Cleanup(f.Close)
	return f
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "urn:deskwatch:x", "title": http.StatusText(status), "status": status, "detail": detail})
}

// guard lets through what is signed by a good token. Streams are not held under mu.
func (f *fakeDesk) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case strings.HasSuffix(r.URL.Path, "/token"):
		case !f.tokens[token]:
			f.mu.Unlock()
			problem(w, http.StatusUnauthorized, "Sign in first.")
			return
		case f.refuse != nil && f.refuse(w, r):
			f.mu.Unlock()
			return
		}
		if strings.HasSuffix(r.URL.Path, "/events") {
			f.mu.Unlock()
			next.ServeHTTP(w, r)
			return
		}
		defer f.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func (f *fakeDesk) token(w http.ResponseWriter, r *http.Request) {
	f.signIns++
	if user, password, _ := r.BasicAuth(); user != "ana" || password != f.password {
		problem(w, http.StatusUnauthorized, "Wrong user or password, "+password+".")
		return
	}
	token := fmt.Sprintf("token-%d", f.signIns)
	f.tokens[token] = true
	_ = json.NewEncoder(w).Encode(map[string]any{"token": token, "duration": f.lasts})
}

func (f *fakeDesk) page(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.asked = append(f.asked, r.URL.Query())
		from := 0
		fmt.Sscanf(r.URL.Query().Get("after"), "c%d", &from)
		to := min(from+f.perPage, len(f.tickets))
		page := core.TicketPage{Total: int64(len(f.tickets)), Items: f.tickets[from:to]}
		if to < len(f.tickets) {
			page.Next = fmt.Sprintf("c%d", to)
		}
		if err := json.NewEncoder(w).Encode(page); err != nil {
			t.Error(err)
		}
	}
}

func plainServer(h http.Handler) *httptest.Server { return httptest.NewServer(h) }

func (f *fakeDesk) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeDesk) source() core.Source {
	return core.Source{Name: "madrid", Kind: core.SourceDesk, Address: f.URL + "/desk/", User: "ana"}
}

func deskRemote(secret string) Remote {
	return Remote{Secret: core.NewSecret(secret), Now: func() time.Time { return noon }, Pause: time.Microsecond}
}

func openDesk(t *testing.T, src core.Source, r Remote) *Desk {
	t.Helper()
	d, err := NewDesk(src, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func viewsOf(n int) (list []core.TicketView) {
	for i := range n {
		list = append(list, core.TicketView{Ticket: core.Ticket{No: uint32(i + 1), Source: "salesforce", ID: fmt.Sprint(i), Number: "TS" + fmt.Sprint(i), Subject: "s",
			Status: core.TicketPending, RawStatus: "Waiting", Priority: core.PriorityUrgent, CustomerID: "17", Customer: "Acme", Rating: 2, UpdatedAt: noon, Escalated: true, Owner: "bob"},
			Risk: 70, CustomerKey: core.CustomerKey{Source: "salesforce", ID: "17"}})
	}
	return list
}

func TestAnotherDesksTicketsComeWhole(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	f.tickets = viewsOf(5)
	f.tickets[3].Assigned = "eva"
	d := openDesk(t, f.source(), deskRemote(secretWord))
	list, rejects := readAll(t, d.Tickets(t.Context(), noon))
	if len(list) != 5 || len(rejects) > 0 {
		t.Fatalf("%d tickets, %v", len(list), rejects)
	}
	want := f.tickets[4].Ticket
	want.No, want.Source, want.ID, want.CustomerID = 0, "madrid", "salesforce:4", "salesforce:17"
	if list[4] != want {
		t.Errorf("got %+v, want %+v", list[4], want)
	}
	if list[3].Owner != "eva" {
		t.Errorf("assigned to eva there, and here %q has it", list[3].Owner)
	}
	if q := f.asked[0]; q.Get("query") != "updated:>=2024-02-29" || q.Get("limit") != "500" || q.Get("texts") != "true" || q.Has("after") || f.asked[2].Get("after") != "c4" {
		t.Errorf("asked %v", f.asked)
	}
	if f.signIns != 1 {
		t.Errorf("signed in %d times for three pages", f.signIns)
	}
}

func TestTicketsAreAskedForByName(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	f.tickets = viewsOf(3)
	d := openDesk(t, f.source(), deskRemote(secretWord))
	var keys []core.TicketKey
	for i := range 120 {
		keys = append(keys, core.TicketKey{Source: "salesforce", ID: fmt.Sprintf("%018d", i)})
	}
	list, _ := readAll(t, d.Named(t.Context(), keys))
	named := 0
	for _, q := range f.asked {
		text := q.Get("query")
		if !strings.HasPrefix(text, `number:"salesforce:`) || len(text) > 2000 {
			t.Errorf("asked %q", text)
		}
		if !q.Has("after") {
			named += strings.Count(text, "salesforce:")
		}
	}
	questions := len(f.asked) / 2 // each has two pages
	if named != 120 || questions < 2 || len(list) != 3*questions {
		t.Errorf("%d of 120 tickets were named in %d questions, and %d came", named, questions, len(list))
	}
	// What the query language cannot say is left to the next run.
	if list, _ := readAll(t, d.Named(t.Context(), []core.TicketKey{{Source: "a", ID: `"`}})); len(list) != 0 {
		t.Errorf("%d tickets of none", len(list))
	}
}

func TestWhatIsNoDeskIsTold(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	d := openDesk(t, f.source(), deskRemote("wrong-WORD"))
	_, err := end(d.Tickets(t.Context(), time.Time{}))
	wantFault(t, err, core.CodeDenied, "Wrong user or password")
	if strings.Contains(err.Error(), "wrong-WORD") {
		t.Errorf("the password is told: %v", err)
	}
	for body, says := range map[string]string{`{"hello":1}`: "not a Deskwatch server", `<html>`: "sent no JSON", "404": "not a Deskwatch server"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if status, err := strconv.Atoi(body); err == nil {
				w.WriteHeader(status)
			}
			fmt.Fprint(w, body)
		}))
		src := f.source()
		src.Address = server.URL
		_, err := end(openDesk(t, src, deskRemote(secretWord)).Tickets(t.Context(), time.Time{}))
		wantFault(t, err, core.CodeInvalid, says)
		server.Close()
	}
}

func TestATicketOfANewerDeskCostsItselfOnly(t *testing.T) {
	p, err := openDeskPage([]byte(`{"items":[{"source":"a","id":"1","status":"frozen"},{"source":"a","id":""},{"source":"a","id":"2","status":"new"}],"next":""}`), "x")
	if err != nil {
		t.Fatal(err)
	}
	list, rejects := readAll(t, &pages{fetch: func(string) ([]byte, error) { return nil, nil }, open: func([]byte) (page, error) { return p, nil }})
	if len(list) != 1 || list[0].ID != "a:2" || len(rejects) != 2 || rejects[1].Line != 2 {
		t.Errorf("%v %v", list, rejects)
	}
}

func TestATokenIsRenewedBeforeItEndsAndWhenItIsRefused(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	now := noon
	r := deskRemote(secretWord)
	r.Now = func() time.Time { return now }
	d := openDesk(t, f.source(), r)
	ask := func(signIns int, why string) {
		t.Helper()
		if _, err := end(d.Tickets(t.Context(), time.Time{})); err != nil {
			t.Fatalf("%s: %v", why, err)
		}
		if f.signIns != signIns {
			t.Errorf("%s: %d sign-ins, want %d", why, f.signIns, signIns)
		}
	}
	ask(1, "the first question")
	now = now.Add(500 * time.Second)
	ask(1, "long before its end")
	now = now.Add(45 * time.Second)
	ask(2, "shortly before its end")
	f.set(func() { clear(f.tokens) }) // the server was restarted
	ask(3, "a token the server does not know")
	now = now.Add(9 * time.Hour)
	ask(4, "after a night's sleep")
}

func TestAChangedPasswordIsTriedOnceAndTold(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	now := noon
	r := deskRemote(secretWord)
	r.Now = func() time.Time { return now }
	d := openDesk(t, f.source(), r)
	if _, err := end(d.Tickets(t.Context(), time.Time{})); err != nil {
		t.Fatal(err)
	}
	f.set(func() { clear(f.tokens); f.password = "another" })
	for range 5 { // as a run, a stream of events and a person would at the same time
		_, err := end(d.Tickets(t.Context(), time.Time{}))
		wantFault(t, err, core.CodeDenied, "it was changed")
		wantFault(t, err, core.CodeDenied, "Settings, Sources")
	}
	if f.signIns != 2 {
		t.Errorf("%d sign-ins with a password that is no longer the one", f.signIns-1)
	}
	f.set(func() { f.password = secretWord })
	now = now.Add(time.Minute)
	if _, err := end(d.Tickets(t.Context(), time.Time{})); err != nil {
		t.Error(err)
	}
}

func TestALongLivedTokenNeedsNoSignIn(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	f.tokens["dwt_abc"] = true
	d := openDesk(t, f.source(), deskRemote("dwt_abc"))
	if _, err := end(d.Tickets(t.Context(), time.Time{})); err != nil || f.signIns != 0 {
		t.Errorf("%d sign-ins, %v", f.signIns, err)
	}
	f.set(func() { clear(f.tokens) })
	_, err := end(d.Tickets(t.Context(), time.Time{}))
	wantFault(t, err, core.CodeDenied, "no longer takes the token")
	if f.signIns != 0 {
		t.Error("a token was sent as a password")
	}
}

func TestAPasswordTravelsReadableOnlyWhereThatIsSaid(t *testing.T) {
	src := core.Source{Name: "madrid", Kind: core.SourceDesk, Address: "http://desk.example:8750", User: "ana"}
	wantFault(t, CheckDesk(src), core.CodeInvalid, "in the clear")
	src.InsecureHTTP = true
	if err := CheckDesk(src); err != nil {
		t.Error(err)
	}
}

func TestMarksTravelUnderTheKeysOfTheOtherDesk(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	d := openDesk(t, f.source(), deskRemote(secretWord))
	here := []core.TicketKey{{Source: "madrid", ID: "salesforce:1"}, {Source: "madrid", ID: "crm:a:b"}}
	if n, err := d.Mark(t.Context(), core.MarkRequest{Kind: core.Acknowledge, Tickets: here, Comment: "mine"}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := d.Assign(t.Context(), here[:1], "eva"); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	flag := core.ToughFlag{Customer: core.CustomerKey{Source: "madrid", ID: "crm:a/b ñ"}, Tough: true, At: noon}
	if err := d.Flag(t.Context(), flag); err != nil {
		t.Fatal(err)
	}
	if err := d.Unflag(t.Context(), flag.Customer); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`POST /desk/api/v1/marks {"kind":"ack","tickets":[{"source":"salesforce","id":"1"},{"source":"crm","id":"a:b"}],"comment":"mine"}`,
		`POST /desk/api/v1/assign {"tickets":[{"source":"salesforce","id":"1"}],"owner":"eva"}`,
		`PUT /desk/api/v1/customers/crm/a%2Fb%20%C3%B1/flag {"customer":{"source":"crm","id":"a/b ñ"},"tough":true,"note":"","at":"2024-03-01T12:00:00Z"}`,
		`DELETE /desk/api/v1/customers/crm/a%2Fb%20%C3%B1/flag`,
	} {
		if i >= len(f.said) || f.said[i] != want {
			t.Errorf("said %q, want %s", f.said, want)
		}
	}
	// A ticket of another source has no business there.
	_, err := d.Mark(t.Context(), core.MarkRequest{Kind: core.Snooze, Tickets: []core.TicketKey{{Source: "file", ID: "9"}}})
	wantFault(t, err, core.CodeNotFound, "none of the other Deskwatch")

	f.set(func() {
		f.marks = core.SharedMarks{
			Attention: []core.Attention{{Key: core.TicketKey{Source: "crm", ID: "a:b"}, Kind: core.Snooze, At: noon, By: "eva"}},
			Flags:     []core.ToughFlag{{Customer: core.CustomerKey{Source: "crm", ID: "x"}, Tough: true}, {Customer: core.CustomerKey{Source: core.OrdersSource, ID: "y"}}},
		}
	})
	marks, tag, changed, err := d.Marks(t.Context(), "")
	if err != nil || !changed || len(marks.Attention) != 1 || marks.Attention[0].Key != here[1] || marks.Attention[0].By != "eva" ||
		len(marks.Flags) != 1 || marks.Flags[0].Customer != (core.CustomerKey{Source: "madrid", ID: "crm:x"}) {
		t.Errorf("%+v %v %v", marks, changed, err)
	}
	if _, _, changed, err = d.Marks(t.Context(), tag); changed || err != nil {
		t.Errorf("nothing changed since, and: %v %v", changed, err)
	}
}

func TestWhatTheOtherDeskDoesNotAllowIsSaidInItsWords(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	d := openDesk(t, f.source(), deskRemote(secretWord))
	mark := func() error {
		_, err := d.Mark(t.Context(), core.MarkRequest{Kind: core.Acknowledge, Tickets: []core.TicketKey{{Source: "madrid", ID: "a:1"}}})
		return err
	}
	for status, code := range map[int]core.Code{http.StatusForbidden: core.CodeForbidden, http.StatusNotFound: core.CodeNotFound, http.StatusConflict: core.CodeConflict,
		http.StatusBadRequest: core.CodeInvalid, http.StatusServiceUnavailable: core.CodeUnavailable} {
		f.set(func() {
			f.refuse = func(w http.ResponseWriter, _ *http.Request) bool {
				problem(w, status, "Your role, collector, may not mark tickets.")
				return true
			}
		})
		wantFault(t, mark(), code, "Your role, collector, may not mark tickets.")
	}
	f.Close()
	wantFault(t, mark(), core.CodeUnavailable, "cannot be reached. Nothing was changed.")
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Mark(stopped, core.MarkRequest{Tickets: []core.TicketKey{{Source: "madrid", ID: "a:1"}}})
	if core.ErrorCode(err) != core.CodeCanceled {
		t.Error(err)
	}
}
