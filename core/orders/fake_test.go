package orders

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
)

// fakeRows yields the given records, then err or io.EOF.
type fakeRows struct {
	records []core.Record
	err     error
	at      int
}

func (f *fakeRows) Next() (core.Record, error) {
	if f.at >= len(f.records) {
		if f.err != nil {
			return core.Record{}, f.err
		}
		return core.Record{}, io.EOF
	}
	f.at++
	return f.records[f.at-1], nil
}

type rowsFunc func() (core.Record, error)

func (f rowsFunc) Next() (core.Record, error) { return f() }

type rejectsFunc func(rec core.Record, column, reason string) error

func (f rejectsFunc) Add(rec core.Record, column, reason string) error { return f(rec, column, reason) }

// fakeImport keeps the rows it is given; the func fields replace a step.
type fakeImport struct {
	rows       []core.OrderRow
	put        func(ctx context.Context, rows []core.OrderRow) error
	settle     func(ctx context.Context) (core.ImportCounts, error)
	commit     func(rows, rejected int64) (int64, error)
	rolledBack bool
}

func (f *fakeImport) Put(ctx context.Context, rows []core.OrderRow) error {
	if f.put != nil {
		return f.put(ctx, rows)
	}
	f.rows = append(f.rows, rows...)
	return nil
}

func (f *fakeImport) Settle(ctx context.Context) (core.ImportCounts, error) {
	if f.settle != nil {
		return f.settle(ctx)
	}
	ids := map[string]bool{}
	for _, r := range f.rows {
		ids[r.OrderID] = true
	}
	return core.ImportCounts{OrdersNew: int64(len(ids))}, nil
}

func (f *fakeImport) Breaches(context.Context, core.BreachQuery) ([]core.Breach, error) {
	return nil, nil
}

func (f *fakeImport) Commit(_ context.Context, rows, rejected int64) (int64, error) {
	return f.commit(rows, rejected)
}

func (f *fakeImport) Rollback() error { f.rolledBack = true; return nil }

// memoryBook is as much of an order book as seeding and the sample need.
type memoryBook struct {
	OrderBook // the calls that are not faked panic
	customers []core.Customer
	clients   map[string]core.Client
	imports   []core.ImportRecord
	orders    int64

	pageSize int                 // of Customers, when smaller than asked for
	onAdd    func() error        // before AddClients
	onUndo   func() error        // before Undo
	step     func(f *fakeImport) // changes the import Begin returns
}

func newMemoryBook(customers ...core.Customer) *memoryBook {
	return &memoryBook{customers: customers, clients: map[string]core.Client{}, pageSize: 3}
}

func (b *memoryBook) Customers(ctx context.Context, q core.CustomerQuery) (core.CustomerPage, error) {
	if err := ctx.Err(); err != nil {
		return core.CustomerPage{}, core.NewError(core.CodeCanceled, "book", "Stopped. Nothing was changed.", err)
	}
	var fit []core.Customer
	for _, c := range b.customers {
		_, c.HasClient = b.clients[c.Customer]
		if (q.Recognised == nil || *q.Recognised == c.Recognised) && (q.HasClient == nil || *q.HasClient == c.HasClient) {
			fit = append(fit, c)
		}
	}
	slices.SortFunc(fit, func(x, y core.Customer) int { return strings.Compare(x.Customer, y.Customer) })
	page := core.CustomerPage{Total: int64(len(fit))}
	for _, c := range fit {
		if c.Customer <= q.After && q.After != "" {
			continue
		}
		if len(page.Customers) == min(q.Limit, b.pageSize) {
			page.Next = page.Customers[len(page.Customers)-1].Customer
			break
		}
		page.Customers = append(page.Customers, c)
	}
	return page, nil
}

func (b *memoryBook) AddClients(_ context.Context, clients []core.Client) (n int64, err error) {
	if b.onAdd != nil {
		if err := b.onAdd(); err != nil {
			return 0, err
		}
	}
	for _, c := range clients {
		if _, ok := b.clients[c.Customer]; !ok {
			b.clients[c.Customer] = c
			n++
		}
	}
	return n, nil
}

func (b *memoryBook) RemoveClients(_ context.Context, origin core.ClientOrigin) (n int64, err error) {
	for id, c := range b.clients {
		if c.Origin == origin {
			delete(b.clients, id)
			n++
		}
	}
	return n, nil
}

func (b *memoryBook) Clients(context.Context, core.ClientQuery) (core.ClientPage, error) {
	var page core.ClientPage
	for _, c := range b.clients {
		page.Clients = append(page.Clients, c)
	}
	return page, nil
}

func (b *memoryBook) Counts(context.Context) (core.BookCounts, error) {
	return core.BookCounts{Orders: b.orders, Clients: int64(len(b.clients))}, nil
}

func (b *memoryBook) Imports(context.Context, int) ([]core.ImportRecord, error) {
	return b.imports, nil
}

func (b *memoryBook) Begin(_ context.Context, start ImportStart) (Import, error) {
	f := &fakeImport{}
	f.commit = func(rows, rejected int64) (int64, error) {
		counts, _ := f.Settle(context.Background())
		b.orders += counts.OrdersNew
		id := int64(len(b.imports) + 1)
		b.imports = append(b.imports, core.ImportRecord{ID: id, File: start.File, Kind: start.Kind, At: start.At, State: core.ImportDone, Rows: rows, Rejected: rejected, ImportCounts: counts})
		return id, nil
	}
	if b.step != nil {
		b.step(f)
	}
	return f, nil
}

func (b *memoryBook) Undo(_ context.Context, id int64, at time.Time, _ *core.Progress) (core.UndoResult, error) {
	if b.onUndo != nil {
		if err := b.onUndo(); err != nil {
			return core.UndoResult{}, err
		}
	}
	imp := &b.imports[id-1]
	imp.State, imp.UndoneAt = core.ImportUndone, &at
	b.orders -= imp.OrdersNew
	return core.UndoResult{ImportID: id, Removed: imp.OrdersNew}, nil
}
