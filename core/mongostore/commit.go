package mongostore

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

// record is an import as the imports collection remembers it. It counts once its batch is
// committed; one of a batch that never was is removed, and its number given again.
type record struct {
	ID        int64  `bson:"_id"`
	Batch     int64  `bson:"batch"`
	File      string `bson:"file"`
	Kind      string `bson:"kind"`
	At        int64  `bson:"at"` // milliseconds since 1970, as all times here
	Rows      int64  `bson:"rows"`
	Rejected  int64  `bson:"rejected"`
	New       int64  `bson:"new"`
	Changed   int64  `bson:"changed"`
	Unchanged int64  `bson:"unchanged"`
	UndoneAt  int64  `bson:"undone_at,omitempty"`
}

// counting matches the records that count.
func (s state) counting() bson.D {
	return bson.D{{Key: "batch", Value: bson.D{{Key: "$gte", Value: int64(1)}, {Key: "$lte", Value: s.Committed}}}}
}

const outcomeUnknown = "The import is kept as a whole or not at all; the list of imports shows which when the database answers again."

// Commit makes the import visible: first its record is written, then the state changes, and
// with it everything. What is left to tidy up does not matter to anybody who reads.
func (im *bookImport) Commit(ctx context.Context, rows, rejected int64) (int64, error) {
	var id int64
	err := im.during(ctx, func() (err error) {
		if !im.settled {
			return core.NewError(core.CodeInternal, im.h.op, "This import was not finished. "+nothingKept, nil)
		}
		if id, err = im.record(ctx, rows, rejected); err != nil {
			return err
		}
		return im.become(ctx)
	})
	if err != nil {
		return 0, err
	}
	im.ended = true
	defer im.h.end()
	im.start.Progress.SetPhase("Tidying")
	if err = im.h.tidy(ctx, im.batch); err == nil {
		err = im.h.release(ctx)
	}
	im.h.later(err)
	return id, nil
}

// record writes the import's record under the next number.
func (im *bookImport) record(ctx context.Context, rows, rejected int64) (id int64, err error) {
	c := im.b.imports()
	im.wrote = true // the record is to go with the rest
	return id, im.h.patiently(ctx, im.b.attemptTime(), func(ctx context.Context) error {
		var last record
		err := c.FindOne(ctx, im.h.state.counting(), options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(&last)
		if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		id = last.ID + 1
		// A record that never came to count may hold the number; a newer one may not be overwritten.
		filter := bson.D{{Key: "_id", Value: id}, {Key: "batch", Value: bson.D{{Key: "$lte", Value: im.batch}}}}
		_, err = c.ReplaceOne(ctx, filter, record{
			ID: id, Batch: im.batch, File: im.start.File, Kind: im.start.Kind, At: im.start.At.UnixMilli(), Rows: rows, Rejected: rejected,
			New: im.counts.OrdersNew, Changed: im.counts.OrdersChanged, Unchanged: im.counts.OrdersUnchanged,
		}, options.Replace().SetUpsert(true))
		if mongo.IsDuplicateKeyError(err) {
			return im.h.lostFault()
		}
		return err
	})
}

// become is the moment of the commit.
func (im *bookImport) become(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// From here on a cancel comes too late: half a step is none anybody could tell the result of.
	err := im.h.decide(context.WithoutCancel(ctx), bson.D{
		{Key: "$set", Value: bson.D{{Key: "committed", Value: im.batch}}},
		{Key: "$inc", Value: bson.D{{Key: "changes", Value: 1}}},
	}, func(s state) bool { return s.Committed >= im.batch && !slices.Contains(s.Dropped, im.batch) })
	if err == nil || core.ErrorCode(err) == core.CodeConflict {
		return err
	}
	// Rollback must not remove what may count already; the next hold finds out.
	im.ended = true
	im.h.end()
	return im.b.fault(im.h.op, outcomeUnknown, err)
}

// tidy moves what a committed import replaced out of the way, and drops what it staged. What
// an undo is bringing back stays, even when a statement of a process that is gone still runs.
func (h *hold) tidy(ctx context.Context, batch int64) error {
	moved := append(replacedBy(batch), bson.E{Key: undoField, Value: bson.D{{Key: "$exists", Value: false}}})
	err := h.copy(ctx, h.b.orders(), moved, func(ctx context.Context, docs []bson.D) error {
		_, err := h.b.replaced().InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		_, err = there(err)
		return err
	})
	if err != nil {
		return err
	}
	if err := h.remove(ctx, h.b.orders(), moved); err != nil {
		return err
	}
	return h.dropCollection(ctx, h.b.staged(batch))
}

// copy hands the matching documents to write, which has to take some of them twice.
func (h *hold) copy(ctx context.Context, from *mongo.Collection, filter bson.D, write func(ctx context.Context, docs []bson.D) error) error {
	return h.sweep(ctx, func(ctx context.Context) error {
		var docs []bson.D
		flush := func() error {
			if len(docs) == 0 {
				return nil
			}
			err := h.awake(ctx)
			if err == nil {
				err = write(ctx, docs)
			}
			docs = docs[:0]
			return err
		}
		err := h.b.find(ctx, from, filter, options.Find(), func(raw bson.Raw) error {
			var doc bson.D
			if err := bson.Unmarshal(raw, &doc); err != nil {
				return err
			}
			if docs = append(docs, doc); len(docs) < writeDocs {
				return nil
			}
			return flush()
		})
		if err != nil {
			return err
		}
		return flush()
	})
}

func (h *hold) remove(ctx context.Context, from *mongo.Collection, filter bson.D) error {
	return h.sweep(ctx, func(ctx context.Context) error {
		_, err := from.DeleteMany(ctx, filter)
		return err
	})
}

// later logs why something is left to the next hold.
func (h *hold) later(err error) {
	if err != nil && h.b.opt.Log != nil {
		h.b.opt.Log.Warn("The order database could not be tidied up after a change; that is done before the next one.", slog.Any("error", err))
	}
}
