package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

// Collecting is what the older routes and those about uploads need of the desk. Errors are *core.Error.
type Collecting interface {
	// PostTickets takes the tickets of a post, all or nothing. core.CodeTooLarge when it is larger
	// than the settings let it be, core.CodeBusy when too many are being taken.
	PostTickets(ctx context.Context, p core.Post) (core.Upload, error)
	// LastPosted opens the last accepted document; core.CodeNotFound when there is none.
	LastPosted(ctx context.Context) (core.PostedDocument, error)
	// PostedCases opens the cases of a product in the last accepted document, as a JSON list.
	PostedCases(ctx context.Context, product string, retain []string) (core.PostedDocument, error)
	// Uploads lists what was posted, newest first, at most limit (1..1000).
	Uploads(ctx context.Context, limit int) ([]core.Upload, error)
	// UploadDocument opens the document of a refused upload that was kept aside.
	UploadDocument(ctx context.Context, id int64) (core.PostedDocument, error)
}

const olderTag = "Older routes"

// How long a post may take to arrive, and its tickets to be taken and answered.
const (
	postRead  = 5 * time.Minute
	postWrite = postRead + 3*time.Minute
	sendWrite = 5 * time.Minute
)

// olderRoutes are those of the server that Deskwatch replaces.
func (s *Server) olderRoutes() []*route {
	token := plain(http.MethodPost, "/token", core.ReadOwnSelf, olderTag, "Sign in for a while", s.issueToken)
	token.text = "The name and password of a user, as Basic authorization. The token is good for the seconds the answer tells: as a bearer token, or as the user name of Basic authorization with any password."
	token.ownPlace = true
	token.answers["200"] = jsonAnswer("The token", &huma.Schema{Type: "object", Required: []string{"token", "duration"}, Properties: map[string]*huma.Schema{
		"token": {Type: "string"}, "duration": {Type: "integer", Description: "Seconds it is good for"},
	}})
	out := plain(http.MethodDelete, "/token", core.StopOwnTokens, olderTag, "Sign out", s.endToken)
	out.text = "Ends the signed token that was used to ask."
	out.answers["204"] = &huma.Response{Description: "Signed out"}

	post := plain(http.MethodPost, "/SF", core.PostTickets, olderTag, "Post tickets", s.postTickets)
	post.text = "A collector's document: {\"Agentname\", \"Updatetime\", \"Cases\": […]}, also with the cases grouped by product, and every other JSON of tickets that Deskwatch reads. " +
		"The Content-Type does not matter; a file in multipart/form-data and gzip are understood. All records are taken, or none: what was refused is kept aside for the admin."
	post.body, post.read, post.write, post.ownPlace = -1, postRead, postWrite, true
	post.takes = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "object"}}}}
	post.answers["200"] = &huma.Response{Description: "Every record was taken", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string", Enum: []any{uploadDone}}}}}

	last := plain(http.MethodGet, "/SF", core.ReadPosted, olderTag, "The last accepted document", s.lastPosted)
	last.text = "As it was posted, byte for byte, unpacked. The ETag is made of its SHA-256."
	last.write, last.ownPlace = sendWrite, true
	last.answers["200"] = jsonAnswer("The document", &huma.Schema{})
	last.answers["304"] = &huma.Response{Description: "It is the one that If-None-Match names"}

	product := plain(http.MethodGet, "/product/{product}", core.ReadPosted, olderTag, "The cases of a product", s.postedCases)
	product.text = "Those of the last accepted document, as they were posted, byte for byte, in a list. A product nobody posted has none. The product is compared without case."
	product.write, product.ownPlace = sendWrite, true
	product.params = []*huma.Param{
		{Name: "product", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}},
		{Name: "retain_id", In: "query", Description: "Narrows the list to cases with one of these values as their id, number, owner, or in a field whose name has \"retain\" in it; several are separated by commas. What no case of the product has, and true, false, 1 and 0, narrow nothing.", Schema: &huma.Schema{Type: "string"}},
	}
	product.answers["200"] = jsonAnswer("The cases", &huma.Schema{Type: "array", Items: &huma.Schema{Type: "object"}})
	product.answers["304"] = last.answers["304"]
	return []*route{token, out, post, last, product}
}

func jsonAnswer(what string, schema *huma.Schema) *huma.Response {
	return &huma.Response{Description: what, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
}

// Tokens are signed one after the other, with a pause after each: a program that asks for one
// without end gets a thousand a second and leaves the rest of the machine to those who use theirs.
const (
	signingAtOnce = 1
	signingPause  = time.Millisecond
)

func (s *Server) issueToken(w http.ResponseWriter, r *http.Request) {
	if !s.signing.take(r.Context(), waitPlace) {
		s.refuse(w, r, busy("Too many tokens are being asked for. Nothing was changed. Try again."))
		return
	}
	defer time.AfterFunc(signingPause, s.signing.leave)
	actor, _ := core.ActorOf(r.Context())
	issued, err := s.Guard.Issue(r.Context(), actor)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	body, err := json.Marshal(struct {
		Token    string `json:"token"`
		Duration int    `json:"duration"`
	}{issued.Token.Reveal(), issued.Seconds})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(append(body, '\n')) //nolint:errcheck // who asked is gone
}

func (s *Server) endToken(w http.ResponseWriter, r *http.Request) {
	actor, _ := core.ActorOf(r.Context())
	if err := s.Guard.SignOut(r.Context(), actor); err != nil {
		s.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) lastPosted(w http.ResponseWriter, r *http.Request) {
	doc, err := s.Desk.LastPosted(r.Context())
	s.sendDocument(w, r, doc, err)
}

func (s *Server) postedCases(w http.ResponseWriter, r *http.Request) {
	var retain []string
	for _, values := range r.URL.Query()["retain_id"] {
		retain = append(retain, strings.Split(values, ",")...)
	}
	doc, err := s.Desk.PostedCases(r.Context(), r.PathValue("product"), retain)
	s.sendDocument(w, r, doc, err)
}

// sendDocument answers with a document, or the part of it or the 304 that was asked for.
func (s *Server) sendDocument(w http.ResponseWriter, r *http.Request, doc core.PostedDocument, err error) {
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer doc.Content.Close()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("ETag", `"`+doc.Tag+`"`)
	h.Set("Cache-Control", "private, no-cache")
	if doc.Text != nil {
		w = inOnePiece{w, doc.Text}
	}
	http.ServeContent(w, r, "", doc.At, doc.Content)
}

// inOnePiece sends a text that is in memory with one call, where all of it is asked for:
// http.ServeContent would copy it in many.
type inOnePiece struct {
	http.ResponseWriter
	text []byte
}

func (o inOnePiece) ReadFrom(from io.Reader) (int64, error) {
	if l, ok := from.(*io.LimitedReader); ok && l.N == int64(len(o.text)) {
		n, err := o.Write(o.text)
		return int64(n), err
	}
	return io.Copy(struct{ io.Writer }{o.ResponseWriter}, from)
}
