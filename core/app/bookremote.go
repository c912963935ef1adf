package app

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// remoteBook is the order book on a server: opened at its first use, because the address may
// have to be looked up, and watched for connection trouble by what its answers say.
type remoteBook struct {
	openNow func(ctx context.Context) (remote, error)
	now     func() time.Time
	// changed is told, in turn, of trouble that begins (with its error) and ends (nil).
	changed func(error)
	// failed is told that an answer says the server is away, to make sure of it.
	failed func()
	// cleared is told how clearing up after an import that was cut off went.
	cleared func(error)

	opening    chan struct{} // held while opening
	book       remote
	recovering sync.Mutex
	recovered  bool        // what an earlier process left behind is cleared up
	pinging    atomic.Bool // until it is there again

	mu    sync.Mutex
	since time.Time // of the trouble; zero for none
	why   error
}

func newRemoteBook(now func() time.Time, open func(context.Context) (remote, error)) *remoteBook {
	return &remoteBook{openNow: open, now: now, opening: make(chan struct{}, 1), changed: func(error) {}, failed: func() {}, cleared: func(error) {}}
}

// server returns the opened book.
func (r *remoteBook) server(ctx context.Context) (remote, error) {
	select {
	case r.opening <- struct{}{}:
		defer func() { <-r.opening }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if r.book != nil {
		return r.book, nil
	}
	book, err := r.openNow(ctx)
	r.note(ctx, err)
	if err == nil {
		r.book = book
	}
	return book, err
}

// get is the book for operations; each of them notes how it went.
func (r *remoteBook) get(ctx context.Context) (orders.OrderBook, error) {
	b, err := r.server(ctx)
	if err != nil {
		return nil, err
	}
	return notedBook{b, r}, nil
}

// closeWithin bounds how long close waits for an opening that does not end.
const closeWithin = time.Second

func (r *remoteBook) close() error {
	select {
	case r.opening <- struct{}{}:
	case <-time.After(closeWithin):
		return nil // the address is still being looked up: there is no connection to close
	}
	defer func() { <-r.opening }()
	if r.book == nil {
		return nil
	}
	return r.book.Close()
}

// ping asks the server whether it is there and notes the answer, a refusal too.
func (r *remoteBook) ping(ctx context.Context) error {
	b, err := r.server(ctx)
	if err == nil {
		err = b.Ping(ctx)
	}
	if ctx.Err() != nil {
		return err // ended by us: it says nothing about the server
	}
	if err == nil || away(err) {
		r.turn(err)
	}
	return err
}

// recover clears up what an import that was cut off left behind, until that has gone well once.
func (r *remoteBook) recover(ctx context.Context) {
	r.recovering.Lock()
	defer r.recovering.Unlock()
	if r.recovered {
		return
	}
	b, err := r.server(ctx)
	if err == nil {
		err = b.Recover(ctx)
	}
	if r.recovered = err == nil; ctx.Err() == nil {
		r.cleared(err)
	}
}

// note looks at how an operation went. An answer ends the trouble. A failure may be about this
// one operation, such as a question that took too long: the ping finds out.
func (r *remoteBook) note(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case err == nil:
		r.turn(nil)
	case away(err):
		r.failed()
	}
}

// turn tells of a change, but not of each try.
func (r *remoteBook) turn(err error) {
	r.mu.Lock()
	down := !r.since.IsZero()
	if err == nil {
		r.since = time.Time{}
	} else if !down {
		r.since = r.now()
	}
	r.why = err
	r.mu.Unlock()
	if down != (err != nil) {
		r.changed(err)
	}
}

// trouble is since when the server is away, and why; zero when it is not.
func (r *remoteBook) trouble() (since time.Time, why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.since, r.why
}

// notedBook is the book on the server with each answer noted.
type notedBook struct {
	book remote
	r    *remoteBook
}

func noted[T any](ctx context.Context, n notedBook, answer T, err error) (T, error) {
	n.r.note(ctx, err)
	return answer, err
}

// notedImport is an import on the server with each answer noted.
type notedImport struct {
	orders.Import
	r *remoteBook
}

func (i notedImport) Put(ctx context.Context, rows []core.OrderRow) error {
	err := i.Import.Put(ctx, rows)
	i.r.note(ctx, err)
	return err
}

func (i notedImport) Settle(ctx context.Context) (core.ImportCounts, error) {
	counts, err := i.Import.Settle(ctx)
	i.r.note(ctx, err)
	return counts, err
}

func (i notedImport) Commit(ctx context.Context, rows, rejected int64) (int64, error) {
	id, err := i.Import.Commit(ctx, rows, rejected)
	i.r.note(ctx, err)
	return id, err
}

func (n notedBook) Begin(ctx context.Context, start orders.ImportStart) (orders.Import, error) {
	n.r.recover(ctx)
	im, err := n.book.Begin(ctx, start)
	n.r.note(ctx, err)
	if err != nil {
		return nil, err
	}
	return notedImport{im, n.r}, nil
}

func (n notedBook) Imports(ctx context.Context, limit int) ([]core.ImportRecord, error) {
	list, err := n.book.Imports(ctx, limit)
	return noted(ctx, n, list, err)
}

func (n notedBook) Undo(ctx context.Context, id int64, at time.Time, p *core.Progress) (core.UndoResult, error) {
	n.r.recover(ctx)
	res, err := n.book.Undo(ctx, id, at, p)
	return noted(ctx, n, res, err)
}

func (n notedBook) Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error) {
	list, err := n.book.Breaches(ctx, q)
	return noted(ctx, n, list, err)
}

func (n notedBook) Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error) {
	page, err := n.book.Orders(ctx, q)
	return noted(ctx, n, page, err)
}

func (n notedBook) Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error) {
	page, err := n.book.Customers(ctx, q)
	return noted(ctx, n, page, err)
}

func (n notedBook) Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error) {
	page, err := n.book.Clients(ctx, q)
	return noted(ctx, n, page, err)
}

func (n notedBook) AddClients(ctx context.Context, clients []core.Client) (int64, error) {
	added, err := n.book.AddClients(ctx, clients)
	return noted(ctx, n, added, err)
}

func (n notedBook) UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (core.Client, error) {
	c, err := n.book.UpdateClient(ctx, customer, patch)
	return noted(ctx, n, c, err)
}

func (n notedBook) RemoveClients(ctx context.Context, origin core.ClientOrigin) (int64, error) {
	removed, err := n.book.RemoveClients(ctx, origin)
	return noted(ctx, n, removed, err)
}

func (n notedBook) Counts(ctx context.Context) (core.BookCounts, error) {
	counts, err := n.book.Counts(ctx)
	return noted(ctx, n, counts, err)
}

func (n notedBook) Empty(ctx context.Context) (bool, error) {
	empty, err := n.book.Empty(ctx)
	return noted(ctx, n, empty, err)
}
