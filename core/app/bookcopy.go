package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/core/alert"
	"deskwatch/core/orders"
	"deskwatch/core/store"
)

// copyName is the file name the imports of a copy carry.
const copyName = "Copy of the embedded order book"

// clientsPage is how many clients are copied at a time.
const clientsPage = 1000

// undoWithin bounds taking back a copy that was stopped.
const undoWithin = 2 * time.Minute

// CopyOrders copies the embedded order book into the MongoDB of the settings, or of this
// process, and compares both. The embedded book stays; what is there stays too, and copying
// again adds nothing twice. When it is stopped or fails, the database's orders are as before.
func (a *App) CopyOrders(ctx context.Context, p *core.Progress) (core.CopyResult, error) {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return core.CopyResult{}, err
	}
	return a.CopyOrdersTo(ctx, core.Secret{}, p)
}

// CopyOrdersTo is CopyOrders into the database of a connection string; zero is CopyOrders.
func (a *App) CopyOrdersTo(ctx context.Context, uri core.Secret, p *core.Progress) (res core.CopyResult, err error) {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return res, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return res, err
	}
	defer end()
	started := a.now()
	to, target, err := a.copyTarget(ctx, uri)
	if err != nil {
		return res, err
	}
	defer func() { err = joinErrors(err, to.Close()) }()
	from, db, closeFrom, err := a.embedded(ctx)
	if err != nil {
		return res, err
	}
	defer func() { err = joinErrors(err, closeFrom()) }()
	c := bookCopy{app: a, from: from, to: to, progress: p, at: started}
	res.From, res.To = db.Path(), target.name
	if err := to.Recover(ctx); err != nil {
		return res, err
	}
	if res.Wrote, err = c.orders(ctx, true); err != nil {
		return res, c.takeBack(ctx, err)
	}
	stoppable := ctx
	// The orders are there as a whole. Clients are few, and taking some back could take others'
	// too: from here on the copy runs to its end.
	ctx = context.WithoutCancel(ctx)
	if res.Added, err = c.clients(ctx); err != nil {
		return res, core.NewError(core.ErrorCode(err), "app.copy", "The orders were copied, but not all clients. Copy again to add the rest; nothing comes twice. "+core.ErrorMessage(err), err)
	}
	if err := c.compare(stoppable, &res); err != nil {
		return res, core.NewError(core.ErrorCode(err), "app.copy", "The orders were copied, but the two books could not be compared. Copy again to compare them; nothing comes twice. "+core.ErrorMessage(err), err)
	}
	var mark copyMark
	if res.Equal {
		if mark, err = embeddedMark(ctx, target, from); err != nil {
			return res, err
		}
	}
	if err := a.rememberCopy(ctx, mark); err != nil {
		return res, err
	}
	res.Seconds = a.now().Sub(started).Seconds()
	a.log.Info("orders copied", "to", target.name, "new", res.Wrote.OrdersNew, "changed", res.Wrote.OrdersChanged, "clients", res.Added, "equal", res.Equal)
	return res, a.copied(ctx, target)
}

// copied tells everybody that the book in use has more orders, when it is the one copied into.
// They are no news: every rule takes its baseline anew.
func (a *App) copied(ctx context.Context, target place) error {
	if a.book.now().place.mark != target.mark {
		return nil
	}
	defer a.checks.hold()()
	if err := a.beginAnew(ctx); err != nil {
		return err
	}
	a.bus.Publish(core.OrdersChanged{})
	a.bus.Publish(core.AlertsChanged{})
	return nil
}

// copyTarget opens the database to copy into.
func (a *App) copyTarget(ctx context.Context, uri core.Secret) (remote, place, error) {
	all := a.bookSettings(a.settings.Current())
	var password *core.Secret
	if !uri.IsZero() {
		o, err := readOverride(uri)
		if err != nil {
			return nil, place{}, err
		}
		all.OrderBook = o.over(all.OrderBook)
		// The stored password goes to no other server than its own.
		if !o.password.IsZero() || !a.storedLogin(o.uri) {
			password = &o.password
		}
	}
	all.OrderBook.Kind = core.BookMongoDB
	book, err := a.connect(ctx, all.OrderBook, password)
	return book, a.placeOf(all), err
}

// bookCopy is one copy under way.
type bookCopy struct {
	app      *App
	from     *store.Book
	to       remote
	progress *core.Progress
	at       time.Time
	imports  []int64 // committed ones
}

// orders copies the orders without lines as one import and those with lines as another. Without
// keep nothing is written: the counts say what copying would still change.
func (c *bookCopy) orders(ctx context.Context, keep bool) (wrote core.ImportCounts, err error) {
	list, err := c.from.List(ctx)
	if err != nil {
		return wrote, err
	}
	defer list.Close()
	plain, lines, err := list.Sizes(ctx)
	if err != nil {
		return wrote, err
	}
	c.progress.SetTotal(c.progress.State().Done + plain + lines)
	for _, p := range []copyPass{{plain, false, list.Plain, keep}, {lines, true, list.Lines, keep}} {
		if p.rows == 0 {
			continue
		}
		counts, err := c.pass(ctx, p)
		if err != nil {
			return wrote, err
		}
		wrote.OrdersNew += counts.OrdersNew
		wrote.OrdersChanged += counts.OrdersChanged
		wrote.OrdersUnchanged += counts.OrdersUnchanged
	}
	return wrote, nil
}

// copyPass is one import of a copy.
type copyPass struct {
	rows     int64
	hasLines bool
	each     func(context.Context, func([]core.OrderRow) error) error
	keep     bool
}

func (c *bookCopy) pass(ctx context.Context, p copyPass) (counts core.ImportCounts, err error) {
	c.progress.SetPhase("Comparing")
	if p.keep {
		c.progress.SetPhase("Copying")
	}
	im, err := c.to.Begin(ctx, orders.ImportStart{
		File: copyName, Kind: core.ImportCopy, At: c.at, HasLines: p.hasLines, Progress: c.progress,
	})
	if err != nil {
		return counts, err
	}
	defer func() { err = joinErrors(err, im.Rollback()) }()
	err = p.each(ctx, func(batch []core.OrderRow) error {
		c.progress.Add(int64(len(batch)))
		return im.Put(ctx, batch)
	})
	if err != nil {
		return counts, err
	}
	if counts, err = im.Settle(ctx); err != nil || !p.keep || counts.OrdersNew+counts.OrdersChanged == 0 {
		return counts, err // rolled back: nothing to keep, and no import to remember
	}
	id, err := im.Commit(ctx, p.rows, 0)
	if err == nil {
		c.imports = append(c.imports, id)
	}
	return counts, err
}

// takeBack undoes what was copied before err.
func (c *bookCopy) takeBack(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
	defer cancel()
	for i := len(c.imports) - 1; i >= 0; i-- {
		if _, undoErr := c.to.Undo(ctx, c.imports[i], c.app.now(), new(core.Progress)); undoErr != nil {
			return core.NewError(core.ErrorCode(err), "app.copy", fmt.Sprintf(
				"The copy ended half-way, and its import %d in the database could not be taken back. Copy again to complete it, or undo that import.", c.imports[i]), errors.Join(err, undoErr))
		}
	}
	if core.ErrorCode(err) == core.CodeCanceled {
		return core.NewError(core.CodeCanceled, "app.copy", "The copy was stopped as you asked. The database's orders are as they were.", err)
	}
	return err
}

// clients adds the clients the database has none for.
func (c *bookCopy) clients(ctx context.Context) (added int64, err error) {
	c.progress.SetPhase("Copying clients")
	for q := (core.ClientQuery{Limit: clientsPage}); ; {
		page, err := c.from.Clients(ctx, q)
		if err != nil {
			return added, err
		}
		if len(page.Clients) > 0 {
			n, err := c.to.AddClients(ctx, page.Clients)
			if added += n; err != nil {
				return added, err
			}
		}
		if q.After = page.Next; q.After == "" {
			return added, nil
		}
	}
}

// compare makes sure that the database has every order of the file as it is there: both books
// count the same and have the same breaches of every enabled rule, or else, because the database
// may hold more than the file, copying once more would change nothing.
func (c *bookCopy) compare(ctx context.Context, res *core.CopyResult) (err error) {
	c.progress.SetPhase("Comparing")
	if res.Embedded, err = c.from.Counts(ctx); err != nil {
		return err
	}
	if res.MongoDB, err = c.to.Counts(ctx); err != nil {
		return err
	}
	same := true
	finding := func(check string, as bool, message string) {
		same = same && as
		res.Findings = append(res.Findings, core.Finding{Check: check, OK: true, Message: message})
	}
	e, m := res.Embedded, res.MongoDB
	res.Orders, res.Customers, res.Clients = min(e.Orders, m.Orders), min(e.Customers, m.Customers), min(e.Clients, m.Clients)
	for _, n := range []struct {
		what        string
		ours, there int64
	}{
		{"orders", e.Orders, m.Orders}, {"customers", e.Customers, m.Customers}, {"clients", e.Clients, m.Clients},
	} {
		message := fmt.Sprintf("%d %s in both books", n.ours, n.what)
		if n.ours != n.there {
			message = fmt.Sprintf("%d %s in the file, %d in the database: it held others before, or holds what other programs wrote", n.ours, n.what, n.there)
		}
		finding(n.what, n.ours == n.there, message)
	}
	if err := c.compareBreaches(ctx, finding); err != nil {
		return err
	}
	if res.Equal = same; same {
		return nil
	}
	left := res.Wrote
	if res.Wrote.OrdersNew+res.Wrote.OrdersChanged > 0 {
		if left, err = c.orders(ctx, false); err != nil {
			return err
		}
	}
	missing := left.OrdersNew + left.OrdersChanged
	f := core.Finding{Check: "every order", OK: missing == 0, Message: "every order of the file is in the database as it is in the file"}
	if !f.OK {
		f.Message = fmt.Sprintf("%d orders of the file are not in the database, or are not the same there: somebody else changes them", missing)
	}
	res.Equal, res.Findings = f.OK, append(res.Findings, f)
	return nil
}

// compareBreaches finds the breaches of every enabled rule in both books.
func (c *bookCopy) compareBreaches(ctx context.Context, finding func(check string, same bool, message string)) error {
	rules, err := c.app.ledger.Rules(ctx)
	if err != nil {
		return err
	}
	for _, r := range rules {
		if !r.Enabled {
			continue
		}
		here, err := c.from.Breaches(ctx, alert.Query(r))
		if err != nil {
			return err
		}
		there, err := c.to.Breaches(ctx, alert.Query(r))
		if err != nil {
			return err
		}
		same := slices.EqualFunc(here, there, func(x, y core.Breach) bool {
			return slices.Equal(x.OrderIDs, y.OrderIDs) && fmt.Sprint(x) == fmt.Sprint(y)
		})
		message := fmt.Sprintf("the same %d breaches in both books", len(here))
		if !same {
			message = fmt.Sprintf("%d breaches in the file, %d in the database, and they are not the same", len(here), len(there))
		}
		finding("breaches of "+strings.TrimSpace(r.Name), same, message)
	}
	return nil
}

// copyGroup is where the data folder keeps, beside its settings, what was last copied whole.
const copyGroup = "copied"

type copyMark struct {
	Place  string `json:"place"`
	Import int64  `json:"import"` // the newest import of the embedded book then
	Undone int    `json:"undone"` // how many of its imports were undone then
}

// embeddedMark tells one state of the embedded book's imports from the next.
func embeddedMark(ctx context.Context, target place, from *store.Book) (copyMark, error) {
	list, err := from.Imports(ctx, 1000)
	m := copyMark{Place: target.mark}
	for _, i := range list {
		m.Import = max(m.Import, i.ID)
		if i.State == core.ImportUndone {
			m.Undone++
		}
	}
	return m, err
}

// rememberCopy keeps what was copied whole; the zero mark is that nothing was.
func (a *App) rememberCopy(ctx context.Context, m copyMark) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return a.groups.SaveSettings(ctx, map[string][]byte{copyGroup: text})
}

// rememberedCopy is what was last copied whole.
func (a *App) rememberedCopy(ctx context.Context) (m copyMark, err error) {
	groups, err := a.groups.LoadSettings(ctx)
	if err != nil {
		return m, err
	}
	if text, ok := groups[copyGroup]; ok {
		if err := json.Unmarshal(text, &m); err != nil {
			return m, a.damagedDesk(err)
		}
	}
	return m, nil
}

// oldBook reports whether the file of the embedded book is there still, and was copied whole into
// the database of o. Whether it changed since is looked at when it is to be removed.
func (a *App) oldBook(ctx context.Context, o *openBook) (bool, error) {
	kept, err := a.rememberedCopy(ctx)
	if err != nil || kept.Place != o.place.mark {
		return false, err
	}
	_, err = os.Stat(a.bookFile())
	return err == nil, nil
}

// RemoveEmbeddedBook removes the file of the embedded order book, after it was copied whole into
// the database in use and not changed since, and while no other process has it open. It returns
// what it removed.
func (a *App) RemoveEmbeddedBook(ctx context.Context) (core.RemovedBook, error) {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return core.RemovedBook{}, err
	}
	const op = "app.remove"
	var gone core.RemovedBook
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return gone, err
	}
	defer end()
	a.saving.Lock()
	defer a.saving.Unlock()
	if a.settings.Current().OrderBook.Kind != core.BookMongoDB {
		return gone, core.NewError(core.CodeConflict, op, "The orders are kept in this file now. Choose MongoDB in Settings first; the file was not removed.", nil)
	}
	path := a.bookFile()
	file, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return gone, core.NewError(core.CodeNotFound, op, "There is no file of the embedded order book any more.", err)
	}
	if err != nil {
		return gone, core.NewError(core.CodeDenied, op, fmt.Sprintf("%s cannot be read. It was not removed.", path), err)
	}
	counts, err := a.copiedWhole(ctx)
	if err != nil {
		return gone, err
	}
	// The last process that closes the file folds its log into it and removes the log.
	if _, err := os.Stat(path + "-wal"); err == nil {
		return gone, core.NewError(core.CodeConflict, op, "Another Deskwatch still has the file of the embedded order book open. Close it and try again; the file was not removed.", nil)
	}
	if err := os.Remove(path); err != nil {
		return gone, core.NewError(core.CodeDenied, op, fmt.Sprintf("%s could not be removed. Remove it by hand.", path), err)
	}
	gone = core.RemovedBook{File: path, Bytes: file.Size(), Counts: counts}
	a.log.Info("the file of the embedded order book was removed; its orders are in the order database", "file", path)
	a.bus.Publish(core.StatusChanged{})
	return gone, nil
}

// copiedWhole counts the embedded book, and fails unless it is in the database in use as it is.
func (a *App) copiedWhole(ctx context.Context) (counts core.BookCounts, err error) {
	kept, err := a.rememberedCopy(ctx)
	if err != nil {
		return counts, err
	}
	from, _, closeFrom, err := a.embedded(ctx)
	if err != nil {
		return counts, err
	}
	defer func() { err = joinErrors(err, closeFrom()) }()
	now, err := embeddedMark(ctx, a.book.now().place, from)
	if err != nil {
		return counts, err
	}
	if counts, err = from.Counts(ctx); err != nil || counts.Orders+counts.Clients == 0 {
		return counts, err // nothing is lost with it
	}
	if now != kept {
		return counts, core.NewError(core.CodeConflict, "app.remove", "The embedded order book was not copied whole into the database in use, or has changed since. Copy the orders to MongoDB first; the file was not removed.", nil)
	}
	return counts, nil
}
