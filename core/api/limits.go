package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"deskwatch/core"
)

// The limits every route has that names none of its own.
const (
	maxBody    = 1 << 20          // bytes of a body
	readBody   = 10 * time.Second // for a body to arrive
	writeLimit = 30 * time.Second // for an answer to leave
	inWork     = 64               // requests in work at once
	waitPlace  = 2 * time.Second  // for a place among them
)

// places bounds how many do something at once.
type places chan struct{}

// take waits for a place, and reports whether there was one in time.
func (p places) take(ctx context.Context, wait time.Duration) bool {
	select {
	case p <- struct{}{}:
		return true
	default:
	}
	if wait <= 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case p <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (p places) leave() { <-p }

// busy is the answer when there is no place.
func busy(what string) error {
	return &core.Error{Code: core.CodeBusy, Op: "api.place", Message: what, RetryAfter: retryLater}
}

// firstDeadlines bound a request before its route is known; the deadlines of the one before it on
// this connection may have passed. What a test records has none.
func (s *Server) firstDeadlines(w http.ResponseWriter, r *http.Request) {
	c := http.NewResponseController(w)
	if r.ContentLength != 0 {
		_ = c.SetReadDeadline(time.Now().Add(readBody))
	}
	_ = c.SetWriteDeadline(time.Now().Add(writeLimit))
}

// limited bounds how long and how large the body and the answer of a route may be.
func (s *Server) limited(rt *route, next http.Handler) http.Handler {
	most := rt.body
	if most == 0 {
		most = maxBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		if rt.write > 0 {
			_ = c.SetWriteDeadline(time.Now().Add(rt.write))
		}
		if most > 0 {
			if r.ContentLength > most {
				s.refuse(w, r, tooLarge(most))
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		next.ServeHTTP(w, r)
	})
}

// patient gives a body the time of its route to arrive: that of somebody who may send one. A
// stranger's connection is not waited for so long.
func (s *Server) patient(rt *route, next http.Handler) http.Handler {
	if rt.read <= 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(rt.read))
		}
		next.ServeHTTP(w, r)
	})
}

func tooLarge(most int64) *Problem {
	return newProblem(http.StatusRequestEntityTooLarge, core.CodeInvalid, "The body is larger than the "+strconv.FormatInt(most, 10)+" bytes this route takes. Nothing was changed.")
}

// placed lets a handler work in one of the places there are, and only while it works: the body
// is read before, and the answer leaves after, so that somebody slow keeps nobody else waiting.
func (s *Server) placed(rt *route, next http.Handler) http.Handler {
	if rt.ownPlace {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := wholeBody(w, r); err != nil {
			s.refuse(w, r, err)
			return
		}
		k := s.keep(w)
		defer s.forget(k)
		if !s.serveInPlace(k, r, next) {
			s.refuse(w, r, busy("The desk has too much to do at the moment. Nothing was changed. Try again."))
			return
		}
		k.send()
	})
}

func (s *Server) serveInPlace(k *kept, r *http.Request, next http.Handler) bool {
	if !s.work.take(r.Context(), waitPlace) {
		return false
	}
	defer s.work.leave()
	next.ServeHTTP(k, r)
	return true
}

// wholeBody reads the body into memory.
func wholeBody(w http.ResponseWriter, r *http.Request) error {
	if r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, core.CodeInvalid, "The body did not arrive in time. Nothing was changed. Try again.")
	case err != nil:
		return newProblem(http.StatusBadRequest, core.CodeInvalid, "The body broke off. Nothing was changed. Try again.")
	}
	// All of it is here: the connection is no longer watched for slowness, only for its end.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// kept is an answer that is kept until it is whole.
type kept struct {
	to     http.ResponseWriter
	status int
	body   *bytes.Buffer
}

// keepAtMost is how large a buffer may be to be used again.
const keepAtMost = 1 << 20

func (s *Server) keep(w http.ResponseWriter) *kept {
	b, ok := s.buffers.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	return &kept{to: w, body: b}
}

func (s *Server) forget(k *kept) {
	if k.body.Cap() <= keepAtMost {
		k.body.Reset()
		s.buffers.Put(k.body)
	}
}

func (k *kept) Header() http.Header { return k.to.Header() }

func (k *kept) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
	}
}

func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

func (k *kept) send() {
	if k.status == 0 {
		k.status = http.StatusOK
	}
	if k.status != http.StatusNoContent && k.status != http.StatusNotModified {
		k.Header().Set("Content-Length", strconv.Itoa(k.body.Len()))
	}
	if k.Header().Get("Cache-Control") == "" {
		k.Header().Set("Cache-Control", "no-store")
	}
	k.to.WriteHeader(k.status)
	_, _ = k.to.Write(k.body.Bytes()) // who asked may be gone
}
