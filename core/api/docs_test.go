package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated part of docs/rest-api.md anew")

const (
	docsFile  = "../../docs/rest-api.md"
	docsBegin = "<!-- generated from /openapi.json: go test ./core/api -run TestTheDocumentation -update -->\n"
	docsEnd   = "<!-- end of what is generated -->\n"
)

// TestTheDocumentationIsTheOneServed compares docs/rest-api.md with the document the server
// serves, and the example answers in it with what it answers over a desk with one of everything.
func TestTheDocumentationIsTheOneServed(t *testing.T) {
	ts := newTestServer(t)
	want := docsBegin + ts.markdown(t) + docsEnd
	file, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(file), docsBegin)
	_, after, ended := strings.Cut(rest, docsEnd)
	if !ok || !ended {
		t.Fatalf("%s lacks the marks around what is generated", docsFile)
	}
	if whole := before + want + after; whole != string(file) {
		if !*update {
			t.Fatalf("%s is not what the server serves. Write it anew: go test ./core/api -run TestTheDocumentation -update", docsFile)
		}
		if err := os.WriteFile(docsFile, []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (ts *testServer) markdown(t *testing.T) string {
	t.Helper()
	ref, err := ReadReference(ts.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, part := range ref.Parts {
		fmt.Fprintf(&b, "\n## %s\n", part.Title)
		for _, r := range part.Routes {
			fmt.Fprintf(&b, "\n### `%s %s`\n\n%s.\n", r.Method, r.Path, r.Summary)
			for _, text := range r.Text {
				fmt.Fprintf(&b, "\n%s\n", text)
			}
			if len(r.Parameters) > 0 {
				b.WriteString("\n| parameter | in | type | |\n|---|---|---|---|\n")
				for _, p := range r.Parameters {
					fmt.Fprintf(&b, "| `%s`%s | %s | %s | %s |\n", p.Name, needed(p.Required), p.In, cell(p.Type), cell(p.Text))
				}
			}
			if r.Body != "" {
				fmt.Fprintf(&b, "\nBody: %s.\n", typeLink(r.Body))
			}
			b.WriteString("\n| answer | | body |\n|---|---|---|\n")
			for _, a := range r.Answers {
				fmt.Fprintf(&b, "| %s | %s | %s |\n", a.Status, cell(a.Text), typeLink(a.Type))
			}
			ts.example(t, &b, r.Method+" "+r.Path)
		}
	}
	b.WriteString("\n## Types\n\nA `*` marks what is always there, and what has to be sent.\n")
	for _, s := range ref.Schemas {
		fmt.Fprintf(&b, "\n### %s\n\n| field | type | |\n|---|---|---|\n", s.Name)
		for _, f := range s.Fields {
			fmt.Fprintf(&b, "| `%s`%s | %s | %s |\n", f.Name, needed(f.Required), typeLink(f.Type), cell(f.Text))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// example asks for a route and shows what was sent and answered.
func (ts *testServer) example(t *testing.T, b *strings.Builder, pattern string) {
	t.Helper()
	a, ok := asked()[pattern]
	method, _, _ := strings.Cut(pattern, " ")
	switch {
	case !ok:
		t.Fatalf("%s has no example", pattern)
	case pattern == "GET /api/v1/events" || pattern == "GET /openapi.json" || pattern == "GET /docs" || pattern == "GET /metrics":
		return // shown in a chapter, or long
	}
	w := ts.ask("admin", method, a[0], a[1])
	fmt.Fprintf(b, "\n```\n%s %s\n", method, a[0])
	if a[1] != "" {
		fmt.Fprintf(b, "%s\n", a[1])
	}
	fmt.Fprintf(b, "\n%d\n", w.Code)
	if w.Body.Len() > 0 {
		fmt.Fprintf(b, "%s\n", shown(w.Body.Bytes()))
	}
	b.WriteString("```\n")
}

// maxShown is how many lines of an example are shown.
const maxShown = 45

// shown makes JSON readable, and leaves the end of a long one out.
func shown(body []byte) string {
	var pretty bytes.Buffer
	if json.Indent(&pretty, bytes.TrimSpace(body), "", "  ") != nil {
		return strings.TrimSpace(string(body))
	}
	lines := strings.Split(pretty.String(), "\n")
	if len(lines) > maxShown {
		lines = append(lines[:maxShown-1], "  …")
	}
	return strings.Join(lines, "\n")
}

func needed(yes bool) string {
	if yes {
		return "\\*"
	}
	return ""
}

func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ").Replace(s)
}

// typeLink links to a type of the document.
func typeLink(name string) string {
	words := strings.Split(name, " ")
	last := words[len(words)-1]
	if last != "" && last[0] >= 'A' && last[0] <= 'Z' {
		words[len(words)-1] = "[" + last + "](#" + strings.ToLower(last) + ")"
	}
	return cell(strings.Join(words, " "))
}
