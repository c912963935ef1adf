package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
)

const nothingUndone = "Nothing was undone."

// Undo takes back one import: the orders it added go, those it changed are as before.
func (b *Book) Undo(ctx context.Context, id int64, at time.Time, progress *core.Progress) (core.UndoResult, error) {
	const op = "mongostore.undo"
	none := core.UndoResult{}
	if err := ctx.Err(); err != nil {
		return none, b.fault(op, nothingUndone, err)
	}
	h, err := b.hold(ctx, op, progress)
	if err != nil {
		return none, err
	}
	defer h.end()
	r, err := h.undoable(ctx, id)
	if err == nil {
		progress.SetPhase("Undoing")
		err = h.prepareUndo(ctx, r.Batch, at)
	}
	if err != nil {
		h.later(h.giveUpUndo(ctx, r.Batch, h.state.Next))
		return none, b.fault(op, nothingUndone, err)
	}
	// The moment of the undo; a cancel comes too late now.
	err = h.decide(context.WithoutCancel(ctx), bson.D{
		drop(r.Batch), {Key: "$inc", Value: bson.D{{Key: "changes", Value: 1}}},
	}, func(s state) bool { return slices.Contains(s.Dropped, r.Batch) })
	if err != nil {
		kept := "The import is undone as a whole or not at all; the list of imports shows which when the database answers again."
		return none, b.fault(op, kept, err)
	}
	if err = h.finishUndo(ctx, r.Batch, at.UnixMilli()); err == nil {
		var also []bson.E
		if !h.unsure.Load() {
			also = append(also, undrop(r.Batch))
		}
		err = h.release(ctx, also...)
	}
	h.later(err)
	return core.UndoResult{ImportID: id, Removed: r.New, Restored: r.Changed}, nil
}

// undoable finds the record of an import that can be undone.
func (h *hold) undoable(ctx context.Context, id int64) (record, error) {
	var r record
	err := h.patiently(ctx, h.b.attemptTime(), func(ctx context.Context) error {
		return h.b.imports().FindOne(ctx, append(h.state.counting(), bson.E{Key: "_id", Value: id})).Decode(&r)
	})
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return record{}, core.NewError(core.CodeNotFound, h.op, fmt.Sprintf("There is no import %d.", id), nil)
	case err != nil:
		return record{}, err
	case r.UndoneAt != 0 || slices.Contains(h.state.Dropped, r.Batch):
		return record{}, core.NewError(core.CodeConflict, h.op, fmt.Sprintf("Import %d was undone before.", id), nil)
	}
	if err := h.changedLater(ctx, r); err != nil {
		return record{}, err
	}
	return r, nil
}

// changedLater is the error for an import some of whose orders a later one changed.
func (h *hold) changedLater(ctx context.Context, r record) error {
	var version struct {
		Own own `bson:"deskwatch"`
	}
	var later record
	err := h.patiently(ctx, h.b.attemptTime(), func(ctx context.Context) error {
		newest := options.FindOne().SetSort(bson.D{{Key: untilField, Value: -1}})
		return h.b.replaced().FindOne(ctx, bson.D{{Key: batchField, Value: r.Batch}}, newest).Decode(&version)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err == nil {
		err = h.patiently(ctx, h.b.attemptTime(), func(ctx context.Context) error {
			return h.b.imports().FindOne(ctx, bson.D{{Key: "batch", Value: version.Own.Until}}).Decode(&later)
		})
	}
	if err != nil {
		return err
	}
	return core.NewError(core.CodeConflict, h.op, fmt.Sprintf(
		"Import %d cannot be undone, because import %d (%s) changed some of its orders later. Nothing was undone; undo import %[2]d first.",
		r.ID, later.ID, later.File), nil)
}

// prepareUndo notes what is about to happen and brings back what the import replaced. It
// still says until, and so is unseen. It bears the undo's number, so that no late statement of
// the import's end, or of an undo that was given up, takes it for its own.
func (h *hold) prepareUndo(ctx context.Context, batch int64, at time.Time) error {
	number := h.state.Next
	err := h.decide(ctx, bson.D{
		{Key: "$set", Value: bson.D{
			{Key: "lease.batch", Value: batch}, {Key: "lease.undo", Value: number}, {Key: "lease.at", Value: at.UnixMilli()},
		}},
		{Key: "$inc", Value: bson.D{{Key: "next", Value: 1}}},
	}, nil)
	if err != nil {
		return err
	}
	return h.copy(ctx, h.b.replaced(), replacedBy(batch), func(ctx context.Context, docs []bson.D) error {
		for _, doc := range docs {
			for i := range doc {
				if mark, is := doc[i].Value.(bson.D); is && doc[i].Key == ownField {
					doc[i].Value = append(mark, bson.E{Key: "undo", Value: number})
				}
			}
		}
		_, err := h.insert(ctx, docs, bson.E{Key: untilField, Value: batch})
		return err
	})
}

// giveUpUndo ends an undo before its moment; batch 0 is one that did not begin.
func (h *hold) giveUpUndo(ctx context.Context, batch, number int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
	defer cancel()
	h.patience = 0
	if batch != 0 {
		if err := h.takeBackUndo(ctx, batch, number); err != nil {
			return err
		}
	}
	return h.release(ctx)
}

// takeBackUndo removes what prepareUndo brought back.
func (h *hold) takeBackUndo(ctx context.Context, batch, number int64) error {
	return h.remove(ctx, h.b.orders(), append(replacedBy(batch), bson.E{Key: undoField, Value: number}))
}

// finishUndo writes down that the import is undone and removes what does not count any more.
func (h *hold) finishUndo(ctx context.Context, batch, at int64) error {
	err := h.patiently(ctx, h.b.attemptTime(), func(ctx context.Context) error {
		_, err := h.b.imports().UpdateOne(ctx, bson.D{{Key: "batch", Value: batch}}, bson.D{{Key: "$set", Value: bson.D{{Key: "undone_at", Value: at}}}})
		return err
	})
	if err != nil {
		return err
	}
	if err := h.unreplace(ctx, batch); err != nil {
		return err
	}
	if err := h.remove(ctx, h.b.orders(), writtenBy(batch)); err != nil {
		return err
	}
	return h.remove(ctx, h.b.replaced(), replacedBy(batch))
}
