package store

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"deskwatch/core"
)

// wordBuild is a word index being built in a file of its own, by a goroutine of its own, while
// the tickets are written: the words take longer than all the rest of a ticket, and one
// connection does one thing at a time. When all are in, the index is moved into the pool's
// transaction, so that nobody ever sees the one without the other. What a killed process leaves
// of the file is removed by the next build; only who may write to the pool makes one.
type wordBuild struct {
	path string
	c    *bulkConn
	next wordBatch
	todo chan wordBatch
	free chan wordBatch
	done chan struct{} // closed when the goroutine has ended
	err  error         // why it ended; to be read after done
}

// wordBatch is a number of texts to be added or dropped. The texts lie in one buffer, because
// those of a snapshot's tickets are not ours to keep.
type wordBatch struct {
	items []wordItem
	texts []byte
}

type wordItem struct {
	no                           int64
	drop                         bool
	number, subject, description int // where they end in texts
}

const (
	wordBatchBytes = 256 << 10
	wordBatches    = 4 // that wait, at most
)

// startWordBuild begins an empty index like the one of the pool that c writes to.
func startWordBuild(c *bulkConn, pool string) (_ *wordBuild, err error) {
	b := &wordBuild{path: pool + "-words", todo: make(chan wordBatch, wordBatches), free: make(chan wordBatch, wordBatches+2), done: make(chan struct{})}
	if err := b.remove(); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(b.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close(), b.remove())
		}
	}()
	// Nothing of it has to survive a crash.
	if b.c, err = openBulk(b.path, "journal_mode=off", "synchronous=off", "locking_mode=exclusive", "cache_size=-8192"); err != nil {
		return nil, err
	}
	schema, err := c.prepare("SELECT sql FROM sqlite_schema WHERE name = 'words'")
	if err != nil {
		return nil, err
	}
	defer c.discard(schema)
	if err := schema.each(func() error { return b.c.exec(schema.str(0)) }); err != nil {
		return nil, err
	}
	if err := b.c.exec(wordBuildSettings); err != nil {
		return nil, err
	}
	add, err := b.c.prepare("INSERT INTO words (rowid, number, subject, description) VALUES (?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	drop, err := b.c.prepare("INSERT INTO words (words, rowid, number, subject, description) VALUES ('delete', ?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	go b.run(b.todo, add, drop)
	return b, nil
}

const wordBuildSettings = `INSERT INTO words (words, rank) VALUES ('hashsize', 16777216), ('automerge', 0), ('crisismerge', 1999); BEGIN`

// run writes batches until there are no more, or one fails.
func (b *wordBuild) run(todo <-chan wordBatch, add, drop *bulkStmt) {
	defer close(b.done)
	for batch := range todo {
		texts, from := string(batch.texts), 0
		for _, i := range batch.items {
			s := add
			if i.drop {
				s = drop
			}
			err := s.run(i.no, texts[from:i.number], texts[i.number:i.subject], texts[i.subject:i.description])
			if err != nil {
				b.err = err
				return
			}
			from = i.description
		}
		b.free <- wordBatch{batch.items[:0], batch.texts[:0]}
	}
}

func (b *wordBuild) add(ctx context.Context, t *core.Ticket) error  { return b.put(ctx, t, false) }
func (b *wordBuild) drop(ctx context.Context, t *core.Ticket) error { return b.put(ctx, t, true) }

func (b *wordBuild) put(ctx context.Context, t *core.Ticket, drop bool) error {
	n, i := &b.next, wordItem{no: int64(t.No), drop: drop}
	n.texts = append(n.texts, t.Number...)
	i.number = len(n.texts)
	n.texts = append(n.texts, t.Subject...)
	i.subject = len(n.texts)
	n.texts = append(n.texts, t.Description...)
	i.description = len(n.texts)
	if n.items = append(n.items, i); len(n.texts) < wordBatchBytes {
		return nil
	}
	return b.send(ctx)
}

// send hands the batch over, as soon as there is room.
func (b *wordBuild) send(ctx context.Context) error {
	select {
	case b.todo <- b.next:
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case b.next = <-b.free:
	default:
		b.next = wordBatch{}
	}
	return nil
}

// moveInto completes the index and makes it that of the pool in the transaction of c.
func (b *wordBuild) moveInto(ctx context.Context, c *bulkConn) error {
	if err := b.send(ctx); err != nil {
		return err
	}
	if err := b.stop(); err != nil {
		return err
	}
	// Its segments are put on a level of their own, where later snapshots merge them bit by bit.
	if err := b.c.exec("INSERT INTO words (words, rank) VALUES ('merge', -1); COMMIT"); err != nil {
		return err
	}
	if err := b.close(); err != nil {
		return err
	}
	attach, err := c.prepare("ATTACH ? AS built")
	if err != nil {
		return err
	}
	if err := attach.run(b.path); err != nil {
		return err
	}
	// An FTS5 index is its tables; to copy them is how SQLite's own shell and VACUUM copy one.
	// 'delete-all' has this connection forget what it knew of the old one.
	return c.exec(`INSERT INTO words (words) VALUES ('delete-all');
		DELETE FROM words_data; DELETE FROM words_idx;
		INSERT INTO words_data SELECT * FROM built.words_data;
		INSERT INTO words_idx SELECT * FROM built.words_idx`)
}

// stop waits for the goroutine to end.
func (b *wordBuild) stop() error {
	if b.todo != nil {
		close(b.todo)
		b.todo = nil
	}
	<-b.done
	return b.err
}

// end stops the build and removes its file. It may be called more than once, and at any time but
// while another call is under way.
func (b *wordBuild) end() error {
	if b.todo != nil {
		close(b.todo)
		for range b.todo { // nobody wants what waits
		}
		b.todo = nil
	}
	_ = b.stop() // what failed was told to who wrote
	return errors.Join(b.close(), b.remove())
}

func (b *wordBuild) close() (err error) {
	if b.c != nil {
		err = b.c.close()
		b.c = nil
	}
	return err
}

func (b *wordBuild) remove() error {
	if err := os.Remove(b.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
