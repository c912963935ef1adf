package store

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"deskwatch/core"
)

func TestTheNewestUploadsAreRemembered(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), DeskFile), KindDesk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := NewUploads(db)
	if _, err := s.LastAccepted(t.Context()); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("before the first: %v", err)
	}
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	accepted := KeptUpload{Upload: core.Upload{At: at, User: "madrid", Address: "192.0.2.7", Size: 9, Status: http.StatusOK, Agent: "a", SnapshotCounts: core.SnapshotCounts{Tickets: 5, New: 3, Events: 2}}}
	refused := KeptUpload{Upload: core.Upload{At: at.Add(time.Second), User: "madrid", Status: http.StatusBadRequest, Reason: "It is broken."}, Document: "x.json"}
	for _, u := range []*KeptUpload{&accepted, &refused} {
		if *u, err = s.Add(t.Context(), *u); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.List(t.Context(), 10)
	if err != nil || len(list) != 2 || list[0] != refused || list[1] != accepted {
		t.Errorf("%+v %v", list, err)
	}
	if u, err := s.LastAccepted(t.Context()); err != nil || u != accepted {
		t.Errorf("%+v %v", u, err)
	}
	if u, err := s.Upload(t.Context(), refused.ID); err != nil || u != refused {
		t.Errorf("%+v %v", u, err)
	}
	// As if 10,000 had come since the first.
	if err := db.Writer().Exec("UPDATE sqlite_sequence SET seq = ? WHERE name = 'uploads'", accepted.ID+keptUploads-1).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
	if list, err := s.List(t.Context(), 10); err != nil || len(list) != 2 || list[1].ID != refused.ID {
		t.Errorf("%+v %v", list, err)
	}
}
