package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

const uploadDone = "Upload done."

const (
	// aroundDocument is what a multipart body may hold beside the document.
	aroundDocument = 1 << 20
	// mostParts is how many parts of a form are looked at for the document.
	mostParts = 100
	// drainAtMost and drainWithin bound what is read on of a refused post, so that its sender, who
	// may only listen after the last byte, hears why.
	drainAtMost = 16 << 20
	drainWithin = 5 * time.Second
)

// postTickets takes what a collector posts.
func (s *Server) postTickets(w http.ResponseWriter, r *http.Request) {
	body, length, err := openPost(r, int64(s.Settings().MaxUploadMB)<<20+aroundDocument)
	if err == nil {
		_, err = s.Desk.PostTickets(r.Context(), core.Post{Body: body, Length: length, Address: addressOf(r)})
	}
	if err != nil {
		s.drain(w, r)
		s.refuse(w, r, postProblem(err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	io.WriteString(w, uploadDone) //nolint:errcheck // who posted is gone, and the tickets are kept
}

// drain reads on for a while.
func (s *Server) drain(w http.ResponseWriter, r *http.Request) {
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(drainWithin)); err != nil {
		return
	}
	io.CopyN(io.Discard, r.Body, drainAtMost) //nolint:errcheck // it is refused in any case
}

// postProblem says which records of a post cannot be read, one by one.
func postProblem(err error) error {
	p := problemOf(err)
	var rejected *core.RejectedRecords
	if errors.As(err, &rejected) {
		for _, r := range rejected.First {
			where := "record " + strconv.Itoa(r.Line)
			if r.Column != "" {
				where += ", " + r.Column
			}
			p.Errors = append(p.Errors, Fault{Location: where, Message: r.Reason})
		}
	}
	return p
}

// openPost finds the document in a request: unpacked, and out of its form. What is unpacked is
// bounded by limit at every step; a length of -1 says that none was announced.
func openPost(r *http.Request, limit int64) (document io.Reader, length int64, err error) {
	body := bounded(r.Body, limit)
	length = r.ContentLength
	switch packing := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); packing {
	case "", "identity":
	case "gzip", "x-gzip":
		if body, err = unpacked(body, limit); err != nil {
			return nil, 0, err
		}
		length = -1
	default:
		return nil, 0, core.NewError(core.CodeInvalid, "api.post", "The post is packed in a way this server does not know. Nothing was kept. Send it as it is, or packed with gzip.", nil)
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		if body, err = fileOf(multipart.NewReader(body, params["boundary"])); err != nil {
			return nil, 0, err
		}
		length = -1
	}
	// A packed file may also be sent without a word about it.
	begun := bufio.NewReader(body)
	if head, _ := begun.Peek(2); bytes.Equal(head, []byte{0x1F, 0x8B}) { // RFC 1952, 2.3.1
		document, err = unpacked(begun, limit)
		return document, -1, err
	}
	return begun, length, nil
}

// fileOf is the first file of a form, or the first value that looks like JSON.
func fileOf(form *multipart.Reader) (io.Reader, error) {
	for range mostParts {
		part, err := form.NextRawPart() // quoted-printable belongs to mails
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, brokenPost(err)
		}
		content := bufio.NewReader(part)
		if part.FileName() != "" {
			return content, nil
		}
		head, _ := content.Peek(64)
		if head = bytes.TrimLeft(head, "\xEF\xBB\xBF \t\r\n"); len(head) > 0 && (head[0] == '{' || head[0] == '[') {
			return content, nil
		}
	}
	return nil, core.NewError(core.CodeInvalid, "api.post", "The form has no file in it. Nothing was kept. Send the document as a file of the form, or as the whole body.", nil)
}

// unpacked reads what gzip packed.
func unpacked(r io.Reader, limit int64) (io.Reader, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, brokenPost(err)
	}
	return bounded(zip, limit), nil
}

// bounded reads no more than limit bytes, and says what went wrong in words.
func bounded(r io.Reader, limit int64) io.Reader { return &boundedReader{r, limit} }

type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, core.NewError(core.CodeTooLarge, "api.post", "The post is larger than this server takes. Nothing was kept. Send it in parts, or have an admin raise the limit in Settings.", nil)
	}
	if err != nil && err != io.EOF {
		err = brokenPost(err)
	}
	return n, err
}

// brokenPost is why a post ends before its end.
func brokenPost(err error) error {
	var told *core.Error
	switch {
	case errors.As(err, &told):
		return err
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return core.NewError(core.CodeInvalid, "api.post", "The post cannot be unpacked: it is damaged, or not packed with gzip. Nothing was kept. Send it again.", err)
	}
	return core.NewError(core.CodeInvalid, "api.post", "The post broke off before its end. Nothing was kept. Send it again as a whole.", err)
}
