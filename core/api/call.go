package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"deskwatch/core"
)

// call is what is known of a request while it is answered.
type call struct {
	id    string
	user  string // who asks, once known
	route *route // nil when none took it
}

type callKey struct{}

// callOf returns the call of a request; every request has one.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// callIDs makes the ids by which a request is found in the log: the start of this server and a
// number.
type callIDs struct {
	start string
	last  *atomic.Uint64
}

func newCallIDs() callIDs {
	var b [4]byte
	_, _ = rand.Read(b[:]) // it never fails
	return callIDs{hex.EncodeToString(b[:]), new(atomic.Uint64)}
}

func (c callIDs) next() string { return c.start + "-" + strconv.FormatUint(c.last.Add(1), 36) }

// answer counts what is answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// ReadFrom lets a file go to the connection without passing through this program.
func (a *answer) ReadFrom(from io.Reader) (int64, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := io.Copy(a.ResponseWriter, from)
	a.bytes += n
	return n, err
}

// Unwrap gives http.ResponseController the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// outermost is around every request: it survives a panic, gives the call its id, counts it,
// writes it down, and refuses what is not for this server.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now() // how long it takes is measured on the machine's clock
		c := &call{id: s.calls.next()}
		a := &answer{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		s.tally.inFlight.Inc()
		defer func() {
			s.tally.inFlight.Dec()
			broken := recover()
			s.note(r, c, a, time.Since(begin), broken)
			if broken != nil && broken != http.ErrAbortHandler {
				s.Log.Error("a request broke", "route", patternOf(c), "id", c.id, "panic", broken, "stack", string(debug.Stack()))
			}
			if broken != nil && (a.status != 0 || broken == http.ErrAbortHandler) {
				panic(http.ErrAbortHandler) // the answer has begun: only a broken connection says that it is not whole
			}
			if broken != nil {
				s.refuse(a, r, core.NewError(core.CodeInternal, "api.panic", brokenText, nil))
			}
		}()
		h := a.Header()
		h.Set("X-Request-Id", c.id)
		h.Set("X-Content-Type-Options", "nosniff")
		s.firstDeadlines(a, r)
		if err := s.meant(r); err != nil {
			s.refuse(a, r, err)
			return
		}
		next.ServeHTTP(a, r)
	})
}

// brokenText is what somebody reads whose request broke the program.
const brokenText = "Something went wrong inside Deskwatch. The log of the desk has the details."

func patternOf(c *call) string {
	if c.route == nil {
		return "none"
	}
	return c.route.pattern()
}

// noteFailure writes the cause of a failure of the desk itself into the log: who asked reads a
// sentence only.
func (s *Server) noteFailure(ctx context.Context, p *Problem) {
	if p.cause == nil || p.Status < http.StatusInternalServerError || core.ErrorCode(p.cause) == core.CodeCanceled {
		return
	}
	c := callOf(ctx)
	s.Log.Warn("a request failed", "route", patternOf(c), "status", p.Status, "id", c.id, "err", p.cause)
}

// method keeps what a stranger sends as a method out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// note counts a call and writes it into the log: no query, no token, no body.
func (s *Server) note(r *http.Request, c *call, a *answer, took time.Duration, broken any) {
	pattern, status := patternOf(c), a.status
	if status == 0 {
		status = http.StatusOK
		if broken != nil {
			status = http.StatusInternalServerError
		}
	}
	s.tally.answered(pattern, status, took)
	level := slog.LevelDebug
	if status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusTooManyRequests || status == http.StatusMisdirectedRequest {
		level = slog.LevelInfo
	}
	s.Log.LogAttrs(r.Context(), level, "request", slog.String("method", method(r.Method)), slog.String("route", pattern), slog.Int("status", status),
		slog.Int64("ms", took.Milliseconds()), slog.String("user", c.user), slog.String("address", addressOf(r)), slog.String("id", c.id))
}
