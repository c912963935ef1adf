package source

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"deskwatch/core"
)

// maxEvent bounds the data of one event, in bytes.
const maxEvent = 4 << 20

// DeskNews is one thing that happened on another desk.
type DeskNews struct {
	Kind string // "hello", first of all; "tickets", "marks", "customers", … as the server names it
	Seq  int64  // "hello" and "tickets": of its last ticket event
	// Of "tickets": what happened to which, by the keys it has there. Whole says that more has
	// happened than is told: only everything there is says what.
	Tickets []core.TicketEvent
	Whole   bool
}

// Follow calls each for what happens on the other desk, from the ticket event after on, or from
// now on where after is 0. It returns when the stream ends, when ctx does, or when each fails;
// never nil. core.CodeNotFound is a server that has no events.
func (d *Desk) Follow(ctx context.Context, after int64, each func(DeskNews) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := d.signed(ctx, func(authorization string) error {
		return d.follow(ctx, cancel, authorization, after, each)
	})
	var r *refusal
	switch {
	case errors.As(err, &r) && (r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed):
		return core.NewError(core.CodeNotFound, "source.events", "The other Deskwatch has no events to follow.", r)
	case errors.Is(err, errStreamEnded):
		return core.NewError(core.CodeUnavailable, "source.events", "The other Deskwatch ended the stream of its events.", err)
	case errors.Is(err, errSilent):
		d.close() // the connection is as dead as the stream
		return core.NewError(core.CodeUnavailable, "source.events", "The other Deskwatch has fallen silent.", err)
	}
	return d.fault(ctx, err)
}

var (
	errStreamEnded = errors.New("the stream of events ended")
	errSilent      = errors.New("the stream of events is silent")
)

func (d *Desk) follow(ctx context.Context, cancel context.CancelFunc, authorization string, after int64, each func(DeskNews) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address.JoinPath(deskEvents).String(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "identity") // what is packed comes late
	req.Header.Set("Cache-Control", "no-cache")
	req.Header.Set("User-Agent", userAgent)
	if after > 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	// The answer's head, too, is waited for no longer than for a word.
	alarm := &alarm{}
	alarm.timer = time.AfterFunc(d.silence, func() { alarm.rang.Store(true); cancel() })
	defer alarm.timer.Stop()
	resp, err := d.lasting.Do(req)
	if err != nil {
		return alarm.or(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return d.refusedBy(resp)
	}
	if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		return &refusal{status: http.StatusNotFound}
	}
	err = readEvents(&heard{resp.Body, alarm.timer, d.silence}, func(e serverEvent) error { return each(newsOf(e)) })
	return alarm.or(err)
}

// newsOf reads an event. What it does not say is not known: then everything has to be asked for.
func newsOf(e serverEvent) DeskNews {
	n := DeskNews{Kind: e.name}
	n.Seq, _ = strconv.ParseInt(e.id, 10, 64)
	switch e.name {
	case "hello":
		var said struct {
			Seq int64 `json:"seq"`
		}
		if json.Unmarshal(e.data, &said) == nil {
			n.Seq = said.Seq
		}
	case "reset":
		n.Kind, n.Whole = "tickets", true
		var said struct {
			Seq int64 `json:"seq"`
		}
		if json.Unmarshal(e.data, &said) == nil && said.Seq > 0 {
			n.Seq = said.Seq
		}
	case "tickets":
		var said struct {
			Events []core.TicketEvent `json:"events"`
		}
		n.Whole = e.cut || json.Unmarshal(e.data, &said) != nil
		n.Tickets = said.Events
	}
	return n
}

// serverEvent is one event of a stream (HTML Living Standard, 9.2 Server-sent events).
type serverEvent struct {
	name string // "message" where the server gives none
	id   string // of the last event that had one
	data []byte // of its lines, with line feeds between; the reader's again at the next event
	cut  bool   // there was more data than may be held
}

// readEvents calls each for every event of r until r ends, which is errStreamEnded, or each
// fails. It holds one event at a time, of no more than maxEvent bytes.
func readEvents(r io.Reader, each func(serverEvent) error) error {
	lines := &eventLines{Reader: bufio.NewReaderSize(r, 4<<10)}
	var e serverEvent
	some, first := false, true
	for {
		long, err := lines.next()
		if err != nil { // what is not ended by an empty line does not count
			if errors.Is(err, io.EOF) {
				return errStreamEnded
			}
			return err
		}
		line := string(lines.line)
		if first {
			line, first = strings.TrimPrefix(line, "\uFEFF"), false
		}
		if line == "" {
			if some {
				if e.name == "" {
					e.name = "message"
				}
				e.data = e.data[:max(0, len(e.data)-1)] // the last line feed
				if err := each(e); err != nil {
					return err
				}
			}
			e.name, e.data, e.cut, some = "", e.data[:0], false, false
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			e.name = value
		case "id":
			if !strings.Contains(value, "\x00") {
				e.id = value
			}
		case "data":
			some = true
			if e.cut = e.cut || long || len(e.data)+len(value) >= maxEvent; !e.cut {
				e.data = append(append(e.data, value...), '\n')
			}
		}
	}
}

// eventLines reads lines that end with CR, LF or both.
type eventLines struct {
	*bufio.Reader
	line []byte
	cr   bool // the last line ended with CR: an LF that comes next belongs to it
}

// next reads a line into l.line, without its end. Of a longer one than may be held it keeps the
// beginning.
func (l *eventLines) next() (long bool, err error) {
	l.line = l.line[:0]
	for {
		c, err := l.ReadByte()
		if err != nil {
			return long, err
		}
		tail := l.cr && c == '\n'
		l.cr = c == '\r'
		switch {
		case tail:
		case c == '\n', c == '\r':
			return long, nil
		case len(l.line) < maxEvent:
			l.line = append(l.line, c)
		default:
			long = true
		}
	}
}

// alarm ends a stream that says nothing.
type alarm struct {
	timer *time.Timer
	rang  atomic.Bool
}

// or is errSilent when the alarm rang, for then everything else follows from that.
func (a *alarm) or(err error) error {
	if a.rang.Load() {
		return errSilent
	}
	return err
}

// heard puts the alarm off whenever something comes.
type heard struct {
	from    io.Reader
	alarm   *time.Timer
	silence time.Duration
}

func (h *heard) Read(p []byte) (int, error) {
	n, err := h.from.Read(p)
	if n > 0 {
		h.alarm.Reset(h.silence)
	}
	return n, err
}
