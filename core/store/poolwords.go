package store

import (
	"context"
	"fmt"

	"deskwatch/core"
)

// poolWords keeps the word index as the texts are. The words of a few tickets go straight into
// it. Those of a large load into a pool that is small before are built beside it, see wordBuild.
type poolWords struct {
	c       *bulkConn
	path    string // of the pool
	before  int64  // tickets in the pool before
	written int64  // tickets whose words were written
	build   *wordBuild

	add, drop *bulkStmt
}

// From buildFrom new tickets on, the index is built beside the pool; not if it already has more
// than buildWithin tickets, because their words are built anew with the others.
const (
	buildFrom   = 5_000
	buildWithin = 100_000
)

func newPoolWords(c *bulkConn, path string, before int64) (*poolWords, error) {
	w := &poolWords{c: c, path: path, before: before}
	var err error
	if w.add, err = c.prepare("INSERT INTO words (rowid, number, subject, description) VALUES (?, ?, ?, ?)"); err != nil {
		return nil, err
	}
	w.drop, err = c.prepare("INSERT INTO words (words, rowid, number, subject, description) VALUES ('delete', ?, ?, ?, ?)")
	return w, err
}

// put adds the words of a ticket whose texts were written.
func (w *poolWords) put(ctx context.Context, t *core.Ticket) error {
	if w.written++; w.written == buildFrom && w.before <= buildWithin {
		return w.startBuild(ctx) // it reads this ticket too
	}
	if w.build != nil {
		return w.build.add(ctx, t)
	}
	return w.add.run(int64(t.No), t.Number, t.Subject, t.Description)
}

// replace writes the words of a ticket whose texts changed from old to next.
func (w *poolWords) replace(ctx context.Context, old, next *core.Ticket) error {
	if w.build != nil {
		if err := w.build.drop(ctx, old); err != nil {
			return err
		}
	} else if err := w.drop.run(int64(old.No), old.Number, old.Subject, old.Description); err != nil {
		return err
	}
	return w.put(ctx, next)
}

// startBuild gives the build all texts there are.
func (w *poolWords) startBuild(ctx context.Context) error {
	b, err := startWordBuild(w.c, w.path)
	if err != nil {
		return err
	}
	w.build = b
	texts, err := w.c.prepare("SELECT no, number, subject, description FROM texts ORDER BY no")
	if err != nil {
		return err
	}
	return texts.each(func() error {
		return b.add(ctx, &core.Ticket{No: uint32(texts.int(0)), Number: texts.str(1), Subject: texts.str(2), Description: texts.str(3)})
	})
}

// finish completes the index before the transaction ends.
func (w *poolWords) finish(ctx context.Context) error {
	switch {
	case w.build != nil:
		return w.build.moveInto(ctx, w.c)
	case w.written == 0:
		return nil
	}
	return w.merge()
}

// manySegments is how many tickets make more segments than are merged at once.
const manySegments = 200_000

// merge joins segments of the word index, so many pages of them that it keeps up with what is
// written: eight times what this snapshot wrote, sixteen tickets a page, and more the larger
// the pool is, because the index must never have 2,000 segments. Those of a very large
// snapshot are put on a level of their own (a negative number does that), where they are
// merged bit by bit by the snapshots that follow.
func (w *poolWords) merge() error {
	pages := 12 + (w.before+w.written)/100_000 + w.written/2
	if w.written > manySegments {
		pages = -1
	}
	return w.c.exec(fmt.Sprintf("INSERT INTO words (words, rank) VALUES ('merge', %d)", pages))
}

// end stops what still runs.
func (w *poolWords) end() error {
	if w == nil || w.build == nil {
		return nil
	}
	return w.build.end()
}
