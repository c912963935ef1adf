package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Reference is the OpenAPI document in the order somebody reads it.
type Reference struct {
	Title, Version, Text string
	Parts                []ReferencePart
	Schemas              []ReferenceSchema
}

// ReferencePart is the routes under one heading.
type ReferencePart struct {
	Title  string
	Routes []ReferenceRoute
}

// Anchor is the heading as a link names it.
func (p ReferencePart) Anchor() string {
	return "part-" + strings.ReplaceAll(strings.ToLower(p.Title), " ", "-")
}

// ReferenceRoute is one route.
type ReferenceRoute struct {
	Method, Path, Summary string
	Text                  []string // paragraphs; the first says who may
	Parameters            []ReferenceField
	Body                  string // the type of what is sent; "" nothing
	Answers               []ReferenceAnswer
}

// ReferenceAnswer is one way a route answers.
type ReferenceAnswer struct {
	Status, Text, Type string
}

// ReferenceField is a parameter, or a field of a schema.
type ReferenceField struct {
	Name, In, Type, Text string
	Required             bool
}

// ReferenceSchema is a named type.
type ReferenceSchema struct {
	Name   string
	Fields []ReferenceField
}

type (
	specSchema struct {
		Type                 any                   `json:"type"`
		Ref                  string                `json:"$ref"`
		Format               string                `json:"format"`
		Description          string                `json:"description"`
		Enum                 []any                 `json:"enum"`
		Default              any                   `json:"default"`
		Examples             []any                 `json:"examples"`
		Items                *specSchema           `json:"items"`
		Properties           map[string]specSchema `json:"properties"`
		AdditionalProperties json.RawMessage       `json:"additionalProperties"`
		Required             []string              `json:"required"`
	}
	specContent map[string]struct {
		Schema specSchema `json:"schema"`
	}
	specOperation struct {
		Tags        []string `json:"tags"`
		Summary     string   `json:"summary"`
		Description string   `json:"description"`
		Parameters  []struct {
			Name        string     `json:"name"`
			In          string     `json:"in"`
			Description string     `json:"description"`
			Required    bool       `json:"required"`
			Schema      specSchema `json:"schema"`
			Example     any        `json:"example"`
		} `json:"parameters"`
		RequestBody *struct {
			Content specContent `json:"content"`
		} `json:"requestBody"`
		Responses map[string]struct {
			Description string      `json:"description"`
			Content     specContent `json:"content"`
		} `json:"responses"`
	}
	specDocument struct {
		Info       struct{ Title, Version, Description string }
		Paths      map[string]map[string]specOperation
		Components struct{ Schemas map[string]specSchema }
	}
)

// ReadReference reads an OpenAPI document.
func ReadReference(document []byte) (Reference, error) {
	var d specDocument
	if err := json.Unmarshal(document, &d); err != nil {
		return Reference{}, err
	}
	r := Reference{Title: d.Info.Title, Version: d.Info.Version, Text: d.Info.Description}
	parts := map[string]*ReferencePart{}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			op, ok := d.Paths[path][method]
			if !ok {
				continue
			}
			tag := strings.Join(op.Tags, ", ")
			if parts[tag] == nil {
				parts[tag] = &ReferencePart{Title: tag}
			}
			parts[tag].Routes = append(parts[tag].Routes, readRoute(strings.ToUpper(method), path, op))
		}
	}
	for _, tag := range partOrder(slices.Sorted(maps.Keys(parts))) {
		r.Parts = append(r.Parts, *parts[tag])
	}
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		r.Schemas = append(r.Schemas, ReferenceSchema{name, fieldsOf(d.Components.Schemas[name])})
	}
	return r, nil
}

// partOrder puts the headings in the order they are read in.
func partOrder(tags []string) []string {
	first := []string{meTag, ticketTag, predictionTag, customerTag, orderTag, eventTag, deskTag, userTag, uploadTag, olderTag, machineTag}
	slices.SortStableFunc(tags, func(a, b string) int { return place(first, a) - place(first, b) })
	return tags
}

func place(list []string, s string) int {
	if i := slices.Index(list, s); i >= 0 {
		return i
	}
	return len(list)
}

func readRoute(method, path string, op specOperation) ReferenceRoute {
	r := ReferenceRoute{Method: method, Path: path, Summary: op.Summary, Text: strings.Split(op.Description, "\n\n")}
	for _, p := range op.Parameters {
		text := p.Description
		if p.Schema.Default != nil {
			text += fmt.Sprintf(" (%v when left out)", p.Schema.Default)
		}
		r.Parameters = append(r.Parameters, ReferenceField{Name: p.Name, In: p.In, Type: typeOf(p.Schema), Text: strings.TrimSpace(text), Required: p.Required})
	}
	if op.RequestBody != nil {
		r.Body = contentType(op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		a := op.Responses[status]
		r.Answers = append(r.Answers, ReferenceAnswer{status, a.Description, contentType(a.Content)})
	}
	return r
}

// contentType names what a body holds: its type, or the content type where it is no JSON.
func contentType(c specContent) string {
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if strings.Contains(name, "json") {
			return typeOf(c[name].Schema)
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(c)), ", ")
}

func fieldsOf(s specSchema) []ReferenceField {
	var list []ReferenceField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		list = append(list, ReferenceField{Name: name, Type: typeOf(p), Text: p.Description, Required: slices.Contains(s.Required, name)})
	}
	return list
}

// typeOf names a type: "string", "list of TicketView", "date-time".
func typeOf(s specSchema) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			words[i] = fmt.Sprint(e)
		}
		return strings.Join(words, " | ")
	case s.Items != nil:
		return "list of " + typeOf(*s.Items)
	case s.Format == "date-time" || s.Format == "uri":
		return s.Format
	}
	if values := (specSchema{}); len(s.AdditionalProperties) > 0 && len(s.Properties) == 0 && json.Unmarshal(s.AdditionalProperties, &values) == nil {
		return "table of " + typeOf(values)
	}
	if kinds, ok := s.Type.([]any); ok && len(kinds) > 0 {
		return fmt.Sprint(kinds[0])
	}
	if s.Type == nil {
		return "anything"
	}
	return fmt.Sprint(s.Type)
}
