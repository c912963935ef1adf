package store

import (
	"context"
	"errors"
	"time"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// poolWrite is one transaction that changes the pool. It alone knows how tickets, customers,
// names and events are written. After a failure it can only be ended.
type poolWrite struct {
	c       *bulkConn
	release func()
	rev     int64 // of everything it changes
	nextNo  int64
	nextSeq int64
	names   *poolNames
	people  *poolCustomers
	words   *poolWords
	st      poolStmts
}

type poolStmts struct {
	find, insert, update                *bulkStmt
	texts, addTexts, setTexts, addEvent *bulkStmt
}

const noneTaken = "Nothing of this snapshot was kept."

// write opens a transaction as soon as no other process and no other part of this one has
// one. It waits within ctx, and not longer than patience when that is not 0.
func (p *Pool) write(ctx context.Context, op string, patience time.Duration) (*poolWrite, error) {
	wait := ctx
	if patience > 0 {
		var stop context.CancelFunc
		wait, stop = context.WithTimeout(ctx, patience)
		defer stop()
	}
	busy := func(cause error) error {
		if errors.Is(ctx.Err(), context.Canceled) {
			return fault(op, "", ctx.Err())
		}
		return core.NewError(core.CodeConflict, op, "Other tickets are being taken in right now. Nothing was changed; try again when that is done.", cause)
	}
	select {
	case p.busy <- struct{}{}:
	case <-wait.Done():
		return nil, busy(wait.Err())
	}
	w := &poolWrite{release: func() { <-p.busy }}
	var err error
	// More cache makes an import hardly faster.
	w.c, err = openBulk(p.db.path, "synchronous=normal", "cache_size=-32768", "busy_timeout=50", "journal_size_limit=4194304")
	if err != nil {
		w.release()
		return nil, fault(op, "", err)
	}
	for {
		if err = wait.Err(); err == nil {
			err = w.c.exec("BEGIN IMMEDIATE")
		}
		if !isBusy(err) { // if it was, the library has waited 50 ms
			break
		}
	}
	if err == nil {
		err = w.prepare(p.db.path)
	}
	if err == nil {
		return w, nil
	}
	_ = w.end() // nothing was written; err is the one to tell
	if wait.Err() != nil {
		return nil, busy(err)
	}
	return nil, fault(op, "", err)
}

func (w *poolWrite) prepare(path string) (err error) {
	for text, n := range map[string]*int64{
		"SELECT 1 + " + newestRevision:                 &w.rev,
		"SELECT coalesce(max(no), 0) + 1 FROM tickets": &w.nextNo,
		"SELECT coalesce(max(seq), 0) + 1 FROM events": &w.nextSeq,
	} {
		if *n, err = w.c.query(text); err != nil {
			return err
		}
	}
	if w.names, err = newPoolNames(w.c, w.rev); err != nil {
		return err
	}
	if w.people, err = newPoolCustomers(w.c, w.rev); err != nil {
		return err
	}
	if w.words, err = newPoolWords(w.c, path, w.nextNo-1); err != nil {
		return err
	}
	for text, s := range map[string]**bulkStmt{
		"SELECT " + keptColumns + " FROM tickets t WHERE source = ? AND id = ?": &w.st.find,
		`INSERT INTO tickets (no, rev, state, source, product, owner, assigned, raw_status, channel, customer, created, updated, first_reply, closed,
			subject_key, number_key, text_rev, history, began, raw_priority, digest, id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`: &w.st.insert,
		`UPDATE tickets SET rev = ?2, state = ?3, product = ?5, owner = ?6, assigned = ?7, raw_status = ?8, channel = ?9, customer = ?10, created = ?11,
			updated = ?12, first_reply = ?13, closed = ?14, subject_key = ?15, number_key = ?16, text_rev = ?17, history = ?18, began = ?19, raw_priority = ?20, digest = ?21 WHERE no = ?1 AND id = ?22`: &w.st.update,
		"SELECT number, subject, description FROM texts WHERE no = ?":                                              &w.st.texts,
		"INSERT INTO texts (no, number, subject, description) VALUES (?, ?, ?, ?)":                                 &w.st.addTexts,
		"UPDATE texts SET number = ?2, subject = ?3, description = ?4 WHERE no = ?1":                               &w.st.setTexts,
		"INSERT INTO events (seq, ticket, kind, at, seen_at, silent, was, became) VALUES (?, ?, ?, ?, ?, ?, ?, ?)": &w.st.addEvent,
	} {
		if *s, err = w.c.prepare(text); err != nil {
			return err
		}
	}
	return nil
}

// commit makes everything visible at once.
func (w *poolWrite) commit(ctx context.Context) error {
	if err := w.people.flush(); err != nil {
		return err
	}
	if err := w.words.finish(ctx); err != nil {
		return err
	}
	return w.c.exec("COMMIT")
}

// largeTake is how many tickets with new texts fold the log file into the database.
const largeTake = 10_000

// end closes the transaction's connection; what was not committed is rolled back. Another
// time it does nothing.
func (w *poolWrite) end() error {
	if w.c == nil {
		return nil
	}
	err := errors.Join(w.words.end(), w.c.close())
	w.c = nil
	w.release()
	return err
}

// event writes one change of the ticket k as an event.
func (w *poolWrite) event(k *core.Ticket, ch tickets.Change, seen time.Time, silent bool) (core.TicketEvent, error) {
	e := core.TicketEvent{
		Seq: w.nextSeq, At: ch.At.UTC(), SeenAt: seen.UTC(), No: k.No, Source: k.Source, TicketID: k.ID, Number: k.Number,
		Kind: ch.Kind, From: ch.From, To: ch.To, Silent: silent,
	}
	w.nextSeq++
	return e, w.st.addEvent.run(e.Seq, int64(e.No), string(e.Kind), toMillis(e.At), toMillis(e.SeenAt), bit(silent), e.From, e.To)
}
