package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

// route is one entry of the list of routes. It is made by operation, for a route of /api/v1
// that huma reads and describes, or by plain.
type route struct {
	method, path string
	// who is what somebody has to be allowed to do. "" is for everybody: they need not be known.
	who      core.Permission
	loopback bool // from this machine nobody needs to be known
	tag      string
	summary  string // one line
	text     string // more of it, in Markdown; may be ""

	// The limits of the route; zero is the default of all.
	body  int64         // most bytes of a body, -1 when the handler bounds them itself
	read  time.Duration // for the whole body to arrive
	write time.Duration // for the whole answer to leave, counted from the request's head
	// ownPlace says that the handler bounds by itself how many of it run at once: it takes no
	// place among the requests in work, and its answer is not kept back until it is whole.
	ownPlace bool
	created  bool // it answers 201

	register func(s *Server, op huma.Operation) // nil for a plain route
	handle   http.HandlerFunc                   // of a plain route
	// What the document says of a plain route.
	params  []*huma.Param
	takes   *huma.RequestBody
	answers map[string]*huma.Response
}

// pattern is the route's name in http.ServeMux, the metrics and the log.
func (r *route) pattern() string { return r.method + " " + r.path }

// operation is a route whose input and output huma reads, checks and describes.
func operation[I, O any](method, path string, who core.Permission, tag, summary string, do func(context.Context, *I) (*O, error)) *route {
	return &route{method: method, path: path, who: who, tag: tag, summary: summary, register: func(s *Server, op huma.Operation) {
		huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := do(ctx, in)
			if err != nil {
				p := problemOf(err)
				s.noteFailure(ctx, p)
				return nil, p
			}
			return out, nil
		})
	}}
}

// plain is a route with a handler of its own.
func plain(method, path string, who core.Permission, tag, summary string, handle http.HandlerFunc) *route {
	return &route{method: method, path: path, who: who, tag: tag, summary: summary, handle: handle, answers: map[string]*huma.Response{}}
}

// allRoutes is the one list of routes.
func (s *Server) allRoutes() []*route {
	var list []*route
	for _, group := range [][]*route{
		s.olderRoutes(), s.meRoutes(), s.ticketRoutes(), s.predictionRoutes(), s.markRoutes(), s.customerRoutes(), s.orderRoutes(), s.alertRoutes(),
		s.userRoutes(), s.deskRoutes(), s.uploadRoutes(), s.eventRoutes(), s.machineRoutes(),
	} {
		list = append(list, group...)
	}
	return list
}

// mount makes the mux know the route, and the document describe it.
func (s *Server) mount(rt *route) {
	op := huma.Operation{
		Method: rt.method, Path: rt.path, Summary: rt.summary, Description: rt.description(), Tags: []string{rt.tag},
		OperationID: operationID(rt), Parameters: rt.params, RequestBody: rt.takes, MaxBodyBytes: -1, BodyReadTimeout: 0,
	}
	if rt.created {
		op.DefaultStatus = http.StatusCreated
	}
	if rt.who != "" {
		op.Security = []map[string][]string{{"basic": {}}, {"token": {}}}
	}
	if rt.register != nil {
		rt.register(s, op)
		return
	}
	s.mux.Handle(rt.pattern(), s.within(rt, rt.handle))
	op.Responses = rt.answers
	s.addProblem(&op)
	s.huma.OpenAPI().AddOperation(&op)
}

// operationID names an operation in the document: "get-tickets-key-events".
func operationID(rt *route) string {
	path := strings.TrimPrefix(rt.path, "/api/v1")
	words := strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '{' || c == '}' || c == '.' })
	return strings.ToLower(strings.Join(append([]string{rt.method}, words...), "-"))
}

// description says who may ask, before everything else there is to say.
func (r *route) description() string {
	text := "Who may: everybody who reaches the server."
	if r.who != "" {
		var roles []string
		for _, role := range core.Roles() {
			if role.May(r.who) {
				roles = append(roles, string(role))
			}
		}
		text = "Who may: " + strings.Join(roles, ", ") + " (" + string(r.who) + ")."
		if r.loopback {
			text += " From the machine it runs on, everybody."
		}
	}
	if r.text != "" {
		text += "\n\n" + r.text
	}
	return text
}

// within puts what every route has around a handler: its limits, who asks, its place.
func (s *Server) within(rt *route, next http.Handler) http.Handler {
	next = s.placed(rt, next)
	next = s.patient(rt, next)
	next = s.authorised(rt, next)
	next = s.limited(rt, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		callOf(r.Context()).route = rt
		next.ServeHTTP(w, r)
	})
}

// HandleFunc makes the routes known that huma registers, for humago.
func (s *Server) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	for _, rt := range s.routes {
		if rt.pattern() == pattern {
			s.mux.Handle(pattern, s.within(rt, http.HandlerFunc(handle)))
		}
	}
}

// ServeHTTP answers a request as Handler does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// noSuchRoute answers what no route takes.
func (s *Server) noSuchRoute(w http.ResponseWriter, r *http.Request) {
	var others []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			others = append(others, method)
		}
	}
	if len(others) == 0 {
		s.refuse(w, r, core.NewError(core.CodeNotFound, "api.route", "There is nothing at this address. The routes are listed at /docs.", nil))
		return
	}
	w.Header().Set("Allow", strings.Join(others, ", "))
	s.refuse(w, r, newProblem(http.StatusMethodNotAllowed, core.CodeInvalid, "This address takes "+strings.Join(others, ", ")+" only. Nothing was done."))
}
