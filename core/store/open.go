// Package store keeps everything on this machine in three SQLite files of the data folder:
// the order book (orders, customers, clients, imports), the ticket pool (tickets, their events
// and texts) and the desk (rules, what was alerted, the outbox, settings, what people said of
// tickets). Three files, so that a long import never blocks the outbox, the order book can
// later live elsewhere, and tickets can be fetched again without touching a person's word.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"deskwatch/core"
)

// Kind says which of the three files a DB is.
type Kind string

// The three files. The value is the name of the folder of their migrations.
const (
	KindBook Kind = "book" // orders.db
	KindDesk Kind = "desk" // deskwatch.db
	KindPool Kind = "pool" // tickets.db
)

// The names of the three files in the data folder.
const (
	BookFile = "orders.db"
	DeskFile = "deskwatch.db"
	PoolFile = "tickets.db"
)

// kindInfo is what makes one file different from the other.
type kindInfo struct {
	people      string // what people call it
	application int64  // PRAGMA application_id, so that one file is never taken for the other
	synchronous string
}

func (k Kind) info() kindInfo {
	switch k {
	case KindBook:
		// NORMAL syncs at checkpoints: a killed process loses nothing, a power cut at most the
		// last commits, never the integrity. An import ends with a checkpoint and is durable
		// then; whatever else is lost can be imported again.
		return kindInfo{"order book", 0x4457_4f42, "normal"}
	case KindPool:
		// NORMAL here too: a source can be asked again for what a power cut took.
		return kindInfo{"ticket pool", 0x4457_5450, "normal"}
	}
	// FULL syncs every commit: a mail that went out must not be forgotten, not even by a
	// power cut, or it would go out twice.
	return kindInfo{"data", 0x4457_4445, "full"}
}

// busyWait is how long a statement waits for another process's lock.
const busyWait = 5 * time.Second

// readers is how many queries run at once; each has its own connection and page cache.
const readers = 4

// readerIdle is how long a connection for queries is kept that nobody uses: its page cache takes
// up to 2 MB, in each of three files.
const readerIdle = 20 * time.Second

// DB is one open SQLite file: a single writing connection and a few that only read.
type DB struct {
	path   string
	kind   Kind
	writer *gorm.DB
	reader *gorm.DB
	wsql   *sql.DB
	rsql   *sql.DB
}

// Open opens the file at path, making it when it is not there, and brings its schema up to
// date. Several processes may do so at once. A file written by a newer program fails with
// core.CodeNewer, one that is something else with core.CodeInvalid, and one that cannot be
// read or written with core.CodeDenied.
func Open(ctx context.Context, path string, kind Kind) (*DB, error) {
	const op = "store.open"
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, core.NewError(core.CodeInvalid, op, fmt.Sprintf("%s is not a usable path.", path), err)
	}
	if st, err := os.Stat(filepath.Dir(abs)); err != nil || !st.IsDir() {
		return nil, core.NewError(core.CodeDenied, op, fmt.Sprintf("The folder %s cannot be used. Make it, or choose another data folder.", filepath.Dir(abs)), err)
	}
	d := &DB{path: abs, kind: kind}
	if err := makePrivate(abs); err != nil {
		return nil, core.NewError(core.CodeDenied, op, fmt.Sprintf("%s cannot be opened for writing. Check the permissions of %s, or choose another data folder.", abs, filepath.Dir(abs)), err)
	}
	if err := d.open(ctx); err != nil {
		_ = d.Close() // the first failure is the one to tell
		return nil, openFault(ctx, abs, kind, err)
	}
	return d, nil
}

// makePrivate makes a file that is not there yet the owner's alone: SQLite would let everybody
// read it, and its journals have the permissions of the file. One that is there stays as it is.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func (d *DB) open(ctx context.Context) error {
	sync := d.kind.info().synchronous
	var err error
	d.wsql, err = sql.Open(sqlite.DriverName, dsn(d.path, url.Values{
		"_pragma": {busyPragma(), "journal_mode(WAL)", "foreign_keys(1)", "synchronous(" + sync + ")", "journal_size_limit(4194304)"},
		"_txlock": {"immediate"},
	}))
	if err != nil {
		return err
	}
	d.wsql.SetMaxOpenConns(1)
	if err := d.connect(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, d.wsql, d.kind); err != nil {
		return err
	}
	if d.rsql, err = d.openReader(); err != nil {
		return err
	}
	d.rsql.SetMaxOpenConns(readers)
	d.rsql.SetMaxIdleConns(readers)
	d.rsql.SetConnMaxIdleTime(readerIdle)
	if d.writer, err = gormOver(d.wsql); err != nil {
		return err
	}
	d.reader, err = gormOver(d.rsql)
	return err
}

func (d *DB) openReader() (*sql.DB, error) {
	return sql.Open(sqlite.DriverName, dsn(d.path, url.Values{
		"mode":    {"ro"},
		"_pragma": {busyPragma(), "foreign_keys(1)", "query_only(1)"},
	}))
}

// connect makes the writing connection. SQLite does not wait for a lock while it turns a
// new file into WAL mode, so that two processes that start at once would fail: try again.
func (d *DB) connect(ctx context.Context) error {
	deadline := time.Now().Add(busyWait)
	for {
		err := d.wsql.PingContext(ctx)
		if !isBusy(err) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Writer is the handle for changes: one connection, so changes queue up behind each other.
// Its transactions begin immediate and never fail half-way for want of the lock.
func (d *DB) Writer() *gorm.DB { return d.writer }

// Reader is the handle for queries. It sees what is committed and never waits for a writer.
func (d *DB) Reader() *gorm.DB { return d.reader }

// Path is the absolute path of the file.
func (d *DB) Path() string { return d.path }

// Close ends all connections. The last one to close folds the log file into the database.
func (d *DB) Close() error {
	var errs []error
	for _, s := range []*sql.DB{d.rsql, d.wsql} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

// IntegrityCheck reads the whole file and fails with core.CodeInvalid when it is damaged.
func (d *DB) IntegrityCheck(ctx context.Context) error {
	const op = "store.check"
	if err := d.rsql.PingContext(ctx); err != nil {
		return fault(op, "", err) // closed: a fresh connection would not tell
	}
	// On a connection that has checked before, SQLite takes the word index of the tickets for
	// damaged when it was written to meanwhile: it goes by the segments it saw then.
	fresh, err := d.openReader()
	if err != nil {
		return fault(op, "", err)
	}
	defer fresh.Close()
	fresh.SetMaxOpenConns(1)
	var found string
	if err := fresh.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return fault(op, "", err)
	}
	broken := 0
	if err := fresh.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil {
		return fault(op, "", err)
	}
	if found == "ok" && broken == 0 {
		return nil
	}
	return core.NewError(core.CodeInvalid, op, fmt.Sprintf("The %s in %s is damaged. Restore the file from a backup.", d.kind.info().people, d.path),
		fmt.Errorf("integrity check: %s; %d broken references", found, broken))
}

func busyPragma() string { return fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()) }

// dsn is the file's URI; SQLite itself undoes the escapes of the path.
func dsn(path string, options url.Values) string {
	p := filepath.ToSlash(path)
	if p[0] != '/' {
		p = "/" + p // C:/… is /C:/… in a URI
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: options.Encode()}
	return u.String()
}

func gormOver(conn *sql.DB) (*gorm.DB, error) {
	return gorm.Open(&sqlite.Dialector{Conn: conn}, &gorm.Config{
		SkipDefaultTransaction: true,
		// The driver parses a statement anew each time, so keeping prepared ones gains nothing.
		PrepareStmt: false,
		// Errors are returned and logged once, where they are handled.
		Logger: logger.Discard,
	})
}
