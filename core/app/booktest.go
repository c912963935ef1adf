package app

import (
	"context"
	"strings"

	"deskwatch/core"
	"deskwatch/core/settings"
	"deskwatch/core/store"
)

// checkBook makes sure of the order book in use for the doctor and counts it.
func (a *App) checkBook(ctx context.Context) (core.BookCounts, error) {
	o := a.book.now()
	if o.remote != nil {
		report, err := examine(ctx, o)
		if err != nil {
			return core.BookCounts{}, err
		}
		if !report.OK() {
			return core.BookCounts{}, core.NewError(core.CodeConflict, "app.doctor", failedFindings(report), nil)
		}
	}
	counts, err := a.book.Counts(ctx)
	if err == nil && o.check != nil {
		err = o.check(ctx)
	}
	return counts, err
}

func failedFindings(report core.BookReport) string {
	var words []string
	for _, f := range report.Findings {
		if !f.OK {
			words = append(words, f.Message)
		}
	}
	return strings.Join(words, " ")
}

func examine(ctx context.Context, o *openBook) (core.BookReport, error) {
	b, err := o.remote.server(ctx)
	if err != nil {
		return core.BookReport{}, err
	}
	return b.Examine(ctx)
}

// TestOrderBook connects with the given settings, saved or not, and changes nothing there. A nil
// password means the stored one. A password in the address is used and kept nowhere.
func (a *App) TestOrderBook(ctx context.Context, s core.OrderBookSettings, password *core.Secret) (core.BookReport, error) {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return core.BookReport{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.BookReport{}, err
	}
	defer end()
	if s.Kind != core.BookMongoDB {
		return a.testEmbedded(ctx)
	}
	book, err := a.connect(ctx, s, password)
	if err != nil {
		return core.BookReport{}, err
	}
	report, err := book.Examine(ctx)
	return report, joinErrors(err, book.Close())
}

// connect opens a second connection to the database of the settings, which are checked first.
func (a *App) connect(ctx context.Context, s core.OrderBookSettings, password *core.Secret) (remote, error) {
	at := core.ParseMongoAddress(s.URI)
	s.URI = at.String()
	all := a.settings.Current()
	all.OrderBook = s
	for _, p := range settings.Check(all) {
		if strings.HasPrefix(p.Name, "order_book.") {
			return nil, core.NewError(core.CodeInvalid, "app.book", p.Message, nil)
		}
	}
	switch {
	case !at.Password.IsZero():
		password = &at.Password
	case password == nil:
		stored, err := a.bookPassword(ctx, s.URI)
		if err != nil {
			return nil, err
		}
		password = &stored
	}
	return a.openRemote(s, *password)
}

func (a *App) testEmbedded(ctx context.Context) (core.BookReport, error) {
	book, db, closeBook, err := a.embedded(ctx)
	if err != nil {
		return core.BookReport{}, err
	}
	started := a.now()
	counts, err := book.Counts(ctx)
	report := core.BookReport{
		Server: "the file " + db.Path(), Version: "SQLite", Latency: a.now().Sub(started),
		Orders: counts.Orders, Clients: counts.Clients,
	}
	f := core.Finding{Check: "order book", OK: true, Message: "sound"}
	if err == nil {
		if broken := db.IntegrityCheck(ctx); broken != nil {
			f.OK, f.Message = false, core.ErrorMessage(broken)
		}
	}
	report.Findings = []core.Finding{f}
	return report, joinErrors(err, closeBook())
}

// embedded opens the embedded book beside the one in use.
func (a *App) embedded(ctx context.Context) (*store.Book, *store.DB, func() error, error) {
	db, err := store.Open(ctx, a.bookFile(), store.KindBook)
	if err != nil {
		return nil, nil, nil, err
	}
	return store.NewBook(db), db, db.Close, nil
}

// CreateBookIndexes makes the indexes that are missing in the order database in use.
func (a *App) CreateBookIndexes(ctx context.Context, p *core.Progress) error {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	o := a.book.now()
	if o.remote == nil {
		return core.NewError(core.CodeConflict, "app.indexes", "The orders are in a file of the data folder, which has its indexes. Nothing was changed.", nil)
	}
	b, err := o.remote.server(ctx)
	if err != nil {
		return err
	}
	if err := b.CreateIndexes(ctx, p); err != nil {
		return err
	}
	a.log.Info("indexes made in the order database", "place", o.place.name)
	a.bus.Publish(core.StatusChanged{})
	return nil
}

// BookPlace says where the orders are, for people.
func (a *App) BookPlace() string { return a.book.now().place.name }
