package api

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"deskwatch/core"
)

// describe begins the OpenAPI document.
func (s *Server) describe() {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	// How our types look in JSON, where their kind says otherwise.
	for of, as := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[huma.ErrorModel](): reflect.TypeFor[Problem](),
		reflect.TypeFor[core.Month]():      reflect.TypeFor[string](),
		reflect.TypeFor[core.Day]():        reflect.TypeFor[string](),
		reflect.TypeFor[core.Amount]():     reflect.TypeFor[float64](),
		reflect.TypeFor[core.StatusSet]():  reflect.TypeFor[[]string](),
		reflect.TypeFor[core.Secret]():     reflect.TypeFor[string](),
	} {
		registry.RegisterTypeAlias(of, as)
	}
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Deskwatch", Version: s.Version, Description: "The REST server of a support desk: tickets, customers, orders, alerts, and what people do about them."},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
				"basic": {Type: "http", Scheme: "basic", Description: "A name and its password, or a token as the name and anything as the password."},
				"token": {Type: "http", Scheme: "bearer", Description: "A token of POST /token, or a long-lived one."},
			}},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{ourShape},
	}
	s.huma = humago.New(s, config)
	s.huma.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) { next(statuses{ctx}) })
}

// ourShape gives what huma finds wrong with a request our shape of errors. huma has a
// package-level function for that as well; this needs none.
func ourShape(_ huma.Context, _ string, v any) (any, error) {
	if m, ok := v.(*huma.ErrorModel); ok {
		return fromHuma(m), nil
	}
	return v, nil
}

type humaContext = huma.Context

// statuses turns the statuses of huma into ours.
type statuses struct{ humaContext }

func (c statuses) SetStatus(status int) { c.humaContext.SetStatus(asBadRequest(status)) }

// Unwrap gives humago its own context.
func (c statuses) Unwrap() huma.Context { return c.humaContext }

// addProblem says in the document what the errors of a route look like.
func (s *Server) addProblem(op *huma.Operation) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = s.problemAnswer("Error")
}

func (s *Server) problemAnswer(what string) *huma.Response {
	return &huma.Response{Description: what, Content: map[string]*huma.MediaType{
		problemContent: {Schema: s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
	}}
}

// writeDown keeps the finished document, and the page made of it.
func (s *Server) writeDown() error {
	var err error
	if s.spec, err = json.MarshalIndent(s.huma.OpenAPI(), "", " "); err != nil {
		return err
	}
	s.docs, err = s.docsPage()
	return err
}

// OpenAPI is the document served at /openapi.json.
func (s *Server) OpenAPI() []byte { return s.spec }

// unchanging serves what does not change while the server runs.
func unchanging(contentType string, body func() []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body())
	}
}
