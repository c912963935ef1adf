package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"deskwatch/core"
)

// FuzzPostBody reads bodies as they may come: packed, in a form, or both. It ends, holds no more
// than is bounded, and what it gives came from the body or it says in words what is wrong.
func FuzzPostBody(f *testing.F) {
	const limit = 1 << 20
	pack := func(text string) []byte {
		var packed bytes.Buffer
		zip := gzip.NewWriter(&packed)
		if _, err := io.WriteString(zip, text); err != nil {
			f.Fatal(err)
		}
		if err := zip.Close(); err != nil {
			f.Fatal(err)
		}
		return packed.Bytes()
	}
	form := "--b\r\nContent-Disposition: form-data; name=\"agent\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.json\"\r\n\r\n{\"Cases\":[]}\r\n--b--\r\n"
	f.Add([]byte(`{"Cases":[]}`), "application/json", "")
	f.Add([]byte(form), "multipart/form-data; boundary=b", "")
	f.Add(pack(form), "multipart/form-data; boundary=b", "gzip")
	f.Add(pack(`{"Cases":[]}`), "", "GZIP")
	f.Add(pack(string(pack(`{"Cases":[]}`))), "", "gzip")
	f.Add(pack(strings.Repeat("x", limit+1)), "", "x-gzip")
	f.Add([]byte("\x1F\x8B\x08"), "text/plain; x", "identity")
	f.Add([]byte(form[:60]), "multipart/mixed; boundary=b", "")
	f.Fuzz(func(t *testing.T, body []byte, contentType, packing string) {
		r, err := http.NewRequest(http.MethodPost, "/SF", struct{ io.Reader }{bytes.NewReader(body)})
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = -1
		r.Header["Content-Type"], r.Header["Content-Encoding"] = []string{contentType}, []string{packing}
		document, length, err := openPost(r, limit)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(document)
			if int64(len(text)) > limit || length >= 0 && err == nil && int64(len(text)) != length {
				t.Errorf("%d bytes of %d, bounded by %d", len(text), length, limit)
			}
			if err == nil && packing == "" && !strings.Contains(strings.ToLower(contentType), "multipart") && !bytes.HasPrefix(body, []byte{0x1F, 0x8B}) && !bytes.Equal(text, body) {
				t.Errorf("%q became %q", body, text)
			}
		}
		if code := core.ErrorCode(err); err != nil && code != core.CodeInvalid && code != core.CodeTooLarge {
			t.Errorf("%v", err)
		}
	})
}

func TestAFormGivesItsFile(t *testing.T) {
	const want = `{"Cases":[]}`
	part := func(name, content string) string {
		return "--b\r\nContent-Disposition: form-data; " + name + "\r\n\r\n" + content + "\r\n"
	}
	for what, form := range map[string]string{
		"a file":               part(`name="f"; filename="x.json"`, want),
		"a field, then a file": part(`name="agent"`, "madrid") + part(`name="f"; filename="x.json"`, want),
		"a field":              part(`name="data"`, want),
	} {
		r, err := http.NewRequest(http.MethodPost, "/SF", strings.NewReader(form+"--b--\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		r.ContentLength = -1
		document, length, err := openPost(r, 1000)
		if err != nil {
			t.Error(what, err)
			continue
		}
		if text, err := io.ReadAll(document); string(text) != want || err != nil || length != -1 {
			t.Errorf("%s: %q %v, length %d", what, text, err, length)
		}
	}
}

func TestAFormOfEndlessPartsIsNotReadToItsEnd(t *testing.T) {
	part := "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
	body := strings.NewReader(strings.Repeat(part, 100_000) + "--b--\r\n")
	r, err := http.NewRequest(http.MethodPost, "/SF", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	before := body.Len()
	if _, _, err = openPost(r, 100<<20); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("it fails with %v", err)
	}
	if read := before - body.Len(); read > before/10 {
		t.Errorf("%d of %d bytes were read", read, before)
	}
}
