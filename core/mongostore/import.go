package mongostore

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/orders"
)

const nothingKept = "Nothing of this import was kept."

// bookImport is one import under way. Put stages rows in a collection of this import alone,
// Settle compares them with the book and writes what differs, unseen; Commit changes the state.
type bookImport struct {
	b     *Book
	h     *hold
	start orders.ImportStart
	batch int64

	stage   staging
	counts  core.ImportCounts
	settled bool
	wrote   bool  // to the collection of the orders
	ended   bool  // the lease is given back, or left to settleLeft
	err     error // of an earlier call
}

// Begin opens an import.
func (b *Book) Begin(ctx context.Context, start orders.ImportStart) (orders.Import, error) {
	const op = "mongostore.import"
	h, err := b.hold(ctx, op, start.Progress)
	if err != nil {
		return nil, err
	}
	batch := h.state.Next
	err = h.decide(ctx, bson.D{
		{Key: "$set", Value: bson.D{{Key: "lease.batch", Value: batch}, {Key: "lease.undo", Value: int64(0)}}},
		{Key: "$inc", Value: bson.D{{Key: "next", Value: 1}}},
	}, nil)
	if err != nil {
		h.end()
		return nil, b.fault(op, nothingKept, err)
	}
	im := &bookImport{b: b, h: h, start: start, batch: batch, stage: staging{h: h, batch: batch, into: b.staged(batch), lines: start.HasLines}}
	if h.state.Committed == 0 {
		err = b.prepare(ctx)
	}
	empty := false
	if err == nil {
		empty, err = b.nothing(ctx)
	}
	if err != nil {
		return nil, b.fault(op, nothingKept, errors.Join(err, im.Rollback()))
	}
	im.stage.straight = empty && !start.HasLines
	im.wrote = im.stage.straight
	return im, nil
}

// nothing reports whether the orders' collection holds nothing at all.
func (b *Book) nothing(ctx context.Context) (bool, error) {
	err := b.orders().FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return true, nil
	}
	return false, err
}

// during runs one step of the import. After a failure the import only takes Rollback.
func (im *bookImport) during(ctx context.Context, do func() error) error {
	switch {
	case im.err != nil:
	case im.ended:
		im.err = core.NewError(core.CodeInternal, im.h.op, "This import has ended already.", nil)
	case ctx.Err() != nil:
		im.err = im.b.fault(im.h.op, nothingKept, ctx.Err())
	case im.h.lost.Load():
		im.err = im.h.lostFault()
	default:
		im.err = im.b.fault(im.h.op, nothingKept, do())
	}
	return im.err
}

// Put hands over rows.
func (im *bookImport) Put(ctx context.Context, rows []core.OrderRow) error {
	return im.during(ctx, func() error { return im.stage.put(ctx, rows) })
}

// Breaches answers as Book.Breaches will after Commit.
func (im *bookImport) Breaches(ctx context.Context, q core.BreachQuery) (list []core.Breach, err error) {
	err = im.during(ctx, func() error {
		after := im.h.state
		after.Committed = im.batch
		list, err = im.b.breaches(ctx, after, q)
		return err
	})
	return list, err
}

// rollbackTime bounds the clean-up of an import that was given up.
const rollbackTime = 5 * time.Minute

// Rollback leaves the book as it was; after Commit it does nothing. What cannot be removed
// because the database is away stays unseen, and is removed before the next change.
func (im *bookImport) Rollback() error {
	if im.ended {
		return nil
	}
	im.ended = true
	defer im.h.end()
	if im.h.lost.Load() {
		return nil // whoever has the lease now took back what was there
	}
	// The caller's context may be what ended the import.
	ctx, cancel := context.WithTimeout(context.Background(), rollbackTime)
	defer cancel()
	im.h.patience = 0 // there is no need to wait for what is unseen anyway
	var also []bson.E
	if im.h.unsure.Load() {
		also = append(also, drop(im.batch))
	}
	err := im.h.takeBack(ctx, im.batch, im.wrote)
	if err == nil {
		err = im.h.release(ctx, also...)
	}
	if im.h.lost.Load() {
		return nil
	}
	return im.b.fault(im.h.op, "Nothing of this import counts. What it had written already is removed before the next import.", err)
}

// takeBack removes what an import that will not be committed wrote.
func (h *hold) takeBack(ctx context.Context, batch int64, wrote bool) error {
	if wrote {
		if err := h.remove(ctx, h.b.orders(), writtenBy(batch)); err != nil {
			return err
		}
		if err := h.unreplace(ctx, batch); err != nil {
			return err
		}
		if err := h.remove(ctx, h.b.imports(), bson.D{{Key: "batch", Value: batch}}); err != nil {
			return err
		}
	}
	return h.dropCollection(ctx, h.b.staged(batch))
}

// unreplace takes away the mark that batch replaced a document.
func (h *hold) unreplace(ctx context.Context, batch int64) error {
	return h.sweep(ctx, func(ctx context.Context) error {
		marks := bson.D{{Key: untilField, Value: ""}, {Key: undoField, Value: ""}}
		_, err := h.b.orders().UpdateMany(ctx, replacedBy(batch), bson.D{{Key: "$unset", Value: marks}})
		return err
	})
}

func (h *hold) dropCollection(ctx context.Context, c *mongo.Collection) error {
	return h.sweep(ctx, func(ctx context.Context) error { return c.Drop(ctx) })
}

// sweep is patiently for statements that touch everything an import wrote.
func (h *hold) sweep(ctx context.Context, do func(ctx context.Context) error) error {
	return h.patiently(ctx, sweepTime, do)
}
