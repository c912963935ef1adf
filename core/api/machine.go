package api

import (
	"net/http"

	"deskwatch/core"
)

// machineRoutes are for programs that look after this one, and for who writes a client.
func (s *Server) machineRoutes() []*route {
	metrics := plain(http.MethodGet, "/metrics", core.ReadSettings, "Machine", "What the server counts, for Prometheus", s.metrics)
	metrics.loopback = true
	return []*route{
		metrics,
	}
}
