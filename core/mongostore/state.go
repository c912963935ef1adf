package mongostore

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"deskwatch/core"
)

// An import or undo changes many documents and becomes visible by changing one: the state.
// Every document of ours says which import wrote it (batch) and which one, if any, wrote its
// successor (until). Readers load the state first and see the documents
//
//	with batch <= Committed, not in Dropped, and
//	without until, or with until > Committed or in Dropped.
//
// So an import writes its documents unseen and raises Committed, and an undo adds its batch to
// Dropped. What is then superfluous is moved or removed afterwards; because that pulls documents
// away from under a reader with the state of before, Changes grows with every such step and a
// reader that finds it grown asks again (see Book.read).
type state struct {
	ID        string  `bson:"_id"`       // stateID
	Committed int64   `bson:"committed"` // the newest visible batch
	Next      int64   `bson:"next"`      // the next batch; never used twice
	Dropped   []int64 `bson:"dropped"`   // batches that were undone or broke off
	Changes   int64   `bson:"changes"`
	Lease     *lease  `bson:"lease,omitempty"`
}

// stateID is the _id of the state in the imports collection; the records of imports have
// numbers.
const stateID = "state"

// lease is the right of one process to change the book. Its times are the server's.
type lease struct {
	Token string `bson:"token"`
	Owner string `bson:"owner"`
	Until int64  `bson:"until"` // milliseconds since 1970
	Batch int64  `bson:"batch"` // what it is about
	Undo  int64  `bson:"undo"`  // the number of the undo that takes Batch back, 0 for none
	Since int64  `bson:"since"` // when it was taken
	At    int64  `bson:"at"`    // of the undo, as its record will say
}

// loadState reads the state; a database Deskwatch never wrote to has the zero one.
func (b *Book) loadState(ctx context.Context) (state, error) {
	var s state
	err := b.imports().FindOne(ctx, bson.D{{Key: "_id", Value: stateID}}).Decode(&s)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return state{ID: stateID, Next: 1}, nil
	}
	return s, err
}

// visible matches our documents that count in this state; it says nothing about others'.
//
// Without a lease nothing is half done: no document has a successor that counts, and one that
// gets it while we read grows Changes. That spares a server without an index two tests in three.
func (s state) visible() bson.D {
	counts := bson.D{{Key: "$gt", Value: 0}, {Key: "$lte", Value: s.Committed}}
	if len(s.Dropped) > 0 {
		counts = append(counts, bson.E{Key: "$nin", Value: s.Dropped})
	}
	if s.Lease == nil {
		return ours(counts)
	}
	if s.Dropped == nil {
		s.Dropped = []int64{}
	}
	return append(ours(counts), bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: untilField, Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: untilField, Value: bson.D{{Key: "$gt", Value: s.Committed}}}},
		bson.D{{Key: untilField, Value: bson.D{{Key: "$in", Value: s.Dropped}}}},
	}})
}

// sees is visible for a document that was read.
func (s state) sees(batch, until int64) bool {
	return batch <= s.Committed && !slices.Contains(s.Dropped, batch) &&
		(until == 0 || until > s.Committed || slices.Contains(s.Dropped, until))
}

// readTries bounds how often a question is asked again because the book changed meanwhile.
const readTries = 5

// read answers a question from one state of the book.
func (b *Book) read(ctx context.Context, op string, ask func(ctx context.Context, s state) error) error {
	for range readTries {
		before, err := b.loadState(ctx)
		if err != nil {
			return b.fault(op, "", err)
		}
		if err := ask(ctx, before); err != nil {
			return b.fault(op, "", err)
		}
		after, err := b.loadState(ctx)
		if err != nil {
			return b.fault(op, "", err)
		}
		if after.Changes == before.Changes {
			return nil
		}
	}
	return core.NewError(core.CodeUnavailable, op, "The order book kept changing while it was read. Nothing was changed by this; try again when the import has ended.", nil)
}
