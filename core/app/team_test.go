package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

// otherDesk is a Deskwatch server with tickets of the source "crm". The fields are the tests' to
// change by set.
type otherDesk struct {
	*httptest.Server
	mu       sync.Mutex
	password string
	tokens   map[string]bool
	signIns  int
	tickets  map[string]core.TicketView // by id
	events   []core.TicketEvent
	marks    core.SharedMarks
	revision int // of the marks
	asked    []string
	said     []string
	deaf     bool   // it has no events
	down     bool   // it answers nothing
	refuse   string // what marks are refused with
	streams  map[chan string]bool
}

func newOtherDesk(t *testing.T) *otherDesk {
	t.Helper()
	o := &otherDesk{password: "open sesame", tokens: map[string]bool{}, tickets: map[string]core.TicketView{}, streams: map[chan string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", o.token)
	mux.HandleFunc("GET /api/v1/tickets", o.page)
	mux.HandleFunc("GET /api/v1/marks", func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d"`, o.revision)
		if w.Header().Set("ETag", tag); r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_ = json.NewEncoder(w).Encode(o.marks)
	})
	mux.HandleFunc("POST /api/v1/marks", func(w http.ResponseWriter, r *http.Request) {
		var m core.MarkRequest
		_ = json.NewDecoder(r.Body).Decode(&m)
		for _, k := range m.Tickets {
			o.marks.Attention = slices.DeleteFunc(o.marks.Attention, func(a core.Attention) bool { return a.Key == k && a.Kind == m.Kind })
			if !m.Remove {
				o.marks.Attention = append(o.marks.Attention, core.Attention{Key: k, Kind: m.Kind, Comment: m.Comment, Until: m.Until, At: time.Now(), By: "ana"})
			}
		}
		o.revision++
		o.tell("marks", "{}")
	})
	mux.HandleFunc("POST /api/v1/assign", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Tickets []core.TicketKey
			Owner   string
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		for _, k := range in.Tickets {
			v := o.tickets[k.ID]
			v.Assigned = in.Owner
			o.tickets[k.ID] = v
		}
	})
	flag := func(w http.ResponseWriter, r *http.Request) {
		key := core.CustomerKey{Source: r.PathValue("source"), ID: r.PathValue("id")}
		o.marks.Flags = slices.DeleteFunc(o.marks.Flags, func(f core.ToughFlag) bool { return f.Customer == key })
		if r.Method == http.MethodPut {
			var f core.ToughFlag
			_ = json.NewDecoder(r.Body).Decode(&f)
			f.Customer = key
			o.marks.Flags = append(o.marks.Flags, f)
		}
		o.revision++
		o.tell("customers", "{}")
	}
	mux.HandleFunc("PUT /api/v1/customers/{source}/{id}/flag", flag)
	mux.HandleFunc("DELETE /api/v1/customers/{source}/{id}/flag", flag)
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case o.down:
			panic(http.ErrAbortHandler)
		case r.URL.Path == "/token":
		case !o.tokens[token]:
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"detail":"Sign in first."}`)
			return
		case r.URL.Path == "/api/v1/events":
			o.follow(w, r)
			return
		case r.Method != http.MethodGet && o.refuse != "":
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"detail":%q}`, o.refuse)
			return
		}
		if r.Method != http.MethodGet {
			o.said = append(o.said, r.Method+" "+r.URL.Path)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		o.cut()
		o.Close()
	})
	return o
}

func (o *otherDesk) set(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change()
}

func (o *otherDesk) token(w http.ResponseWriter, r *http.Request) {
	o.signIns++
	if _, password, _ := r.BasicAuth(); password != o.password {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"detail":"Wrong user or password."}`)
		return
	}
	token := fmt.Sprintf("t%d", o.signIns)
	o.tokens[token] = true
	fmt.Fprintf(w, `{"token":%q,"duration":600}`, token)
}

func (o *otherDesk) page(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query().Get("query")
	o.asked = append(o.asked, query)
	page := core.TicketPage{Items: []core.TicketView{}}
	for id, v := range o.tickets {
		if !strings.HasPrefix(query, "number:") || strings.Contains(query, `"crm:`+id+`"`) {
			page.Items = append(page.Items, v)
		}
	}
	_ = json.NewEncoder(w).Encode(page)
}

// follow tells events until the other side or the server cuts the stream. o.mu is held by the
// caller, and not while it waits.
func (o *otherDesk) follow(w http.ResponseWriter, r *http.Request) {
	if o.deaf {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprintf(w, "event: hello\ndata: {\"seq\":%d}\n\n", len(o.events))
	if last, err := strconv.Atoi(r.Header.Get("Last-Event-ID")); err == nil && last < len(o.events) {
		text, _ := json.Marshal(map[string]any{"events": o.events[last:]})
		fmt.Fprintf(w, "event: tickets\nid: %d\ndata: %s\n\n", len(o.events), text)
	}
	w.(http.Flusher).Flush()
	stream := make(chan string, 100)
	o.streams[stream] = true
	o.mu.Unlock()
	defer o.mu.Lock()
	defer func() { o.mu.Lock(); delete(o.streams, stream); o.mu.Unlock() }()
	for {
		select {
		case <-r.Context().Done():
			return
		case text, open := <-stream:
			if !open {
				return
			}
			fmt.Fprint(w, text)
			w.(http.Flusher).Flush()
		}
	}
}

// tell sends an event to everybody who listens. o.mu is held.
func (o *otherDesk) tell(name, data string) {
	for s := range o.streams {
		s <- "event: " + name + "\ndata: " + data + "\n\n"
	}
}

// cut ends all streams.
func (o *otherDesk) cut() {
	o.set(func() {
		for s := range o.streams {
			close(s)
		}
		clear(o.streams)
	})
}

// post puts tickets there, as a collector would.
func (o *otherDesk) post(silent bool, ids ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []core.TicketEvent
	for _, id := range ids {
		o.tickets[id] = core.TicketView{
			Ticket:      core.Ticket{Source: "crm", ID: id, Number: "N" + id, Subject: "printer on fire", RawStatus: "New", CustomerID: "acme_1", Customer: "Acme", CreatedAt: newClock().now},
			CustomerKey: core.CustomerKey{Source: "crm", ID: "acme_1"},
		}
		list = append(list, core.TicketEvent{Source: "crm", TicketID: id, Kind: core.TicketCreated, Silent: silent})
	}
	o.tellTickets(list...)
}

// change changes a ticket there.
func (o *otherDesk) change(id string, kind core.TicketEventKind, how func(*core.TicketView)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	v := o.tickets[id]
	how(&v)
	o.tickets[id] = v
	o.tellTickets(core.TicketEvent{Source: "crm", TicketID: id, Kind: kind})
}

// tellTickets tells ticket events to everybody who listens. o.mu is held.
func (o *otherDesk) tellTickets(list ...core.TicketEvent) {
	for i := range list {
		list[i].Seq = int64(len(o.events) + 1)
		o.events = append(o.events, list[i])
	}
	text, _ := json.Marshal(map[string]any{"events": list})
	for s := range o.streams {
		s <- fmt.Sprintf("event: tickets\nid: %d\ndata: %s\n\n", len(o.events), text)
	}
}

// joins adds the other desk as the source "madrid" and watches.
func (d *desk) joins(t *testing.T, o *otherDesk) core.Source {
	t.Helper()
	d.team.retryIn = func(int) time.Duration { return 20 * time.Millisecond }
	d.sourceRuns.pause = time.Millisecond
	s := core.Source{Name: "madrid", Kind: core.SourceDesk, Enabled: true, Minutes: 5, Address: o.URL, User: "ana"}
	secret := core.NewSecret("open sesame")
	if err := d.SaveSource(t.Context(), s, &secret, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.StartWatching(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *desk) isLive(t *testing.T) bool { return d.report(t, "madrid").State.Live }

// no is the number here of a ticket of the other desk; 0 while it is not here.
func (d *desk) no(t *testing.T, id string) uint32 {
	t.Helper()
	nos, err := d.pool.Find(t.Context(), "madrid:crm:"+id)
	if err != nil {
		t.Fatal(err)
	}
	if len(nos) == 0 {
		return 0
	}
	return nos[0]
}

func (d *desk) audible(t *testing.T) (ids []string) {
	t.Helper()
	events, err := d.pool.Events(t.Context(), core.TicketEventQuery{Audible: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		ids = append(ids, string(e.Kind)+" "+e.TicketID)
	}
	return ids
}

func TestWhatHappensOnAnotherDeskIsHereAtOnce(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1", "2")
	d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) && d.report(t, "madrid").State.Seq == 2 })
	if r := d.report(t, "madrid"); r.State.Tickets != 2 || r.State.LiveNote != "following events" || r.State.LiveSince.IsZero() {
		t.Errorf("%+v", r.State)
	}
	o.post(false, "3")
	eventually(t, "the new ticket is here", func() bool { return d.no(t, "3") != 0 })
	o.set(func() {
		if n := len(slices.DeleteFunc(slices.Clone(o.asked), func(q string) bool { return q != "" })); n != 1 {
			t.Errorf("everything was asked for %d times: %q", n, o.asked)
		}
	})
	o.post(true, "4")
	eventually(t, "the silent one, too", func() bool { return d.no(t, "4") != 0 && d.report(t, "madrid").State.Seq == 4 })
	if got := d.audible(t); len(got) != 1 || got[0] != "created crm:3" {
		t.Errorf("told of %v; what was there before and what was silent there is no news", got)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if last := o.asked[len(o.asked)-1]; last != `number:"crm:4"` {
		t.Errorf("asked %q", last)
	}
	if o.signIns != 1 {
		t.Errorf("signed in %d times", o.signIns)
	}
}

func TestATicketThatIsLostThereIsLostHere(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1")
	d.joins(t, o)
	eventually(t, "the ticket is here", func() bool { return d.isLive(t) && d.no(t, "1") != 0 })
	o.change("1", core.TicketGone, func(v *core.TicketView) { v.Gone = true })
	gone := func() bool {
		views, err := d.TicketViews(t.Context(), []uint32{d.no(t, "1")})
		return err == nil && views[0].Gone
	}
	eventually(t, "it is gone here, too", gone)
	o.change("1", core.TicketReturned, func(v *core.TicketView) { v.Gone = false })
	eventually(t, "it is back", func() bool { return !gone() })
}

func TestTheFirstTicketOfAnEmptyDeskIsNews(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	d.joins(t, o)
	eventually(t, "it was read", func() bool { return d.isLive(t) && !d.report(t, "madrid").State.LastSuccess.IsZero() })
	o.post(false, "1")
	eventually(t, "the ticket is here", func() bool { return d.no(t, "1") != 0 })
	if got := d.audible(t); len(got) != 1 {
		t.Errorf("told of %v", got)
	}
}

func TestWhatWasMissedWhileTheStreamWasLostIsFetched(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1")
	d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) && d.report(t, "madrid").State.Seq == 1 })
	o.set(func() { o.down = true })
	o.cut()
	eventually(t, "that is known", func() bool { return !d.isLive(t) })
	r := d.report(t, "madrid").State
	if r.Live || r.LiveNote == "" || r.Tickets != 1 || r.NextRun.Sub(d.clock.Now()) > time.Minute {
		t.Errorf("%+v", r)
	}
	o.post(false, "2")
	o.set(func() { o.down = false; clear(o.tokens) }) // it was restarted
	eventually(t, "what happened meanwhile is here", func() bool { return d.isLive(t) && d.no(t, "2") != 0 })
	o.mu.Lock()
	defer o.mu.Unlock()
	if last := o.asked[len(o.asked)-1]; last != `number:"crm:2"` || o.signIns != 2 {
		t.Errorf("asked %q after %d sign-ins", last, o.signIns)
	}
}

func TestADeskThatIsBackIsNotCalledAwayAnyMore(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1")
	d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) })
	o.set(func() { o.down = true })
	o.cut()
	eventually(t, "that is known", func() bool { return !d.isLive(t) })
	eventually(t, "the failure is kept", func() bool {
		return d.RunSource(t.Context(), "madrid") != nil && d.report(t, "madrid").State.LastError != ""
	})
	o.set(func() { o.down = false })
	eventually(t, "it is followed again", func() bool { return d.isLive(t) })
	if r := d.report(t, "madrid").State; r.LastError != "" || r.Failures != 0 {
		t.Errorf("%+v", r)
	}
}

func TestADeskWithoutEventsIsAskedEveryMinute(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.deaf = true
	o.post(false, "1")
	d.joins(t, o)
	eventually(t, "the tickets are here", func() bool { return d.no(t, "1") != 0 })
	eventually(t, "why events are not followed is known", func() bool {
		r := d.report(t, "madrid").State
		return strings.Contains(r.LiveNote, "has no events to follow") && !r.Live && !r.LastSuccess.IsZero()
	})
	if r := d.report(t, "madrid").State; r.NextRun.Sub(r.LastRun) > time.Minute || r.LastError != "" {
		t.Errorf("%+v", r)
	}
}

func TestAChangedPasswordStopsFollowingUntilTheNewOneIsEntered(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) })
	o.set(func() { o.password = "swordfish"; clear(o.tokens) })
	o.cut()
	eventually(t, "that is told", func() bool { return strings.Contains(d.report(t, "madrid").State.LastError, "Enter the new password") })
	r := d.report(t, "madrid").State
	if r.Live || r.NextRun.Sub(d.clock.Now()) < 50*time.Minute {
		t.Errorf("%+v", r)
	}
	time.Sleep(100 * time.Millisecond) // five times as long as a retry takes
	o.set(func() {
		if o.signIns != 2 {
			t.Errorf("%d sign-ins with a wrong password", o.signIns-1)
		}
	})
	if err := d.SetSecret(t.Context(), core.SourceSecret("madrid"), core.NewSecret("swordfish")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it goes on", func() bool { return d.isLive(t) && d.report(t, "madrid").State.LastError == "" })
	o.post(false, "1")
	eventually(t, "the ticket is here", func() bool { return d.no(t, "1") != 0 })
}

func TestRetriesBecomeRarerAndNeverStop(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 7: time.Minute, 1000: time.Minute} {
		if got := retryDelay(failures, 0); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
		if got := retryDelay(failures, 1); got != want/2 {
			t.Errorf("after %d failures at least %v, want %v", failures, got, want/2)
		}
	}
}

// attention lists what is kept here, as "madrid:crm:1 ack ana".
func (d *desk) attention(t *testing.T) (list []string) {
	t.Helper()
	marks, err := d.marks.Attention(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range marks {
		list = append(list, strings.TrimSpace(fmt.Sprint(m.Key, " ", m.Kind)))
	}
	return list
}

func TestATicketOfAnotherDeskIsMarkedThereFirst(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1", "2")
	d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) && d.no(t, "2") != 0 })
	own := d.ownTicket(t)
	both := []uint32{d.no(t, "1"), own}
	if err := d.MarkTickets(t.Context(), core.Acknowledge, both, "mine", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(d.attention(t)); got != "[file:x ack madrid:crm:1 ack]" {
		t.Errorf("kept %s", got)
	}
	o.set(func() {
		if len(o.marks.Attention) != 1 || o.marks.Attention[0].Key != (core.TicketKey{Source: "crm", ID: "1"}) || o.marks.Attention[0].Comment != "mine" {
			t.Errorf("there: %+v", o.marks.Attention)
		}
		// What another workstation says and takes back.
		o.marks.Attention = []core.Attention{{Key: core.TicketKey{Source: "crm", ID: "2"}, Kind: core.Snooze, At: time.Now(), Until: time.Now().AddDate(50, 0, 0)}}
		o.revision++
		o.tell("marks", "{}")
	})
	eventually(t, "the words of the others are here, and only those", func() bool { return fmt.Sprint(d.attention(t)) == "[file:x ack madrid:crm:2 snooze]" })
	eventually(t, "the list shows it", func() bool {
		view, err := d.TicketViews(t.Context(), []uint32{d.no(t, "2")})
		return err == nil && view[0].Snoozed != nil
	})
	// Said here and taken back there before this desk looked again: the words there are as they
	// were when it looked last, and those here are not.
	o.set(func() {
		if err := d.marks.SaveAttention(t.Context(), []core.Attention{{Key: core.TicketKey{Source: "madrid", ID: "crm:1"}, Kind: core.Acknowledge, At: time.Now()}}); err != nil {
			t.Error(err)
		}
		o.tell("marks", "{}")
	})
	eventually(t, "what was taken back there is taken back here", func() bool { return fmt.Sprint(d.attention(t)) == "[file:x ack madrid:crm:2 snooze]" })
	// Neither when it may not, nor when it is away, is anything changed.
	o.set(func() { o.refuse = "Your role, reader, may not mark tickets." })
	wantError(t, d.MarkTickets(t.Context(), core.Acknowledge, both, "", time.Time{}), core.CodeForbidden, "Your role, reader, may not mark tickets.")
	o.set(func() { o.refuse, o.down = "", true })
	wantError(t, d.UnmarkTickets(t.Context(), core.Acknowledge, []uint32{own, d.no(t, "2")}), core.CodeUnavailable, "Nothing was changed")
	if got := fmt.Sprint(d.attention(t)); got != "[file:x ack madrid:crm:2 snooze]" {
		t.Errorf("kept %s", got)
	}
}

// ownTicket is the number of a ticket that is only here.
func (d *desk) ownTicket(t *testing.T) uint32 {
	t.Helper()
	file := writeFile(t, "x.csv", "id,number,subject,status\nx,X1,s,new\n")
	if _, err := d.ImportTickets(t.Context(), core.TicketImportRequest{Path: file}, nil); err != nil {
		t.Fatal(err)
	}
	nos, err := d.pool.Find(t.Context(), "file:x")
	if err != nil || len(nos) != 1 {
		t.Fatal(nos, err)
	}
	return nos[0]
}

func TestHowMuchWasDoneIsSaidWhenOneDeskFails(t *testing.T) {
	d, o, away := newDesk(t), newOtherDesk(t), newOtherDesk(t)
	o.post(false, "1")
	away.post(false, "9")
	d.joins(t, o)
	s := core.Source{Name: "zurich", Kind: core.SourceDesk, Enabled: true, Minutes: 5, Address: away.URL, User: "ana"}
	secret := core.NewSecret("open sesame")
	if err := d.SaveSource(t.Context(), s, &secret, nil); err != nil {
		t.Fatal(err)
	}
	other := func() uint32 {
		nos, err := d.pool.Find(t.Context(), "zurich:crm:9")
		if err != nil || len(nos) == 0 {
			return 0
		}
		return nos[0]
	}
	eventually(t, "all tickets are here", func() bool { return d.no(t, "1") != 0 && other() != 0 })
	away.set(func() { away.refuse = "You may not. Nothing was changed." })
	err := d.MarkTickets(t.Context(), core.Acknowledge, []uint32{d.no(t, "1"), other()}, "", time.Time{})
	wantError(t, err, core.CodeForbidden, "1 of 2 tickets were changed, and the others are as they were.")
	if got := fmt.Sprint(d.attention(t)); got != "[madrid:crm:1 ack]" {
		t.Errorf("kept %s", got)
	}
}

func TestAnAssignmentOnAnotherDeskIsSeenHere(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1")
	d.joins(t, o)
	eventually(t, "the ticket is here", func() bool { return d.isLive(t) && d.no(t, "1") != 0 })
	own := d.ownTicket(t)
	if err := d.AssignTickets(t.Context(), []uint32{own, d.no(t, "1")}, "eva"); err != nil {
		t.Fatal(err)
	}
	views, err := d.TicketViews(t.Context(), []uint32{d.no(t, "1"), own})
	if err != nil || views[0].Owner != "eva" || views[1].Assigned != "eva" {
		t.Errorf("%+v %v", views, err)
	}
}

func TestACustomerOfAnotherDeskIsFlaggedThereAndJoinedHere(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	o.post(false, "1")
	d.imports(t, troubled("acme_1", "2023-07", 3)...)
	d.joins(t, o)
	customer := core.CustomerKey{Source: "madrid", ID: "crm:acme_1"}
	eventually(t, "the customer is joined with the one of the orders", func() bool {
		links, err := d.marks.Links(t.Context())
		return err == nil && len(links) == 1 && links[0].Customer == customer && links[0].Order == "acme_1" && links[0].State == core.LinkSure
	})
	if err := d.SaveFlag(t.Context(), core.ToughFlag{Customer: customer, Tough: true, Note: "careful"}); err != nil {
		t.Fatal(err)
	}
	o.set(func() {
		if len(o.marks.Flags) != 1 || o.marks.Flags[0].Customer != (core.CustomerKey{Source: "crm", ID: "acme_1"}) || o.marks.Flags[0].Note != "careful" {
			t.Errorf("there: %+v", o.marks.Flags)
		}
	})
	// The order customer is the same: its flag takes the place of the one there.
	if err := d.SaveFlag(t.Context(), core.ToughFlag{Customer: core.CustomerKey{Source: core.OrdersSource, ID: "acme_1"}, Tough: false}); err != nil {
		t.Fatal(err)
	}
	o.set(func() {
		if len(o.marks.Flags) != 0 {
			t.Errorf("there: %+v", o.marks.Flags)
		}
	})
	if err := d.DeleteFlag(t.Context(), customer); err != nil {
		t.Fatal(err)
	}
	o.set(func() {
		o.marks.Flags = []core.ToughFlag{{Customer: core.CustomerKey{Source: "crm", ID: "acme_1"}, Tough: true, At: time.Now()}}
		o.revision++
		o.tell("customers", "{}")
	})
	eventually(t, "a flag of another workstation is here", func() bool {
		views, err := d.TicketViews(t.Context(), []uint32{d.no(t, "1")})
		return err == nil && views[0].ToughFlag
	})
	o.set(func() { o.refuse = "You may not." })
	wantError(t, d.DeleteFlag(t.Context(), customer), core.CodeForbidden, "You may not.")
}

func TestAChangedDeskIsFollowedAnew(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	s := d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) })
	s.Minutes = 7
	if err := d.SaveSource(t.Context(), s, nil, nil); err != nil {
		t.Fatal(err)
	}
	o.post(false, "1")
	eventually(t, "the ticket is here", func() bool { return d.isLive(t) && d.no(t, "1") != 0 })
	s.Enabled = false
	if err := d.SaveSource(t.Context(), s, nil, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a desk that is switched off is left", func() bool { o.mu.Lock(); defer o.mu.Unlock(); return len(o.streams) == 0 && !d.isLive(t) })
}

func TestARemovedDeskLeavesNothingBehind(t *testing.T) {
	d, o := newDesk(t), newOtherDesk(t)
	d.joins(t, o)
	eventually(t, "the events are followed", func() bool { return d.isLive(t) })
	if err := d.DeleteSource(t.Context(), "madrid"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the stream is left", func() bool { o.mu.Lock(); defer o.mu.Unlock(); return len(o.streams) == 0 })
	states, err := d.registry.States(t.Context())
	if err != nil || len(states) != 0 {
		t.Errorf("%+v %v", states, err)
	}
}
