package store

import (
	"context"
	"fmt"
	"net/url"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// bulkConn is a connection straight to the SQLite library under the driver. The driver
// parses a statement anew at each execution and looks every parameter up by walking all of
// them, which makes an import of a million rows five times as long. This one keeps its
// statements, and copies text once. It serves one goroutine at a time, interrupt excepted.
type bulkConn struct {
	tls   *libc.TLS
	db    uintptr
	stmts []*bulkStmt
}

// bulkError is a failure of the library, with its extended result code.
type bulkError struct {
	code int
	text string
}

func (e *bulkError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

// Code is the extended result code; fault reads it.
func (e *bulkError) Code() int { return e.code }

// openBulk opens path, which exists, with the given pragmas.
func openBulk(path string, pragmas ...string) (_ *bulkConn, err error) {
	c := &bulkConn{tls: libc.NewTLS()}
	defer func() {
		if err != nil {
			_ = c.close() // the failure to open is the one to tell
		}
	}()
	name, err := libc.CString(dsn(path, url.Values{"mode": {"rw"}}))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, name)
	handle := libc.Xcalloc(c.tls, 1, 8)
	if handle == 0 {
		return nil, &bulkError{sqlite3.SQLITE_NOMEM, "out of memory"}
	}
	defer libc.Xfree(c.tls, handle)
	// One goroutine at a time uses the connection, so it needs no mutex of its own.
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, handle, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_URI|sqlite3.SQLITE_OPEN_NOMUTEX, 0)
	c.db = *(*uintptr)(pointer(handle))
	if rc != sqlite3.SQLITE_OK {
		return nil, c.err(rc)
	}
	sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	for _, p := range append([]string{busyPragma()}, pragmas...) {
		if err := c.exec("PRAGMA " + p); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *bulkConn) err(rc int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc))
	if c.db != 0 {
		rc = sqlite3.Xsqlite3_extended_errcode(c.tls, c.db)
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))
	}
	return &bulkError{int(rc), text}
}

// close frees everything; an open transaction is rolled back.
func (c *bulkConn) close() error {
	for _, s := range c.stmts {
		s.finalize()
	}
	c.stmts = nil
	var err error
	if c.db != 0 {
		if rc := sqlite3.Xsqlite3_close(c.tls, c.db); rc != sqlite3.SQLITE_OK {
			err = c.err(rc)
		}
		c.db = 0
	}
	c.tls.Close()
	return err
}

// exec runs statements that take nothing and whose rows nobody wants.
func (c *bulkConn) exec(text string) error {
	p, err := libc.CString(text)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, p)
	if rc := sqlite3.Xsqlite3_exec(c.tls, c.db, p, 0, 0, 0); rc != sqlite3.SQLITE_OK {
		return c.err(rc)
	}
	return nil
}

// interruptible runs do and interrupts the library when ctx ends meanwhile; the error is
// then that of ctx.
func (c *bulkConn) interruptible(ctx context.Context, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	left := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(left)
		tls := libc.NewTLS()
		defer tls.Close()
		sqlite3.Xsqlite3_interrupt(tls, c.db)
	})
	err := do()
	if !stop() {
		<-left // never interrupt a later call, or a closed connection
		if err != nil {
			return ctx.Err()
		}
	}
	return err
}

// reading runs do over a bulk connection that only reads, in one transaction.
func (d *DB) reading(ctx context.Context, op string, do func(c *bulkConn) error) (err error) {
	return d.over(ctx, op, "BEGIN", do, "query_only=1", "cache_size=-8192")
}

// changing runs do over a bulk connection in one transaction, which is kept when do succeeds. It
// waits for other writers as everybody does, and is for what is short: they wait meanwhile.
func (d *DB) changing(ctx context.Context, op string, do func(c *bulkConn) error) error {
	return d.over(ctx, op, "BEGIN IMMEDIATE", func(c *bulkConn) error {
		if err := do(c); err != nil {
			return err
		}
		return c.exec("COMMIT")
	}, "foreign_keys=1", "synchronous="+d.kind.info().synchronous, "cache_size=-8192", "journal_size_limit=4194304")
}

func (d *DB) over(ctx context.Context, op, begin string, do func(c *bulkConn) error, pragmas ...string) (err error) {
	c, err := openBulk(d.path, pragmas...)
	if err != nil {
		return fault(op, "", err)
	}
	defer func() {
		if shut := c.close(); err == nil {
			err = fault(op, "", shut)
		}
	}()
	return fault(op, "", c.interruptible(ctx, func() error {
		if err := c.exec(begin); err != nil {
			return err
		}
		return do(c)
	}))
}

// bulkStmt is a prepared statement; it lives until its connection closes.
type bulkStmt struct {
	c    *bulkConn
	p    uintptr
	text []textBuffer // one per parameter
}

type textBuffer struct {
	p    uintptr
	size int
}

func (c *bulkConn) prepare(text string) (*bulkStmt, error) {
	z, err := libc.CString(text)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, z)
	handle := libc.Xcalloc(c.tls, 1, 8)
	if handle == 0 {
		return nil, &bulkError{sqlite3.SQLITE_NOMEM, "out of memory"}
	}
	defer libc.Xfree(c.tls, handle)
	if rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, z, -1, sqlite3.SQLITE_PREPARE_PERSISTENT, handle, 0); rc != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("%w in %q", c.err(rc), text)
	}
	s := &bulkStmt{c: c, p: *(*uintptr)(pointer(handle))}
	s.text = make([]textBuffer, sqlite3.Xsqlite3_bind_parameter_count(c.tls, s.p))
	c.stmts = append(c.stmts, s)
	return s, nil
}

func (s *bulkStmt) finalize() {
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p) // repeats the error of the last step, told already
	for _, b := range s.text {
		libc.Xfree(s.c.tls, b.p)
	}
	s.text = nil
}

// bind sets parameters 1, 2, … to int64, float64, string or nil values.
func (s *bulkStmt) bind(values ...any) error {
	for i, v := range values {
		var err error
		switch x := v.(type) {
		case int64:
			err = s.bindInt(i+1, x)
		case float64:
			err = s.bindFloat(i+1, x)
		case string:
			err = s.bindText(i+1, x)
		case nil:
			err = s.bindNull(i + 1)
		default:
			err = fmt.Errorf("a %T cannot be bound", v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *bulkStmt) bindInt(i int, v int64) error {
	if rc := sqlite3.Xsqlite3_bind_int64(s.c.tls, s.p, int32(i), v); rc != sqlite3.SQLITE_OK {
		return s.c.err(rc)
	}
	return nil
}

func (s *bulkStmt) bindFloat(i int, v float64) error {
	if rc := sqlite3.Xsqlite3_bind_double(s.c.tls, s.p, int32(i), v); rc != sqlite3.SQLITE_OK {
		return s.c.err(rc)
	}
	return nil
}

func (s *bulkStmt) bindNull(i int) error {
	if rc := sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, int32(i)); rc != sqlite3.SQLITE_OK {
		return s.c.err(rc)
	}
	return nil
}

// bindText copies v into the parameter's own buffer, which SQLite reads in place.
func (s *bulkStmt) bindText(i int, v string) error {
	b := &s.text[i-1]
	if b.size < len(v)+1 {
		size := max(64, 2*len(v))
		p := libc.Xrealloc(s.c.tls, b.p, libc.Tsize_t(size))
		if p == 0 {
			return &bulkError{sqlite3.SQLITE_NOMEM, "out of memory"}
		}
		b.p, b.size = p, size
	}
	copy(unsafe.Slice((*byte)(pointer(b.p)), b.size), v)
	if rc := sqlite3.Xsqlite3_bind_text(s.c.tls, s.p, int32(i), b.p, int32(len(v)), 0); rc != sqlite3.SQLITE_OK {
		return s.c.err(rc)
	}
	return nil
}

// step goes on to the next row; false at the end, with the statement reset for the next use.
func (s *bulkStmt) step() (row bool, err error) {
	switch rc := sqlite3.Xsqlite3_step(s.c.tls, s.p); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		sqlite3.Xsqlite3_reset(s.c.tls, s.p)
		return false, nil
	default:
		err := s.c.err(rc)
		sqlite3.Xsqlite3_reset(s.c.tls, s.p)
		return false, err
	}
}

// reset ends a statement before its last row.
func (s *bulkStmt) reset() { sqlite3.Xsqlite3_reset(s.c.tls, s.p) }

// run binds values and steps to the end.
func (s *bulkStmt) run(values ...any) error {
	if err := s.bind(values...); err != nil {
		return err
	}
	for {
		if row, err := s.step(); !row || err != nil {
			return err
		}
	}
}

// one binds values and returns the first column of the first row, 0 without a row.
func (s *bulkStmt) one(values ...any) (int64, error) {
	if err := s.bind(values...); err != nil {
		return 0, err
	}
	row, err := s.step()
	if !row || err != nil {
		return 0, err
	}
	defer s.reset()
	return s.int(0), nil
}

// each binds values and calls f for every row.
func (s *bulkStmt) each(f func() error, values ...any) error {
	if err := s.bind(values...); err != nil {
		return err
	}
	for {
		row, err := s.step()
		if !row || err != nil {
			return err
		}
		if err := f(); err != nil {
			s.reset()
			return err
		}
	}
}

func (s *bulkStmt) isNull(col int) bool {
	return sqlite3.Xsqlite3_column_type(s.c.tls, s.p, int32(col)) == sqlite3.SQLITE_NULL
}

func (s *bulkStmt) int(col int) int64 { return sqlite3.Xsqlite3_column_int64(s.c.tls, s.p, int32(col)) }

func (s *bulkStmt) float(col int) float64 {
	return sqlite3.Xsqlite3_column_double(s.c.tls, s.p, int32(col))
}

func (s *bulkStmt) str(col int) string { return string(s.bytes(col)) }

// bytes is a text in place, until the next step.
func (s *bulkStmt) bytes(col int) []byte {
	p := sqlite3.Xsqlite3_column_text(s.c.tls, s.p, int32(col))
	n := sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, int32(col))
	if p == 0 || n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(p)), n)
}

// lastID is the row number of the last row inserted.
func (c *bulkConn) lastID() int64 { return sqlite3.Xsqlite3_last_insert_rowid(c.tls, c.db) }

// query runs one statement once and returns the first column of its first row, 0 without.
func (c *bulkConn) query(text string, values ...any) (int64, error) {
	s, err := c.prepare(text)
	if err != nil {
		return 0, err
	}
	n, err := s.one(values...)
	c.discard(s)
	return n, err
}

// discard frees a statement that was the last one prepared.
func (c *bulkConn) discard(s *bulkStmt) {
	s.finalize()
	c.stmts = c.stmts[:len(c.stmts)-1]
}

// pointer is the library's address p as Go sees it; it is memory the Go runtime does not manage.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }
