package mongostore

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
)

// settled is an import that only has to be committed.
func settled(t *testing.T, b *Book, rows []core.OrderRow) *bookImport {
	t.Helper()
	im := begin(t, b, false)
	check(t, im.Put(t.Context(), rows))
	_, err := im.Settle(t.Context())
	check(t, err)
	return im
}

// commits is the change of the state that an import's commit is.
func commits(batch int64) bson.D {
	return bson.D{{Key: "$set", Value: bson.D{{Key: "committed", Value: batch}}}, {Key: "$inc", Value: bson.D{{Key: "changes", Value: 1}}}}
}

// A cancel leaves a statement behind that the server goes on with, after the rollback.
func TestWhatACancelledImportStillWritesNeverCounts(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	load(t, b, before()...)
	im := begin(t, b, false)
	ctx, cancel := context.WithCancel(t.Context())
	err := im.during(ctx, func() error {
		return im.h.patiently(ctx, time.Minute, func(ctx context.Context) error {
			cancel()
			return ctx.Err()
		})
	})
	if core.ErrorCode(err) != core.CodeCanceled {
		t.Fatal(err)
	}
	check(t, im.Rollback())
	late := stagedOrder{ID: "late", Customer: "a_1", Status: "placed", Raw: "placed"}
	_, err = b.orders().InsertOne(t.Context(), b.document(late.ID, late.Customer, version(im.batch, &late, &present{})))
	check(t, err)
	load(t, b, after()...)
	if got := sight(t, b); strings.Contains(got, "late") {
		t.Fatal(got)
	}
}

func TestAMachineThatSleptAsksBeforeItWrites(t *testing.T) {
	uri := mongotest.Start(t)
	b, other := bookAt(t, uri), bookAt(t, uri)
	load(t, b, before()...)
	im := begin(t, b, false)
	im.h.kept.Store(1)
	check(t, im.Put(t.Context(), after())) // nobody took the lease meanwhile
	check(t, im.stage.write(t.Context()))
	if im.h.kept.Load() == 1 {
		t.Fatal("it did not ask")
	}
	expire(t, b)
	check(t, other.Recover(t.Context()))
	im.h.kept.Store(1)
	if _, err := im.Settle(t.Context()); core.ErrorCode(err) != core.CodeConflict {
		t.Fatal(err)
	}
	check(t, im.Rollback())
	if n, err := b.orders().CountDocuments(t.Context(), bson.D{{Key: batchField, Value: im.batch}}); n != 0 || err != nil {
		t.Fatal("it wrote", n, err)
	}
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
}

func TestACommitWhoseAnswerWasLostWithTheLeaseIsToldAsDone(t *testing.T) {
	uri := mongotest.Start(t)
	b, other := bookAt(t, uri), bookAt(t, uri)
	load(t, b, before()...)
	im := settled(t, b, after())
	_, err := im.record(t.Context(), 27, 0)
	check(t, err)
	_, err = b.imports().UpdateOne(t.Context(), im.h.mine(), commits(im.batch))
	check(t, err)
	expire(t, b)
	load(t, other, coretest.Row("another", "c_3", "2023-06-01", core.StatusPlaced))
	was := sight(t, b)
	if id, err := im.Commit(t.Context(), 27, 0); id != 2 || err != nil {
		t.Fatal(id, err)
	}
	if got := sight(t, b); got != was || !strings.Contains(got, `"new"`) {
		t.Fatal(got)
	}
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
}

// Whoever takes a lease that ran out has read the state a moment before, and in that moment the
// one before may commit, or begin.
func TestTakingOverSeesWhatTheOneBeforeDidAtTheLastMoment(t *testing.T) {
	for name, last := range map[string]struct {
		update func(im *bookImport) bson.D
		kept   bool
	}{
		"commits": {func(im *bookImport) bson.D { return commits(im.batch) }, true},
		"begins": {func(im *bookImport) bson.D {
			return bson.D{{Key: "$set", Value: bson.D{{Key: "lease.batch", Value: im.batch}}}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			uri := mongotest.Start(t)
			b, other := bookAt(t, uri), bookAt(t, uri)
			load(t, b, before()...)
			im := settled(t, b, after())
			expire(t, b)
			if !last.kept { // as it is before Begin says what it is about
				_, err := b.imports().UpdateOne(t.Context(), im.h.mine(), bson.D{{Key: "$unset", Value: bson.D{{Key: "lease.batch", Value: ""}}}})
				check(t, err)
			}
			var once sync.Once
			client, err := mongo.Connect(options.Client().ApplyURI(uri).SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
				if e.CommandName == "update" {
					once.Do(func() {
						_, err := b.imports().UpdateOne(t.Context(), im.h.mine(), last.update(im))
						check(t, err)
					})
				}
			}}))
			check(t, err)
			check(t, other.Close())
			other.client, other.db = client, client.Database(other.fields.Database)
			other.link.closed.Store(false)
			check(t, other.Recover(t.Context()))
			if got := sight(t, b); strings.Contains(got, `"new"`) != last.kept {
				t.Fatal(got)
			}
			if left := leftovers(t, b); len(left) > 0 {
				t.Fatal(left)
			}
			s, err := b.loadState(t.Context())
			check(t, err)
			if s.sees(im.batch, 0) != last.kept {
				t.Fatalf("the batch %d counts or does not: %+v", im.batch, s)
			}
		})
	}
}

// The server goes on with a delete whose process is gone, while another process undoes.
func TestLateStatementsLeaveWhatAnUndoBringsBack(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	load(t, b, before()...)
	was := sight(t, b)
	load(t, b, after()...)
	h, err := b.hold(t.Context(), "test", nil)
	check(t, err)
	defer h.end()
	check(t, h.prepareUndo(t.Context(), 2, time.Unix(9, 0)))
	check(t, h.tidy(t.Context(), 2))                               // of the import's end
	check(t, h.takeBackUndo(t.Context(), 2, h.state.Next-1))       // of an undo that was given up
	check(t, h.decide(t.Context(), bson.D{drop(2)}, nil))          // the moment
	check(t, h.finishUndo(t.Context(), 2, time.Unix(9, 0).Unix())) // and the rest
	check(t, h.release(t.Context(), undrop(2)))
	orders, _, _ := strings.Cut(was, "\n1orders.csv")
	if got := sight(t, b); !strings.HasPrefix(got, orders) {
		t.Fatalf("the undo made\n%s\nof\n%s", got, was)
	}
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
}
