package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// manyTickets are enough to have the word index built beside the pool.
func manyTickets(from int) []core.Ticket {
	list := make([]core.Ticket, buildFrom+500)
	for i := range list {
		list[i] = poolTicket(from + i)
		list[i].Description = fmt.Sprint("number ", from+i)
	}
	return list
}

func noBuildLeft(t *testing.T, p *Pool) {
	t.Helper()
	if _, err := os.Stat(p.db.Path() + "-words"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file of the build is still there: ", err)
	}
}

func TestTheWordsOfALargeLoadAreFound(t *testing.T) {
	p := newPool(t)
	kept := poolTicket(0)
	kept.Subject = "Kafka kept"
	replaced := poolTicket(1)
	replaced.Subject = "Kafka replaced"
	take(t, p, poolStart(), kept, replaced)
	// What a killed process left.
	if err := os.WriteFile(p.db.Path()+"-words", []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	list := manyTickets(2)
	replaced.Subject, replaced.UpdatedAt = "Spark replaced", poolNoon.AddDate(0, 0, 1)
	again := list[7] // its words are in the index already when the build begins
	again.Subject = "Flink again"
	late := list[len(list)-10] // and its words in the build
	late.Subject = "Flink late"
	taken := take(t, p, poolStart(), append(list, replaced, again, late)...) // take compares all words with all texts
	if taken.New != int64(len(list)) || taken.Changed != 3 {
		t.Fatalf("%+v", taken)
	}
	last := uint32(len(list) + 2)
	for match, want := range map[string][]uint32{
		`"kafka"`: {1}, `"replaced"`: {2}, `"flink"`: {10, last - 9}, `"number 3000"`: {3001}, fmt.Sprintf(`"number %d"`, last-1): {last},
	} {
		if found := matches(t, p, match, 0); !slices.Equal(found, want) {
			t.Errorf("%s found %v, want %v", match, found, want)
		}
	}
	if n := len(matches(t, p, `"spark"`, 0)); n != int(last)-3 {
		t.Errorf("%d tickets have the common word", n)
	}
	noBuildLeft(t, p)
	// It is an index like any other from then on.
	list[20].Subject, list[20].UpdatedAt = "Kafka once more", poolNoon.AddDate(0, 0, 1)
	take(t, p, poolStart(), list[20])
	if found := matches(t, p, `"kafka"`, 0); !slices.Equal(found, []uint32{1, 23}) {
		t.Errorf("after a change: %v", found)
	}
}

func TestALargeLoadThatIsTakenBackLeavesNothing(t *testing.T) {
	p := newPool(t)
	take(t, p, poolStart(), poolTicket(1))
	before := poolState(t, p)
	for _, name := range []string{"rolled back", "cancelled", "refused"} {
		ctx, stop := context.WithCancel(t.Context())
		k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
		if err := k.Put(ctx, manyTickets(2)); err != nil {
			t.Fatal(err)
		}
		switch name {
		case "cancelled":
			stop()
			if _, err := k.Commit(ctx); core.ErrorCode(err) != core.CodeCanceled {
				t.Error(err)
			}
		case "refused":
			if err := k.Put(ctx, []core.Ticket{{}}); core.ErrorCode(err) != core.CodeInvalid {
				t.Error(err)
			}
		}
		stop()
		if err := k.Rollback(); err != nil {
			t.Fatal(err)
		}
		noBuildLeft(t, p)
		if poolState(t, p) != before {
			t.Fatalf("%s: the pool changed", name)
		}
	}
	agree(t, p)
}

func TestABuildThatFailsSaysSo(t *testing.T) {
	p := newPool(t)
	for breaks, want := range map[string]func(error) bool{
		"DROP TABLE words":          func(err error) bool { return resultCode(err) == 1 }, // SQLITE_ERROR, when the first words are written
		"PRAGMA max_page_count = 1": isFull,                                               // when all of them are
	} {
		c := sure[*bulkConn](t)(openBulk(p.db.Path()))
		b := sure[*wordBuild](t)(startWordBuild(c, p.db.Path()))
		if err := b.c.exec(breaks); err != nil { // its goroutine waits for words
			t.Fatal(err)
		}
		one := poolTicket(1)
		for i := range 3000 { // more than the pages there are have room for
			one.Description += fmt.Sprint(" ", i)
		}
		err := b.add(t.Context(), &one)
		if err == nil {
			err = b.moveInto(t.Context(), c)
		}
		if !want(err) {
			t.Errorf("%s: %v", breaks, err)
		}
		if err := errors.Join(b.end(), c.close()); err != nil {
			t.Error(err)
		}
		noBuildLeft(t, p)
	}
}

func TestALargeLoadNeedsItsFile(t *testing.T) {
	p := newPool(t)
	if err := os.MkdirAll(p.db.Path()+"-words/taken", 0o700); err != nil {
		t.Fatal(err)
	}
	k := sure[tickets.Taking](t)(p.Begin(t.Context(), poolStart()))
	if err := k.Put(t.Context(), manyTickets(0)); err == nil {
		t.Fatal("it was taken without words")
	}
	if err := k.Rollback(); err != nil {
		t.Fatal(err)
	}
	agree(t, p)
}
