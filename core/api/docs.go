package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
)

//go:embed docs.css
var docsStyle string

//go:embed docs.html
var docsText string

// docsPage makes a page of the OpenAPI document. It loads nothing from anywhere.
func (s *Server) docsPage() ([]byte, error) {
	ref, err := ReadReference(s.spec)
	if err != nil {
		return nil, err
	}
	t, err := template.New("docs").Parse(docsText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		Reference
		Style template.CSS
	}{ref, template.CSS(docsStyle)})
	return b.Bytes(), err
}

// docsPolicy lets the page use its own style and nothing else.
func docsPolicy() string {
	sum := sha256.Sum256([]byte(docsStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

func (s *Server) docsHandler(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", docsPolicy())
	w.Header().Set("Referrer-Policy", "no-referrer")
	unchanging("text/html; charset=utf-8", func() []byte { return s.docs })(w, r)
}
