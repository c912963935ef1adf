package mongostore

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"deskwatch/core"
	"deskwatch/core/coretest"
	"deskwatch/core/mongostore/mongotest"
	"deskwatch/core/orders"
)

// The connection breaks, answers are lost and the primary changes in the middle of everything,
// and the import and its undo do what they would have done without.
func TestPassingTroubleChangesNoResult(t *testing.T) {
	t.Parallel()
	commands := []string{"insert", "update", "find", "getMore", "delete", "count", "drop"}
	for name, data := range map[string]map[string]any{
		"connection closed": {"closeConnection": true},
		"answer lost":       {"afterWork": true},
		"no primary":        {"errorCode": 189},
		"shutting down":     {"errorCode": 91},
		"not writable":      {"errorCode": 10107},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "answer lost" {
				t.Skip("The short run loses answers only.")
			}
			t.Parallel() // the driver waits half a second after each trouble
			uri := mongotest.Start(t)
			b := bookAt(t, uri)
			b.patience = 5 * time.Second
			foreign(t, b)
			theirs := foreignBytes(t, b)
			load(t, b, before()...)
			was := sight(t, b)
			im := begin(t, b, false)
			data["failCommands"] = commands
			for i, r := range after() {
				if i == 20 {
					mongotest.FailPoint(t, uri, map[string]any{"times": 2}, data)
				}
				im.stage.join(&r)
				if err := im.stage.write(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if !im.h.unsure.Load() {
				t.Fatal("there was no trouble")
			}
			mongotest.FailPoint(t, uri, map[string]any{"skip": 3, "times": 1}, data)
			counts, err := im.Settle(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if want := (core.ImportCounts{OrdersNew: 1, OrdersChanged: 11, OrdersUnchanged: 15}); counts != want {
				t.Fatalf("want %+v, got %+v", want, counts)
			}
			mongotest.FailPoint(t, uri, map[string]any{"skip": 3, "times": 1}, data)
			if _, err := im.Commit(t.Context(), 27, 0); err != nil {
				t.Fatal(err)
			}
			mongotest.FailPoint(t, uri, "off", data)
			if left := leftovers(t, b); len(left) > 0 {
				t.Fatal(left)
			}
			mongotest.FailPoint(t, uri, map[string]any{"skip": 7, "times": 1}, data)
			r, err := b.Undo(t.Context(), 2, time.Unix(9, 0), new(core.Progress))
			if want := (core.UndoResult{ImportID: 2, Removed: 1, Restored: 11}); err != nil || r != want {
				t.Fatal(r, err)
			}
			mongotest.FailPoint(t, uri, "off", data)
			if got, _, _ := strings.Cut(sight(t, b), "\n2second"); !strings.HasPrefix(got, strings.TrimSuffix(was, "1orders.csvdone{30 0 0}")) {
				t.Fatalf("the undo made\n%s\nof\n%s", got, was)
			}
			if left := leftovers(t, b); len(left) > 0 {
				t.Fatal(left)
			}
			if !bytes.Equal(foreignBytes(t, b), theirs) {
				t.Fatal("documents of others differ")
			}
		})
	}
}

func TestADatabaseThatStaysAwayEndsTheImportWithASentence(t *testing.T) {
	t.Parallel()
	uri := mongotest.Start(t)
	b := bookAt(t, uri)
	b.patience = 300 * time.Millisecond
	load(t, b, before()...)
	was := sight(t, b)
	im := begin(t, b, false)
	if err := im.Put(t.Context(), after()); err != nil {
		t.Fatal(err)
	}
	mongotest.FailPoint(t, uri, "alwaysOn", map[string]any{"failCommands": []string{"insert", "update", "delete", "drop"}, "closeConnection": true})
	phase := make(chan string, 1)
	go func() {
		for im.start.Progress.State().Phase != phaseWaiting {
			time.Sleep(time.Millisecond)
		}
		phase <- phaseWaiting
	}()
	_, err := im.Settle(t.Context())
	if core.ErrorCode(err) != core.CodeUnavailable || !strings.Contains(core.ErrorMessage(err), nothingKept) {
		t.Fatal(err)
	}
	<-phase // or the test never ends
	if _, err := im.Commit(t.Context(), 1, 0); err == nil {
		t.Fatal("committed after a failure")
	}
	if err := im.Rollback(); core.ErrorCode(err) != core.CodeUnavailable || !strings.Contains(core.ErrorMessage(err), "before the next import") {
		t.Fatal(err)
	}
	if err := im.Rollback(); err != nil {
		t.Fatal("a second rollback:", err)
	}
	mongotest.FailPoint(t, uri, "off", map[string]any{"failCommands": []string{"insert"}})
	if got := sight(t, b); got != was {
		t.Fatalf("visible:\n%s", got)
	}
	// The same process need not wait for its own lease to run out.
	if got := load(t, b, after()...); got != (core.ImportCounts{OrdersNew: 2, OrdersChanged: 10, OrdersUnchanged: 15}) {
		t.Fatal(got)
	}
	if left := leftovers(t, b); len(left) > 0 {
		t.Fatal(left)
	}
}

func TestAnotherProcessKeepsItsLeaseUntilItRunsOut(t *testing.T) {
	uri := mongotest.Start(t)
	b, other := bookAt(t, uri), bookAt(t, uri)
	load(t, b, before()...)
	im := begin(t, b, false)
	if err := im.Put(t.Context(), after()); err != nil {
		t.Fatal(err)
	}
	if _, err := im.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := other.Begin(t.Context(), orders.ImportStart{Progress: new(core.Progress)})
	if core.ErrorCode(err) != core.CodeConflict || !strings.Contains(core.ErrorMessage(err), "ana on desk-7 is importing into the same order book since ") {
		t.Fatal(err)
	}
	if err := other.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Undo(t.Context(), 1, time.Unix(9, 0), new(core.Progress)); core.ErrorCode(err) != core.CodeConflict {
		t.Fatal(err)
	}
	// The first one sleeps too long, and the other goes on without it.
	expire(t, b)
	load(t, other, coretest.Row("o1", "z_9", "2023-06-01", core.StatusReturned))
	was := sight(t, b)
	if _, err := im.Commit(t.Context(), 1, 0); core.ErrorCode(err) != core.CodeConflict || !strings.Contains(core.ErrorMessage(err), "another one took over") {
		t.Fatal(err)
	}
	if err := im.Rollback(); err != nil {
		t.Fatal(err)
	}
	// Not even what it still writes counts, as if it had not noticed yet.
	im.h.lost.Store(false)
	im.h.kept.Store(time.Now().UnixMilli())
	zombie := settling{im: im}
	zombie.compare(&stagedOrder{ID: "o1", Customer: "zombie", Status: "placed"}, &present{})
	zombie.compare(&stagedOrder{ID: "o2", Customer: "zombie", Status: "placed"}, &present{version: documentID(1, "o2")})
	zombie.compare(&stagedOrder{ID: "o1", Customer: "zombie", Status: "placed"}, &present{version: documentID(4, "o1")})
	ghost := coretest.Row("ghost", "c_3", "2023-06-01", core.StatusPlaced)
	zombie.compare(&stagedOrder{ID: "ghost", Customer: "c_3", Day: int32(ghost.Day), Status: "placed", Raw: "placed"}, &present{})
	zombie.compare(&stagedOrder{ID: "o3", Customer: "zombie", Status: "placed"}, &present{version: documentID(1, "o3")})
	// A later import, under way, replaces the same order.
	if _, err := b.orders().UpdateByID(t.Context(), documentID(1, "o3"), bson.D{{Key: "$set", Value: bson.D{{Key: untilField, Value: int64(99)}}}}); err != nil {
		t.Fatal(err)
	}
	if err := zombie.write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := b.orders().CountDocuments(t.Context(), bson.D{{Key: untilField, Value: int64(99)}}); n != 1 || err != nil {
		t.Fatal("it took away the mark of a later import", err)
	}
	if got := sight(t, b); got != was {
		t.Fatalf("what a process without a lease wrote is visible:\n%s\nand it was\n%s", got, was)
	}
	if got := load(t, other, ghost); got != (core.ImportCounts{OrdersNew: 1}) {
		t.Fatal("what nobody sees was compared with:", got)
	}
	if got := sight(t, b); strings.Contains(got, "zombie") || strings.Count(got, `"o2"`) != 1 {
		t.Fatal(got)
	}
}

func TestReadersSeeAWholeStateWhileItChanges(t *testing.T) {
	b := bookAt(t, mongotest.Start(t))
	rows := func(n int, customer string) (rows []core.OrderRow) {
		for i := range n {
			rows = append(rows, coretest.Row(fmt.Sprint("o", i), customer, "2023-06-01", core.StatusCancelled))
		}
		return rows
	}
	load(t, b, rows(400, "a_1")...)
	q := core.BreachQuery{Statuses: core.NewStatusSet(core.StatusCancelled), Threshold: 1}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	var read atomic.Int64
	go func() {
		ended <- func() error {
			for ctx.Err() == nil {
				list, err := b.Breaches(t.Context(), q)
				switch {
				case core.ErrorCode(err) == core.CodeUnavailable: // it changed too often to be read
				case err != nil:
					return err
				case len(list) == 1 && list[0].Customer == "a_1" && list[0].Count == 400:
				case len(list) == 2 && list[0].Count == 300 && list[1].Count == 100 && list[1].Customer == "b_2":
				default:
					return fmt.Errorf("a reader sees %v", list)
				}
				read.Add(1)
			}
			return nil
		}()
	}()
	for id := int64(2); id < 6; id++ {
		load(t, b, rows(100, "b_2")...)
		if _, err := b.Undo(t.Context(), id, time.Unix(9, 0), new(core.Progress)); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if read.Load() < 5 {
		t.Fatal("only", read.Load(), "readings")
	}
}
