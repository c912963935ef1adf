package api

import (
	"context"
	"net/http"

	"deskwatch/core"
)

// me is who asks.
type me struct {
	core.Actor
	DisplayName string `json:"display_name"`
}

func (s *Server) meRoutes() []*route {
	return []*route{operation(http.MethodGet, v1+"/me", core.ReadOwnSelf, meTag, "Who asks, and what they are", s.me)}
}

func (s *Server) me(ctx context.Context, _ *struct{}) (*body[me], error) {
	actor, _ := core.ActorOf(ctx)
	name, err := s.Desk.DisplayName(ctx)
	return answerWith(me{actor, name}, err)
}
