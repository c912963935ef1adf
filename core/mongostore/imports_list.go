package mongostore

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

const mostImports = 1000

// Imports lists imports, newest first.
func (b *Book) Imports(ctx context.Context, limit int) ([]core.ImportRecord, error) {
	const op = "mongostore.imports"
	s, err := b.loadState(ctx)
	if err != nil {
		return nil, b.fault(op, "", err)
	}
	find := options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(min(max(limit, 1), mostImports)))
	cur, err := b.imports().Find(ctx, s.counting(), find)
	if err != nil {
		return nil, b.fault(op, "", err)
	}
	var records []record
	if err := cur.All(ctx, &records); err != nil {
		return nil, b.fault(op, "", err)
	}
	list := make([]core.ImportRecord, len(records))
	for i, r := range records {
		list[i] = r.public(s)
	}
	return list, nil
}

// public is the record for others. An undo whose moment came counts, even when its process
// ended before it wrote that into the record.
func (r record) public(s state) core.ImportRecord {
	if r.UndoneAt == 0 && s.Lease != nil && slices.Contains(s.Dropped, r.Batch) {
		r.UndoneAt = s.Lease.At
	}
	p := core.ImportRecord{
		ID: r.ID, File: r.File, Kind: r.Kind, At: time.UnixMilli(r.At).UTC(), State: core.ImportDone, Rows: r.Rows, Rejected: r.Rejected,
		ImportCounts: core.ImportCounts{OrdersNew: r.New, OrdersChanged: r.Changed, OrdersUnchanged: r.Unchanged},
	}
	if r.UndoneAt != 0 {
		at := time.UnixMilli(r.UndoneAt).UTC()
		p.UndoneAt, p.State = &at, core.ImportUndone
	}
	return p
}
