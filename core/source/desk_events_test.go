package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"deskwatch/core"
)

// told writes events as "name/id/data".
func toldEvents(t testing.TB, r io.Reader) (list []string) {
	t.Helper()
	err := readEvents(r, func(e serverEvent) error {
		list = append(list, fmt.Sprintf("%s/%s/%s", e.name, e.id, e.data))
		return nil
	})
	if !errors.Is(err, errStreamEnded) {
		t.Errorf("ended with %v", err)
	}
	return list
}

func TestAStreamOfEventsIsReadAsTheStandardSays(t *testing.T) {
	for text, want := range map[string]string{
		"event: marks\ndata: {}\n\n":                         "marks//{}",
		"data: a\ndata: b\n\n":                               "message//a\nb",
		"\uFEFFdata:a\n\n: still here\n\nid: 7\ndata: b\n\n": "message//a, message/7/b",
		"id: 7\n\ndata: b\n\n":                               "message/7/b",
		"data: a\r\ndata: b\r\n\r\ndata: c\r\r":              "message//a\nb, message//c",
		"data\n\ndata:\n\n":                                  "message//, message//",
		"event: x\n\ndata: a\n\n":                            "message//a",
		"id: 7\nid: 8\x00\ndata:  a\n\n":                     "message/7/ a",
		"unknown: x\nretry: 10\ndata: a\n\ndata: cut off":    "message//a",
		"": "",
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
			if got := strings.Join(toldEvents(t, r), ", "); got != want {
				t.Errorf("%s %q: %q, want %q", name, text, got, want)
			}
		}
	}
}

func TestAnEventThatIsTooLongIsCutAndSaidToBe(t *testing.T) {
	long := "event: tickets\nid: 9\ndata: {\"events\":[" + strings.Repeat(" ", 2*maxEvent) + "]}\n\nevent: marks\ndata: {}\n\n"
	var kinds []DeskNews
	err := readEvents(strings.NewReader(long), func(e serverEvent) error { kinds = append(kinds, newsOf(e)); return nil })
	if !errors.Is(err, errStreamEnded) || len(kinds) != 2 || !kinds[0].Whole || kinds[0].Seq != 9 || kinds[1].Kind != "marks" {
		t.Errorf("%+v %v", kinds, err)
	}
}

func FuzzEventsAreRead(f *testing.F) {
	f.Add([]byte("event: tickets\nid: 3\ndata: {\"events\":[{\"seq\":3}]}\n\n"))
	f.Add([]byte("data: a\r\rdata\n\n:x\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		whole := toldEvents(t, bytes.NewReader(text))
		parts := toldEvents(t, iotest.OneByteReader(bytes.NewReader(text)))
		if strings.Join(whole, "\n") != strings.Join(parts, "\n") {
			t.Errorf("read at once %q, in parts %q", whole, parts)
		}
		err := readEvents(bytes.NewReader(text), func(e serverEvent) error {
			if newsOf(e).Kind == "" || len(e.data) > maxEvent {
				t.Errorf("event %+v", e)
			}
			return nil
		})
		if !errors.Is(err, errStreamEnded) {
			t.Error(err)
		}
	})
}

// tells writes parts of a stream one after the other, and keeps it open until the other side goes.
func tells(parts ...string) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for _, p := range parts {
			fmt.Fprint(w, p)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}
}

func TestEventsAreFollowedFromTheLastOneThatIsKnown(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	var from string
	f.events = func(w http.ResponseWriter, r *http.Request) {
		from = r.Header.Get("Last-Event-ID")
		tells("event: hello\ndata: {\"version\":\"1\",\"seq\":44}\n\n", "event: tickets\nid: 43\ndata: {\"events\":[{\"seq\":43,\"source\":\"crm\",\"ticket_id\":\"7\",\"silent\":true}]}\n\n",
			"event: reset\nid: 44\ndata: {}\n\n", "event: marks\ndata: {}\n\n")(w, r)
	}
	d := openDesk(t, f.source(), deskRemote(secretWord))
	var heard []DeskNews
	enough := core.NewError(core.CodeConflict, "test", "Enough.", nil)
	err := d.Follow(t.Context(), 42, func(n DeskNews) error {
		if heard = append(heard, n); n.Kind == "marks" {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || from != "42" || len(heard) != 4 {
		t.Fatalf("%v from %q: %+v", err, from, heard)
	}
	if h := heard[0]; h.Kind != "hello" || h.Seq != 44 {
		t.Errorf("%+v", h)
	}
	if h := heard[1]; h.Seq != 43 || h.Whole || len(h.Tickets) != 1 || h.Tickets[0].TicketID != "7" || !h.Tickets[0].Silent {
		t.Errorf("%+v", h)
	}
	if h := heard[2]; h.Kind != "tickets" || !h.Whole || h.Seq != 44 {
		t.Errorf("%+v", h)
	}
}

func TestAStreamThatFallsSilentIsDead(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	f.events = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 8 { // comments keep it alive
			fmt.Fprint(w, ": still here\n\n")
			w.(http.Flusher).Flush()
			time.Sleep(30 * time.Millisecond)
		}
		<-r.Context().Done()
	}
	r := deskRemote(secretWord)
	r.Silence = 150 * time.Millisecond
	d := openDesk(t, f.source(), r)
	began := time.Now()
	err := d.Follow(t.Context(), 0, func(DeskNews) error { return nil })
	wantFault(t, err, core.CodeUnavailable, "fallen silent")
	if lasted := time.Since(began); lasted < 240*time.Millisecond {
		t.Errorf("given up after %v, while it was alive", lasted)
	}
}

func TestWhyEventsCannotBeFollowed(t *testing.T) {
	f := newFakeDesk(t, plainServer)
	d := openDesk(t, f.source(), deskRemote(secretWord))
	follow := func() error { return d.Follow(t.Context(), 0, func(DeskNews) error { return nil }) }
	wantFault(t, follow(), core.CodeNotFound, "no events to follow")
	f.events = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }
	wantFault(t, follow(), core.CodeNotFound, "no events to follow")
	f.events = func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/event-stream") }
	wantFault(t, follow(), core.CodeUnavailable, "ended the stream")
	f.set(func() { clear(f.tokens); f.password = "another" })
	wantFault(t, follow(), core.CodeDenied, "it was changed")
	f.Close()
	wantFault(t, openDesk(t, f.source(), deskRemote(secretWord)).Follow(t.Context(), 0, nil), core.CodeUnavailable, "cannot be reached")
}
