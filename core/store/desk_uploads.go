package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"gorm.io/gorm"

	"deskwatch/core"
)

// keptUploads bounds what is remembered: the newest so many are kept.
const keptUploads = 10_000

// Uploads is what collectors posted, in the desk file.
type Uploads struct{ db *DB }

// NewUploads returns the uploads in db, which is of KindDesk.
func NewUploads(db *DB) *Uploads { return &Uploads{db} }

// KeptUpload is an upload, and the name of the file its document is kept aside in, "" none.
type KeptUpload struct {
	core.Upload
	Document string
}

type uploadRow struct {
	ID       int64 `gorm:"primaryKey"`
	At       int64
	User     string
	Address  string
	Size     int64
	Status   int
	Reason   string
	Agent    string
	Document string
	Counts   string
}

func (uploadRow) TableName() string { return "uploads" }

func (r uploadRow) upload() (KeptUpload, error) {
	u := KeptUpload{Document: r.Document, Upload: core.Upload{
		ID: r.ID, At: fromMillis(r.At), User: r.User, Address: r.Address, Size: r.Size, Status: r.Status, Reason: r.Reason, Agent: r.Agent,
	}}
	if err := json.Unmarshal([]byte(r.Counts), &u.SnapshotCounts); err != nil {
		return u, fmt.Errorf("upload %d: %w", r.ID, err)
	}
	return u, nil
}

// Add keeps an upload, forgets those beyond the newest 10,000, and returns it with its ID.
func (s *Uploads) Add(ctx context.Context, u KeptUpload) (KeptUpload, error) {
	const op = "store.add upload"
	counts, err := json.Marshal(u.SnapshotCounts)
	if err != nil {
		return u, fault(op, "", err)
	}
	row := uploadRow{
		At: toMillis(u.At), User: u.User, Address: u.Address, Size: u.Size, Status: u.Status, Reason: u.Reason, Agent: u.Agent,
		Document: u.Document, Counts: string(counts),
	}
	err = s.db.Writer().WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return tx.Exec("DELETE FROM uploads WHERE id <= ?", row.ID-keptUploads).Error
	})
	u.ID = row.ID
	return u, fault(op, "", err)
}

// List returns the newest uploads, newest first; limit is clamped to 1..1000, 0 means 100.
func (s *Uploads) List(ctx context.Context, limit int) ([]KeptUpload, error) {
	const op = "store.uploads"
	var rows []uploadRow
	if err := s.db.Reader().WithContext(ctx).Order("id DESC").Limit(pageLimit(limit)).Find(&rows).Error; err != nil {
		return nil, fault(op, "", err)
	}
	list := make([]KeptUpload, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = r.upload(); err != nil {
			return nil, fault(op, "", err)
		}
	}
	return list, nil
}

// Upload returns one; core.CodeNotFound without it.
func (s *Uploads) Upload(ctx context.Context, id int64) (KeptUpload, error) {
	return s.one("store.upload", s.db.Reader().WithContext(ctx).Where("id = ?", id))
}

// LastAccepted returns the newest that was accepted; core.CodeNotFound when none was.
func (s *Uploads) LastAccepted(ctx context.Context) (KeptUpload, error) {
	return s.one("store.last accepted upload", s.db.Reader().WithContext(ctx).Where("status = ?", http.StatusOK).Order("id DESC"))
}

func (s *Uploads) one(op string, where *gorm.DB) (KeptUpload, error) {
	var row uploadRow
	err := where.Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return KeptUpload{}, core.NewError(core.CodeNotFound, op, "This upload is not known, or so old that it was forgotten.", err)
	}
	if err != nil {
		return KeptUpload{}, fault(op, "", err)
	}
	u, err := row.upload()
	return u, fault(op, "", err)
}
