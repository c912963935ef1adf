package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

// machineRoutes are for programs that look after this one, and for who writes a client.
func (s *Server) machineRoutes() []*route {
	metrics := plain(http.MethodGet, "/metrics", core.ReadSettings, machineTag, "What the server counts, for Prometheus", s.metrics)
	metrics.loopback = true
	metrics.answers["200"] = textAnswer("Numbers", "text/plain")
	alive := plain(http.MethodGet, "/healthz", "", machineTag, "The process answers", func(w http.ResponseWriter, _ *http.Request) { sayOK(w) })
	alive.answers["200"], alive.ownPlace = textAnswer("ok", "text/plain"), true
	ready := plain(http.MethodGet, "/readyz", "", machineTag, "The databases answer, and the tickets are in memory", s.ready)
	ready.answers["200"] = textAnswer("ok", "text/plain")
	ready.answers["503"] = s.problemAnswer("Not yet")
	document := plain(http.MethodGet, "/openapi.json", "", machineTag, "This description, as OpenAPI 3.1", unchanging("application/json", s.OpenAPI))
	document.answers["200"] = jsonAnswer("OpenAPI", &huma.Schema{Type: "object"})
	page := plain(http.MethodGet, "/docs", "", machineTag, "This description, to read", s.docsHandler)
	page.answers["200"] = textAnswer("A page", "text/html")
	return []*route{alive, ready, metrics, document, page}
}

func textAnswer(what, contentType string) *huma.Response {
	return &huma.Response{Description: what, Content: map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: "string"}}}}
}

func sayOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.Desk.Ready(r.Context()); err != nil {
		s.refuse(w, r, err)
		return
	}
	sayOK(w)
}
