package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"deskwatch/core"
)

func (s *Server) markRoutes() []*route {
	mark := operation(http.MethodPost, v1+"/marks", core.MarkTickets, ticketTag, "Acknowledge or snooze tickets, or take that back", s.mark)
	mark.text = "All of the tickets, or none. A snooze needs an end. The source of the tickets never hears of it."
	list := operation(http.MethodGet, v1+"/marks", core.ReadTickets, ticketTag, "What people said of tickets and customers, whole", s.marks)
	list.text = "Acknowledgements, snoozes and flags that hold. Ask again with If-None-Match: it is 304 while nothing changed."
	assign := operation(http.MethodPost, v1+"/assign", core.MarkTickets, ticketTag, "Give tickets an owner on the desk", s.assign)
	assign.text = "All of the tickets, or none. An empty owner takes it back. The source of the tickets never hears of it."
	return []*route{mark, list, assign}
}

type markIn struct{ Body core.MarkRequest }

func (s *Server) mark(ctx context.Context, in *markIn) (*nothing, error) {
	return done(s.Desk.MarkByKey(ctx, in.Body))
}

type assignIn struct {
	Body struct {
		Tickets []core.TicketKey `json:"tickets" minItems:"1" maxItems:"1000"`
		Owner   string           `json:"owner" maxLength:"200"`
	}
}

func (s *Server) assign(ctx context.Context, in *assignIn) (*nothing, error) {
	return done(s.Desk.AssignByKey(ctx, in.Body.Tickets, in.Body.Owner))
}

type marksIn struct {
	IfNoneMatch string `header:"If-None-Match" maxLength:"500" doc:"The ETag of the answer before"`
}

type marksOut struct {
	Status int
	ETag   string `header:"ETag"`
	Cache  string `header:"Cache-Control"`
	Body   core.SharedMarks
}

func (s *Server) marks(ctx context.Context, in *marksIn) (*marksOut, error) {
	m, err := s.Desk.SharedMarks(ctx)
	if err != nil {
		return nil, err
	}
	m.Attention, m.Flags = orEmpty(m.Attention), orEmpty(m.Flags)
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	out := &marksOut{Status: http.StatusOK, ETag: `"` + hex.EncodeToString(sum[:16]) + `"`, Cache: "private, no-cache", Body: m}
	if sameTag(in.IfNoneMatch, out.ETag) {
		out.Status = http.StatusNotModified
	}
	return out, nil
}

// sameTag reports whether an If-None-Match names the tag (RFC 9110, 13.1.2: compared weakly).
func sameTag(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}
