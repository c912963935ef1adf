package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"

	"deskwatch/core"
	"deskwatch/core/tickets"
)

// Pool is the ticket pool in SQLite. Texts are bounded: a subject to 1,000 bytes, a
// description to 32 KiB, everything else but the id to 250 bytes; what is longer is cut.
type Pool struct {
	db *DB
	// busy holds a token while this process changes the pool; the write lock of the file keeps
	// other processes out.
	busy chan struct{}
}

var _ tickets.Pool = (*Pool)(nil)

// NewPool returns the ticket pool in db, which is of KindPool and stays the caller's to close.
func NewPool(db *DB) *Pool { return &Pool{db: db, busy: make(chan struct{}, 1)} }

// newestRevision is the highest revision, told from the ends of three indexes. Names never
// change, so that the last has the newest.
const newestRevision = `max(coalesce((SELECT max(rev) FROM tickets), 0), coalesce((SELECT max(rev) FROM customers), 0),
	coalesce((SELECT rev FROM names ORDER BY no DESC LIMIT 1), 0))`

// Revision is the highest revision.
func (p *Pool) Revision(ctx context.Context) (int64, error) {
	return p.number(ctx, "store.pool revision", "SELECT "+newestRevision)
}

// number answers a query of one number.
func (p *Pool) number(ctx context.Context, op, query string, args ...any) (n int64, err error) {
	err = p.db.rsql.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, fault(op, "", err)
}

// list runs a query and calls scan for each row.
func (p *Pool) list(ctx context.Context, op string, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := p.db.rsql.QueryContext(ctx, query, args...)
	if err != nil {
		return fault(op, "", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fault(op, "", err)
		}
	}
	return fault(op, "", rows.Err())
}

// reading runs do over a bulk connection that only reads, in one transaction.
func (p *Pool) reading(ctx context.Context, op string, do func(c *bulkConn) error) error {
	return p.db.reading(ctx, op, do)
}

// Customers lists the customers that changed after a revision.
func (p *Pool) Customers(ctx context.Context, after int64) ([]tickets.CustomerFact, error) {
	var list []tickets.CustomerFact
	err := p.reading(ctx, "store.customers", func(c *bulkConn) error {
		s, err := c.prepare("SELECT no, rev, source, key, name, email FROM customers" + changedAfter(after) + " ORDER BY no")
		if err != nil {
			return err
		}
		names, err := newNameReader(c)
		if err != nil {
			return err
		}
		return s.each(func() error {
			source, err := names.textOf(s.int(2))
			list = append(list, tickets.CustomerFact{
				TicketCustomer: core.TicketCustomer{No: uint32(s.int(0)), Key: core.CustomerKey{Source: source, ID: s.str(3)}, Name: s.str(4), Email: s.str(5)},
				Rev:            s.int(1),
			})
			return err
		}, after)
	})
	return list, err
}

// Names lists the names that came after a revision.
func (p *Pool) Names(ctx context.Context, after int64) ([]tickets.Name, error) {
	var list []tickets.Name
	err := p.reading(ctx, "store.names", func(c *bulkConn) error {
		s, err := c.prepare("SELECT no, text FROM names WHERE rev > ? ORDER BY no")
		if err != nil {
			return err
		}
		return s.each(func() error {
			list = append(list, tickets.Name{No: uint32(s.int(0)), Text: s.str(1)})
			return nil
		}, after)
	})
	return list, err
}

// Match finds words.
func (p *Pool) Match(ctx context.Context, match string, after uint32, each func(no uint32)) error {
	const op = "store.match"
	return p.reading(ctx, op, func(c *bulkConn) error {
		s, err := c.prepare("SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? ORDER BY rowid")
		if err != nil {
			return err
		}
		err = s.each(func() error { each(uint32(s.int(0))); return nil }, match, int64(after))
		if resultCode(err) == sqlite3.SQLITE_ERROR { // nothing else about this statement can be wrong
			return core.NewError(core.CodeInvalid, op, fmt.Sprintf("%s is not a search the tickets understand. Put the words in quotation marks.", match), err)
		}
		return err
	})
}

// CountBySource counts the tickets of every source.
func (p *Pool) CountBySource(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	err := p.list(ctx, "store.count tickets", func(rows *sql.Rows) error {
		var name string
		var n int64
		err := rows.Scan(&name, &n)
		counts[name] = n
		return err
	}, "SELECT n.text, s.tickets FROM sources s JOIN names n ON n.no = s.name")
	return counts, err
}

// Nos returns the numbers of keys.
func (p *Pool) Nos(ctx context.Context, keys []core.TicketKey) (map[core.TicketKey]uint32, error) {
	const op = "store.ticket numbers"
	param, err := json.Marshal(keys)
	if err != nil {
		return nil, fault(op, "", err)
	}
	found := make(map[core.TicketKey]uint32, len(keys))
	err = p.list(ctx, op, func(rows *sql.Rows) error {
		var i int
		var no uint32
		err := rows.Scan(&i, &no)
		if err == nil {
			found[keys[i]] = no
		}
		return err
	}, `SELECT j.key, t.no FROM json_each(?) j JOIN names n ON n.text = j.value ->> 'source'
		JOIN tickets t ON t.source = n.no AND t.id = j.value ->> 'id'`, string(param))
	return found, err
}
