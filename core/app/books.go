package app

import (
	"context"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/orders"
)

// remote is an order book on a server.
type remote interface {
	orders.OrderBook
	Close() error
	Ping(ctx context.Context) error
	Examine(ctx context.Context) (core.BookReport, error)
	CreateIndexes(ctx context.Context, p *core.Progress) error
	Recover(ctx context.Context) error
}

// shelf is the order book in use. Another one can be put in its place at any time: what is under
// way ends on the book it began on, which is closed then.
type shelf struct {
	mu     sync.Mutex
	open   *openBook
	closed func(error) // told how closing a replaced book went
}

// openBook is one order book with the number of operations under way on it.
type openBook struct {
	place   place
	get     func(ctx context.Context) (orders.OrderBook, error) // opens it the first time, where that may take long
	close   func() error
	check   func(context.Context) error // reads the whole embedded file; nil for a server
	remote  *remoteBook                 // nil for the embedded book
	users   int
	retired bool
}

// take returns the book in use; done is to be called once when the operation has ended.
func (s *shelf) take(ctx context.Context) (book orders.OrderBook, done func(), err error) {
	s.mu.Lock()
	o := s.open
	o.users++
	s.mu.Unlock()
	done = sync.OnceFunc(func() { s.release(o) })
	if book, err = o.get(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return book, done, nil
}

func (s *shelf) release(o *openBook) {
	s.mu.Lock()
	o.users--
	last := o.retired && o.users == 0
	s.mu.Unlock()
	if last {
		s.closed(o.close())
	}
}

// put makes next the book in use. The one before is closed when nobody uses it any more.
func (s *shelf) put(next *openBook) {
	s.mu.Lock()
	before := s.open
	s.open = next
	idle := before != nil && before.users == 0
	if before != nil {
		before.retired = true
	}
	s.mu.Unlock()
	if idle {
		s.closed(before.close())
	}
}

// now is the book in use, for what is asked of it in passing.
func (s *shelf) now() *openBook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Close closes the book in use. Operations under way have ended, or are given up.
func (s *shelf) Close() error {
	if o := s.now(); o != nil {
		return o.close()
	}
	return nil
}

// asked puts one question to the book in use.
func asked[T any](ctx context.Context, s *shelf, ask func(orders.OrderBook) (T, error)) (T, error) {
	book, done, err := s.take(ctx)
	if err != nil {
		var none T
		return none, err
	}
	defer done()
	return ask(book)
}

var _ orders.OrderBook = (*shelf)(nil)

func (s *shelf) Begin(ctx context.Context, start orders.ImportStart) (orders.Import, error) {
	book, done, err := s.take(ctx)
	if err != nil {
		return nil, err
	}
	im, err := book.Begin(ctx, start)
	if err != nil {
		done()
		return nil, err
	}
	return heldImport{im, done}, nil
}

// heldImport keeps its book open until it has ended.
type heldImport struct {
	orders.Import
	done func()
}

func (h heldImport) Rollback() error {
	defer h.done()
	return h.Import.Rollback()
}

func (s *shelf) Imports(ctx context.Context, limit int) ([]core.ImportRecord, error) {
	return asked(ctx, s, func(b orders.OrderBook) ([]core.ImportRecord, error) { return b.Imports(ctx, limit) })
}

func (s *shelf) Undo(ctx context.Context, id int64, at time.Time, p *core.Progress) (core.UndoResult, error) {
	return asked(ctx, s, func(b orders.OrderBook) (core.UndoResult, error) { return b.Undo(ctx, id, at, p) })
}

func (s *shelf) Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error) {
	return asked(ctx, s, func(b orders.OrderBook) ([]core.Breach, error) { return b.Breaches(ctx, q) })
}

func (s *shelf) Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error) {
	return asked(ctx, s, func(b orders.OrderBook) (core.OrderPage, error) { return b.Orders(ctx, q) })
}

func (s *shelf) Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error) {
	return asked(ctx, s, func(b orders.OrderBook) (core.CustomerPage, error) { return b.Customers(ctx, q) })
}

func (s *shelf) Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error) {
	return asked(ctx, s, func(b orders.OrderBook) (core.ClientPage, error) { return b.Clients(ctx, q) })
}

func (s *shelf) AddClients(ctx context.Context, clients []core.Client) (int64, error) {
	return asked(ctx, s, func(b orders.OrderBook) (int64, error) { return b.AddClients(ctx, clients) })
}

func (s *shelf) UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (core.Client, error) {
	return asked(ctx, s, func(b orders.OrderBook) (core.Client, error) { return b.UpdateClient(ctx, customer, patch) })
}

func (s *shelf) RemoveClients(ctx context.Context, origin core.ClientOrigin) (int64, error) {
	return asked(ctx, s, func(b orders.OrderBook) (int64, error) { return b.RemoveClients(ctx, origin) })
}

func (s *shelf) Counts(ctx context.Context) (core.BookCounts, error) {
	return asked(ctx, s, func(b orders.OrderBook) (core.BookCounts, error) { return b.Counts(ctx) })
}

func (s *shelf) Empty(ctx context.Context) (bool, error) {
	return asked(ctx, s, func(b orders.OrderBook) (bool, error) { return b.Empty(ctx) })
}

// away reports whether err says that the order book's server does not answer or refuses us.
func away(err error) bool {
	code := core.ErrorCode(err)
	return code == core.CodeUnavailable || code == core.CodeDenied
}
