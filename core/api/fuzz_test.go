package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// FuzzBodies posts bytes to every route of /api/v1 that takes a body, as an admin: whatever they
// are, the answer is one of the expected ones, in the one shape, and never a fault of the program.
func FuzzBodies(f *testing.F) {
	ts := newTestServer(f)
	type target struct{ method, path string }
	var targets []target
	for _, rt := range ts.routes {
		a := asked()[rt.pattern()]
		if rt.register == nil || a[1] == "" {
			continue
		}
		f.Add(uint8(len(targets)), []byte(a[1]), "application/json")
		targets = append(targets, target{rt.method, a[0]})
	}
	if len(targets) < 6 {
		f.Fatalf("%d routes take a body only", len(targets))
	}
	f.Add(uint8(0), []byte(`{"kind":"ack","tickets":[{"source":"a","id":"b"}],"until":"2026-99-99T00:00:00Z"}`), "")
	f.Add(uint8(1), []byte(`{"tickets":[null],"owner":null}`), "application/json; charset=latin1")
	f.Add(uint8(5), []byte(`{"a":{"b":[1e400]}}`), "text/plain")
	f.Add(uint8(2), []byte("[[[[[[[[[[{\x00"), "application/cbor")
	f.Fuzz(func(t *testing.T, which uint8, body []byte, contentType string) {
		to := targets[int(which)%len(targets)]
		ts.desk.asked, ts.desk.actors = nil, nil
		w := ts.ask("admin", to.method, to.path, string(body), func(r *http.Request) { r.Header["Content-Type"] = []string{contentType} })
		switch w.Code {
		case http.StatusOK, http.StatusCreated, http.StatusNoContent:
			if w.Code != http.StatusNoContent && !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: not JSON: %s", to.path, w.Body)
			}
		case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusRequestEntityTooLarge:
			checkProblem(t, w.Body.Bytes(), w.Header(), w.Code)
			if asked := strings.Join(ts.desk.asked, " "); asked != "" {
				t.Errorf("%s: refused, and the desk was asked for %s", to.path, asked)
			}
		default:
			t.Errorf("%s %s: %d %s", to.method, to.path, w.Code, w.Body)
		}
	})
}
