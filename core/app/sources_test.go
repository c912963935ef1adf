package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
	"deskwatch/core/tickets"
)

// fakeOrg is a Salesforce organisation with a list of cases, one page.
type fakeOrg struct {
	*httptest.Server
	mu      sync.Mutex
	cases   []map[string]any
	queries []string
	answer  func(w http.ResponseWriter) bool // answers a query itself
	signIns int
	refuse  string // what a sign-in is refused with
}

func newFakeOrg(t *testing.T) *fakeOrg {
	t.Helper()
	o := &fakeOrg{cases: []map[string]any{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		if strings.HasSuffix(r.URL.Path, "/token") {
			o.signIns++
			if o.refuse != "" {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, o.refuse)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"access_token":"t","instance_url":%q,"token_type":"Bearer"}`, o.URL)
			return
		}
		o.queries = append(o.queries, r.URL.Query().Get("q"))
		if o.answer != nil && o.answer(w) {
			return
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"totalSize": len(o.cases), "done": true, "records": o.cases}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *fakeOrg) set(cases ...map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cases = cases
}

func aCase(id, status string, changed time.Time) map[string]any {
	return map[string]any{"Id": id, "CaseNumber": "N" + id, "Subject": "s", "Status": status, "LastModifiedDate": changed.Format(time.RFC3339)}
}

// salesforce adds the organisation as the source "sf".
func (d *desk) salesforce(t *testing.T, o *fakeOrg) core.Source {
	t.Helper()
	s := core.Source{Name: "sf", Kind: core.SourceSalesforce, Enabled: true, Minutes: 5, Address: o.URL, ClientID: "app"}
	secret := core.NewSecret("hunter2")
	if err := d.SaveSource(t.Context(), s, &secret, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// report is the source of that name, with its state.
func (d *desk) report(t *testing.T, name string) core.SourceReport {
	t.Helper()
	list, err := d.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no source %q in %+v", name, list)
	return core.SourceReport{}
}

func runs(t *testing.T, d *desk, name string) {
	t.Helper()
	if err := d.RunSource(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

func TestASourceIsAskedOnlyForWhatChangedSinceItsLastRun(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	first := d.clock.Now().Add(-time.Hour).Truncate(time.Second)
	o.set(aCase("1", "New", first), aCase("2", "New", first.Add(-time.Hour)))
	runs(t, d, "sf")
	r := d.report(t, "sf")
	if r.State.Tickets != 2 || r.State.Counts.New != 2 || r.State.LastError != "" || !r.State.Since.Equal(first) || r.State.Running {
		t.Fatalf("after the first run: %+v", r.State)
	}
	o.set(aCase("1", "Closed", first.Add(time.Minute)))
	runs(t, d, "sf")
	if len(o.queries) != 2 || strings.Contains(o.queries[0], "WHERE") || !strings.Contains(o.queries[1], "WHERE LastModifiedDate >= "+first.Add(-10*time.Minute).Format("2006-01-02T15:04:05Z")) {
		t.Errorf("asked %q", o.queries)
	}
	if r := d.report(t, "sf"); r.State.Tickets != 2 || r.State.Counts.Changed != 1 {
		t.Errorf("after the second run: %+v", r.State)
	}
	// Read in another way, everything is asked for again.
	s := r.Source
	s.Mapping.Statuses = map[string]core.TicketStatus{"New": core.TicketPending}
	if err := d.SaveSource(t.Context(), s, nil, nil); err != nil {
		t.Fatal(err)
	}
	runs(t, d, "sf")
	if strings.Contains(o.queries[2], "WHERE") {
		t.Errorf("asked %q", o.queries[2])
	}
}

func TestADateFromTheFutureHidesNothing(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	o.set(aCase("1", "New", d.clock.Now().AddDate(50, 0, 0)))
	runs(t, d, "sf")
	if since := d.report(t, "sf").State.Since; since.After(d.clock.Now()) {
		t.Errorf("the next run asks for changes from %v on", since)
	}
}

func TestAFailingSourceIsToldOncePerOutageAndLeftInPeace(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	o.set(aCase("1", "New", d.clock.Now()))
	runs(t, d, "sf")
	events, cancel := d.Subscribe(100)
	defer cancel()
	until := d.clock.Now().Add(3 * time.Hour)
	o.answer = func(w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", fmt.Sprint(int(until.Sub(d.clock.Now()).Seconds())))
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	for range 3 {
		wantError(t, d.RunSource(t.Context(), "sf"), core.CodeUnavailable, "no more questions")
	}
	r := d.report(t, "sf")
	if r.State.Failures != 3 || !strings.Contains(r.State.LastError, "no more questions") || r.State.LastSuccess.IsZero() || r.State.Tickets != 1 || r.State.NextRun.Before(until.Add(-2*time.Second)) {
		t.Errorf("state %+v, not before %v", r.State, until)
	}
	o.mu.Lock()
	o.answer = nil
	o.mu.Unlock()
	runs(t, d, "sf")
	if r := d.report(t, "sf"); r.State.Failures != 0 || r.State.LastError != "" {
		t.Errorf("state %+v", r.State)
	}
	o.refuse = `{"error":"invalid_grant","error_description":"authentication failure"}`
	wantError(t, d.RunSource(t.Context(), "sf"), core.CodeDenied, "authentication failure")
	if r := d.report(t, "sf"); r.State.NextRun.Sub(d.clock.Now()) < deniedBackOff-time.Second {
		t.Errorf("a refused sign-in is tried again at %v: that locks people out", r.State.NextRun)
	}
	told := 0
	for len(events) > 0 {
		if e, ok := (<-events).(core.JobFailed); ok {
			told++
			if e.BookDown || !strings.HasPrefix(e.Message, "sf: Salesforce") {
				t.Errorf("told %+v", e)
			}
		}
	}
	if told != 2 {
		t.Errorf("told %d times of two outages", told)
	}
}

func TestBackOffDoublesAndEnds(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 5 * time.Minute, 2: 10 * time.Minute, 4: 40 * time.Minute, 6: 160 * time.Minute, 100: 160 * time.Minute} {
		if got := backOff(5*time.Minute, failures, false); got != want {
			t.Errorf("%d failures: %v, want %v", failures, got, want)
		}
	}
	if got := backOff(5*time.Minute, 100, true); got != longestBackOff {
		t.Errorf("refused for ever: %v", got)
	}
	if got := backOff(24*time.Hour, 3, false); got != 24*time.Hour {
		t.Errorf("asked once a day: %v", got)
	}
}

func TestDueSourcesAreAskedByThemselvesAndTogether(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	o.set(aCase("1", "New", d.clock.Now()))
	off := core.Source{Name: "off", Kind: core.SourceSalesforce, Minutes: 5, Address: o.URL, ClientID: "app"}
	if err := d.SaveSource(t.Context(), off, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.runDueSources(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the source was asked", func() bool { return !d.report(t, "sf").State.LastSuccess.IsZero() })
	if err := d.runDueSources(t.Context()); err != nil { // not due again
		t.Fatal(err)
	}
	d.clock.advance(5 * time.Minute)
	if err := d.runDueSources(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it was asked again", func() bool { o.mu.Lock(); defer o.mu.Unlock(); return len(o.queries) == 2 })
	if r := d.report(t, "off"); !r.State.LastRun.IsZero() {
		t.Error("a source that is off was asked")
	}
}

func TestOneRunOfASourceAtATime(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	asked, release := make(chan struct{}), make(chan struct{})
	o.answer = func(http.ResponseWriter) bool { close(asked); <-release; return false }
	ended := make(chan error, 1)
	go func() { ended <- d.RunSource(context.Background(), "sf") }()
	<-asked
	wantError(t, d.RunSource(t.Context(), "sf"), core.CodeConflict, "already")
	if !d.report(t, "sf").State.Running {
		t.Error("nobody sees that it runs")
	}
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestOfAHalfSentAnswerNothingIsKept(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	d.sourceRuns.pause = time.Microsecond
	// The second page is always cut: not even the first is kept.
	o.answer = func(w http.ResponseWriter) bool {
		if len(o.queries) == 1 {
			fmt.Fprint(w, `{"done":false,"nextRecordsUrl":"/services/data/v60.0/query/x-1","records":[{"Id":"1","Status":"New"}]}`)
			return true
		}
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"done":true,"records":[{"Id":"2"`)
		return true
	}
	wantError(t, d.RunSource(t.Context(), "sf"), core.CodeUnavailable, "only a part")
	if n := d.report(t, "sf").State.Tickets; n != 0 {
		t.Errorf("%d tickets of half an answer are kept", n)
	}
}

func TestAFullSourceMarksWhatIsMissingUnlessSomethingCouldNotBeRead(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	s := d.salesforce(t, o)
	s.Full = true
	if err := d.SaveSource(t.Context(), s, nil, nil); err != nil {
		t.Fatal(err)
	}
	now := d.clock.Now().Add(-time.Hour)
	o.set(aCase("1", "New", now), aCase("2", "New", now), aCase("3", "New", now))
	runs(t, d, "sf")
	o.set(aCase("1", "New", now), map[string]any{"Id": "2", "LastModifiedDate": "soon"})
	runs(t, d, "sf")
	if st := d.report(t, "sf").State; st.Counts.Gone != 0 || !strings.Contains(st.Note, "record 2, LastModifiedDate") {
		t.Errorf("state %+v", st)
	}
	o.set(aCase("1", "New", now), aCase("2", "New", now))
	runs(t, d, "sf")
	if st := d.report(t, "sf").State; st.Counts.Gone != 1 || st.Note != "" {
		t.Errorf("state %+v", st)
	}
	for _, q := range o.queries {
		if strings.Contains(q, "WHERE") {
			t.Errorf("asked %q of a source that tells everything", q)
		}
	}
}

func TestADeletedSourceLeavesItsTickets(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	d.salesforce(t, o)
	o.set(aCase("1", "New", d.clock.Now()))
	runs(t, d, "sf")
	if err := d.DeleteSource(t.Context(), "sf"); err != nil {
		t.Fatal(err)
	}
	if r := d.report(t, "sf"); r.Kind != core.SourceFile || r.State.Tickets != 1 {
		t.Errorf("left %+v", r)
	}
	if _, set, err := d.vault.Get(t.Context(), core.SourceSecret("sf")); set || err != nil {
		t.Errorf("its secret stays: %v %v", set, err)
	}
	wantError(t, d.RunSource(t.Context(), "sf"), core.CodeNotFound, "no source")
	wantError(t, d.DeleteSource(t.Context(), "sf"), core.CodeNotFound, "")
}

func TestATestKeepsNothing(t *testing.T) {
	d, o := newDesk(t), newFakeOrg(t)
	o.set(aCase("1", "New", d.clock.Now()), map[string]any{"Subject": "nobody"})
	s := core.Source{Name: "sf", Kind: core.SourceSalesforce, Address: o.URL, ClientID: "app"}
	secret := core.NewSecret("hunter2")
	got, err := d.TestSource(t.Context(), s, &secret, nil)
	if err != nil || !strings.Contains(got, "It answers. Tickets read: 1. The first is N1, “s”, new.") || !strings.Contains(got, "could not be read: 1") {
		t.Errorf("%q %v", got, err)
	}
	if list, err := d.Sources(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("kept %+v %v", list, err)
	}
	_, err = d.TestSource(t.Context(), s, nil, nil)
	wantError(t, err, core.CodeDenied, "No password or secret is set")
	s.Address = "http://acme.example"
	_, err = d.TestSource(t.Context(), s, &secret, nil)
	wantError(t, err, core.CodeInvalid, "in the clear")
}

func TestASourceThatCannotWorkIsNotSaved(t *testing.T) {
	d := newDesk(t)
	good := core.Source{Name: "x", Kind: core.SourceSalesforce, Minutes: 5, Address: "https://acme.example", ClientID: "app"}
	file := writeFile(t, "x.csv", "")
	for words, spoil := range map[string]func(*core.Source){
		"is a file":               func(s *core.Source) { s.Kind, s.Folder = core.SourceFolder, file },
		"name of its own":         func(s *core.Source) { s.Name = " " },
		"other than \"file\"":     func(s *core.Source) { s.Name = "file" },
		"without a colon":         func(s *core.Source) { s.Name = "a:b" },
		"1 to 1440":               func(s *core.Source) { s.Minutes = 1441 },
		"kind of source":          func(s *core.Source) { s.Kind = "fax" },
		"consumer key":            func(s *core.Source) { s.ClientID = "" },
		"needs a user":            func(s *core.Source) { s.Grant = core.GrantPassword },
		"client_credentials or":   func(s *core.Source) { s.Grant = "magic" },
		"SELECT":                  func(s *core.Source) { s.Query = "DROP" },
		"no address of a server":  func(s *core.Source) { s.Address = "" },
		"no address of a ticket":  func(s *core.Source) { s.URL = "https://acme.example/" },
		"whole path":              func(s *core.Source) { s.Kind, s.Folder = core.SourceFolder, "in" },
		"user to sign in":         func(s *core.Source) { s.Kind = core.SourceDesk },
		"not a time zone":         func(s *core.Source) { s.Mapping.Zone = "Mars" },
		"not a field of a ticket": func(s *core.Source) { s.Mapping.Fields = map[core.Field]string{"colour": "x"} },
	} {
		s := good
		spoil(&s)
		wantError(t, d.SaveSource(t.Context(), s, nil, nil), core.CodeInvalid, words)
	}
	if err := d.SaveSource(t.Context(), good, nil, nil); err != nil {
		t.Fatal(err)
	}
	good.Kind, good.Folder = core.SourceFolder, t.TempDir()
	wantError(t, d.SaveSource(t.Context(), good, nil, nil), core.CodeConflict, "another kind")
}

// folder adds a watched folder as the source "in".
func (d *desk) folder(t *testing.T, a *App) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := a.SaveSource(t.Context(), core.Source{Name: "in", Kind: core.SourceFolder, Enabled: true, Folder: dir}, nil, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func drop(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADroppedFileBecomesTicketsWithinHalfASecond(t *testing.T) {
	d := newDesk(t)
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir := d.folder(t, d.App)
	drop(t, dir, "base.json", `[{"Id":"1","CaseNumber":"TS1","Status":"New","Subject":"s"}]`)
	eventually(t, "the first file was taken", func() bool { return d.report(t, "in").State.Tickets == 1 })
	events, cancel := d.Subscribe(100)
	defer cancel()
	dropped := time.Now()
	drop(t, dir, "more.csv", "id,number,status,subject\n2,TS2,New,Spark job lost\n")
	for {
		select {
		case e := <-events:
			if e, ok := e.(core.TicketsChanged); ok && len(e.Events) > 0 {
				took := time.Since(dropped)
				t.Logf("from the drop to the event: %v", took)
				if took > 500*time.Millisecond || e.Events[0].Number != "TS2" || e.Events[0].Kind != core.TicketCreated {
					t.Errorf("after %v: %+v", took, e.Events)
				}
				return
			}
		case <-time.After(5 * time.Second):
			t.Fatal("nobody heard of the ticket")
		}
	}
}

func TestABadFileIsToldOnceAndLeftAlone(t *testing.T) {
	d := newDesk(t)
	dir := d.folder(t, d.App)
	events, cancel := d.Subscribe(100)
	defer cancel()
	drop(t, dir, "bad.json", `{"colour":"red"}`)
	drop(t, dir, "good.json", `[{"Id":"1","Status":"New"}]`)
	wantError(t, d.RunSource(t.Context(), "in"), core.CodeInvalid, `"bad.json" was not taken`)
	if n := d.report(t, "in").State.Tickets; n != 1 {
		t.Errorf("%d tickets: a bad file stopped the good one", n)
	}
	runs(t, d, "in")
	other := &desk{App: d.open(t)} // as after a restart
	runs(t, other, "in")
	told := 0
	for len(events) > 0 {
		if _, ok := (<-events).(core.JobFailed); ok {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if _, err := os.Stat(filepath.Join(dir, "bad.json")); err != nil {
		t.Error("the file was not left:", err)
	}
	// Of several the error says how many, and of each which.
	drop(t, dir, "worse.json", `{"size":1}`)
	drop(t, dir, "worst.json", `[`)
	err := d.RunSource(t.Context(), "in")
	wantError(t, err, core.CodeInvalid, "2 files were not taken")
	if said := core.ErrorMessage(err); !strings.Contains(said, `"worse.json"`) || !strings.Contains(said, `"worst.json"`) || d.report(t, "in").State.LastError != said {
		t.Errorf("%q, kept %q", said, d.report(t, "in").State.LastError)
	}
	// Mended, it is read.
	drop(t, dir, "bad.json", `[{"Id":"2","Status":"New"}]`)
	runs(t, d, "in")
	if n := d.report(t, "in").State.Tickets; n != 2 {
		t.Errorf("%d tickets after the repair", n)
	}
}

func TestWhatAFolderHoldsWhenItIsSetUpIsOneSilentLoad(t *testing.T) {
	d := newDesk(t)
	dir := d.folder(t, d.App)
	drop(t, dir, "1.json", `[{"Id":"1","Status":"New"}]`)
	drop(t, dir, "2.json", `[{"Id":"2","Status":"New"},{"Id":"3","Status":"New"}]`)
	runs(t, d, "in")
	audible := func() int {
		events, err := d.pool.Events(t.Context(), core.TicketEventQuery{Audible: true})
		if err != nil {
			t.Fatal(err)
		}
		return len(events)
	}
	if n := audible(); n != 0 {
		t.Errorf("a folder's history is told as %d pieces of news", n)
	}
	if c := d.report(t, "in").State.Counts; c.New != 3 {
		t.Errorf("the run of both files counts %+v", c)
	}
	drop(t, dir, "3.json", `[{"Id":"4","Status":"New"}]`)
	runs(t, d, "in")
	if n := audible(); n != 1 {
		t.Errorf("%d pieces of news of one new ticket", n)
	}
}

func TestAFolderThatIsMissingIsToldInItsState(t *testing.T) {
	d := newDesk(t)
	dir := d.folder(t, d.App)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	wantError(t, d.RunSource(t.Context(), "in"), core.CodeNotFound, "not there")
	if st := d.report(t, "in").State; !strings.Contains(st.LastError, "not there") {
		t.Errorf("state %+v", st)
	}
}

// listStream gives tickets and errors as they are listed.
type listStream struct{ list []any }

func (s *listStream) Next() (core.Ticket, error) {
	if len(s.list) == 0 {
		return core.Ticket{}, core.NewError(core.CodeUnavailable, "x", "It broke.", nil)
	}
	first := s.list[0]
	s.list = s.list[1:]
	if err, bad := first.(error); bad {
		return core.Ticket{}, err
	}
	return first.(core.Ticket), nil
}
func (s *listStream) Format() string { return "list" }
func (s *listStream) Close() error   { return nil }

func TestAStreamThatBreaksLeavesThePoolAsItWas(t *testing.T) {
	d := newDesk(t)
	var list []any
	for i := range 3 * takeBatch {
		list = append(list, core.Ticket{Source: "x", ID: fmt.Sprint(i), Number: fmt.Sprint(i)})
	}
	list = append(list, &source.Rejected{Line: 1, Reason: "no"})
	_, err := d.takeStream(t.Context(), tickets.TakeStart{Source: "x", At: d.clock.Now()}, &listStream{list}, takeOptions{}, nil)
	wantError(t, err, core.CodeUnavailable, "It broke.")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = d.takeStream(ctx, tickets.TakeStart{Source: "x", At: d.clock.Now()}, &listStream{list}, takeOptions{}, nil)
	if core.ErrorCode(err) != core.CodeCanceled {
		t.Errorf("stopped: %v", err)
	}
	if counts, err := d.pool.CountBySource(t.Context()); err != nil || counts["x"] != 0 {
		t.Errorf("kept %v %v", counts, err)
	}
}
