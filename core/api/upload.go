package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"deskwatch/core"
)

const uploadTag = "Uploads"

type uploadsIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many, newest first"`
}

type uploadsOut struct {
	Body struct {
		Uploads []core.Upload `json:"uploads"`
	}
}

// uploadRoutes are about what collectors posted.
func (s *Server) uploadRoutes() []*route {
	list := operation(http.MethodGet, "/api/v1/uploads", core.EditServer, uploadTag, "What collectors posted", func(ctx context.Context, in *uploadsIn) (*uploadsOut, error) {
		uploads, err := s.Desk.Uploads(ctx, in.Limit)
		out := new(uploadsOut)
		out.Body.Uploads = uploads
		return out, err
	})
	list.text = "The newest 10,000 are remembered, with how each ended. The documents of the newest refused ones are kept aside (\"kept\")."
	document := plain(http.MethodGet, "/api/v1/uploads/{id}/document", core.EditServer, uploadTag, "The document of a refused upload", s.uploadDocument)
	document.text = "As it arrived, as far as it was kept."
	document.write, document.ownPlace = sendWrite, true
	document.params = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: "integer", Format: "int64"}}}
	document.answers["200"] = &huma.Response{Description: "The document", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	return []*route{list, document}
}

// uploadDocument answers with what somebody posted and Deskwatch could not read: to be saved, not
// to be shown by a browser.
func (s *Server) uploadDocument(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		s.refuse(w, r, core.NewError(core.CodeNotFound, "api.upload", "There is no upload with this id.", err))
		return
	}
	doc, err := s.Desk.UploadDocument(r.Context(), id)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer doc.Content.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+doc.Name+`"`)
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", doc.At, doc.Content)
}
