package mongostore

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
)

// Recover finishes or takes back what a process that ended left behind in the database. While
// another one is changing the book it does nothing, and quietly so: that one cleans up itself.
func (b *Book) Recover(ctx context.Context) error {
	const op = "mongostore.recover"
	s, err := b.loadState(ctx)
	if err != nil {
		return b.fault(op, "", err)
	}
	left := s.Lease != nil
	if !left && s.Next > 1 {
		staged, err := b.stagedCollections(ctx)
		if err != nil {
			return b.fault(op, "", err)
		}
		left = len(staged) > 0
	}
	if !left {
		return nil
	}
	h, err := b.hold(ctx, op, nil)
	if core.ErrorCode(err) == core.CodeConflict {
		return nil
	}
	if err != nil {
		return err
	}
	defer h.end()
	err = h.dropStaged(ctx)
	if err == nil {
		err = h.release(ctx)
	}
	return b.fault(op, "", err)
}

// settleLeft settles what the lease that ran out was about. Its batch and the state tell how
// far that came; every step may have been done in part, and is done again.
func (h *hold) settleLeft(ctx context.Context) error {
	l, s := *h.state.Lease, h.state
	if l.Batch == 0 {
		return nil
	}
	gone := slices.Contains(s.Dropped, l.Batch)
	switch {
	case l.Undo != 0 && gone:
		return h.finishUndo(ctx, l.Batch, l.At)
	case l.Undo != 0:
		return h.takeBackUndo(ctx, l.Batch, l.Undo)
	case l.Batch <= s.Committed:
		return h.tidy(ctx, l.Batch)
	}
	if err := h.takeBack(ctx, l.Batch, true); err != nil || gone {
		return err
	}
	// The batch stays dropped for good, because the process may be only slow and write on.
	if err := h.decide(ctx, bson.D{drop(l.Batch)}, nil); err != nil {
		return err
	}
	return h.reload(ctx)
}

// stagedCollections names the collections with rows of imports that did not end.
func (b *Book) stagedCollections(ctx context.Context) ([]string, error) {
	names, err := b.db.ListCollectionNames(ctx, bson.D{})
	return slices.DeleteFunc(names, func(name string) bool { return !b.isStaged(name) }), err
}

// dropStaged drops them; this hold has none of its own yet.
func (h *hold) dropStaged(ctx context.Context) error {
	names, err := h.b.stagedCollections(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := h.dropCollection(ctx, h.b.db.Collection(name)); err != nil {
			return err
		}
	}
	return nil
}
