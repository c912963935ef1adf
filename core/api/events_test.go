package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

// listener reads a stream of events over a real connection.
type listener struct {
	t      *testing.T
	res    *http.Response
	events chan [3]string // name, id, data
	cancel context.CancelFunc
}

func (ts *testServer) listen(t *testing.T, who, lastID string) *listener {
	t.Helper()
	web := httptest.NewServer(ts.Handler())
	t.Cleanup(web.Close)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, web.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(who, "right")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{t: t, res: res, events: make(chan [3]string, 100), cancel: cancel}
	go func() {
		defer close(l.events)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 8<<20)
		var e [3]string
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				e[0] = value
			case "id":
				e[1] = value
			case "data":
				e[2] = value
			case "":
				if e[0] != "" {
					l.events <- e
				}
				e = [3]string{}
			}
		}
	}()
	return l
}

// next is the next event; its name is "" when the stream ended.
func (l *listener) next() [3]string {
	l.t.Helper()
	select {
	case e := <-l.events:
		return e
	case <-time.After(5 * time.Second):
		l.t.Fatal("nothing was told")
	}
	return [3]string{}
}

func (l *listener) want(name, id, data string) {
	l.t.Helper()
	e := l.next()
	if e[0] != name || e[1] != id || !strings.Contains(e[2], data) {
		l.t.Fatalf("%q was told, want %s with id %q and %s", e, name, id, data)
	}
}

func TestAStreamTellsEveryTicketEventInOrder(t *testing.T) {
	ts := newTestServer(t)
	ts.desk.happen(anEvent(40), anEvent(41))
	l := ts.listen(t, "engineer", "")
	if ct := l.res.Header.Get("Content-Type"); !strings.HasPrefix(ct, "text/event-stream") {
		t.Fatalf("Content-Type %q", ct)
	}
	l.want("hello", "41", `{"version":"1.2.3","seq":41}`)
	ts.desk.happen(anEvent(42), anEvent(43))
	ts.desk.publish(core.TicketsChanged{})
	l.want("tickets", "43", `{"events":[{"seq":42,`)
	var many []core.TicketEvent
	for seq := int64(44); seq < 44+eventsAtOnce+7; seq++ {
		many = append(many, anEvent(seq))
	}
	ts.desk.happen(many...)
	ts.desk.publish(core.TicketsChanged{})
	l.want("tickets", strconv.Itoa(43+eventsAtOnce), `{"events":[{"seq":44,`)
	l.want("tickets", strconv.Itoa(43+eventsAtOnce+7), `{"events":[{"seq":`+strconv.Itoa(44+eventsAtOnce)+",")
}

func TestWhoWasAwayIsToldWhatTheyMissed(t *testing.T) {
	ts := newTestServer(t)
	ts.desk.happen(anEvent(40), anEvent(41), anEvent(42))
	l := ts.listen(t, "engineer", "40")
	l.want("hello", "", `"seq":42`)
	l.want("tickets", "42", `{"events":[{"seq":41,`)
}

func TestWhoMissedTooMuchIsToldToBeginAnew(t *testing.T) {
	for _, id := range []string{"1", "90000", "yesterday"} {
		ts := newTestServer(t)
		ts.desk.happen(anEvent(maxMissed + 2))
		l := ts.listen(t, "engineer", id)
		l.want("hello", "", `"seq":10002`)
		l.want("reset", "10002", `{"seq":10002}`)
		ts.desk.happen(anEvent(maxMissed + 3))
		ts.desk.publish(core.TicketsChanged{})
		l.want("tickets", "10003", `{"events":[{"seq":10003,`)
	}
}

func TestAStreamTellsOnlyWhatItsUserMayRead(t *testing.T) {
	ts := newTestServer(t)
	l := ts.listen(t, "engineer", "")
	l.want("hello", "0", "")
	for _, e := range []core.Event{core.OutboxChanged{}, core.UsersChanged{}, core.SettingsChanged{}, core.SourcesChanged{}} {
		ts.desk.publish(e)
	}
	ts.desk.publish(core.MarksChanged{})
	l.want("marks", "", "{}")
	lead := ts.listen(t, "lead", "")
	lead.want("hello", "0", "")
	ts.desk.publish(core.OutboxChanged{})
	lead.want("outbox", "", "{}")
	ts.desk.publish(core.UsersChanged{})
	lead.want("users", "", "{}")
	ts.desk.publish(core.SourcesChanged{})
	lead.want("sources", "", "{}")
	for event, name := range map[core.Event]string{core.CustomersChanged{}: "customers", core.PredictionsChanged{}: "predictions", core.OrdersChanged{}: "orders", core.AlertsChanged{}: "alerts"} {
		ts.desk.publish(event)
		l.want(name, "", "{}")
	}
}

func TestAStreamEndsWhenItsUserIsNoLongerKnown(t *testing.T) {
	ts := newTestServer(t)
	l := ts.listen(t, "engineer", "")
	l.want("hello", "0", "")
	ts.guard.forget("engineer")
	ts.desk.publish(core.UsersChanged{})
	l.want("", "", "")
}

func TestAStreamEndsWithTheTokenItWasAskedWith(t *testing.T) {
	ts := newTestServer(t)
	ts.lookAgain = time.Millisecond
	l := ts.listen(t, "engineer", "")
	l.want("hello", "0", "")
	ts.guard.forget("engineer") // nobody changed a user: its time is over
	l.want("", "", "")
}

func TestAStreamOutlivesAMomentOfTrouble(t *testing.T) {
	ts := newTestServer(t)
	l := ts.listen(t, "engineer", "")
	l.want("hello", "0", "")
	ts.guard.mu.Lock()
	ts.guard.busy = true
	ts.guard.mu.Unlock()
	ts.desk.publish(core.UsersChanged{})
	ts.desk.publish(core.MarksChanged{})
	l.want("marks", "", "{}")
}

func TestStreamsEndWithTheServer(t *testing.T) {
	ts := newTestServer(t)
	l := ts.listen(t, "engineer", "")
	l.want("hello", "0", "")
	if err := ts.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.want("", "", "")
}

func TestMoreStreamsThanThereIsRoomForAreAskedToComeLater(t *testing.T) {
	ts := newTestServer(t)
	for range maxStreams {
		if !ts.streams.take(t.Context(), 0) {
			t.Fatal("no room")
		}
	}
	w := ts.ask("engineer", "GET", "/api/v1/events", "")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "30" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	checkProblem(t, w.Body.Bytes(), w.Header(), http.StatusServiceUnavailable)
	ts.streams.leave()
	ts.listen(t, "engineer", "").want("hello", "0", "")
}

func TestOneUserLeavesRoomForOthersToListen(t *testing.T) {
	ts := newTestServer(t)
	me, err := ts.guard.Basic(t.Context(), "engineer", core.NewSecret("right"), "")
	if err != nil {
		t.Fatal(err)
	}
	var leave func()
	for range streamsOfOne {
		var ok bool
		if _, leave, ok = ts.listeners.join(ts.Server, me.UserID); !ok {
			t.Fatal("no room")
		}
	}
	if w := ts.ask("engineer", "GET", "/api/v1/events", ""); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d for one stream more", w.Code)
	}
	ts.listen(t, "lead", "").want("hello", "0", "")
	leave()
	ts.listen(t, "engineer", "").want("hello", "0", "")
}
