package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

// problemType begins the type of every problem; the code of core.Error follows.
const problemType = "urn:deskwatch:"

const problemContent = "application/problem+json"

// Problem is the one shape of every error this server answers with (RFC 9457).
type Problem struct {
	Type   string  `json:"type" doc:"urn:deskwatch: and the code of the failure" example:"urn:deskwatch:not_found"`
	Title  string  `json:"title" example:"Not Found"`
	Status int     `json:"status" example:"404"`
	Detail string  `json:"detail" doc:"For people: what happened, what was kept, what to do" example:"No ticket has the number or id \"7\"."`
	Errors []Fault `json:"errors,omitempty" doc:"What is wrong with which part of the request"`

	retryAfter time.Duration
	cause      error
}

// Fault is what is wrong with one part of a request.
type Fault struct {
	Location string `json:"location" doc:"Where it is" example:"body.kind"`
	Message  string `json:"message"`
}

// Error is the sentence for people.
func (p *Problem) Error() string { return p.Detail }

// Unwrap gives the error it was made of.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma the content type.
func (p *Problem) ContentType(string) string { return problemContent }

// GetHeaders tells huma the headers that go with it.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	p.setHeaders(h)
	return h
}

func (p *Problem) setHeaders(h http.Header) {
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Basic realm="Deskwatch"`)
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
}

// retryLater is when to come again when nobody knows better.
const retryLater = 2 * time.Second

// problemOf turns an error into the answer to it.
func problemOf(err error) *Problem {
	var made *Problem
	if errors.As(err, &made) {
		return made
	}
	code := core.ErrorCode(err)
	p := newProblem(StatusOf(code), code, core.ErrorMessage(err))
	p.cause = err
	var e *core.Error
	if errors.As(err, &e) {
		p.retryAfter = e.RetryAfter
	}
	if code == core.CodeBusy && p.retryAfter <= 0 {
		p.retryAfter = retryLater
	}
	return p
}

func newProblem(status int, code core.Code, detail string) *Problem {
	return &Problem{Type: problemType + string(code), Title: http.StatusText(status), Status: status, Detail: detail}
}

// StatusOf is the one place where a code becomes a status. Too many failed tries to sign in are
// core.CodeBusy, too, and become 429 where signing in is asked for.
func StatusOf(code core.Code) int {
	switch code {
	case core.CodeInvalid:
		return http.StatusBadRequest
	case core.CodeNotFound:
		return http.StatusNotFound
	case core.CodeConflict, core.CodeAmbiguous:
		return http.StatusConflict
	case core.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case core.CodeSignIn:
		return http.StatusUnauthorized
	case core.CodeForbidden:
		return http.StatusForbidden
	case core.CodeDenied:
		return http.StatusBadGateway
	case core.CodeBusy, core.CodeUnavailable, core.CodeCanceled:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// refuse answers with a problem.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	s.noteFailure(r.Context(), p)
	body, err := json.Marshal(p)
	if err != nil { // it holds strings and numbers only
		body = []byte(`{}`)
	}
	h := w.Header()
	p.setHeaders(h)
	h.Set("Content-Type", problemContent)
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(append(body, '\n'))
	}
}

// fromHuma turns what huma found wrong with a request into our shape. It does not echo what was
// sent: that may be a password.
func fromHuma(m *huma.ErrorModel) *Problem {
	code, detail := core.CodeInvalid, "The request cannot be understood as it is. Nothing was changed."
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		detail = "The body is larger than this route takes. Nothing was changed."
	case http.StatusRequestTimeout:
		detail = "The body did not arrive in time. Nothing was changed. Try again."
	case http.StatusUnsupportedMediaType:
		detail = "The body is not JSON as far as its Content-Type says. Nothing was changed."
	case http.StatusNotAcceptable:
		detail = "This server answers with JSON only."
	case http.StatusInternalServerError:
		code, detail = core.CodeInternal, core.ErrorMessage(errors.New("huma"))
	}
	p := newProblem(asBadRequest(m.Status), code, detail)
	for _, e := range m.Errors {
		if e != nil {
			p.Errors = append(p.Errors, Fault{Location: e.Location, Message: e.Message})
		}
	}
	if len(p.Errors) == 0 && m.Detail != "" && code == core.CodeInvalid {
		p.Errors = []Fault{{Location: "body", Message: m.Detail}}
	}
	return p
}

// asBadRequest: what cannot be understood is 400 here, never 422.
func asBadRequest(status int) int {
	if status == http.StatusUnprocessableEntity {
		return http.StatusBadRequest
	}
	return status
}
