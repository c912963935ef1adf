package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"deskwatch/core"
	"deskwatch/core/mongostore"
	"deskwatch/core/orders"
	"deskwatch/core/settings"
	"deskwatch/core/store"
)

// place says which orders a book holds, and what they mean: two books with the same one have
// the same breaches.
type place struct {
	kind core.OrderBookKind
	name string // for people: the database and its server, or the file
	mark string // what tells it from other places
}

// bookFile is the file of the embedded book.
func (a *App) bookFile() string { return filepath.Join(a.dataDir, store.BookFile) }

// placeOf is where the settings say the orders are.
func (a *App) placeOf(s core.Settings) place {
	b := s.OrderBook
	if b.Kind != core.BookMongoDB {
		return place{core.BookSQLite, a.bookFile(), string(core.BookSQLite)}
	}
	hosts := strings.ToLower(strings.Join(core.ParseMongoAddress(b.URI).Hosts, ","))
	servers := strings.Split(hosts, ",")
	slices.Sort(servers)
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", append(servers, b.Database, b.Orders, b.OrderID, b.Date, b.Status, b.Customer)))
	return place{core.BookMongoDB, b.Database + " at " + hosts, "mongodb " + hex.EncodeToString(sum[:12])}
}

// override is what Config.OrdersURI says, for this process only.
type override struct {
	uri      string // without its password; "" for no override
	database string
	password core.Secret
}

func readOverride(uri core.Secret) (override, error) {
	if uri.IsZero() {
		return override{}, nil
	}
	at := core.ParseMongoAddress(uri.Reveal())
	o := override{uri: at.String(), database: at.Database, password: at.Password}
	if why := settings.CheckOrdersURI(o.uri); why != "" {
		return o, core.NewError(core.CodeInvalid, "app.book", "The order book given for this run cannot be used. "+why, nil)
	}
	return o, nil
}

// over lays the override over the settings of the order book.
func (o override) over(s core.OrderBookSettings) core.OrderBookSettings {
	if o.uri == "" {
		return s
	}
	s.Kind, s.URI = core.BookMongoDB, o.uri
	if o.database != "" {
		s.Database = o.database
	}
	return s
}

// bookSettings are the settings with the order book of this process in them.
func (a *App) bookSettings(s core.Settings) core.Settings {
	s.OrderBook = a.override.over(s.OrderBook)
	return s
}

// bookPassword is the password for the address: the one that came with it for this run, or the
// stored one. The stored one goes to no other server than the settings'.
func (a *App) bookPassword(ctx context.Context, uri string) (core.Secret, error) {
	if a.override.uri != "" && uri == a.override.uri && (!a.override.password.IsZero() || !a.storedLogin(uri)) {
		return a.override.password, nil
	}
	if core.ParseMongoAddress(uri).User == "" {
		return core.Secret{}, nil // the vault is not asked for what is not needed
	}
	password, _, err := a.vault.Get(ctx, core.SecretOrderBook)
	return password, err
}

// storedLogin reports whether the stored password is for the user and the servers of uri.
func (a *App) storedLogin(uri string) bool {
	return core.ParseMongoAddress(uri).SameLogin(core.ParseMongoAddress(a.settings.Current().OrderBook.URI))
}

// openMongo opens the book on a server.
func (a *App) openMongo(s core.OrderBookSettings, password core.Secret) (remote, error) {
	book, err := mongostore.Open(mongostore.Options{
		Settings: s, Password: password, Owner: owner(), Now: a.now, Log: a.log,
		Vocabulary: func() *orders.Vocabulary { return orders.NewVocabulary(a.settings.Current().Orders.Statuses, nil) },
		Identities: func() *orders.Identities {
			list, err := orders.NewIdentities(a.settings.Current().Orders.CustomerPatterns)
			if err != nil { // settings in force were checked; with none the default ones compile
				list, _ = orders.NewIdentities(nil)
			}
			return list
		},
	})
	if err != nil {
		return nil, err
	}
	return book, nil
}

// owner names this process to the others that share a database.
func owner() string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed machine"
	}
	return fmt.Sprintf("%s on %s (process %d)", name, host, os.Getpid())
}

// prepare makes the book of the settings ready to be used. The embedded file is opened, a server
// is not asked anything yet.
func (a *App) prepare(ctx context.Context, s core.Settings) (*openBook, error) {
	p := a.placeOf(s)
	if p.kind == core.BookSQLite {
		db, err := store.Open(ctx, p.name, store.KindBook)
		if err != nil {
			return nil, err
		}
		book := store.NewBook(db)
		get := func(context.Context) (orders.OrderBook, error) { return book, nil }
		return &openBook{place: p, get: get, close: db.Close, check: db.IntegrityCheck}, nil
	}
	b := s.OrderBook
	r := newRemoteBook(a.now, func(ctx context.Context) (remote, error) {
		password, err := a.bookPassword(ctx, b.URI)
		if err != nil {
			return nil, err
		}
		return a.openRemote(b, password)
	})
	r.changed = func(err error) { a.bookTurned(r, p, err) }
	r.failed = func() { a.pingSoon(r) }
	r.cleared = func(err error) {
		if err != nil && !away(err) { // of an outage it is told elsewhere
			a.log.Warn("what an import that was cut off left in the order database was not cleared up; that is tried again", "err", err)
		}
	}
	return &openBook{place: p, get: r.get, close: r.close, remote: r}, nil
}
