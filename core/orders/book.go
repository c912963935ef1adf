// Package orders owns the order import: which fields an orders file has, what its
// statuses mean, which customer values are identities, how rows become orders, and
// how clients are seeded. It declares OrderBook, the place orders are kept in.
package orders

import (
	"context"
	"time"

	"deskwatch/core"
)

// OrderBook is where orders, their customers, clients and imports are kept. Every
// implementation passes the same contract suite (coretest.OrderBookContract).
//
// Errors are *core.Error. A cancelled ctx ends any call with core.CodeCanceled and
// leaves the book as it was. Methods may be called from several goroutines; one
// import or undo runs at a time, a second one fails with core.CodeConflict.
type OrderBook interface {
	// Begin opens an import. Nothing it does is visible to other readers before Commit.
	Begin(ctx context.Context, start ImportStart) (Import, error)
	// Imports lists imports, newest first, at most limit (clamped to 1..1000).
	Imports(ctx context.Context, limit int) ([]core.ImportRecord, error)
	// Undo takes back one import: its new orders go, what it overwrote comes back.
	// Undoing an import whose orders a later import changed fails with
	// core.CodeConflict and a sentence that names that import; an import that was
	// undone before fails with core.CodeConflict, an unknown one with core.CodeNotFound.
	Undo(ctx context.Context, id int64, at time.Time, progress *core.Progress) (core.UndoResult, error)

	// Breaches lists recognised customers and months whose distinct orders with at least
	// one matching line reach the threshold, sorted by period, then customer. Name and
	// Email are the client's, or else what the orders file carried.
	Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error)
	// Orders pages through one customer's orders, newest first.
	Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error)
	// Customers pages through the customer values of the orders.
	Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error)

	// Clients pages through the clients.
	Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error)
	// AddClients adds those whose identity has no client yet and returns how many it added.
	AddClients(ctx context.Context, clients []core.Client) (int64, error)
	// UpdateClient changes one client and makes its origin "hand"; core.CodeNotFound without it.
	UpdateClient(ctx context.Context, customer string, patch core.ClientPatch) (core.Client, error)
	// RemoveClients removes the clients of one origin and returns how many.
	RemoveClients(ctx context.Context, origin core.ClientOrigin) (int64, error)

	// Counts says how much the book holds. On a large shared database it takes a while.
	Counts(ctx context.Context) (core.BookCounts, error)
	// Empty reports whether there is no order at all; it is quick.
	Empty(ctx context.Context) (bool, error)
}

// ImportStart is what the book remembers of an import from its beginning.
type ImportStart struct {
	File      string // base name
	Kind      string // core.ImportFile or core.ImportSample
	At        time.Time
	HasLines  bool // rows carry line ids: rows of one order are its lines
	SizeBytes int64
	// Progress is told the phases after Put ("Indexing", "Comparing"); never nil.
	Progress *core.Progress
}

// Import is one import under way. Calls are sequential: Put…, Settle, Breaches…, then
// Commit or Rollback. Rollback after Commit does nothing, so it can be deferred.
type Import interface {
	// Put hands over rows in file order. The slice is the caller's again afterwards,
	// the strings in it may be kept.
	Put(ctx context.Context, rows []core.OrderRow) error
	// Settle resolves rows that repeat an order id (within the import and against the
	// book: with line ids each line is kept and the order has all its lines' statuses,
	// without them the last row wins) and counts. An order whose customer, day,
	// statuses, raw status, amount and lines all stay is unchanged.
	Settle(ctx context.Context) (core.ImportCounts, error)
	// Breaches answers as OrderBook.Breaches will after Commit.
	Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error)
	// Commit makes the import visible as a whole and returns its id (1, 2, …).
	Commit(ctx context.Context, rows, rejected int64) (int64, error)
	// Rollback leaves the book as it was before Begin.
	Rollback() error
}

// Rows is a stream of records of a table file. io.EOF ends it.
type Rows interface {
	Next() (core.Record, error)
}

// Rejects takes the rows that were not imported, to be written as a CSV that can be
// corrected and imported.
type Rejects interface {
	Add(rec core.Record, column, reason string) error
}

// Mappings remembers how a person had files with one header read.
type Mappings interface {
	// Mapping returns ok false when nothing is remembered for the header.
	Mapping(ctx context.Context, header []string) (m core.SavedMapping, ok bool, err error)
	SaveMapping(ctx context.Context, header []string, m core.SavedMapping) error
}
