package api

import (
	"context"
	"net"
	"net/http"
	"strings"

	"deskwatch/core"
)

// whoAsks finds out who sent r, by what its Authorization header says.
func (s *Server) whoAsks(ctx context.Context, r *http.Request) (core.Actor, error) {
	address := addressOf(r)
	if name, password, ok := r.BasicAuth(); ok {
		return s.Guard.Basic(ctx, name, core.NewSecret(password), address)
	}
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return s.Guard.Bearer(ctx, core.NewSecret(strings.TrimSpace(token)), address)
	}
	return core.Actor{}, core.NewError(core.CodeSignIn, "api.auth", "This desk wants to know who asks. Nothing was done. Send a name and password, or a token.", nil)
}

// authorised calls next for somebody who may do what the route needs, with the actor in ctx.
func (s *Server) authorised(rt *route, next http.Handler) http.Handler {
	if rt.who == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rt.loopback && fromHere(r) && r.Header.Get("Authorization") == "" {
			next.ServeHTTP(w, r.WithContext(core.WithActor(r.Context(), core.TheDesk())))
			return
		}
		actor, err := s.whoAsks(r.Context(), r)
		if err != nil {
			s.refuseSignIn(w, r, err)
			return
		}
		callOf(r.Context()).user = actor.Name
		if !actor.May(rt.who) {
			s.refuse(w, r, core.NewError(core.CodeForbidden, "api.auth", forbidden(actor, rt.who), nil))
			return
		}
		next.ServeHTTP(w, r.WithContext(core.WithActor(r.Context(), actor)))
	})
}

// refuseSignIn answers somebody who is not known. Too many tries are 429 here.
func (s *Server) refuseSignIn(w http.ResponseWriter, r *http.Request, err error) {
	p, code := problemOf(err), core.ErrorCode(err)
	if code == core.CodeBusy {
		p.Status, p.Title = http.StatusTooManyRequests, http.StatusText(http.StatusTooManyRequests)
	}
	if code == core.CodeBusy || code == core.CodeSignIn && r.Header.Get("Authorization") != "" {
		s.tally.signInFailed.Inc()
	}
	s.refuse(w, r, p)
}

func forbidden(a core.Actor, p core.Permission) string {
	if a.Role.May(p) {
		return "This token may not be used to " + string(p) + ". Nothing was changed. Use one with a wider scope."
	}
	return "Your role, " + string(a.Role) + ", may not " + string(p) + ". Nothing was changed. Ask an admin of this desk."
}

// addressOf is where r comes from, without the port. No header is believed about it.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// fromHere reports whether r comes from this machine, and nobody says that it was only passed on
// here: what a proxy beside this server passes on comes from anywhere.
func fromHere(r *http.Request) bool {
	for _, passedOn := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(passedOn) != "" {
			return false
		}
	}
	ip := net.ParseIP(addressOf(r))
	return ip != nil && ip.IsLoopback()
}
