package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

const (
	// maxStreams is how many streams of events there are at once, and streamsOfOne how many of them
	// one user may have: workstations may share one.
	maxStreams   = 256
	streamsOfOne = 64
	// heartbeat is how often a stream says that it is alive.
	heartbeat = 15 * time.Second
	// lookAgainAt is how often a stream asks whether its user may still listen, and whether
	// there are ticket events nobody told it of.
	lookAgainAt = 5 * time.Second
	// streamWrite is how long one write may take: who does not read for so long is let go.
	streamWrite = 10 * time.Second
	// eventsAtOnce is how many ticket events are told in one go; maxMissed how many at most to
	// somebody who was away: with more it is quicker to fetch everything anew.
	eventsAtOnce = 500
	maxMissed    = 10_000
)

func (s *Server) eventRoutes() []*route {
	r := plain(http.MethodGet, v1+"/events", core.ReadTickets, eventTag, "What happens, as it happens (server-sent events)", s.events)
	r.ownPlace = true
	r.text = "`hello` first; `tickets` with the ticket events, in order and without gaps; `marks`, `customers`, `predictions`, `orders`, `alerts`, `outbox`, `sources` and `users` say that something of the kind changed. " +
		"What somebody may not read they are not told of. The stream ends when the token expires or is revoked."
	r.params = []*huma.Param{{Name: "Last-Event-ID", In: "header", Description: "The id of the last event that arrived: those after it are told again, or `reset` when they are too many", Schema: &huma.Schema{Type: "string"}}}
	r.answers["200"] = textAnswer("The stream", "text/event-stream")
	r.answers["503"] = s.problemAnswer("Too many streams")
	return []*route{r}
}

// stream is one stream of events.
type stream struct {
	s     *Server
	w     http.ResponseWriter
	to    *http.ResponseController
	actor core.Actor
	seq   int64 // of the last ticket event told
}

func noRoomToListen(why string) error {
	return &core.Error{Code: core.CodeBusy, Op: "api.events", Message: why + " Ask for what changed now and then instead, or try again later.", RetryAfter: 30 * time.Second}
}

// events answers with a stream until who asks goes, may no longer listen, or the server stops.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	actor, _ := core.ActorOf(r.Context())
	if !s.streams.take(r.Context(), 0) {
		s.refuse(w, r, noRoomToListen("As many listen to this desk as it has room for."))
		return
	}
	defer s.streams.leave()
	ear, leave, ok := s.listeners.join(s, actor.UserID)
	if !ok {
		s.refuse(w, r, noRoomToListen("This user listens to this desk as often as one may."))
		return
	}
	defer leave()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.quit, cancel)()
	st := &stream{s: s, w: w, to: http.NewResponseController(w), actor: actor}
	last, err := s.Desk.LastTicketEvent(ctx)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy that keeps it back makes it useless
	if err := st.begin(r.Header.Get("Last-Event-ID"), last); err != nil {
		return
	}
	st.follow(ctx, r, ear)
}

// begin says hello, and where the stream begins.
func (st *stream) begin(lastID string, last int64) error {
	hello := struct {
		Version string `json:"version"`
		Seq     int64  `json:"seq"`
	}{st.s.Version, last}
	if lastID == "" {
		st.seq = last
		return st.send("hello", last, hello)
	}
	// The id stays the one they have until they were told what they missed.
	if err := st.send("hello", noID, hello); err != nil {
		return err
	}
	id, err := strconv.ParseInt(lastID, 10, 64)
	if err != nil || id < 0 || id > last || last-id > maxMissed {
		return st.reset(last)
	}
	st.seq = id
	return nil
}

// reset says that too much was missed: everything is to be fetched anew.
func (st *stream) reset(last int64) error {
	st.seq = last
	return st.send("reset", last, struct {
		Seq int64 `json:"seq"`
	}{last})
}

// follow tells what happens until ctx ends or the other side is gone.
func (st *stream) follow(ctx context.Context, r *http.Request, ear *ear) {
	beat, look := time.NewTicker(heartbeat), time.NewTicker(st.s.lookAgain)
	defer beat.Stop()
	defer look.Stop()
	for {
		if err := st.tickets(ctx); err != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if err := st.write(": still here\n\n"); err != nil {
				return
			}
		case <-look.C:
			if !st.stillMay(ctx, r) {
				return
			}
		case <-ear.rang:
			heard := ear.take()
			if heard.has(usersChanged) && !st.stillMay(ctx, r) {
				return
			}
			if err := st.names(heard); err != nil {
				return
			}
		}
	}
}

// stillMay asks again who this is. Only a clear no ends the stream.
func (st *stream) stillMay(ctx context.Context, r *http.Request) bool {
	actor, err := st.s.whoAsks(ctx, r)
	switch {
	case core.ErrorCode(err) == core.CodeSignIn || core.ErrorCode(err) == core.CodeForbidden:
		return false
	case err != nil:
		return ctx.Err() == nil
	}
	st.actor = actor
	return actor.May(core.ReadTickets)
}

// tickets tells the ticket events after the last one that was told: from the pool, so that what
// other processes did is there, too, and nothing is left out or told twice.
func (st *stream) tickets(ctx context.Context) error {
	ctx = core.WithActor(ctx, st.actor)
	last, err := st.s.Desk.LastTicketEvent(ctx)
	switch {
	case err != nil:
		return st.trouble(ctx, err)
	case last-st.seq > maxMissed || last < st.seq:
		return st.reset(last)
	}
	for st.seq < last {
		list, err := st.s.Desk.TicketEvents(ctx, core.TicketEventQuery{After: st.seq, Limit: eventsAtOnce})
		if err != nil {
			return st.trouble(ctx, err)
		}
		if len(list) == 0 {
			return nil
		}
		st.seq = list[len(list)-1].Seq
		if err := st.send("tickets", st.seq, struct {
			Events []core.TicketEvent `json:"events"`
		}{list}); err != nil {
			return err
		}
	}
	return nil
}

// trouble keeps the stream when the database does not answer for a moment: the next look asks
// again.
func (st *stream) trouble(ctx context.Context, err error) error {
	if ctx.Err() != nil || core.ErrorCode(err) == core.CodeForbidden || core.ErrorCode(err) == core.CodeSignIn {
		return err
	}
	st.s.Log.Warn("ticket events could not be read for a stream", "err", err)
	return nil
}

// names tells of what was heard as far as they may read it.
func (st *stream) names(heard sounds) error {
	for _, k := range kinds() {
		if k.name == "" || !heard.has(k.sound) || !st.actor.May(k.who) {
			continue
		}
		if err := st.send(k.name, noID, struct{}{}); err != nil {
			return err
		}
	}
	return nil
}

const noID = -1

func (st *stream) send(name string, id int64, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	line := "event: " + name + "\n"
	if id != noID {
		line += "id: " + strconv.FormatInt(id, 10) + "\n"
	}
	return st.write(line + "data: " + string(text) + "\n\n")
}

// write sends within streamWrite.
func (st *stream) write(text string) error {
	_ = st.to.SetWriteDeadline(time.Now().Add(streamWrite)) // what a test records has none
	if _, err := fmt.Fprint(st.w, text); err != nil {
		return err
	}
	return st.to.Flush()
}
